//! Opening a library after anything: files half-named are named, names half-changed are changed, and what no
//! transfer will continue is swept out of the staging folder.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::desk::{Desk, OWN_FOLDER, now, staged_path};
use super::place::{Renamed, rename_new};
use crate::library::LibraryError;
use crate::library::index::{Durability, FileRow, Placing, State, files, items};

impl Desk {
    /// Finishes what an interrupted run began.
    pub(super) fn recover(&mut self) -> Result<(), LibraryError> {
        // Moves come first: they free names that sealed files may be waiting for, and seal what was not named yet.
        let moves = self.interrupted_moves()?;
        self.carry_out(moves)?;
        for file in self.index.read(files::unsettled)? {
            if file.placing == Placing::Sealed {
                self.recover_sealed(&file)?;
            }
        }
        self.sweep()?;
        self.settle()
    }

    /// The file is whole, staged or named: whichever it is, it ends up named.
    fn recover_sealed(&mut self, file: &FileRow) -> Result<(), LibraryError> {
        let (staged, named) = (self.staged_path(file.item, file.role), self.path(&file.path));
        let has_size = |path: &Path| {
            path.symlink_metadata()
                .is_ok_and(|found| found.is_file() && found.len() == file.size)
        };
        if has_size(&staged) {
            self.prepare_folder_of(&file.path)?;
            if rename_new(&staged, &named).map_err(LibraryError::disk("name", &named))? == Renamed::Taken {
                return self.forget_file(file);
            }
        } else if !has_size(&named) {
            return self.forget_file(file);
        }
        self.touched_parents(&[&named]);
        self.named(file.item, file.role)
    }

    /// The next run fetches it again.
    fn forget_file(&mut self, file: &FileRow) -> Result<(), LibraryError> {
        self.index.change(Durability::Process, |db| {
            files::forget(db, file.item, file.role)?;
            items::set_state(db, file.item, State::Found, None, now())
        })
    }

    /// Removes staged files that nothing refers to. Only files of the names this program gives are touched.
    fn sweep(&self) -> Result<(), LibraryError> {
        let wanted: HashSet<PathBuf> = self
            .index
            .read(files::partials)?
            .into_iter()
            .map(|(item, role)| staged_path(&self.root, item, role))
            .collect();
        let staging = self.root.join(OWN_FOLDER).join("staging");
        let entries = fs::read_dir(&staging).map_err(LibraryError::disk("read", &staging))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let is_ours = path.extension().is_some_and(|ext| ext == "part");
            if is_ours && !wanted.contains(&path) {
                fs::remove_file(&path).map_err(LibraryError::disk("remove", &path))?;
            }
        }
        Ok(())
    }
}
