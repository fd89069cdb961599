//! Small files with the structure of real ones, for the tests.

/// Whole files whose every strict beginning lacks something.
pub(super) fn whole() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("JPEG", jpeg()),
        ("progressive JPEG", progressive_jpeg()),
        ("PNG", png()),
        ("GIF", gif()),
        ("WebP", webp()),
        ("AVI", avi()),
        ("MP4", mp4()),
        ("MP4 with 64-bit sizes", long_mp4()),
        ("HEIC", heic()),
        ("WebM", webm()),
    ]
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap();
    [&[0xFF, marker], length.to_be_bytes().as_slice(), body].concat()
}

/// What the coded picture looks like in the file: each `FF` is followed by a stuffed zero.
fn stuffed(picture: &[u8]) -> Vec<u8> {
    picture
        .iter()
        .flat_map(|byte| if *byte == 0xFF { vec![0xFF, 0] } else { vec![*byte] })
        .collect()
}

/// A picture whose metadata contains a thumbnail with an end mark of its own, twice.
pub(super) fn jpeg_of(picture: &[u8]) -> Vec<u8> {
    let thumbnail = b"Exif\0\0II\x2A\0\xFF\xD8\xFF\xDB\0\x02\xFF\xDA\0\x02abc\xFF\xD9\xFF\xD9";
    let fill = vec![0xFF, 0xFF];
    let header = [
        segment(0xE1, thumbnail),
        fill,
        segment(0xDB, &[1; 65]),
        segment(0xC0, &[8; 15]),
    ]
    .concat();
    [
        b"\xFF\xD8",
        &*header,
        &segment(0xDA, &[1; 10]),
        &stuffed(picture),
        b"\xFF\xD9",
    ]
    .concat()
}

pub(super) fn jpeg() -> Vec<u8> {
    let mut file = jpeg_of(b"picture \xFF with \xFF\xFF marks");
    let end = file.len() - 2;
    file.splice(end..end, *b"\xFF\xD0 after a restart \xFF\xD7 and another");
    file
}

/// Several scans, with tables between them that contain what looks like a marker.
fn progressive_jpeg() -> Vec<u8> {
    let first = jpeg_of(b"first scan");
    let table = segment(0xC4, b"a table\xFF\xC4\0\x02");
    [
        &first[..first.len() - 2],
        &table,
        &segment(0xDA, &[1; 8]),
        b"second scan\xFF\xD9",
    ]
    .concat()
}

fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    [
        &u32::try_from(body.len()).unwrap().to_be_bytes(),
        name,
        body,
        b"\x01\x02\x03\x04",
    ]
    .concat()
}

pub(super) fn png() -> Vec<u8> {
    let body = [
        chunk(b"IHDR", &[1; 13]),
        chunk(b"tEXt", b"a IEND b"),
        chunk(b"IDAT", &[9; 50]),
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1A\n",
        &*body,
        &chunk(b"IDAT", b""),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// Two images and an extension, whose data contain bytes that look like the trailer.
pub(super) fn gif() -> Vec<u8> {
    let screen = [b"GIF89a\x02\0\x02\0\x80\0\0".as_slice(), &[7; 6]].concat();
    let image = [
        b",\0\0\0\0\x02\0\x02\0\x81".as_slice(),
        &[6; 12],
        b"\x02\x03;;;\x01;\0",
    ]
    .concat();
    [
        &*screen,
        b"!\xFE\x05a ; b\0",
        &image,
        b"!\xF9\x04\0\0\0\0\0",
        &image,
        b";",
    ]
    .concat()
}

fn riff(name: &[u8], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(name.len() + body.len()).unwrap();
    [b"RIFF", size.to_le_bytes().as_slice(), name, body].concat()
}

pub(super) fn webp() -> Vec<u8> {
    riff(b"WEBP", b"VP8 \x14\0\0\0twenty bytes in all.")
}

fn avi() -> Vec<u8> {
    riff(b"AVI ", &[&b"LIST"[..], &[4; 60]].concat())
}

/// A box with a 32-bit size.
pub(super) fn iso_box(name: &[u8], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), name, body].concat()
}

fn long_box(name: &[u8], body: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x01", name, &(body.len() as u64 + 16).to_be_bytes(), body].concat()
}

pub(super) fn mp4() -> Vec<u8> {
    let start = iso_box(b"ftyp", b"isom\0\0\x02\0isomiso2");
    [
        start,
        iso_box(b"free", b""),
        iso_box(b"mdat", &[5; 90]),
        iso_box(b"moov", &[3; 70]),
    ]
    .concat()
}

fn long_mp4() -> Vec<u8> {
    [
        iso_box(b"ftyp", b"qt  \0\0\0\0"),
        iso_box(b"moov", &[3; 30]),
        long_box(b"mdat", &[5; 90]),
    ]
    .concat()
}

fn heic() -> Vec<u8> {
    [
        iso_box(b"ftyp", b"heic\0\0\0\0mif1"),
        iso_box(b"meta", &[2; 40]),
        iso_box(b"mdat", &[5; 90]),
    ]
    .concat()
}

fn webm() -> Vec<u8> {
    let header = b"\x1A\x45\xDF\xA3\x84\x42\x86\x81\x01";
    [
        header,
        &b"\xEC\x82\0\0"[..],
        b"\x18\x53\x80\x67\x01\0\0\0\0\0\0\x28",
        &[6; 40],
    ]
    .concat()
}
