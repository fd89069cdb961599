//! GIF: from block to block to the trailer. What follows that is tolerated.

use super::Completeness::{self, Complete, Truncated, Unknown};
use super::probe::Probe;
use std::io::{self, Read, Seek};

/// Signature and screen descriptor, whose flags are the byte at 10.
const HEADER_BYTES: u64 = 13;
const SCREEN_FLAGS: u64 = 10;

/// An image descriptor, whose flags are its last byte.
const DESCRIPTOR_BYTES: u64 = 10;

pub(super) fn examine<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    let mut has_image = false;
    let mut next = after_flags(probe, SCREEN_FLAGS)?.map(|table| HEADER_BYTES + table);
    while let Some(at) = next.filter(|at| *at < probe.scan_limit()) {
        let block = probe.byte(at)?;
        next = match block {
            Some(b';') => return Ok(Complete),
            Some(b'!') => after_sub_blocks(probe, at + 2)?,
            Some(b',') => after_image(probe, at)?,
            // Encoders have been seen to write one zero too many between blocks.
            Some(0) => Some(at + 1),
            Some(_) => return Ok(Truncated("a part of it is broken")),
            // Others forget the trailer, behind which there is nothing to lose.
            None if has_image => return Ok(Unknown),
            None => None,
        };
        has_image |= block == Some(b',');
    }
    Ok(if next.is_some() {
        Unknown
    } else {
        Truncated("its end mark is missing")
    })
}

/// The size of the colour table that the flags at `at` announce.
fn after_flags<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Option<u64>> {
    let size = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    Ok(probe.byte(at)?.map(size))
}

fn after_image<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Option<u64>> {
    match after_flags(probe, at + DESCRIPTOR_BYTES - 1)? {
        // The byte between the table and the data is the code size.
        Some(table) => after_sub_blocks(probe, at + DESCRIPTOR_BYTES + table + 1),
        None => Ok(None),
    }
}

/// The place after a chain of sub-blocks, or where the scan gave up; `None` if the file ends within.
fn after_sub_blocks<R: Read + Seek>(probe: &mut Probe<'_, R>, mut at: u64) -> io::Result<Option<u64>> {
    while at < probe.scan_limit() {
        match probe.byte(at)? {
            Some(0) => return Ok(Some(at + 1)),
            Some(size) => at += 1 + u64::from(size),
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}
