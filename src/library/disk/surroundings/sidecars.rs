//! Sidecars beside photos: XMP where more is known than they say themselves, or what an export told, byte for byte.

use std::path::PathBuf;

use rusqlite::Connection;

use super::texts::OwnText;
use super::{IsOver, Tended};
use crate::library::disk::desk::{Desk, OWN_FOLDER};
use crate::library::disk::place::{Renamed, rename_new};
use crate::library::index::own_texts::{self, Displaced, SidecarKind};
use crate::library::index::{Durability, albums, files, items, told};
use crate::library::xmp::Described;
use crate::library::{ItemKey, LibraryError};
use crate::media::Role;

/// Sidecars written together; each has a few kilobytes at most.
const BATCH: usize = 256;

/// What is at the end of a sidecar's name while that is between two places.
const LIFTED: &str = ".moving";

/// The JSON that an export has for an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExportedJson {
    pub(crate) item: ItemKey,
    /// When the export was made, as its parts are called.
    pub(crate) export: Option<String>,
    pub(crate) text: Vec<u8>,
}

/// Which XMP sidecars are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those of all items of which there is something to say.
    All,
    /// Those that are there; the rest waits until somebody wants it.
    There,
}

impl Desk {
    /// Writes the sidecars of all items of which there is news.
    pub(super) fn write_sidecars(
        &mut self,
        (scope, is_over): (Scope, IsOver<'_>),
        tended: &mut Tended,
    ) -> Result<(), LibraryError> {
        let only_there = scope == Scope::There;
        let mut last = i64::MIN;
        loop {
            let mut batch = self
                .index
                .read(|db| own_texts::untold_after(db, last, BATCH, only_there))?;
            let Some((item, _)) = batch.last() else {
                return Ok(());
            };
            last = *item;
            if is_over() {
                tended.is_cut_short = true;
                return Ok(());
            }
            if only_there {
                self.leave_out_removed(&mut batch)?;
            }
            let mut texts = Vec::new();
            for (item, photo) in &batch {
                match self.index.read(|db| sidecar(db, *item, photo))? {
                    Some(text) => texts.push(text),
                    None => self.remove_sidecar(*item, SidecarKind::Xmp, photo)?,
                }
            }
            self.write_texts(&texts, tended)?;
            self.note_told(&batch)?;
        }
    }

    /// A sidecar that the user took away does not come back before sidecars are wanted again.
    fn leave_out_removed(&mut self, batch: &mut Vec<(i64, String)>) -> Result<(), LibraryError> {
        let path = |photo: &str| SidecarKind::Xmp.path(photo);
        let (here, removed) = std::mem::take(batch)
            .into_iter()
            .partition(|(_, photo)| self.path(&path(photo)).symlink_metadata().is_ok());
        *batch = here;
        let removed: Vec<(i64, String)> = removed;
        self.index.change(Durability::Process, |db| {
            removed.iter().try_for_each(|(item, photo)| {
                own_texts::forget_sidecar(db, *item, SidecarKind::Xmp, &path(photo))
            })
        })
    }

    /// Removes the sidecars of items that turned out to be files of others.
    pub(super) fn remove_orphans(&mut self) -> Result<(), LibraryError> {
        for (item, kind, photo) in self.index.read(own_texts::orphaned_sidecars)? {
            self.remove_sidecar(item, kind, &photo)?;
        }
        self.sync_folders()
    }

    /// Removes a sidecar that has nothing to say, if there is one that is as it was written.
    fn remove_sidecar(&mut self, item: i64, kind: SidecarKind, photo: &str) -> Result<(), LibraryError> {
        let path = kind.path(photo);
        let is_known = self.index.read(|db| {
            Ok(own_texts::get(db, &path)?.is_some() || own_texts::sidecar_of(db, item, kind)?.is_some())
        })?;
        if !is_known {
            return Ok(());
        }
        self.remove_own(&path)?;
        self.index.change(Durability::Process, |db| {
            own_texts::forget_sidecar(db, item, kind, &path)
        })
    }

    fn note_told(&mut self, batch: &[(i64, String)]) -> Result<(), LibraryError> {
        self.index.change(Durability::Process, |db| {
            for (item, photo) in batch {
                note_written(db, *item, SidecarKind::Xmp, photo)?;
                own_texts::note_told(db, *item)?;
            }
            Ok(())
        })
    }

    /// Puts the JSON of exports beside photos, but for those that have some of a newer export. Sidecars must have
    /// followed their photos before.
    pub(super) fn write_jsons(&mut self, jsons: Vec<ExportedJson>) -> Result<Tended, LibraryError> {
        let mut tended = Tended::default();
        let (mut texts, mut written) = (Vec::new(), Vec::new());
        for ExportedJson { item, export, text } in jsons {
            let photo = self.index.read(|db| {
                let is_newer = own_texts::is_newer(db, item.0, export.as_deref())?;
                let file = files::get(db, item.0, Role::Main)?.filter(|_| !is_newer);
                Ok(file.map(|file| file.path))
            })?;
            if let Some(photo) = photo {
                let path = SidecarKind::Json.path(&photo);
                texts.push(OwnText { path, text });
                written.push((item.0, photo, export));
            }
        }
        self.write_texts(&texts, &mut tended)?;
        self.index.change(Durability::Process, |db| {
            for (item, photo, export) in &written {
                note_written(db, *item, SidecarKind::Json, photo)?;
                own_texts::put_export(db, *item, export.as_deref())?;
            }
            Ok(())
        })?;
        Ok(tended)
    }

    /// Sends sidecars after photos that were renamed. They all leave their places before any gets a new one, so that
    /// names may change hands.
    pub(super) fn move_sidecars(&mut self, tended: &mut Tended) -> Result<(), LibraryError> {
        let mut displaced = self.index.read(own_texts::displaced)?;
        displaced.extend(self.back_home(&displaced)?);
        if displaced.is_empty() {
            return Ok(());
        }
        for one in &displaced {
            self.lift_sidecar(one)?;
        }
        self.sync_folders()?;
        for one in &displaced {
            self.land_sidecar(one)?;
        }
        self.sync_folders()?;
        tended.moved += displaced.len() as u64;
        self.index.change(Durability::Process, |db| {
            displaced.iter().try_for_each(|one| moved(db, one))
        })
    }

    /// Sidecars that an interrupted run lifted, and whose photos went back to where they were.
    fn back_home(&self, displaced: &[Displaced]) -> Result<Vec<Displaced>, LibraryError> {
        let staging = self.root.join(OWN_FOLDER).join("staging");
        let entries = std::fs::read_dir(&staging).map_err(LibraryError::disk("read", &staging))?;
        let mut home = Vec::new();
        for name in entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
            let is_on_its_way = |found: &(i64, SidecarKind)| {
                let mut others = displaced.iter();
                others.any(|one| (one.item, one.kind) == *found)
            };
            let Some((item, kind)) = lifted_as(&name).filter(|found| !is_on_its_way(found)) else {
                continue;
            };
            if let Some(photo) = self.index.read(|db| own_texts::sidecar_of(db, item, kind))? {
                home.push(Displaced {
                    item,
                    kind,
                    from: photo.clone(),
                    to: photo,
                });
            }
        }
        Ok(home)
    }

    fn lifted_sidecar(&self, one: &Displaced) -> PathBuf {
        let staging = self.root.join(OWN_FOLDER).join("staging");
        staging.join(format!("{}-{}{LIFTED}", one.item, one.kind.ending()))
    }

    fn lift_sidecar(&mut self, one: &Displaced) -> Result<(), LibraryError> {
        let (from, lifted) = (self.path(&one.kind.path(&one.from)), self.lifted_sidecar(one));
        // An interruption may have come after it was lifted, and the user may have taken it away.
        if lifted.exists() || !from.symlink_metadata().is_ok_and(|found| found.is_file()) {
            return Ok(());
        }
        rename_new(&from, &lifted).map_err(LibraryError::disk("rename", &from))?;
        self.touched_parents(&[&from, &lifted]);
        Ok(())
    }

    fn land_sidecar(&mut self, one: &Displaced) -> Result<(), LibraryError> {
        let (lifted, to) = (self.lifted_sidecar(one), one.kind.path(&one.to));
        if !lifted.exists() {
            return Ok(());
        }
        self.prepare_folder_of(&to)?;
        let target = self.path(&to);
        if rename_new(&lifted, &target).map_err(LibraryError::disk("rename", &lifted))? == Renamed::Taken {
            // Somebody has a sidecar of their own there: it counts, and ours is kept aside.
            self.set_aside_from(&lifted, &to)?;
        }
        self.touched_parents(&[&lifted, &target]);
        Ok(())
    }
}

fn moved(db: &Connection, one: &Displaced) -> rusqlite::Result<()> {
    own_texts::rename(db, &one.kind.path(&one.from), &one.kind.path(&one.to))?;
    own_texts::put_sidecar(db, one.item, one.kind, &one.to)
}

/// The sidecar that has this name between two places.
fn lifted_as(name: &str) -> Option<(i64, SidecarKind)> {
    let (item, ending) = name.strip_suffix(LIFTED)?.split_once('-')?;
    let kind = SidecarKind::ALL
        .into_iter()
        .find(|kind| kind.ending() == ending)?;
    Some((item.parse().ok()?, kind))
}

/// Notes that an item has a sidecar, unless the user has something there.
fn note_written(db: &Connection, item: i64, kind: SidecarKind, photo: &str) -> rusqlite::Result<()> {
    match own_texts::get(db, &kind.path(photo))? {
        Some(_) => own_texts::put_sidecar(db, item, kind, photo),
        None => Ok(()),
    }
}

/// The sidecar of an item, if there is anything to say.
fn sidecar(db: &Connection, item: i64, photo: &str) -> rusqlite::Result<Option<OwnText>> {
    let Some(facts) = told::facts(db, item)? else {
        return Ok(None);
    };
    let row = items::get(db, item)?;
    let (people, albums) = (told::people(db, item)?, albums::titles_of(db, item)?);
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let albums: Vec<&str> = albums.iter().map(String::as_str).collect();
    let described = Described {
        description: &facts.description,
        people: &people,
        albums: &albums,
        place: facts.place,
        taken: facts.time.zip(row.taken).map(|(time, taken)| time.at(taken)),
        is_favourite: facts.marks.favourite,
        is_archived: facts.marks.archived,
        in_file: facts.in_file,
    };
    Ok((!described.is_empty()).then(|| OwnText {
        path: SidecarKind::Xmp.path(photo),
        text: described.to_xmp().into_bytes(),
    }))
}
