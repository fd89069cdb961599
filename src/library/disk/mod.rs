//! A library in a folder: `year/month/name`, and `.gphotosync/` for the index and what is on its way.

mod admit;
mod deposit;
pub(crate) mod desk;
mod families;
mod librarian;
pub(crate) mod lock;
mod place;
mod placing;
mod recovery;
mod staged;
mod takeover;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use self::deposit::{DiskDeposit, Label};
use self::desk::{Desk, OWN_FOLDER, modification_time, now, staged_path};
use self::families::layout_path;
use self::librarian::{Employment, Librarian};
use self::staged::Staged;
use self::takeover::Found;
use super::index::{Durability, Index, RunRow, State, files, items, runs};
use super::layout::Strategy;
use super::{Admission, Announcement, Deposit, Holding, ItemKey, Library, LibraryError};
use crate::media::{MediaItem, Role};
use crate::pipeline::summary::Outcome;
use crate::report::Reporter;
use crate::source::Resume;

/// The index's name below the library's own folder.
pub(crate) const INDEX_FILE: &str = "index.db";

/// A library on disk, open for one run.
#[derive(Debug)]
pub struct DiskLibrary {
    root: PathBuf,
    librarian: Librarian,
    _employment: Employment,
    planning: bool,
    renamed: Arc<AtomicU64>,
    /// Items whose place holds something damaged, to be exchanged.
    exchanges: Mutex<HashSet<ItemKey>>,
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
            Index::in_memory()?
        };
        Self::started(
            root,
            Desk::new(index, root.to_owned(), strategy, reporter, true),
            true,
        )
    }

    fn started(root: &Path, desk: Desk, planning: bool) -> Result<Self, LibraryError> {
        let renamed = Arc::clone(&desk.renamed);
        let (librarian, employment) = Librarian::start(desk)?;
        Ok(Self {
            root: root.to_owned(),
            librarian,
            _employment: employment,
            planning,
            renamed,
            exchanges: Mutex::default(),
        })
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

    /// The path of a file that is here, or of where it would be.
    async fn locate(&self, key: ItemKey, role: Role) -> Result<Place, LibraryError> {
        self.librarian
            .ask(move |desk| {
                let (row, wanted, partial) = desk.index.read(|db| {
                    let row = files::get(db, key.0, role)?;
                    Ok((
                        row,
                        layout_path(db, key.0, role)?,
                        files::partial(db, key.0, role)?,
                    ))
                })?;
                let here = row
                    .filter(|file| desk.is_here(file))
                    .map(|file| desk.path(&file.path));
                Ok(Place {
                    here,
                    wanted,
                    partial,
                })
            })
            .await
    }

    async fn take_over(&self, key: ItemKey, item: &MediaItem, wanted: String) -> Result<Found, LibraryError> {
        let (path, item) = (self.root.join(&wanted), item.clone());
        let shown = path.clone();
        let found =
            blocking(move || takeover::examine(&path, &item).map_err(LibraryError::disk("read", &shown)))
                .await?;
        match found {
            Found::Whole { size, .. } => {
                self.librarian
                    .ask(move |desk| desk.adopt(key.0, Role::Main, &wanted, size))
                    .await?;
            }
            Found::Damaged => {
                self.exchanges
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key);
            }
            Found::Nothing => {}
        }
        Ok(found)
    }
}

struct Place {
    here: Option<PathBuf>,
    wanted: String,
    partial: Option<files::PartialRow>,
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
        let place = self.locate(key, role).await?;
        if let Some(path) = place.here {
            let head =
                blocking(move || takeover::head_of(&path).map_err(LibraryError::disk("read", &path))).await?;
            return Ok(Holding::Whole { head });
        }
        if role == Role::Main
            && let Found::Whole { head, .. } = self.take_over(key, item, place.wanted).await?
        {
            return Ok(Holding::Whole { head });
        }
        Ok(Holding::Part(place.partial.map(resume_from).unwrap_or_default()))
    }

    async fn deposit(
        &self,
        key: ItemKey,
        item: &MediaItem,
        role: Role,
        announced: Announcement,
    ) -> Result<Box<dyn Deposit>, LibraryError> {
        if role == Role::Clip {
            let ext = clip_extension(announced.content_type.as_deref());
            self.librarian
                .ask(move |desk| desk.expect_clip(key.0, ext))
                .await?;
        }
        let path = staged_path(&self.root, key.0, role);
        let (shown, start) = (path.clone(), announced.start);
        let staged =
            blocking(move || Staged::open(&path, start).map_err(LibraryError::disk("open", &path))).await?;
        let exchange = role == Role::Main
            && self
                .exchanges
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(&key);
        let label = Label {
            item: key.0,
            role,
            length: announced.length,
            etag: announced.etag,
            modified: modification_time(item.taken),
            exchange,
        };
        Ok(Box::new(DiskDeposit::new(
            self.librarian.clone(),
            label,
            staged,
            shown,
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
            .ask(move |desk| {
                desk.index.change(Durability::Process, |db| {
                    items::set_state(db, key.0, state, reason.as_deref(), now())
                })
            })
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

fn resume_from(row: files::PartialRow) -> Resume {
    Resume {
        offset: row.bytes,
        length: row.length,
        etag: row.etag,
    }
}

/// The clip of a motion photo is an MP4 from Android and a `QuickTime` film from an iPhone.
fn clip_extension(content_type: Option<&str>) -> &'static str {
    match content_type {
        Some("video/quicktime") => ".mov",
        _ => ".mp4",
    }
}
