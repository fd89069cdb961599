//! The library's folder and its lock, as commands need them.

use std::path::{Path, PathBuf};

use super::console::to_stderr;
use super::failure::Failure;
use crate::library::LibraryError;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::disk::lock::Lock;

/// Makes the library's folder if its parent is there. A path that does not exist at all is more likely a disk that
/// is not attached, or a slip of the finger.
pub(super) fn prepare(root: &Path) -> Result<PathBuf, Failure> {
    let missing_parent = root
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty() && !parent.exists());
    if let Some(parent) = missing_parent {
        return Err(Failure::stopped(format!("the folder {} does not exist", parent.display()))
            .advise("Is the disk attached and mounted? If the library shall really go there, make that folder first."));
    }
    if let Err(error) = std::fs::create_dir(root)
        && error.kind() != std::io::ErrorKind::AlreadyExists
    {
        return Err(LibraryError::disk("make", root)(error).into());
    }
    existing(root)
}

/// The library's folder for commands that make none.
pub(super) fn existing(root: &Path) -> Result<PathBuf, Failure> {
    let shown = root.display();
    match root.canonicalize() {
        Ok(path) if path.is_dir() => Ok(path),
        Ok(_) => Err(Failure::stopped(format!("{shown} is not a folder"))),
        Err(error) => Err(Failure::stopped(format!(
            "could not open the library folder {shown}: {error}"
        ))),
    }
}

/// The library's folder for a plan: it need not be there yet.
pub(super) fn planned(root: &Path) -> Result<PathBuf, Failure> {
    if root.exists() {
        return existing(root);
    }
    std::path::absolute(root).map_err(|error| LibraryError::disk("find", root)(error).into())
}

/// The lock for a run, or for a plan: where nothing is, there is nothing to lock, and a plan makes nothing.
pub(super) async fn lock_for(root: &Path, wait: bool, is_plan: bool) -> Result<Option<Lock>, Failure> {
    if is_plan && !root.join(OWN_FOLDER).exists() {
        return Ok(None);
    }
    Ok(Some(lock(root, wait).await?))
}

/// Takes the library's lock; if another gphotosync has it and the user wants that, says so and waits.
pub(super) async fn lock(root: &Path, wait: bool) -> Result<Lock, Failure> {
    let own = root.join(OWN_FOLDER);
    std::fs::create_dir_all(&own).map_err(LibraryError::disk("make", &own))?;
    let path = own.join("lock");
    Ok(if wait {
        let told = |holder: &str| to_stderr(&format!("Waiting for {holder} to finish with the library."));
        Lock::wait(&path, told).await?
    } else {
        Lock::take(&path)?
    })
}
