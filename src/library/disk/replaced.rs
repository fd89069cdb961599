//! Damaged files make way for whole ones, and what an API made of a photo for the original. They were on disk before, so
//! they are kept, in `.gphotosync/replaced`.

use std::path::{Path, PathBuf};

use super::desk::{Desk, OWN_FOLDER};
use super::place::{Renamed, make_folder, rename_new};
use crate::library::LibraryError;
use crate::library::index::{Placing, files};
use crate::media::Role;

impl Desk {
    /// Moves an item's damaged file out of the way, durably. Its row stays until a whole file's takes its place.
    pub(super) fn clear_away_damaged(&mut self, item: i64, role: Role) -> Result<(), LibraryError> {
        let file = self.index.read(|db| files::get(db, item, role))?;
        let Some(file) = file.filter(|file| file.placing == Placing::Damaged) else {
            return Ok(());
        };
        // The user may have taken the damaged file away, and then another item's came there.
        if self
            .index
            .read(|db| files::is_anothers(db, &file.path, item, role))?
        {
            return Ok(());
        }
        self.set_aside(&file.path)?;
        self.sync_folders()
    }

    /// Moves what is no original out of an original's way, durably. Its row stays until the original's takes its place.
    pub(super) fn clear_away_lesser(&mut self, item: i64, role: Role) -> Result<(), LibraryError> {
        let file = self.index.read(|db| files::get(db, item, role))?;
        let Some(file) = file.filter(|file| file.placing != Placing::Damaged) else {
            return Ok(());
        };
        let Some(here) = self.where_is(&file) else {
            return Ok(());
        };
        self.note_lifted(item, role);
        self.set_aside_from(&here, &file.path)?;
        self.sync_folders()
    }

    fn set_aside(&mut self, relative: &str) -> Result<(), LibraryError> {
        let from = self.path(relative);
        if from.symlink_metadata().is_err() {
            return Ok(());
        }
        self.set_aside_from(&from, relative)
    }

    /// Keeps the file at `from` as one that was replaced at `relative`.
    pub(super) fn set_aside_from(&mut self, from: &Path, relative: &str) -> Result<(), LibraryError> {
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
            if rename_new(from, &to).map_err(LibraryError::disk("set aside", from))? == Renamed::Done {
                self.touched_parents(&[from, &to]);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Makes the folder that `relative` is in.
    pub(super) fn prepare_folder_of(&mut self, relative: &str) -> Result<(), LibraryError> {
        let folder = Path::new(relative).parent().unwrap_or(Path::new(""));
        let changed =
            make_folder(&self.root, folder).map_err(LibraryError::disk("make", &self.root.join(folder)))?;
        for folder in &changed {
            self.touched(folder);
        }
        Ok(())
    }

    pub(super) fn touched_parents(&mut self, paths: &[&Path]) {
        for parent in paths.iter().filter_map(|path| path.parent()) {
            self.touched(parent);
        }
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}
