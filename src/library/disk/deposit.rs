//! A file being written, seen from a worker: chunks are gathered, and written and hashed beside the transfer.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::task::JoinHandle;

use super::blocking;
use super::librarian::Librarian;
use super::place::check_room;
use super::placing::PlaceRequest;
use super::staged::Staged;
use crate::library::index::files;
use crate::library::{Deposit, Inspection, LibraryError, Stored};
use crate::media::Role;

/// Chunks are gathered up to this size: a hand-over to a writing thread costs about as much as writing 30 kB,
/// and two such heaps per worker are held in memory.
const HEAP_BYTES: usize = 256 << 10;

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

/// The staged file, and how many bytes are safe from a power cut if that changed.
type Written = Result<(Staged, Option<u64>), LibraryError>;

/// A file being written. At any time either `idle` or `busy` holds it.
pub(super) struct DiskDeposit {
    librarian: Librarian,
    label: Label,
    idle: Option<Hand>,
    busy: Option<JoinHandle<Written>>,
    heap: Vec<Bytes>,
    heap_bytes: usize,
}

impl DiskDeposit {
    pub(super) fn new(librarian: Librarian, label: Label) -> Self {
        Self {
            librarian,
            idle: Some(Hand::Unopened(label.opening())),
            label,
            busy: None,
            heap: Vec::new(),
            heap_bytes: 0,
        }
    }

    /// The staged file, after whatever was being written to it is written.
    async fn hand(&mut self) -> Result<Hand, LibraryError> {
        if let Some(busy) = self.busy.take() {
            let (staged, written) = busy.await.map_err(|_| LibraryError::Closed)??;
            if let Some(safe) = written {
                self.remember(safe).await?;
            }
            return Ok(Hand::Open(staged));
        }
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

    /// Starts writing what was gathered.
    async fn start_writing(&mut self) -> Result<(), LibraryError> {
        let hand = self.hand().await?;
        let (heap, path) = (self.take_heap(), self.label.path.clone());
        self.busy = Some(tokio::task::spawn_blocking(move || {
            let mut staged = hand.staged()?;
            let written = staged.append(&heap).map_err(LibraryError::disk("write", &path))?;
            Ok((staged, written))
        }));
        Ok(())
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
        let hand = self.hand().await?;
        let (heap, path) = (self.take_heap(), self.label.path.clone());
        blocking(move || {
            let mut staged = hand.staged()?;
            let finished = staged.append(&heap).and_then(|_| last(staged));
            finished.map_err(LibraryError::disk(action, &path))
        })
        .await
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
            self.start_writing().await
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
        let sealed = self.finish("write", move |staged| staged.seal(modified)).await?;
        let (bytes, head) = (sealed.size, sealed.head.clone());
        let Label { item, role, .. } = self.label;
        let path = self
            .librarian
            .place(|reply| PlaceRequest {
                item,
                role,
                sealed,
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

    async fn discard(mut self: Box<Self>) -> Result<(), LibraryError> {
        if let Some(busy) = self.busy.take() {
            // What became of the writing does not matter any more, only that it is over.
            drop(busy.await);
        }
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
