//! Looking through all parts before anything is decided: sidecars and photos may lie in different ones.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::archive::{EntryId, Found, Inventory, PartFault, PartId, Spot, Taste};
use super::enlisting::{IsHere, enlisted};
use super::glances::{Glances, Seen};
use super::import::{Import, Planned};
use super::meaning::clues::{self, MediaClues};
use super::meaning::entry::{Entries, EntryId as Number};
use super::meaning::facts::People;
use super::meaning::gather::{Export, Told};
use super::meaning::json::MAX_JSON_BYTES;
use super::remarks::shortened;
use super::skimming::Skimming;
use super::wishes::Wishes;

/// What is heard while parts are looked through.
#[derive(Default)]
struct Ear {
    /// In a tree, which gives back its memory as it is emptied.
    told: BTreeMap<Spot, Told>,
    people: People,
    seen: Seen,
    /// Files that cannot be understood, and why.
    unread: Vec<(Spot, String)>,
}

impl Ear {
    /// `media` is how long the photo or film is, if it is one.
    fn hear(&mut self, spot: Spot, media: Option<u64>, bytes: &mut dyn Read) -> ControlFlow<()> {
        let Some(size) = media else {
            self.hear_text(spot, bytes);
            return ControlFlow::Continue(());
        };
        let clues = clues::read(Skimming::once(Box::new(bytes), size));
        if clues != MediaClues::default() {
            self.seen.insert(spot, clues);
        }
        ControlFlow::Continue(())
    }

    fn hear_text(&mut self, spot: Spot, bytes: &mut dyn Read) {
        let mut text = Vec::new();
        let (told, reason) = match bytes.take(MAX_JSON_BYTES + 1).read_to_end(&mut text) {
            Ok(_) => Told::of(&text, &mut self.people),
            Err(error) => {
                let (told, _) = Told::of(b"", &mut self.people);
                (told, Some(error.to_string()))
            }
        };
        self.told.insert(spot, told);
        self.unread.extend(reason.map(|reason| (spot, reason)));
    }
}

/// Looks through all parts, and finds out what belongs together. `watch` hears of bytes read, `Found::index_cost` in
/// all, and may end it at any time: that is the only error.
pub(crate) fn read(
    found: Found,
    wishes: (Wishes, &IsHere<'_>),
    watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Import, PartFault> {
    let ear = RefCell::new(Ear::default());
    let mut is_text = |_: &str, name: &str, size: u64| is_json(name) && size <= MAX_JSON_BYTES;
    // What is heard is what was wanted just before, so it is known here which kind it is.
    let media = Cell::new(None);
    let mut passing = |_: &str, name: &str, size: u64| {
        // Titles without an extension are names of photos too; what is none, its first bytes tell.
        let is_media = !is_json(name);
        media.set(is_media.then_some(size));
        is_media
    };
    let mut heard = |part: PartId, entry: EntryId, bytes: &mut dyn Read| {
        ear.borrow_mut().hear((part, entry), media.take(), bytes)
    };
    let inventory = {
        let mut taste = Taste::new(&mut is_text, &mut heard).and_passing(&mut passing);
        found.index(&mut taste, watch)?
    };
    let watch = RefCell::new(watch);
    let is_over = || (watch.borrow_mut())(0).is_break();
    let import = understood(inventory, ear.into_inner(), wishes, &is_over);
    // What was understood in a hurry is thrown away.
    if is_over() {
        Err(PartFault::Stopped)
    } else {
        Ok(import)
    }
}

fn is_json(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("json"))
}

fn understood(
    inventory: Inventory,
    mut ear: Ear,
    wishes: (Wishes, &IsHere<'_>),
    is_over: &dyn Fn() -> bool,
) -> Import {
    let unread = unread(&inventory, &ear.unread);
    let mut exports: Vec<_> = inventory.exports().iter().collect();
    // The newest first: where two tell of one item, it counts.
    exports.sort_by(|left, right| right.time.cmp(&left.time));
    let mut planned = Vec::new();
    for export in exports {
        let entries = entries(&inventory, &export.parts);
        let spots = Arc::clone(entries.spots());
        let mut meaning = Export::knowing(entries, ear.people.clone());
        for (number, spot) in (0..).zip(&*spots) {
            if let Some(told) = ear.told.remove(spot) {
                meaning.take_up(Number(number), told);
            }
        }
        let mut glances = Glances {
            inventory: &inventory,
            spots: &spots,
            seen: &ear.seen,
            is_over,
        };
        let plan = meaning.plan(&mut glances);
        let time = export.time.as_ref().map(|time| time.0.as_str().into());
        planned.push(Planned { plan, time });
    }
    let enlisted = enlisted(&inventory, &planned, &ear.seen, wishes, is_over);
    Import::new(inventory, planned, enlisted, unread)
}

/// All files of an export.
fn entries(inventory: &Inventory, parts: &[PartId]) -> Entries {
    let tables = parts.iter().filter_map(|id| {
        let part = inventory.part(*id)?;
        Some((*id, Arc::clone(part.table())))
    });
    Entries::of(tables)
}

/// A sentence for each file that cannot be understood.
fn unread(inventory: &Inventory, faults: &[(Spot, String)]) -> Vec<String> {
    let mut sentences: BTreeMap<Spot, String> = BTreeMap::new();
    for (spot, reason) in faults {
        let found = inventory
            .part(spot.0)
            .and_then(|part| Some((part.name(), part.table().get(spot.1)?.path())));
        if let Some((name, path)) = found {
            sentences.insert(
                *spot,
                format!("{path} (in {name}) could not be read: {reason}; everything else is imported"),
            );
        }
    }
    shortened(sentences.into_values().collect())
}

#[cfg(test)]
mod tests {
    use pretend_takeout::{Settings, write};

    use super::*;

    /// Reads an export, and loses patience when it has been asked so often. Returns how often it was asked.
    fn read_until(folder: &std::path::Path, patience: usize) -> (usize, Result<Import, PartFault>) {
        let found = Found::look(&[folder.to_owned()]);
        let mut asked = 0;
        let read = read(found, (Wishes::default(), &|_| false), &mut |_| {
            asked += 1;
            if asked > patience {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        (asked, read)
    }

    #[test]
    fn it_ends_whenever_nobody_wants_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            items: 200,
            ..Settings::default()
        };
        write(&settings, folder.path()).unwrap();
        let (all, read) = read_until(folder.path(), usize::MAX);
        assert!(read.unwrap().len() > 150);
        for patience in [0, 1, all / 2, all - 2, all - 1] {
            let (_, read) = read_until(folder.path(), patience);
            assert!(matches!(read, Err(PartFault::Stopped)), "{patience} of {all}");
        }
    }
}
