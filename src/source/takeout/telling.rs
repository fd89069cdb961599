//! What exports tell about their items and albums, for the library to remember.

use std::collections::HashMap;
use std::io::Read as _;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::glances::Spot;
use super::import::{Import, Planned};
use super::meaning::entry::EntryId;
use super::meaning::gather::{Album, Item, ItemId};
use super::meaning::json::{self, AlbumText, Meaning, Origin};
use super::meaning::pairing::Tie;
use crate::media::{MediaId, Role};
use crate::told::{AlbumTold, Entry, FileOrigin, Precision, TakenSource, TimeKnown, Told};

/// Texts longer than this are nobody's description; Google allows a few thousand characters.
const LONGEST_TEXT: u64 = 4 << 20;

/// The long texts of an export, read again for this: plans do not hold them.
#[derive(Default)]
struct Texts {
    descriptions: HashMap<EntryId, String>,
    albums: HashMap<EntryId, AlbumText>,
}

/// An album with the ids of its items.
pub(crate) type AlbumOf = (AlbumTold, Vec<MediaId>);

impl Import {
    /// All that one export tells of its items, in the order of its plan, and of its albums.
    pub(crate) fn told(&self, export: usize) -> (Vec<(MediaId, Told)>, Vec<AlbumOf>) {
        let planned = &self.exports[export];
        let mut texts = self.texts(planned);
        let mut members: Vec<Vec<MediaId>> = vec![Vec::new(); planned.plan.albums.len()];
        let mut told = Vec::new();
        for (number, item) in (0..).zip(&planned.plan.items) {
            let Some(id) = self.id_of(export, ItemId(number)) else {
                continue;
            };
            for album in &item.albums {
                members[album.0 as usize].push(id.clone());
            }
            told.push((id, self.told_of(planned, item, &texts)));
        }
        let albums = planned.plan.albums.iter().zip(members);
        let albums = albums.map(|(album, members)| (told_of_album(planned, album, &mut texts), members));
        (told, albums.collect())
    }

    fn told_of(&self, planned: &Planned, item: &Item, texts: &Texts) -> Told {
        let description = item.described_by.and_then(|id| texts.descriptions.get(&id));
        let people = planned.plan.people.names(&item.people);
        Told {
            description: description.cloned().unwrap_or_default(),
            people: people.into_iter().map(str::to_owned).collect(),
            place: item.place,
            marks: item.marks,
            is_partners: item.origin == Some(Origin::Partner),
            time: item.taken.filter(|taken| is_time(*taken)).map(|_| TimeKnown {
                source: TakenSource::Sidecar,
                precision: Precision::Second,
                offset: None,
                is_instant: true,
            }),
            origins: self.origins(planned, item),
            ..Told::default()
        }
    }

    fn origins(&self, planned: &Planned, item: &Item) -> Vec<FileOrigin> {
        let half = item.half.map(|half| (Role::Clip, half));
        let edited = item.versions.first().map(|version| (Role::Edited, *version));
        let files = [Some((Role::Main, item.main)), half, edited];
        let sidecar = item.sidecars.first().copied();
        let origin = |(role, tie): (Role, Tie)| {
            Some(FileOrigin {
                role,
                entry: self.entry(planned.spot(tie.entry)?)?,
                sidecar: sidecar.and_then(|id| self.entry(planned.spot(id)?)),
                rule: tie.rule.words().to_owned(),
                certainty: tie.certainty.word().to_owned(),
            })
        };
        files.into_iter().flatten().filter_map(origin).collect()
    }

    fn entry(&self, (part, id): Spot) -> Option<Entry> {
        let part = self.inventory.part(part)?;
        Some(Entry {
            part: part.path().file_name()?.to_string_lossy().into_owned(),
            path: part.table().get(id)?.path(),
        })
    }

    /// Reads the texts again, each part once from front to back. One that cannot be read any more says nothing.
    fn texts(&self, planned: &Planned) -> Texts {
        let items = planned.plan.items.iter().filter_map(|item| item.described_by);
        let albums = planned.plan.albums.iter().filter_map(|album| album.text);
        let wanted: HashMap<Spot, EntryId> = items
            .chain(albums)
            .filter_map(|id| Some((planned.spot(id)?, id)))
            .collect();
        let mut texts = Texts::default();
        for (part_id, part) in self.inventory.parts() {
            if !wanted.keys().any(|(of, _)| *of == part_id) {
                continue;
            }
            let read = part.for_each(
                &mut |entry| wanted.contains_key(&(part_id, entry.id())),
                &mut |entry, bytes| {
                    let mut text = Vec::new();
                    if bytes.take(LONGEST_TEXT).read_to_end(&mut text).is_ok()
                        && let Some(id) = wanted.get(&(part_id, entry.id()))
                    {
                        texts.take_up(*id, &text);
                    }
                    ControlFlow::Continue(())
                },
                &mut |_| ControlFlow::Continue(()),
            );
            if let Err(fault) = read {
                tracing::warn!(
                    "descriptions in {} could not be read again: {fault}",
                    part.path().display()
                );
            }
        }
        texts
    }
}

impl Texts {
    fn take_up(&mut self, id: EntryId, text: &[u8]) {
        match json::read(text) {
            Meaning::Media(sidecar) if !sidecar.description.is_empty() => {
                self.descriptions.insert(id, sidecar.description);
            }
            Meaning::Album(album) => drop(self.albums.insert(id, *album)),
            _ => {}
        }
    }
}

fn is_time(seconds: i64) -> bool {
    DateTime::<Utc>::from_timestamp(seconds, 0).is_some()
}

fn told_of_album(planned: &Planned, album: &Album, texts: &mut Texts) -> AlbumTold {
    let text = album
        .text
        .and_then(|id| texts.albums.remove(&id))
        .unwrap_or_default();
    AlbumTold {
        key: planned.plan.entries.folder_path(album.folder).to_owned(),
        title: album.title.to_string(),
        description: text.description,
        date: text.date,
        access: text.access,
        location: text.location.unwrap_or_default(),
        narratives: text.narratives,
        locations: text.locations,
        comments: text.comments,
        members: Vec::new(),
    }
}
