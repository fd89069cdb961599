//! Time since a run began.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::Instant;

/// Stands at zero until the run begins: signing in may come before, and its questions want a quiet screen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopwatch(Arc<OnceLock<Instant>>);

impl Stopwatch {
    /// Starts it; later calls change nothing.
    pub(crate) fn start(&self) {
        self.0.get_or_init(Instant::now);
    }

    /// Has the run begun?
    pub(crate) fn is_running(&self) -> bool {
        self.0.get().is_some()
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.get().map_or(Duration::ZERO, Instant::elapsed)
    }
}
