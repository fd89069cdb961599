//! Photos and videos that open, or nearly: real structure, real metadata, and filler up to any size.

mod boxes;
mod exif;

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime};
use serde::Serialize;
use stand_in_google::Body;

/// What a file's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Format {
    /// A JPEG picture with EXIF.
    Jpeg,
    /// A PNG picture with EXIF.
    Png,
    /// A HEIC frame with EXIF.
    Heic,
    /// An MP4 with a movie header.
    Mp4,
    /// A `QuickTime` movie with a movie header.
    Mov,
    /// A GIF, which has no metadata.
    Gif,
}

/// What a file says of its making. Two snapshots that differ have different bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Snapshot {
    /// Chooses the picture.
    pub(crate) seed: u64,
    /// The size aimed at; the frame's own when that is more.
    pub(crate) size: u64,
    /// In UTC, as seconds since the epoch; none if the file does not say.
    pub(crate) taken: Option<i64>,
    /// Minutes that the clock of the place was ahead of UTC.
    pub(crate) offset_minutes: i32,
    /// Whether the offset is in the file.
    pub(crate) tells_offset: bool,
    /// Latitude and longitude.
    pub(crate) place: Option<(f64, f64)>,
    /// What a still and its clip have in common.
    pub(crate) identifier: Option<String>,
}

impl Snapshot {
    /// What the clock on the wall showed.
    fn local(&self) -> Option<NaiveDateTime> {
        let seconds = self.taken? + i64::from(self.offset_minutes) * 60;
        Some(DateTime::from_timestamp(seconds, 0)?.naive_utc())
    }

    fn offset_text(&self) -> String {
        let (sign, minutes) = (
            if self.offset_minutes < 0 { '-' } else { '+' },
            self.offset_minutes.abs(),
        );
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// The bytes of a file, in pieces that share their filler.
pub(crate) fn bytes(format: Format, snapshot: &Snapshot) -> Vec<Bytes> {
    let (seed, size) = (snapshot.seed, snapshot.size);
    match format {
        Format::Jpeg => {
            let exif = exif::tiff(snapshot)
                .map(|tiff| jpeg_segment(&tiff))
                .unwrap_or_default();
            let body = Body::Jpeg {
                width: 16,
                height: 16,
                seed,
                size: size.saturating_sub(exif.len() as u64),
            };
            spliced(&body, 2, exif)
        }
        Format::Png => {
            let exif = exif::tiff(snapshot).map(|tiff| png_chunk(*b"eXIf", &tiff));
            let exif = [
                png_chunk(*b"tEXt", format!("Comment\0{seed:016x}").as_bytes()),
                exif.unwrap_or_default(),
            ]
            .concat();
            let body = Body::Png {
                width: 4,
                height: 4,
                seed,
                size: size.saturating_sub(exif.len() as u64),
            };
            // Behind the signature and the header's chunk.
            spliced(&body, 33, exif)
        }
        Format::Gif => Body::Gif { size, seed }.rope(false).into_pieces(),
        Format::Heic => framed(boxes::heic(snapshot), snapshot),
        Format::Mp4 => framed(boxes::video(snapshot, false), snapshot),
        Format::Mov => framed(boxes::video(snapshot, true), snapshot),
    }
}

fn spliced(body: &Body, at: u64, inserted: Vec<u8>) -> Vec<Bytes> {
    let whole = body.rope(false);
    let mut pieces = whole.slice(0, at).into_pieces();
    pieces.push(inserted.into());
    pieces.extend(whole.slice(at, u64::MAX).into_pieces());
    pieces
}

/// A head, and a media box of filler behind it that begins with the seed.
fn framed(mut head: Vec<u8>, snapshot: &Snapshot) -> Vec<Bytes> {
    head.extend(boxes::boxed(
        *b"free",
        &[format!("{:016x}", snapshot.seed).as_bytes()],
    ));
    let room = snapshot.size.saturating_sub(head.len() as u64 + 8);
    head.extend(u32::try_from(room + 8).unwrap_or(0).to_be_bytes());
    head.extend(b"mdat");
    let filler = Body::Filled {
        mime: "application/octet-stream",
        size: room,
        seed: snapshot.seed,
    };
    let mut pieces = vec![head.into()];
    pieces.extend(filler.rope(false).into_pieces());
    pieces
}

fn jpeg_segment(tiff: &[u8]) -> Vec<u8> {
    let length = u16::try_from(tiff.len() + 8).unwrap_or(u16::MAX);
    [&[0xFF, 0xE1][..], &length.to_be_bytes(), b"Exif\0\0", tiff].concat()
}

fn png_chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(data.len())
        .unwrap_or(u32::MAX)
        .to_be_bytes()
        .to_vec();
    out.extend(name);
    out.extend(data);
    let crc = crc32fast::hash(&out[4..]);
    out.extend(crc.to_be_bytes());
    out
}
