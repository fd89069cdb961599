//! The daily quota across runs: what earlier runs of the day used, what this one uses, and a word before it runs out.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Local, Utc};

use crate::library::LibraryError;
use crate::library::disk::DiskLibrary;
use crate::library::index::QuotaUse;
use crate::pace::{Pace, quota_day};
use crate::report::{Event, Reporter, numbers};

/// Library API calls of a Cloud project per day. Source: Google's page of API limits and quotas.
pub(crate) const CALLS_PER_DAY: u64 = 10_000;

/// Requests for bytes of a Cloud project per day. Source: the same.
pub(crate) const BYTES_PER_DAY: u64 = 75_000;

/// What was sent is written down this often; a crash forgets at most so much.
const WRITE_EVERY: Duration = Duration::from_secs(10);

/// The user is warned when less than a tenth is left.
const WARN_BELOW: u64 = 10;

/// Keeps the book of one client during a run.
pub(crate) struct QuotaBook {
    client: String,
    library: Arc<DiskLibrary>,
    pace: Arc<Pace>,
    reporter: Arc<dyn Reporter>,
}

impl QuotaBook {
    /// Opens the book. If Google said earlier today that the quota is used up, nothing is sent before it is full
    /// again.
    pub(crate) async fn open(
        client: &str,
        library: Arc<DiskLibrary>,
        pace: Arc<Pace>,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Self, LibraryError> {
        let book = Self {
            client: client.to_owned(),
            library,
            pace,
            reporter,
        };
        let now = Utc::now();
        if book
            .library
            .quota_used(client, quota_day::day_of(now))
            .await?
            .spent
        {
            book.pace.begin_spent();
        }
        Ok(book)
    }

    /// Writes down what is sent, for as long as it is polled. Never ends.
    pub(crate) async fn keep(&self) {
        let mut warned = false;
        loop {
            tokio::time::sleep(WRITE_EVERY).await;
            match self.write().await {
                Ok(used) if !warned => warned = self.warn(used),
                Ok(_) => {}
                Err(error) => tracing::warn!("the quota could not be written down: {}", error.explained()),
            }
        }
    }

    /// Writes down what was sent since the last time, and returns what the day has used in all.
    pub(crate) async fn write(&self) -> Result<QuotaUse, LibraryError> {
        let (sent, day) = (self.pace.take_sent(), quota_day::day_of(Utc::now()));
        let more = QuotaUse {
            calls: sent.calls,
            bytes: sent.bytes,
            spent: self.pace.is_spent(day),
        };
        self.library.add_quota(&self.client, day, more).await
    }

    /// Tells the user once that the quota runs low.
    fn warn(&self, used: QuotaUse) -> bool {
        let Some((left, what)) = running_low(used) else {
            return false;
        };
        let full = quota_day::reset_after(Utc::now()).with_timezone(&Local);
        let text = format!(
            "Of today's quota of this Google Cloud project about {} {what} are left; it is full again at {}.",
            numbers::count(left),
            full.format("%H:%M")
        );
        self.reporter.report(&Event::Notice { text: &text });
        true
    }
}

/// What is left of a quota that runs low, and its name.
fn running_low(used: QuotaUse) -> Option<(u64, &'static str)> {
    let calls = CALLS_PER_DAY.saturating_sub(used.calls);
    let bytes = BYTES_PER_DAY.saturating_sub(used.bytes);
    if bytes < BYTES_PER_DAY / WARN_BELOW {
        Some((bytes, "downloads"))
    } else if calls < CALLS_PER_DAY / WARN_BELOW {
        Some((calls, "API calls"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_tenth_is_told() {
        let used = |calls, bytes| {
            running_low(QuotaUse {
                calls,
                bytes,
                spent: false,
            })
        };
        assert_eq!(used(0, 0), None);
        assert_eq!(used(9_000, 67_500), None);
        assert_eq!(used(0, 67_501), Some((7_499, "downloads")));
        assert_eq!(used(9_500, 0), Some((500, "API calls")));
        assert_eq!(used(99_999, 999_999), Some((0, "downloads")));
    }
}
