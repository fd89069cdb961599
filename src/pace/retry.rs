//! The only retry loop of the program.

use std::future::Future;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::source::{Disposition, SourceError};

/// An error that knows whether another attempt makes sense.
pub trait Classify {
    /// What follows from the error.
    fn disposition(&self) -> Disposition;
}

impl Classify for SourceError {
    fn disposition(&self) -> Disposition {
        Self::disposition(self)
    }
}

/// How often to try.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Attempts that count, the first included.
    pub attempts: NonZeroU32,
    /// The wait before the second attempt; it doubles from there. Pauses of the host come on top.
    pub first_delay: Duration,
}

impl Default for RetryPolicy {
    /// Five attempts from 200 ms: a reset connection is tried again at once, and a host in trouble has its own,
    /// longer pause.
    fn default() -> Self {
        Self {
            attempts: NonZeroU32::MIN.saturating_add(4),
            first_delay: Duration::from_millis(200),
        }
    }
}

/// Tries `operation` until it succeeds, gives a final error, or the attempts are used up.
///
/// An error that says [`Disposition::Wait`] does not count: the host's pause is waited out before the next send,
/// inside the operation. `on_retry` hears the attempt's number from 1, the delay, and the error.
///
/// # Errors
/// The last error.
pub async fn retry<T, E, F>(
    policy: RetryPolicy,
    mut operation: impl FnMut() -> F,
    mut on_retry: impl FnMut(u32, Duration, &E),
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: Classify,
{
    let mut attempt = 1;
    loop {
        let error = match operation().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let delay = match error.disposition() {
            Disposition::Wait => Duration::ZERO,
            Disposition::Retry if attempt < policy.attempts.get() => {
                policy.first_delay.saturating_mul(1 << (attempt - 1).min(16))
            }
            _ => return Err(error),
        };
        on_retry(attempt, delay, &error);
        attempt += u32::from(error.disposition() == Disposition::Retry);
        tokio::time::sleep(delay).await;
    }
}
