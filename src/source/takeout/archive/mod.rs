//! Reading the parts of an export as they come from Google: zips in place, tgz in one pass, extracted trees.
//!
//! Nothing is unpacked to disk and nothing of the input is ever changed. The way through:
//!
//! 1. [`Found::look`] finds parts at the user's paths, opens them, groups them by export, and tells what is missing
//!    or broken, before anything is read.
//! 2. [`Found::index`] reads all lists of contents into an [`Inventory`], some hundred bytes an entry, and hands over
//!    the small files (sidecars) that the caller wants to know first.
//! 3. [`Part::for_each`] brings the bytes, in the order in which they lie; [`Part::open`] goes to one entry at once
//!    where the kind of part allows.
//!
//! Everything here blocks, and belongs on threads that may. Archives are hostile: paths are refused or made harmless,
//! no entry gives more bytes than it announced, and no claim of an archive makes us reserve memory.

mod checked;
mod entry_path;
mod fault;
mod finding;
mod found;
mod inventory;
mod part_name;
mod places;
mod read_at;
mod table;
mod tgz;
mod tree;
mod twins;
mod zip;

use std::io::{self, Read};
use std::ops::ControlFlow;

pub(crate) use fault::{EntryFault, PartFault, Refusal};
pub(crate) use finding::Finding;
pub(crate) use found::Found;
pub(crate) use inventory::{Inventory, Part, PartId};
pub(crate) use table::{Entry, EntryId, EntryTable, Standing};
#[cfg(test)]
use twins::Conflict;

/// Which entry of which part.
pub(crate) type Spot = (PartId, EntryId);

/// Is shown an entry and its bytes, which it need not read to the end, and says whether to go on.
pub(crate) type Visit<'a> = dyn FnMut(Entry<'_>, &mut dyn Read) -> ControlFlow<()> + 'a;

/// Small files that are wanted while parts are indexed: a tgz can only be read from front to back, so what is asked
/// for now saves a whole pass later.
pub(crate) struct Taste<'a> {
    part: PartId,
    wanted: &'a mut dyn FnMut(&str, &str, u64) -> bool,
    heard: &'a mut dyn FnMut(PartId, EntryId, &mut dyn Read) -> ControlFlow<()>,
    passing: Option<&'a mut Wanted<'a>>,
}

/// Is asked with folder, name and size.
type Wanted<'a> = dyn FnMut(&str, &str, u64) -> bool + 'a;

impl<'a> Taste<'a> {
    /// `wanted` is asked with folder, name and size; `heard` gets the bytes, checked as they are read.
    pub(crate) fn new(
        wanted: &'a mut dyn FnMut(&str, &str, u64) -> bool,
        heard: &'a mut dyn FnMut(PartId, EntryId, &mut dyn Read) -> ControlFlow<()>,
    ) -> Self {
        Self {
            part: PartId(0),
            wanted,
            heard,
            passing: None,
        }
    }

    /// Also hands over what `passing` wants where every entry passes by anyway: in a tgz.
    pub(crate) fn and_passing(self, passing: &'a mut Wanted<'a>) -> Self {
        Self {
            passing: Some(passing),
            ..self
        }
    }

    fn wants_passing(&mut self, folder: &str, name: &str, size: u64) -> bool {
        let passing = self.passing.as_mut();
        (self.wanted)(folder, name, size) || passing.is_some_and(|passing| passing(folder, name, size))
    }
}

/// Opens these entries one by one, and shows them.
fn show_each<'a, B: Read>(
    entries: impl Iterator<Item = Entry<'a>>,
    open: impl Fn(Entry<'a>) -> io::Result<B>,
    visit: &mut Visit<'_>,
) -> Result<(), PartFault> {
    for entry in entries {
        let step = match open(entry) {
            Ok(mut bytes) => visit(entry, &mut bytes),
            Err(error) => visit(entry, &mut Failing::new(error)),
        };
        if step.is_break() {
            return Err(PartFault::Stopped);
        }
    }
    Ok(())
}

/// Stands for the bytes of an entry that could not be opened.
struct Failing(Option<io::Error>);

impl Failing {
    const fn new(error: io::Error) -> Self {
        Self(Some(error))
    }
}

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| EntryFault::NotThere.into()))
    }
}

#[cfg(test)]
mod tests;
