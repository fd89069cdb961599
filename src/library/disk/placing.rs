//! Giving whole files their final names: sealed in the index first, durably, then renamed.
//!
//! At any instant a power cut leaves either a staged file whose row says "sealed" (the next opening names it) or
//! a named one; never a name without its whole content, never a row without a file.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::desk::{Desk, OWN_FOLDER, lifted_path, now};
use super::families::{Disturbed, Orphans, layout_path};
use super::librarian::refuse;
use super::place::{Renamed, rename_new, sync_folder};
use super::staged::Sealed;
use crate::library::LibraryError;
use crate::library::index::{Durability, FileRow, Placing, State, checksums, files, items};
use crate::media::Role;

pub(super) type Reply = oneshot::Sender<Result<String, LibraryError>>;

/// A race for a name with somebody outside is lost at most this often in a row.
const MOST_TRIES: u32 = 8;

/// A whole file that wants its name.
#[derive(Debug)]
pub(super) struct PlaceRequest {
    pub(super) item: i64,
    pub(super) role: Role,
    pub(super) sealed: Sealed,
    /// The checksum of an original.
    pub(super) crc32: Option<u32>,
    pub(super) reply: Reply,
}

impl Desk {
    /// Names all these files; one sync of the index serves them all.
    pub(super) fn place_all(&mut self, requests: Vec<PlaceRequest>) {
        if requests.is_empty() {
            return;
        }
        match self.seal(&requests) {
            Ok(()) => requests.into_iter().for_each(|request| {
                let placed = self.name_sealed(request.item, request.role);
                // Whoever asked may have been cancelled; the file is here all the same.
                drop(request.reply.send(placed));
            }),
            Err(error) => refuse(requests.into_iter().map(|request| request.reply), error),
        }
    }

    fn seal(&mut self, requests: &[PlaceRequest]) -> Result<(), LibraryError> {
        for request in requests {
            self.clear_away_damaged(request.item, request.role)?;
            if request.crc32.is_some() {
                self.clear_away_lesser(request.item, request.role)?;
            }
        }
        // The rows must not outlive the names they speak of.
        let staging = self.root.join(OWN_FOLDER).join("staging");
        sync_folder(&staging).map_err(LibraryError::disk("sync", &staging))?;
        self.index.change(Durability::Power, |db| {
            for request in requests {
                let path = layout_path(db, request.item, request.role)?;
                files::put(db, &request.row(path))?;
                files::forget_partial(db, request.item, request.role)?;
                match request.crc32 {
                    Some(crc32) => checksums::put(db, request.item, request.role, crc32)?,
                    None => checksums::forget(db, request.item, request.role)?,
                }
            }
            Ok(())
        })
    }

    /// Gives a whole file the name its row wants, or, if somebody else has that by now, the next best.
    pub(super) fn name_sealed(&mut self, item: i64, role: Role) -> Result<String, LibraryError> {
        // Looked up only now: a file named just before may have made the family be named again.
        let mut path = self.sealed_path(item, role)?;
        for _ in 0..MOST_TRIES {
            self.prepare_folder_of(&path)?;
            let (from, to) = (self.without_name(item, role), self.path(&path));
            match rename_new(&from, &to).map_err(LibraryError::disk("name", &to))? {
                Renamed::Done => {
                    self.touched_parents(&[&to]);
                    self.note_named(item, role)?;
                    return Ok(path);
                }
                Renamed::Taken => path = self.name_anew(item, role, &path)?,
            }
        }
        let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        Err(LibraryError::disk("name", Path::new(&path))(taken))
    }

    fn sealed_path(&self, item: i64, role: Role) -> Result<String, LibraryError> {
        self.index.read(|db| match files::get(db, item, role)? {
            Some(file) => Ok(file.path),
            None => layout_path(db, item, role),
        })
    }

    /// Where a whole file is that has no name.
    pub(super) fn without_name(&self, item: i64, role: Role) -> PathBuf {
        let lifted = lifted_path(&self.root, item, role);
        if lifted.exists() {
            lifted
        } else {
            self.staged_path(item, role)
        }
    }

    /// Somebody has the name. A damaged file makes way; around anything else, the family is named again.
    fn name_anew(&mut self, item: i64, role: Role, taken: &str) -> Result<String, LibraryError> {
        if let Some(file) = self.index.read(|db| files::damaged_at(db, taken))? {
            self.clear_away_damaged(file.item, file.role)?;
            self.forget_file(&file)?;
        }
        if self.path(taken).symlink_metadata().is_ok() {
            self.disturb(Orphans::AreForeignTo(item), |db| {
                let families = [items::get(db, item)?.family].into();
                let leaving = Vec::new();
                Ok(((), Disturbed { families, leaving }))
            })?;
        }
        self.sealed_path(item, role)
    }

    /// The next run fetches it again.
    pub(super) fn forget_file(&mut self, file: &FileRow) -> Result<(), LibraryError> {
        self.index.change(Durability::Process, |db| {
            files::forget(db, file.item, file.role)?;
            items::set_state(db, file.item, State::Found, None, now())
        })
    }

    /// Writes down a file that another tool left here: the item's own, or damaged and to be replaced. `false` if it
    /// is gone by now, or another's already: two of one name and time are told apart by nothing, and one of them is
    /// not here.
    pub(super) fn adopt(
        &mut self,
        item: i64,
        role: Role,
        (path, size): (&str, u64),
        placing: Placing,
    ) -> Result<bool, LibraryError> {
        let found = self.path(path).symlink_metadata();
        if !found.is_ok_and(|found| found.is_file() && found.len() == size) {
            return Ok(false);
        }
        let row = FileRow {
            item,
            role,
            path: path.to_owned(),
            size,
            sha256: None,
            placing,
        };
        self.index.change(Durability::Process, |db| {
            let is_free = !is_anothers(db, item, role, &row.path)?;
            if is_free {
                files::put(db, &row)?;
            }
            Ok(is_free)
        })
    }

    /// Remembers that an item has a moving half or an edited version, so that its name is claimed with it.
    pub(super) fn expect_companion(&mut self, item: i64, role: Role, ext: &str) -> Result<(), LibraryError> {
        self.disturb(Orphans::MayBeTheirs, |db| {
            let row = items::get(db, item)?;
            let known = match role {
                Role::Main => return Ok(((), Disturbed::default())),
                Role::Clip => &row.clip_ext,
                Role::Edited => &row.edited_ext,
            };
            let mut disturbed = Disturbed::default();
            if known.as_deref() != Some(ext) {
                let set = if role == Role::Clip {
                    items::set_clip
                } else {
                    items::set_edited
                };
                set(db, item, ext)?;
                disturbed.families.insert(row.family);
            }
            Ok(((), disturbed))
        })
    }
}

/// Whether an item of the family, or the item's other half, has the file at `path`. Other families bear other names or
/// times.
pub(super) fn is_anothers(db: &Connection, item: i64, role: Role, path: &str) -> rusqlite::Result<bool> {
    for relative in items::family(db, items::get(db, item)?.family)? {
        let theirs = files::of_item(db, relative.seq)?;
        let is_it = |other: &FileRow| (other.item, other.role) == (item, role);
        if theirs.iter().any(|other| other.path == path && !is_it(other)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl PlaceRequest {
    const fn row(&self, path: String) -> FileRow {
        FileRow {
            item: self.item,
            role: self.role,
            path,
            size: self.sealed.size,
            sha256: Some(self.sealed.sha256),
            placing: Placing::Sealed,
        }
    }
}
