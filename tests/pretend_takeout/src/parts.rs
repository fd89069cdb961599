//! Writing entries into the parts of an export, streaming: no part and no large file is ever in memory.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use rawzip::path::EntryPath;
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, Crc32Option, ZipArchiveWriter};

use crate::Packing;

/// Bytes are handed to the disk in pieces of this size.
const PIECE: usize = 1 << 20;

/// A part being written.
pub(crate) enum Part {
    Zip(ZipArchiveWriter<BufWriter<File>>),
    Tgz(tar::Builder<GzEncoder<BufWriter<File>>>),
}

/// A file to be written.
pub(crate) struct Content {
    pub(crate) path: String,
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) crc32: u32,
    pub(crate) size: u64,
    /// Whether packing makes it smaller.
    pub(crate) is_text: bool,
}

impl Content {
    pub(crate) fn new(path: &str, pieces: Vec<Bytes>, is_text: bool) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        for piece in &pieces {
            hasher.update(piece);
        }
        Self {
            path: format!("Takeout/{path}"),
            size: pieces.iter().map(|piece| piece.len() as u64).sum(),
            crc32: hasher.finalize(),
            pieces,
            is_text,
        }
    }

    fn write(&self, mut into: impl Write) -> io::Result<()> {
        self.pieces.iter().try_for_each(|piece| into.write_all(piece))
    }
}

impl Part {
    pub(crate) fn create(path: &Path, packing: Packing) -> io::Result<Self> {
        let file = BufWriter::with_capacity(PIECE, File::create_new(path)?);
        Ok(match packing {
            Packing::Zip => Self::Zip(ZipArchiveWriter::new(file)),
            Packing::Tgz => Self::Tgz(tar::Builder::new(GzEncoder::new(file, Compression::fast()))),
        })
    }

    /// Adds a file; like Google, it gives every entry the time of the export.
    pub(crate) fn add(&mut self, content: &Content, exported: i64) -> io::Result<()> {
        match self {
            Self::Zip(zip) => add_to_zip(zip, content, exported).map_err(io::Error::other),
            Self::Tgz(tar) => add_to_tar(tar, content, exported),
        }
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Zip(zip) => zip.finish().map_err(io::Error::other)?.flush(),
            Self::Tgz(tar) => tar.into_inner()?.finish()?.flush(),
        }
    }
}

fn add_to_zip(
    zip: &mut ZipArchiveWriter<BufWriter<File>>,
    content: &Content,
    exported: i64,
) -> Result<(), rawzip::Error> {
    let method = if content.is_text {
        CompressionMethod::DEFLATE
    } else {
        CompressionMethod::STORE
    };
    let (mut entry, config) = zip
        .new_file(entry_path(&content.path))
        .compression_method(method)
        .last_modified(UtcDateTime::from_unix(exported))
        .unix_permissions(0o644)
        .crc32(Crc32Option::Custom(content.crc32))
        .start()?;
    let descriptor = if content.is_text {
        let mut packer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        content.write(&mut packer)?;
        let (packer, descriptor) = packer.finish()?;
        packer.finish()?;
        descriptor
    } else {
        let mut plain = config.wrap(&mut entry);
        content.write(&mut plain)?;
        plain.finish()?.1
    };
    entry.finish(descriptor)?;
    Ok(())
}

/// A colon stays in names, which the library would take for the end of a drive's: such names are written as they are,
/// and without the mark that says UTF-8.
fn entry_path(path: &str) -> EntryPath<'_> {
    if path.contains(':') {
        EntryPath::verbatim(path.as_bytes())
    } else {
        EntryPath::conformant(path)
    }
}

fn add_to_tar(
    tar: &mut tar::Builder<GzEncoder<BufWriter<File>>>,
    content: &Content,
    exported: i64,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.size);
    header.set_mode(0o644);
    header.set_mtime(exported.unsigned_abs());
    header.set_entry_type(tar::EntryType::Regular);
    let pieces = Pieces {
        left: content.pieces.iter(),
        now: &[],
    };
    tar.append_data(&mut header, &content.path, pieces)
}

struct Pieces<'a> {
    left: std::slice::Iter<'a, Bytes>,
    now: &'a [u8],
}

impl io::Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.now.is_empty() {
            let Some(next) = self.left.next() else {
                return Ok(0);
            };
            self.now = next;
        }
        self.now.read(buf)
    }
}
