//! A file that another tool left in an item's place: whole, it is the item's own; damaged, it gives way.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use bytes::Bytes;

use super::families::has_time_of;
use super::staged::HEAD_BYTES;
use crate::library::completeness::{self, Completeness};
use crate::media::MediaItem;

/// What is in an item's place.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing that could be the item's.
    Nothing,
    /// The item, whole as far as one can tell.
    Whole {
        /// Its length.
        size: u64,
        /// Its beginning.
        head: Bytes,
    },
    /// Something with the item's name and time that is not whole.
    Damaged {
        /// Its length.
        size: u64,
    },
}

/// Looks at `path` for a file with the time of `item`.
pub(super) fn examine(path: &Path, item: &MediaItem) -> io::Result<Found> {
    let Ok(found) = path.symlink_metadata() else {
        return Ok(Found::Nothing);
    };
    if !found.is_file() || !has_time_of(found.modified().ok(), item.taken) {
        return Ok(Found::Nothing);
    }
    let mut file = File::open(path)?;
    Ok(match completeness::examine(&mut file, found.len())? {
        Completeness::Complete | Completeness::Unknown => Found::Whole {
            size: found.len(),
            head: head_of(path)?,
        },
        Completeness::Truncated(_) | Completeness::NotMedia(_) => Found::Damaged { size: found.len() },
    })
}

/// The beginning of the file at `path`.
pub(super) fn head_of(path: &Path) -> io::Result<Bytes> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head.into())
}
