//! The library: the folder on disk, what goes where in it, and what it remembers.

pub(crate) mod completeness;
pub(crate) mod layout;
pub(crate) mod name_key;
pub(crate) mod safe_name;
pub(crate) mod sniff;
