//! What can go wrong on the disk, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

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
        let Self::Disk { source, .. } = self else {
            return None;
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
