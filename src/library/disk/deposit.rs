//! A file being written, seen from a worker: chunks are gathered, and written and hashed beside the transfer.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;
use tokio::task::block_in_place;

use super::blocking;
use super::librarian::Librarian;
use super::place::check_room;
use super::placing::PlaceRequest;
use super::staged::Staged;
use crate::library::index::files;
use crate::library::{Deposit, Inspection, LibraryError, Stored};
use crate::media::Role;

/// Chunks are gathered up to this size. What was received is still in the core's cache when it is written and hashed:
/// with four times as much, the same copying cost six times the processor time.
const HEAP_BYTES: usize = 64 << 10;

/// As many files are made durable at once. Each holds a thread for as long as the disk takes, and some must be left that
/// hear Google and the user.
pub(super) const SYNCS_AT_ONCE: usize = 6;

/// Which file it is, and what is known of it.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) item: i64,
    pub(super) role: Role,
    /// Its staged name.
    pub(super) path: PathBuf,
    /// Where the coming bytes start in the file.
    pub(super) start: u64,
    /// The file's whole length.
    pub(super) length: Option<u64>,
    pub(super) etag: Option<String>,
    pub(super) modified: Option<SystemTime>,
    /// The checksum, where the bytes are an original's.
    pub(super) crc32: Option<u32>,
}

impl Label {
    fn opening(&self) -> Opening {
        Opening {
            path: self.path.clone(),
            start: self.start,
            coming: self.length.unwrap_or(0).saturating_sub(self.start),
        }
    }
}

/// A staged file yet to be opened. That waits for the first bytes, so that it costs no hand-over of its own.
struct Opening {
    path: PathBuf,
    start: u64,
    /// Bytes to come, as far as announced.
    coming: u64,
}

impl Opening {
    fn open(self) -> Result<Staged, LibraryError> {
        let folder = self.path.parent().unwrap_or(&self.path);
        check_room(folder, self.coming).map_err(LibraryError::disk("write", &self.path))?;
        Staged::open(&self.path, self.start).map_err(LibraryError::disk("open", &self.path))
    }
}

/// The staged file between two hand-overs.
enum Hand {
    Unopened(Opening),
    Open(Staged),
}

impl Hand {
    fn staged(self) -> Result<Staged, LibraryError> {
        match self {
            Self::Unopened(opening) => opening.open(),
            Self::Open(staged) => Ok(staged),
        }
    }
}

/// A file being written.
pub(super) struct DiskDeposit {
    librarian: Librarian,
    syncs: Arc<Semaphore>,
    label: Label,
    idle: Option<Hand>,
    heap: Vec<Bytes>,
    heap_bytes: usize,
}

impl DiskDeposit {
    /// `syncs` has [`SYNCS_AT_ONCE`] turns for all files of a library.
    pub(super) fn new(librarian: Librarian, syncs: Arc<Semaphore>, label: Label) -> Self {
        Self {
            librarian,
            syncs,
            idle: Some(Hand::Unopened(label.opening())),
            label,
            heap: Vec::new(),
            heap_bytes: 0,
        }
    }

    fn hand(&mut self) -> Result<Hand, LibraryError> {
        self.idle.take().ok_or(LibraryError::Closed)
    }

    async fn remember(&self, safe: u64) -> Result<(), LibraryError> {
        let (item, role) = (self.label.item, self.label.role);
        let row = files::PartialRow {
            bytes: safe,
            length: self.label.length,
            etag: self.label.etag.clone(),
        };
        self.librarian
            .note(move |db| files::put_partial(db, item, role, &row))
            .await
    }

    /// Writes what was gathered.
    async fn write_heap(&mut self) -> Result<(), LibraryError> {
        let hand = self.hand()?;
        let (heap, path) = (self.take_heap(), self.label.path.clone());
        let written = here_or_elsewhere(move || {
            let mut staged = hand.staged()?;
            let written = staged.append(&heap).map_err(LibraryError::disk("write", &path))?;
            Ok((staged, written))
        });
        let (staged, safe) = written.await?;
        self.idle = Some(Hand::Open(staged));
        match safe {
            Some(safe) => self.remember(safe).await,
            None => Ok(()),
        }
    }

    fn take_heap(&mut self) -> Vec<Bytes> {
        self.heap_bytes = 0;
        std::mem::take(&mut self.heap)
    }

    /// Writes the rest, then does `last` with the file, all in one hand-over.
    async fn finish<T: Send + 'static>(
        &mut self,
        action: &'static str,
        last: impl FnOnce(Staged) -> io::Result<T> + Send + 'static,
    ) -> Result<T, LibraryError> {
        let hand = self.hand()?;
        let (heap, path) = (self.take_heap(), self.label.path.clone());
        here_or_elsewhere(move || {
            let mut staged = hand.staged()?;
            let finished = staged.append(&heap).and_then(|_| last(staged));
            finished.map_err(LibraryError::disk(action, &path))
        })
        .await
    }
}

/// Does file work that may block, on this thread where that holds nobody up: the bytes just received are in this
/// core's cache, and to fetch them from another's costs more than to write and hash them.
async fn here_or_elsewhere<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LibraryError> + Send + 'static,
) -> Result<T, LibraryError> {
    if Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread {
        block_in_place(work)
    } else {
        blocking(work).await
    }
}

#[async_trait]
impl Deposit for DiskDeposit {
    async fn write(&mut self, chunk: Bytes) -> Result<(), LibraryError> {
        self.heap_bytes += chunk.len();
        self.heap.push(chunk);
        if self.heap_bytes < HEAP_BYTES {
            Ok(())
        } else {
            self.write_heap().await
        }
    }

    async fn inspect(&mut self) -> Result<Inspection, LibraryError> {
        let inspect = |mut staged: Staged| {
            let whole = staged.is_whole()?;
            let inspection = Inspection {
                head: staged.head(),
                length: staged.length(),
                whole,
            };
            Ok((staged, inspection))
        };
        let (staged, inspection) = self.finish("read", inspect).await?;
        self.idle = Some(Hand::Open(staged));
        Ok(inspection)
    }

    async fn commit(mut self: Box<Self>) -> Result<Stored, LibraryError> {
        let modified = self.label.modified;
        let syncs = Arc::clone(&self.syncs);
        let turn = syncs.acquire().await.map_err(|_| LibraryError::Closed)?;
        let sealed = self.finish("write", move |staged| staged.seal(modified)).await?;
        drop(turn);
        let (bytes, head) = (sealed.size, sealed.head.clone());
        let Label {
            item, role, crc32, ..
        } = self.label;
        let path = self
            .librarian
            .place(|reply| PlaceRequest {
                item,
                role,
                sealed,
                crc32,
                reply,
            })
            .await?;
        Ok(Stored {
            path: path.into(),
            bytes,
            head,
        })
    }

    async fn suspend(mut self: Box<Self>) -> Result<(), LibraryError> {
        let safe = self.finish("write", |mut staged| staged.checkpoint()).await?;
        self.remember(safe).await
    }

    async fn discard(self: Box<Self>) -> Result<(), LibraryError> {
        let (item, role) = (self.label.item, self.label.role);
        // First, so that a crash leaves a file to be swept away, not a piece without its bytes.
        self.librarian
            .note(move |db| files::forget_partial(db, item, role))
            .await?;
        let path = self.label.path.clone();
        blocking(move || match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(LibraryError::disk("remove", &path)(error))
            }
            _ => Ok(()),
        })
        .await
    }
}
