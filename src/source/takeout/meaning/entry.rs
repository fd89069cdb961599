//! The entries of one export: which files there are, in which folders, before anybody knows what they mean.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

#[cfg(test)]
use super::json::MAX_JSON_BYTES;
use crate::source::takeout::archive::{EntryTable, PartId, Spot, Standing};

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

/// All files of one export, from however many parts: a look into the parts' own tables, for there may be half a
/// million, and their names are long.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    /// By number.
    spots: Arc<[Spot]>,
    /// By part; other exports' parts have none.
    tables: Vec<Option<Table>>,
    /// The folders' paths.
    folders: Vec<Box<str>>,
}

/// What a part lists.
#[derive(Debug)]
struct Table {
    entries: Arc<EntryTable>,
    /// Its folders, as they are numbered in the export: none for a folder without files.
    folders: Vec<Option<FolderId>>,
}

impl Entries {
    /// The files that these parts list.
    ///
    /// Paths that differ only in Unicode form, or in blanks and dots at the end of a folder's name, which other
    /// systems take away, lead to one folder.
    pub(crate) fn of(parts: impl IntoIterator<Item = (PartId, Arc<EntryTable>)>) -> Self {
        let mut entries = Self::default();
        let (mut spots, mut numbers) = (Vec::new(), HashMap::new());
        for (part, table) in parts {
            let mut folders = vec![None; table.folder_count()];
            for entry in table.iter().filter(|entry| entry.standing() == Standing::File) {
                spots.push((part, entry.id()));
                let folder = &mut folders[entry.folder_number()];
                *folder = folder.or_else(|| Some(entries.folder(entry.folder(), &mut numbers)));
            }
            let at = usize::from(part.0);
            entries
                .tables
                .resize_with(entries.tables.len().max(at + 1), || None);
            entries.tables[at] = Some(Table {
                entries: table,
                folders,
            });
        }
        entries.spots = spots.into();
        entries
    }

    /// The number of a folder, and a new one for a path that is new.
    fn folder(&mut self, path: &str, numbers: &mut HashMap<Box<str>, FolderId>) -> FolderId {
        let levels = path.split('/').filter(|name| !name.is_empty() && *name != ".");
        let path = levels.map(folder_name).collect::<Vec<_>>().join("/");
        let next = FolderId(u32::try_from(self.folders.len()).unwrap_or(u32::MAX));
        *numbers.entry(path.into()).or_insert_with_key(|path| {
            self.folders.push(path.clone());
            next
        })
    }

    /// The entry of this number.
    pub(crate) fn get(&self, id: EntryId) -> Entry<'_> {
        // Whoever has a number has it from here, where every spot has its table.
        self.look(self.spots[id.0 as usize]).unwrap_or(Entry {
            folder: FolderId(0),
            name: "",
            size: 0,
            crc: None,
        })
    }

    fn look(&self, (part, place): Spot) -> Option<Entry<'_>> {
        let table = self.tables.get(usize::from(part.0))?.as_ref()?;
        let entry = table.entries.get(place)?;
        Some(Entry {
            folder: table.folders[entry.folder_number()]?,
            name: entry.name(),
            size: entry.size(),
            crc: entry.crc32(),
        })
    }

    /// Where an entry is: its part, and its place in it.
    pub(crate) fn spot(&self, id: EntryId) -> Option<Spot> {
        self.spots.get(id.0 as usize).copied()
    }

    /// Where all entries are, by their numbers.
    pub(crate) const fn spots(&self) -> &Arc<[Spot]> {
        &self.spots
    }

    /// All entries with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (EntryId, Entry<'_>)> {
        let ids = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(EntryId);
        ids.map(|id| (id, self.get(id)))
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.spots.len()
    }

    /// The folder's path below `Takeout`, as it is compared.
    pub(crate) fn folder_path(&self, id: FolderId) -> &str {
        &self.folders[id.0 as usize]
    }

    /// The folders of a path, the one of Google Photos first.
    pub(super) fn levels(&self, id: FolderId) -> Vec<&str> {
        self.folders[id.0 as usize].split('/').collect()
    }

    pub(super) fn folder_ids(&self) -> impl Iterator<Item = FolderId> + use<> {
        (0..u32::try_from(self.folders.len()).unwrap_or(u32::MAX)).map(FolderId)
    }

    /// These files in one part.
    #[cfg(test)]
    pub(crate) fn listing<'a>(files: impl IntoIterator<Item = (&'a str, u64, Option<u32>)>) -> Self {
        Self::of([(PartId(0), Arc::new(EntryTable::listing(files)))])
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
        let entries = Entries::listing([
            ("Google Photos/Été. /a.jpg", 1, None),
            ("Google Photos/E\u{301}te\u{301}/b.jpg", 1, None),
        ]);
        let [first, second] = [0, 1].map(|number| entries.get(EntryId(number)));
        assert_eq!(first.folder, second.folder);
        assert_eq!(entries.folder_path(first.folder), "Google Photos/Été");
    }

    #[test]
    fn the_files_of_several_parts_have_numbers_of_their_own() {
        let part = |path| Arc::new(EntryTable::listing([(path, 1, None)]));
        let entries = Entries::of([
            (PartId(3), part("Google Photos/Rome/a.jpg")),
            (PartId(1), part("Google Photos/Rome/b.jpg")),
        ]);
        let names: Vec<_> = entries.iter().map(|(_, entry)| entry.name).collect();
        assert_eq!(names, ["a.jpg", "b.jpg"]);
        assert_eq!(entries.spot(EntryId(1)).unwrap().0, PartId(1));
        assert_eq!(entries.folder_ids().count(), 1);
    }
}
