//! What can be wrong with one entry, or with a whole part, in words a person can act on.

use std::io;

use thiserror::Error;

/// Why an entry is not read at all, known from what the archive says of it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its path leads out of its folder.
    #[error("its name leads out of the archive's folder, which no export of Google does")]
    ClimbsOut,
    /// Its path begins at the top of a disk.
    #[error("its name is an absolute path, which no export of Google has")]
    Absolute,
    /// Its name holds a NUL.
    #[error("its name holds a NUL character, which no file can have")]
    Nul,
    /// It has no name.
    #[error("it has no name")]
    Nameless,
    /// Its name is too long to be one.
    #[error("its name is longer than any file's can be")]
    NameTooLong,
    /// It is encrypted.
    #[error("it is encrypted, which no export of Google is")]
    Encrypted,
    /// It was packed in a way that Takeout does not use.
    #[error("it is packed by a method that Takeout does not use (number {0})")]
    Method(u16),
    /// It promises more than its bytes can hold.
    #[error("it claims to be larger than its packed bytes can possibly hold")]
    Impossible,
    /// Its bytes reach into another entry's, or beyond the end.
    #[error("its bytes overlap those of another entry")]
    Overlapping,
    /// A link, device, or pipe.
    #[error("it is a link or a device and not a file")]
    NotAFile,
    /// A sparse file of tar.
    #[error("it is stored as a sparse file, which no export of Google has")]
    Sparse,
}

/// Why one entry is not, or could not be, read. The message is a fragment that fits after "could not …:".
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum EntryFault {
    /// It was known beforehand that it should not be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The bytes have another checksum.
    #[error("its bytes are damaged: their checksum is {found:08x} and should be {expected:08x}")]
    Checksum {
        /// As the archive says.
        expected: u32,
        /// As the bytes say.
        found: u32,
    },
    /// More bytes than announced.
    #[error("it holds more than the {size} bytes it should have")]
    TooLong {
        /// Its size, as the archive says.
        size: u64,
    },
    /// Fewer bytes than announced.
    #[error("it ends after {found} of its {size} bytes")]
    TooShort {
        /// Its size, as the archive says.
        size: u64,
        /// What there was.
        found: u64,
    },
    /// The packed bytes make no sense.
    #[error("its packed bytes are damaged after {found} of {size} bytes")]
    Garbled {
        /// Its size, as the archive says.
        size: u64,
        /// What there was.
        found: u64,
    },
    /// What the directory says of it does not lead to an entry.
    #[error("there is no entry where the archive's directory says that it is")]
    NotThere,
}

impl EntryFault {
    /// The fault that a failed read tells of; none if it was the disk or the network that failed.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }
}

impl From<EntryFault> for io::Error {
    fn from(fault: EntryFault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        EntryFault::from(refusal).into()
    }
}

/// Why a whole part cannot be read, or not to its end. The message is a fragment that fits after the part's name.
#[derive(Debug, Error)]
pub(crate) enum PartFault {
    /// It holds nothing.
    #[error("is empty")]
    Empty,
    /// It is a page of a web site.
    #[error("is a web page and no archive, most likely a sign-in or error page saved under this name")]
    WebPage,
    /// It is something else.
    #[error("is no zip and no tgz archive")]
    NotAnArchive,
    /// Its end is missing.
    #[error("was cut short: its end is missing after {0} bytes")]
    CutShort(u64),
    /// It is an archive, but one whose structure is broken.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// It has changed since it was indexed.
    #[error("has changed while it was being read")]
    Changed,
    /// It has more, or longer, names than can be remembered.
    #[error("holds more names than any export has")]
    TooMany,
    /// Somebody asked to stop.
    #[error("was not read to its end, since the run is ending")]
    Stopped,
    /// The disk or the network failed.
    #[error("could not be read: {0}")]
    Io(#[from] io::Error),
}
