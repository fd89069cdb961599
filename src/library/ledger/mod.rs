//! The ledger of entries: what became of every entry of every part of an export, so that anyone can prove that nothing
//! was left behind, with `zcat` if need be.
//!
//! There is one file for each part, `.gphotosync/entries/<part>.jsonl.gz`: a line that says what it is, then a line for
//! each entry, in the part's order. It is written when an import is over, and replaces what an earlier import of that
//! part wrote.

mod file_name;
mod search;
#[cfg(test)]
mod tests;
mod write;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::desk::OWN_FOLDER;

pub(crate) use file_name::FileNames;
pub(crate) use search::{Known, find};
pub(crate) use write::write;

/// The version of the format. What is added later, older readers pass over; a change that would mislead them counts up.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) format: u32,
    /// The part's name, or that of the folder where the part is an extracted tree.
    pub(crate) part: String,
    /// When Google began the export, as its parts are called; none if they do not say.
    pub(crate) export: Option<String>,
    /// When this was written.
    pub(crate) written: String,
    /// How many lines follow.
    pub(crate) entries: u64,
}

impl Header {
    /// Of the ledger of a part with so many entries, as it is written now.
    pub(crate) fn new(part: String, export: Option<&str>, entries: usize) -> Self {
        let now = chrono::Utc::now();
        Self {
            format: FORMAT,
            part,
            export: export.map(str::to_owned),
            written: now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            entries: entries as u64,
        }
    }
}

/// Each further line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line<'a> {
    /// The path below `Takeout/`.
    #[serde(borrow)]
    pub(crate) entry: Cow<'a, str>,
    /// The bucket in which the summary counts it.
    #[serde(borrow)]
    pub(crate) bucket: Cow<'a, str>,
    /// The id of the media item it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<String>,
    /// What the bucket does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) because: Option<String>,
    /// The entry that was kept, of which it is a copy …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) same_as: Option<String>,
    /// … and the part that holds that, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) same_as_in: Option<String>,
}

impl Line<'_> {
    fn into_owned(self) -> Line<'static> {
        Line {
            entry: self.entry.into_owned().into(),
            bucket: self.bucket.into_owned().into(),
            item: self.item,
            because: self.because,
            same_as: self.same_as,
            same_as_in: self.same_as_in,
        }
    }
}

/// Where the ledgers of a library are.
fn folder(root: &Path) -> PathBuf {
    root.join(OWN_FOLDER).join("entries")
}
