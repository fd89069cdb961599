//! From what each folder shows to items: copies of one content become one item, and their metadata is united.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::plan::{Album, AlbumId, Item, ItemId, Plan};
use super::same::{Content, Contents, Groups, Members};
use super::sorting::Sorted;
use super::verdict::Verdict;
use super::{Export, Placed};
use crate::source::takeout::meaning::clues::Clues;
use crate::source::takeout::meaning::entry::{ByEntry, EntryId, FolderId};
use crate::source::takeout::meaning::facts::{Facts, fingerprint};
use crate::source::takeout::meaning::folders::FolderKind;
use crate::source::takeout::meaning::json::{Marks, Origin};
use crate::source::takeout::meaning::pairing::{Certainty, Cluster, Rule, Tie};
use crate::source::takeout::meaning::taken;

/// Everything that is known once every folder is paired.
struct Gathering<'a> {
    export: &'a Export,
    folders: &'a [FolderKind],
    placed: &'a [Placed],
    contents: Contents<'a>,
    album_of: BTreeMap<FolderId, AlbumId>,
}

pub(super) fn gather(
    mut export: Export,
    folders: Vec<FolderKind>,
    sorted: Sorted,
    placed: &[Placed],
    clues: &mut dyn Clues,
) -> Plan {
    let files: Vec<EntryId> = placed.iter().flat_map(|placed| files(&placed.cluster)).collect();
    let albums = albums(&export, &folders, &sorted, placed);
    let mut verdicts = sorted.verdicts;
    for id in &sorted.album_texts {
        let own = albums.iter().position(|album| album.text == Some(*id));
        let album = own.and_then(|at| u32::try_from(at).ok()).map(AlbumId);
        verdicts.set(*id, album.map_or(Verdict::FolderText, Verdict::Album));
    }
    let gathering = Gathering {
        contents: Contents::of(&export.entries, &files, clues),
        album_of: (0..)
            .map(AlbumId)
            .zip(&albums)
            .map(|(id, album)| (album.folder, id))
            .collect(),
        export: &export,
        folders: &folders,
        placed,
    };
    let mut items = Vec::new();
    for group in gathering.groups().iter() {
        let id = ItemId(u32::try_from(items.len()).unwrap_or(u32::MAX));
        if let Some(item) = gathering.item(group) {
            note(&mut verdicts, id, &item);
            items.push(item);
        } else {
            let sidecars = group.iter().filter_map(|at| placed[*at].cluster.sidecar);
            verdicts.extend(sidecars.map(|sidecar| (sidecar, Verdict::LoneSidecar)));
        }
    }
    take_titles(&mut items, &mut export.facts);
    Plan {
        // Every entry has its verdict by now; a file that somehow had none would be no photo.
        verdicts: verdicts.into_all(export.entries.len(), Verdict::NotMedia),
        entries: export.entries,
        people: export.people,
        folders,
        items,
        albums,
    }
}

/// All that is needed of facts once they are united.
fn take_titles(items: &mut [Item], facts: &mut ByEntry<Box<Facts>>) {
    for item in items {
        let mut told = item.sidecars.iter();
        let title = told.find_map(|id| facts.get_mut(*id)?.title.take());
        item.title = title.filter(|title| !title.is_empty());
    }
}

fn note(verdicts: &mut ByEntry<Verdict>, id: ItemId, item: &Item) {
    verdicts.set(item.main.entry, Verdict::Main(id));
    verdicts.extend(item.half.map(|tie| (tie.entry, Verdict::Half(id))));
    verdicts.extend(item.versions.iter().map(|tie| (tie.entry, Verdict::Version(id))));
    verdicts.extend(item.copies.iter().map(|tie| (tie.entry, Verdict::Copy(id))));
    verdicts.extend(item.sidecars.iter().map(|entry| (*entry, Verdict::Sidecar(id))));
}

/// The albums of an export, in the order of their folders' paths.
fn albums(export: &Export, folders: &[FolderKind], sorted: &Sorted, placed: &[Placed]) -> Vec<Album> {
    let of_texts = sorted.album_texts.iter().map(|id| export.entries.get(*id).folder);
    let used: BTreeSet<FolderId> = placed
        .iter()
        .map(|placed| placed.folder)
        .chain(of_texts)
        .collect();
    let mut by_folder: BTreeMap<FolderId, Vec<(EntryId, Box<str>)>> = BTreeMap::new();
    for id in &sorted.album_texts {
        let title = export.albums[id].clone();
        by_folder
            .entry(export.entries.get(*id).folder)
            .or_default()
            .push((*id, title));
    }
    let mut albums: Vec<Album> = used
        .into_iter()
        .filter(|folder| folders[folder.0 as usize].is_album())
        .map(|folder| {
            let mut texts = by_folder.remove(&folder).unwrap_or_default();
            export.arrange_albums(folder, &mut texts);
            let path = export.entries.folder_path(folder);
            let name = path.rsplit('/').next().unwrap_or(path);
            let is_untitled = folders[folder.0 as usize] == FolderKind::Untitled;
            let (text, title) = texts.into_iter().next().unzip();
            Album {
                folder,
                title: title.unwrap_or_else(|| if is_untitled { "" } else { name }.into()),
                text,
            }
        })
        .collect();
    albums.sort_by_key(|album| export.entries.folder_path(album.folder));
    albums
}

/// A file of an item that lies elsewhere too: tied by its own sidecar, if it has one, else by its bytes.
fn copy(cluster: &Cluster, tie: Tie) -> Tie {
    let rule = if cluster.sidecar.is_some() {
        tie.rule
    } else {
        Rule::SameBytes
    };
    Tie { rule, ..tie }
}

/// All media of a cluster.
fn files(cluster: &Cluster) -> impl Iterator<Item = EntryId> {
    ties(cluster).map(|tie| tie.entry)
}

/// All media of a cluster, the one that stands for it first.
fn ties(cluster: &Cluster) -> impl Iterator<Item = Tie> {
    let versions = cluster.versions.iter().copied();
    cluster.original.into_iter().chain(versions).chain(cluster.half)
}

impl Gathering<'_> {
    /// The clusters that are one item each, in an order that depends on paths alone.
    fn groups(&self) -> Members {
        let mut groups = Groups::new(self.placed.len());
        self.unite_same_bytes(&mut groups);
        self.unite_same_items(&mut groups);
        groups.into_members(|at| self.rank(at))
    }

    /// Clusters that tell more come first: with a file, with a sidecar, with a sure original, in a folder of its time.
    fn rank(&self, at: usize) -> (bool, bool, bool, Reverse<Option<Certainty>>, bool) {
        let Placed { folder, cluster } = &self.placed[at];
        let sureness = cluster.original.map(|tie| tie.certainty);
        (
            files(cluster).next().is_none(),
            cluster.sidecar.is_none(),
            cluster.original.is_none(),
            Reverse(sureness),
            self.folders[folder.0 as usize].date().is_none(),
        )
    }

    /// Clusters whose first files are the same are one item. So is a photo without a sidecar that is the same as
    /// any file of an item.
    fn unite_same_bytes(&self, groups: &mut Groups) {
        let mut firsts: HashMap<Content, usize> = HashMap::new();
        let mut seconds: HashMap<Content, usize> = HashMap::new();
        for (at, placed) in self.placed.iter().enumerate() {
            for (place, file) in files(&placed.cluster).enumerate() {
                let Some(content) = self.contents.get(file) else {
                    continue;
                };
                if place > 0 {
                    seconds.entry(content).or_insert(at);
                } else if let Some(first) = firsts.get(&content) {
                    groups.unite(*first, at);
                } else {
                    firsts.insert(content, at);
                }
            }
        }
        for (at, placed) in self.placed.iter().enumerate() {
            let is_bare = placed.cluster.sidecar.is_none() && files(&placed.cluster).count() == 1;
            let content = files(&placed.cluster)
                .next()
                .and_then(|file| self.contents.get(file));
            if let Some(owner) = content
                .filter(|_| is_bare)
                .and_then(|content| seconds.get(&content))
            {
                groups.unite(*owner, at);
            }
        }
    }

    /// Sidecars without files join the only item of the same title and time; an album may hold nothing else.
    fn unite_same_items(&self, groups: &mut Groups) {
        let lone = self
            .placed
            .iter()
            .filter(|placed| files(&placed.cluster).next().is_none());
        let wanted = lone.filter_map(|placed| self.identity(placed));
        let mut items: HashMap<(u64, Option<i64>), Vec<usize>> =
            wanted.map(|key| (key, Vec::new())).collect();
        for (at, placed) in self.placed.iter().enumerate() {
            if let Some(key) = self.identity(placed)
                && files(&placed.cluster).next().is_some()
                && let Some(places) = items.get_mut(&key)
            {
                places.push(at);
            }
        }
        for (at, placed) in self.placed.iter().enumerate() {
            let key = self
                .identity(placed)
                .filter(|_| files(&placed.cluster).next().is_none());
            let candidates = key.and_then(|key| items.get(&key)).into_iter().flatten();
            let fitting: BTreeSet<usize> = candidates
                .filter(|other| self.may_be_same(placed, &self.placed[**other]))
                .map(|other| groups.root(*other))
                .collect();
            if fitting.len() == 1
                && let Some(item) = fitting.first()
            {
                groups.unite(*item, at);
            }
        }
    }

    fn facts(&self, placed: &Placed) -> Option<&Facts> {
        self.export.facts.get(placed.cluster.sidecar?).map(AsRef::as_ref)
    }

    fn identity(&self, placed: &Placed) -> Option<(u64, Option<i64>)> {
        let facts = self.facts(placed)?;
        let title = facts.title.as_deref().filter(|title| !title.is_empty())?;
        Some((fingerprint(title), facts.taken))
    }

    /// Whether two sidecars of one title and time may tell of one item: their addresses decide; without a time, and
    /// without addresses, nobody can tell.
    fn may_be_same(&self, left: &Placed, right: &Placed) -> bool {
        let (Some(left), Some(right)) = (self.facts(left), self.facts(right)) else {
            return false;
        };
        match (left.url, right.url) {
            (Some(left), Some(right)) => left == right,
            _ => left.taken.is_some(),
        }
    }

    /// The item of a group; `None` if it has no files.
    fn item(&self, group: &[usize]) -> Option<Item> {
        let clusters: Vec<&Cluster> = group.iter().map(|at| &self.placed[*at].cluster).collect();
        let (first, kept, copies) = self.distribute(&clusters)?;
        let (half, versions) = kept;
        let mut item = Item {
            main: first,
            half,
            versions: versions.into(),
            copies: copies.into(),
            sidecars: clusters.iter().filter_map(|cluster| cluster.sidecar).collect(),
            described_by: None,
            title: None,
            taken: None,
            folder_date: group.iter().find_map(|at| self.folder(*at).date()),
            place: None,
            people: Box::default(),
            albums: self.albums(group),
            marks: Marks::default(),
            origin: None,
        };
        self.unite_facts(&mut item);
        if item.sidecars.is_empty() {
            item.marks = self.marks_of_folders(group);
        }
        Some(item)
    }

    /// The file that stands for the item, the half and the versions that differ from it, and the copies of these.
    #[expect(
        clippy::type_complexity,
        reason = "three parts of one whole, taken apart at once"
    )]
    fn distribute(&self, clusters: &[&Cluster]) -> Option<(Tie, (Option<Tie>, Vec<Tie>), Vec<Tie>)> {
        let main = clusters.iter().find_map(|cluster| ties(cluster).next())?;
        let mut kept: Vec<Tie> = vec![main];
        let mut half = None;
        let mut copies = Vec::new();
        for cluster in clusters {
            for tie in ties(cluster).filter(|tie| tie.entry != main.entry) {
                if kept
                    .iter()
                    .any(|other| self.contents.are_same(other.entry, tie.entry))
                {
                    copies.push(copy(cluster, tie));
                    continue;
                }
                if half.is_none() && cluster.half == Some(tie) {
                    half = Some(tie);
                }
                kept.push(tie);
            }
        }
        let versions = kept
            .into_iter()
            .skip(1)
            .filter(|tie| Some(*tie) != half)
            .collect();
        Some((main, (half, versions), copies))
    }

    fn folder(&self, at: usize) -> FolderKind {
        self.folders[self.placed[at].folder.0 as usize]
    }

    fn albums(&self, group: &[usize]) -> Box<[AlbumId]> {
        let folders = group.iter().map(|at| self.placed[*at].folder);
        let albums: BTreeSet<AlbumId> = folders
            .filter_map(|folder| self.album_of.get(&folder).copied())
            .collect();
        albums.into_iter().collect()
    }

    /// Unites what the sidecars tell: the first that knows, people and favourites of all, archived and trashed only
    /// if all are, locked if any is, the longest description.
    fn unite_facts(&self, item: &mut Item) {
        let all: Vec<(EntryId, &Facts)> = item
            .sidecars
            .iter()
            .filter_map(|id| Some((*id, &**self.export.facts.get(*id)?)))
            .collect();
        let facts = || all.iter().map(|(_, facts)| *facts);
        let is_any = !all.is_empty();
        item.taken = facts().find_map(|facts| facts.taken.filter(|taken| taken::instant(*taken).is_some()));
        item.place = facts().find_map(|facts| facts.place);
        let people: BTreeSet<u32> = facts().flat_map(|facts| facts.people.iter().copied()).collect();
        item.people = people.into_iter().collect();
        item.described_by = all
            .iter()
            .rev()
            .filter(|(_, facts)| facts.description_bytes > 0)
            .max_by_key(|(_, facts)| facts.description_bytes)
            .map(|(id, _)| *id);
        item.marks = Marks {
            favourite: facts().any(|facts| facts.marks.favourite),
            archived: is_any && facts().all(|facts| facts.marks.archived),
            trashed: is_any && facts().all(|facts| facts.marks.trashed),
            locked: facts().any(|facts| facts.marks.locked),
        };
        item.origin = origin(facts().filter_map(|facts| facts.origin));
    }

    /// The marks that the folders stand for, for items of which nothing else is known.
    fn marks_of_folders(&self, group: &[usize]) -> Marks {
        let are_all = |kind| group.iter().all(|at| self.folder(*at) == kind);
        Marks {
            favourite: false,
            archived: are_all(FolderKind::Archive),
            trashed: are_all(FolderKind::Trash),
            locked: group.iter().any(|at| self.folder(*at) == FolderKind::Locked),
        }
    }
}

/// What came from somebody else counts as such only if it did not come from the user as well.
fn origin(origins: impl Iterator<Item = Origin>) -> Option<Origin> {
    origins.min_by_key(|origin| matches!(origin, Origin::Partner | Origin::SharedAlbum))
}
