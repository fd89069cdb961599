//! What the entries of an export mean: which file is which photo, and what is known about it.
//!
//! Pure: no files and no sockets. It is handed lists of entries and the texts of the small JSON files among them, and
//! asks for a look into a photo only where names cannot decide. Whatever the order of entries, the answer is the
//! same.

pub(crate) mod clues;
pub(crate) mod entry;
pub(crate) mod extension;
pub(crate) mod facts;
pub(crate) mod folders;
pub(crate) mod gather;
pub(crate) mod json;
pub(crate) mod pairing;
pub(crate) mod taken;
