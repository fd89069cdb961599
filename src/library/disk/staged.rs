//! A file that is being written under its staged name: appended to, hashed while it grows, sealed when whole.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::SystemTime;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::place::set_modified;
use crate::library::completeness::{self, Completeness};

/// How much of a file's beginning is kept in memory: enough for the EXIF and XMP of any camera, which the JPEG
/// format limits to segments of 64 KiB.
pub(super) const HEAD_BYTES: usize = 64 << 10;

/// A crash costs at most this much of a long transfer.
const CHECKPOINT_BYTES: u64 = 32 << 20;

/// Hashing an earlier piece again reads it in chunks of this size.
pub(super) const READ_BYTES: usize = 256 << 10;

/// An open staged file.
#[derive(Debug)]
pub(super) struct Staged {
    file: File,
    hasher: Sha256,
    length: u64,
    safe: u64,
    head: Vec<u8>,
    /// The same once it was asked for, so that all who look at it share it.
    shared_head: Option<Bytes>,
}

/// A staged file that is whole and durable.
#[derive(Clone, Debug)]
pub(super) struct Sealed {
    pub(super) size: u64,
    pub(super) sha256: [u8; 32],
    pub(super) head: Bytes,
}

impl Staged {
    /// Begins a file, or continues the one at `path` after its first `start` bytes, which must be there.
    pub(super) fn open(path: &Path, start: u64) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() < start {
            // Lengthened, it would have a hole where bytes should be.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.set_len(start)?;
        let mut staged = Self {
            file,
            hasher: Sha256::new(),
            length: 0,
            safe: start,
            head: Vec::new(),
            shared_head: None,
        };
        staged.catch_up(start)?;
        Ok(staged)
    }

    fn catch_up(&mut self, start: u64) -> io::Result<()> {
        let mut buffer = vec![0; if start == 0 { 0 } else { READ_BYTES }];
        while self.length < start {
            let count = self.file.read(&mut buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.take_in(&buffer[..count]);
        }
        self.file.seek(SeekFrom::Start(start)).map(drop)
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        let room = HEAD_BYTES - self.head.len();
        if room > 0 && self.shared_head.is_none() {
            let more = &bytes[..bytes.len().min(room)];
            self.head.reserve_exact(more.len());
            self.head.extend_from_slice(more);
        }
    }

    /// Appends `chunks`. Returns how many bytes are now safe from a power cut, if that changed.
    pub(super) fn append(&mut self, chunks: &[Bytes]) -> io::Result<Option<u64>> {
        write_all(&mut self.file, chunks)?;
        for chunk in chunks {
            self.take_in(chunk);
        }
        if self.length - self.safe < CHECKPOINT_BYTES {
            return Ok(None);
        }
        self.checkpoint().map(Some)
    }

    /// Makes what is here survive a power cut, and returns how much that is.
    pub(super) fn checkpoint(&mut self) -> io::Result<u64> {
        self.file.sync_data()?;
        self.safe = self.length;
        Ok(self.safe)
    }

    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// The file's beginning. Asked for when all bytes are here.
    pub(super) fn head(&mut self) -> Bytes {
        let head = &mut self.head;
        self.shared_head
            .get_or_insert_with(|| Bytes::from(std::mem::take(head)))
            .clone()
    }

    /// Whether the format's own structure says that the file is whole.
    pub(super) fn is_whole(&mut self) -> io::Result<Option<bool>> {
        let verdict = completeness::examine(&mut self.file, self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        Ok(match verdict {
            Completeness::Complete => Some(true),
            Completeness::Truncated(_) | Completeness::NotMedia(_) => Some(false),
            Completeness::Unknown => None,
        })
    }

    /// Gives the file its modification time and makes all of it survive a power cut.
    pub(super) fn seal(mut self, modified: Option<SystemTime>) -> io::Result<Sealed> {
        if let Some(modified) = modified {
            // A disk that cannot hold the time (FAT before 1980) still holds the file.
            drop(set_modified(&self.file, modified));
        }
        self.file.sync_all()?;
        Ok(Sealed {
            size: self.length,
            head: self.head(),
            sha256: self.hasher.finalize().into(),
        })
    }
}

/// One system call for many chunks, as far as the system goes along.
fn write_all(file: &mut File, chunks: &[Bytes]) -> io::Result<()> {
    let mut slices: Vec<_> = chunks.iter().map(|chunk| IoSlice::new(chunk)).collect();
    let mut rest = &mut slices[..];
    IoSlice::advance_slices(&mut rest, 0);
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => IoSlice::advance_slices(&mut rest, count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_pieces_has_the_hash_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.part");
        let data: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut staged = Staged::open(&path, 0).unwrap();
        staged
            .append(&[Bytes::copy_from_slice(&data[..70_000]), Bytes::new()])
            .unwrap();
        drop(staged);
        let mut staged = Staged::open(&path, 60_000).unwrap();
        assert_eq!(staged.length(), 60_000);
        staged.append(&[Bytes::copy_from_slice(&data[60_000..])]).unwrap();
        let sealed = staged.seal(Some(SystemTime::UNIX_EPOCH)).unwrap();
        assert_eq!(sealed.sha256, <[u8; 32]>::from(Sha256::digest(&data)));
        assert_eq!(&sealed.head[..], &data[..HEAD_BYTES]);
        assert_eq!(std::fs::read(&path).unwrap(), data);
        assert_eq!(
            std::fs::metadata(&path).unwrap().modified().unwrap(),
            SystemTime::UNIX_EPOCH
        );
    }

    #[test]
    fn a_piece_shorter_than_remembered_is_an_error_not_a_hole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.part");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(
            Staged::open(&path, 4).unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
        assert_eq!(Staged::open(&path, 3).unwrap().length(), 3);
        assert_eq!(Staged::open(&path, 0).unwrap().length(), 0);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    }
}
