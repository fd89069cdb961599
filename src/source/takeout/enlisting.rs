//! Putting together what is to be imported: which items of the exports are wanted, and which files each consists of.

use std::collections::HashMap;

use super::archive::{Inventory, PartId};
use super::glances::{Glances, Seen};
use super::import::{Planned, id};
use super::listed::{Companion, Content, Listed, ROLES};
use super::meaning::clues::Clues as _;
use super::meaning::entry::EntryId;
use super::meaning::gather::{Item, ItemId};
use super::meaning::taken::{TimeTold, decide, instant};
use super::remarks::LeftOut;
use super::wishes::{Kept, Wishes};
use crate::media::MediaId;

/// Says whether the library holds the item of this id.
pub(crate) type IsHere<'a> = dyn Fn(&MediaId) -> bool + 'a;

/// What came of it: see the fields of the same names of [`super::Import`].
pub(super) struct Enlisted {
    pub(super) listed: Vec<Listed>,
    pub(super) absorbed: Vec<Content>,
    pub(super) numbers: Vec<Vec<Option<u32>>>,
    pub(super) left_out: LeftOut,
}

/// The list while it grows.
struct Enlisting<'a> {
    inventory: &'a Inventory,
    exports: &'a [Planned],
    seen: &'a Seen,
    wishes: Wishes,
    is_here: &'a IsHere<'a>,
    is_over: &'a dyn Fn() -> bool,
    listed: Vec<Listed>,
    by_content: HashMap<Content, u32>,
    numbers: Vec<Vec<Option<u32>>>,
    left_out: LeftOut,
}

/// Makes the list of all items that are wanted, each content once, in the order in which their bytes lie. What comes of
/// it is of no use once `is_over` says so.
pub(super) fn enlisted(
    inventory: &Inventory,
    exports: &[Planned],
    seen: &Seen,
    (wishes, is_here): (Wishes, &IsHere<'_>),
    is_over: &dyn Fn() -> bool,
) -> Enlisted {
    let mut enlisting = Enlisting {
        inventory,
        exports,
        seen,
        wishes,
        is_here,
        is_over,
        listed: Vec::new(),
        by_content: HashMap::new(),
        numbers: Vec::new(),
        left_out: LeftOut::default(),
    };
    for export in 0..exports.len() {
        enlisting.enlist_all(export);
    }
    enlisting.finish()
}

impl Enlisting<'_> {
    fn enlist_all(&mut self, export: usize) {
        let exports = self.exports;
        let plan = &exports[export].plan;
        self.numbers.push(vec![None; plan.items.len()]);
        for (number, item) in (0..).zip(&plan.items) {
            if !self.wishes.wants(item, &mut self.left_out) {
                continue;
            }
            let kept = match self.wishes.kept {
                Kept::Both => Kept::Both,
                kept if self.has_other_version(export, item, kept) => Kept::Both,
                kept => kept,
            };
            for one in self.chosen((export, ItemId(number)), item, kept) {
                self.enlist(one);
            }
        }
    }

    /// Whether the version that is not wanted is in the library already. It stays there, and the other one belongs
    /// beside it: alone it would be a second item.
    fn has_other_version(&self, export: usize, item: &Item, kept: Kept) -> bool {
        let Some(version) = item.versions.first() else {
            return false;
        };
        let other = if kept == Kept::Edited { item.main } else { *version };
        (self.is_here)(&id(self.content(export, other.entry)))
    }

    /// An item as the library is to know it, and its further versions.
    fn chosen(&self, (export, id): (usize, ItemId), item: &Item, kept: Kept) -> Vec<Listed> {
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
            half: item.half.map(|tie| self.companion(export, tie.entry).into()),
            edited: edited.map(|entry| self.companion(export, entry).into()),
            content: self.content(export, main),
            taken: self.taken(export, item),
            is_version: false,
        };
        let more = versions.filter(|_| kept == Kept::Both).map(|version| Listed {
            main: version,
            half: None,
            edited: None,
            content: self.content(export, version),
            is_version: true,
            ..first
        });
        let more: Vec<Listed> = more.collect();
        std::iter::once(first).chain(more).collect()
    }

    fn glances(&self, export: usize) -> Glances<'_> {
        Glances {
            inventory: self.inventory,
            spots: self.exports[export].plan.entries.spots(),
            seen: self.seen,
            is_over: self.is_over,
        }
    }

    fn companion(&self, export: usize, entry: EntryId) -> Companion {
        Companion {
            export: u16::try_from(export).unwrap_or(u16::MAX),
            entry,
            content: self.content(export, entry),
        }
    }

    /// A file that cannot be read at all has the checksum of nothing, and fails when its turn comes.
    fn content(&self, export: usize, entry: EntryId) -> Content {
        let known = self.exports[export].plan.entries.get(entry);
        let crc = known.crc.or_else(|| self.glances(export).crc(entry));
        (known.size, crc.unwrap_or(0))
    }

    /// The file is looked into only where nothing else tells the time.
    fn taken(&self, export: usize, item: &Item) -> Option<i64> {
        if let Some(taken) = item.taken.filter(|taken| instant(*taken).is_some()) {
            return Some(taken);
        }
        let name = self.exports[export].plan.name(item);
        let file = self.glances(export).look(item.main.entry).time;
        let told = TimeTold {
            sidecar: item.taken,
            file,
            name: &name,
            folder: item.folder_date,
        };
        decide(&told).map(|taken| taken.utc.timestamp())
    }

    fn enlist(&mut self, one: Listed) {
        let (export, item) = (usize::from(one.export), one.item.0 as usize);
        let is_item = !one.is_version;
        let at = self.list(one);
        if is_item {
            self.numbers[export][item] = Some(at);
        }
    }

    /// One content is one item; what a second one knows of it is added. What it has otherwise than the first, as an
    /// older export has a version that was edited again since, becomes an item beside it. Returns its place.
    fn list(&mut self, one: Listed) -> u32 {
        let next = u32::try_from(self.listed.len()).unwrap_or(u32::MAX);
        let at = *self.by_content.entry(one.content).or_insert(next);
        let Some(first) = self.listed.get_mut(at as usize) else {
            self.listed.push(one);
            return at;
        };
        let others = [
            added(&mut first.half, one.half.as_deref()).map(|half| one.apart(half, false)),
            added(&mut first.edited, one.edited.as_deref()).map(|edited| one.apart(edited, true)),
        ];
        for other in others.into_iter().flatten() {
            self.list(other);
        }
        at
    }

    fn finish(mut self) -> Enlisted {
        self.by_content = HashMap::new();
        let mut listed = std::mem::take(&mut self.listed);
        let contents: Vec<Content> = listed.iter().map(|one| one.content).collect();
        unite(&mut listed);
        // An item comes when the last of its files does.
        listed.sort_by_cached_key(|one| self.last_place(one));
        let places = (0..).zip(&listed).map(|(at, one)| (one.content, at));
        let mut places: HashMap<Content, u32> = places.collect();
        let mut absorbed = Vec::new();
        for number in self.numbers.iter_mut().flatten() {
            *number = number.map(|was| {
                let content = contents[was as usize];
                *places.entry(content).or_insert_with(|| {
                    absorbed.push(content);
                    u32::try_from(listed.len() + absorbed.len() - 1).unwrap_or(u32::MAX)
                })
            });
        }
        Enlisted {
            listed,
            absorbed,
            numbers: self.numbers,
            left_out: self.left_out,
        }
    }

    /// The place of the last of an item's files.
    fn last_place(&self, one: &Listed) -> (PartId, u64) {
        let entries = ROLES.into_iter().filter_map(|role| one.entry(role));
        let places = entries.filter_map(|(export, entry)| {
            let (part, id) = self.exports[usize::from(export)].spot(entry)?;
            Some((part, self.inventory.part(part)?.position(id)))
        });
        places.max().unwrap_or((PartId(u16::MAX), u64::MAX))
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

/// One content is one file: what is a moving half or an edited version of one item is not that of another as well,
/// nor an item of its own, as it may seem to be in an album that lacks the rest.
fn unite(listed: &mut Vec<Listed>) {
    let mut owners: HashMap<Content, Content> = HashMap::new();
    for one in &mut *listed {
        let own = one.content;
        let mut is_free = |content: Content| content != own && *owners.entry(content).or_insert(own) == own;
        one.half = one.half.take().filter(|half| is_free(half.content));
        one.edited = one.edited.take().filter(|edited| is_free(edited.content));
    }
    // Who has files of its own stays: two that claim each other must not both go.
    listed.retain(|one| {
        let has_more = one.half.is_some() || one.edited.is_some();
        has_more || !owners.contains_key(&one.content)
    });
}
