//! Giving whole files their final names: sealed in the index first, durably, then renamed.
//!
//! At any instant a power cut leaves either a staged file whose row says "sealed" (the next opening names it) or
//! a named one; never a name without its whole content, never a row without a file.

use std::path::{Path, PathBuf};

use tokio::sync::oneshot;

use super::desk::{Desk, OWN_FOLDER};
use super::families::{Orphans, layout_path, rearrange};
use super::place::{Renamed, make_folder, rename_new};
use super::staged::Sealed;
use crate::library::LibraryError;
use crate::library::index::{Durability, FileRow, Placing, files, items};
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
    pub(super) reply: Reply,
}

impl Desk {
    /// Names all these files; one sync of the index serves them all.
    pub(super) fn place_all(&mut self, requests: Vec<PlaceRequest>) {
        if requests.is_empty() {
            return;
        }
        match self.seal(&requests) {
            Ok(plans) => requests
                .into_iter()
                .zip(plans)
                .for_each(|(request, plan)| self.place(request, plan)),
            Err(error) => refuse(requests, error),
        }
    }

    fn seal(&mut self, requests: &[PlaceRequest]) -> Result<Vec<Plan>, LibraryError> {
        self.index.change(Durability::Power, |db| {
            requests
                .iter()
                .map(|request| {
                    let damaged = files::get(db, request.item, request.role)?
                        .filter(|file| file.placing == Placing::Damaged)
                        .map(|file| file.path);
                    let path = layout_path(db, request.item, request.role)?;
                    files::put(db, &request.row(path))?;
                    files::forget_partial(db, request.item, request.role)?;
                    Ok(damaged)
                })
                .collect()
        })
    }

    fn place(&mut self, request: PlaceRequest, plan: Plan) {
        let placed = self.try_place(&request, plan);
        // Whoever asked may have been cancelled; the file is here all the same.
        drop(request.reply.send(placed));
    }

    fn try_place(&mut self, request: &PlaceRequest, plan: Plan) -> Result<String, LibraryError> {
        if let Some(damaged) = plan {
            self.set_aside(&damaged)?;
        }
        // Not the path that was sealed: a file named just before may have made the family be named again.
        let mut path = self
            .index
            .read(|db| layout_path(db, request.item, request.role))?;
        for _ in 0..MOST_TRIES {
            self.prepare_folder_of(&path)?;
            let to = self.path(&path);
            let staged = &request.sealed.path;
            match rename_new(staged, &to).map_err(LibraryError::disk("name", &to))? {
                Renamed::Done => {
                    self.touched_parents(&[&to]);
                    self.named(request.item, request.role)?;
                    return Ok(path);
                }
                Renamed::Taken => path = self.name_anew(request)?,
            }
        }
        let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        Err(LibraryError::disk("name", Path::new(&path))(taken))
    }

    /// Something appeared under the name since it was chosen: the family is named again around it.
    fn name_anew(&mut self, request: &PlaceRequest) -> Result<String, LibraryError> {
        let (strategy, root) = (self.strategy, self.root.clone());
        let (path, moves) = self.index.change(Durability::Power, |db| {
            // While its row claims the name, the file there would pass for its own.
            files::forget(db, request.item, request.role)?;
            let family = items::get(db, request.item)?.family;
            let moves = rearrange(db, strategy, &root, family, Orphans::AreForeign, &[])?;
            let path = layout_path(db, request.item, request.role)?;
            files::put(db, &request.row(path.clone()))?;
            Ok((path, moves))
        })?;
        self.carry_out(moves)?;
        Ok(path)
    }

    /// Moves a damaged file out of the way, into `.gphotosync/replaced`: it was on disk before, so it is kept.
    fn set_aside(&mut self, relative: &str) -> Result<(), LibraryError> {
        let from = self.path(relative);
        if from.symlink_metadata().is_err() {
            return Ok(());
        }
        let base = PathBuf::from(OWN_FOLDER).join("replaced").join(relative);
        for number in 0_u32.. {
            let target = if number == 0 {
                base.clone()
            } else {
                numbered(&base, number)
            };
            let folder = target.parent().unwrap_or(Path::new(OWN_FOLDER));
            make_folder(&self.root, folder).map_err(LibraryError::disk("make", folder))?;
            let to = self.root.join(&target);
            if rename_new(&from, &to).map_err(LibraryError::disk("set aside", &from))? == Renamed::Done {
                self.touched_parents(&[&from, &to]);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes down a file that another tool left here: the item's own, or damaged and to be replaced. `false` if it
    /// is another's already: two of one name and time are told apart by nothing, and one of them is not here.
    pub(super) fn adopt(
        &mut self,
        item: i64,
        role: Role,
        (path, size): (&str, u64),
        placing: Placing,
    ) -> Result<bool, LibraryError> {
        let row = FileRow {
            item,
            role,
            path: path.to_owned(),
            size,
            sha256: None,
            placing,
        };
        self.index.change(Durability::Process, |db| {
            let is_free = !is_anothers(db, &row)?;
            if is_free {
                files::put(db, &row)?;
            }
            Ok(is_free)
        })
    }

    /// Remembers that an item has a moving half, so that its name is claimed with it.
    pub(super) fn expect_clip(&mut self, item: i64, ext: &str) -> Result<(), LibraryError> {
        let (strategy, root) = (self.strategy, self.root.clone());
        let moves = self.index.change(Durability::Process, |db| {
            let row = items::get(db, item)?;
            if row.clip_ext.as_deref() == Some(ext) {
                return Ok(Vec::new());
            }
            items::set_clip(db, item, ext)?;
            rearrange(db, strategy, &root, row.family, Orphans::MayBeTheirs, &[])
        })?;
        self.carry_out(moves)
    }
}

/// The damaged file that must go away first.
type Plan = Option<String>;

/// Whether an item of the family, or the item's other half, has this file. Other families bear other names or times.
fn is_anothers(db: &rusqlite::Connection, file: &FileRow) -> rusqlite::Result<bool> {
    let is_it = |other: &FileRow| (other.item, other.role) == (file.item, file.role);
    for relative in items::family(db, items::get(db, file.item)?.family)? {
        let theirs = files::of_item(db, relative.seq)?;
        if theirs
            .iter()
            .any(|other| other.path == file.path && !is_it(other))
        {
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

/// Tells all that it did not work; the error itself goes to the first, its words to the others.
fn refuse(requests: Vec<PlaceRequest>, error: LibraryError) {
    let words = error.explained();
    let mut error = Some(error);
    for request in requests {
        let told = error.take().unwrap_or_else(|| LibraryError::Refused {
            reason: words.clone(),
        });
        drop(request.reply.send(Err(told)));
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}
