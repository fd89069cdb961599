//! The plan of an import: items, albums, and what each entry is to them.

#[cfg(test)]
use std::collections::BTreeMap;

use super::naming;
use super::verdict::Verdict;
use crate::source::takeout::meaning::entry::{Entries, EntryId, FolderId};
use crate::source::takeout::meaning::facts::People;
use crate::source::takeout::meaning::folders::{FolderDate, FolderKind};
use crate::source::takeout::meaning::json::{Marks, Origin, Place};
use crate::source::takeout::meaning::pairing::Tie;

/// An item's place in [`Plan::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ItemId(pub(crate) u32);

/// An album's place in [`Plan::albums`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AlbumId(pub(crate) u32);

/// One photo or video, from however many folders and parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// The file to keep. Where the original is missing, the next best: an edited version, or a moving half.
    pub(crate) main: Tie,
    pub(crate) half: Option<Tie>,
    /// Edited versions, and whatever else belongs to the item and has bytes of its own.
    pub(crate) versions: Box<[Tie]>,
    /// Files of the same bytes as one of those above.
    pub(crate) copies: Box<[Tie]>,
    /// All sidecars that tell of it, the one that counts most first.
    pub(crate) sidecars: Box<[EntryId]>,
    /// The sidecar with the longest description, to be read again for it.
    pub(crate) described_by: Option<EntryId>,
    /// The title that counts.
    pub(crate) title: Option<Box<str>>,
    /// `photoTakenTime` where it says anything, in seconds since 1970.
    pub(crate) taken: Option<i64>,
    /// What the folders say about the time.
    pub(crate) folder_date: Option<FolderDate>,
    pub(crate) place: Option<Place>,
    /// Numbers of [`People`].
    pub(crate) people: Box<[u32]>,
    pub(crate) albums: Box<[AlbumId]>,
    pub(crate) marks: Marks,
    pub(crate) origin: Option<Origin>,
}

/// An album. Its identity is its folder: two albums of one title stay two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Album {
    pub(crate) folder: FolderId,
    /// Whole, where its file tells it; else the folder's name. Empty for an album without a name.
    pub(crate) title: Box<str>,
    /// The file that tells of it, to be read again for the rest.
    pub(crate) text: Option<EntryId>,
}

/// What is to be done with an export.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) entries: Entries,
    /// By folder.
    pub(crate) folders: Vec<FolderKind>,
    pub(crate) items: Vec<Item>,
    pub(crate) albums: Vec<Album>,
    /// By entry.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) people: People,
}

impl Plan {
    /// The item of this number.
    pub(crate) fn item(&self, id: ItemId) -> &Item {
        &self.items[id.0 as usize]
    }

    /// Whether there is anything of Google Photos in the export at all.
    pub(crate) fn has_photos(&self) -> bool {
        self.folders
            .iter()
            .any(|kind| !matches!(kind, FolderKind::Foreign | FolderKind::Litter))
    }

    /// What an entry is.
    pub(crate) fn verdict(&self, entry: EntryId) -> Verdict {
        self.verdicts[entry.0 as usize]
    }

    /// How many entries are in each bucket; the numbers add up to all entries.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for verdict in &self.verdicts {
            *counts.entry(verdict.word()).or_default() += 1;
        }
        counts
    }

    /// The name under which an item was uploaded, whole and with an extension that its file has.
    pub(crate) fn name(&self, item: &Item) -> String {
        naming::uploaded_name(
            item.title.as_deref(),
            self.entries.get(item.main.entry).name,
            item.main.rule,
        )
    }
}
