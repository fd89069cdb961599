//! The nouns every stage shares: media items and the files they consist of.
//!
//! Nothing here knows where an item comes from or where it goes.

use std::fmt;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::secret::Secret;

/// A media item's id as its source gives it. Stable for as long as the source keeps the item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaId(String);

impl MediaId {
    /// Wraps an id exactly as the source wrote it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id, unchanged.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an item is; it decides which bytes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A still; it may own a second file, the clip of a motion photo.
    Photo,
    /// A film.
    Video,
}

/// Whether the source can deliver an item's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// The bytes can be asked for.
    Ready,
    /// Google is still working on it; ask again in a later run.
    Processing,
    /// Google gave up on it and will not deliver it.
    Failed,
}

/// One photo or video as a source knows it.
#[derive(Clone, Debug)]
pub struct MediaItem {
    /// The source's id.
    pub id: MediaId,
    /// The name Google shows; may be empty, repeated, or hostile.
    pub file_name: String,
    /// The MIME type the source claims, for example `image/jpeg`; may be empty.
    pub mime_type: String,
    /// When it was taken, in UTC; `None` when the source does not say.
    pub taken: Option<DateTime<Utc>>,
    /// Photo or video.
    pub kind: MediaKind,
    /// Whether its bytes can be asked for now.
    pub readiness: Readiness,
    /// Where its bytes are, as far as the listing told.
    pub locator: Option<Locator>,
}

/// One of the files an item consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The photo or the video itself.
    Main,
    /// The moving half of a motion photo.
    Clip,
}

impl Role {
    /// The word stored in the index and shown in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Clip => "clip",
        }
    }
}

/// A base URL and when it was handed out. It dies within the hour, so it is never stored, and never shown:
/// whoever holds it can fetch the bytes.
#[derive(Clone)]
pub struct Locator {
    /// The base URL, without a suffix such as `=d`.
    pub base_url: Secret,
    /// When the source handed it out.
    pub obtained: Instant,
}

impl fmt::Debug for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Locator(..)")
    }
}
