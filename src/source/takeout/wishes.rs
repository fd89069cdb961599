//! What the user wants of an export.

use super::meaning::gather::Item;
use super::remarks::LeftOut;

/// Which versions of an edited photo are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The original, and the edited version beside it.
    #[default]
    Both,
    /// The edited version instead of the original.
    Edited,
    /// The original alone.
    Original,
}

/// What the user wants of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub(crate) kept: Kept,
    /// What is in the trash too.
    pub(crate) trashed: bool,
    /// What is in the locked folder too.
    pub(crate) locked: bool,
    /// Not what is archived.
    pub(crate) no_archived: bool,
}

impl Wishes {
    /// Whether an item is wanted; one that is not is counted.
    pub(super) fn wants(self, item: &Item, left_out: &mut LeftOut) -> bool {
        let marks = item.marks;
        let why_not = if marks.trashed && !self.trashed {
            &mut left_out.trashed
        } else if marks.locked && !self.locked {
            &mut left_out.locked
        } else if marks.archived && self.no_archived {
            &mut left_out.archived
        } else {
            return true;
        };
        *why_not += 1;
        false
    }
}
