//! The server's own time: real time plus whatever a test let pass at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    skipped: AtomicU64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            skipped: AtomicU64::new(0),
        }
    }

    /// Milliseconds since the server started.
    pub(crate) fn now(&self) -> u64 {
        millis(self.started.elapsed()) + self.skipped.load(Ordering::Relaxed)
    }

    pub(crate) fn skip(&self, time: Duration) {
        self.skipped.fetch_add(millis(time), Ordering::Relaxed);
    }
}

/// Whole milliseconds; a time too long to count counts as for ever.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX / 4)
}
