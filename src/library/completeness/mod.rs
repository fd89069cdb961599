//! Whether a file looks whole, judged by its own structure alone.
//!
//! This serves where nothing better is known: files that another tool left behind, and bodies that came
//! without a length. It decodes nothing: a file with all its parts in place is called complete, whatever is in
//! them. Where a format has no end mark, or the structure is odd but may be meant so, it says that it does not
//! know rather than accuse a file that Google itself may have delivered so.
//!
//! Reads are bounded: a few bytes per part of the file, and at most the first 256 MiB where only a
//! scan can tell. Any bytes at all can be examined safely.

mod boxes;
mod gif;
mod jpeg;
mod matroska;
mod png;
mod probe;
mod riff;

use super::sniff::{Format, HEAD_BYTES, Kind, recognise};
use probe::Probe;
use std::io::{self, Read, Seek};

/// What the structure of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Completeness {
    /// The format has an end, and the file reaches it.
    Complete,
    /// A part is missing or broken, for this reason (a fragment for messages: `its end mark is missing`).
    Truncated(&'static str),
    /// This is no picture and no video at all.
    NotMedia(Format),
    /// The format does not tell; the file is plausible.
    Unknown,
}

/// Examines a file of `len` bytes, wherever it is positioned, and leaves it positioned anywhere.
///
/// # Errors
/// Those of reading, among them `UnexpectedEof` if the file is shorter than `len`.
pub(crate) fn examine(file: &mut (impl Read + Seek), len: u64) -> io::Result<Completeness> {
    let mut probe = Probe::new(file, len);
    if len == 0 {
        return Ok(Completeness::NotMedia(Format::Empty));
    }
    let window = probe.window(0)?;
    match recognise(&window[..window.len().min(HEAD_BYTES)]) {
        Some(format) if format.kind() == Kind::NotMedia => Ok(Completeness::NotMedia(format)),
        Some(format) => examine_as(format, &mut probe),
        None => Ok(Completeness::Unknown),
    }
}

fn examine_as<R: Read + Seek>(format: Format, probe: &mut Probe<'_, R>) -> io::Result<Completeness> {
    match format {
        Format::Jpeg => jpeg::examine(probe),
        Format::Png => png::examine(probe),
        Format::Gif => gif::examine(probe),
        Format::WebP => riff::examine_webp(probe),
        Format::Avi => riff::examine_avi(probe),
        Format::Heif | Format::IsoVideo => boxes::examine(probe, 0),
        Format::Raw if probe.window(4)?.starts_with(b"ftyp") => boxes::examine(probe, 0),
        Format::Matroska => matroska::examine(probe),
        _ => Ok(Completeness::Unknown),
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
