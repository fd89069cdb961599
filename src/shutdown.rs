//! Stopping in stages: drain (finish what is in flight), then abort (drop it). The only file that knows signals.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// What is in flight when the user asks to stop is given up after this long.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Two stages of stopping, shared by everybody who must know.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    drain: CancellationToken,
    abort: CancellationToken,
}

impl Shutdown {
    /// Nobody stops this but its holder.
    pub fn manual() -> Self {
        Self::default()
    }

    /// Listens to the terminal and the system: the first signal drains, the second aborts.
    /// Must be called within a runtime.
    ///
    /// # Errors
    /// When no signal handler can be installed.
    pub fn on_signals() -> std::io::Result<Self> {
        let shutdown = Self::default();
        let mut signals = Signals::listen()?;
        let told = shutdown.clone();
        tokio::task::spawn(async move {
            signals.next().await;
            told.drain();
            signals.next().await;
            told.abort();
        });
        Ok(shutdown)
    }

    /// Asks to begin nothing new.
    pub fn drain(&self) {
        self.drain.cancel();
    }

    /// Asks to drop what is in flight.
    pub fn abort(&self) {
        self.drain.cancel();
        self.abort.cancel();
    }

    /// Whether nothing new may begin.
    pub fn is_draining(&self) -> bool {
        self.drain.is_cancelled()
    }

    /// Waits until nothing new may begin.
    pub async fn draining(&self) {
        self.drain.cancelled().await;
    }

    /// Waits until everything must be dropped.
    pub async fn aborting(&self) {
        self.abort.cancelled().await;
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without a console there is nobody to interrupt.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
