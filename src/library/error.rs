//! What can go wrong on the disk, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// A failure of the library. It stops the run: what a disk refuses once it refuses again.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// The file system refused.
    #[error("could not {action} {}", path.display())]
    Disk {
        /// What was tried, as in "could not …".
        action: &'static str,
        /// What with.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The index refused.
    #[error("could not {action} the index")]
    Index {
        /// What was tried.
        action: &'static str,
        /// Why not.
        source: rusqlite::Error,
    },
    /// The index was looked through, and is not what it should be.
    #[error("the index is damaged: {detail}")]
    DamagedIndex {
        /// What is wrong with it.
        detail: String,
    },
    /// The index was made by a newer gphotosync.
    #[error(
        "the index has format {found}, and this gphotosync knows formats up to {known}; install a newer one"
    )]
    NewerIndex {
        /// The index's format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Somebody else works on the library.
    #[error("the library is in use by {holder}")]
    InUse {
        /// Who, as far as the lock file tells.
        holder: String,
    },
    /// What stopped another file stopped this one too.
    #[error("{reason}")]
    Refused {
        /// The other file's error.
        reason: String,
    },
    /// The index's thread is gone.
    #[error("the index was closed")]
    Closed,
}

/// The way on from a damaged index.
const DAMAGED: &str = "your photos and videos are not affected: put .gphotosync/index.db aside and run \
                       `gphotosync adopt`, which fetches nothing";

fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

impl LibraryError {
    pub(crate) fn disk(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Disk { action, path, source }
    }

    pub(crate) const fn index(action: &'static str) -> impl Fn(rusqlite::Error) -> Self {
        move |source| Self::Index { action, source }
    }

    /// What a user can do about it, where that is not plain from the message.
    pub fn hint(&self) -> Option<&'static str> {
        let source = match self {
            Self::Disk { source, .. } => source,
            Self::Index { source, .. } if is_damage(source) => return Some(DAMAGED),
            Self::DamagedIndex { .. } => return Some(DAMAGED),
            _ => return None,
        };
        Some(match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full; make room and run again, it goes on from there"
            }
            io::ErrorKind::ReadOnlyFilesystem => "the disk is mounted read-only",
            io::ErrorKind::PermissionDenied => "check who owns the folder and may write to it",
            io::ErrorKind::NotFound => "the folder is gone; is the disk still attached?",
            _ => return None,
        })
    }

    /// Message, cause and hint in one line.
    pub fn explained(&self) -> String {
        let cause = std::error::Error::source(self)
            .map(|cause| format!(": {cause}"))
            .unwrap_or_default();
        let hint = self.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{self}{cause}{hint}")
    }
}
