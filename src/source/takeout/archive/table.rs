//! The list of a part's entries, small enough that half a million fit into little memory: fixed records, one string
//! of names, and each folder's path once.

use std::collections::HashMap;

use super::entry_path::EntryPath;
use super::fault::{PartFault, Refusal};

/// The place of an entry in its part, counted in the order in which its archive lists it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(pub(crate) u32);

/// What is kept of a refused entry's name: enough to recognise it.
const KEPT_OF_REFUSED: usize = 300;

/// What an entry is. Every entry is exactly one of these, which is what lets a summary add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A file to be looked at.
    File,
    /// A folder's own entry; it holds no bytes.
    Folder,
    /// A file that an earlier part (or an earlier entry of this one) has at the same path with the same bytes.
    Copy,
    /// A thumbnail or note that a Synology disk station left in an extracted tree.
    Synology,
    /// A file that a system leaves everywhere: `.DS_Store`, `Thumbs.db`, `desktop.ini`, `._…`, `__MACOSX`.
    Debris,
    /// It is not read, for this reason.
    Refused(Refusal),
}

#[derive(Clone, Debug)]
struct Record {
    size: u64,
    folder: u32,
    name_at: u32,
    crc: u32,
    name_len: u16,
    has_crc: bool,
    standing: Standing,
}

/// What an archive says of an entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub(super) size: u64,
    pub(super) crc: Option<u32>,
}

/// All entries of a part, in the order in which its archive lists them.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryTable {
    records: Vec<Record>,
    names: String,
    folders: Vec<Box<str>>,
}

impl EntryTable {
    /// The number of entries, whatever they are.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// All entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        // Tables are refused before they hold more than 32 bits can count.
        (0..self.records.len()).filter_map(|at| u32::try_from(at).ok().and_then(|id| self.get(EntryId(id))))
    }

    /// One entry.
    pub(crate) fn get(&self, id: EntryId) -> Option<Entry<'_>> {
        let record = self.records.get(id.0 as usize)?;
        Some(Entry {
            table: self,
            record,
            id,
        })
    }

    /// The number of folders that its entries lie in.
    pub(crate) const fn folder_count(&self) -> usize {
        self.folders.len()
    }

    /// A table of these files: their paths, sizes and checksums.
    #[cfg(test)]
    pub(crate) fn listing<'a>(files: impl IntoIterator<Item = (&'a str, u64, Option<u32>)>) -> Self {
        let mut builder = TableBuilder::default();
        for (path, size, crc) in files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let facts = Facts { size, crc };
            builder.push(folder, name, facts, Standing::File).unwrap();
        }
        builder.finish()
    }

    pub(super) fn set_standing(&mut self, id: EntryId, standing: Standing) {
        if let Some(record) = self.records.get_mut(id.0 as usize) {
            record.standing = standing;
        }
    }

    /// Remembers a checksum that had to be computed.
    pub(super) fn set_crc(&mut self, id: EntryId, crc: u32) {
        if let Some(record) = self.records.get_mut(id.0 as usize) {
            (record.crc, record.has_crc) = (crc, true);
        }
    }
}

/// One entry of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    table: &'a EntryTable,
    record: &'a Record,
    id: EntryId,
}

impl<'a> Entry<'a> {
    /// Its place in its part.
    pub(crate) const fn id(self) -> EntryId {
        self.id
    }

    /// The path of its folder below `Takeout/`; empty at the top.
    pub(crate) fn folder(self) -> &'a str {
        &self.table.folders[self.record.folder as usize]
    }

    /// The number of its folder in the table.
    pub(crate) const fn folder_number(self) -> usize {
        self.record.folder as usize
    }

    /// Its name; empty for a folder's own entry. A refused entry shows what there is of its name.
    pub(crate) fn name(self) -> &'a str {
        let start = self.record.name_at as usize;
        &self.table.names[start..start + usize::from(self.record.name_len)]
    }

    /// Folder and name.
    pub(crate) fn path(self) -> String {
        match self.folder() {
            "" => self.name().to_owned(),
            folder => format!("{folder}/{}", self.name()),
        }
    }

    /// Its size in bytes, unpacked.
    pub(crate) const fn size(self) -> u64 {
        self.record.size
    }

    /// The CRC-32 of its bytes, where the archive tells.
    pub(crate) fn crc32(self) -> Option<u32> {
        self.record.has_crc.then_some(self.record.crc)
    }

    /// What it is.
    pub(crate) const fn standing(self) -> Standing {
        self.record.standing
    }
}

/// Fills a table, in order.
#[derive(Debug, Default)]
pub(super) struct TableBuilder {
    table: EntryTable,
    numbers: HashMap<Box<str>, u32>,
}

impl TableBuilder {
    /// For about `expected` entries, a number that the caller has bounded.
    pub(super) fn expecting(expected: usize) -> Self {
        let mut builder = Self::default();
        builder.table.records.reserve_exact(expected);
        builder
    }

    /// The place that the next entry will have.
    pub(super) fn next_id(&self) -> EntryId {
        EntryId(u32::try_from(self.table.records.len()).unwrap_or(u32::MAX))
    }

    /// Adds an entry whose path is good.
    pub(super) fn add(
        &mut self,
        path: &EntryPath,
        facts: Facts,
        standing: Standing,
    ) -> Result<EntryId, PartFault> {
        let standing = match standing {
            Standing::File if path.name.is_empty() => Standing::Folder,
            Standing::File => leftover(path).unwrap_or(Standing::File),
            other => other,
        };
        self.push(&path.folder, &path.name, facts, standing)
    }

    /// Adds an entry whose path is refused.
    pub(super) fn add_refused(
        &mut self,
        raw: &[u8],
        facts: Facts,
        refusal: Refusal,
    ) -> Result<EntryId, PartFault> {
        let kept: String = String::from_utf8_lossy(&raw[..raw.len().min(KEPT_OF_REFUSED)]).into_owned();
        self.push("", &kept, facts, Standing::Refused(refusal))
    }

    pub(super) fn finish(mut self) -> EntryTable {
        self.table.records.shrink_to_fit();
        self.table.names.shrink_to_fit();
        self.table
    }

    fn push(
        &mut self,
        folder: &str,
        name: &str,
        facts: Facts,
        standing: Standing,
    ) -> Result<EntryId, PartFault> {
        let too_many = |_| PartFault::TooMany;
        let id = EntryId(u32::try_from(self.table.records.len()).map_err(too_many)?);
        let record = Record {
            size: facts.size,
            folder: self.folder_number(folder)?,
            name_at: u32::try_from(self.table.names.len() + name.len())
                .map(|end| end - u32::try_from(name.len()).unwrap_or(0))
                .map_err(too_many)?,
            crc: facts.crc.unwrap_or(0),
            name_len: u16::try_from(name.len()).map_err(too_many)?,
            has_crc: facts.crc.is_some(),
            standing,
        };
        self.table.names.push_str(name);
        self.table.records.push(record);
        Ok(id)
    }

    fn folder_number(&mut self, folder: &str) -> Result<u32, PartFault> {
        if let Some(number) = self.numbers.get(folder) {
            return Ok(*number);
        }
        let number = u32::try_from(self.table.folders.len()).map_err(|_| PartFault::TooMany)?;
        self.table.folders.push(folder.into());
        self.numbers.insert(folder.into(), number);
        Ok(number)
    }
}

/// Files that a computer adds by itself wherever it unpacks or packs.
fn leftover(path: &EntryPath) -> Option<Standing> {
    let mut folders = path.folder.split('/');
    if path.folder.split('/').any(|folder| folder == "@eaDir") {
        return Some(Standing::Synology);
    }
    let is_debris = matches!(path.name.as_str(), ".DS_Store" | "Thumbs.db" | "desktop.ini")
        || path.name.starts_with("._")
        || folders.any(|folder| folder == "__MACOSX");
    is_debris.then_some(Standing::Debris)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_small() {
        // With 40 bytes to find it in a zip and a name of 60, an entry takes a third of what is allowed.
        assert!(size_of::<Record>() <= 40, "{}", size_of::<Record>());
    }

    #[test]
    fn every_entry_keeps_what_was_said_of_it() {
        let mut builder = TableBuilder::default();
        let facts = Facts {
            size: 5,
            crc: Some(7),
        };
        for (folder, name) in [
            ("G/A", "a.jpg"),
            ("G/A", ""),
            ("G/A/@eaDir/a.jpg", "S.jpg"),
            ("G/A", "._a.jpg"),
        ] {
            let (folder, name) = (folder.to_owned(), name.to_owned());
            builder
                .add(&EntryPath { folder, name }, facts, Standing::File)
                .unwrap();
        }
        builder.add_refused(b"../x", facts, Refusal::ClimbsOut).unwrap();
        let table = builder.finish();
        let shown: Vec<_> = table
            .iter()
            .map(|entry| (entry.path(), entry.standing()))
            .collect();
        let expected = [
            ("G/A/a.jpg", Standing::File),
            ("G/A/", Standing::Folder),
            ("G/A/@eaDir/a.jpg/S.jpg", Standing::Synology),
            ("G/A/._a.jpg", Standing::Debris),
            ("../x", Standing::Refused(Refusal::ClimbsOut)),
        ];
        assert_eq!(
            shown,
            expected.map(|(path, standing)| (path.to_owned(), standing))
        );
        let first = table.iter().next().unwrap();
        assert_eq!((first.size(), first.crc32()), (5, Some(7)));
        assert_eq!(table.folders.len(), 3, "each once");
    }
}
