//! What became of each entry of an export: every one ends in exactly one of these, so that counts add up.

use super::plan::{AlbumId, ItemId};
use crate::source::takeout::meaning::entry::EntryId;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// The photo or video of an item.
    Main(ItemId),
    /// The moving half of an item.
    Half(ItemId),
    /// An edited version of an item.
    Version(ItemId),
    /// The same bytes as another file of the item; it need not be read.
    Copy(ItemId),
    /// It tells of the item.
    Sidecar(ItemId),
    /// It tells of a photo that is not in the export, or not in the parts that are here.
    LoneSidecar,
    /// It tells of the album.
    Album(AlbumId),
    /// It tells of a folder that is no album, or it is one more file of an album.
    FolderText,
    /// The comments of a shared album.
    Comments,
    /// JSON about something else: orders, titles of memories.
    OtherJson,
    /// JSON that cannot be read.
    InvalidJson,
    /// JSON that was not read: too large for anything Google Photos writes, or nobody handed it over.
    UnreadJson,
    /// A page for people, such as `archive_browser.html`, or another file that is no photo.
    NotMedia,
    /// It belongs to another product of Google's.
    OtherProduct,
    /// Left behind by another system.
    Litter,
    /// A video that Google itself could not read.
    FailedVideo,
    /// The same path and the same bytes as an entry of another part.
    Repeated(EntryId),
}

#[cfg(test)]
impl Verdict {
    /// A name for tests.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Main(_) => "item",
            Self::Half(_) => "motion",
            Self::Version(_) => "edited",
            Self::Copy(_) => "copy",
            Self::Sidecar(_) => "sidecar",
            Self::LoneSidecar => "sidecar-without-media",
            Self::Album(_) => "album",
            Self::FolderText => "folder-text",
            Self::Comments => "comments",
            Self::OtherJson => "other-json",
            Self::InvalidJson => "invalid-json",
            Self::UnreadJson => "unread-json",
            Self::NotMedia => "not-media",
            Self::OtherProduct => "other-product",
            Self::Litter => "litter",
            Self::FailedVideo => "failed-video",
            Self::Repeated(_) => "repeated",
        }
    }
}
