//! Looking for a file of a wanted item: one that is known, one that another tool left in its place, or a piece.

use std::path::PathBuf;

use bytes::Bytes;

use super::families::layout_path;
use super::placing::is_anothers;
use super::takeover::{Found, checksum_of, compare, examine, head_of};
use super::{DiskLibrary, blocking};
use crate::library::index::{Durability, Placing, checksums, files, items};
use crate::library::name_key::split_extension;
use crate::library::scrub::slashed;
use crate::library::{Holding, ItemKey, LibraryError};
use crate::media::{KnownFile, MediaItem, Role};
use crate::source::Resume;

/// What the index knows of a file.
struct Place {
    /// Where it is.
    here: Option<PathBuf>,
    /// Its length and its checksum, as far as known.
    size: u64,
    crc32: Option<u32>,
    /// It is there, but damaged: nothing is taken over in its stead.
    is_damaged: bool,
    /// Where it would be; several places for a clip whose kind is not known yet.
    wanted: Vec<Wanted>,
    partial: Option<files::PartialRow>,
}

/// A place where another tool may have left a file.
#[derive(Clone, Debug)]
struct Wanted {
    path: String,
    /// The extension to remember for the item's clip.
    clip_ext: Option<&'static str>,
}

impl DiskLibrary {
    pub(super) async fn look_for(
        &self,
        key: ItemKey,
        item: &MediaItem,
        role: Role,
    ) -> Result<Holding, LibraryError> {
        let place = self.locate(key, role).await?;
        if let Some(path) = &place.here {
            if !self.is_as_known(key, item.known(role), &place).await? {
                // It gives way to the original once that is whole.
                return Ok(Holding::Part(Resume::default()));
            }
            let path = path.clone();
            let head = blocking(move || head_of(&path).map_err(LibraryError::disk("read", &path))).await?;
            return Ok(Holding::Whole { head });
        }
        for wanted in place.wanted.into_iter().filter(|_| !place.is_damaged) {
            if let Some(head) = self.take_over(key, item, role, wanted).await? {
                return Ok(Holding::Whole { head });
            }
        }
        if role == Role::Main
            && !place.is_damaged
            && let Some(head) = self.take_over_elsewhere(key, item).await?
        {
            return Ok(Holding::Whole { head });
        }
        Ok(Holding::Part(place.partial.map(resume_from).unwrap_or_default()))
    }

    async fn locate(&self, key: ItemKey, role: Role) -> Result<Place, LibraryError> {
        self.librarian
            .ask(move |desk| {
                let (row, wanted, partial) = desk.index.read(|db| {
                    Ok((
                        files::get(db, key.0, role)?,
                        free_places(db, key, role)?,
                        files::partial(db, key.0, role)?,
                    ))
                })?;
                let staged = desk.staged_path(key.0, role);
                // Without its bytes, what is remembered of a piece is of no use.
                let partial =
                    partial.filter(|row| staged.metadata().is_ok_and(|found| found.len() >= row.bytes));
                let crc32 = desk.index.read(|db| checksums::get(db, key.0, role))?;
                let size = row.as_ref().map_or(0, |file| file.size);
                let is_damaged = row.as_ref().is_some_and(|file| file.placing == Placing::Damaged);
                let here = row.and_then(|file| desk.where_is(&file));
                Ok(Place {
                    here,
                    size,
                    crc32,
                    is_damaged,
                    wanted,
                    partial,
                })
            })
            .await
    }

    /// Whether the file that is here is the one that is wanted, where its checksum is known beforehand. What it is of a
    /// file that another tool left is found out by reading it.
    async fn is_as_known(
        &self,
        key: ItemKey,
        known: Option<KnownFile>,
        place: &Place,
    ) -> Result<bool, LibraryError> {
        let (Some(known), Some(path)) = (known, place.here.clone()) else {
            return Ok(true);
        };
        if place.size != known.size || place.crc32.is_some() {
            return Ok(place.size == known.size && place.crc32 == Some(known.crc32));
        }
        let found = blocking(move || checksum_of(&path).map_err(LibraryError::disk("read", &path))).await?;
        if found == known.crc32 {
            self.librarian
                .note(move |db| checksums::put(db, key.0, known.role, found))
                .await?;
        }
        Ok(found == known.crc32)
    }

    /// Takes over the file at `wanted` if it is the item's and whole; notes it if it is the item's and damaged.
    async fn take_over(
        &self,
        key: ItemKey,
        item: &MediaItem,
        role: Role,
        wanted: Wanted,
    ) -> Result<Option<Bytes>, LibraryError> {
        let (path, item, known) = (self.root.join(&wanted.path), item.clone(), item.known(role));
        let looking = move || match known {
            Some(known) => compare(&path, known).map_err(LibraryError::disk("read", &path)),
            None => examine(&path, &item).map_err(LibraryError::disk("read", &path)),
        };
        let (size, placing, head) = match blocking(looking).await? {
            Found::Nothing => return Ok(None),
            Found::Whole { size, head } => (size, Placing::InPlace, Some(head)),
            Found::Damaged { size } => (size, Placing::Damaged, None),
        };
        let adopting = self.librarian.ask(move |desk| {
            if let Some(ext) = wanted.clip_ext {
                desk.expect_companion(key.0, role, ext)?;
            }
            let adopted = desk.adopt(key.0, role, (&wanted.path, size), placing)?;
            if let Some(known) = known.filter(|_| adopted) {
                desk.index.change(Durability::Process, |db| {
                    checksums::put(db, key.0, role, known.crc32)
                })?;
            }
            Ok(adopted)
        });
        let adopted = adopting.await?;
        Ok(head.filter(|_| adopted))
    }

    /// Takes over a whole file that another tool put anywhere in the folder; it stays where it is.
    async fn take_over_elsewhere(
        &self,
        key: ItemKey,
        item: &MediaItem,
    ) -> Result<Option<Bytes>, LibraryError> {
        let Some(finder) = self.finder.clone() else {
            return Ok(None);
        };
        let (root, item) = (self.root.clone(), item.clone());
        let found = blocking(move || {
            let Some(relative) = finder.take(&root, &item) else {
                return Ok(None);
            };
            let path = root.join(&relative);
            let found = examine(&path, &item).map_err(LibraryError::disk("read", &path))?;
            Ok(Some((slashed(&relative), found)))
        });
        let Some((path, Found::Whole { size, head })) = found.await? else {
            return Ok(None);
        };
        let adopted = self
            .librarian
            .ask(move |desk| desk.adopt(key.0, Role::Main, (&path, size), Placing::Elsewhere));
        Ok(adopted.await?.then_some(head))
    }
}

/// The places where a file may have been left, without those that are another's.
fn free_places(db: &rusqlite::Connection, key: ItemKey, role: Role) -> rusqlite::Result<Vec<Wanted>> {
    let mut free = Vec::new();
    for wanted in places(db, key, role)? {
        if !is_anothers(db, key.0, role, &wanted.path)? {
            free.push(wanted);
        }
    }
    Ok(free)
}

fn places(db: &rusqlite::Connection, key: ItemKey, role: Role) -> rusqlite::Result<Vec<Wanted>> {
    let row = items::get(db, key.0)?;
    let has_name = match role {
        Role::Clip => row.clip_name.is_some(),
        Role::Edited if row.edited_name.is_none() => return Ok(Vec::new()),
        Role::Main | Role::Edited => true,
    };
    if has_name {
        return Ok(vec![Wanted {
            path: layout_path(db, key.0, role)?,
            clip_ext: None,
        }]);
    }
    let main = layout_path(db, key.0, Role::Main)?;
    let (stem, _) = split_extension(&main);
    Ok(super::CLIP_EXTENSIONS
        .map(|ext| Wanted {
            path: format!("{stem}{ext}"),
            clip_ext: Some(ext),
        })
        .into())
}

fn resume_from(row: files::PartialRow) -> Resume {
    Resume {
        offset: row.bytes,
        length: row.length,
        etag: row.etag,
    }
}
