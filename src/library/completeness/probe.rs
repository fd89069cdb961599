//! Bounded reads at any place of a file.

use std::io::{self, Read, Seek, SeekFrom};

/// How much is read at once where a format must be scanned rather than walked.
const WINDOW_BYTES: u64 = 64 * 1024;

/// How far into a file a scan goes. The largest photographs are about half of this; a longer file is left unjudged.
const SCAN_LIMIT: u64 = 256 * 1024 * 1024;

/// How many parts are walked at most. A chunk of PNG is usually 8 KiB, a fragment of video some seconds: this
/// is far above what real files have, and takes about a second.
pub(super) const MAX_PARTS: usize = 1 << 20;

/// A file of known length. No read goes beyond that length.
pub(super) struct Probe<'a, R> {
    file: &'a mut R,
    len: u64,
    scan_limit: u64,
    /// What was read last in bulk, and where it lies.
    window: Vec<u8>,
    window_start: u64,
}

impl<'a, R: Read + Seek> Probe<'a, R> {
    pub(super) fn new(file: &'a mut R, len: u64) -> Self {
        Self {
            file,
            len,
            scan_limit: SCAN_LIMIT,
            window: Vec::new(),
            window_start: 0,
        }
    }

    /// The place in the file beyond which nothing is scanned.
    pub(super) fn scan_limit(&self) -> u64 {
        self.scan_limit
    }

    /// The same file, of which less may be scanned.
    #[cfg(test)]
    pub(super) fn scanning(self, scan_limit: u64) -> Self {
        Self { scan_limit, ..self }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from `at` on: at least one, unless the file ends there, and up to [`WINDOW_BYTES`].
    pub(super) fn window(&mut self, at: u64) -> io::Result<&[u8]> {
        if self.seen(at, 1).is_none() {
            let count = self.len.saturating_sub(at).min(WINDOW_BYTES);
            self.window = self.read(at, count)?;
            self.window_start = at;
        }
        Ok(self.seen(at, 0).unwrap_or_default())
    }

    /// As [`Probe::window`], but reaching as far as [`WINDOW_BYTES`] or the end of the file.
    pub(super) fn full_window(&mut self, at: u64) -> io::Result<&[u8]> {
        self.window.clear();
        self.window(at)
    }

    /// The byte at `at`, or `None` beyond the end. Cheap for places that follow each other.
    pub(super) fn byte(&mut self, at: u64) -> io::Result<Option<u8>> {
        Ok(self.window(at)?.first().copied())
    }

    /// The `N` bytes from `at` on, or `None` if the file does not have them all. Reads no more than these.
    pub(super) fn bytes<const N: usize>(&mut self, at: u64) -> io::Result<Option<[u8; N]>> {
        if let Some(known) = self.seen(at, N) {
            return Ok(known.first_chunk().copied());
        }
        if self.len.checked_sub(at).is_none_or(|rest| rest < N as u64) {
            return Ok(None);
        }
        Ok(self.read(at, N as u64)?.first_chunk().copied())
    }

    /// What the window holds from `at` on, if that is at least `count` bytes.
    fn seen(&self, at: u64, count: usize) -> Option<&[u8]> {
        let skipped = usize::try_from(at.checked_sub(self.window_start)?).ok()?;
        self.window.get(skipped..).filter(|rest| rest.len() >= count)
    }

    fn read(&mut self, at: u64, count: u64) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        let got = self.file.by_ref().take(count).read_to_end(&mut bytes)?;
        if got as u64 == count {
            Ok(bytes)
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}
