//! The files that were chosen to be imported, found again by their entries and by their contents.

use std::collections::BTreeMap;

use crate::media::Role;
use crate::pipeline::summary::Bucket;
use crate::source::takeout::import::Import;
use crate::source::takeout::listed::{Content, ROLES};
use crate::source::takeout::meaning::entry::EntryId;
use crate::source::takeout::meaning::gather::ItemId;

/// The files that were chosen.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    import: &'a Import,
    /// By item.
    buckets: Vec<Option<Bucket>>,
    /// The places of further versions and halves, which became items beside the item of their plan, by their entries.
    apart: BTreeMap<(u16, EntryId), usize>,
    /// The checksums of files beside main ones, sorted, and the places of their items.
    companions: Vec<(u32, u32)>,
}

impl<'a> Chosen<'a> {
    /// Each item has its place's bucket.
    pub(super) fn of(import: &'a Import, buckets: Vec<Option<Bucket>>) -> Self {
        let (mut apart, mut companions) = (BTreeMap::new(), Vec::new());
        for (at, one) in import.listed.iter().enumerate() {
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            if import.number(usize::from(one.export), one.item) != Some(number) {
                apart.insert((one.export, one.main), at);
            }
            let beside = [&one.half, &one.edited].into_iter().flatten();
            companions.extend(beside.map(|companion| (companion.content.1, number)));
        }
        companions.sort_unstable();
        Self {
            import,
            buckets,
            apart,
            companions,
        }
    }

    /// The place of an item of a plan; of one that turned out to be a file of another item, that item's. None of one that
    /// is not wanted.
    pub(super) fn at(&self, (export, item): (u16, ItemId)) -> Option<usize> {
        let number = self.import.number(usize::from(export), item)?;
        let at = number as usize;
        if at < self.import.listed.len() {
            return Some(at);
        }
        Some(self.file(self.import.content(number)?)?.0)
    }

    /// The item that an entry was chosen for, and its bucket, where the item of its plan is at this place.
    pub(super) fn get(&self, place: (u16, EntryId), at: usize) -> Option<(usize, Option<Bucket>)> {
        let one = &self.import.listed[at];
        let is_its = ROLES.into_iter().any(|role| one.entry(role) == Some(place));
        let at = if is_its { at } else { *self.apart.get(&place)? };
        Some((at, self.buckets.get(at).copied().flatten()))
    }

    /// The chosen file of this content. Where nobody has a checksum, as in a tree, only the files of the item at `at`
    /// are looked at, and told apart by their lengths.
    pub(super) fn same(&self, (size, crc): (u64, Option<u32>), at: usize) -> Option<(usize, Role)> {
        match crc {
            Some(crc) => self.file((size, crc)),
            None => self.role(at, |content| content.0 == size).map(|role| (at, role)),
        }
    }

    fn file(&self, content: Content) -> Option<(usize, Role)> {
        if let Some(at) = self.import.place_of(content) {
            return Some((at, Role::Main));
        }
        let first = self.companions.partition_point(|(crc, _)| *crc < content.1);
        let alike = self.companions[first..]
            .iter()
            .take_while(|(crc, _)| *crc == content.1);
        alike.map(|(_, at)| *at as usize).find_map(|at| {
            let role = self.role(at, |known| known == content)?;
            Some((at, role))
        })
    }

    /// The file of an item that has such a content.
    fn role(&self, at: usize, is_it: impl Fn(Content) -> bool) -> Option<Role> {
        let one = &self.import.listed[at];
        ROLES.into_iter().find(|role| {
            let content = match role {
                Role::Main => Some(one.content),
                Role::Clip => one.half.as_ref().map(|half| half.content),
                Role::Edited => one.edited.as_ref().map(|edited| edited.content),
            };
            content.is_some_and(&is_it)
        })
    }
}
