//! Files made of ISO base media boxes: MP4 videos and HEIC photos. The boxes are well formed and their sizes sum to
//! the file; what is inside the media box is filler.

use super::filler::filler;
use super::rope::Rope;

/// An MP4 of exactly `size` bytes (at least 172).
pub(crate) fn mp4(size: u64, seed: u64) -> Rope {
    let mut head = boxed(*b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
    head.extend(boxed(*b"moov", &boxed(*b"mvhd", &movie_header())));
    with_media(head, size, seed)
}

/// A HEIC of exactly `size` bytes (at least 100).
pub(crate) fn heic(size: u64, seed: u64) -> Rope {
    let mut head = boxed(*b"ftyp", b"heic\0\0\0\0mif1heic");
    let mut handler = vec![0; 8];
    handler.extend(b"pict");
    handler.extend([0; 13]);
    let mut meta = vec![0; 4];
    meta.extend(boxed(*b"hdlr", &handler));
    head.extend(boxed(*b"meta", &meta));
    with_media(head, size, seed)
}

fn with_media(mut head: Vec<u8>, size: u64, seed: u64) -> Rope {
    head.extend(boxed(*b"free", format!("stand-in {seed:016x}").as_bytes()));
    let media = size.saturating_sub(head.len() as u64 + 8);
    head.extend(media_header(media));
    let mut rope = Rope::from(head);
    rope.extend(filler(seed, media));
    rope
}

/// The header of a media box. Beyond four gigabytes its size no longer fits and "to the end of the file" is said.
fn media_header(payload: u64) -> Vec<u8> {
    let mut out = u32::try_from(payload + 8).unwrap_or(0).to_be_bytes().to_vec();
    out.extend(b"mdat");
    out
}

/// Version 0 movie header: a time scale of 1000, ten seconds, no tracks.
fn movie_header() -> Vec<u8> {
    let mut out = vec![0; 12];
    out.extend(1000_u32.to_be_bytes());
    out.extend(10_000_u32.to_be_bytes());
    out.extend(0x0001_0000_u32.to_be_bytes());
    out.extend([1, 0]);
    out.extend([0; 10]);
    for unit in [0x0001_0000_u32, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        out.extend(unit.to_be_bytes());
    }
    out.extend([0; 24]);
    out.extend(1_u32.to_be_bytes());
    out
}

fn boxed(name: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let size = u32::try_from(payload.len() + 8).unwrap_or(u32::MAX);
    let mut out = size.to_be_bytes().to_vec();
    out.extend(name);
    out.extend(payload);
    out
}
