//! A file being written, seen from a worker: chunks are gathered, and written and hashed beside the transfer.

use std::io;
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::task::JoinHandle;

use super::librarian::Librarian;
use super::placing::PlaceRequest;
use super::staged::Staged;
use crate::library::index::{Durability, files};
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
    pub(super) length: Option<u64>,
    pub(super) etag: Option<String>,
    pub(super) modified: Option<SystemTime>,
}

/// A file being written. At any time either `idle` or `busy` holds it.
pub(super) struct DiskDeposit {
    librarian: Librarian,
    label: Label,
    path: std::path::PathBuf,
    idle: Option<Staged>,
    busy: Option<JoinHandle<(Staged, io::Result<Option<u64>>)>>,
    heap: Vec<Bytes>,
    heap_bytes: usize,
}

impl DiskDeposit {
    pub(super) fn new(librarian: Librarian, label: Label, staged: Staged, path: std::path::PathBuf) -> Self {
        Self {
            librarian,
            label,
            path,
            idle: Some(staged),
            busy: None,
            heap: Vec::new(),
            heap_bytes: 0,
        }
    }

    /// The staged file, after whatever was being written to it is written.
    async fn staged(&mut self) -> Result<Staged, LibraryError> {
        if let Some(busy) = self.busy.take() {
            let (staged, written) = busy.await.map_err(|_| LibraryError::Closed)?;
            self.idle = Some(staged);
            if let Some(safe) = written.map_err(LibraryError::disk("write", &self.path))? {
                self.remember(safe).await?;
            }
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
            .ask(move |desk| {
                desk.index
                    .change(Durability::Process, |db| files::put_partial(db, item, role, &row))
            })
            .await
    }

    /// Starts writing what was gathered.
    async fn start_writing(&mut self) -> Result<(), LibraryError> {
        let mut staged = self.staged().await?;
        let heap = std::mem::take(&mut self.heap);
        self.heap_bytes = 0;
        self.busy = Some(tokio::task::spawn_blocking(move || {
            let written = staged.append(&heap);
            (staged, written)
        }));
        Ok(())
    }

    /// Writes the rest, then does `last` with the file, all in one hand-over.
    async fn finish<T: Send + 'static>(
        &mut self,
        action: &'static str,
        last: impl FnOnce(Staged) -> io::Result<T> + Send + 'static,
    ) -> Result<T, LibraryError> {
        let mut staged = self.staged().await?;
        let heap = std::mem::take(&mut self.heap);
        let finished = tokio::task::spawn_blocking(move || {
            staged.append(&heap)?;
            last(staged)
        });
        finished
            .await
            .map_err(|_| LibraryError::Closed)?
            .map_err(LibraryError::disk(action, &self.path))
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
        self.heap_bytes = 0;
        self.idle = Some(staged);
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
        let (item, role) = (self.label.item, self.label.role);
        self.finish("remove", Staged::remove).await?;
        self.librarian
            .ask(move |desk| {
                desk.index
                    .change(Durability::Process, |db| files::forget_partial(db, item, role))
            })
            .await
    }
}
