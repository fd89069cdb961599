//! gphotosync.
