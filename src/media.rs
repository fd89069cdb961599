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

    /// The id of what is known by its content alone.
    pub fn of_content(size: u64, crc32: u32) -> Self {
        Self(format!("{crc32:08x}-{size}"))
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
    /// The files it consists of, the main one first, where the source knows them beforehand with their checksums.
    /// Such bytes are originals: they are believed as they are, and better than what any API converts.
    pub files: Vec<KnownFile>,
}

impl MediaItem {
    /// What is known beforehand of one of its files.
    pub fn known(&self, role: Role) -> Option<KnownFile> {
        self.files.iter().copied().find(|file| file.role == role)
    }
}

/// A file whose content is known before its bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Which file of the item it is.
    pub role: Role,
    /// Its length.
    pub size: u64,
    /// The CRC-32 of its bytes.
    pub crc32: u32,
    /// Its extension with the dot, for those that are named after the main file; else empty.
    pub extension: Extension,
}

impl KnownFile {
    /// The id that it would have, had it been taken for an item of its own.
    pub fn own_id(&self) -> MediaId {
        MediaId::of_content(self.size, self.crc32)
    }
}

/// A short extension with its dot, held in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extension([u8; Self::MOST]);

impl Extension {
    /// The longest there is among photographs is half of this.
    const MOST: usize = 12;

    /// The extension of a name, in lower case; empty without one, or if it is no plain one.
    pub fn of(name: &str) -> Self {
        let mut bytes = [0; Self::MOST];
        let after = name.rfind('.').map_or("", |dot| &name[dot..]);
        let is_plain = after.len() > 1
            && after.len() <= Self::MOST
            && after.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric());
        if is_plain {
            bytes[..after.len()].copy_from_slice(after.to_ascii_lowercase().as_bytes());
        }
        Self(bytes)
    }

    /// The extension with its dot, or nothing.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(Self::MOST);
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }
}

/// One of the files an item consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The photo or the video itself.
    Main,
    /// The moving half of a motion photo.
    Clip,
    /// The version that was edited in Google Photos.
    Edited,
}

impl Role {
    /// The word stored in the index and shown in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Clip => "clip",
            Self::Edited => "edited",
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
