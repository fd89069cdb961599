//! What a pace is made from.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::backoff::BackoffOptions;
use super::window::Window;
use crate::report::Reporter;
use crate::shutdown::Shutdown;

/// What to do when a day's quota is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnQuota {
    /// Sleep until it is full again.
    Wait,
    /// End the run; it is safe to run again.
    Exit,
}

/// What a [`Pace`](super::Pace) is made from.
pub struct PaceOptions {
    /// How many transfers may be in flight.
    pub window: Window,
    /// How long pauses are.
    pub backoff: BackoffOptions,
    /// What to do when a day's quota is used up.
    pub on_quota: OnQuota,
    /// Who hears of pauses.
    pub reporter: Arc<dyn Reporter>,
    /// Who may end a pause early, by ending the run.
    pub shutdown: Shutdown,
    /// The wall time, by which quotas reset.
    pub clock: fn() -> DateTime<Utc>,
}

impl fmt::Debug for PaceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaceOptions")
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
