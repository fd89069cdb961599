//! What is to be imported: the items of all exports as the library knows them, and where their bytes are.
//!
//! An item's id is made of the content of its file, so that it is the same in every export, whenever and in whatever
//! language it was made, and for whichever account; and one content is one item.

use chrono::{DateTime, Utc};

use super::archive::{Finding, Inventory, Spot};
use super::enlisting::Enlisted;
use super::listed::{Content, Listed, ROLES, Wanted};
use super::meaning::entry::EntryId;
use super::meaning::extension::Class;
use super::meaning::gather::{ItemId, Plan};
use super::remarks::LeftOut;
use crate::library::name_key::EDITED;
use crate::library::safe_name::mime_for;
use crate::media::{Extension, KnownFile, MediaId, MediaItem, MediaKind, Readiness, Role};

/// An export that is understood.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    /// When Google began the export, as its parts are called.
    pub(super) time: Option<Box<str>>,
}

impl Planned {
    /// The part and the entry in it that an entry of the plan is.
    pub(crate) fn spot(&self, entry: EntryId) -> Option<Spot> {
        self.plan.entries.spot(entry)
    }
}

/// What is to be imported.
#[derive(Debug)]
pub(crate) struct Import {
    pub(super) inventory: Inventory,
    /// The newest export first.
    pub(crate) exports: Vec<Planned>,
    /// In the order in which their bytes lie.
    pub(super) listed: Vec<Listed>,
    /// Places in the list, in the order of contents.
    by_content: Vec<u32>,
    /// Contents that have seemed to be items of their own, and are files of other items.
    absorbed: Vec<Content>,
    /// By export and item of its plan: the place in the list, or behind its end among what is absorbed. None for one
    /// that is not wanted.
    numbers: Vec<Vec<Option<u32>>>,
    /// Items that the user does not want.
    pub(crate) left_out: LeftOut,
    /// A sentence for each file that could not be understood.
    pub(crate) unread: Vec<String>,
}

impl Import {
    pub(super) fn new(
        inventory: Inventory,
        exports: Vec<Planned>,
        enlisted: Enlisted,
        unread: Vec<String>,
    ) -> Self {
        let Enlisted {
            listed,
            absorbed,
            numbers,
            left_out,
        } = enlisted;
        let mut by_content: Vec<u32> = (0..).take(listed.len()).collect();
        by_content.sort_unstable_by_key(|at| listed[*at as usize].content);
        Self {
            inventory,
            exports,
            listed,
            by_content,
            absorbed,
            numbers,
            left_out,
            unread,
        }
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

    /// The place of the item that the library knows by this id.
    pub(super) fn find(&self, id: &MediaId) -> Option<usize> {
        let (crc, size) = id.as_str().split_once('-')?;
        self.place_of((size.parse().ok()?, u32::from_str_radix(crc, 16).ok()?))
    }

    /// The place of the item of this content.
    pub(super) fn place_of(&self, content: Content) -> Option<usize> {
        let content_at = |at: &u32| self.listed[*at as usize].content;
        let found = self.by_content.binary_search_by_key(&content, content_at).ok()?;
        Some(self.by_content[found] as usize)
    }

    /// The number of an item of a plan, the same for all that are one in the library; none for one that is not imported.
    pub(super) fn number(&self, export: usize, item: ItemId) -> Option<u32> {
        *self.numbers.get(export)?.get(item.0 as usize)?
    }

    /// How many numbers there are.
    pub(crate) fn count_of_numbers(&self) -> usize {
        self.listed.len() + self.absorbed.len()
    }

    /// What the library knows the item of this number by.
    pub(super) fn id(&self, number: u32) -> Option<MediaId> {
        self.content(number).map(id)
    }

    /// The content of the item of this number.
    pub(super) fn content(&self, number: u32) -> Option<Content> {
        let at = number as usize;
        let listed = self.listed.get(at).map(|one| one.content);
        let absorbed = || self.absorbed.get(at - self.listed.len()).copied();
        listed.or_else(absorbed)
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

pub(super) fn id((size, crc): Content) -> MediaId {
    MediaId::of_content(size, crc)
}

/// The halves of live photos are `QuickTime` films or MP4s, whatever the ending is that cameras give them.
fn clip_extension(name: &str) -> Extension {
    match Extension::of(name).as_str() {
        ".mov" | ".qt" => Extension::of("a.mov"),
        _ => Extension::of("a.mp4"),
    }
}
