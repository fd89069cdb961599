//! ISO base media files (MP4, `QuickTime`, 3GP, HEIC, AVIF, CR3): their boxes must cover the file exactly, and
//! those without which there is nothing to see must be among them.

use super::Completeness::{self, Complete, Truncated, Unknown};
use super::probe::{MAX_PARTS, Probe};
use std::collections::BTreeSet;
use std::io::{self, Read, Seek};

/// Size and name of a box.
const HEADER_BYTES: u64 = 8;

/// The same, when the size is written with 64 bits after the name.
const LONG_HEADER_BYTES: u64 = 16;

/// The boxes that matter: the index of a video, that of a picture, what is coded, and of a video that was written
/// as it came, the pieces and the table of them at its end.
const NOTED: [&[u8; 4]; 5] = [b"moov", b"meta", b"mdat", b"moof", b"mfra"];

/// What has been met so far.
#[derive(Default)]
struct Seen {
    /// The names of boxes, of those in [`NOTED`].
    names: BTreeSet<[u8; 4]>,
    /// Whether a box reaches to the end of the file, wherever that is.
    has_open_end: bool,
}

/// What is found at a place where a box should begin.
enum Found {
    Box { name: [u8; 4], end: u64 },
    OpenBox { name: [u8; 4] },
    Rubbish,
    CutOff,
}

/// Examines the boxes from `start` to the end of the file.
pub(super) fn examine<R: Read + Seek>(probe: &mut Probe<'_, R>, start: u64) -> io::Result<Completeness> {
    let mut seen = Seen::default();
    let mut at = start;
    for _ in 0..MAX_PARTS {
        if at == probe.len() {
            return Ok(seen.verdict());
        }
        at = match find_box(probe, at)? {
            Found::Box { name, end } => seen.note(name, end),
            Found::OpenBox { name } => {
                seen.has_open_end = true;
                seen.note(name, probe.len())
            }
            Found::Rubbish => return Ok(seen.verdict_before_rubbish()),
            Found::CutOff => return Ok(Truncated("a part of it is cut off")),
        };
    }
    Ok(Unknown)
}

fn find_box<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Found> {
    let Some([a, b, c, d, name @ ..]) = probe.bytes::<8>(at)? else {
        return find_terminator(probe, at);
    };
    let long_size = |long: Option<[u8; 8]>| long.map(u64::from_be_bytes);
    let (size, least) = match u32::from_be_bytes([a, b, c, d]) {
        _ if !is_name(name) => return Ok(Found::Rubbish),
        0 => return Ok(Found::OpenBox { name }),
        1 => (long_size(probe.bytes(at + HEADER_BYTES)?), LONG_HEADER_BYTES),
        size => (Some(u64::from(size)), HEADER_BYTES),
    };
    Ok(match size.map(|size| (size, at.checked_add(size))) {
        Some((size, _)) if size < least => Found::Rubbish,
        Some((_, Some(end))) if end <= probe.len() => Found::Box { name, end },
        _ => Found::CutOff,
    })
}

/// `QuickTime` may end a list of boxes with four zero bytes. Other short ends are the beginning of a box.
fn find_terminator<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Found> {
    let is_terminator = probe.len() - at == 4 && probe.bytes(at)? == Some([0; 4]);
    Ok(if is_terminator {
        Found::Rubbish
    } else {
        Found::CutOff
    })
}

/// The names of boxes are four printable characters of ASCII, or begin with a copyright sign of Mac Roman.
fn is_name(name: [u8; 4]) -> bool {
    let [first, rest @ ..] = name;
    let is_printable = |byte: u8| (b' '..=b'~').contains(&byte);
    (is_printable(first) || first == 0xA9) && rest.into_iter().all(is_printable)
}

impl Seen {
    /// Takes note of a box, and passes on where it ends.
    fn note(&mut self, name: [u8; 4], end: u64) -> u64 {
        if NOTED.contains(&&name) {
            self.names.insert(name);
        }
        end
    }

    fn has(&self, name: &[u8]) -> bool {
        self.names.iter().any(|met| met == name)
    }

    /// The verdict on boxes that cover the file exactly.
    fn verdict(&self) -> Completeness {
        if !self.has(b"moov") && !self.has(b"meta") {
            return Truncated("its index is missing");
        }
        if self.has(b"moov") && !self.has(b"mdat") {
            return Truncated("it has an index, but no pictures");
        }
        // A picture may lie inside its index, an end that is not marked cannot be missed, and behind a piece
        // there may have been another.
        let may_lack_something = self.has_open_end || (self.has(b"moof") && !self.has(b"mfra"));
        if may_lack_something || !self.has(b"mdat") {
            Unknown
        } else {
            Complete
        }
    }

    /// What follows all that is needed may be anybody's appendix; otherwise something needed was there.
    fn verdict_before_rubbish(&self) -> Completeness {
        match self.verdict() {
            Complete | Unknown => Unknown,
            truncated => truncated,
        }
    }
}
