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

/// Why the user does not want an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhyNot {
    Trashed,
    Locked,
    Archived,
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
        let Some(why_not) = self.why_not(item) else {
            return true;
        };
        *match why_not {
            WhyNot::Trashed => &mut left_out.trashed,
            WhyNot::Locked => &mut left_out.locked,
            WhyNot::Archived => &mut left_out.archived,
        } += 1;
        false
    }

    /// Why an item is not wanted; nothing of one that is.
    pub(super) const fn why_not(self, item: &Item) -> Option<WhyNot> {
        let marks = item.marks;
        if marks.trashed && !self.trashed {
            Some(WhyNot::Trashed)
        } else if marks.locked && !self.locked {
            Some(WhyNot::Locked)
        } else if marks.archived && self.no_archived {
            Some(WhyNot::Archived)
        } else {
            None
        }
    }
}
