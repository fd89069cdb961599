//! Where parts may lie: from the paths a user gives to the archives and extracted trees found there.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::entry_path::is_top;
use super::part_name::{PartName, is_download, is_packed};

/// How many folders below the given one are searched for parts: downloads are kept by year, or by account.
const SEARCH_DEPTH: usize = 3;

/// The page that Google puts beside the products.
pub(super) const CONTENTS_PAGE: &str = "archive_browser.html";

/// Something that may be a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A file to be opened.
    Archive {
        path: PathBuf,
        /// The user named this very file, so it belongs to the export whatever it is called.
        was_named: bool,
    },
    /// A download that is not over.
    Unfinished(PathBuf),
    /// An extracted tree, and the folders below `Takeout/` that its root stands for.
    Tree { root: PathBuf, below: Vec<String> },
}

impl Place {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Archive { path, .. } | Self::Unfinished(path) => path,
            Self::Tree { root, .. } => root,
        }
    }

    /// What the name tells: for a tree, its own or that of the folder it was unpacked into.
    pub(super) fn part_name(&self) -> Option<PartName> {
        let named = |path: &Path| PartName::parse(&name_of(path));
        match self {
            Self::Tree { root, .. } => named(root).or_else(|| named(root.parent()?)),
            other => named(other.path()),
        }
    }
}

/// What is found at one path of the user's; nothing if nothing there could belong to an export.
pub(super) fn at(path: &Path) -> io::Result<Vec<Place>> {
    if fs::metadata(path)?.is_dir() {
        return in_folder(&fs::canonicalize(path)?);
    }
    let path = path.to_owned();
    let is_unfinished = PartName::parse(&name_of(&path)).is_some_and(|name| name.is_unfinished);
    Ok(vec![if is_unfinished || is_download(&name_of(&path)) {
        Place::Unfinished(path)
    } else {
        Place::Archive {
            path,
            was_named: true,
        }
    }])
}

/// Leaves out what is there twice: one file by two paths, and trees inside of trees.
pub(super) fn without_repeats(mut places: Vec<Place>) -> Vec<Place> {
    let whole = |place: &Place| fs::canonicalize(place.path()).unwrap_or_else(|_| place.path().to_owned());
    let trees: Vec<PathBuf> = places
        .iter()
        .filter(|place| matches!(place, Place::Tree { .. }))
        .map(whole)
        .collect();
    let mut seen = BTreeSet::new();
    places.retain(|place| {
        let path = whole(place);
        let is_nested = trees.iter().any(|tree| path != *tree && path.starts_with(tree));
        let is_inside = is_nested && matches!(place, Place::Tree { .. });
        !is_inside && seen.insert(path)
    });
    places
}

fn in_folder(folder: &Path) -> io::Result<Vec<Place>> {
    let found = search(folder, SEARCH_DEPTH, true)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let has_files = depth(folder, 1)? > 0;
    Ok(has_files
        .then(|| tree_without_top(folder))
        .transpose()?
        .into_iter()
        .collect())
}

/// Parts and tops of trees, at most `levels` folders deep.
fn search(folder: &Path, levels: usize, is_given: bool) -> io::Result<Vec<Place>> {
    if is_top_folder(folder) {
        return Ok(vec![tree(folder, Vec::new())]);
    }
    let listed = Listed::of(folder)?;
    let mut found = listed.parts(is_given);
    if looks_like_product(folder)
        && found.is_empty()
        && !listed.folders.iter().any(|below| is_top_folder(below))
    {
        found.push(tree_without_top(folder)?);
    } else if listed.folders.iter().any(|below| is_product_folder(below)) {
        found.push(tree(folder, Vec::new()));
    } else if levels > 0 {
        for below in &listed.folders {
            found.extend(below_folder(below, levels - 1)?);
        }
    }
    Ok(found)
}

fn below_folder(folder: &Path, levels: usize) -> io::Result<Vec<Place>> {
    let name = PartName::parse(&name_of(folder));
    if name.as_ref().is_some_and(|name| name.is_unfinished) {
        // Safari keeps a download in a folder until it is over.
        return Ok(vec![Place::Unfinished(folder.to_owned())]);
    }
    // A folder that may not be listed is not ours to complain about, unless it is called like a part.
    let found = match search(folder, levels, false) {
        Err(_) if name.is_none() => Vec::new(),
        found => found?,
    };
    if found.is_empty() && name.is_some() && depth(folder, 1)? > 0 {
        return Ok(vec![tree_without_top(folder)?]);
    }
    Ok(found)
}

/// The files and folders of a folder, by name.
struct Listed {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Listed {
    fn of(folder: &Path) -> io::Result<Self> {
        let mut paths = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        let is_folder = |path: &PathBuf| path.symlink_metadata().is_ok_and(|found| found.is_dir());
        let (folders, files) = paths.into_iter().partition(is_folder);
        Ok(Self { files, folders })
    }

    /// Below the folder that was given, only what is called like a part is one.
    fn parts(&self, is_given: bool) -> Vec<Place> {
        let place = |path: &PathBuf| {
            let name = name_of(path);
            match PartName::parse(&name) {
                Some(part) if part.is_unfinished => Some(Place::Unfinished(path.clone())),
                None if is_given && is_download(&name) => Some(Place::Unfinished(path.clone())),
                part if is_packed(&name) && (is_given || part.is_some()) => Some(Place::Archive {
                    path: path.clone(),
                    was_named: false,
                }),
                _ => None,
            }
        };
        self.files.iter().filter_map(place).collect()
    }
}

fn tree(root: &Path, below: Vec<String>) -> Place {
    Place::Tree {
        root: root.to_owned(),
        below,
    }
}

/// A tree whose `Takeout` folder is gone: what its root is follows from names, else from how deep it goes.
fn tree_without_top(root: &Path) -> io::Result<Place> {
    let own = name_of(root);
    let above = root.parent().map(name_of).unwrap_or_default();
    let far_above = root
        .parent()
        .and_then(Path::parent)
        .map(name_of)
        .unwrap_or_default();
    let is_product = is_top(&above) || looks_like_product(root);
    let is_album = is_top(&far_above) || root.parent().is_some_and(looks_like_product);
    let below = match depth(root, 3)? {
        _ if is_product => vec![own],
        _ if is_album => vec![above, own],
        // Product, album, file: nothing in an export of Google Photos lies deeper.
        3.. => Vec::new(),
        2 => vec![own],
        _ => vec![above, own],
    };
    Ok(tree(root, below))
}

/// How deep the deepest file lies, up to `limit`; 0 without files.
fn depth(root: &Path, limit: usize) -> io::Result<usize> {
    let mut deepest = 0;
    let mut waiting = vec![(root.to_owned(), 1)];
    while let Some((folder, level)) = waiting.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(_) if folder != root => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let is_folder = entry.file_type()?.is_dir();
            if is_folder && entry.file_name() != "@eaDir" {
                waiting.push((entry.path(), level + 1));
            } else if !is_folder {
                deepest = deepest.max(level);
            }
        }
        if deepest >= limit {
            return Ok(limit);
        }
    }
    Ok(deepest)
}

/// A folder called `Takeout` that holds products, and is not an album of that name.
fn is_top_folder(folder: &Path) -> bool {
    let is_product = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            entry.file_name() == CONTENTS_PAGE || entry.file_type().is_ok_and(|kind| kind.is_dir())
        })
    };
    is_top(&name_of(folder)) && fs::read_dir(folder).is_ok_and(|mut entries| entries.any(is_product))
}

/// `Google Photos` in any language begins or ends with Google, whatever blank there is.
fn looks_like_product(folder: &Path) -> bool {
    let name: String = name_of(folder).nfkc().collect::<String>().to_lowercase();
    (name.starts_with("google") || name.ends_with("google")) && !name.contains("takeout")
}

/// One with albums in it, rather than a place where somebody keeps parts.
fn is_product_folder(folder: &Path) -> bool {
    looks_like_product(folder)
        && Listed::of(folder).is_ok_and(|listed| {
            listed.parts(true).is_empty() && !listed.folders.iter().any(|below| is_top_folder(below))
        })
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found for a tree of files, as paths and the folders that roots stand for.
    fn found(files: &[&str], given: &str) -> Vec<String> {
        let home = tempfile::tempdir().unwrap();
        let top = home.path().canonicalize().unwrap().join("u");
        for file in files {
            let path = top.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let relative = |path: &Path| path.strip_prefix(&top).unwrap().display().to_string();
        without_repeats(at(&top.join(given)).unwrap())
            .iter()
            .map(|place| match place {
                Place::Archive { path, .. } => relative(path),
                Place::Unfinished(path) => format!("unfinished {}", relative(path)),
                Place::Tree { root, below } => format!("tree {:?} as {:?}", relative(root), below.join("/")),
            })
            .collect()
    }

    #[test]
    fn parts_are_found_among_other_things() {
        let files = [
            "takeout-20240525T120000Z-001.zip",
            "takeout-20240525T120000Z-002.zip.crdownload",
            "holiday.zip",
            "notes.txt",
            "more/takeout-20240525T120000Z-003.tgz",
            "more/other.zip",
            "takeout-20240525T120000Z-004.zip.download/data",
        ];
        assert_eq!(
            found(&files, ""),
            [
                "holiday.zip",
                "takeout-20240525T120000Z-001.zip",
                "unfinished takeout-20240525T120000Z-002.zip.crdownload",
                "more/takeout-20240525T120000Z-003.tgz",
                "unfinished takeout-20240525T120000Z-004.zip.download",
            ]
        );
    }

    #[test]
    fn trees_are_found_with_and_without_their_top_folder() {
        let photo = "Google Photos/Photos from 2019/a.jpg";
        let under = |folder: &str| format!("{folder}{photo}");
        for (file, given, expected) in [
            (under("Takeout/"), "", "tree \"Takeout\" as \"\""),
            (under("Takeout/"), "Takeout", "tree \"Takeout\" as \"\""),
            (
                under("Takeout/"),
                "Takeout/Google Photos",
                "tree \"Takeout/Google Photos\" as \"Google Photos\"",
            ),
            (
                under("Takeout/"),
                "Takeout/Google Photos/Photos from 2019",
                "tree \"Takeout/Google Photos/Photos from 2019\" as \"Google Photos/Photos from 2019\"",
            ),
            (under("x/"), "x", "tree \"x\" as \"\""),
            (
                under("takeout-20240525T120000Z-001/"),
                "",
                "tree \"takeout-20240525T120000Z-001\" as \"\"",
            ),
            (
                under("a/takeout-20240525T120000Z-001/Takeout/"),
                "",
                "tree \"a/takeout-20240525T120000Z-001/Takeout\" as \"\"",
            ),
            (
                "Fotos/Urlaub/a.jpg".to_owned(),
                "Fotos",
                "tree \"Fotos\" as \"Fotos\"",
            ),
            (
                "Google Fotos/Takeout/a.jpg".to_owned(),
                "Google Fotos",
                "tree \"Google Fotos\" as \"Google Fotos\"",
            ),
            ("Zdjęcia Google/Rok/a.jpg".to_owned(), "", "tree \"\" as \"\""),
            (
                "Fotos/Urlaub/a.jpg".to_owned(),
                "Fotos/Urlaub",
                "tree \"Fotos/Urlaub\" as \"Fotos/Urlaub\"",
            ),
            (
                "google-takeout/takeout-20240525T120000Z-001.zip".to_owned(),
                "",
                "google-takeout/takeout-20240525T120000Z-001.zip",
            ),
            (
                "Google Backup/takeout-20240525T120000Z-001.zip".to_owned(),
                "Google Backup",
                "Google Backup/takeout-20240525T120000Z-001.zip",
            ),
        ] {
            assert_eq!(found(&[&file], given), [expected], "{file} given as {given:?}");
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert!(found(&["a/b.txt"], "a/../a").len() == 1);
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(at(empty.path()).unwrap(), []);
        assert!(at(&empty.path().join("none")).is_err());
    }
}
