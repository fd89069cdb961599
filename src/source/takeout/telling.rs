//! What an export tells of the items and albums that are in the library: said after a run, in batches.
//!
//! Long texts were not kept while the export was put together; they are read again here, in one pass over each part.

use std::collections::HashMap;
use std::io::Read;
use std::ops::ControlFlow;

use super::archive::{PartFault, PartId, Spot};
use super::import::Import;
use super::listed::ROLES;
use super::meaning::clues::{MediaClues, TimeBasis};
use super::meaning::entry::EntryId;
use super::meaning::gather::{Item, ItemId, Verdict};
use super::meaning::json::{self, MAX_JSON_BYTES, Meaning, Origin};
use super::meaning::pairing::Tie;
use super::meaning::taken::{TimeTold, decide};
use crate::library::ItemKey;
use crate::media::{MediaId, Role};
use crate::told::{AlbumTold, Entry, FileOrigin, InFile, TakenSource, TimeKnown, Told};

/// An item of one of the exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    export: u16,
    item: ItemId,
}

impl Import {
    /// All items of all exports that are imported, the oldest export first: what a later one says counts.
    pub(crate) fn places(&self) -> Vec<Place> {
        let exports = (0..self.exports.len()).rev();
        let items = exports.flat_map(|export| {
            let count = u32::try_from(self.exports[export].plan.items.len()).unwrap_or(u32::MAX);
            let imported = (0..count).map(ItemId);
            imported.filter_map(move |item| self.number(export, item).map(|_| (export, item)))
        });
        let place = |(export, item)| {
            let export = u16::try_from(export).ok()?;
            Some(Place { export, item })
        };
        items.filter_map(place).collect()
    }

    /// The number of an item, below [`Import::count_of_numbers`]: the same for all that are one in the library.
    pub(crate) fn number_of(&self, place: Place) -> Option<usize> {
        let number = self.number(place.export.into(), place.item)?;
        Some(number as usize)
    }

    /// What the library knows an item by.
    pub(crate) fn id_of(&self, place: Place) -> Option<MediaId> {
        self.id(self.number(place.export.into(), place.item)?)
    }

    /// Whether more can be told of the time of an item than `who` told: nobody did, or a sidecar has turned up.
    pub(crate) fn knows_time_better(&self, place: Place, who: Option<TakenSource>) -> bool {
        let item = self.exports[usize::from(place.export)].plan.item(place.item);
        who.is_none() || (who != Some(TakenSource::Sidecar) && item.taken.is_some())
    }

    /// What is told of an item, but for its description. `seen` is what its file tells, where somebody looked.
    pub(crate) fn told(&self, place: Place, seen: Option<&MediaClues>) -> Told {
        let plan = &self.exports[usize::from(place.export)].plan;
        let item = plan.item(place.item);
        let time = seen.and_then(|seen| self.time(place, seen));
        Told {
            people: plan
                .people
                .names(&item.people)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            place: item.place,
            marks: item.marks,
            is_partners: item.origin == Some(Origin::Partner),
            time: time.map(|(time, _)| time),
            in_file: InFile {
                time: time.is_some_and(|(_, in_file)| in_file),
                place: is_in_file(item, seen),
            },
            origins: self.origins(place),
            ..Told::default()
        }
    }

    /// How the time is known, and whether the file tells the same.
    fn time(&self, place: Place, seen: &MediaClues) -> Option<(TimeKnown, bool)> {
        let plan = &self.exports[usize::from(place.export)].plan;
        let item = plan.item(place.item);
        let taken = decide(&TimeTold {
            sidecar: item.taken,
            file: seen.time,
            name: &plan.name(item),
            folder: item.folder_date,
        })?;
        let agrees = seen.time.is_some_and(|file| {
            let is_utc = file.basis == TimeBasis::MovieHeader
                && file.clock.and_utc().timestamp() == taken.utc.timestamp();
            taken.offset.is_some() || is_utc
        });
        let in_file = taken.source == TakenSource::File || agrees;
        Some((TimeKnown::from(&taken), in_file))
    }

    /// Where the files of an item come from, as far as they come from this export.
    fn origins(&self, place: Place) -> Vec<FileOrigin> {
        let Some(listed) = self.number_of(place).and_then(|at| self.listed.get(at)) else {
            return Vec::new();
        };
        let plan = &self.exports[usize::from(place.export)].plan;
        let item = plan.item(place.item);
        let origin = |role: Role| {
            let (export, entry) = listed.entry(role)?;
            if export != place.export {
                return None;
            }
            let tie = ties(item).find(|tie| tie.entry == entry)?;
            // A file without a sidecar of its own is told of by that of its item.
            let sidecar = tie.sidecar.or(item.sidecars.first().copied());
            Some(FileOrigin {
                role,
                entry: self.entry(place.export, entry)?,
                sidecar: sidecar.and_then(|sidecar| self.entry(place.export, sidecar)),
                rule: tie.rule.words().to_owned(),
                certainty: tie.certainty.word().to_owned(),
            })
        };
        ROLES.into_iter().filter_map(origin).collect()
    }

    /// An entry of an export, in words.
    pub(super) fn entry(&self, export: u16, entry: EntryId) -> Option<Entry> {
        let (part, id) = self.exports[usize::from(export)].spot(entry)?;
        let part = self.inventory.part(part)?;
        Some(Entry {
            part: part.name(),
            path: part.table().get(id)?.path(),
        })
    }

    /// The albums of each export, the oldest export first, with their items as far as the library has them: `keys` has
    /// a place for each number.
    pub(crate) fn albums(&self, keys: &[Option<ItemKey>]) -> Vec<Vec<AlbumTold>> {
        let exports = (0..self.exports.len()).rev();
        exports.map(|export| self.albums_of(export, keys)).collect()
    }

    fn albums_of(&self, export: usize, keys: &[Option<ItemKey>]) -> Vec<AlbumTold> {
        let plan = &self.exports[export].plan;
        let mut albums: Vec<AlbumTold> = plan
            .albums
            .iter()
            .map(|album| {
                let path = plan.entries.folder_path(album.folder);
                AlbumTold {
                    key: path.rsplit('/').next().unwrap_or(path).to_owned(),
                    title: album.title.to_string(),
                    ..AlbumTold::default()
                }
            })
            .collect();
        for (number, item) in (0..).zip(&plan.items) {
            let number = self.number(export, ItemId(number));
            let member = number.and_then(|number| *keys.get(number as usize)?);
            for album in &item.albums {
                albums[album.0 as usize].members.extend(member);
            }
        }
        self.read_albums(export, &mut albums);
        albums
    }

    /// Adds what the files of albums say. One that cannot be read was told of when the export was looked through.
    fn read_albums(&self, export: usize, albums: &mut [AlbumTold]) {
        let planned = &self.exports[export];
        let folders: HashMap<_, _> = (0..)
            .zip(&planned.plan.albums)
            .map(|(number, album)| (album.folder, number))
            .collect();
        let texts = planned.plan.entries.iter().filter_map(|(id, entry)| {
            let tells = matches!(planned.plan.verdict(id), Verdict::Album(_) | Verdict::Comments);
            let album = folders.get(&entry.folder).filter(|_| tells)?;
            Some((planned.spot(id)?, *album))
        });
        // The passes are short: albums are few, and what cannot be read again stays as it is.
        let _ = self.read_again(texts.collect(), &mut |album, text| {
            add(&mut albums[album], json::read(&text));
            ControlFlow::Continue(())
        });
    }

    /// Hands over the descriptions of all these items, in the order in which they lie, each with its place.
    pub(crate) fn descriptions(
        &self,
        places: &[Place],
        hear: &mut dyn FnMut(Place, String) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        let described = (0..).zip(places).filter_map(|(number, place)| {
            let planned = &self.exports[usize::from(place.export)];
            let spot = planned.spot(planned.plan.item(place.item).described_by?)?;
            Some((spot, number))
        });
        self.read_again(described.collect(), &mut |number, text| match json::read(&text) {
            Meaning::Media(sidecar) => hear(places[number], sidecar.description),
            _ => ControlFlow::Continue(()),
        })
    }

    /// Hands over the sidecar of each of these items, byte for byte, in the order in which they lie; of an item that
    /// several of the places stand for, that of the last one. Each comes with its place.
    pub(crate) fn sidecars(
        &self,
        places: &[Place],
        hear: &mut dyn FnMut(Place, Vec<u8>) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        let mut last = vec![None; self.count_of_numbers()];
        for (number, place) in (0..).zip(places) {
            let planned = &self.exports[usize::from(place.export)];
            let sidecar = planned.plan.item(place.item).sidecars.first();
            let seat = self.number_of(*place).and_then(|at| last.get_mut(at));
            if let (Some(spot), Some(seat)) = (sidecar.and_then(|entry| planned.spot(*entry)), seat) {
                *seat = Some((spot, number));
            }
        }
        let texts = last.into_iter().flatten().collect();
        self.read_again(texts, &mut |number, text| hear(places[number], text))
    }

    /// When the export was made that an item is from, as its parts are called; none if they do not say.
    pub(crate) fn export_time(&self, place: Place) -> Option<&str> {
        self.exports[usize::from(place.export)].time.as_deref()
    }

    /// Reads files again that were read when the export was looked through, each with the number that `texts` has for
    /// it.
    fn read_again(
        &self,
        mut texts: Vec<(Spot, u32)>,
        hear: &mut dyn FnMut(usize, Vec<u8>) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        texts.sort_unstable();
        for (id, part) in self.inventory.parts() {
            if texts.iter().any(|((part, _), _)| *part == id) {
                read_part((id, part), &texts, hear)?;
            }
        }
        Ok(())
    }
}

/// `texts` are in order.
fn read_part(
    (id, part): (PartId, &super::archive::Part),
    texts: &[(Spot, u32)],
    hear: &mut dyn FnMut(usize, Vec<u8>) -> ControlFlow<()>,
) -> Result<(), PartFault> {
    let wanted = |entry: super::archive::Entry<'_>| {
        let found = texts.binary_search_by_key(&(id, entry.id()), |(spot, _)| *spot);
        Some(texts[found.ok()?].1 as usize)
    };
    part.for_each(
        &mut |entry| wanted(entry).is_some(),
        &mut |entry, bytes| {
            let mut text = Vec::new();
            let read = bytes.take(MAX_JSON_BYTES).read_to_end(&mut text);
            match wanted(entry).filter(|_| read.is_ok()) {
                Some(number) => hear(number, text),
                None => ControlFlow::Continue(()),
            }
        },
        &mut |_| ControlFlow::Continue(()),
    )
}

fn ties(item: &Item) -> impl Iterator<Item = &Tie> {
    std::iter::once(&item.main)
        .chain(&item.half)
        .chain(&item.versions)
}

fn is_in_file(item: &Item, seen: Option<&MediaClues>) -> bool {
    let in_file = seen.and_then(|seen| seen.place);
    item.place
        .zip(in_file)
        .is_some_and(|(told, seen)| told.is_near(seen))
}

fn add(album: &mut AlbumTold, meaning: Meaning) {
    match meaning {
        Meaning::Album(text) => {
            album.description = text.description;
            album.date = text.date;
            album.access = text.access;
            album.location = text.location.unwrap_or_default();
            album.narratives = text.narratives;
            album.locations = text.locations;
            album.comments.extend(text.comments);
        }
        Meaning::Comments(comments) => album.comments.extend(comments),
        _ => {}
    }
}
