//! A worker's place in the pool, given back while a file is put away: the disk's time is not the line's, and the next
//! item can use the line meanwhile.

use std::sync::{Mutex, PoisonError};

use crate::pace::Pace;
use crate::pace::window::Slot;

/// So many files may be put away while as many as ever are received. More syncs at once make no disk faster (four
/// saturate an SSD that makes 1 GB/s durable), and each holds the beginning of its file in memory.
pub(super) const PUT_AWAY: usize = 8;

/// A place that can be left and taken again.
#[derive(Debug)]
pub(super) struct Berth<'a> {
    pace: &'a Pace,
    slot: Mutex<Option<Slot>>,
}

impl<'a> Berth<'a> {
    /// Waits for a place.
    pub(super) async fn new(pace: &'a Pace) -> Self {
        let slot = Mutex::new(Some(pace.slot().await));
        Self { pace, slot }
    }

    /// Lets somebody else have the place.
    pub(super) fn leave(&self) {
        drop(self.lock().take());
    }

    /// Waits for a place, unless it still has one.
    pub(super) async fn take(&self) {
        if self.lock().is_none() {
            let slot = self.pace.slot().await;
            *self.lock() = Some(slot);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Slot>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
