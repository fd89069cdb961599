//! What all tasks of a run share: the counts, and the first reason to stop.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::summary::{Bucket, Counts, Ending, Outcome};
use crate::library::{ItemKey, LibraryError};
use crate::media::Role;
use crate::source::{SourceError, SourceErrorKind};

/// Counters and the ending, kept outside the tasks: an aborted task takes nothing with it.
#[derive(Debug, Default)]
pub(super) struct RunState {
    counts: Mutex<Counts>,
    found: AtomicU64,
    bytes: AtomicU64,
    in_flight: AtomicUsize,
    ending: Mutex<Option<Ending>>,
    /// Bodies that looked cut off, by the length they had. Few, whatever the size of the library.
    cut_off: Mutex<HashMap<(ItemKey, Role), u64>>,
}

impl RunState {
    /// Counts an item that ended in a bucket.
    pub(super) fn count(&self, outcome: &Outcome) {
        lock(&self.counts).add(outcome.bucket());
    }

    /// Counts distinct items found; returns all so far.
    pub(super) fn found(&self, more: u64) -> u64 {
        self.found.fetch_add(more, Ordering::Relaxed) + more
    }

    /// Counts bytes received.
    pub(super) fn received(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes received so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts a transfer as in flight until the guard is dropped.
    pub(super) fn flight(&self) -> Flight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Flight(self)
    }

    /// Transfers in flight.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Remembers a body that looks cut off.
    pub(super) fn doubt(&self, key: ItemKey, role: Role, length: u64) {
        lock(&self.cut_off).insert((key, role), length);
    }

    /// Whether the last body that looked cut off had this length.
    pub(super) fn is_in_doubt(&self, key: ItemKey, role: Role, length: u64) -> bool {
        lock(&self.cut_off).get(&(key, role)) == Some(&length)
    }

    /// Remembers why the run must end; the first reason counts.
    pub(super) fn end(&self, ending: Ending) {
        lock(&self.ending).get_or_insert(ending);
    }

    /// Why the run ended, if anything but its work being done.
    pub(super) fn ending(&self) -> Option<Ending> {
        lock(&self.ending).clone()
    }

    /// The final counts: what was found but had no turn is in its own bucket, so that all adds up.
    pub(super) fn totals(&self) -> (u64, Counts) {
        let found = self.found.load(Ordering::Relaxed);
        let mut counts = *lock(&self.counts);
        counts.set(Bucket::NotReached, 0);
        let reached = counts.total();
        counts.set(Bucket::NotReached, found.saturating_sub(reached));
        (found, counts)
    }
}

/// A transfer in flight.
#[derive(Debug)]
pub(super) struct Flight<'a>(&'a RunState);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How a run ends that a source's error stopped.
pub(super) fn ending_of_source(error: &SourceError) -> Ending {
    match error.kind {
        SourceErrorKind::QuotaSpent { resets } => Ending::QuotaSpent { resets: Some(resets) },
        SourceErrorKind::SignIn => Ending::SignInNeeded {
            reason: error.message.clone(),
        },
        SourceErrorKind::Interrupted => Ending::Interrupted,
        _ => Ending::Stopped {
            reason: error.message.clone(),
        },
    }
}

/// How a run ends that the disk stopped.
pub(super) fn ending_of_library(error: &LibraryError) -> Ending {
    Ending::Stopped {
        reason: error.explained(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
