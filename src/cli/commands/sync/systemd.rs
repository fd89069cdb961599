//! The word with systemd, for units of `Type=notify`: ready, what it is doing, still alive. Elsewhere all of this
//! does nothing.

use std::time::Duration;

use sd_notify::NotifyState;

/// A watchdog is answered twice within its time limit, as its manual advises.
const ANSWERS: u32 = 2;

/// Tells that the run has begun.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready, NotifyState::Status("syncing")]);
}

/// Tells that the run is over.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Tells the watchdog that the program lives, for as long as this is polled. Never ends.
pub(crate) async fn stay_alive() {
    match sd_notify::watchdog_enabled() {
        Some(limit) => answer_every(limit / ANSWERS).await,
        None => std::future::pending().await,
    }
}

async fn answer_every(pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(states: &[NotifyState<'_>]) {
    // A manager that does not listen is none of the backup's business.
    drop(sd_notify::notify(states));
}
