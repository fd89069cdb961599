//! Formats that give themselves away by fixed bytes at fixed places.

use super::text::is_text;
use super::{Format, Kind};
use infer::MatcherType;

/// Signatures at the very beginning, for formats that have one and the same always.
const SIGNATURES: [(&[u8], Format); 26] = [
    (b"\xFF\xD8\xFF", Format::Jpeg),
    (b"\x89PNG\r\n\x1A\n", Format::Png),
    (b"GIF87a", Format::Gif),
    (b"GIF89a", Format::Gif),
    (b"8BPS", Format::Photoshop),
    (b"\xFF\x0A", Format::JpegXl),
    (b"\0\0\0\x0CJXL \r\n\x87\n", Format::JpegXl),
    (b"\0\0\0\x0CjP  \r\n\x87\n", Format::Jpeg2000),
    (b"\xFF\x4F\xFF\x51", Format::Jpeg2000),
    (b"II\x2A\0", Format::Tiff),
    (b"MM\0\x2A", Format::Tiff),
    (b"II\x2B\0", Format::Tiff),
    (b"MM\0\x2B", Format::Tiff),
    (b"IIRO", Format::Raw),
    (b"IIRS", Format::Raw),
    (b"MMOR", Format::Raw),
    (b"IIU\0", Format::Raw),
    (b"II\x1A\0\0\0HEAPCCDR", Format::Raw),
    (b"FUJIFILMCCD-RAW", Format::Raw),
    (b"FOVb", Format::Raw),
    (b"\0MRM", Format::Raw),
    (b"\x1A\x45\xDF\xA3", Format::Matroska),
    (
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C",
        Format::Asf,
    ),
    (b"FLV\x01", Format::Flv),
    (b"OggS", Format::Ogg),
    (b"\0\0\x01\0", Format::Icon),
];

/// The brands of pictures in ISO base media boxes; every other brand is a video's.
const PICTURE_BRANDS: [&[u8; 4]; 13] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1",
    b"avif", b"avis",
];

/// The first boxes of `QuickTime` files from before there was a `ftyp`.
const QUICKTIME_BOXES: [&[u8; 4]; 6] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];

/// The length of a packet in an MPEG transport stream, each of which begins with the sync byte.
const TRANSPORT_PACKET: usize = 188;

const TRANSPORT_SYNC: u8 = 0x47;

/// Fewer zero bytes than this may begin many a format.
const ENOUGH_ZEROS: usize = 64;

/// The media formats that Google Photos knows, and their close relations.
pub(super) fn media(head: &[u8]) -> Option<Format> {
    let by_signature = || {
        SIGNATURES
            .iter()
            .find(|(bytes, _)| head.starts_with(bytes))
            .map(|(_, format)| *format)
    };
    by_signature()
        .or_else(|| iso_boxes(head))
        .or_else(|| riff(head))
        .or_else(|| bmp(head))
        .or_else(|| mpeg(head))
}

/// Everything else that has a signature, so that messages can name it.
pub(super) fn other(head: &[u8]) -> Option<Format> {
    if head.len() >= ENOUGH_ZEROS && head.iter().all(|byte| *byte == 0) {
        return Some(Format::Zeros);
    }
    let found = infer::get(head)?;
    let kind = match found.matcher_type() {
        MatcherType::Image => Kind::Image,
        MatcherType::Video => Kind::Video,
        _ => Kind::NotMedia,
    };
    Some(Format::Other(kind, found.mime_type()))
}

fn iso_boxes(head: &[u8]) -> Option<Format> {
    let name = head.get(4..8)?;
    if name != b"ftyp" {
        return QUICKTIME_BOXES
            .iter()
            .any(|first| name == *first)
            .then_some(Format::IsoVideo);
    }
    let brand = head.get(8..12)?;
    let is_picture = PICTURE_BRANDS.iter().any(|known| brand == *known);
    Some(match brand {
        b"crx " => Format::Raw,
        b"M4A " | b"M4B " => Format::Other(Kind::NotMedia, "audio/mp4"),
        _ if is_picture => Format::Heif,
        _ => Format::IsoVideo,
    })
}

fn riff(head: &[u8]) -> Option<Format> {
    match (head.get(..4)?, head.get(8..12)?) {
        (b"RIFF", b"WEBP") => Some(Format::WebP),
        (b"RIFF", b"AVI ") => Some(Format::Avi),
        _ => None,
    }
}

/// `BM` begins many a text too; the header that follows has a size between 12 and 124 bytes.
fn bmp(head: &[u8]) -> Option<Format> {
    let header = head.strip_prefix(b"BM")?.get(12..16)?;
    matches!(header, [12..=124, 0, 0, 0]).then_some(Format::Bmp)
}

fn mpeg(head: &[u8]) -> Option<Format> {
    match head {
        [0, 0, 1, 0xBA | 0xB3, ..] => Some(Format::MpegProgram),
        // A plain stream, or one whose packets have 4 bytes of time code in front, as camcorders write it.
        _ if is_transport(head, 0, TRANSPORT_PACKET) || is_transport(head, 4, TRANSPORT_PACKET + 4) => {
            Some(Format::MpegTransport)
        }
        _ => None,
    }
}

/// Whether sync bytes are where they belong, and at least two of them are in sight. A text may have the same letter in
/// these places; the packets' own headers are none.
fn is_transport(head: &[u8], first: usize, packet: usize) -> bool {
    let mut syncs = head.iter().skip(first).step_by(packet);
    head.len() > first + packet && syncs.all(|byte| *byte == TRANSPORT_SYNC) && !is_text(head)
}
