//! Files that lie anywhere in the library's folder and may be items as another tool left them: found by name and
//! time. Nothing is moved.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::families::has_time_of;
use crate::library::LibraryError;
use crate::library::index::{Index, files, items, links};
use crate::library::name_key::collision_key;
use crate::library::scrub;
use crate::media::MediaItem;

/// Files by the key of their name. Each is given out once.
#[derive(Debug, Default)]
pub(super) struct Finder(Mutex<HashMap<i64, Vec<PathBuf>>>);

impl Finder {
    /// All files below `root` that no row of `index` knows.
    pub(super) fn scan(root: &Path, index: &Index) -> Result<Self, LibraryError> {
        let known = index.read(|db| {
            let mut known = files::path_hashes(db)?;
            links::add_path_hashes(db, &mut known)?;
            Ok(known)
        })?;
        let mut found: HashMap<i64, Vec<PathBuf>> = HashMap::new();
        for path in scrub::unknown_files(root, &known)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            found.entry(key_of(&name)).or_default().push(path);
        }
        Ok(Self(Mutex::new(found)))
    }

    /// Takes the file out that has an item's name and time, if there is one. The path is relative to `root`.
    pub(super) fn take(&self, root: &Path, item: &MediaItem) -> Option<PathBuf> {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates = found.get_mut(&key_of(&item.file_name))?;
        let is_it = |path: &PathBuf| {
            let modified = root.join(path).metadata().and_then(|found| found.modified());
            has_time_of(modified.ok(), item.taken)
        };
        let position = candidates.iter().position(is_it)?;
        Some(candidates.swap_remove(position))
    }
}

fn key_of(name: &str) -> i64 {
    items::short_hash(&[&collision_key(name)])
}
