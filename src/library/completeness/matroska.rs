//! Matroska and `WebM`: the segment that holds everything says how long it is, unless it was written live.

use super::Completeness::{self, Complete, Truncated, Unknown};
use super::probe::Probe;
use std::io::{self, Read, Seek};

const SEGMENT: u64 = 0x1853_8067;

/// Before the segment come the EBML header and, at most, some padding and a checksum.
const MAX_ELEMENTS: usize = 16;

/// An element's name and where its content begins and ends; the end is `None` if it was left open.
struct Element {
    name: u64,
    end: Option<u64>,
}

pub(super) fn examine<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    let mut at = 0;
    for _ in 0..MAX_ELEMENTS {
        let Some(element) = element(probe, at)? else {
            return Ok(Truncated("its header is cut off or broken"));
        };
        at = match element {
            Element { end: None, .. } => return Ok(Unknown),
            Element { end: Some(end), .. } if end > probe.len() => {
                return Ok(Truncated("it is shorter than its header says"));
            }
            Element { name: SEGMENT, .. } => return Ok(Complete),
            Element { end: Some(end), .. } => end,
        };
    }
    Ok(Unknown)
}

fn element<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Option<Element>> {
    let Some((name, name_bytes)) = number(probe, at)? else {
        return Ok(None);
    };
    let Some((size, size_bytes)) = number(probe, at + name_bytes)? else {
        return Ok(None);
    };
    let mark = 1 << (7 * size_bytes);
    let is_open = size == 2 * mark - 1;
    let end = if is_open {
        None
    } else {
        Some((at + name_bytes + size_bytes).saturating_add(size - mark))
    };
    Ok(Some(Element { name, end }))
}

/// A number of variable length, its length mark included, and how many bytes (at most 8) it takes: one more
/// than its first byte has leading zero bits.
fn number<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Option<(u64, u64)>> {
    let Some(first) = probe.byte(at)? else {
        return Ok(None);
    };
    let count = u64::from(first.leading_zeros()) + 1;
    if count > 8 {
        return Ok(None);
    }
    let mut value = 0;
    for place in at..at + count {
        let Some(byte) = probe.byte(place)? else {
            return Ok(None);
        };
        value = value << 8 | u64::from(byte);
    }
    Ok(Some((value, count)))
}
