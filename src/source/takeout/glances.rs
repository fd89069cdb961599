//! Looks into photos and films where names cannot decide: by opening them, or by what was seen when they passed by.

use std::collections::HashMap;
use std::io::{self, Read};

use super::archive::{Entry, Inventory, Part, Spot};
use super::meaning::clues::{Clues, MediaClues, read};
use super::meaning::entry::EntryId as Number;
use super::skimming::Skimming;

/// What was seen of files that passed by.
pub(super) type Seen = HashMap<Spot, MediaClues>;

/// Looks into the files of one export.
pub(super) struct Glances<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) spots: &'a [Spot],
    pub(super) seen: &'a Seen,
    /// Whether nobody wants to know any more.
    pub(super) is_over: &'a dyn Fn() -> bool,
}

impl Glances<'_> {
    fn entry(&self, number: Number) -> Option<(&Part, Entry<'_>)> {
        let (part, id) = *self.spots.get(number.0 as usize)?;
        let part = self.inventory.part(part)?;
        Some((part, part.table().get(id)?))
    }

    fn looked(&self, number: Number) -> io::Result<MediaClues> {
        let (part, entry) = self.entry(number).ok_or(io::ErrorKind::NotFound)?;
        let open = || Ok(Box::new(part.open(entry)?) as Box<dyn Read + '_>);
        let leap = |at| Some(part.leap(entry, at)?.map(|bytes| bytes as Box<dyn Read + '_>));
        Ok(read(Skimming::opened(&open, entry.size())?.leaping(&leap)))
    }
}

impl Clues for Glances<'_> {
    fn look(&mut self, number: Number) -> MediaClues {
        let seen = self
            .spots
            .get(number.0 as usize)
            .and_then(|spot| self.seen.get(spot));
        if let Some(seen) = seen {
            return seen.clone();
        }
        let opens = self.entry(number).is_some_and(|(part, _)| part.opens_at_will()) && !self.is_over();
        // What cannot be read tells nothing; it fails when its turn comes.
        let looked = opens.then(|| self.looked(number).ok()).flatten();
        looked.unwrap_or_default()
    }

    fn crc(&mut self, number: Number) -> Option<u32> {
        let (part, entry) = self.entry(number).filter(|_| !self.is_over())?;
        part.checksum(entry.id()).ok().flatten()
    }

    fn is_over(&self) -> bool {
        (self.is_over)()
    }
}
