//! Reads an entry's bytes and holds them against what the archive says of them.

use std::io::{self, Read};

use super::fault::EntryFault;

/// An entry's bytes. They end without an error only if their number and checksum are right.
///
/// It gives out at most as many bytes as announced, whatever the archive really holds; and where those bytes turn
/// out wrong, the last piece is never given out, so that nobody takes them for complete.
pub(super) struct Checked<R> {
    packed: R,
    size: u64,
    given: u64,
    hasher: crc32fast::Hasher,
    /// The archive's checksum; none if it has none.
    expected: Option<u32>,
    ended: bool,
}

impl<R: Read> Checked<R> {
    pub(super) fn new(packed: R, size: u64, expected: Option<u32>) -> Self {
        Self {
            packed,
            size,
            given: 0,
            hasher: crc32fast::Hasher::new(),
            expected,
            ended: false,
        }
    }

    /// Reads the rest, for the checks alone, and tells the checksum.
    pub(super) fn finish(mut self) -> io::Result<u32> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.hasher.finalize())
    }

    fn read_packed(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.packed.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.blamed(error)),
                Ok(count) => return Ok(count),
            }
        }
    }

    /// What unpackers say of bad bytes is the entry's fault; the rest is the disk's.
    fn blamed(&self, error: io::Error) -> io::Error {
        let (size, found) = (self.size, self.given);
        match error.kind() {
            _ if error.raw_os_error().is_some() || EntryFault::of(&error).is_some() => error,
            io::ErrorKind::UnexpectedEof => EntryFault::TooShort { size, found }.into(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                EntryFault::Garbled { size, found }.into()
            }
            _ => error,
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if self.read_packed(&mut [0])? > 0 {
            return Err(EntryFault::TooLong { size: self.size }.into());
        }
        let found = self.hasher.clone().finalize();
        match self.expected {
            Some(expected) if expected != found => Err(EntryFault::Checksum { expected, found }.into()),
            _ => Ok(()),
        }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended || buf.is_empty() {
            return Ok(0);
        }
        let left = self.size - self.given;
        let room = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let count = self.read_packed(&mut buf[..room])?;
        if count == 0 && room > 0 {
            let (size, found) = (self.size, self.given);
            return Err(EntryFault::TooShort { size, found }.into());
        }
        self.hasher.update(&buf[..count]);
        self.given += count as u64;
        if self.given == self.size {
            self.end()?;
            self.ended = true;
        }
        Ok(count)
    }
}
