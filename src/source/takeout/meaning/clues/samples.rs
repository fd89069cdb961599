//! Photos and films as small as they can be, with everything looked for in them.

use std::io::Write;

/// One EXIF field: tag, type, count, and its bytes.
type RawField = (u16, u16, u32, Vec<u8>);

/// When the samples were taken, by the camera's clock.
pub(crate) const CLOCK: &str = "2019:06:08 12:34:56";
pub(crate) const OFFSET: &str = "+02:00";
pub(crate) const IDENTIFIER: &str = "0A1B2C3D-0000-4000-8000-123456789ABC";

const ASCII: u16 = 2;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

fn ascii(tag: u16, text: &str) -> RawField {
    let bytes = [text.as_bytes(), b"\0"].concat();
    (tag, ASCII, u32::try_from(bytes.len()).unwrap(), bytes)
}

fn rationals(tag: u16, parts: &[(u32, u32)]) -> RawField {
    let bytes = parts
        .iter()
        .flat_map(|(n, d)| [n.to_be_bytes(), d.to_be_bytes()].concat())
        .collect();
    (tag, RATIONAL, u32::try_from(parts.len()).unwrap(), bytes)
}

/// A directory that will lie at `at`, with the values behind it.
fn directory(at: usize, fields: &[RawField]) -> Vec<u8> {
    let mut entries = u16::try_from(fields.len()).unwrap().to_be_bytes().to_vec();
    let mut values = Vec::new();
    let values_at = at + 2 + 12 * fields.len() + 4;
    for (tag, kind, count, bytes) in fields {
        entries.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
        entries.extend(count.to_be_bytes());
        if bytes.len() <= 4 {
            entries.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            entries.extend(u32::try_from(values_at + values.len()).unwrap().to_be_bytes());
            values.extend(bytes);
            values.extend(vec![0; bytes.len() % 2]);
        }
    }
    entries.extend([0; 4]);
    entries.extend(values);
    entries
}

/// The EXIF of an iPhone at 48°51'30"N 2°17'40"E, 35 m.
pub(crate) fn tiff(clock: &str, offset: &str) -> Vec<u8> {
    let mut note = b"Apple iOS\0\0\x01MM\0\x01".to_vec();
    let length = u32::try_from(IDENTIFIER.len() + 1).unwrap();
    note.extend([0, 0x11, 0, 2]);
    note.extend(length.to_be_bytes());
    note.extend(32_u32.to_be_bytes());
    note.extend([0; 4]);
    note.extend(IDENTIFIER.as_bytes());
    note.push(0);
    let times = [
        ascii(0x9003, clock),
        ascii(0x9011, offset),
        (0x927C, UNDEFINED, u32::try_from(note.len()).unwrap(), note),
        ascii(0x9291, "789"),
    ];
    let place = [
        ascii(1, "N"),
        rationals(2, &[(48, 1), (51, 1), (30, 1)]),
        ascii(3, "E"),
        rationals(4, &[(2, 1), (17, 1), (40, 1)]),
        (5, 1, 1, vec![0]),
        rationals(6, &[(35, 1)]),
    ];
    let pointer = |tag, at: usize| (tag, LONG, 1, u32::try_from(at).unwrap().to_be_bytes().to_vec());
    let first_length = directory(8, &[pointer(0x8769, 0), pointer(0x8825, 0)]).len();
    let times_at = 8 + first_length;
    let times = directory(times_at, &times);
    let place_at = times_at + times.len();
    let first = directory(8, &[pointer(0x8769, times_at), pointer(0x8825, place_at)]);
    [
        b"MM\0\x2A\0\0\0\x08".to_vec(),
        first,
        times,
        directory(place_at, &place),
    ]
    .concat()
}

pub(crate) fn jpeg(tiff: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE1".to_vec();
    bytes.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(b"\xFF\xDA\0\x02\xFF\xD9");
    bytes
}

pub(crate) fn png(tiff: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, content) in [(b"IHDR", &[0; 13][..]), (b"eXIf", tiff), (b"IEND", &[])] {
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(name);
        bytes.extend(content);
        bytes.extend([0; 4]);
    }
    bytes
}

pub(crate) fn webp(tiff: &[u8]) -> Vec<u8> {
    let chunk = [
        b"EXIF",
        &u32::try_from(tiff.len()).unwrap().to_le_bytes()[..],
        tiff,
    ]
    .concat();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(u32::try_from(chunk.len() + 4).unwrap().to_le_bytes());
    bytes.extend(b"WEBP");
    bytes.extend(chunk);
    bytes.extend(vec![0; tiff.len() % 2]);
    bytes
}

pub(crate) fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], name, content].concat()
}

/// A HEIC whose EXIF lies behind its index.
pub(crate) fn heic(tiff: &[u8]) -> Vec<u8> {
    let exif = [&[0, 0, 0, 6][..], b"Exif\0\0", tiff].concat();
    let file_type = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
    let entry = boxed(b"infe", b"\x02\0\0\0\0\x01\0\0Exif\0");
    let items = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 1][..], &entry].concat());
    let meta = |at: usize| {
        let mut location = vec![0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1];
        location.extend(u32::try_from(at).unwrap().to_be_bytes());
        location.extend(u32::try_from(exif.len()).unwrap().to_be_bytes());
        boxed(
            b"meta",
            &[&[0; 4][..], &items, &boxed(b"iloc", &location)].concat(),
        )
    };
    let at = file_type.len() + meta(0).len() + 8;
    [file_type, meta(at), boxed(b"mdat", &exif)].concat()
}

/// A film made so many seconds after 1904, with Apple's metadata if wanted, and its index at the end.
pub(crate) fn movie(created: u32, has_apples: bool) -> Vec<u8> {
    let mut header = vec![0; 4];
    header.write_all(&created.to_be_bytes()).unwrap();
    header.extend([0; 92]);
    let mut index = boxed(b"mvhd", &header);
    if has_apples {
        index.extend(apples_metadata());
    } else {
        index.extend(boxed(
            b"udta",
            &boxed(b"\xA9xyz", b"\0\x12\x15\xC7+48.8583+002.2944/"),
        ));
    }
    [
        boxed(b"ftyp", b"qt  \0\0\0\0"),
        boxed(b"mdat", &[7; 5000]),
        boxed(b"moov", &index),
    ]
    .concat()
}

fn apples_metadata() -> Vec<u8> {
    let texts = [
        ("com.apple.quicktime.content.identifier", IDENTIFIER),
        ("com.apple.quicktime.creationdate", "2019-06-08T12:34:56+0200"),
        (
            "com.apple.quicktime.location.ISO6709",
            "+48.8583+002.2944+035.000/",
        ),
    ];
    let mut keys = vec![0, 0, 0, 0, 0, 0, 0, 3];
    let mut values = Vec::new();
    for ((key, value), number) in texts.iter().zip(1_u32..) {
        keys.extend(boxed(b"mdta", key.as_bytes()));
        let data = boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], value.as_bytes()].concat());
        values.extend(boxed(&number.to_be_bytes(), &data));
    }
    let handler = boxed(b"hdlr", &[0; 24]);
    boxed(
        b"meta",
        &[handler, boxed(b"keys", &keys), boxed(b"ilst", &values)].concat(),
    )
}

/// A film that has nothing but this header.
pub(crate) fn movie_of(header: &[u8]) -> Vec<u8> {
    [
        boxed(b"ftyp", b"qt  \0\0\0\0"),
        boxed(b"moov", &boxed(b"mvhd", header)),
    ]
    .concat()
}
