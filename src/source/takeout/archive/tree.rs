//! Extracted trees: the files of parts that somebody has unpacked, whole or in half. Links are not followed.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::checked::Checked;
use super::entry_path;
use super::fault::{EntryFault, PartFault, Refusal};
use super::part_name::PartName;
use super::table::{Entry, EntryId, EntryTable, Facts, Standing, TableBuilder};

/// A tree that has been listed.
#[derive(Debug)]
pub(super) struct IndexedTree {
    pub(super) table: Arc<EntryTable>,
    folders: Vec<PathBuf>,
    /// For each entry, the folder it lies in.
    places: Vec<u32>,
    /// Names that are written otherwise on the disk than in the table: decomposed, or not UTF-8.
    odd_names: HashMap<u32, OsString>,
    /// Folders that could not be listed.
    pub(super) unread: Vec<(PathBuf, io::Error)>,
}

/// Lists all files below `root`, folder by folder, each in the order of its names. What is directly in `root` is put
/// below `prefix`, a path below `Takeout/`. `watch` hears of nothing but may stop it.
pub(super) fn index(
    root: &Path,
    prefix: &[String],
    watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<IndexedTree, PartFault> {
    let mut lister = Lister::default();
    let mut waiting = vec![(root.to_owned(), prefix.to_vec())];
    while let Some((folder, names)) = waiting.pop() {
        if watch(0).is_break() {
            return Err(PartFault::Stopped);
        }
        match sorted(&folder) {
            Ok(found) => lister.take_in(folder, &names, found, &mut waiting)?,
            Err(error) if waiting.is_empty() && folder == root => return Err(PartFault::Io(error)),
            Err(error) => lister.tree_unread.push((folder, error)),
        }
    }
    Ok(lister.finish())
}

fn sorted(folder: &Path) -> io::Result<Vec<DirEntry>> {
    let mut found = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    found.sort_by_key(DirEntry::file_name);
    Ok(found)
}

#[derive(Default)]
struct Lister {
    table: TableBuilder,
    folders: Vec<PathBuf>,
    places: Vec<u32>,
    odd_names: HashMap<u32, OsString>,
    tree_unread: Vec<(PathBuf, io::Error)>,
}

impl Lister {
    fn take_in(
        &mut self,
        folder: PathBuf,
        names: &[String],
        found: Vec<DirEntry>,
        waiting: &mut Vec<(PathBuf, Vec<String>)>,
    ) -> Result<(), PartFault> {
        let place = u32::try_from(self.folders.len()).map_err(|_| PartFault::TooMany)?;
        let mut below = Vec::new();
        let is_root = self.folders.is_empty();
        for entry in found {
            if is_root && is_archive(&entry) {
                // A part that lies beside the tree is read as the part it is.
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let name = text_of(&entry.file_name());
                below.push((entry.path(), names.iter().cloned().chain([name]).collect()));
            } else {
                self.add(&entry, names)?;
                self.places.push(place);
            }
        }
        self.folders.push(folder);
        waiting.extend(below.into_iter().rev());
        Ok(())
    }

    fn add(&mut self, found: &DirEntry, names: &[String]) -> Result<(), PartFault> {
        let native = found.file_name();
        let name = text_of(&native);
        // Not following links, as `DirEntry::metadata` promises.
        let metadata = found.metadata().ok();
        let facts = Facts {
            size: metadata.as_ref().map_or(0, fs::Metadata::len),
            crc: None,
        };
        let standing = match metadata {
            Some(metadata) if !metadata.is_file() => Standing::Refused(Refusal::NotAFile),
            _ => Standing::File,
        };
        let path = entry_path::of_extracted(names.iter().map(String::as_str).chain([name.as_str()]));
        let id = match path {
            Ok(path) => {
                let id = self.table.add(&path, facts, standing)?;
                if native != OsStr::new(&path.name) {
                    self.odd_names.insert(id.0, native);
                }
                id
            }
            Err(fault) => self.table.add_refused(native.as_encoded_bytes(), facts, fault)?,
        };
        debug_assert_eq!(id.0 as usize, self.places.len());
        Ok(())
    }

    fn finish(self) -> IndexedTree {
        IndexedTree {
            table: Arc::new(self.table.finish()),
            folders: self.folders,
            places: self.places,
            odd_names: self.odd_names,
            unread: self.tree_unread,
        }
    }
}

fn is_archive(found: &DirEntry) -> bool {
    let name = PartName::parse(&found.file_name().to_string_lossy());
    name.is_some_and(|name| !name.ending.is_empty())
}

fn text_of(name: &OsStr) -> String {
    // A backslash is a character like any other in a name on disk, though not in an archive's path.
    entry_path::decoded(name.as_encoded_bytes()).replace('\\', "_")
}

impl IndexedTree {
    /// Where an entry lies.
    pub(super) fn place_of(&self, entry: Entry<'_>) -> Option<PathBuf> {
        let EntryId(id) = entry.id();
        let folder = self.folders.get(*self.places.get(id as usize)? as usize)?;
        let odd = self.odd_names.get(&id);
        Some(odd.map_or_else(|| folder.join(entry.name()), |name| folder.join(name)))
    }

    /// Opens a file; its length is held against what it was when it was listed.
    pub(super) fn open(&self, entry: Entry<'_>) -> io::Result<impl Read + use<>> {
        if let Standing::Refused(fault) = entry.standing() {
            return Err(fault.into());
        }
        let place = self.place_of(entry).ok_or(EntryFault::NotThere)?;
        Ok(Checked::new(unlinked(&place)?, entry.size(), entry.crc32()))
    }

    /// Opens a file's bytes from `at` on, unchecked.
    pub(super) fn leap(&self, entry: Entry<'_>, at: u64) -> io::Result<impl Read + use<>> {
        let place = self.place_of(entry).ok_or(EntryFault::NotThere)?;
        let mut file = unlinked(&place)?;
        file.seek(SeekFrom::Start(at))?;
        Ok(file.take(entry.size().saturating_sub(at)))
    }

    /// The checksum of a file's bytes.
    pub(super) fn checksum(&self, entry: Entry<'_>) -> io::Result<u32> {
        let place = self.place_of(entry).ok_or(EntryFault::NotThere)?;
        Checked::new(unlinked(&place)?, entry.size(), None).finish()
    }

    /// Hands the wanted files over, in the order in which they were listed.
    pub(super) fn for_each(
        &self,
        wanted: &mut dyn FnMut(Entry<'_>) -> bool,
        visit: &mut super::Visit<'_>,
    ) -> Result<(), PartFault> {
        let entries = self.table.iter().filter(|entry| wanted(*entry));
        super::show_each(entries, |entry| self.open(entry), visit)
    }
}

/// Opens a file for reading, not following a link that has taken its place since.
fn unlinked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}
