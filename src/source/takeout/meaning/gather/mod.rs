//! An export as a whole: from its entries, over all folders and parts, to a plan of items and albums.

mod failed;
mod items;
mod naming;
mod plan;
mod same;
mod sorting;
mod verdict;

use std::collections::{BTreeMap, HashMap};

use super::clues::Clues;
use super::entry::{ByEntry, Entries, EntryId, FolderId};
use super::facts::{Facts, People};
use super::folders::{self, FolderKind, Holds};
use super::json::{self, Meaning};
use super::pairing::{self, Cluster, MediaFile, SidecarFile};
use sorting::Sorted;

pub(crate) use failed::FailedVideos;
pub(crate) use plan::{Item, ItemId, Plan};
pub(crate) use verdict::Verdict;

/// One export while its entries and JSON files are being collected. Nothing is decided before all parts are in.
#[derive(Debug, Default)]
pub(crate) struct Export {
    entries: Entries,
    facts: ByEntry<Box<Facts>>,
    people: People,
    /// Titles of albums, by the file that gives them.
    albums: BTreeMap<EntryId, Box<str>>,
    /// What other JSON files are.
    others: BTreeMap<EntryId, Verdict>,
}

/// What a JSON file says, as far as it is kept.
#[derive(Debug)]
pub(crate) enum Told {
    Facts(Box<Facts>),
    /// The title of an album.
    Album(Box<str>),
    Other(Verdict),
}

impl Told {
    /// Reads a text. The reason says why it cannot be read.
    pub(crate) fn of(text: &[u8], people: &mut People) -> (Self, Option<String>) {
        match json::read(text) {
            Meaning::Media(sidecar) => (Self::Facts(Facts::of(&sidecar, people).into()), None),
            Meaning::Album(album) => (Self::Album(album.title.into()), None),
            Meaning::Comments(_) => (Self::Other(Verdict::Comments), None),
            Meaning::Other => (Self::Other(Verdict::OtherJson), None),
            Meaning::Invalid(reason) => (Self::Other(Verdict::InvalidJson), Some(reason)),
        }
    }
}

/// One item as one folder shows it.
#[derive(Debug)]
struct Placed {
    folder: FolderId,
    cluster: Cluster,
}

impl Export {
    /// An export of these entries, from all its parts.
    pub(crate) fn new(entries: Entries) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    /// The same, of which files were read before it was known which entries there are.
    pub(crate) fn knowing(entries: Entries, people: People) -> Self {
        Self {
            people,
            ..Self::new(entries)
        }
    }

    /// Takes up what a file said that was read ahead.
    pub(crate) fn take_up(&mut self, id: EntryId, told: Told) {
        match told {
            Told::Facts(facts) => self.facts.set(id, facts),
            Told::Album(title) => drop(self.albums.insert(id, title)),
            Told::Other(verdict) => drop(self.others.insert(id, verdict)),
        }
    }

    /// The entries.
    #[cfg(test)]
    pub(crate) fn entries(&self) -> &Entries {
        &self.entries
    }

    #[cfg(test)]
    /// Takes up the text of one of [`Entries::json_to_read`], in any order. The error says why it cannot be read; the
    /// file then counts as invalid, and everything else goes on.
    pub(crate) fn read_json(&mut self, id: EntryId, text: &[u8]) -> Result<(), String> {
        let (told, reason) = Told::of(text, &mut self.people);
        self.take_up(id, told);
        reason.map_or(Ok(()), Err)
    }

    /// Puts everything together. Files are looked into only where names cannot decide. Once the clues are over, what
    /// comes of it is of no use.
    ///
    /// Guarantees: the same plan for the same files, whatever the order in which they came; every entry has one
    /// verdict, and every media file of Google Photos is in exactly one item.
    pub(crate) fn plan(self, clues: &mut dyn Clues) -> Plan {
        let folders = folders::kinds(&self.entries, &self.holds());
        let sorted = Sorted::of(&self, &folders, clues);
        let placed = self.pair(&sorted, clues);
        items::gather(self, folders, sorted, &placed, clues)
    }

    /// What each folder holds.
    fn holds(&self) -> HashMap<FolderId, Holds> {
        let mut holds: HashMap<FolderId, Holds> = HashMap::new();
        for (id, entry) in self.entries.iter() {
            let held = holds.entry(entry.folder).or_default();
            held.has_media |= super::extension::Class::of(entry.name).is_media();
            held.has_sidecars |= self.facts.has(id);
            if let Some(title) = self.albums.get(&id) {
                held.albums.push((id, title.clone()));
            }
        }
        for (folder, held) in &mut holds {
            self.arrange_albums(*folder, &mut held.albums);
        }
        holds
    }

    /// The file after whose title the folder is named comes first, then by name.
    fn arrange_albums(&self, folder: FolderId, albums: &mut [(EntryId, Box<str>)]) {
        let path = self.entries.folder_path(folder);
        let folder_name = path.rsplit('/').next().unwrap_or(path);
        albums.sort_by_key(|(id, title)| {
            let entry = self.entries.get(*id);
            (
                !folders::is_named_after(folder_name, title),
                entry.name,
                entry.size,
                entry.crc,
                *id,
            )
        });
    }

    /// Pairs the files of every folder, in the order of their paths.
    fn pair(&self, sorted: &Sorted, clues: &mut dyn Clues) -> Vec<Placed> {
        let mut folders: Vec<FolderId> = sorted.folders().collect();
        folders.sort_by_key(|folder| self.entries.folder_path(*folder));
        let mut placed = Vec::new();
        for folder in folders {
            if clues.is_over() {
                break;
            }
            let media = sorted.media(folder).iter().map(|id| self.media_file(*id));
            let sidecars = sorted
                .sidecars(folder)
                .iter()
                .filter_map(|id| self.sidecar_file(*id));
            let clusters = pairing::pair(media.collect(), sidecars.collect(), clues);
            placed.extend(clusters.into_iter().map(|cluster| Placed { folder, cluster }));
        }
        placed
    }

    fn media_file(&self, id: EntryId) -> MediaFile<'_> {
        let entry = self.entries.get(id);
        MediaFile {
            id,
            name: entry.name,
            size: entry.size,
            crc: entry.crc,
        }
    }

    fn sidecar_file(&self, id: EntryId) -> Option<SidecarFile<'_>> {
        let entry = self.entries.get(id);
        Some(SidecarFile {
            id,
            name: entry.name,
            size: entry.size,
            crc: entry.crc,
            facts: self.facts.get(id)?,
        })
    }
}

#[cfg(test)]
mod tests;
