//! What the bytes of a photo or video tell about it, to recognise it by and to date it.

mod bounded;
mod movie;
mod name;
mod still;

use std::io::{Read, Seek, SeekFrom};

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::entry::EntryId;
use super::json::Place;
use crate::library::sniff::{self, Format, HEAD_BYTES};

pub(crate) use crate::told::Precision;
pub(crate) use name::{NameTime, of_name};

/// What a file tells about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MediaClues {
    /// When it was taken.
    pub(crate) time: Option<FileTime>,
    pub(crate) place: Option<Place>,
    /// Apple's identifier, which both halves of a live photo bear.
    pub(crate) content_identifier: Option<Box<str>>,
    /// How long a film is, in whole seconds.
    pub(crate) seconds: Option<u32>,
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

    /// Whether nobody wants to know any more: what comes of it is thrown away.
    fn is_over(&self) -> bool {
        false
    }
}

/// What the bytes of a file tell. It may be cut: what is not there tells nothing.
///
/// Guarantees: reads no more than about a mebibyte, wherever it lies; nothing in the bytes does harm.
pub(crate) fn read(mut file: impl Read + Seek) -> MediaClues {
    let mut head = Vec::new();
    let read = file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
    if read.is_err() || file.seek(SeekFrom::Start(0)).is_err() {
        return MediaClues::default();
    }
    let clues = match sniff::recognise(&head) {
        Some(Format::IsoVideo) => movie::read(file),
        Some(Format::Jpeg | Format::Heif | Format::Png | Format::WebP | Format::Tiff) => still::read(file),
        _ => None,
    };
    clues.unwrap_or_default()
}

/// The years that a photo can be from: photography began in the 1820s, and what claims to be from after this century
/// is a mistake.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1800..=2100;

/// Whether this is what a clock shows that was never set, or what a file says that does not know: the beginning of
/// 1904 (films), 1970 (Unix) or 1980 (DOS), or no year of photography at all.
pub(crate) fn is_default(clock: NaiveDateTime) -> bool {
    let is_midnight = clock.hour() == 0 && clock.minute() == 0;
    let is_start = clock.ordinal() == 1 && is_midnight && matches!(clock.year(), 1904 | 1970 | 1980);
    is_start || !YEARS.contains(&clock.year())
}

/// A text within bytes, without the zeros and blanks at its end.
fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(['\0', ' ']);
    (!text.is_empty()).then_some(text)
}

/// An identifier, if it looks like one.
fn identifier(bytes: &[u8]) -> Option<Box<str>> {
    let text = text(bytes)?;
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_plain && text.len() >= 8).then(|| text.to_ascii_uppercase().into())
}

#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
mod tests;
