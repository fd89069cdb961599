//! Which files are the same file, and which clusters therefore one item.

use std::collections::HashMap;

use crate::source::takeout::meaning::clues::Clues;
use crate::source::takeout::meaning::entry::{Entries, EntryId};

/// What tells contents apart without reading them: length and CRC-32. Two different photos of one length agree in
/// both once in four thousand million such pairs.
pub(super) type Content = (u64, u32);

/// The contents of files, as far as they can be the same as another's.
#[derive(Debug, Default)]
pub(super) struct Contents {
    by_entry: HashMap<EntryId, Content>,
}

impl Contents {
    /// Finds the contents of these files. A CRC that is not known is asked for where another file has the same
    /// length. Empty files are not the same: they are nothing.
    pub(super) fn of(entries: &Entries, files: &[EntryId], clues: &mut dyn Clues) -> Self {
        let mut by_size: HashMap<u64, u32> = HashMap::new();
        for file in files {
            *by_size.entry(entries.get(*file).size).or_default() += 1;
        }
        let may_have_twin = |file: &&EntryId| {
            let size = entries.get(**file).size;
            size > 0 && by_size.get(&size).is_some_and(|count| *count > 1)
        };
        let by_entry = files
            .iter()
            .filter(may_have_twin)
            .filter_map(|file| {
                let entry = entries.get(*file);
                let crc = entry.crc.or_else(|| clues.crc(*file))?;
                Some((*file, (entry.size, crc)))
            })
            .collect();
        Self { by_entry }
    }

    /// The content of a file, if another may have the same.
    pub(super) fn get(&self, file: EntryId) -> Option<Content> {
        self.by_entry.get(&file).copied()
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
}
