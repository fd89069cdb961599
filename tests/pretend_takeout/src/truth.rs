//! What an importer should find out, told beside the export.

use std::io::{self, Write};

use serde::Serialize;

/// Whose bytes a media file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The photo or video itself.
    Main,
    /// The version edited in Google Photos.
    Edited,
    /// The clip of a live or motion photo.
    Clip,
}

/// Where the right time is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeFrom {
    /// In the sidecar.
    Sidecar,
    /// In the file.
    File,
    /// Nowhere but in its name or the year of its folder.
    Folder,
}

/// One media file of an export: one path in one part.
#[derive(Clone, Debug, Serialize)]
pub struct Media {
    /// The part's file name.
    pub part: String,
    /// The path below `Takeout/`.
    pub path: String,
    /// The path of the sidecar it belongs to, which may lie in another part.
    pub sidecar: Option<String>,
    /// Item and role tell a content: files that have both in common are copies of each other.
    pub item: u32,
    /// Whose bytes these are.
    pub role: Role,
    /// The path of the main file beside it, for edited versions and clips; none if that is not in the export.
    pub belongs_to: Option<String>,
    /// When it was taken, in seconds since the epoch; none if at best its name or folder tells.
    pub taken: Option<i64>,
    /// Where that is found.
    pub taken_from: TimeFrom,
    /// Whether names or contents tell which sidecar and which photo it belongs to. They do not where files of one name
    /// count otherwise than their sidecars, and the file itself says nothing.
    pub can_be_told: bool,
    /// The title it should get its name from.
    pub title: String,
    /// The folder's path, if it is an album.
    pub album: Option<String>,
    /// `year`, `archive`, `trash`, `locked` or `failed`, of the item's home.
    pub home: &'static str,
    /// What its name looks like, for telling which shapes fail.
    pub shape: String,
    /// Its size.
    pub size: u64,
    /// The CRC-32 of its bytes.
    pub crc32: u32,
}

/// An album.
#[derive(Clone, Debug, Serialize)]
pub struct Album {
    /// The folder's path below `Takeout/`.
    pub folder: String,
    /// Its title; empty if it has none.
    pub title: String,
    /// Items of which it holds nothing but the sidecar.
    pub only_sidecars: Vec<u32>,
}

/// All there is to know about an export.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Truth {
    /// Names of the parts, in order.
    pub parts: Vec<String>,
    /// All media files.
    pub media: Vec<Media>,
    /// All albums.
    pub albums: Vec<Album>,
    /// Sidecars whose media are nowhere in the export.
    pub lonely_sidecars: Vec<String>,
    /// How many items have a main file.
    pub items: u32,
    /// Entries of all parts, media or not, copies included.
    pub entries: u64,
    /// Entries that are a copy of one in another part, under the same path.
    pub repeated: Vec<String>,
    /// Bytes of all entries, unpacked.
    pub bytes: u64,
}

impl Truth {
    /// Writes it down as JSON.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write(&self, into: impl Write) -> io::Result<()> {
        serde_json::to_writer(into, self).map_err(io::Error::from)
    }
}
