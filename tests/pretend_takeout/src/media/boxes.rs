//! Files made of ISO base media boxes, with what tells their time: MP4, MOV and HEIC.

use super::{Snapshot, exif};

/// Seconds from the epoch of these formats, 1904, to that of Unix.
const SINCE_1904: i64 = 2_082_844_800;

pub(super) fn boxed(name: [u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum::<usize>() + 8;
    let mut out = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    out.extend(name);
    out.extend(parts.concat());
    out
}

/// Everything of a video before its filler.
pub(super) fn video(snapshot: &Snapshot, is_quicktime: bool) -> Vec<u8> {
    let brand: &[u8] = if is_quicktime {
        b"qt  \0\0\0\0qt  "
    } else {
        b"isom\0\0\x02\0isommp41"
    };
    let place = snapshot.place.map(place).unwrap_or_default();
    let identifier = snapshot.identifier.as_deref().map(identifier).unwrap_or_default();
    let mut out = boxed(*b"ftyp", &[brand]);
    out.extend(boxed(
        *b"moov",
        &[&boxed(*b"mvhd", &[&movie_header(snapshot)]), &place, &identifier],
    ));
    out
}

/// Version 1, whose times have 64 bits; no tracks. A clip has three seconds, a film more.
fn movie_header(snapshot: &Snapshot) -> Vec<u8> {
    let time = snapshot.taken.map_or(0, |taken| taken + SINCE_1904).max(0);
    let mut out = vec![1, 0, 0, 0];
    out.extend(time.to_be_bytes());
    out.extend(time.to_be_bytes());
    out.extend(1000_u32.to_be_bytes());
    let thousandths: u64 = if snapshot.identifier.is_some() {
        3_000
    } else {
        42_000
    };
    out.extend(thousandths.to_be_bytes());
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

/// ISO 6709 in the user data, as phones write it.
fn place((latitude, longitude): (f64, f64)) -> Vec<u8> {
    let text = format!("{latitude:+08.4}{longitude:+09.4}/");
    let length = u16::try_from(text.len()).unwrap_or(0).to_be_bytes();
    let field = boxed(
        [0xA9, b'x', b'y', b'z'],
        &[&length, &[0x15, 0xC7], text.as_bytes()],
    );
    boxed(*b"udta", &[&field])
}

/// Apple's key for the clip that belongs to a still.
fn identifier(identifier: &str) -> Vec<u8> {
    let handler = [&[0; 8][..], b"mdta", &[0; 13]].concat();
    let key = boxed(*b"mdta", &[b"com.apple.quicktime.content.identifier"]);
    let value = boxed(*b"data", &[&1_u32.to_be_bytes(), &[0; 4], identifier.as_bytes()]);
    boxed(
        *b"meta",
        &[
            &boxed(*b"hdlr", &[&handler]),
            &boxed(*b"keys", &[&[0; 4], &1_u32.to_be_bytes(), &key]),
            &boxed(*b"ilst", &[&boxed([0, 0, 0, 1], &[&value])]),
        ],
    )
}

/// Everything of a HEIC before its filler: a picture item that is not there, and an EXIF item that is.
pub(super) fn heic(snapshot: &Snapshot) -> Vec<u8> {
    let kind = boxed(*b"ftyp", &[b"heic\0\0\0\0mif1heic"]);
    let exif = exif::tiff(snapshot).map(|tiff| [&6_u32.to_be_bytes()[..], b"Exif\0\0", &tiff].concat());
    let exif = exif.unwrap_or_default();
    let meta = |exif_at| meta(exif_at, u32::try_from(exif.len()).unwrap_or(0));
    let exif_at = u32::try_from(kind.len() + meta(0).len() + 8).unwrap_or(0);
    [kind, meta(exif_at), boxed(*b"free", &[&exif])].concat()
}

fn meta(exif_at: u32, exif_len: u32) -> Vec<u8> {
    let handler = [&[0; 8][..], b"pict", &[0; 13]].concat();
    let item = |id: u8, kind: &[u8; 4]| boxed(*b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], kind, b"\0"]);
    let mut places = vec![0, 0, 0, 0, 0x44, 0, 0, 2];
    for (id, at, len) in [(1, exif_at, 0), (2, exif_at, exif_len)] {
        places.extend([0, id, 0, 0, 0, 1]);
        places.extend(u32::to_be_bytes(at));
        places.extend(u32::to_be_bytes(len));
    }
    boxed(
        *b"meta",
        &[
            &[0; 4],
            &boxed(*b"hdlr", &[&handler]),
            &boxed(*b"pitm", &[&[0, 0, 0, 0, 0, 1]]),
            &boxed(
                *b"iinf",
                &[&[0, 0, 0, 0, 0, 2], &item(1, b"hvc1"), &item(2, b"Exif")],
            ),
            &boxed(*b"iloc", &[&places]),
        ],
    )
}
