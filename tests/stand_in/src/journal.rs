//! What was asked and answered: counters that cost next to nothing and, unless switched off, an entry per request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::time::Instant;

use crate::endpoint::{Endpoint, Service};
use crate::locking::held;

/// How much is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JournalMode {
    /// An entry per request, and the counters.
    #[default]
    Full,
    /// The counters only, for benchmarks.
    CountersOnly,
}

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When the request arrived.
    pub at: Instant,
    /// Which method it asked for.
    pub endpoint: Endpoint,
    /// The HTTP method.
    pub method: String,
    /// The path, without query and with signatures left out.
    pub path: String,
    /// The item it was about, if one.
    pub item: Option<String>,
    /// Which page of a listing it asked for, counted from 0.
    pub page: Option<u64>,
    /// The status answered; none when the connection was cut or held before.
    pub status: Option<u16>,
    /// The first byte asked for, if a range was.
    pub range_start: Option<u64>,
    /// Whether an `Authorization` header came along.
    pub authorized: bool,
}

#[derive(Debug, Default)]
struct Counters {
    by_endpoint: [AtomicU64; Endpoint::ALL.len()],
    in_flight: AtomicU64,
    max_in_flight: AtomicU64,
    media_in_flight: AtomicU64,
    max_media_in_flight: AtomicU64,
    bytes: AtomicU64,
    connections: AtomicU64,
}

/// Everything that was asked so far.
#[derive(Debug, Default)]
pub struct Journal {
    mode: JournalMode,
    counters: Arc<Counters>,
    entries: Mutex<Vec<Entry>>,
}

impl Journal {
    pub(crate) fn new(mode: JournalMode) -> Self {
        Self {
            mode,
            ..Self::default()
        }
    }

    /// All entries, in the order their answers began.
    pub fn entries(&self) -> Vec<Entry> {
        held(&self.entries).clone()
    }

    /// The entries of one method.
    pub fn entries_of(&self, endpoint: Endpoint) -> Vec<Entry> {
        held(&self.entries)
            .iter()
            .filter(|entry| entry.endpoint == endpoint)
            .cloned()
            .collect()
    }

    /// The entries of requests that arrived from `start` on and before `end`.
    pub fn requests_between(&self, start: Instant, end: Instant) -> Vec<Entry> {
        held(&self.entries)
            .iter()
            .filter(|entry| (start..end).contains(&entry.at))
            .cloned()
            .collect()
    }

    /// How many requests a method got.
    pub fn count(&self, endpoint: Endpoint) -> u64 {
        self.counters.by_endpoint[endpoint as usize].load(Ordering::Relaxed)
    }

    /// How many requests a service got.
    pub fn count_of_service(&self, service: Service) -> u64 {
        Endpoint::ALL
            .into_iter()
            .filter(|endpoint| endpoint.service() == service)
            .map(|each| self.count(each))
            .sum()
    }

    /// How many requests there were in all.
    pub fn total(&self) -> u64 {
        Endpoint::ALL
            .into_iter()
            .map(|endpoint| self.count(endpoint))
            .sum()
    }

    /// The most requests that were ever being answered at one time.
    pub fn max_in_flight(&self) -> u64 {
        self.counters.max_in_flight.load(Ordering::Relaxed)
    }

    /// The most media requests that were ever being answered at one time.
    pub fn max_media_in_flight(&self) -> u64 {
        self.counters.max_media_in_flight.load(Ordering::Relaxed)
    }

    /// Body bytes handed to connections so far.
    pub fn bytes_served(&self) -> u64 {
        self.counters.bytes.load(Ordering::Relaxed)
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        self.counters.connections.load(Ordering::Relaxed)
    }

    /// Forgets entries and counters; requests under way are still in flight.
    pub fn clear(&self) {
        held(&self.entries).clear();
        let counters = &self.counters;
        counters
            .by_endpoint
            .iter()
            .for_each(|count| count.store(0, Ordering::Relaxed));
        for count in [
            &counters.max_in_flight,
            &counters.max_media_in_flight,
            &counters.bytes,
            &counters.connections,
        ] {
            count.store(0, Ordering::Relaxed);
        }
    }

    pub(crate) fn keeps_entries(&self) -> bool {
        self.mode == JournalMode::Full
    }

    pub(crate) fn connection(&self) {
        self.counters.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a request, which is in flight until the ticket is dropped.
    pub(crate) fn begin(&self, endpoint: Endpoint) -> Ticket {
        let counters = &self.counters;
        counters.by_endpoint[endpoint as usize].fetch_add(1, Ordering::Relaxed);
        let media = endpoint.service() == Service::Media;
        raise(&counters.in_flight, &counters.max_in_flight);
        if media {
            raise(&counters.media_in_flight, &counters.max_media_in_flight);
        }
        Ticket {
            counters: Arc::clone(counters),
            media,
        }
    }

    pub(crate) fn write(&self, entry: Entry) {
        held(&self.entries).push(entry);
    }
}

fn raise(now: &AtomicU64, most: &AtomicU64) {
    let present = now.fetch_add(1, Ordering::Relaxed) + 1;
    most.fetch_max(present, Ordering::Relaxed);
}

/// A request being answered.
#[derive(Debug)]
pub(crate) struct Ticket {
    counters: Arc<Counters>,
    media: bool,
}

impl Ticket {
    pub(crate) fn served(&self, bytes: usize) {
        self.counters.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.counters.in_flight.fetch_sub(1, Ordering::Relaxed);
        if self.media {
            self.counters.media_in_flight.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
