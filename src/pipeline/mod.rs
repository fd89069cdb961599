//! How items flow from a source into a library.

pub mod summary;
