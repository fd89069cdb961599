//! Counting the entries of an inventory.

use super::*;

/// How many entries there are of each standing. Every entry is in exactly one of the numbers but the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// All entries of all parts.
    pub(crate) entries: u64,
    /// Files to be looked at.
    pub(crate) files: u64,
    /// Folders' own entries.
    pub(crate) folders: u64,
    /// Files that are there once more.
    pub(crate) copies: u64,
    /// What Synology's station has put there.
    pub(crate) synology: u64,
    /// What computers put everywhere.
    pub(crate) debris: u64,
    /// Entries that cannot be read.
    pub(crate) refused: u64,
}

impl Tally {
    fn count(&mut self, standing: Standing) {
        self.entries += 1;
        *match standing {
            Standing::File => &mut self.files,
            Standing::Folder => &mut self.folders,
            Standing::Copy => &mut self.copies,
            Standing::Synology => &mut self.synology,
            Standing::Debris => &mut self.debris,
            Standing::Refused(_) => &mut self.refused,
        } += 1;
    }
}

impl Inventory {
    /// How many entries there are of each standing.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for entry in self.parts().flat_map(|(_, part)| part.table().iter()) {
            tally.count(entry.standing());
        }
        tally
    }
}
