//! Texts of gphotosync's own, written so that a reader finds the old one or the new one, and never over one that the
//! user made or changed.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Tended;
use crate::library::LibraryError;
use crate::library::disk::desk::{Desk, OWN_FOLDER};
use crate::library::disk::place::{Renamed, rename_new};
use crate::library::index::{Durability, own_texts};

/// Nothing that gphotosync writes is longer; a longer file of that name is the user's.
const LONGEST: u64 = 64 << 20;

/// A text and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnText {
    /// Relative to the library.
    pub(super) path: String,
    pub(super) text: Vec<u8>,
}

/// A text on its way.
struct Coming<'a> {
    path: &'a str,
    text: &'a [u8],
    sha256: [u8; 32],
    staged: PathBuf,
    /// Whether one of our own is there, to be replaced.
    replaces: bool,
}

/// What is to be done about a text.
enum Need<'a> {
    Write(Coming<'a>),
    /// It is there already.
    Nothing(&'a str, [u8; 32]),
    /// The user has one there.
    Keep,
}

impl Desk {
    /// Writes these texts, all of them durably, in a few steps that serve all of them.
    ///
    /// Guarantees: at any instant there is the old text or the new one; what the user wrote stays.
    pub(super) fn write_texts(&mut self, texts: &[OwnText], tended: &mut Tended) -> Result<(), LibraryError> {
        let mut coming = Vec::new();
        let mut there = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            match self.need(number, text)? {
                Need::Write(one) => coming.push(one),
                Need::Nothing(path, sha256) => there.push((path, sha256)),
                Need::Keep => {
                    tracing::debug!("{} is the user's own and stays", text.path);
                    tended.kept += 1;
                }
            }
        }
        if !coming.is_empty() {
            self.stage(&coming)?;
            self.index.change(Durability::Power, |db| {
                let mut all = coming.iter();
                all.try_for_each(|one| own_texts::announce(db, one.path, &one.sha256))
            })?;
            for one in &coming {
                self.put_in_place(one)?;
            }
            self.sync_folders()?;
        }
        there.extend(coming.iter().map(|one| (one.path, one.sha256)));
        tended.texts += coming.len() as u64;
        self.note_written(&there)
    }

    /// Removes a text that has nothing to say any more, if it is as gphotosync wrote it.
    pub(super) fn remove_own(&mut self, relative: &str) -> Result<(), LibraryError> {
        let path = self.path(relative);
        let found = hash_of(&path).map_err(LibraryError::disk("read", &path))?;
        let row = self.index.read(|db| own_texts::get(db, relative))?;
        let Found::Text(found) = found else {
            return Ok(());
        };
        if row.is_some_and(|row| row.is_ours(&found)) {
            fs::remove_file(&path).map_err(LibraryError::disk("remove", &path))?;
            self.touched_parents(&[&path]);
        }
        Ok(())
    }

    fn need<'a>(&self, number: usize, text: &'a OwnText) -> Result<Need<'a>, LibraryError> {
        let sha256: [u8; 32] = Sha256::digest(&text.text).into();
        let path = self.path(&text.path);
        let found = hash_of(&path).map_err(LibraryError::disk("read", &path))?;
        let row = self.index.read(|db| own_texts::get(db, &text.path))?;
        let replaces = match found {
            Found::Nothing => false,
            Found::Text(found) if found == sha256 => return Ok(Need::Nothing(&text.path, sha256)),
            Found::Text(found) if row.is_some_and(|row| row.is_ours(&found)) => true,
            _ => return Ok(Need::Keep),
        };
        let staged = self.root.join(OWN_FOLDER).join("staging");
        Ok(Need::Write(Coming {
            path: &text.path,
            text: &text.text,
            sha256,
            staged: staged.join(format!("text-{number}.part")),
            replaces,
        }))
    }

    /// Writes the texts beside the library, and makes them durable there.
    fn stage(&mut self, coming: &[Coming<'_>]) -> Result<(), LibraryError> {
        for one in coming {
            let written = File::create(&one.staged).and_then(|mut file| file.write_all(one.text));
            written.map_err(LibraryError::disk("write", &one.staged))?;
        }
        let staged: Vec<_> = coming.iter().map(|one| one.staged.as_path()).collect();
        flush(&staged).map_err(LibraryError::disk("sync", &self.root))
    }

    fn put_in_place(&mut self, one: &Coming<'_>) -> Result<(), LibraryError> {
        self.prepare_folder_of(one.path)?;
        let path = self.path(one.path);
        if one.replaces {
            #[cfg(test)]
            crate::library::disk::fuse::burn().map_err(LibraryError::disk("replace", &path))?;
            fs::rename(&one.staged, &path).map_err(LibraryError::disk("replace", &path))?;
        } else if rename_new(&one.staged, &path).map_err(LibraryError::disk("name", &path))? == Renamed::Taken
        {
            // The user was quicker.
            tracing::debug!("{} appeared just now and stays", one.path);
            fs::remove_file(&one.staged).map_err(LibraryError::disk("remove", &one.staged))?;
        }
        self.touched_parents(&[&path]);
        Ok(())
    }

    fn note_written(&mut self, texts: &[(&str, [u8; 32])]) -> Result<(), LibraryError> {
        let is_news = |db: &rusqlite::Connection, path: &str, sha256: &[u8; 32]| {
            let row = own_texts::get(db, path)?;
            Ok::<_, rusqlite::Error>(
                row.is_none_or(|row| row.sha256 != Some(*sha256) || row.coming.is_some()),
            )
        };
        let mut news = Vec::new();
        for (path, sha256) in texts {
            if self.index.read(|db| is_news(db, path, sha256))? {
                news.push((path, sha256));
            }
        }
        if news.is_empty() {
            return Ok(());
        }
        self.index.change(Durability::Process, |db| {
            news.iter()
                .try_for_each(|(path, sha256)| own_texts::settle(db, path, sha256))
        })
    }
}

/// What is where a text belongs.
enum Found {
    Nothing,
    Text([u8; 32]),
    /// A folder, a link, or more than any text of ours.
    Other,
}

fn hash_of(path: &Path) -> io::Result<Found> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
        Ok(found) if !found.is_file() || found.len() > LONGEST => return Ok(Found::Other),
        Ok(_) => {}
    }
    let mut text = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
    Ok(Found::Text(Sha256::digest(&text).into()))
}

/// Makes small files durable; one call for all of them where the system has one.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn flush(paths: &[&Path]) -> io::Result<()> {
    /// So few are made durable sooner one by one than with everything else that waits to be written.
    const FEW: usize = 8;
    if paths.len() <= FEW {
        return flush_each(paths);
    }
    let folder = paths[0].parent().unwrap_or(paths[0]);
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn flush(paths: &[&Path]) -> io::Result<()> {
    flush_each(paths)
}

fn flush_each(paths: &[&Path]) -> io::Result<()> {
    paths
        .iter()
        .try_for_each(|path| File::options().write(true).open(path)?.sync_all())
}
