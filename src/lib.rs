//! gphotosync brings everything a person has in Google Photos onto their own disk, and keeps it that way.

pub mod cli;
pub mod library;
pub mod media;
pub mod pace;
pub mod pipeline;
pub mod report;
pub mod secret;
pub mod shutdown;
pub mod source;
