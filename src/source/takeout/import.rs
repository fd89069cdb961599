//! What is to be imported: the items of all exports as the library knows them, and where their bytes are.
//!
//! An item's id is made of the content of its file, so that it is the same in every export, whenever and in whatever
//! language it was made, and for whichever account; and one content is one item.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::archive::{Finding, Inventory, PartId, Tally};
use super::glances::{Glances, Seen, Spot};
use super::listed::{Companion, Content, Listed, ROLES, Wanted};
use super::meaning::clues::Clues as _;
use super::meaning::entry::EntryId;
use super::meaning::extension::Class;
use super::meaning::gather::{Item, ItemId, Plan};
use super::meaning::taken::{TimeTold, decide, instant};
use super::remarks::LeftOut;
use super::wishes::{Kept, Wishes};
use crate::library::name_key::EDITED;
use crate::library::safe_name::mime_for;
use crate::media::{Extension, KnownFile, MediaId, MediaItem, MediaKind, Readiness, Role};

/// An export that is understood.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    /// When Google began the export, as its parts are called.
    pub(super) time: Option<Box<str>>,
    /// Where each entry of the plan is.
    pub(super) spots: Vec<Spot>,
}

impl Planned {
    /// The part and the entry in it that an entry of the plan is.
    pub(crate) fn spot(&self, entry: EntryId) -> Option<Spot> {
        self.spots.get(entry.0 as usize).copied()
    }
}

/// Says whether the library holds the item of this id.
pub(crate) type IsHere<'a> = dyn Fn(&MediaId) -> bool + 'a;

/// What is to be imported.
#[derive(Debug)]
pub(crate) struct Import {
    pub(super) inventory: Inventory,
    /// The newest export first.
    pub(crate) exports: Vec<Planned>,
    /// In the order in which their bytes lie.
    pub(super) listed: Vec<Listed>,
    by_content: HashMap<Content, u32>,
    /// The contents of the items of plans.
    contents: HashMap<(u16, ItemId), Content>,
    /// Items that the user does not want.
    pub(crate) left_out: LeftOut,
    /// A sentence for each file that could not be understood.
    pub(crate) unread: Vec<String>,
}

impl Import {
    pub(super) fn new(
        inventory: Inventory,
        exports: Vec<Planned>,
        seen: &Seen,
        (wishes, is_here): (Wishes, &IsHere<'_>),
        unread: Vec<String>,
    ) -> Self {
        let mut import = Self {
            inventory,
            exports,
            listed: Vec::new(),
            by_content: HashMap::new(),
            contents: HashMap::new(),
            left_out: LeftOut::default(),
            unread,
        };
        for export in 0..import.exports.len() {
            import.enlist_all(export, seen, (wishes, is_here));
        }
        import.unite();
        import.arrange();
        import
    }

    fn enlist_all(&mut self, export: usize, seen: &Seen, (wishes, is_here): (Wishes, &IsHere<'_>)) {
        for at in 0..self.exports[export].plan.items.len() {
            let item = &self.exports[export].plan.items[at];
            if !wishes.wants(item, &mut self.left_out) {
                continue;
            }
            let kept = match wishes.kept {
                Kept::Both => Kept::Both,
                kept if self.has_other_version((export, item), seen, kept, is_here) => Kept::Both,
                kept => kept,
            };
            let id = ItemId(u32::try_from(at).unwrap_or(u32::MAX));
            for one in self.chosen((export, id), item, seen, kept) {
                self.enlist(one);
            }
        }
    }

    /// Whether the version that is not wanted is in the library already. It stays there, and the other one belongs
    /// beside it: alone it would be a second item.
    fn has_other_version(
        &self,
        (export, item): (usize, &Item),
        seen: &Seen,
        kept: Kept,
        is_here: &IsHere<'_>,
    ) -> bool {
        let Some(version) = item.versions.first() else {
            return false;
        };
        let other = if kept == Kept::Edited { item.main } else { *version };
        is_here(&id(self.content(export, other.entry, seen)))
    }

    /// An item as the library is to know it, and its further versions.
    fn chosen(&self, (export, id): (usize, ItemId), item: &Item, seen: &Seen, kept: Kept) -> Vec<Listed> {
        let mut versions = item.versions.iter().map(|tie| tie.entry);
        let (main, edited) = match kept {
            Kept::Both => (item.main.entry, versions.next()),
            Kept::Original => (item.main.entry, None),
            Kept::Edited => (versions.next().unwrap_or(item.main.entry), None),
        };
        let first = Listed {
            export: u16::try_from(export).unwrap_or(u16::MAX),
            item: id,
            main,
            half: item
                .half
                .map(|tie| self.companion(export, tie.entry, seen).into()),
            edited: edited.map(|entry| self.companion(export, entry, seen).into()),
            content: self.content(export, main, seen),
            taken: self.taken(export, item, seen),
            is_version: false,
        };
        let more = versions.filter(|_| kept == Kept::Both).map(|version| Listed {
            main: version,
            half: None,
            edited: None,
            content: self.content(export, version, seen),
            is_version: true,
            ..first
        });
        let more: Vec<Listed> = more.collect();
        std::iter::once(first).chain(more).collect()
    }

    fn glances<'a>(&'a self, export: usize, seen: &'a Seen) -> Glances<'a> {
        Glances {
            inventory: &self.inventory,
            spots: &self.exports[export].spots,
            seen,
        }
    }

    fn companion(&self, export: usize, entry: EntryId, seen: &Seen) -> Companion {
        Companion {
            export: u16::try_from(export).unwrap_or(u16::MAX),
            entry,
            content: self.content(export, entry, seen),
        }
    }

    /// A file that cannot be read at all has the checksum of nothing, and fails when its turn comes.
    fn content(&self, export: usize, entry: EntryId, seen: &Seen) -> Content {
        let known = self.exports[export].plan.entries.get(entry);
        let crc = known.crc.or_else(|| self.glances(export, seen).crc(entry));
        (known.size, crc.unwrap_or(0))
    }

    /// The file is looked into only where nothing else tells the time.
    fn taken(&self, export: usize, item: &Item, seen: &Seen) -> Option<i64> {
        if let Some(taken) = item.taken.filter(|taken| instant(*taken).is_some()) {
            return Some(taken);
        }
        let name = self.exports[export].plan.name(item);
        let file = self.glances(export, seen).look(item.main.entry).time;
        let told = TimeTold {
            sidecar: item.taken,
            file,
            name: &name,
            folder: item.folder_date,
        };
        decide(&told).map(|taken| taken.utc.timestamp())
    }

    fn enlist(&mut self, one: Listed) {
        if !one.is_version {
            self.contents.insert((one.export, one.item), one.content);
        }
        self.list(one);
    }

    /// One content is one item; what a second one knows of it is added. What it has otherwise than the first, as an
    /// older export has a version that was edited again since, becomes an item beside it.
    fn list(&mut self, one: Listed) {
        let next = u32::try_from(self.listed.len()).unwrap_or(u32::MAX);
        let Some(at) = self.by_content.get(&one.content) else {
            self.by_content.insert(one.content, next);
            return self.listed.push(one);
        };
        let first = &mut self.listed[*at as usize];
        let others = [
            added(&mut first.half, one.half.as_deref()).map(|half| one.apart(half, false)),
            added(&mut first.edited, one.edited.as_deref()).map(|edited| one.apart(edited, true)),
        ];
        for other in others.into_iter().flatten() {
            self.list(other);
        }
    }

    /// One content is one file: what is a moving half or an edited version of one item is not that of another as well,
    /// nor an item of its own, as it may seem to be in an album that lacks the rest.
    fn unite(&mut self) {
        let mut owners: HashMap<Content, Content> = HashMap::new();
        let mut listed = std::mem::take(&mut self.listed);
        for one in &mut listed {
            let own = one.content;
            let mut is_free =
                |content: Content| content != own && *owners.entry(content).or_insert(own) == own;
            one.half = one.half.take().filter(|half| is_free(half.content));
            one.edited = one.edited.take().filter(|edited| is_free(edited.content));
        }
        // Who has files of its own stays: two that claim each other must not both go.
        listed.retain(|one| {
            let has_more = one.half.is_some() || one.edited.is_some();
            has_more || !owners.contains_key(&one.content)
        });
        self.by_content.clear();
        self.by_content
            .extend((0..).zip(&listed).map(|(at, one)| (one.content, at)));
        self.listed = listed;
    }

    /// Puts the items into the order in which their bytes lie: an item comes when the last of its files does.
    fn arrange(&mut self) {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by_cached_key(|one| self.last_place(one));
        for (at, one) in (0..).zip(&listed) {
            self.by_content.insert(one.content, at);
        }
        self.listed = listed;
    }

    fn last_place(&self, one: &Listed) -> (PartId, u64) {
        let entries = ROLES.into_iter().filter_map(|role| one.entry(role));
        let places = entries.filter_map(|(export, entry)| {
            let (part, id) = self.exports[usize::from(export)].spot(entry)?;
            Some((part, self.inventory.part(part)?.position(id)))
        });
        places.max().unwrap_or((PartId(u16::MAX), u64::MAX))
    }

    /// The items of plans that are imported, each with the export whose files stand for it.
    pub(super) fn wanted_items(&self) -> impl Iterator<Item = ((u16, ItemId), u16)> {
        self.contents.iter().filter_map(|(item, content)| {
            let at = *self.by_content.get(content)?;
            Some((*item, self.listed[at as usize].export))
        })
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.listed.len()
    }

    /// All that they consist of, in bytes.
    pub(crate) fn total_bytes(&self) -> u64 {
        (0..self.len())
            .flat_map(|at| self.files(at))
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// What was found about the parts.
    pub(crate) fn findings(&self) -> &[Finding] {
        self.inventory.findings()
    }

    /// How many entries of each standing all parts have.
    pub(crate) fn tally(&self) -> Tally {
        self.inventory.tally()
    }

    /// The place of the item that the library knows by this id.
    pub(super) fn find(&self, id: &MediaId) -> Option<usize> {
        let (crc, size) = id.as_str().split_once('-')?;
        let content = (size.parse().ok()?, u32::from_str_radix(crc, 16).ok()?);
        self.by_content.get(&content).map(|at| *at as usize)
    }

    /// What the library knows an item of a plan by; none for one that is not imported.
    pub(crate) fn id_of(&self, export: usize, item: ItemId) -> Option<MediaId> {
        let export = u16::try_from(export).ok()?;
        self.contents.get(&(export, item)).copied().map(id)
    }

    /// The item at this place, as the library is told of it.
    pub(crate) fn media_item(&self, at: usize) -> MediaItem {
        let one = &self.listed[at];
        let name = self.name(one);
        let class = Class::of(&name);
        MediaItem {
            id: id(one.content),
            mime_type: mime_for(&name).unwrap_or_default().to_owned(),
            taken: one
                .taken
                .and_then(|taken| DateTime::<Utc>::from_timestamp(taken, 0)),
            kind: if class.moves() {
                MediaKind::Video
            } else {
                MediaKind::Photo
            },
            readiness: Readiness::Ready,
            locator: None,
            files: self.files(at),
            file_name: name,
        }
    }

    fn name(&self, one: &Listed) -> String {
        let plan = &self.exports[usize::from(one.export)].plan;
        let item = plan.item(one.item);
        let name = plan.name(item);
        if one.main == item.main.entry {
            return name;
        }
        let stem = name.rfind('.').map_or(&*name, |dot| &name[..dot]);
        let word = if one.is_version { EDITED } else { "" };
        let extension = Extension::of(plan.entries.get(one.main).name);
        format!("{stem}{word}{}", extension.as_str())
    }

    fn files(&self, at: usize) -> Vec<KnownFile> {
        let known = ROLES.into_iter().filter_map(|role| {
            let file = self.file(at, role)?;
            let one = &self.listed[at];
            let (export, entry) = one.entry(role)?;
            let name = self.exports[usize::from(export)].plan.entries.get(entry).name;
            Some(KnownFile {
                role,
                size: file.size,
                crc32: file.crc32,
                extension: if role == Role::Clip {
                    clip_extension(name)
                } else {
                    Extension::of(name)
                },
            })
        });
        known.collect()
    }

    /// Where a file of the item at this place is.
    pub(super) fn file(&self, at: usize, role: Role) -> Option<Wanted> {
        let one = self.listed.get(at)?;
        let (export, entry) = one.entry(role)?;
        let planned = &self.exports[usize::from(export)];
        let known = planned.plan.entries.get(entry);
        let spot = planned.spot(entry)?;
        Some(Wanted {
            spot,
            size: known.size,
            crc32: one.crc32(role)?,
        })
    }
}

/// Puts a file where none is. One that has other bytes than the file that is there comes back.
fn added(place: &mut Option<Box<Companion>>, one: Option<&Companion>) -> Option<Companion> {
    if let Some(first) = place {
        return one.filter(|one| one.content != first.content).copied();
    }
    *place = one.copied().map(Box::new);
    None
}

fn id((size, crc): Content) -> MediaId {
    MediaId::of_content(size, crc)
}

/// The halves of live photos are `QuickTime` films or MP4s, whatever the ending is that cameras give them.
fn clip_extension(name: &str) -> Extension {
    match Extension::of(name).as_str() {
        ".mov" | ".qt" => Extension::of("a.mov"),
        _ => Extension::of("a.mp4"),
    }
}
