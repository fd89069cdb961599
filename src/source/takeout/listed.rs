//! The items of the library that an import brings, and which entries their files are.

use super::archive::Spot;
use super::meaning::entry::EntryId;
use super::meaning::gather::ItemId;
use crate::media::Role;

/// The content of a file: length and CRC-32.
pub(super) type Content = (u64, u32);

/// A file to be brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) spot: Spot,
    pub(super) size: u64,
    pub(super) crc32: u32,
}

/// An item of the library.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) export: u16,
    pub(super) item: ItemId,
    /// The entries of its files: the main one, then the moving half and the edited version.
    pub(super) main: EntryId,
    pub(super) half: Option<Box<Companion>>,
    pub(super) edited: Option<Box<Companion>>,
    pub(super) content: Content,
    /// In seconds since 1970.
    pub(super) taken: Option<i64>,
    /// One more version of an item that has an edited one already.
    pub(super) is_version: bool,
}

/// A file beside the main one, which few items have. Where the newest export lacks it, it is an older one's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Companion {
    pub(super) export: u16,
    pub(super) entry: EntryId,
    pub(super) content: Content,
}

impl Listed {
    /// A file of this item, as an item beside it.
    pub(super) fn apart(&self, file: Companion, is_version: bool) -> Self {
        Self {
            export: file.export,
            item: self.item,
            main: file.entry,
            half: None,
            edited: None,
            content: file.content,
            taken: self.taken,
            is_version,
        }
    }

    /// The export and the entry of a file.
    pub(super) fn entry(&self, role: Role) -> Option<(u16, EntryId)> {
        match role {
            Role::Main => Some((self.export, self.main)),
            Role::Clip => self.half.as_ref().map(|half| (half.export, half.entry)),
            Role::Edited => self.edited.as_ref().map(|edited| (edited.export, edited.entry)),
        }
    }

    pub(super) fn crc32(&self, role: Role) -> Option<u32> {
        match role {
            Role::Main => Some(self.content.1),
            Role::Clip => self.half.as_ref().map(|half| half.content.1),
            Role::Edited => self.edited.as_ref().map(|edited| edited.content.1),
        }
    }
}

/// The files that an item may consist of.
pub(super) const ROLES: [Role; 3] = [Role::Main, Role::Clip, Role::Edited];
