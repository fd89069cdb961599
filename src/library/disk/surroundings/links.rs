//! One link: what is where it belongs, and how to put it there.

use std::fs;
use std::io;
use std::path::Path;

use crate::library::LibraryError;
use crate::library::disk::desk::{Desk, OWN_FOLDER};
use crate::library::disk::place::{Renamed, rename_new};
use crate::library::index::links::LinkRow;

/// The links that a disk can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkForm {
    /// They name their target, relative to where they are: the library can be moved.
    Symbolic,
    /// They are second names of their target.
    Hard,
    /// None.
    Unable,
}

/// What is where a link belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    /// It leads to the file already.
    Link,
    /// A link of ours to another file, or to where the file was.
    OldLink,
    /// Something of the user's.
    Foreign,
}

/// The text of a link from an album's folder to a file of the library.
pub(super) fn relative(target: &str) -> String {
    // albums/<title>/ is two folders deep.
    format!("../../{target}")
}

/// What is at `at`, where a link to `target` (relative to `root`) belongs; `known` is the link that was made there.
pub(super) fn look(root: &Path, at: &Path, target: &str, known: Option<&LinkRow>) -> io::Result<There> {
    let found = match at.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(There::Nothing),
        found => found?,
    };
    if found.is_symlink() {
        let text = fs::read_link(at)?;
        let leads_to = |target: &str| text == Path::new(&relative(target));
        return Ok(match known {
            _ if leads_to(target) => There::Link,
            Some(known) if leads_to(&known.target) => There::OldLink,
            _ => There::Foreign,
        });
    }
    let Some(inode) = inode_of(&found) else {
        return Ok(There::Foreign);
    };
    let is_second_name = root
        .join(target)
        .symlink_metadata()
        .is_ok_and(|file| same_file(&file, &found));
    Ok(match known {
        _ if is_second_name => There::Link,
        Some(known) if known.inode == Some(inode) => There::OldLink,
        _ => There::Foreign,
    })
}

/// The number of a file, by which a hard link is known again.
#[cfg(unix)]
fn inode_of(found: &fs::Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt as _;
    found.is_file().then(|| found.ino().cast_signed())
}

#[cfg(not(unix))]
fn inode_of(_: &fs::Metadata) -> Option<i64> {
    None
}

#[cfg(unix)]
fn same_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn same_file(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

/// The number of a link that is a second name.
pub(super) fn inode_at(at: &Path) -> Option<i64> {
    inode_of(&at.symlink_metadata().ok()?)
}

impl Desk {
    /// Puts a link to `target` at `at`, where nothing is or an old link of ours. `false` if something is there by now.
    pub(super) fn put_link(
        &mut self,
        form: LinkForm,
        (at, target): (&Path, &str),
        there: There,
    ) -> Result<bool, LibraryError> {
        let staged = self.root.join(OWN_FOLDER).join("staging").join("link.part");
        match fs::remove_file(&staged) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(LibraryError::disk("remove", &staged)(error));
            }
            _ => {}
        }
        let made = match form {
            LinkForm::Symbolic => symbolic_link(&relative(target), &staged),
            _ => fs::hard_link(self.path(target), &staged),
        };
        made.map_err(LibraryError::disk("link to", &self.path(target)))?;
        let is_put = if there == There::OldLink {
            #[cfg(test)]
            crate::library::disk::fuse::burn().map_err(LibraryError::disk("replace", at))?;
            fs::rename(&staged, at).map(|()| Renamed::Done)
        } else {
            rename_new(&staged, at)
        };
        self.touched_parents(&[at]);
        Ok(is_put.map_err(LibraryError::disk("name", at))? == Renamed::Done)
    }
}

#[cfg(unix)]
fn symbolic_link(to: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn symbolic_link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
