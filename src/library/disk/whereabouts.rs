//! Where a file of an item is at this moment.

use std::path::{Path, PathBuf};

use super::desk::{Desk, lifted_path, staged_path};
use crate::library::index::{FileRow, Placing};
use crate::media::Role;

impl Desk {
    /// Where `relative` is on disk.
    pub(super) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where a file is while it is written.
    pub(super) fn staged_path(&self, item: i64, role: Role) -> PathBuf {
        staged_path(&self.root, item, role)
    }

    /// Where a file is, if it is anywhere. One that the user changed is the user's; `verify` is what tells of it.
    pub(super) fn where_is(&self, file: &FileRow) -> Option<PathBuf> {
        let named = || Some(self.path(&file.path)).filter(|path| is_file(path));
        match file.placing {
            Placing::Damaged => None,
            Placing::InPlace | Placing::Elsewhere => named(),
            Placing::Moving | Placing::Sealed => {
                let lifted = lifted_path(&self.root, file.item, file.role);
                Some(lifted).filter(|path| is_file(path)).or_else(named)
            }
        }
    }

    /// Whether a file is on disk.
    pub(super) fn is_here(&self, file: &FileRow) -> bool {
        self.where_is(file).is_some()
    }
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_file())
}
