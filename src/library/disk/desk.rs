//! What the librarian works with: the index, the folder, and what happened in this run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use super::place::sync_folder;
use crate::library::LibraryError;
use crate::library::index::{Durability, Index, files};
use crate::library::layout::Strategy;
use crate::media::Role;
use crate::report::{Event, Reporter};

/// Where the library keeps its own things, below its folder.
pub(crate) const OWN_FOLDER: &str = ".gphotosync";

/// As many named files may wait to be made durable together.
const MOST_UNSETTLED: usize = 1_024;

/// The state of an open library. Owned by one thread.
pub(super) struct Desk {
    pub(super) index: Index,
    pub(super) root: PathBuf,
    pub(super) strategy: Strategy,
    pub(super) reporter: Arc<dyn Reporter>,
    /// Nothing on disk may change.
    pub(super) planning: bool,
    pub(super) seen: Seen,
    pub(super) renamed: Arc<AtomicU64>,
    /// Sealed files that have their names, though perhaps not yet durably.
    pub(super) named: BTreeSet<(i64, Role)>,
    changed_folders: BTreeSet<PathBuf>,
}

/// The items shown in this run, by number: one bit each, so that a million cost 125 kB.
#[derive(Debug, Default)]
pub(super) struct Seen(Vec<u64>);

impl Seen {
    /// Marks an item; `false` if it was marked before.
    pub(super) fn insert(&mut self, seq: i64) -> bool {
        let seq = usize::try_from(seq).unwrap_or(0);
        let (word, bit) = (seq / 64, 1 << (seq % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }
}

impl Desk {
    pub(super) fn new(
        index: Index,
        root: PathBuf,
        strategy: Strategy,
        reporter: Arc<dyn Reporter>,
        planning: bool,
    ) -> Self {
        Self {
            index,
            root,
            strategy,
            reporter,
            planning,
            seen: Seen::default(),
            renamed: Arc::default(),
            named: BTreeSet::new(),
            changed_folders: BTreeSet::new(),
        }
    }

    /// Notes that names in `folder` changed.
    pub(super) fn touched(&mut self, folder: &Path) {
        self.changed_folders.insert(folder.to_owned());
    }

    /// Notes that a file has its name, though perhaps not yet durably.
    pub(super) fn note_named(&mut self, item: i64, role: Role) -> Result<(), LibraryError> {
        self.named.insert((item, role));
        if self.named.len() < MOST_UNSETTLED {
            Ok(())
        } else {
            self.settle()
        }
    }

    /// Notes that a file has its name no more.
    pub(super) fn note_lifted(&mut self, item: i64, role: Role) {
        self.named.remove(&(item, role));
    }

    /// Makes all changes of names durable. What fails is tried again the next time.
    pub(super) fn sync_folders(&mut self) -> Result<(), LibraryError> {
        while let Some(folder) = self.changed_folders.first() {
            match sync_folder(folder) {
                // Whoever removed it took its names along.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                synced => synced.map_err(LibraryError::disk("sync", folder))?,
            }
            self.changed_folders.pop_first();
        }
        Ok(())
    }

    /// Makes all names durable and says so in the index, in this order: it never claims more than the disk holds.
    pub(super) fn settle(&mut self) -> Result<(), LibraryError> {
        self.sync_folders()?;
        if self.named.is_empty() {
            return Ok(());
        }
        let named = &self.named;
        self.index.change(Durability::Process, |db| {
            named
                .iter()
                .try_for_each(|&(item, role)| files::settle(db, item, role))
        })?;
        self.named.clear();
        Ok(())
    }

    /// Tells of a file that moved.
    pub(super) fn tell_renamed(&self, from: &str, to: &str) {
        self.renamed.fetch_add(1, Ordering::Relaxed);
        self.reporter.report(&Event::Renamed { from, to });
    }
}

/// The wall clock, as the index stores it.
pub(super) fn now() -> i64 {
    Utc::now().timestamp()
}

/// Where a whole file waits between two names.
pub(super) fn lifted_path(root: &Path, item: i64, role: Role) -> PathBuf {
    root.join(OWN_FOLDER)
        .join("staging")
        .join(format!("{item}-{}.moving", role.word()))
}

/// Where a file is while it is written.
pub(crate) fn staged_path(root: &Path, item: i64, role: Role) -> PathBuf {
    root.join(OWN_FOLDER)
        .join("staging")
        .join(format!("{item}-{}.part", role.word()))
}

/// A taken time as files bear it.
pub(super) fn modification_time(taken: Option<DateTime<Utc>>) -> Option<std::time::SystemTime> {
    taken.map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_new_once() {
        let mut seen = Seen::default();
        let new: Vec<_> = [1, 64, 1, 1_000_000, 64].map(|seq| seen.insert(seq)).into();
        assert_eq!(new, [true, true, false, true, false]);
    }
}
