//! The fate of one entry, small enough to be made for each of them, and the words for what a bucket does not say.

use std::fmt;

use crate::source::takeout::archive::Refusal;
use crate::source::takeout::meaning::entry::EntryId;
use crate::source::takeout::wishes::WhyNot;

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) bucket: &'static str,
    /// The place of the item it belongs to.
    pub(super) item: Option<usize>,
    pub(super) because: Option<Because>,
    /// The export and the number of the entry that was kept, of which it is a copy.
    pub(super) same_as: Option<(u16, EntryId)>,
}

impl Fate {
    /// There is no more to it than its bucket.
    pub(super) const fn plain(bucket: &'static str) -> Self {
        Self {
            bucket,
            item: None,
            because: None,
            same_as: None,
        }
    }

    pub(super) const fn of_item(self, at: usize) -> Self {
        Self {
            item: Some(at),
            ..self
        }
    }

    pub(super) const fn because(self, because: Because) -> Self {
        self.maybe_because(Some(because))
    }

    pub(super) const fn maybe_because(self, because: Option<Because>) -> Self {
        Self { because, ..self }
    }
}

/// Why an entry is in its bucket, where the bucket does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    Refused(Refusal),
    NotWanted(WhyNot),
    OtherVersion,
    ItsMediaIsNotWanted(WhyNot),
    ItsMediaIsNotHere,
    ItsVideoFailed,
    Invalid,
    TooLong,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::NotWanted(why) => write!(f, "it is {}", place(*why)),
            Self::OtherVersion => f.write_str("another version of it was wanted"),
            Self::ItsMediaIsNotWanted(why) => write!(f, "its photo or video is {}", place(*why)),
            Self::ItsMediaIsNotHere => f.write_str("its photo or video is not in these parts"),
            Self::ItsVideoFailed => f.write_str("Google could not read its video"),
            Self::Invalid => f.write_str("it cannot be understood"),
            Self::TooLong => f.write_str("it is longer than any JSON of Google Photos"),
        }
    }
}

const fn place(why: WhyNot) -> &'static str {
    match why {
        WhyNot::Trashed => "in the trash",
        WhyNot::Locked => "in the locked folder",
        WhyNot::Archived => "archived",
    }
}
