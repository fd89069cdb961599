//! A reader that gives up after so many bytes: nothing in a file can make us read more of it.

use std::io::{self, Read, Seek, SeekFrom};

/// What is read of one file at most, in bytes. Everything looked for here lies in the first or last few hundred
/// kilobytes.
const BUDGET: usize = 1 << 20;

/// Behaves like the file itself, until the budget is spent: then it ends.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    inner: R,
    left: usize,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, left: BUDGET }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(self.left);
        let got = self.inner.read(&mut buffer[..wanted])?;
        self.left -= got.min(self.left);
        Ok(got)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
