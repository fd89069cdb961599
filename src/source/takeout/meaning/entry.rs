//! The entries of one export: which files there are, in which folders, before anybody knows what they mean.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

#[cfg(test)]
use super::json::MAX_JSON_BYTES;

/// An entry's number: its place in the list of all entries of one export, over all parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EntryId(pub(crate) u32);

/// A folder's number within one export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FolderId(pub(crate) u32);

/// One file of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) folder: FolderId,
    pub(crate) name: &'a str,
    pub(crate) size: u64,
    /// `None` where the container does not tell; it is asked for when two files may be the same.
    pub(crate) crc: Option<u32>,
}

/// What a path given to [`Entries::add`] starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The folder that holds one folder per Google product.
    Takeout,
    /// The folder of Google Photos itself: somebody picked it, or unpacked one level deeper.
    Photos,
}

/// What is kept of an entry: there may be half a million, so that all names are in one string.
#[derive(Debug)]
struct Record {
    size: u64,
    name_end: usize,
    folder: FolderId,
    crc: Option<u32>,
}

/// All entries of one export, from however many parts.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    records: Vec<Record>,
    names: String,
    folders: Vec<Box<str>>,
    by_path: HashMap<Box<str>, FolderId>,
}

/// What stands for the folder of Google Photos where a path does not name it. No folder on any disk can be
/// called so.
pub(super) const PICKED: &str = "\0";

impl Entries {
    /// Takes up a file by its path below `base`, with `/` between folders.
    ///
    /// Paths that differ only in Unicode form, or in blanks and dots at the end of a folder's name, which other
    /// systems take away, lead to one folder.
    pub(crate) fn add(&mut self, base: Base, path: &str, size: u64, crc: Option<u32>) -> EntryId {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folder(base, folder);
        let id = EntryId(u32::try_from(self.records.len()).unwrap_or(u32::MAX));
        self.names.push_str(name);
        self.records.push(Record {
            size,
            name_end: self.names.len(),
            folder,
            crc,
        });
        id
    }

    fn folder(&mut self, base: Base, path: &str) -> FolderId {
        let top = (base == Base::Photos).then(|| PICKED.to_owned());
        let below = path
            .split('/')
            .filter(|name| !name.is_empty() && *name != ".")
            .map(folder_name);
        let path = top
            .into_iter()
            .chain(below)
            .collect::<Vec<_>>()
            .join("/")
            .into_boxed_str();
        let next = FolderId(u32::try_from(self.folders.len()).unwrap_or(u32::MAX));
        *self.by_path.entry(path).or_insert_with_key(|path| {
            self.folders.push(path.clone());
            next
        })
    }

    /// The entry of this number.
    pub(crate) fn get(&self, id: EntryId) -> Entry<'_> {
        let at = id.0 as usize;
        let record = &self.records[at];
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.records[before].name_end);
        Entry {
            folder: record.folder,
            name: &self.names[start..record.name_end],
            size: record.size,
            crc: record.crc,
        }
    }

    /// All entries with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (EntryId, Entry<'_>)> {
        let ids = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(EntryId);
        ids.map(|id| (id, self.get(id)))
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The folder's path below `Takeout`, as it is compared.
    pub(crate) fn folder_path(&self, id: FolderId) -> &str {
        let path = &self.folders[id.0 as usize];
        path.strip_prefix(PICKED)
            .map_or(&**path, |below| below.trim_start_matches('/'))
    }

    /// The folders of a path, the one of Google Photos first; [`PICKED`] where it was not named.
    pub(super) fn levels(&self, id: FolderId) -> Vec<&str> {
        self.folders[id.0 as usize].split('/').collect()
    }

    pub(super) fn folder_ids(&self) -> impl Iterator<Item = FolderId> + use<> {
        (0..u32::try_from(self.folders.len()).unwrap_or(u32::MAX)).map(FolderId)
    }

    /// The JSON files whose text decides what the rest means: hand each to `Export::read_json`.
    ///
    /// Files that are too large to be any of Google Photos' own are left out. Those of other products are among them:
    /// only their texts tell which folder is whose.
    #[cfg(test)]
    pub(crate) fn json_to_read(&self) -> impl Iterator<Item = EntryId> {
        self.iter()
            .filter(|(_, entry)| is_json(entry.name) && entry.size <= MAX_JSON_BYTES)
            .filter(|(_, entry)| {
                self.levels(entry.folder)
                    .iter()
                    .all(|name| !is_litter_folder(name))
            })
            .map(|(id, _)| id)
    }
}

/// What is known of some of the entries: a place for each, which takes less than a map where many have something.
#[derive(Clone, Debug)]
pub(crate) struct ByEntry<T>(Vec<Option<T>>);

impl<T> Default for ByEntry<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByEntry<T> {
    /// What is known of this entry.
    pub(crate) fn get(&self, id: EntryId) -> Option<&T> {
        self.0.get(id.0 as usize)?.as_ref()
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, id: EntryId) -> Option<&mut T> {
        self.0.get_mut(id.0 as usize)?.as_mut()
    }

    /// Whether anything is known of this entry.
    pub(crate) fn has(&self, id: EntryId) -> bool {
        self.get(id).is_some()
    }

    /// Keeps what is known of an entry, in place of what was known before.
    pub(crate) fn set(&mut self, id: EntryId, value: T) {
        let at = id.0 as usize;
        if at >= self.0.len() {
            self.0.resize_with(at + 1, || None);
        }
        self.0[at] = Some(value);
    }

    /// One for each of `count` entries: `other` where nothing is known.
    pub(crate) fn into_all(mut self, count: usize, other: T) -> Vec<T>
    where
        T: Copy,
    {
        self.0.resize(count, None);
        self.0.into_iter().map(|known| known.unwrap_or(other)).collect()
    }
}

impl<T> Extend<(EntryId, T)> for ByEntry<T> {
    fn extend<I: IntoIterator<Item = (EntryId, T)>>(&mut self, known: I) {
        for (id, value) in known {
            self.set(id, value);
        }
    }
}

/// A folder's name as it is compared: NFC, without blanks and dots at its end.
fn folder_name(name: &str) -> String {
    let composed: String = name.nfc().collect();
    let kept = composed.trim_end_matches([' ', '.']);
    if kept.is_empty() {
        composed
    } else {
        kept.to_owned()
    }
}

pub(super) fn is_json(name: &str) -> bool {
    has_extension(name, "json")
}

pub(super) fn has_extension(name: &str, wanted: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case(wanted))
}

/// Folders that other systems leave behind, full of thumbnails that are nobody's photos.
pub(super) fn is_litter_folder(name: &str) -> bool {
    matches!(name, "@eaDir" | "__MACOSX" | ".thumbnails" | "#recycle")
}

/// Files that other systems leave behind.
pub(super) fn is_litter(name: &str) -> bool {
    matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".picasa.ini") || name.starts_with("._")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_whatever_a_system_made_of_its_name() {
        let mut entries = Entries::default();
        let first = entries.add(Base::Takeout, "Google Photos/Été. /a.jpg", 1, None);
        let second = entries.add(Base::Takeout, "Google Photos/E\u{301}te\u{301}/b.jpg", 1, None);
        assert_eq!(entries.get(first).folder, entries.get(second).folder);
        assert_eq!(
            entries.folder_path(entries.get(first).folder),
            "Google Photos/Été"
        );
    }

    #[test]
    fn a_picked_folder_stands_for_the_one_of_google_photos() {
        let mut entries = Entries::default();
        let id = entries.add(Base::Photos, "Rome/a.jpg", 1, None);
        assert_eq!(entries.folder_path(entries.get(id).folder), "Rome");
        assert_eq!(entries.levels(entries.get(id).folder), [PICKED, "Rome"]);
    }
}
