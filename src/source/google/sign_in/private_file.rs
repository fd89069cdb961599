//! A small file for its owner's eyes only: mode 0600 from its first moment, replaced as a whole or not at all,
//! never reached through a link. It does not know what is in it.
//!
//! Elsewhere than on Unix the folder's own access rules apply.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// No token file is near this size.
const LARGEST_BYTES: u64 = 1024 * 1024;

/// The bytes of the file at `path`, or nothing if there is none. A link is refused, as whoever can make one could
/// have another file read and closed.
///
/// A file that others may read is closed to them, with a warning.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    close_to_others(&file, path);
    let mut bytes = Vec::new();
    file.take(LARGEST_BYTES).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Puts `bytes` in the place of the file at `path`. After a crash at any moment the old bytes are there, or the new
/// ones, and nothing that others could read.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = Fresh::beside(path);
    sweep(path, &fresh.path);
    let mut file = create(&fresh.path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh.path, path)?;
    sync_folder(path)
}

/// Finds out whether `path` could be replaced, without doing it.
pub(super) fn probe(path: &Path) -> io::Result<()> {
    let fresh = Fresh::beside(path);
    create(&fresh.path).map(drop)
}

/// Removes the file at `path` for good. Nothing there is fine.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(path),
    }
}

/// Gives the file at `path` another name beside it and says which. No other file is replaced by it.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let free = (1..).map(|number| named(path, &format!(".damaged-{number}")));
    for aside in free {
        match fs::hard_link(path, &aside) {
            Ok(()) => return fs::remove_file(path).map(|()| aside),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // A file system without hard links, such as FAT, has no other writer to race with either.
            Err(_) if !aside.exists() => return fs::rename(path, &aside).map(|()| aside),
            Err(_) => {}
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn named(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The staged file of a replacement. Dropped before its renaming, it is removed; after it, there is nothing left to
/// remove.
struct Fresh {
    path: PathBuf,
}

const FRESH_SUFFIX: &str = ".new";

impl Fresh {
    fn beside(path: &Path) -> Self {
        // Unique among those who write at once; who may read it is a matter of its mode.
        let unique = fastrand::u64(..);
        Self {
            path: named(path, &format!(".{unique:016x}{FRESH_SUFFIX}")),
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes what crashed replacements left behind: it holds a secret. One that is being written now is younger.
fn sweep(path: &Path, current: &Path) {
    /// Writing takes milliseconds.
    const ABANDONED_AFTER: std::time::Duration = std::time::Duration::from_mins(10);
    let (Some(folder), Some(name)) = (folder(path), path.file_name()) else {
        return;
    };
    let prefix = format!("{}.", name.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let found = entry.file_name().to_string_lossy().into_owned();
        let ours = found.starts_with(&prefix) && found.ends_with(FRESH_SUFFIX) && entry.path() != current;
        let age = entry
            .metadata()
            .and_then(|data| data.modified())
            .map(|time| time.elapsed().unwrap_or_default());
        if ours && age.is_ok_and(|age| age > ABANDONED_AFTER) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn folder(path: &Path) -> Option<&Path> {
    path.parent().map(|folder| {
        if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        }
    })
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // NONBLOCK keeps a pipe of that name from waiting for a writer.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if path.is_symlink() {
        return Err(io::Error::other("a symbolic link"));
    }
    File::open(path)
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn close_to_others(file: &File, path: &Path) {
    if !open_to_others(file) {
        return;
    }
    let closed = file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    let path = path.display();
    if closed.is_ok() && !open_to_others(file) {
        tracing::warn!("others on this computer could read {path}; it is closed to them now (mode 0600)");
    } else {
        tracing::warn!("others on this computer may read {path}, and its mode cannot be changed to 0600");
    }
}

#[cfg(unix)]
fn open_to_others(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn close_to_others(_file: &File, _path: &Path) {}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    folder(path).map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_replacement_leaves_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        assert_eq!(read(&path).unwrap(), None);
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        assert_eq!(names(folder.path()), ["t"]);
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_failed_replacement_leaves_nothing_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        // A folder that is not empty cannot be replaced by a file.
        fs::create_dir_all(path.join("inside")).unwrap();
        replace(&path, b"one").unwrap_err();
        assert_eq!(names(folder.path()), ["t"]);
    }

    #[test]
    fn a_probe_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        probe(&folder.path().join("t")).unwrap();
        assert!(names(folder.path()).is_empty());
        probe(&folder.path().join("missing/t")).unwrap_err();
    }

    #[test]
    fn abandoned_replacements_are_swept_and_young_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        for name in ["t.00.new", "t.01.new", "other.new"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let old = File::options()
            .write(true)
            .open(folder.path().join("t.00.new"))
            .unwrap();
        old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        replace(&path, b"one").unwrap();
        assert_eq!(names(folder.path()), ["other.new", "t", "t.01.new"]);
    }

    #[test]
    fn what_is_set_aside_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        fs::write(folder.path().join("t.damaged-1"), "earlier").unwrap();
        fs::write(&path, "broken").unwrap();
        assert_eq!(set_aside(&path).unwrap(), folder.path().join("t.damaged-2"));
        assert_eq!(names(folder.path()), ["t.damaged-1", "t.damaged-2"]);
        assert_eq!(fs::read(folder.path().join("t.damaged-1")).unwrap(), b"earlier");
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        use super::*;

        fn mode(path: &Path) -> u32 {
            fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
        }

        #[test]
        fn only_the_owner_may_read_it_from_its_first_moment() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("t");
            drop(create(&path).unwrap());
            assert_eq!(mode(&path), 0o600);
            replace(&path, b"x").unwrap();
            assert_eq!(mode(&path), 0o600);
        }

        #[test]
        fn a_file_open_to_others_is_closed() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("t");
            fs::write(&path, "x").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            read(&path).unwrap();
            assert_eq!(mode(&path), 0o600);
        }

        #[test]
        fn links_are_neither_read_nor_written_through() {
            let folder = tempfile::tempdir().unwrap();
            let (path, target) = (folder.path().join("t"), folder.path().join("target"));
            fs::write(&target, "theirs").unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).unwrap();
            symlink(&target, &path).unwrap();
            read(&path).unwrap_err();
            assert_eq!(mode(&target), 0o644);
            replace(&path, b"ours").unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"theirs");
            assert_eq!(read(&path).unwrap().unwrap(), b"ours");
        }

        #[test]
        fn a_pipe_is_not_waited_for() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("t");
            std::process::Command::new("mkfifo").arg(&path).status().unwrap();
            read(&path).unwrap_err();
        }
    }
}
