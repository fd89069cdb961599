//! JPEG: from segment to segment, then through the picture to its end mark, then what was appended.
//!
//! A thumbnail has an end mark too, and so have appended pictures; so the mark that counts is found by going
//! forward, not by searching backwards. Only the common case is short: a file whose very last bytes are an
//! end mark, after the picture has begun.

use super::Completeness::{self, Complete, Truncated, Unknown};
use super::boxes;
use super::probe::Probe;
use std::io::{self, Read, Seek};

const START_OF_IMAGE: u8 = 0xD8;
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;

/// A header has a few dozen segments; metadata of many megabytes is cut in pieces of 64 KiB.
const MAX_SEGMENTS: usize = 4096;

/// A picture may be followed by others: a gain map, a depth map, previews of several sizes.
const MAX_PICTURES: usize = 64;

const HEADER_BROKEN: &str = "its header is cut off or broken";
const END_MISSING: &str = "its end mark is missing";
const CLIP_BROKEN: &str = "the clip appended to it is cut off";

/// Where a picture ends, if that can be found.
enum End {
    At(u64),
    Missing(&'static str),
    OutOfReach,
}

pub(super) fn examine<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    let mut start = 0;
    for _ in 0..MAX_PICTURES {
        let end = match end_of_picture(probe, start)? {
            End::At(end) => end,
            End::Missing(why) => return Ok(Truncated(why)),
            End::OutOfReach => return Ok(Unknown),
        };
        if probe.bytes(end)? != Some([0xFF, START_OF_IMAGE]) {
            return examine_appendix(probe, end);
        }
        start = end;
    }
    Ok(Unknown)
}

/// Padding and makers' own data are tolerated; a video (of a motion photo) must be whole.
fn examine_appendix<R: Read + Seek>(probe: &mut Probe<'_, R>, end: u64) -> io::Result<Completeness> {
    let video = probe
        .full_window(end)?
        .windows(4)
        .position(|name| name == b"ftyp");
    let Some(video) = video.and_then(|name| name.checked_sub(4)) else {
        return Ok(Complete);
    };
    match boxes::examine(probe, end + video as u64)? {
        Truncated(_) => Ok(Truncated(CLIP_BROKEN)),
        _ => Ok(Complete),
    }
}

fn end_of_picture<R: Read + Seek>(probe: &mut Probe<'_, R>, start: u64) -> io::Result<End> {
    let ends_with_mark = ends_with_mark(probe)?;
    let Some(scan) = start_of_scan(probe, start + 2)? else {
        // Decoders skip rubbish between segments, so a header we cannot read is not yet a loss.
        return Ok(if ends_with_mark {
            End::OutOfReach
        } else {
            End::Missing(HEADER_BROKEN)
        });
    };
    let len = probe.len();
    if ends_with_mark && len - 2 >= scan {
        return Ok(End::At(len));
    }
    end_of_scans(probe, scan)
}

fn ends_with_mark<R: Read + Seek>(probe: &mut Probe<'_, R>) -> io::Result<bool> {
    let Some(last) = probe.len().checked_sub(2) else {
        return Ok(false);
    };
    Ok(probe.bytes(last)? == Some([0xFF, END_OF_IMAGE]))
}

/// The place where the coded picture begins, or `None` if no sound header leads there.
fn start_of_scan<R: Read + Seek>(probe: &mut Probe<'_, R>, mut at: u64) -> io::Result<Option<u64>> {
    for _ in 0..MAX_SEGMENTS {
        let Some([0xFF, marker]) = probe.bytes(at)? else {
            return Ok(None);
        };
        at = match marker {
            0xFF => at + 1,
            0x01 | 0xD0..=0xD7 => at + 2,
            0x00 | END_OF_IMAGE => return Ok(None),
            _ => match end_of_segment(probe, at + 2)? {
                Some(end) if marker == START_OF_SCAN => return Ok(Some(end)),
                Some(end) => end,
                None => return Ok(None),
            },
        };
    }
    Ok(None)
}

/// The end of the segment whose length is at `at`, or `None` if the file does not contain it whole.
fn end_of_segment<R: Read + Seek>(probe: &mut Probe<'_, R>, at: u64) -> io::Result<Option<u64>> {
    let Some(length) = probe.bytes(at)? else {
        return Ok(None);
    };
    let end = at + u64::from(u16::from_be_bytes(length)).max(2);
    Ok((end <= probe.len()).then_some(end))
}

/// Goes through the coded picture, in which an end mark cannot occur, and the tables between its scans.
fn end_of_scans<R: Read + Seek>(probe: &mut Probe<'_, R>, scan: u64) -> io::Result<End> {
    let mut at = scan;
    while let Some((marker, after)) = next_marker(probe, at)? {
        if marker == END_OF_IMAGE {
            return Ok(End::At(after));
        }
        let Some(end) = end_of_segment(probe, after)? else {
            break;
        };
        at = end;
    }
    Ok(if probe.len() > probe.scan_limit() {
        End::OutOfReach
    } else {
        End::Missing(END_MISSING)
    })
}

/// The next marker from `at` on that is neither a stuffed byte nor a restart mark, and the place after it.
fn next_marker<R: Read + Seek>(probe: &mut Probe<'_, R>, mut at: u64) -> io::Result<Option<(u8, u64)>> {
    let mut after_ff = false;
    while at < probe.len().min(probe.scan_limit()) {
        let window = probe.window(at)?;
        for (byte, after) in window.iter().copied().zip(at + 1..) {
            if after_ff && !matches!(byte, 0x00 | 0x01 | 0xD0..=0xD7 | 0xFF) {
                return Ok(Some((byte, after)));
            }
            after_ff = byte == 0xFF;
        }
        at += window.len() as u64;
    }
    Ok(None)
}
