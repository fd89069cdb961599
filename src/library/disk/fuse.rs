//! Crashes at any instant, for tests: from some change of the disk or the index on, every further one is refused, as
//! if the program had ended there. After a power cut, also what was not durable yet may be gone: names whose folder
//! was not synced, and commits of the index that did not wait for the disk.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::library::disk::INDEX_FILE;
use crate::library::disk::desk::OWN_FOLDER;

thread_local! {
    /// Changes that are still let through on this thread; `None` for all.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// What is not durable in the libraries that are watched, by their folders.
static WATCHED: LazyLock<Mutex<HashMap<PathBuf, Volatile>>> = LazyLock::new(Mutex::default);

/// What a power cut may take with it.
#[derive(Default)]
struct Volatile {
    /// Names given since their folders were last synced, oldest first.
    named: Vec<(PathBuf, PathBuf)>,
    /// The index's files as they were when last made durable.
    index: Option<Vec<(PathBuf, Vec<u8>)>>,
}

fn watched() -> MutexGuard<'static, HashMap<PathBuf, Volatile>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something with what is known of the library that `path` is in, if it is watched.
fn of_library(path: &Path, change: impl FnOnce(&mut Volatile)) {
    let mut watched = watched();
    if let Some((_, volatile)) = watched.iter_mut().find(|(root, _)| path.starts_with(root)) {
        change(volatile);
    }
}

/// Remembers from now on what is not durable in the library at `root`.
pub(in crate::library) fn watch(root: &Path) {
    watched().insert(root.to_owned(), Volatile::default());
}

/// Lets `changes` more changes through on this thread, and then none; `None` for all.
pub(in crate::library) fn light(changes: Option<u32>) {
    LEFT.set(changes);
}

/// Called before each change.
pub(in crate::library) fn burn() -> io::Result<()> {
    match LEFT.get() {
        Some(0) => Err(io::Error::other("the fuse has blown")),
        Some(left) => {
            LEFT.set(Some(left - 1));
            Ok(())
        }
        None => Ok(()),
    }
}

/// Called after a rename.
pub(in crate::library) fn renamed(from: &Path, to: &Path) {
    of_library(to, |volatile| {
        volatile.named.push((from.to_owned(), to.to_owned()));
    });
}

/// Called after a folder was synced: the names given in it are durable, and no earlier name of such a file matters.
pub(in crate::library) fn synced(folder: &Path) {
    of_library(folder, |volatile| {
        let mut durable: Vec<PathBuf> = Vec::new();
        for (from, to) in std::mem::take(&mut volatile.named).into_iter().rev() {
            if to.parent() == Some(folder) || durable.contains(&to) {
                durable.push(from);
            } else {
                volatile.named.insert(0, (from, to));
            }
        }
    });
}

/// Called when the index at `path` was opened: one just made is durable.
pub(in crate::library) fn opened(path: &Path) {
    of_library(path, |volatile| {
        if volatile.index.is_none() {
            volatile.index = Some(contents(path));
        }
    });
}

/// Called when all changes of the index at `path` are durable.
pub(in crate::library) fn flushed(path: Option<&str>) {
    let path = Path::new(path.unwrap_or_default());
    of_library(path, |volatile| volatile.index = Some(contents(path)));
}

fn contents(index: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let parts = ["", "-wal"].map(|suffix| PathBuf::from(format!("{}{suffix}", index.display())));
    let parts = parts.into_iter();
    parts
        .filter_map(|part| Some((part.clone(), fs::read(part).ok()?)))
        .collect()
}

/// Cuts the power of the library at `root`, which nobody has open: what was not durable is lost, of names, of the
/// index, or of both.
pub(in crate::library) fn cut_power(root: &Path, (names, index): (bool, bool)) {
    of_library(root, |volatile| {
        let given = std::mem::take(&mut volatile.named);
        if names {
            undo(given);
        }
        if index && let Some(durable) = volatile.index.take() {
            restore(&root.join(OWN_FOLDER).join(INDEX_FILE), durable);
        } else {
            volatile.index = None;
        }
    });
}

/// Gives files their old names back, the latest first.
fn undo(named: Vec<(PathBuf, PathBuf)>) {
    for (from, to) in named.into_iter().rev() {
        assert!(
            !from.exists(),
            "{} was used again before it was free",
            from.display()
        );
        fs::rename(to, from).unwrap();
    }
}

fn restore(index: &Path, durable: Vec<(PathBuf, Vec<u8>)>) {
    for suffix in ["", "-wal", "-shm"] {
        drop(fs::remove_file(format!("{}{suffix}", index.display())));
    }
    for (part, content) in durable {
        fs::write(part, content).unwrap();
    }
}
