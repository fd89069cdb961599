//! Files that passed by before their turn: kept on disk until it comes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::archive::Spot;

/// A file that is kept for a while, and gone when dropped.
#[derive(Debug)]
pub(super) struct Spooled(PathBuf);

impl Spooled {
    /// Keeps all these bytes. What an interrupted run left under this name goes.
    pub(super) fn keep(folder: &Path, (part, entry): Spot, bytes: &mut dyn Read) -> io::Result<Self> {
        // The library sweeps away what ends like this and belongs to nothing it began.
        let spooled = Self(folder.join(format!("takeout-{}-{}.part", part.0, entry.0)));
        io::copy(bytes, &mut File::create(&spooled.0)?)?;
        Ok(spooled)
    }

    /// Opens what was kept.
    pub(super) fn open(&self) -> io::Result<File> {
        File::open(&self.0)
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        // What stays behind is swept away by the next run.
        drop(std::fs::remove_file(&self.0));
    }
}
