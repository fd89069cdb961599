//! What films in ISO base media boxes tell: the header's time, and Apple's metadata.

use std::io::{Read, Seek, SeekFrom};

use chrono::{DateTime, FixedOffset, NaiveDateTime};

use super::super::json::Place;
use super::{FileTime, MediaClues, TimeBasis, bounded::Bounded};

/// Times of films count from 1904; this many seconds later is 1970.
const FROM_1904_TO_1970: i64 = 2_082_844_800;

/// Some devices count from 1970 after all. No film has been made in these boxes before 1991, which began so many
/// seconds after 1970.
const START_OF_1991: i64 = 662_688_000;

/// Boxes of metadata are read whole up to this size.
const MAX_METADATA_BYTES: u64 = 256 * 1024;

/// How many boxes of one level are looked at: far more than any film has beside its fragments.
const MAX_BOXES: usize = 4096;

/// The boxes within a film's `moov` that are of interest.
const WANTED: [&[u8; 4]; 3] = [b"mvhd", b"meta", b"udta"];

const IDENTIFIER_KEY: &[u8] = b"com.apple.quicktime.content.identifier";
const DATE_KEY: &[u8] = b"com.apple.quicktime.creationdate";
const PLACE_KEY: &[u8] = b"com.apple.quicktime.location.ISO6709";

/// A box's name, and where its content begins and ends.
struct Span {
    name: [u8; 4],
    start: u64,
    end: u64,
}

/// What an MP4, `QuickTime` or 3GP film tells about itself.
pub(super) fn read(file: impl Read + Seek) -> Option<MediaClues> {
    let mut file = Bounded::new(file);
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let index = spans(&mut file, 0, end)
        .into_iter()
        .find(|span| &span.name == b"moov")?;
    let mut clues = MediaClues::default();
    for span in spans(&mut file, index.start, index.end.min(end)) {
        if WANTED.contains(&&span.name)
            && let Some(content) = content(&mut file, &span)
        {
            match &span.name {
                b"mvhd" => {
                    clues.time = clues.time.or_else(|| header_time(&content));
                    clues.seconds = clues.seconds.or_else(|| header_seconds(&content));
                }
                b"meta" => add_metadata(&mut clues, &content),
                _ => clues.place = clues.place.or_else(|| user_place(&content)),
            }
        }
    }
    Some(clues)
}

/// The boxes between two places, as far as they can be followed. One that reaches beyond the end is cut there.
fn spans(file: &mut (impl Read + Seek), start: u64, end: u64) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = start;
    while spans.len() < MAX_BOXES
        && let Some(span) = span(file, at, end)
    {
        at = span.end;
        spans.push(span);
    }
    spans
}

fn span(file: &mut (impl Read + Seek), at: u64, end: u64) -> Option<Span> {
    let header: [u8; 8] = bytes(file, at, end)?;
    let [a, b, c, d, name @ ..] = header;
    let (length, size) = match u32::from_be_bytes([a, b, c, d]) {
        0 => (8, end - at),
        1 => (16, u64::from_be_bytes(bytes(file, at + 8, end)?)),
        size => (8, u64::from(size)),
    };
    let (start, stop) = (at + length, at.checked_add(size)?);
    (stop >= start).then_some(Span {
        name,
        start,
        end: stop,
    })
}

fn bytes<const N: usize>(file: &mut (impl Read + Seek), at: u64, end: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let fits = at.checked_add(N as u64)? <= end;
    let is_there = fits && file.seek(SeekFrom::Start(at)).is_ok() && file.read_exact(&mut bytes).is_ok();
    is_there.then_some(bytes)
}

fn content(file: &mut (impl Read + Seek), span: &Span) -> Option<Vec<u8>> {
    let length = span.end - span.start;
    if length > MAX_METADATA_BYTES {
        return None;
    }
    let mut content = Vec::new();
    file.seek(SeekFrom::Start(span.start)).ok()?;
    file.take(length).read_to_end(&mut content).ok()?;
    Some(content)
}

/// The time in a film's header: UTC by the standard, local by many a camera.
fn header_time(header: &[u8]) -> Option<FileTime> {
    let created = match header {
        [0, _, _, _, rest @ ..] => i64::from(u32::from_be_bytes(*rest.first_chunk()?)),
        [1, _, _, _, rest @ ..] => i64::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?,
        _ => return None,
    };
    let seconds = match created - FROM_1904_TO_1970 {
        early if early < 0 && created >= START_OF_1991 => created,
        seconds if seconds <= 0 => return None,
        seconds => seconds,
    };
    let clock = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    let time = FileTime {
        clock,
        offset: Some(0),
        basis: TimeBasis::MovieHeader,
    };
    (!super::is_default(clock)).then_some(time)
}

/// How long a film is by its header: so many units, of which a second has so many.
fn header_seconds(header: &[u8]) -> Option<u32> {
    let (a_second, units) = match header {
        [0, _, _, _, rest @ ..] => {
            let units = u32::from_be_bytes(*rest.get(12..)?.first_chunk()?);
            // All bits set is how a camera says that it does not know.
            let units = Some(units).filter(|units| *units != u32::MAX)?;
            (
                u32::from_be_bytes(*rest.get(8..)?.first_chunk()?),
                u64::from(units),
            )
        }
        [1, _, _, _, rest @ ..] => (
            u32::from_be_bytes(*rest.get(16..)?.first_chunk()?),
            u64::from_be_bytes(*rest.get(20..)?.first_chunk()?),
        ),
        _ => return None,
    };
    u32::try_from(units.checked_div(a_second.into())?).ok()
}

/// Apple's metadata: a list of keys, and a list of values that name their key by its number.
fn add_metadata(clues: &mut MediaClues, meta: &[u8]) {
    // As ISO has it, four bytes of version come first; as QuickTime has it, none do.
    let boxes = if meta.get(4..8) == Some(b"hdlr") {
        meta
    } else {
        meta.get(4..).unwrap_or_default()
    };
    let find = |name: &[u8; 4]| {
        children(boxes)
            .find(|(found, _)| found == name)
            .map(|(_, content)| content)
    };
    let (Some(keys), Some(values)) = (find(b"keys"), find(b"ilst")) else {
        return;
    };
    let keys: Vec<&[u8]> = children(keys.get(8..).unwrap_or_default())
        .map(|(_, key)| key)
        .collect();
    for (number, value) in children(values) {
        let key = (u32::from_be_bytes(number) as usize)
            .checked_sub(1)
            .and_then(|at| keys.get(at));
        let data = children(value).find(|(name, _)| name == b"data");
        let text = data.and_then(|(_, data)| data.get(8..));
        if let (Some(key), Some(text)) = (key, text) {
            add_value(clues, key, text);
        }
    }
}

fn add_value(clues: &mut MediaClues, key: &[u8], value: &[u8]) {
    match key {
        IDENTIFIER_KEY => clues.content_identifier = super::identifier(value),
        DATE_KEY => clues.time = local_time(value).or(clues.time),
        PLACE_KEY => clues.place = super::text(value).and_then(iso_6709).or(clues.place),
        _ => {}
    }
}

/// The boxes in a piece of memory.
fn children(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let size = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let name = *rest.get(4..)?.first_chunk()?;
        let content = rest.get(8..size)?;
        rest = rest.get(size..)?;
        Some((name, content))
    })
}

/// `2019-06-08T12:34:56+0200`, or the same with a colon in the offset.
fn local_time(value: &[u8]) -> Option<FileTime> {
    let text = super::text(value)?;
    let parsed: DateTime<FixedOffset> = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z")
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()?;
    let clock: NaiveDateTime = parsed.naive_local();
    let time = FileTime {
        clock,
        offset: Some(parsed.offset().local_minus_utc()),
        basis: TimeBasis::Clock,
    };
    (!super::is_default(clock)).then_some(time)
}

/// The place in a film's user data, as phones write it.
fn user_place(data: &[u8]) -> Option<Place> {
    let (_, content) = children(data).find(|(name, _)| name == b"\xA9xyz")?;
    // The length of the text and its language come first.
    super::text(content.get(4..)?).and_then(iso_6709)
}

/// `+48.8584+002.2945+035.000/`.
fn iso_6709(text: &str) -> Option<Place> {
    let text = text.trim_end_matches('/');
    let signs: Vec<usize> = text.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let part = |place: usize| {
        let start = *signs.get(place)?;
        let end = signs.get(place + 1).copied().unwrap_or(text.len());
        text[start..end].parse::<f64>().ok()
    };
    Place::new(part(0)?, part(1)?, part(2))
}
