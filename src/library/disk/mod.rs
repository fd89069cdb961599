//! A library in a folder: `year/month/name`, and `.gphotosync/` for the index and what is on its way.

pub(crate) mod abilities;
mod admit;
mod deposit;
pub(crate) mod desk;
mod families;
mod finder;
#[cfg(test)]
pub(in crate::library) mod fuse;
mod holding;
mod librarian;
pub(crate) mod lock;
#[cfg(test)]
mod model_tests;
mod moves;
mod picked;
pub(crate) mod place;
mod placing;
pub(crate) mod recovery;
mod replaced;
mod retiming;
mod staged;
mod strategies;
pub(crate) mod surroundings;
mod takeover;
pub(crate) mod telling;
mod whereabouts;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use chrono::NaiveDate;
use tokio::sync::Semaphore;

use self::deposit::{DiskDeposit, Label, SYNCS_AT_ONCE};
use self::desk::{Desk, OWN_FOLDER, modification_time, now, staged_path};
pub(super) use self::families::has_time_of;
use self::finder::Finder;
use self::librarian::{Employment, Librarian};
use super::index::{Durability, Index, QuotaUse, RunRow, State, items, quotas, runs};
use super::layout::Strategy;
use super::{Admission, Announcement, Deposit, Holding, ItemKey, Library, LibraryError};
use crate::media::{MediaItem, Role};
use crate::pipeline::summary::Outcome;
use crate::report::Reporter;

/// The index's name below the library's own folder.
pub(crate) const INDEX_FILE: &str = "index.db";

/// A library on disk, open for one run.
#[derive(Debug)]
pub struct DiskLibrary {
    root: PathBuf,
    librarian: Librarian,
    _employment: Employment,
    /// Turns to make a file durable.
    syncs: Arc<Semaphore>,
    planning: bool,
    /// Files of another tool anywhere in the folder, when such are looked for.
    finder: Option<Arc<Finder>>,
    renamed: Arc<AtomicU64>,
}

impl DiskLibrary {
    /// Opens the library in `root`, creating it if need be, and finishes what an interrupted run began.
    /// The caller holds the lock.
    ///
    /// # Errors
    /// When the folder or the index cannot be used.
    pub(crate) fn open(
        root: &Path,
        strategy: Strategy,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Self, LibraryError> {
        let own = root.join(OWN_FOLDER);
        let staging = own.join("staging");
        std::fs::create_dir_all(&staging).map_err(LibraryError::disk("make", &staging))?;
        let index_path = own.join(INDEX_FILE);
        let is_new = !index_path.exists();
        let index = Index::open(&index_path)?;
        let mut desk = Desk::new(index, root.to_owned(), strategy, reporter, false);
        if is_new {
            // So that a power cut cannot lose the index's very name.
            desk.touched(root);
            desk.touched(&own);
        }
        desk.recover()?;
        desk.follow_strategy()?;
        Self::started(root, desk, false)
    }

    /// Opens the library in `root` for a plan: nothing on disk will change.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn for_planning(
        root: &Path,
        strategy: Strategy,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Self, LibraryError> {
        let path = root.join(OWN_FOLDER).join(INDEX_FILE);
        let index = if path.exists() {
            Index::for_planning(&path)?
        } else {
            Index::passing()?
        };
        let mut desk = Desk::new(index, root.to_owned(), strategy, reporter, true);
        desk.follow_strategy()?;
        Self::started(root, desk, true)
    }

    fn started(root: &Path, desk: Desk, planning: bool) -> Result<Self, LibraryError> {
        let renamed = Arc::clone(&desk.renamed);
        let (librarian, employment) = Librarian::start(desk)?;
        Ok(Self {
            root: root.to_owned(),
            librarian,
            _employment: employment,
            syncs: Arc::new(Semaphore::new(SYNCS_AT_ONCE)),
            planning,
            finder: None,
            renamed,
        })
    }

    /// Also looks for items among the files that lie anywhere in the folder, as another tool left them.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) async fn looking_everywhere(mut self) -> Result<Self, LibraryError> {
        let finder = self
            .librarian
            .ask(|desk| Finder::scan(&desk.root, &desk.index))
            .await?;
        self.finder = Some(Arc::new(finder));
        Ok(self)
    }

    /// What `client` used of its quota on `day`, as far as this library saw.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) async fn quota_used(&self, client: &str, day: NaiveDate) -> Result<QuotaUse, LibraryError> {
        let client = client.to_owned();
        self.librarian
            .ask(move |desk| desk.index.read(|db| quotas::used(db, &client, day)))
            .await
    }

    /// Adds to that, and returns the sum.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub(crate) async fn add_quota(
        &self,
        client: &str,
        day: NaiveDate,
        more: QuotaUse,
    ) -> Result<QuotaUse, LibraryError> {
        let client = client.to_owned();
        let add = move |db: &rusqlite::Connection| {
            quotas::add(db, &client, day, more)?;
            quotas::used(db, &client, day)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, add))
            .await
    }

    /// Remembers a run that ended.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub(crate) async fn remember_run(&self, run: RunRow) -> Result<(), LibraryError> {
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Power, |db| runs::put(db, &run)))
            .await
    }
}

/// Runs file work where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LibraryError> + Send + 'static,
) -> Result<T, LibraryError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| LibraryError::Closed)?
}

#[async_trait]
impl Library for DiskLibrary {
    async fn admit(&self, source: &'static str, batch: &[MediaItem]) -> Result<Vec<Admission>, LibraryError> {
        let batch = batch.to_vec();
        self.librarian.ask(move |desk| desk.admit(source, &batch)).await
    }

    async fn holding(&self, key: ItemKey, item: &MediaItem, role: Role) -> Result<Holding, LibraryError> {
        self.look_for(key, item, role).await
    }

    async fn deposit(
        &self,
        key: ItemKey,
        item: &MediaItem,
        role: Role,
        announced: Announcement,
    ) -> Result<Box<dyn Deposit>, LibraryError> {
        let known = item.known(role);
        let ext = match (role, known) {
            (Role::Main, _) => None,
            (_, Some(known)) => Some(known.extension.as_str().to_owned()),
            (_, None) => Some(clip_extension(announced.content_type.as_deref()).to_owned()),
        };
        if let Some(ext) = ext {
            self.librarian
                .ask(move |desk| desk.expect_companion(key.0, role, &ext))
                .await?;
        }
        let label = Label {
            item: key.0,
            role,
            path: staged_path(&self.root, key.0, role),
            start: announced.start,
            length: announced.length,
            etag: announced.etag,
            modified: modification_time(item.taken),
            crc32: known.map(|known| known.crc32),
        };
        Ok(Box::new(DiskDeposit::new(
            self.librarian.clone(),
            Arc::clone(&self.syncs),
            label,
        )))
    }

    async fn conclude(&self, key: ItemKey, outcome: &Outcome) -> Result<(), LibraryError> {
        let (state, reason) = match outcome {
            Outcome::Stored { .. } | Outcome::Present => (State::Stored, None),
            Outcome::Waiting => (State::Waiting, None),
            Outcome::Unavailable { reason } => (State::Unavailable, Some(reason.clone())),
            Outcome::Failed { reason } => (State::Failed, Some(reason.clone())),
            Outcome::Filtered | Outcome::NotReached => return Ok(()),
        };
        self.librarian
            .note(move |db| items::set_state(db, key.0, state, reason.as_deref(), now()))
            .await
    }

    fn renamed(&self) -> u64 {
        self.renamed.load(Ordering::Relaxed)
    }

    async fn close(&self) -> Result<(), LibraryError> {
        if self.planning {
            return Ok(());
        }
        self.librarian
            .ask(|desk| desk.settle().and_then(|()| desk.index.flush()))
            .await
    }
}

/// The extensions that clips may have.
const CLIP_EXTENSIONS: [&str; 2] = [".mp4", ".mov"];

/// The clip of a motion photo is an MP4 from Android and a `QuickTime` film from an iPhone.
fn clip_extension(content_type: Option<&str>) -> &'static str {
    match content_type {
        Some("video/quicktime") => ".mov",
        _ => ".mp4",
    }
}
