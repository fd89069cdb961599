//! gphotosync.

mod library;
