//! Options that are a choice between words.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::library::index::State;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BucketArg {
    /// All its files are here
    Stored,
    /// Nothing was done about it yet
    Found,
    /// Google is still working on it
    Waiting,
    /// Google cannot deliver it
    Unavailable,
    /// It could not be fetched
    Failed,
}

impl From<BucketArg> for State {
    fn from(bucket: BucketArg) -> Self {
        match bucket {
            BucketArg::Stored => Self::Stored,
            BucketArg::Found => Self::Found,
            BucketArg::Waiting => Self::Waiting,
            BucketArg::Unavailable => Self::Unavailable,
            BucketArg::Failed => Self::Failed,
        }
    }
}

/// What tells items of one name apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StrategyArg {
    /// The time taken, in hexadecimal nanoseconds since 1970
    #[default]
    Unixhex,
    /// The item's id
    Id,
}

/// What to do when the day's quota is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum QuotaArg {
    /// Sleep until it is full again
    #[default]
    Wait,
    /// End with code 5
    Exit,
}

/// Which versions of an edited photo to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EditedArg {
    /// The original, and the edited version beside it
    #[default]
    Both,
    /// The edited version in the place of the original
    Edited,
    /// The original alone
    Original,
}

/// How albums appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AlbumsArg {
    /// As folders of links to the files
    #[default]
    Links,
    /// As lists of the files
    List,
    /// Not at all; the index knows them
    None,
}

/// What is written beside photos about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SidecarsArg {
    /// XMP, as digiKam, Immich and darktable read it
    #[default]
    Xmp,
    /// What Google wrote, as JSON
    Json,
    /// Nothing
    None,
}
