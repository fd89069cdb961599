//! Where items are kept: the promise every library keeps.
//!
//! A file that is being written is a [`Deposit`]: invisible until committed, and dropped means it never happened.

pub(crate) mod completeness;
pub mod disk;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod ledger;
pub(crate) mod motion;
pub(crate) mod name_key;
pub(crate) mod safe_name;
pub(crate) mod scrub;
pub(crate) mod sniff;
pub(crate) mod xmp;

mod error;

use std::fmt::Debug;
use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;

use crate::media::{MediaItem, Role};
use crate::pipeline::summary::Outcome;
use crate::source::Resume;

pub use error::LibraryError;

/// Which item of a library is meant; given out by [`Library::admit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemKey(pub(crate) i64);

/// What the library says to an item it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It was shown before in this run.
    Repeated,
    /// Nothing is to be fetched: this is its bucket.
    Settled(Outcome),
    /// Its bytes are wanted.
    Wanted(ItemKey),
}

/// How much of a wanted item's file is here already.
#[derive(Debug)]
pub enum Holding {
    /// The whole file; `head` is its beginning.
    Whole {
        /// Its first bytes.
        head: Bytes,
    },
    /// Nothing, or a piece to continue from.
    Part(Resume),
}

/// A file that was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Relative to the library.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its beginning.
    pub head: Bytes,
}

/// What a file is going to be, as its source announced it.
#[derive(Clone, Debug, Default)]
pub struct Announcement {
    /// Where the coming bytes start in the file.
    pub start: u64,
    /// The file's whole length.
    pub length: Option<u64>,
    /// The strong entity tag.
    pub etag: Option<String>,
    /// The `Content-Type`.
    pub content_type: Option<String>,
}

/// Keeps items. Shared by the lister and all workers.
#[async_trait]
pub trait Library: Debug + Send + Sync {
    /// Hears of items that `source` listed and says, one for one, what is to be done about them.
    async fn admit(&self, source: &'static str, batch: &[MediaItem]) -> Result<Vec<Admission>, LibraryError>;

    /// Looks for a file of a wanted item. A file that another tool left in its place, whole and with the item's
    /// time, is taken over.
    async fn holding(&self, key: ItemKey, item: &MediaItem, role: Role) -> Result<Holding, LibraryError>;

    /// Begins or continues a file.
    async fn deposit(
        &self,
        key: ItemKey,
        item: &MediaItem,
        role: Role,
        announced: Announcement,
    ) -> Result<Box<dyn Deposit>, LibraryError>;

    /// Remembers the bucket a wanted item ended in.
    async fn conclude(&self, key: ItemKey, outcome: &Outcome) -> Result<(), LibraryError>;

    /// How many files moved since this was opened because a newer item claimed their name.
    fn renamed(&self) -> u64;

    /// Makes everything durable that was committed. Called once, at the end of a run.
    async fn close(&self) -> Result<(), LibraryError>;
}

/// A file being written.
#[async_trait]
pub trait Deposit: Send {
    /// Appends bytes.
    async fn write(&mut self, chunk: Bytes) -> Result<(), LibraryError>;

    /// The file's first bytes and its length so far, for checks before it is committed.
    async fn inspect(&mut self) -> Result<Inspection, LibraryError>;

    /// Makes the file durable and gives it its final name.
    async fn commit(self: Box<Self>) -> Result<Stored, LibraryError>;

    /// Keeps what is here, so that a later attempt or run can continue.
    async fn suspend(self: Box<Self>) -> Result<(), LibraryError>;

    /// Forgets what is here: it was not the right thing.
    async fn discard(self: Box<Self>) -> Result<(), LibraryError>;
}

/// What a deposit holds.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The first bytes.
    pub head: Bytes,
    /// Bytes so far.
    pub length: u64,
    /// Whether the format's own structure is whole; `None` when the format cannot tell.
    pub whole: Option<bool>,
}
