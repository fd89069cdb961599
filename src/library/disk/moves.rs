//! Moving files whose items got other names.
//!
//! A file on its way passes through a name of its own in the staging folder, so that any permutation of names is
//! carried out alike and a crash leaves nothing in doubt. What is known at each step:
//!
//! 1. The row says "moving" and names the old path. The file is there, or lifted; nobody else gets that name.
//! 2. All files are lifted, and that is durable.
//! 3. The row says "sealed" and names the new path, as that of a file just fetched. From here on the old name is free.
//! 4. The file gets its new name as any sealed file does.

use std::path::PathBuf;

use super::desk::{Desk, lifted_path, now};
use super::families::layout_path;
use super::place::{Renamed, rename_new};
use crate::library::LibraryError;
use crate::library::index::{Durability, FileRow, Placing, State, files, items};
use crate::media::Role;

/// A file that must get another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) item: i64,
    pub(super) role: Role,
    size: u64,
    from: String,
    to: String,
}

impl Move {
    pub(super) fn of(file: &FileRow, to: String) -> Self {
        Self {
            item: file.item,
            role: file.role,
            size: file.size,
            from: file.path.clone(),
            to,
        }
    }
}

impl Desk {
    /// Moves files that are marked as moving. One that is gone is forgotten, to be fetched again.
    pub(super) fn carry_out(&mut self, moves: Vec<Move>) -> Result<(), LibraryError> {
        if moves.is_empty() || self.planning {
            return Ok(());
        }
        // Written once more so that the marks survive a power cut before the first name changes.
        self.index.change(Durability::Power, |db| {
            let mut marked = moves.iter();
            marked.try_for_each(|one| files::set_placing(db, one.item, one.role, Placing::Moving))
        })?;
        let mut gone = Vec::new();
        let mut lifted = Vec::new();
        for one in moves {
            let here = self.lift(&one)?;
            if here { &mut lifted } else { &mut gone }.push(one);
        }
        self.sync_folders()?;
        self.seal_lifted(&lifted, &gone)?;
        for one in &lifted {
            let path = self.name_sealed(one.item, one.role)?;
            if path != one.from {
                self.tell_renamed(&one.from, &path);
            }
        }
        Ok(())
    }

    /// Takes a file out of its place. `false` if it is not there any more.
    fn lift(&mut self, one: &Move) -> Result<bool, LibraryError> {
        self.note_lifted(one.item, one.role);
        let lifted = lifted_path(&self.root, one.item, one.role);
        if lifted.exists() {
            // An interruption came after this step, and perhaps before it was durable.
            self.touched_parents(&[&self.path(&one.from), &lifted]);
            return Ok(true);
        }
        let Some(from) = self.before_lifting(one) else {
            return Ok(false);
        };
        match rename_new(&from, &lifted).map_err(LibraryError::disk("rename", &from))? {
            Renamed::Done => self.touched_parents(&[&from, &lifted]),
            Renamed::Taken => tracing::warn!("{} appeared just now", lifted.display()),
        }
        Ok(true)
    }

    /// Where a moving file is before it is lifted: under its old name, or, if a power cut undid that name, still under
    /// the one before.
    fn before_lifting(&self, one: &Move) -> Option<PathBuf> {
        let (named, staged) = (self.path(&one.from), self.staged_path(one.item, one.role));
        let is_file = |found: &std::fs::Metadata| found.is_file();
        if named.symlink_metadata().is_ok_and(|found| is_file(&found)) {
            return Some(named);
        }
        let is_whole = |found: std::fs::Metadata| found.is_file() && found.len() == one.size;
        staged.symlink_metadata().is_ok_and(is_whole).then_some(staged)
    }

    fn seal_lifted(&mut self, lifted: &[Move], gone: &[Move]) -> Result<(), LibraryError> {
        self.index.change(Durability::Power, |db| {
            for one in lifted {
                files::seal(db, one.item, one.role, &one.to)?;
            }
            for one in gone {
                files::forget(db, one.item, one.role)?;
                items::set_state(db, one.item, State::Found, None, now())?;
            }
            Ok(())
        })
    }

    /// The moves that an interrupted run began.
    pub(super) fn interrupted_moves(&self) -> Result<Vec<Move>, LibraryError> {
        self.index.read(|db| {
            let moving = files::unsettled(db)?
                .into_iter()
                .filter(|file| file.placing == Placing::Moving);
            moving
                .map(|file| Ok(Move::of(&file, layout_path(db, file.item, file.role)?)))
                .collect()
        })
    }
}
