//! Bytes that can be read at any offset: all that archive reading asks of the place where a part lies.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// A part's bytes, wherever they lie. A local file is one implementation; a part in Google Drive is one more.
///
/// Reads block: everything here runs on threads that may (`spawn_blocking`), never on those of the async runtime.
/// Reads from several threads at once must not disturb each other.
pub(crate) trait ReadAt: Debug + Send + Sync {
    /// The number of bytes, fixed when it was opened.
    fn len(&self) -> u64;

    /// Reads some bytes from `offset` on, like [`Read::read`]; 0 at the end.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;
}

/// Shared, since entries of one part are read by several workers.
pub(crate) type Bytes = Arc<dyn ReadAt>;

/// A file on this computer, opened for reading only.
#[derive(Debug)]
pub(crate) struct LocalFile {
    #[cfg(unix)]
    file: File,
    #[cfg(not(unix))]
    file: std::sync::Mutex<File>,
    len: u64,
}

impl LocalFile {
    /// Opens a file; it is never written to, nor is anything beside it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        #[cfg(not(unix))]
        let file = std::sync::Mutex::new(file);
        Ok(Self { file, len })
    }
}

impl ReadAt for LocalFile {
    fn len(&self) -> u64 {
        self.len
    }

    #[cfg(unix)]
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buf, offset)
    }

    #[cfg(not(unix))]
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        use std::io::Seek as _;
        let mut file = self
            .file
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(io::SeekFrom::Start(offset))?;
        file.read(buf)
    }
}

/// The bytes from front to back.
#[derive(Debug)]
pub(super) struct FrontToBack {
    bytes: Bytes,
    at: u64,
}

impl FrontToBack {
    pub(super) fn new(bytes: &Bytes) -> Self {
        Self::from(bytes, 0)
    }

    /// The bytes from `at` on.
    pub(super) fn from(bytes: &Bytes, at: u64) -> Self {
        let bytes = Arc::clone(bytes);
        Self { bytes, at }
    }
}

impl Read for FrontToBack {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read_at(buf, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// The first bytes, as many as there are up to `N`, and how many that is.
pub(super) fn beginning<const N: usize>(bytes: &dyn ReadAt) -> io::Result<([u8; N], usize)> {
    let mut head = [0; N];
    let mut have = 0;
    while have < N {
        match bytes.read_at(&mut head[have..], have as u64) {
            Ok(0) => break,
            Ok(count) => have += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((head, have))
}

#[cfg(test)]
pub(super) mod in_memory {
    use super::{Arc, Bytes, ReadAt, io};

    #[derive(Debug)]
    struct InMemory(Vec<u8>);

    impl ReadAt for InMemory {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }

        fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
            let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
            // Short reads, as a network gives them, so that nobody relies on whole ones.
            let count = buf.len().min(self.0.len() - start).min(7000);
            buf[..count].copy_from_slice(&self.0[start..start + count]);
            Ok(count)
        }
    }

    /// A part that lies in memory, and answers in pieces.
    pub(in super::super) fn bytes(content: Vec<u8>) -> Bytes {
        Arc::new(InMemory(content))
    }
}
