//! All parts, indexed: every entry of every part is in one list and has one standing, and its bytes can be read.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::fault::PartFault;
use super::finding::Finding;
use super::found::{Found, FoundPart, Opened};
use super::part_name::ExportTime;
use super::places::CONTENTS_PAGE;
use super::table::{Entry, EntryId, EntryTable, Standing};
use super::tgz::{self, IndexedTgz};
use super::tree::{self, IndexedTree};
use super::twins::{self, Conflict};
use super::zip::IndexedZip;
use super::{Taste, Visit};

/// The place of a part in its inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartId(pub(crate) u16);

/// The parts of one export, which are to be understood together.
#[derive(Debug)]
pub(crate) struct Export {
    /// When Google began it; none if no part says so.
    pub(crate) time: Option<ExportTime>,
    /// Its parts.
    pub(crate) parts: Vec<PartId>,
}

/// A part whose entries are known.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Zip(IndexedZip),
    Tgz(IndexedTgz),
    Tree(IndexedTree),
}

/// All parts.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    parts: Vec<Part>,
    exports: Vec<Export>,
    findings: Vec<Finding>,
    conflicts: Vec<Conflict>,
}

impl Found {
    /// Reads the lists of contents of all parts, and on the way hands over the small files that `taste` wants.
    /// `watch` hears of bytes read, [`Found::index_cost`] in all, and may end it.
    ///
    /// A part that turns out unreadable is left out and becomes a finding. The error is that somebody stopped it.
    pub(crate) fn index(
        self,
        taste: &mut Taste<'_>,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Inventory, PartFault> {
        let (parts, findings) = self.into_parts();
        let mut inventory = Inventory {
            findings,
            ..Inventory::default()
        };
        for part in parts {
            inventory.take_in(part, taste, watch)?;
        }
        inventory.tell_contents();
        for export in &inventory.exports {
            let conflicts = twins::find(&mut inventory.parts, &export.parts, watch)?;
            inventory.conflicts.extend(conflicts);
        }
        Ok(inventory)
    }
}

impl Inventory {
    fn take_in(
        &mut self,
        found: FoundPart,
        taste: &mut Taste<'_>,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        let Ok(number) = u16::try_from(self.parts.len()) else {
            self.findings
                .push(Finding::unreadable(&found.path, &PartFault::TooMany));
            return Ok(());
        };
        taste.part = PartId(number);
        let FoundPart {
            path,
            export,
            content,
            ..
        } = found;
        let body = match content {
            Opened::Zip(zip) => zip.index(watch).map(Body::Zip),
            Opened::Tgz(bytes) => tgz::index(&bytes, taste, watch).map(Body::Tgz),
            Opened::Tree(below) => tree::index(&path, &below, watch).map(Body::Tree),
        };
        let part = match body {
            Err(PartFault::Stopped) => return Err(PartFault::Stopped),
            Err(fault) => {
                self.findings.push(Finding::unreadable(&path, &fault));
                return Ok(());
            }
            Ok(body) => Part { path, body },
        };
        part.tasted(taste, watch)?;
        self.findings.extend(part.findings());
        self.parts.push(part);
        self.enlist(PartId(number), export);
        Ok(())
    }

    fn enlist(&mut self, part: PartId, time: Option<ExportTime>) {
        if let Some(export) = self.exports.iter_mut().find(|export| export.time == time) {
            export.parts.push(part);
        } else {
            let parts = vec![part];
            self.exports.push(Export { time, parts });
        }
    }

    /// A missing last part leaves no gap in the numbers, but may take the page of contents with it.
    fn tell_contents(&mut self) {
        let is_page = |entry: Entry<'_>| entry.folder().is_empty() && entry.name() == CONTENTS_PAGE;
        let has_page = |part: &Part| part.table().iter().any(is_page);
        let has_archives = |export: &&Export| {
            let mut bodies = export.parts.iter().map(|id| &self.parts[usize::from(id.0)].body);
            bodies.any(|body| !matches!(body, Body::Tree(_)))
        };
        let without_page = self.exports.iter().filter(has_archives).filter(|export| {
            !export
                .parts
                .iter()
                .any(|id| has_page(&self.parts[usize::from(id.0)]))
        });
        let findings: Vec<_> = without_page
            .filter_map(|export| Some(Finding::no_contents_page(&export.time.as_ref()?.day())))
            .collect();
        self.findings.extend(findings);
    }

    /// What was found about the parts, [`Found::findings`] included.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Paths at which parts of one export hold different bytes. All versions are files of their own.
    pub(crate) fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// The exports.
    pub(crate) fn exports(&self) -> &[Export] {
        &self.exports
    }

    /// One part.
    pub(crate) fn part(&self, id: PartId) -> Option<&Part> {
        self.parts.get(usize::from(id.0))
    }

    /// All parts.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (PartId, &Part)> {
        (0..).map(PartId).zip(&self.parts)
    }
}

impl Part {
    /// What the archive's file is called, or the root of the tree.
    pub(crate) fn name(&self) -> String {
        self.path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// All its entries.
    pub(crate) const fn table(&self) -> &Arc<EntryTable> {
        match &self.body {
            Body::Zip(zip) => &zip.table,
            Body::Tgz(tgz) => &tgz.table,
            Body::Tree(tree) => &tree.table,
        }
    }

    /// The same, to be changed: while parts are indexed, nobody else has it.
    pub(super) fn table_mut(&mut self) -> &mut EntryTable {
        Arc::make_mut(match &mut self.body {
            Body::Zip(zip) => &mut zip.table,
            Body::Tgz(tgz) => &mut tgz.table,
            Body::Tree(tree) => &mut tree.table,
        })
    }

    /// Whether [`Part::open`] goes to any entry at once, from several threads if need be. In a tgz it does not.
    pub(crate) const fn opens_at_will(&self) -> bool {
        !matches!(self.body, Body::Tgz(_))
    }

    /// Hands the wanted entries over one by one, in the order in which they lie: one pass, front to back. `watch`
    /// hears of the packed bytes that were read or skipped on the way, and may end it.
    ///
    /// Bytes that turn out wrong fail in the reader, with an [`super::EntryFault`]; entries after them still come. The
    /// error of the pass itself is about everything that `visit` has not seen by then.
    pub(crate) fn for_each(
        &self,
        wanted: &mut dyn FnMut(Entry<'_>) -> bool,
        visit: &mut Visit<'_>,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        let mut counted = |entry: Entry<'_>, bytes: &mut dyn Read| {
            visit(entry, bytes)?;
            watch(self.packed_size(entry))
        };
        match &self.body {
            Body::Zip(zip) => zip.for_each(wanted, &mut counted),
            Body::Tree(tree) => tree.for_each(wanted, &mut counted),
            Body::Tgz(tgz) => tgz.for_each(wanted, visit, watch),
        }
    }

    /// Where an entry's bytes lie: entries are read fastest in ascending order.
    pub(crate) fn position(&self, id: EntryId) -> u64 {
        match &self.body {
            Body::Zip(zip) => zip.position(id),
            Body::Tgz(_) | Body::Tree(_) => id.0.into(),
        }
    }

    fn packed_size(&self, entry: Entry<'_>) -> u64 {
        match &self.body {
            Body::Zip(zip) => zip.packed_size(entry.id()),
            Body::Tgz(_) | Body::Tree(_) => entry.size(),
        }
    }

    /// Opens one entry's bytes, checked as they are read.
    ///
    /// # Errors
    /// In a tgz: `Unsupported`, see [`Part::opens_at_will`].
    pub(crate) fn open(&self, entry: Entry<'_>) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match &self.body {
            Body::Zip(zip) => Box::new(zip.open(entry)?),
            Body::Tree(tree) => Box::new(tree.open(entry)?),
            Body::Tgz(_) => return Err(io::ErrorKind::Unsupported.into()),
        })
    }

    /// Opens one entry's bytes from `at` on, for a look: nobody checks them. None where everything before that place
    /// would have to be read to get there.
    pub(crate) fn leap(&self, entry: Entry<'_>, at: u64) -> Option<io::Result<Box<dyn Read + Send + '_>>> {
        fn boxed<'a>(bytes: impl Read + Send + 'a) -> Box<dyn Read + Send + 'a> {
            Box::new(bytes)
        }
        match &self.body {
            Body::Zip(zip) => Some(zip.leap(entry, at)?.map(boxed)),
            Body::Tree(tree) => Some(tree.leap(entry, at).map(boxed)),
            Body::Tgz(_) => None,
        }
    }

    /// The checksum of an entry's bytes; in a tree they have to be read for it.
    pub(crate) fn checksum(&self, id: EntryId) -> io::Result<Option<u32>> {
        match (&self.body, self.table().get(id)) {
            (Body::Tree(tree), Some(entry)) if entry.crc32().is_none() => tree.checksum(entry).map(Some),
            (_, entry) => Ok(entry.and_then(Entry::crc32)),
        }
    }

    fn tasted(
        &self,
        taste: &mut Taste<'_>,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        if matches!(self.body, Body::Tgz(_)) {
            return Ok(());
        }
        let Taste {
            part, wanted, heard, ..
        } = taste;
        self.for_each(
            &mut |entry| {
                entry.standing() == Standing::File && wanted(entry.folder(), entry.name(), entry.size())
            },
            &mut |entry, bytes| heard(*part, entry.id(), bytes),
            // What they take is not counted, but whoever waits for them may lose patience.
            &mut |_| watch(0),
        )
    }

    fn findings(&self) -> Vec<Finding> {
        match &self.body {
            Body::Zip(_) => Vec::new(),
            Body::Tgz(tgz) => {
                let damage = tgz.damage.as_ref();
                let told = |fault| Finding::broken_on_the_way(&self.path, fault, tgz.table.len());
                damage.map(told).into_iter().collect()
            }
            Body::Tree(tree) => {
                let told = |(path, error): &(PathBuf, io::Error)| Finding::unread_folder(path, error);
                tree.unread.iter().map(told).collect()
            }
        }
    }
}
