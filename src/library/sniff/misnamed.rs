//! Whether the extension of a file says what the file is.

use super::{Format, formats_of, recognise};
use crate::library::safe_name::mime_for;

/// What a file is that is called something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misnamed {
    /// To stand after "is".
    pub(crate) content: String,
    /// The extension that the content calls for, with its dot; `None` where it is no photo or video, or where the
    /// beginning alone cannot tell the right one.
    pub(crate) extension: Option<String>,
}

/// What a file called `name` that begins with `head` is, if its extension says otherwise. A name without an extension
/// says nothing.
pub(crate) fn misnamed(head: &[u8], name: &str) -> Option<Misnamed> {
    let formats = formats_of(mime_for(name)?)?;
    let found = recognise(head).filter(|found| !formats.contains(found))?;
    Some(Misnamed {
        content: found.to_string(),
        extension: extension(found, head).map(str::to_owned),
    })
}

/// TIFF is left out: most RAW formats begin like it.
fn extension(format: Format, head: &[u8]) -> Option<&'static str> {
    Some(match format {
        Format::Jpeg => ".jpg",
        Format::Png => ".png",
        Format::Gif => ".gif",
        Format::WebP => ".webp",
        Format::Bmp => ".bmp",
        Format::Photoshop => ".psd",
        Format::JpegXl => ".jxl",
        Format::Jpeg2000 => ".jp2",
        Format::Heif => match brand(head) {
            b"avif" | b"avis" => ".avif",
            _ => ".heic",
        },
        Format::IsoVideo => match brand(head) {
            [b'3', b'g', ..] => ".3gp",
            b"M4V " => ".m4v",
            b"" | b"qt  " => ".mov",
            _ => ".mp4",
        },
        // The kind of document stands among the first fields.
        Format::Matroska if head.windows(4).any(|word| word == b"webm") => ".webm",
        Format::Matroska => ".mkv",
        Format::Avi => ".avi",
        Format::MpegTransport => ".mts",
        Format::MpegProgram => ".mpg",
        Format::Asf => ".wmv",
        Format::Flv => ".flv",
        _ => return None,
    })
}

/// The brand of an ISO base media file; empty for films from before there were any.
fn brand(head: &[u8]) -> &[u8] {
    match head.get(4..8) {
        Some(b"ftyp") => head.get(8..12).unwrap_or_default(),
        _ => b"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_that_lie_are_told_from_those_that_do_not() {
        let jpeg: &[u8] = b"\xFF\xD8\xFF\xE0";
        let cases = [
            (jpeg, "a.jpg", None),
            (jpeg, "a.JPEG", None),
            (jpeg, "a.heic", Some(Some(".jpg"))),
            (b"\0\0\0\x18ftypheic", "a.JPG", Some(Some(".heic"))),
            (b"\0\0\0\x18ftypavif", "a.jpg", Some(Some(".avif"))),
            (b"\0\0\0\x18ftypmp42", "a.mov", None),
            (b"\0\0\0\x18ftypmp42", "a.gif", Some(Some(".mp4"))),
            (b"\0\0\0\x18ftypqt  ", "a.jpg", Some(Some(".mov"))),
            (b"\x1A\x45\xDF\xA3\x42\x82\x84webm", "a.mp4", Some(Some(".webm"))),
            (b"II\x2A\0\x08\0\0\0", "a.dng", None),
            (b"II\x2A\0\x08\0\0\0", "a.jpg", Some(None)),
            (b"<!doctype html><html>", "a.jpg", Some(None)),
            (jpeg, "03.03.13 - 1", None),
            (jpeg, "PXL_1.MP", None),
            (b"", "a.jpg", None),
        ];
        for (head, name, expected) in cases {
            let found = misnamed(head, name).map(|found| found.extension);
            assert_eq!(found, expected.map(|right| right.map(str::to_owned)), "{name}");
        }
    }
}
