//! Giving files their items' new times.
//!
//! The old time is noted with the new one, in one transaction, and forgotten once the files bear the new one. Without
//! that, a file that a crash left with a time in between would be taken for one that the user changed.

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use super::desk::{Desk, modification_time};
use super::families::has_time_of;
use super::place::set_modified;
use crate::library::LibraryError;
use crate::library::index::{Durability, files, items, retimes};

impl Desk {
    /// Gives the files of all items whose times changed the new ones.
    pub(super) fn retime_files(&mut self) -> Result<(), LibraryError> {
        let waiting = self.index.read(retimes::all)?;
        if waiting.is_empty() || self.planning {
            return Ok(());
        }
        // What is known of an old time must outlive that time.
        self.index.flush()?;
        for (item, was) in waiting {
            self.retime_files_of(item, was)?;
        }
        self.index.change(Durability::Process, retimes::forget_all)
    }

    fn retime_files_of(&self, item: i64, was: Option<DateTime<Utc>>) -> Result<(), LibraryError> {
        let (row, files) = self
            .index
            .read(|db| Ok((items::get(db, item)?, files::of_item(db, item)?)))?;
        let Some(time) = modification_time(row.taken) else {
            return Ok(());
        };
        for file in files {
            #[cfg(test)]
            super::fuse::burn().map_err(LibraryError::disk("change", Path::new(&file.path)))?;
            // One that was sealed in this run may not be named yet.
            for path in [self.path(&file.path), self.without_name(item, file.role)] {
                retime(&path, was, time);
            }
        }
        Ok(())
    }
}

/// Gives a file another time. One that does not bear the old time was changed by the user, and one whose disk refuses
/// keeps its time: it is whole all the same.
fn retime(path: &Path, was: Option<DateTime<Utc>>, time: SystemTime) {
    let Some(found) = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file) else {
        return;
    };
    if was.is_none() || has_time_of(found.modified().ok(), was) {
        drop(set_time(path, time));
    }
}

/// Durably: nobody remembers the old time afterwards.
fn set_time(path: &Path, time: SystemTime) -> std::io::Result<()> {
    let file = File::options().write(true).open(path)?;
    set_modified(&file, time)?;
    file.sync_all()
}
