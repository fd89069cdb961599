//! The tree in a library folder, and the tree that a set of items should give.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use stand_in_google::{Item, Kind, Rope, VideoStatus};

use super::Sandbox;

/// What is in the library but not of it.
const NOT_MEDIA: [&str; 4] = [".gphotosync", ".client_secret.json", ".token.json", "albums"];

/// What the names of sidecars end with.
const SIDECAR: &str = ".xmp";

/// A file as it is or should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileSeen {
    /// SHA-256 in hexadecimal.
    pub(crate) sha256: String,
    /// When it was modified; none for an item without a taken time, where it does not matter.
    pub(crate) modified: Option<DateTime<Utc>>,
}

/// All files of a library by their path, separated by `/`.
pub(crate) type Tree = BTreeMap<String, FileSeen>;

impl Sandbox {
    /// All media files that are here.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        for entry in fs::read_dir(self.library()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !NOT_MEDIA.contains(&name.as_str()) {
                collect(&self.library(), &name, &mut tree);
            }
        }
        tree
    }

    /// What surrounds the photos: the texts of sidecars and albums, and where links lead.
    pub(crate) fn surroundings(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.library()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let relative = path
                    .strip_prefix(self.library())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                if relative.starts_with('.') {
                } else if let Ok(target) = fs::read_link(&path) {
                    found.insert(relative, format!("-> {}", target.display()));
                } else if path.is_dir() {
                    folders.push(path);
                } else if relative.starts_with("albums/") || relative.ends_with(SIDECAR) {
                    found.insert(relative, fs::read_to_string(path).unwrap());
                }
            }
        }
        found
    }

    /// The files in `.gphotosync` that belong to no finished item: staged ones, and replaced ones.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let mut tree = Tree::new();
        for folder in [".gphotosync/staging", ".gphotosync/replaced"] {
            if self.path(folder).exists() {
                collect(&self.library(), folder, &mut tree);
            }
        }
        tree.into_keys().collect()
    }

    /// Fails unless exactly these items are here, each once, whole, at its natural name and with its time, and
    /// nothing half-made is left.
    #[track_caller]
    pub(crate) fn assert_holds<'a>(&self, items: impl IntoIterator<Item = &'a Item>) {
        assert_same(&self.tree(), &expected(items));
        assert_eq!(self.leftovers(), [""; 0], "nothing is left over");
    }
}

/// Fails with what is missing, what is wrong, and what should not be there.
#[track_caller]
fn assert_same(found: &Tree, wanted: &Tree) {
    let differing: Vec<String> = wanted
        .iter()
        .filter(|(path, file)| found.get(*path) != Some(file))
        .map(|(path, file)| format!("{path}\n   wanted {file:?}\n   found  {:?}", found.get(path)))
        .collect();
    let surplus: Vec<&String> = found.keys().filter(|path| !wanted.contains_key(*path)).collect();
    assert!(
        differing.is_empty() && surplus.is_empty(),
        "differing: {}\nsurplus: {surplus:#?}",
        differing.join("\n")
    );
}

fn collect(root: &Path, relative: &str, tree: &mut Tree) {
    let path = root.join(relative);
    if relative.ends_with(SIDECAR) {
        // It surrounds the photo.
    } else if path.is_dir() {
        for entry in fs::read_dir(&path).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            collect(root, &format!("{relative}/{name}"), tree);
        }
    } else {
        let mut file = seen(&path);
        if relative.starts_with("undated/") {
            file.modified = None;
        }
        tree.insert(relative.to_owned(), file);
    }
}

/// A file on disk.
pub(crate) fn seen(path: &Path) -> FileSeen {
    FileSeen {
        sha256: sha256(&fs::read(path).unwrap()),
        modified: Some(path.symlink_metadata().unwrap().modified().unwrap().into()),
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// The tree that items without colliding or hostile names give.
pub(crate) fn expected<'a>(items: impl IntoIterator<Item = &'a Item>) -> Tree {
    let mut tree = Tree::new();
    for item in items {
        for (name, bytes) in files_of(item) {
            let path = format!("{}/{name}", folder_of(item));
            let earlier = tree.insert(path, wanted(item, &bytes));
            assert!(earlier.is_none(), "{name} collides; name the paths in the test");
        }
    }
    tree
}

/// The folder an item belongs in.
pub(crate) fn folder_of(item: &Item) -> String {
    item.taken
        .map_or_else(|| "undated".to_owned(), |taken| taken.format("%Y/%m").to_string())
}

/// What a file with these bytes of an item should be. Without a taken time, its modification time is its own affair.
pub(crate) fn wanted(item: &Item, bytes: &Rope) -> FileSeen {
    FileSeen {
        sha256: bytes.sha256(),
        modified: item.taken,
    }
}

/// The natural names and the bytes of an item's files; none of an item that Google cannot deliver yet or ever.
pub(crate) fn files_of(item: &Item) -> Vec<(String, Rope)> {
    if matches!(
        item.kind,
        Kind::Video(VideoStatus::Processing | VideoStatus::Failed)
    ) {
        return Vec::new();
    }
    let main = (item.filename.clone(), item.original());
    let stem = item.filename.rsplit_once('.').map_or("", |(stem, _)| stem);
    let clip = item.clip_bytes().map(|clip| (format!("{stem}.mp4"), clip));
    std::iter::once(main).chain(clip).collect()
}

/// The multiset of what items should give, names left out: for names that collide or are hostile.
pub(crate) fn contents<'a>(items: impl IntoIterator<Item = &'a Item>) -> Vec<(String, FileSeen)> {
    let mut contents: Vec<_> = items
        .into_iter()
        .flat_map(|item| {
            let files = files_of(item).into_iter();
            files.map(move |(_, bytes)| (folder_of(item), wanted(item, &bytes)))
        })
        .collect();
    contents.sort();
    contents
}

/// The multiset of what is in a tree, names left out.
pub(crate) fn contents_of(tree: &Tree) -> Vec<(String, FileSeen)> {
    let mut contents: Vec<_> = tree
        .iter()
        .map(|(path, file)| (path.rsplit_once('/').unwrap().0.to_owned(), file.clone()))
        .collect();
    contents.sort();
    contents
}
