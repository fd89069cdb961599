//! Whole JPEG files of a chosen size: header, optional motion-photo mark, comments as padding, then the picture.

use bytes::Bytes;

use super::filler::{COMMENT_SEGMENT, comment_segments, filler};
use super::picture;
use super::press::Press;
use super::rope::Rope;

static PICTURES: Press<(u16, u16, u64)> = Press::new();

/// How many different pictures one size has: enough to tell neighbours apart, few enough to stay in memory.
const PALETTES: u64 = 24;

const JFIF: [u8; 20] = [
    0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 72, 0, 72, 0, 0,
];

const MOTION_PHOTO: &str = concat!(
    "http://ns.adobe.com/xap/1.0/\0",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
    "<rdf:Description rdf:about=\"\" xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" ",
    "GCamera:MotionPhoto=\"1\" GCamera:MotionPhotoVersion=\"1\" GCamera:MotionPhotoPresentationTimestampUs=\"500000\"/>",
    "</rdf:RDF></x:xmpmeta>"
);

/// A JPEG that opens in a viewer. It has exactly `size` bytes unless the picture alone needs more.
pub(crate) fn file(width: u16, height: u16, seed: u64, size: u64, motion: bool) -> Rope {
    let picture = picture_of(width, height, seed);
    let fixed = head(seed, motion, 0).len() + picture.len();
    let padding = size.saturating_sub(fixed as u64);
    let (segments, mut rest) = (padding / COMMENT_SEGMENT, padding % COMMENT_SEGMENT);
    // A comment takes at least four bytes; fewer are put into the comment that every file has.
    let spaces = if rest < 4 { std::mem::take(&mut rest) } else { 0 };
    let mut rope = Rope::from(head(seed, motion, spaces));
    if rest > 0 {
        rope.push(segment_header(0xFE, rest - 4));
        rope.extend(filler(seed, rest - 4));
    }
    rope.extend(comment_segments(segments));
    rope.push(picture);
    rope
}

/// A small rendition such as Google hands out for a base URL without parameters: opens, but is no original.
pub(crate) fn rendition(seed: u64) -> Rope {
    file(64, 48, seed ^ 0x52_454E_4449_5449, 0, false)
}

fn picture_of(width: u16, height: u16, seed: u64) -> Bytes {
    let palette = seed % PALETTES;
    PICTURES.get_or_make((width, height, palette), || {
        picture::encoded(width, height, palette).into()
    })
}

fn head(seed: u64, motion: bool, spaces: u64) -> Vec<u8> {
    let mut out = JFIF.to_vec();
    if motion {
        out.extend(segment_header(0xE1, MOTION_PHOTO.len() as u64));
        out.extend(MOTION_PHOTO.bytes());
    }
    let comment = format!("stand-in picture {seed:016x}");
    out.extend(segment_header(0xFE, comment.len() as u64 + spaces));
    out.extend(comment.bytes());
    out.extend((0..spaces).map(|_| b' '));
    out
}

/// Marker and length of a segment; the length counts its own two bytes.
fn segment_header(marker: u8, payload: u64) -> Vec<u8> {
    let len = u16::try_from(payload + 2).unwrap_or(u16::MAX).to_be_bytes();
    vec![0xFF, marker, len[0], len[1]]
}
