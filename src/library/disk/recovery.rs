//! Opening a library after anything: files half-named are named, names half-changed are changed, and what no
//! transfer will continue is swept out of the staging folder.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::INDEX_FILE;
use super::desk::{Desk, OWN_FOLDER, lifted_path, staged_path};
use super::strategies::strategy_of;
use crate::library::LibraryError;
use crate::library::index::{FileRow, Index, Placing, files};
use crate::report::Reporter;

/// Finishes what an interrupted run began in the library in `root`, and changes nothing else. The caller holds the lock.
///
/// # Errors
/// When the folder or the index cannot be used.
pub(crate) fn finish_interrupted(root: &Path, reporter: Arc<dyn Reporter>) -> Result<(), LibraryError> {
    let own = root.join(OWN_FOLDER);
    let staging = own.join("staging");
    fs::create_dir_all(&staging).map_err(LibraryError::disk("make", &staging))?;
    let index = Index::open(&own.join(INDEX_FILE))?;
    let strategy = strategy_of(&index)?;
    Desk::new(index, root.to_owned(), strategy, reporter, false).recover()
}

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
        self.retime_files()?;
        self.sweep()?;
        self.settle()
    }

    /// The file is whole, with or without its name: whichever it is, it ends up named.
    fn recover_sealed(&mut self, file: &FileRow) -> Result<(), LibraryError> {
        let staged = self.staged_path(file.item, file.role).symlink_metadata();
        let is_whole = staged.is_ok_and(|found| found.is_file() && found.len() == file.size);
        if is_whole || lifted_path(&self.root, file.item, file.role).exists() {
            return self.name_sealed(file.item, file.role).map(drop);
        }
        if !self.is_here(file) {
            return self.forget_file(file);
        }
        // The staged name is gone durably only if this one came instead; the user may have edited the file since.
        self.touched_parents(&[&self.path(&file.path)]);
        self.note_named(file.item, file.role)
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
