//! What was sent, by the quota it counts against.

use std::sync::atomic::{AtomicU64, Ordering};

/// Which of a day's quotas a request counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// A call of the API.
    Call,
    /// A request for bytes.
    Bytes,
    /// Signing in, and everything of the Picker: no daily quota counts it.
    Uncounted,
}

/// How many requests were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Calls of the API.
    pub calls: u64,
    /// Requests for bytes.
    pub bytes: u64,
}

/// Counts requests as they are sent.
#[derive(Debug, Default)]
pub(super) struct Meter {
    calls: AtomicU64,
    bytes: AtomicU64,
}

impl Meter {
    pub(super) fn count(&self, traffic: Traffic) {
        let counter = match traffic {
            Traffic::Call => &self.calls,
            Traffic::Bytes => &self.bytes,
            Traffic::Uncounted => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// What was sent since this was asked the last time.
    pub(super) fn take(&self) -> Sent {
        Sent {
            calls: self.calls.swap(0, Ordering::Relaxed),
            bytes: self.bytes.swap(0, Ordering::Relaxed),
        }
    }
}
