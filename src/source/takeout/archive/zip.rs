//! Zip parts, read in place through their central directory. Nothing is unpacked to disk, and local headers are
//! trusted for one thing only: where the bytes begin.

use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, ErrorKind, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipEntry,
    ZipFileHeaderRecord, ZipLocator,
};

use super::checked::Checked;
use super::entry_path;
use super::fault::{EntryFault, PartFault, Refusal};
use super::read_at::{Bytes, FrontToBack, beginning};
use super::table::{Entry, EntryId, EntryTable, Facts, Standing, TableBuilder};

/// Holds the longest record a directory can have (some 200 kB) several times over, so that a directory of a hundred
/// thousand entries takes a dozen reads, or requests.
const DIRECTORY_PIECE: usize = 1 << 20;

/// Packed bytes are read in pieces of this size: one request to a disk, and small beside the 64 MiB a run may take.
const PACKED_PIECE: usize = 1 << 17;

/// The least an entry takes in a directory, in bytes: its record without name. It bounds what a claimed number of
/// entries can make us reserve.
const LEAST_RECORD: u64 = 46;

/// What an entry takes before its bytes, at least.
const LOCAL_HEADER: u64 = 30;

/// Deflate says at best 258 bytes with two bits.
const DEFLATE_LIMIT: u64 = 1032;

/// How every entry of a zip begins.
const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";

/// Entries of a directory between two words about how far it has been read: many times a second.
const TELL_EVERY: usize = 4096;

/// How often a misleading end mark (one inside a comment, say) is passed over.
const FALSE_ENDS: usize = 16;

/// How many entries tell whether an archive is of Takeout: in an export, the first one does.
const TOLD_BY: usize = 16;

/// A part's bytes, as the zip library wants them.
#[derive(Debug)]
struct Source(Bytes);

impl ReaderAt for Source {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        loop {
            match self.0.read_at(buf, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                answer => return answer,
            }
        }
    }
}

/// Where an entry's packed bytes are.
#[derive(Clone, Copy, Debug)]
struct Way {
    finder: ZipArchiveEntryWayfinder,
    start: u64,
    deflated: bool,
}

/// A zip whose directory has been found.
#[derive(Debug)]
pub(super) struct ZipPart {
    archive: ZipArchive<Source>,
    bytes: Bytes,
}

/// A zip whose directory has been read.
#[derive(Debug)]
pub(super) struct IndexedZip {
    part: ZipPart,
    ways: Vec<Way>,
    pub(super) table: Arc<EntryTable>,
}

impl ZipPart {
    /// Finds the directory at the end; a part that has none was cut short.
    pub(super) fn open(bytes: &Bytes) -> Result<Self, PartFault> {
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let mut end = bytes.len();
        for _ in 0..FALSE_ENDS {
            match ZipLocator::new().locate_in_reader(Source(Arc::clone(bytes)), &mut buffer, end) {
                Ok(archive) => {
                    let bytes = Arc::clone(bytes);
                    return Ok(Self { archive, bytes });
                }
                Err((_, error)) => match (error.eocd_offset(), error.into_kind()) {
                    (_, ErrorKind::IO(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
                        return Err(PartFault::Io(error));
                    }
                    (Some(earlier), _) if earlier < end => end = earlier,
                    _ => break,
                },
            }
        }
        Err(PartFault::CutShort(bytes.len()))
    }

    /// Whether anything in it lies below a folder `Takeout`, as far as the first entries tell.
    pub(super) fn is_of_takeout(&self) -> bool {
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let mut entries = self.archive.entries(&mut buffer);
        (0..TOLD_BY).any(|_| {
            entries.next_entry().ok().flatten().is_some_and(|record| {
                let path = record.file_path();
                let raw: &[u8] = path.as_ref();
                raw.split(|byte| matches!(byte, b'/' | b'\\'))
                    .any(|name| name.eq_ignore_ascii_case(b"Takeout"))
            })
        })
    }

    /// What the directory takes to read, in bytes.
    pub(super) fn directory_len(&self) -> u64 {
        self.archive
            .eocd_offset()
            .saturating_sub(self.archive.directory_offset())
    }

    /// Whether another file is this one once more, as far as the directories tell.
    pub(super) fn is_same_as(&self, other: &Self) -> io::Result<bool> {
        if self.bytes.len() != other.bytes.len() || self.directory_len() != other.directory_len() {
            return Ok(false);
        }
        let mut pieces = (vec![0; DIRECTORY_PIECE], vec![0; DIRECTORY_PIECE]);
        let mut at = self.archive.directory_offset();
        while at < self.bytes.len() {
            let left = usize::try_from(self.bytes.len() - at).unwrap_or(usize::MAX);
            let count = left.min(DIRECTORY_PIECE);
            self.archive.get_ref().read_exact_at(&mut pieces.0[..count], at)?;
            other
                .archive
                .get_ref()
                .read_exact_at(&mut pieces.1[..count], at)?;
            if pieces.0[..count] != pieces.1[..count] {
                return Ok(false);
            }
            at += count as u64;
        }
        Ok(true)
    }

    /// Reads the directory. `watch` hears of the bytes read, and may stop it.
    pub(super) fn index(
        self,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<IndexedZip, PartFault> {
        let mut buffer = vec![0; DIRECTORY_PIECE];
        let claimed = self.archive.entries_hint();
        let expected = usize::try_from(claimed.min(self.directory_len() / LEAST_RECORD)).unwrap_or(0);
        let mut builder = TableBuilder::expecting(expected);
        let mut ways = Vec::with_capacity(expected);
        let mut entries = self.archive.entries(&mut buffer);
        let mut told = self.archive.directory_offset();
        while let Some(record) = entries.next_entry().map_err(|error| damaged(error.into_kind()))? {
            take_in(&record, &mut builder, &mut ways)?;
            if ways.len() % TELL_EVERY == 0 {
                let at = record.central_directory_offset();
                tell(watch, at.saturating_sub(std::mem::replace(&mut told, at)))?;
            }
        }
        tell(watch, self.archive.eocd_offset().saturating_sub(told))?;
        check_count(claimed, ways.len() as u64)?;
        ways.shrink_to_fit();
        let mut indexed = IndexedZip {
            ways,
            table: Arc::new(builder.finish()),
            part: self,
        };
        indexed.check_layout()?;
        Ok(indexed)
    }
}

fn tell(watch: &mut dyn FnMut(u64) -> ControlFlow<()>, bytes: u64) -> Result<(), PartFault> {
    match watch(bytes) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(PartFault::Stopped),
    }
}

fn damaged(kind: ErrorKind) -> PartFault {
    match kind {
        ErrorKind::IO(error) if error.kind() != io::ErrorKind::UnexpectedEof => PartFault::Io(error),
        _ => PartFault::Damaged("its directory of contents makes no sense".to_owned()),
    }
}

/// Without zip64, the number is kept in 16 bits: writers that go beyond it let it run over.
fn check_count(claimed: u64, found: u64) -> Result<(), PartFault> {
    if claimed == found || claimed == found % 0x1_0000 {
        return Ok(());
    }
    Err(PartFault::Damaged(format!(
        "its directory of contents should list {claimed} entries and lists {found}"
    )))
}

fn take_in(
    record: &ZipFileHeaderRecord<'_>,
    builder: &mut TableBuilder,
    ways: &mut Vec<Way>,
) -> Result<(), PartFault> {
    let facts = Facts {
        size: record.uncompressed_size_hint(),
        crc: Some(record.crc32()),
    };
    ways.push(Way {
        finder: record.wayfinder(),
        start: record.local_header_offset(),
        deflated: record.compression_method() == CompressionMethod::DEFLATE,
    });
    let file_path = record.file_path();
    let raw: &[u8] = file_path.as_ref();
    match entry_path::of_archived(raw) {
        Ok(path) => builder.add(&path, facts, standing(record))?,
        Err(fault) => builder.add_refused(raw, facts, fault)?,
    };
    Ok(())
}

fn standing(record: &ZipFileHeaderRecord<'_>) -> Standing {
    let (packed, size) = (record.compressed_size_hint(), record.uncompressed_size_hint());
    let method = record.compression_method();
    let is_possible = match method {
        CompressionMethod::STORE => size == packed,
        _ => size <= packed.saturating_mul(DEFLATE_LIMIT),
    };
    if record.mode().is_symlink() {
        Standing::Refused(Refusal::NotAFile)
    } else if record.flags().is_encrypted() {
        Standing::Refused(Refusal::Encrypted)
    } else if method != CompressionMethod::STORE && method != CompressionMethod::DEFLATE {
        Standing::Refused(Refusal::Method(method.as_u16()))
    } else if !is_possible {
        Standing::Refused(Refusal::Impossible)
    } else {
        Standing::File
    }
}

impl IndexedZip {
    /// No entry may reach into the next, nor into the directory; and a zip inside a part that was cut short is not
    /// the part.
    fn check_layout(&mut self) -> Result<(), PartFault> {
        let order = self.order();
        let first = order.first().map_or(0, |id| self.ways[id.0 as usize].start);
        if first > 0 && beginning::<4>(&*self.part.bytes)?.0 == LOCAL_SIGNATURE {
            return Err(PartFault::CutShort(self.part.bytes.len()));
        }
        let mut limit = self.part.archive.directory_offset();
        for id in order.into_iter().rev() {
            let way = self.ways[id.0 as usize];
            let end = way
                .start
                .checked_add(LOCAL_HEADER)
                .and_then(|start| start.checked_add(way.finder.compressed_size_hint()));
            if end.is_none_or(|end| end > limit) {
                self.refuse(id, Refusal::Overlapping);
            }
            limit = limit.min(way.start);
        }
        Ok(())
    }

    fn refuse(&mut self, id: EntryId, refusal: Refusal) {
        let is_refused = |entry: Entry<'_>| matches!(entry.standing(), Standing::Refused(_));
        if !self.table.get(id).is_none_or(is_refused) {
            Arc::make_mut(&mut self.table).set_standing(id, Standing::Refused(refusal));
        }
    }

    /// All entries in the order in which their bytes lie.
    fn order(&self) -> Vec<EntryId> {
        let count = u32::try_from(self.ways.len()).unwrap_or(u32::MAX);
        let mut order: Vec<EntryId> = (0..count).map(EntryId).collect();
        order.sort_unstable_by_key(|id| (self.ways[id.0 as usize].start, *id));
        order
    }

    /// Where an entry begins.
    pub(super) fn position(&self, id: EntryId) -> u64 {
        self.ways.get(id.0 as usize).map_or(0, |way| way.start)
    }

    /// An entry's bytes as they lie there.
    pub(super) fn packed_size(&self, id: EntryId) -> u64 {
        self.ways
            .get(id.0 as usize)
            .map_or(0, |way| way.finder.compressed_size_hint())
    }

    /// Opens one entry's bytes, checked as they are read.
    pub(super) fn open(&self, entry: Entry<'_>) -> io::Result<impl Read + '_> {
        if let Standing::Refused(fault) = entry.standing() {
            return Err(fault.into());
        }
        let way = self.ways.get(entry.id().0 as usize).ok_or(EntryFault::NotThere)?;
        let packed = self.packed(way)?;
        let packed = packed.reader();
        let unpacked = if way.deflated {
            let capacity = usize::try_from(way.finder.compressed_size_hint()).unwrap_or(PACKED_PIECE);
            let pieces = BufReader::with_capacity(capacity.clamp(1, PACKED_PIECE), packed);
            Unpacked::Deflated(Box::new(DeflateDecoder::new(pieces)))
        } else {
            Unpacked::Stored(packed)
        };
        Ok(Checked::new(unpacked, entry.size(), entry.crc32()))
    }

    fn packed(&self, way: &Way) -> io::Result<ZipEntry<'_, Source>> {
        let found = self.part.archive.get_entry(way.finder);
        found.map_err(|error| match error.into_kind() {
            ErrorKind::IO(error) if error.kind() != io::ErrorKind::UnexpectedEof => error,
            _ => EntryFault::NotThere.into(),
        })
    }

    /// Opens an entry's bytes from `at` on, unchecked. None of one that would have to be unpacked up to there.
    pub(super) fn leap(&self, entry: Entry<'_>, at: u64) -> Option<io::Result<impl Read + use<>>> {
        let way = self.ways.get(entry.id().0 as usize)?;
        let is_stored = !way.deflated && entry.standing() == Standing::File;
        is_stored.then(|| {
            let (start, end) = self.packed(way)?.compressed_data_range();
            let from = start.saturating_add(at).min(end);
            Ok(FrontToBack::from(&self.part.bytes, from).take(end - from))
        })
    }

    /// Hands the wanted entries over, in the order in which they lie.
    pub(super) fn for_each(
        &self,
        wanted: &mut dyn FnMut(Entry<'_>) -> bool,
        visit: &mut super::Visit<'_>,
    ) -> Result<(), PartFault> {
        let entries = self.order().into_iter().filter_map(|id| self.table.get(id));
        super::show_each(
            entries.filter(|entry| wanted(*entry)),
            |entry| self.open(entry),
            visit,
        )
    }
}

enum Unpacked<R> {
    Stored(R),
    Deflated(Box<DeflateDecoder<BufReader<R>>>),
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(bytes) => bytes.read(buf),
            Self::Deflated(bytes) => bytes.read(buf),
        }
    }
}
