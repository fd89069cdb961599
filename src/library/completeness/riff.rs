//! RIFF: WebP and AVI say at the beginning how long they are.

use super::Completeness::{self, Complete, Truncated, Unknown};
use super::probe::{MAX_PARTS, Probe};
use std::io::{self, Read, Seek};

/// The mark and the size, which the size does not count.
const FRAME_BYTES: u64 = 8;

const SHORTER_THAN_SAID: &str = "it is shorter than its header says";

pub(super) fn examine_webp<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    Ok(match part(probe, 0)? {
        Some(size @ 1..) if FRAME_BYTES + size > probe.len() => Truncated(SHORTER_THAN_SAID),
        Some(1..) => Complete,
        // A size of nought was never filled in.
        _ => Unknown,
    })
}

/// A long AVI is a row of RIFF parts. A recorder that was cut off leaves sizes of nought, or of all ones.
pub(super) fn examine_avi<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    let mut at = 0;
    for _ in 0..MAX_PARTS {
        let size = match part(probe, at)? {
            Some(0 | 0xFFFF_FFFF) => return Ok(Unknown),
            Some(size) => size,
            None => return Ok(Complete),
        };
        if at + FRAME_BYTES + size > probe.len() {
            return Ok(Truncated(SHORTER_THAN_SAID));
        }
        at += FRAME_BYTES + size.next_multiple_of(2);
    }
    Ok(Unknown)
}

/// The size of the RIFF part that begins at `at`, if one does.
fn part<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Option<u64>> {
    Ok(match probe.bytes::<8>(at)? {
        Some([b'R', b'I', b'F', b'F', size @ ..]) => Some(u64::from(u32::from_le_bytes(size))),
        _ => None,
    })
}
