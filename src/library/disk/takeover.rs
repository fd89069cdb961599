//! A file that another tool left in an item's place: whole, it is the item's own; damaged, it gives way.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use bytes::Bytes;

use super::families::has_time_of;
use super::staged::{HEAD_BYTES, READ_BYTES};
use crate::library::completeness::{self, Completeness};
use crate::media::{KnownFile, MediaItem};

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

/// Looks at `path` for the very bytes that are known beforehand.
pub(super) fn compare(path: &Path, known: KnownFile) -> io::Result<Found> {
    let is_it = path
        .symlink_metadata()
        .is_ok_and(|found| found.is_file() && found.len() == known.size);
    if !is_it || checksum_of(path)? != known.crc32 {
        return Ok(Found::Nothing);
    }
    Ok(Found::Whole {
        size: known.size,
        head: head_of(path)?,
    })
}

/// The CRC-32 of the file at `path`.
pub(super) fn checksum_of(path: &Path) -> io::Result<u32> {
    let mut file = File::open(path)?;
    let mut hasher = crc32fast::Hasher::new();
    let mut piece = vec![0; READ_BYTES];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(hasher.finalize()),
            Ok(count) => hasher.update(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The beginning of the file at `path`.
pub(super) fn head_of(path: &Path) -> io::Result<Bytes> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head.into())
}
