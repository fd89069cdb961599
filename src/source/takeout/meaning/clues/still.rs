//! What stills tell: EXIF, and Apple's maker notes within it.

use std::io::{BufReader, Read, Seek};

use chrono::{NaiveDate, NaiveDateTime};
use exif::{Exif, Field, In, Reader, Tag, Value};

use super::super::json::Place;
use super::{FileTime, MediaClues, TimeBasis, bounded::Bounded};

/// The fields that tell when a photo was taken, the surest first, with the fields for fractions and offset beside
/// each.
const TIMES: [[Tag; 3]; 2] = [
    [
        Tag::DateTimeOriginal,
        Tag::SubSecTimeOriginal,
        Tag::OffsetTimeOriginal,
    ],
    [
        Tag::DateTimeDigitized,
        Tag::SubSecTimeDigitized,
        Tag::OffsetTimeDigitized,
    ],
];

/// How Apple's maker notes begin, version included; a TIFF directory follows.
const APPLE: &[u8] = b"Apple iOS\0\0\x01MM";

/// Apple's tag for the identifier that both halves of a live photo bear.
const CONTENT_IDENTIFIER: u16 = 0x0011;

/// The identifier is a UUID in text, of 36 characters.
const MAX_IDENTIFIER_BYTES: usize = 64;

/// What a JPEG, HEIC, AVIF, PNG, WebP, TIFF or TIFF-based RAW tells about itself.
pub(super) fn read(file: impl Read + Seek) -> Option<MediaClues> {
    let exif = exif(file)?;
    Some(MediaClues {
        time: TIMES.iter().find_map(|tags| time(&exif, tags)),
        place: place(&exif),
        content_identifier: field(&exif, Tag::MakerNote).and_then(content_identifier),
        seconds: None,
    })
}

/// Broken fields are left out: many cameras and tools write some.
fn exif(file: impl Read + Seek) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader
        .read_from_container(&mut BufReader::new(Bounded::new(file)))
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

fn field(exif: &Exif, tag: Tag) -> Option<&Field> {
    exif.get_field(tag, In::PRIMARY)
}

fn text(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &field(exif, tag)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

fn time(exif: &Exif, [time, fraction, offset]: &[Tag; 3]) -> Option<FileTime> {
    let mut parsed = exif::DateTime::from_ascii(text(exif, *time)?).ok()?;
    // A broken fraction or offset leaves the time as it is.
    let _ = text(exif, *fraction).is_some_and(|text| parsed.parse_subsec(text).is_ok());
    let _ = text(exif, *offset).is_some_and(|text| parsed.parse_offset(text).is_ok());
    let clock = clock(&parsed)?;
    Some(FileTime {
        clock,
        offset: parsed.offset.map(|minutes| i32::from(minutes) * 60),
        basis: TimeBasis::Clock,
    })
    .filter(|time| !super::is_default(time.clock))
}

fn clock(time: &exif::DateTime) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_ymd_opt(time.year.into(), time.month.into(), time.day.into())?;
    let [hour, minute, second] = [time.hour, time.minute, time.second].map(u32::from);
    date.and_hms_nano_opt(hour, minute, second, time.nanosecond.unwrap_or_default())
}

fn place(exif: &Exif) -> Option<Place> {
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b"S")?;
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b"W")?;
    Place::new(latitude, longitude, altitude(exif))
}

/// Degrees, minutes and seconds, of which the latter two may be missing.
fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: &[u8]) -> Option<f64> {
    let Value::Rational(parts) = &field(exif, tag)?.value else {
        return None;
    };
    let first = parts.first()?.to_f64();
    let rest: f64 = parts
        .iter()
        .skip(1)
        .zip([60.0, 3600.0])
        .map(|(part, unit)| part.to_f64() / unit)
        .sum();
    let is_negative = text(exif, reference).is_some_and(|text| text.eq_ignore_ascii_case(negative));
    let degrees = first + if rest.is_finite() { rest } else { 0.0 };
    Some(if is_negative { -degrees } else { degrees })
}

fn altitude(exif: &Exif) -> Option<f64> {
    let Value::Rational(parts) = &field(exif, Tag::GPSAltitude)?.value else {
        return None;
    };
    let is_below = field(exif, Tag::GPSAltitudeRef).and_then(|field| field.value.get_uint(0)) == Some(1);
    let metres = parts.first()?.to_f64();
    Some(if is_below { -metres } else { metres })
}

fn content_identifier(note: &Field) -> Option<Box<str>> {
    let Value::Undefined(note, _) = &note.value else {
        return None;
    };
    let directory = note.strip_prefix(APPLE)?;
    let (count, entries) = directory.split_first_chunk::<2>()?;
    let entry = entries
        .chunks_exact(12)
        .take(usize::from(u16::from_be_bytes(*count)))
        .find(|entry| entry[..2] == CONTENT_IDENTIFIER.to_be_bytes())?;
    let number = |at: usize| {
        entry
            .get(at..at + 4)?
            .first_chunk()
            .map(|bytes| u32::from_be_bytes(*bytes))
    };
    let length = usize::try_from(number(4)?).ok()?.min(MAX_IDENTIFIER_BYTES);
    let start = usize::try_from(number(8)?).ok()?;
    super::identifier(note.get(start..start.checked_add(length)?)?)
}
