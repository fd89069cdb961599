//! PNG: from chunk to chunk to `IEND`. What follows that is tolerated, as viewers do.

use super::Completeness::{self, Complete, Truncated, Unknown};
use super::probe::{MAX_PARTS, Probe};
use std::io::{self, Read, Seek};

const SIGNATURE_BYTES: u64 = 8;

/// Length, name and checksum of a chunk.
const FRAME_BYTES: u64 = 12;

pub(super) fn examine<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    let mut at = SIGNATURE_BYTES;
    for _ in 0..MAX_PARTS {
        let Some([a, b, c, d, name @ ..]) = probe.bytes::<8>(at)? else {
            return Ok(Truncated("its end mark is missing"));
        };
        if !name.iter().all(u8::is_ascii_alphabetic) {
            return Ok(Truncated("a part of it is broken"));
        }
        at += FRAME_BYTES + u64::from(u32::from_be_bytes([a, b, c, d]));
        if at > probe.len() {
            return Ok(Truncated("a part of it is cut off"));
        }
        if &name == b"IEND" {
            return Ok(Complete);
        }
    }
    Ok(Unknown)
}
