//! Which files are the same file, and which clusters therefore one item.

use std::collections::HashMap;

use crate::source::takeout::meaning::clues::Clues;
use crate::source::takeout::meaning::entry::{ByEntry, Entries, EntryId};

/// What tells contents apart without reading them: length and CRC-32. Two different photos of one length agree in
/// both once in four thousand million such pairs.
pub(super) type Content = (u64, u32);

/// The contents of files, as far as they can be the same as another's.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    entries: &'a Entries,
    crcs: ByEntry<u32>,
}

impl<'a> Contents<'a> {
    /// Finds the contents of these files. A CRC that is not known is asked for where another file has the same
    /// length. Empty files are not the same: they are nothing.
    pub(super) fn of(entries: &'a Entries, files: &[EntryId], clues: &mut dyn Clues) -> Self {
        let mut by_size: HashMap<u64, u32> = HashMap::new();
        for file in files {
            *by_size.entry(entries.get(*file).size).or_default() += 1;
        }
        let may_have_twin = |file: &&EntryId| {
            let size = entries.get(**file).size;
            size > 0 && by_size.get(&size).is_some_and(|count| *count > 1)
        };
        let mut crcs = ByEntry::default();
        crcs.extend(files.iter().filter(may_have_twin).filter_map(|file| {
            let crc = entries.get(*file).crc.or_else(|| clues.crc(*file))?;
            Some((*file, crc))
        }));
        Self { entries, crcs }
    }

    /// The content of a file, if another may have the same.
    pub(super) fn get(&self, file: EntryId) -> Option<Content> {
        let crc = *self.crcs.get(file)?;
        Some((self.entries.get(file).size, crc))
    }

    /// Whether two files are the same.
    pub(super) fn are_same(&self, left: EntryId, right: EntryId) -> bool {
        left == right
            || self
                .get(left)
                .is_some_and(|content| self.get(right) == Some(content))
    }
}

/// Groups that grow together.
#[derive(Debug)]
pub(super) struct Groups {
    parents: Vec<u32>,
}

impl Groups {
    /// As many groups of one.
    pub(super) fn new(count: usize) -> Self {
        Self {
            parents: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect(),
        }
    }

    pub(super) fn unite(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        let (first, second) = (left.min(right), left.max(right));
        self.parents[second] = u32::try_from(first).unwrap_or(u32::MAX);
    }

    /// The first member of the group.
    pub(super) fn root(&mut self, mut member: usize) -> usize {
        while self.parents[member] as usize != member {
            let parent = self.parents[member] as usize;
            self.parents[member] = self.parents[parent];
            member = parent;
        }
        member
    }

    /// All groups, in the order of their first members. In each, those of the lowest rank come first.
    pub(super) fn into_members<R: Ord>(mut self, rank: impl Fn(usize) -> R) -> Members {
        let mut members = Members {
            order: (0..self.parents.len()).collect(),
            ends: Vec::new(),
        };
        // By number within a group, for this keeps the order of those that are equal.
        members.order.sort_by_key(|member| self.root(*member));
        let mut end = 0;
        for group in members
            .order
            .chunk_by_mut(|one, other| self.root(*one) == self.root(*other))
        {
            group.sort_by_key(|member| rank(*member));
            end += group.len();
            members.ends.push(end);
        }
        members
    }
}

/// The members of groups, one group behind the other.
#[derive(Debug)]
pub(super) struct Members {
    order: Vec<usize>,
    /// Where each group ends.
    ends: Vec<usize>,
}

impl Members {
    /// Group by group.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.order[start..*end])
    }
}
