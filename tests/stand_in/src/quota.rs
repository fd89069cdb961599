//! Real quotas: so many requests, then 429 until they are reset, as Google counts them per project and day.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many requests each kind gets before it is refused. The default is Google's published numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Library API calls a day.
    pub library_per_day: u64,
    /// Library API calls a minute; counted until reset, like the day's.
    pub library_per_minute: u64,
    /// Base URL byte requests a day.
    pub media_per_day: u64,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            library_per_day: 10_000,
            library_per_minute: u64::MAX,
            media_per_day: 75_000,
        }
    }
}

impl Quotas {
    /// No limits, for benchmarks.
    pub fn unlimited() -> Self {
        Self {
            library_per_day: u64::MAX,
            library_per_minute: u64::MAX,
            media_per_day: u64::MAX,
        }
    }
}

/// Which limit a request ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    PerDay,
    PerMinute,
}

#[derive(Debug, Default)]
struct Allowance {
    limit: AtomicU64,
    used: AtomicU64,
}

impl Allowance {
    fn set(&self, limit: u64) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// Counts one request; false when the limit was used up before it.
    fn take(&self) -> bool {
        self.used.fetch_add(1, Ordering::Relaxed) < self.limit.load(Ordering::Relaxed)
    }

    fn reset(&self) {
        self.used.store(0, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
pub(crate) struct Meters {
    library_day: Allowance,
    library_minute: Allowance,
    media_day: Allowance,
}

impl Meters {
    pub(crate) fn set(&self, quotas: Quotas) {
        self.library_day.set(quotas.library_per_day);
        self.library_minute.set(quotas.library_per_minute);
        self.media_day.set(quotas.media_per_day);
    }

    pub(crate) fn reset(&self) {
        [&self.library_day, &self.library_minute, &self.media_day]
            .into_iter()
            .for_each(Allowance::reset);
    }

    pub(crate) fn library_request(&self) -> Result<(), Exceeded> {
        match (self.library_day.take(), self.library_minute.take()) {
            (false, _) => Err(Exceeded::PerDay),
            (true, false) => Err(Exceeded::PerMinute),
            (true, true) => Ok(()),
        }
    }

    pub(crate) fn media_request(&self) -> Result<(), Exceeded> {
        if self.media_day.take() {
            Ok(())
        } else {
            Err(Exceeded::PerDay)
        }
    }
}
