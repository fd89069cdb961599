//! Serving files from tgz parts, which can only be read from front to back: one pass, in the order of the list.
//!
//! The pass stops at each file until somebody opens it, or until its item is done with. Items come in the order of
//! their last files, so whatever comes earlier is put aside when it passes by; nobody ever waits for a file that the
//! pass could reach only over one that nobody is going to open.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::archive::{Entry, EntryId, Part, PartFault, PartId};
use super::bytes_of::{Piece, fault, hand_over};
use super::import::Import;
use super::listed::{ROLES, Wanted};
use super::spool::Spooled;
use crate::media::Role;
use crate::source::{SourceError, SourceErrorKind};

/// Pieces that wait to be written.
const WAITING: usize = 2;

/// The passes over all tgz parts.
pub(super) struct Passes {
    import: Arc<Import>,
    by_part: HashMap<PartId, Arc<Pass>>,
}

/// Where a pass stops. There may be as many of them as photos, so they are small.
#[derive(Clone, Copy, Debug)]
struct Stop {
    entry: EntryId,
    /// The item's place.
    item: u32,
    role: Role,
    /// It is put aside, since its turn may come later.
    is_kept: bool,
}

struct Pass {
    import: Arc<Import>,
    part: PartId,
    spool: PathBuf,
    /// In the order of their entries.
    stops: Vec<Stop>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    has_begun: bool,
    has_ended: bool,
    /// Everything before this entry has passed by.
    next: EntryId,
    opened: HashMap<EntryId, mpsc::Sender<Piece>>,
    kept: HashMap<EntryId, Result<Arc<Spooled>, SourceError>>,
    done: HashSet<usize>,
    /// Nobody will open anything any more.
    is_closed: bool,
}

impl Passes {
    pub(super) fn new(import: &Arc<Import>, spool: &Path) -> Self {
        let parts = import.inventory.parts();
        let tgzs = parts.filter(|(_, part)| !part.opens_at_will()).map(|(id, _)| id);
        let mut stops: HashMap<PartId, Vec<Stop>> = tgzs.map(|id| (id, Vec::new())).collect();
        for item in (0..).take(import.len()) {
            for (part, stop) in stops_of(import, item) {
                if let Some(stops) = stops.get_mut(&part) {
                    stops.push(stop);
                }
            }
        }
        let pass = |(part, mut stops): (PartId, Vec<Stop>)| {
            stops.sort_unstable_by_key(|stop| stop.entry);
            stops.shrink_to_fit();
            let pass = Pass {
                import: Arc::clone(import),
                part,
                spool: spool.to_owned(),
                stops,
                state: Mutex::default(),
                changed: Condvar::new(),
            };
            (part, Arc::new(pass))
        };
        Self {
            import: Arc::clone(import),
            by_part: stops.into_iter().map(pass).collect(),
        }
    }

    /// Nothing more will be asked of this item.
    pub(super) fn is_done_with(&self, item: usize) {
        if self.by_part.is_empty() {
            return;
        }
        let files = ROLES.into_iter().filter_map(|role| self.import.file(item, role));
        let files: Vec<_> = files.collect();
        for pass in self.by_part.values() {
            pass.is_done_with(item, &files);
        }
    }

    /// Opens a file of a tgz part. Must be called within a runtime.
    pub(super) fn open(&self, file: Wanted) -> mpsc::Receiver<Piece> {
        let (sender, receiver) = mpsc::channel(WAITING);
        if let Some(pass) = self.by_part.get(&file.spot.0) {
            pass.open(file, sender);
        }
        receiver
    }
}

impl Drop for Passes {
    fn drop(&mut self) {
        for pass in self.by_part.values() {
            pass.state().is_closed = true;
            pass.changed.notify_all();
        }
    }
}

/// The files of an item. All but a main one that is the last of them are put aside when they pass by.
fn stops_of(import: &Import, item: u32) -> Vec<(PartId, Stop)> {
    let files: Vec<(Role, Wanted)> = ROLES
        .into_iter()
        .filter_map(|role| Some((role, import.file(item as usize, role)?)))
        .collect();
    let last = files.iter().map(|(_, file)| file.spot).max();
    let stop = |(role, file): (Role, Wanted)| {
        let (part, entry) = file.spot;
        let is_kept = role != Role::Main || Some(file.spot) != last;
        let stop = Stop {
            entry,
            item,
            role,
            is_kept,
        };
        (part, stop)
    };
    files.into_iter().map(stop).collect()
}

impl Pass {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_done_with(&self, item: usize, files: &[Wanted]) {
        let mut state = self.state();
        state.done.insert(item);
        for file in files.iter().filter(|file| file.spot.0 == self.part) {
            state.kept.remove(&file.spot.1);
        }
        self.changed.notify_all();
    }

    fn open(self: &Arc<Self>, file: Wanted, sender: mpsc::Sender<Piece>) {
        let entry = file.spot.1;
        let mut state = self.state();
        if let Some(kept) = state.kept.get(&entry) {
            return self.serve_kept(kept.clone(), file, sender);
        }
        let this = Arc::clone(self);
        if state.has_ended || entry < state.next {
            // It has passed by: a pass for it alone.
            drop(state);
            tokio::task::spawn_blocking(move || this.go_for(file, &sender));
            return;
        }
        state.opened.insert(entry, sender);
        if !state.has_begun {
            state.has_begun = true;
            let runtime = Handle::current();
            tokio::task::spawn_blocking(move || this.go(&runtime));
        }
        self.changed.notify_all();
    }

    fn serve_kept(
        self: &Arc<Self>,
        kept: Result<Arc<Spooled>, SourceError>,
        file: Wanted,
        sender: mpsc::Sender<Piece>,
    ) {
        let this = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            let opened = kept.and_then(|kept| kept.open().map_err(|error| fault(&error, file, &this.import)));
            match opened {
                Ok(mut bytes) => hand_over(&mut bytes, file, &sender, &this.import),
                Err(error) => drop(sender.blocking_send(Err(error))),
            }
        });
    }

    fn part(&self) -> Option<&Part> {
        self.import.inventory.part(self.part)
    }

    /// Goes over the part once, and serves everybody on the way.
    fn go(self: &Arc<Self>, runtime: &Handle) {
        let _entered = runtime.enter();
        let walked = self.part().map(|part| {
            part.for_each(
                &mut |entry| self.stop(entry.id()).is_some(),
                &mut |entry, bytes| self.stop_at(entry, bytes),
                &mut |_| ControlFlow::Continue(()),
            )
        });
        let mut state = self.state();
        state.has_ended = true;
        let left = std::mem::take(&mut state.opened);
        drop(state);
        let reason = match walked {
            Some(Err(fault)) => fault,
            _ => PartFault::Changed,
        };
        for sender in left.into_values() {
            drop(sender.blocking_send(Err(self.unreachable(&reason))));
        }
    }

    fn stop(&self, entry: EntryId) -> Option<(Stop, Wanted)> {
        let found = self.stops.binary_search_by_key(&entry, |stop| stop.entry).ok()?;
        let stop = self.stops[found];
        Some((stop, self.import.file(stop.item as usize, stop.role)?))
    }

    fn unreachable(&self, fault: &PartFault) -> SourceError {
        let name = self.part().map(Part::name).unwrap_or_default();
        SourceError::new(SourceErrorKind::Unexpected, format!("{name} {fault}"))
    }

    fn stop_at(self: &Arc<Self>, entry: Entry<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
        let Some((stop, file)) = self.stop(entry.id()) else {
            return ControlFlow::Continue(());
        };
        let after = EntryId(entry.id().0.saturating_add(1));
        let mut state = self.state();
        state.next = entry.id();
        loop {
            if state.is_closed {
                return ControlFlow::Break(());
            }
            if let Some(sender) = state.opened.remove(&entry.id()) {
                state.next = after;
                drop(state);
                hand_over(bytes, file, &sender, &self.import);
                return ControlFlow::Continue(());
            }
            if state.done.contains(&(stop.item as usize)) {
                state.next = after;
                return ControlFlow::Continue(());
            }
            if stop.is_kept {
                drop(state);
                self.keep((stop, file), bytes, after);
                return ControlFlow::Continue(());
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Puts a file aside, and serves from there whoever opened it meanwhile.
    fn keep(self: &Arc<Self>, (stop, file): (Stop, Wanted), bytes: &mut dyn Read, after: EntryId) {
        let kept = Spooled::keep(&self.spool, file.spot, bytes)
            .map(Arc::new)
            .map_err(|error| fault(&error, file, &self.import));
        let entry = stop.entry;
        let mut state = self.state();
        state.next = after;
        if let Some(sender) = state.opened.remove(&entry) {
            self.serve_kept(kept.clone(), file, sender);
        }
        if !state.done.contains(&(stop.item as usize)) {
            state.kept.insert(entry, kept);
        }
    }

    /// A pass for one file.
    fn go_for(&self, file: Wanted, sender: &mpsc::Sender<Piece>) {
        let walked = self.part().map(|part| {
            part.for_each(
                &mut |entry| entry.id() == file.spot.1,
                &mut |_, bytes| {
                    hand_over(bytes, file, sender, &self.import);
                    ControlFlow::Continue(())
                },
                &mut |_| ControlFlow::Continue(()),
            )
        });
        if let Some(Err(fault)) = walked {
            drop(sender.blocking_send(Err(self.unreachable(&fault))));
        }
    }
}
