//! What the file system must do so that a name means a finished file: rename without overwriting, and make
//! folders durable.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What came of a rename that must not overwrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renamed {
    /// It has its new name.
    Done,
    /// Something else has that name; nothing changed.
    Taken,
}

/// Renames `from` to `to` unless something is there. Atomic wherever the file system can do that.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<Renamed> {
    #[cfg(test)]
    super::fuse::burn()?;
    match exclusive_rename(from, to) {
        Ok(()) => {
            #[cfg(test)]
            super::fuse::renamed(from, to);
            Ok(Renamed::Done)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Renamed::Taken),
        Err(error) if is_unsupported(&error) => link_then_unlink(from, to),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_across(from, to),
        Err(error) => Err(error),
    }
}

/// The name of a file on its way to another disk. Only one is on its way at a time; what a crash leaves of it is
/// overwritten by the next.
const ON_ITS_WAY: &str = ".gphotosync.part";

/// Somebody put a year's folder on another disk and left a link: the bytes must be carried over there, under a name
/// of their own until all are there.
fn copy_across(from: &Path, to: &Path) -> io::Result<Renamed> {
    if to.symlink_metadata().is_ok() {
        return Ok(Renamed::Taken);
    }
    let copy = to.with_file_name(ON_ITS_WAY);
    fs::copy(from, &copy)?;
    let file = File::options().write(true).open(&copy)?;
    // A disk that cannot hold the time still holds the file.
    drop(set_modified(&file, from.metadata()?.modified()?));
    file.sync_all()?;
    let renamed = rename_new(&copy, to)?;
    match renamed {
        Renamed::Done => {
            to.parent().map_or(Ok(()), sync_folder)?;
            fs::remove_file(from)?;
        }
        Renamed::Taken => fs::remove_file(&copy)?,
    }
    Ok(renamed)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exclusive_rename(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exclusive_rename(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn is_unsupported(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}

/// A hard link refuses to overwrite on every file system that has links.
fn link_then_unlink(from: &Path, to: &Path) -> io::Result<Renamed> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from).map(|()| Renamed::Done),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Renamed::Taken),
        Err(error) if is_unsupported(&error) || error.kind() == io::ErrorKind::PermissionDenied => {
            look_then_rename(from, to)
        }
        Err(error) => Err(error),
    }
}

/// FAT has neither; the lock on the library keeps others of our kind away between the look and the rename.
fn look_then_rename(from: &Path, to: &Path) -> io::Result<Renamed> {
    if to.try_exists()? {
        return Ok(Renamed::Taken);
    }
    fs::rename(from, to).map(|()| Renamed::Done)
}

/// Makes `folder` below `root` and says which folders gained an entry by that.
pub(super) fn make_folder(root: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut changed = Vec::new();
    let mut path = root.to_owned();
    for part in folder.components() {
        let parent = path.clone();
        path.push(part);
        match fs::create_dir(&path) {
            Ok(()) => changed.push(parent),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Ok(changed)
}

/// What is left free on the disk at least: the index grows too, and a full disk harms more than this program.
const RESERVE: u64 = 32 << 20;

/// Says before a byte is written that `bytes` more will not fit.
pub(super) fn check_room(folder: &Path, bytes: u64) -> io::Result<()> {
    match free_bytes(folder) {
        Some(free) if free < bytes.saturating_add(RESERVE) => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

/// What is free on the disk that holds `folder`, if the system tells.
#[cfg(unix)]
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

/// What is free on the disk that holds `folder`, if the system tells.
#[cfg(not(unix))]
pub(crate) fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Gives a file its modification time. The time of access is set too, since many a FUSE file system drops what sets only
/// one of them, and says that it was done.
pub(super) fn set_modified(file: &File, time: SystemTime) -> io::Result<()> {
    let times = FileTimes::new()
        .set_modified(time)
        .set_accessed(SystemTime::now());
    file.set_times(times)
}

/// Makes the names in `folder` survive a power cut.
pub(in crate::library) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(test)]
    super::fuse::burn()?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(test)]
    super::fuse::synced(folder);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_by_any_of_the_four_ways() {
        for rename in [rename_new, link_then_unlink, look_then_rename, copy_across] {
            let folder = tempfile::tempdir().unwrap();
            let (from, to) = (folder.path().join("from"), folder.path().join("to"));
            fs::write(&from, "new").unwrap();
            fs::write(&to, "old").unwrap();
            assert_eq!(rename(&from, &to).unwrap(), Renamed::Taken);
            assert_eq!(
                (fs::read(&from).unwrap(), fs::read(&to).unwrap()),
                (b"new".to_vec(), b"old".to_vec())
            );
            fs::remove_file(&to).unwrap();
            assert_eq!(rename(&from, &to).unwrap(), Renamed::Done);
            assert!(!from.exists());
            assert_eq!(fs::read(&to).unwrap(), b"new");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn folders_are_made_once() {
        let root = tempfile::tempdir().unwrap();
        let year = root.path().join("2020");
        assert_eq!(
            make_folder(root.path(), Path::new("2020/01")).unwrap(),
            [root.path().to_owned(), year.clone()]
        );
        assert_eq!(make_folder(root.path(), Path::new("2020/02")).unwrap(), [year]);
        assert!(make_folder(root.path(), Path::new("2020/02")).unwrap().is_empty());
    }
}
