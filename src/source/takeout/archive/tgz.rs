//! Tgz parts: a tar inside gzip, which can only be read from front to back. One pass lists it (and hands over the
//! small files on the way); a second one brings the bytes, checked against the first.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::checked::Checked;
use super::entry_path;
use super::fault::{EntryFault, PartFault, Refusal};
use super::read_at::{Bytes, FrontToBack};
use super::table::{Entry, EntryTable, Facts, Standing, TableBuilder};

/// Packed bytes are read in pieces of this size.
const PACKED_PIECE: usize = 1 << 18;

/// What may lie between the bytes of two files: padding, and headers with long names. Far more than a path of the
/// longest kind needs, and little to keep in memory; without it, one header could claim all memory there is.
const MOST_BETWEEN: u64 = 1 << 20;

/// A tgz part that has been listed.
#[derive(Debug)]
pub(super) struct IndexedTgz {
    bytes: Bytes,
    pub(super) table: Arc<EntryTable>,
    /// What kept the listing from reaching the end; the entries before it are good.
    pub(super) damage: Option<PartFault>,
}

/// Lists a part, and shows `taste` what is read on the way. `watch` hears of the packed bytes read, and may stop it.
pub(super) fn index(
    bytes: &Bytes,
    taste: &mut super::Taste<'_>,
    watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<IndexedTgz, PartFault> {
    let mut lister = Lister {
        table: TableBuilder::default(),
        taste,
        fault: None,
    };
    let end = walk(bytes, watch, &mut |file| lister.take_in(file));
    let damage = match (lister.fault.take(), end) {
        (Some(fault), _) | (None, Err(fault @ (PartFault::Io(_) | PartFault::Stopped))) => return Err(fault),
        (None, end) => end.err(),
    };
    let table = Arc::new(lister.table.finish());
    let bytes = Bytes::clone(bytes);
    Ok(IndexedTgz { bytes, table, damage })
}

struct Lister<'a, 'b> {
    table: TableBuilder,
    taste: &'a mut super::Taste<'b>,
    /// Why this part cannot be used at all.
    fault: Option<PartFault>,
}

impl Lister<'_, '_> {
    fn take_in(&mut self, file: &mut TarFile<'_>) -> io::Result<ControlFlow<()>> {
        let mut facts = Facts {
            size: file.size,
            crc: None,
        };
        let mut step = ControlFlow::Continue(());
        let path = entry_path::of_archived(&file.raw_path);
        if let (Standing::File, Ok(path)) = (file.standing, &path) {
            let mut checked = Checked::new(&mut *file.bytes, file.size, None);
            let id = self.table.next_id();
            if !path.name.is_empty() && self.taste.wants_passing(&path.folder, &path.name, file.size) {
                step = (self.taste.heard)(self.taste.part, id, &mut checked);
            }
            facts.crc = Some(checked.finish()?);
        }
        let added = match path {
            Ok(path) => self.table.add(&path, facts, file.standing),
            Err(fault) => self.table.add_refused(&file.raw_path, facts, fault),
        };
        self.fault = added.err().or(step.is_break().then_some(PartFault::Stopped));
        Ok(match self.fault {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        })
    }
}

impl IndexedTgz {
    /// Hands the wanted entries over, in the order in which they lie. It reads the whole part, or up to the last
    /// wanted entry.
    pub(super) fn for_each(
        &self,
        wanted: &mut dyn FnMut(Entry<'_>) -> bool,
        visit: &mut super::Visit<'_>,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<(), PartFault> {
        let wished: Vec<bool> = self.table.iter().map(wanted).collect();
        let Some(last) = wished.iter().rposition(|wanted| *wanted) else {
            return Ok(());
        };
        let mut entries = self.table.iter().zip(wished).take(last + 1);
        let mut ended_by = Ok(());
        let mut seen = 0;
        let end = walk(&self.bytes, watch, &mut |file| {
            let Some((entry, is_wanted)) = entries.next() else {
                return Ok(ControlFlow::Break(()));
            };
            if file.size != entry.size() {
                ended_by = Err(PartFault::Changed);
                return Ok(ControlFlow::Break(()));
            }
            seen += 1;
            if is_wanted && show(entry, file, visit).is_break() {
                ended_by = Err(PartFault::Stopped);
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        });
        ended_by?;
        if seen > last {
            Ok(())
        } else {
            end.and(Err(PartFault::Changed))
        }
    }
}

fn show(entry: Entry<'_>, file: &mut TarFile<'_>, visit: &mut super::Visit<'_>) -> ControlFlow<()> {
    if let Standing::Refused(refusal) = entry.standing() {
        return visit(entry, &mut super::Failing::new(refusal.into()));
    }
    visit(
        entry,
        &mut Checked::new(&mut *file.bytes, file.size, entry.crc32()),
    )
}

/// One member of the tar.
struct TarFile<'a> {
    raw_path: Vec<u8>,
    size: u64,
    standing: Standing,
    bytes: &'a mut dyn Read,
}

/// Goes over all members, in order. An error is about everything from there on.
fn walk(
    bytes: &Bytes,
    watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    visit: &mut dyn FnMut(&mut TarFile<'_>) -> io::Result<ControlFlow<()>>,
) -> Result<(), PartFault> {
    let gauge = Rc::new(Gauge::default());
    let mut front = Watched {
        packed: FrontToBack::new(bytes),
        watch,
        has_failed: false,
        was_stopped: false,
    };
    let unpacked = MultiGzDecoder::new(BufReader::with_capacity(PACKED_PIECE, &mut front));
    let mut tar = Archive::new(Gauged {
        unpacked,
        gauge: Rc::clone(&gauge),
    });
    let end = members(&mut tar, &gauge, visit).and_then(|is_over| {
        if is_over {
            last_bytes(tar.into_inner())
        } else {
            Ok(())
        }
    });
    end.map_err(|error| match error {
        _ if front.was_stopped => PartFault::Stopped,
        error if front.has_failed => PartFault::Io(error),
        error if is_cut(&error) => PartFault::CutShort(bytes.len()),
        error => PartFault::Damaged(error.to_string()),
    })
}

/// Whether something ended too early, be it in the middle of a file.
fn is_cut(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
        || matches!(EntryFault::of(error), Some(EntryFault::TooShort { .. }))
}

/// Whether it came to the end.
fn members<R: Read>(
    tar: &mut Archive<Gauged<R>>,
    gauge: &Gauge,
    visit: &mut dyn FnMut(&mut TarFile<'_>) -> io::Result<ControlFlow<()>>,
) -> io::Result<bool> {
    gauge.allow(MOST_BETWEEN);
    for entry in tar.entries()? {
        let mut entry = entry?;
        let size = entry.size();
        let stored = if entry.header().entry_type().is_gnu_sparse() {
            entry.header().entry_size()?
        } else {
            size
        };
        gauge.allow(stored.saturating_add(MOST_BETWEEN));
        let standing = standing(&mut entry)?;
        let mut file = TarFile {
            raw_path: path_of(&entry),
            size,
            standing,
            bytes: &mut entry,
        };
        if visit(&mut file)?.is_break() {
            return Ok(false);
        }
    }
    if gauge.met_end.get() {
        // Tar ends with a mark of its own; without it, whole members may be missing.
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(true)
}

/// A folder's path ends with a slash in every archive, whether its writer put one or not.
fn path_of<R: Read>(entry: &tar::Entry<'_, R>) -> Vec<u8> {
    let mut path = entry.path_bytes().into_owned();
    if entry.header().entry_type().is_dir() && !path.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

fn standing<R: Read>(entry: &mut tar::Entry<'_, R>) -> io::Result<Standing> {
    let is_sparse = entry.header().entry_type().is_gnu_sparse()
        || entry.pax_extensions()?.is_some_and(|mut fields| {
            fields.any(|field| field.is_ok_and(|field| field.key_bytes().starts_with(b"GNU.sparse.")))
        });
    Ok(match entry.header().entry_type() {
        _ if is_sparse => Standing::Refused(Refusal::Sparse),
        EntryType::Regular | EntryType::Continuous => Standing::File,
        EntryType::Directory => Standing::Folder,
        EntryType::Link | EntryType::Symlink | EntryType::Char | EntryType::Block | EntryType::Fifo => {
            Standing::Refused(Refusal::NotAFile)
        }
        // A header for the whole archive (pax `g`) and whatever else may come: none of them is a file.
        _ => Standing::Debris,
    })
}

/// The end of the gzip stream holds its checksum: it is checked by reading up to it.
fn last_bytes<R: Read>(mut rest: Gauged<R>) -> io::Result<()> {
    rest.gauge.allow(MOST_BETWEEN);
    let mut piece = [0; 512];
    while rest.read(&mut piece)? > 0 {}
    Ok(())
}

/// How much may still be read before the next member has to begin.
#[derive(Default)]
struct Gauge {
    left: Cell<u64>,
    met_end: Cell<bool>,
}

impl Gauge {
    fn allow(&self, bytes: u64) {
        self.left.set(bytes);
    }
}

struct Gauged<R> {
    unpacked: R,
    gauge: Rc<Gauge>,
}

impl<R: Read> Read for Gauged<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.gauge.left.get();
        if left == 0 && !buf.is_empty() {
            let endless = "a header that does not end";
            return Err(io::Error::new(io::ErrorKind::InvalidData, endless));
        }
        let room = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let count = self.unpacked.read(&mut buf[..room])?;
        self.gauge.left.set(left - count as u64);
        if count == 0 && room > 0 {
            self.gauge.met_end.set(true);
        }
        Ok(count)
    }
}

/// Tells how far the packed bytes have been read, and whether it was they that failed.
struct Watched<'a> {
    packed: FrontToBack,
    watch: &'a mut dyn FnMut(u64) -> ControlFlow<()>,
    has_failed: bool,
    was_stopped: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.packed.read(buf);
        match &read {
            Ok(count) if (self.watch)(*count as u64).is_break() => {
                self.was_stopped = true;
                return Err(io::Error::other("the run is ending"));
            }
            Err(error) if error.kind() != io::ErrorKind::Interrupted => self.has_failed = true,
            _ => {}
        }
        read
    }
}
