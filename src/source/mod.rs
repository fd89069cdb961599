//! Where items come from: the promise every source keeps.

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::media::{MediaItem, Role};

mod error;
pub mod google;
pub mod library_api;
pub mod picker;
pub(crate) mod takeout;

pub use error::{Disposition, QuotaSpan, SourceError, SourceErrorKind};

/// Lists media items and opens their bytes. Shared by the lister and all workers.
#[async_trait]
pub trait Source: Debug + Send + Sync {
    /// A short lower-case name for messages and the index, for example `library-api`.
    fn name(&self) -> &'static str;

    /// All items, in batches as they arrive, newest first where the source can. A batch may be empty.
    ///
    /// The stream ends after the last item or after the first error that another attempt would not mend;
    /// retries are its own affair.
    fn list(&self) -> BoxStream<'static, Result<Batch, SourceError>>;

    /// Opens the bytes of one file of `item`, from `resume.offset` on where the source can.
    ///
    /// One attempt: it never retries a request, though it may fetch a fresh link first.
    async fn open(&self, item: &MediaItem, role: Role, resume: &Resume) -> Result<Content, SourceError>;
}

/// What one step of a listing brought.
#[derive(Debug)]
pub enum Batch {
    /// Some items, possibly none.
    Items(Vec<MediaItem>),
    /// The listing starts over; what was listed before will come again.
    Restarted,
}

/// How much of a file is already here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// Bytes already held.
    pub offset: u64,
    /// The whole length those bytes were a part of.
    pub length: Option<u64>,
    /// The entity tag those bytes came with.
    pub etag: Option<String>,
}

/// An opened body.
pub struct Content {
    /// Where the body starts: `resume.offset`, or 0 when the source starts over.
    pub start: u64,
    /// The length of the whole file in bytes, if the source tells.
    pub length: Option<u64>,
    /// The `Content-Type`, without parameters and in lower case.
    pub content_type: Option<String>,
    /// The strong entity tag, if there is one.
    pub etag: Option<String>,
    /// The bytes from `start` on.
    pub chunks: BoxStream<'static, Result<Bytes, SourceError>>,
}

impl Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("start", &self.start)
            .field("length", &self.length)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
