//! What the bytes of a photo or video tell about it, to recognise it by and to date it.

use chrono::NaiveDateTime;

use super::entry::EntryId;
use super::json::Place;

/// What a file tells about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MediaClues {
    /// When it was taken.
    pub(crate) time: Option<FileTime>,
    pub(crate) place: Option<Place>,
    /// Apple's identifier, which both halves of a live photo bear.
    pub(crate) content_identifier: Option<Box<str>>,
}

/// A time as files tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileTime {
    /// The time on the clock of the camera, or in UTC if that is what the offset says.
    pub(crate) clock: NaiveDateTime,
    /// How far the clock was ahead of UTC, in seconds, if the file tells.
    pub(crate) offset: Option<i32>,
    pub(crate) basis: TimeBasis,
}

/// Where in a file a time stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeBasis {
    /// A photo's EXIF, or a film's local time with offset: what the camera's clock showed.
    Clock,
    /// The header of a film, which is in UTC by its standard, and in local time by many a camera.
    MovieHeader,
}

/// Looks into files where names cannot decide.
pub(crate) trait Clues {
    /// What the bytes of this entry tell; nothing if they cannot be read.
    fn look(&mut self, entry: EntryId) -> MediaClues;

    /// The CRC-32 of an entry that came without one; `None` if it cannot be read.
    fn crc(&mut self, entry: EntryId) -> Option<u32>;
}
