//! What all reporters know about a run: one state fed by events, looked at by the clock.
//!
//! Bytes are counted in atomics, so that a chunk costs next to nothing; everything rarer takes a lock for some
//! nanoseconds. Nothing here writes or draws.

mod rate;
mod remaining;
mod state;
mod transfer;
mod view;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

pub(crate) use remaining::Eta;
pub(crate) use view::{
    DrainView, FileState, FileView, Listing, PauseView, RetryView, STILL_AFTER, View, Work,
};

use super::stopwatch::Stopwatch;
use super::{Event, WorkerId};
pub(crate) use state::PauseSpan;
use state::State;

/// The run so far.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Bytes received by everybody.
    received: AtomicU64,
    /// Bytes held of each worker's file.
    held: RwLock<Vec<AtomicU64>>,
    state: Mutex<State>,
}

impl Progress {
    /// Takes in what happens now. The first event of a run starts the watch.
    pub(crate) fn hear(&self, event: &Event<'_>, watch: &Stopwatch) {
        if matches!(event, Event::RunStarted { .. }) {
            watch.start();
        }
        self.hear_at(event, watch.elapsed());
    }

    /// Takes in what happened at the time `at` since the start.
    fn hear_at(&self, event: &Event<'_>, at: Duration) {
        match *event {
            Event::BytesReceived { worker, bytes } => return self.receive(worker, bytes),
            Event::TransferStarted {
                worker, resumed_from, ..
            } => self.hold(worker, resumed_from),
            _ => {}
        }
        self.state().hear(event, at);
    }

    /// The run at the time `at`. Rates and stalls are measured from one look to the next, so one clock should look.
    pub(crate) fn look(&self, at: Duration) -> View {
        let held = self.held();
        let received = self.received.load(Ordering::Relaxed);
        self.state().look(at, received, &held)
    }

    /// The library folder as the run was started with.
    pub(crate) fn library(&self) -> PathBuf {
        self.state().library.clone()
    }

    /// The present pause, if there is one.
    pub(crate) fn pause(&self) -> Option<PauseSpan> {
        self.state().pause.map(|pause| pause.span)
    }

    fn receive(&self, worker: WorkerId, bytes: u64) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = held.get(worker) {
            held.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    fn hold(&self, worker: WorkerId, bytes: u64) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.len() <= worker {
            held.resize_with(worker + 1, AtomicU64::default);
        }
        held[worker].store(bytes, Ordering::Relaxed);
    }

    fn held(&self) -> Vec<u64> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.iter().map(|held| held.load(Ordering::Relaxed)).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
