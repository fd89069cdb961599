use super::samples::{self, iso_box};
use super::*;
use proptest::prelude::*;
use std::io::{Cursor, SeekFrom};

fn judge(bytes: &[u8]) -> Completeness {
    examine(&mut Cursor::new(bytes), bytes.len() as u64).unwrap()
}

fn is_truncated(bytes: &[u8]) -> bool {
    matches!(judge(bytes), Completeness::Truncated(_))
}

#[test]
fn whole_files_are_complete_and_no_beginning_of_one_is() {
    for (name, file) in samples::whole() {
        assert_eq!(judge(&file), Completeness::Complete, "{name}");
        for end in 0..file.len() {
            let verdict = judge(&file[..end]);
            assert_ne!(
                verdict,
                Completeness::Complete,
                "the first {end} of {} bytes of {name}",
                file.len()
            );
        }
    }
}

#[test]
fn what_is_cut_off_well_within_is_said_to_be() {
    for (name, file) in samples::whole() {
        for end in [file.len() * 2 / 3, file.len() - 2] {
            assert!(
                is_truncated(&file[..end]),
                "the first {end} of {} bytes of {name}",
                file.len()
            );
        }
    }
}

#[test]
fn a_hole_of_zeros_at_the_end_is_not_a_picture() {
    for (name, mut file) in [
        ("JPEG", samples::jpeg()),
        ("PNG", samples::png()),
        ("MP4", samples::mp4()),
    ] {
        let half = file.len() / 2;
        file[half..].fill(0);
        assert_ne!(judge(&file), Completeness::Complete, "{name}");
    }
    assert_eq!(judge(&[0; 4096]), Completeness::NotMedia(Format::Zeros));
}

#[test]
fn what_is_no_media_is_named() {
    assert_eq!(judge(b""), Completeness::NotMedia(Format::Empty));
    assert_eq!(
        judge(b"<!doctype html><title>Sign in</title>"),
        Completeness::NotMedia(Format::Html)
    );
    assert_eq!(judge(b"{\"error\": 403}"), Completeness::NotMedia(Format::Json));
    assert!(matches!(
        judge(b"PK\x03\x04\x14\0\0\0\x08\0"),
        Completeness::NotMedia(Format::Other(..))
    ));
}

#[test]
fn formats_without_an_end_are_left_open() {
    let transport = [vec![0x47], vec![0; 187]].concat().repeat(4);
    let live = [
        b"\x1A\x45\xDF\xA3\x80\x18\x53\x80\x67\x01".as_slice(),
        &[0xFF; 7],
        &[1; 50],
    ]
    .concat();
    let unfinished_avi = [b"RIFF\0\0\0\0AVI LIST".as_slice(), &[7; 40]].concat();
    for file in [
        b"II\x2A\0\x08\0\0\0\x01\0".to_vec(),
        transport,
        live,
        unfinished_avi,
        vec![0x80; 300],
    ] {
        assert_eq!(judge(&file), Completeness::Unknown, "{:?}", &file[..8]);
    }
}

#[test]
fn a_gif_may_lack_its_trailer_but_no_part_of_its_images() {
    let file = samples::gif();
    assert_eq!(judge(&file[..file.len() - 1]), Completeness::Unknown);
    assert!(is_truncated(&file[..file.len() - 2]));
    assert!(is_truncated(&file[..19]), "a header alone");
}

#[test]
fn appendices_of_pictures_are_tolerated() {
    for appendix in [&b"\0\0\0\0"[..], b"SEFHe\0\0\0SEFT", &[0xFF; 30], b"\0"] {
        for picture in [samples::jpeg(), samples::png(), samples::gif(), samples::webp()] {
            assert_eq!(judge(&[&picture, appendix].concat()), Completeness::Complete);
        }
    }
}

#[test]
fn a_motion_photo_needs_its_clip_whole() {
    let (still, clip) = (samples::jpeg(), samples::mp4());
    let photo = [still.as_slice(), b"MotionPhoto_Data", &clip].concat();
    assert_eq!(judge(&photo), Completeness::Complete);
    assert_eq!(
        judge(&[&photo, b"\0\0\x01\x0A\x0E\0\0\0SEFT".as_slice()].concat()),
        Completeness::Complete
    );
    for lost in 1..clip.len() - 8 {
        assert!(is_truncated(&photo[..photo.len() - lost]), "{lost} bytes lost");
    }
}

#[test]
fn a_second_picture_needs_its_end_too() {
    let still = samples::jpeg();
    let pair = [still.as_slice(), &still, b"\0\0"].concat();
    assert_eq!(judge(&pair), Completeness::Complete);
    assert!(is_truncated(&pair[..pair.len() - 4]));
}

#[test]
fn a_video_needs_its_index_and_its_pictures() {
    let (start, index) = (
        iso_box(b"ftyp", b"isom\0\0\x02\0isom"),
        iso_box(b"moov", &[1; 40]),
    );
    let media = iso_box(b"mdat", &[2; 100]);
    assert_eq!(
        judge(&[&*start, &*media, &*index].concat()),
        Completeness::Complete
    );
    assert_eq!(
        judge(&[&*start, &*media].concat()),
        Completeness::Truncated("its index is missing")
    );
    assert!(is_truncated(&[&*start, &*index].concat()));
    assert!(
        is_truncated(&[&*start, &*media, &[0; 48]].concat()),
        "a hole where the index should be"
    );
    assert_eq!(
        judge(&[&*index, &*media].concat()),
        Completeness::Complete,
        "QuickTime without ftyp"
    );
    assert_eq!(
        judge(&[&*index, &*media, &[0; 4]].concat()),
        Completeness::Unknown,
        "QuickTime's terminator"
    );
    assert_eq!(
        judge(&[&*index, &*media, &[0; 64]].concat()),
        Completeness::Unknown,
        "somebody's appendix"
    );
    let open = [0, 0, 0, 0, b'm', b'd', b'a', b't', 1, 2, 3];
    assert_eq!(judge(&[&*start, &*index, &open].concat()), Completeness::Unknown);
}

#[test]
fn a_fragmented_video_is_sure_only_with_its_table() {
    let head = [iso_box(b"ftyp", b"iso5\0\0\x02\0"), iso_box(b"moov", &[1; 20])].concat();
    let fragment = [iso_box(b"moof", &[3; 20]), iso_box(b"mdat", &[2; 100])].concat();
    let stream = [head, fragment.clone(), fragment].concat();
    assert_eq!(judge(&stream), Completeness::Unknown);
    assert_eq!(
        judge(&[stream, iso_box(b"mfra", &[0; 8])].concat()),
        Completeness::Complete
    );
}

#[test]
fn a_file_that_is_shorter_than_said_is_an_error() {
    let file = samples::jpeg();
    let error = examine(&mut Cursor::new(&file), file.len() as u64 + 10).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

/// A file of any length that repeats one piece for ever after its head, and counts what is read of it.
struct Endless {
    head: Vec<u8>,
    piece: Vec<u8>,
    at: u64,
    bytes_read: u64,
}

impl Endless {
    fn new(head: &[u8], piece: &[u8]) -> Self {
        Self {
            head: head.to_vec(),
            piece: piece.to_vec(),
            at: 0,
            bytes_read: 0,
        }
    }

    fn byte(&self, at: u64) -> u8 {
        let head = self.head.len() as u64;
        match at.checked_sub(head) {
            None => self.head[usize::try_from(at).unwrap()],
            Some(rest) => self.piece[usize::try_from(rest % self.piece.len() as u64).unwrap()],
        }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for slot in &mut *buffer {
            *slot = self.byte(self.at);
            self.at += 1;
        }
        self.bytes_read += buffer.len() as u64;
        Ok(buffer.len())
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        self.at = at;
        Ok(at)
    }
}

#[test]
fn scans_stop_however_long_the_file_is() {
    const LIMIT: u64 = 1 << 20;
    let jpeg = samples::jpeg();
    let header = &jpeg[..jpeg.len() - 20];
    let gif = &samples::gif()[..19];
    let cases = [
        (Format::Jpeg, Endless::new(header, &[0xFF, 0x00])),
        (Format::Jpeg, Endless::new(header, &[0xFF, 0xC4, 0, 2])),
        (Format::Jpeg, Endless::new(&jpeg, &jpeg)),
        (Format::Gif, Endless::new(gif, b"!\xF9\x01\x01\0")),
        (Format::Gif, Endless::new(gif, b"!\xF9\x01\x01")),
        (Format::Gif, Endless::new(gif, b"\0")),
    ];
    for (format, mut file) in cases {
        let verdict = examine_as(format, &mut Probe::new(&mut file, 1 << 50).scanning(LIMIT)).unwrap();
        assert_eq!(verdict, Completeness::Unknown, "{format}");
        assert!(
            file.bytes_read <= 2 * LIMIT,
            "{} bytes of {format}",
            file.bytes_read
        );
    }
}

#[test]
fn walks_stop_however_many_parts_there_are() {
    let mut file = Endless::new(b"", b"\0\0\0\x08free");
    assert_eq!(examine(&mut file, 1 << 50).unwrap(), Completeness::Unknown);
    assert!(file.bytes_read <= 16 << 20, "{}", file.bytes_read);
}

/// Beginnings that lead into every branch, before bytes that lead anywhere.
fn hostile_file() -> impl Strategy<Value = Vec<u8>> {
    let beginning = prop_oneof![
        prop::sample::select(samples::whole()).prop_flat_map(|(_, file)| {
            let len = file.len();
            (Just(file), 0..=len).prop_map(|(file, end)| file[..end].to_vec())
        }),
        Just(Vec::new()),
    ];
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::sample::select(vec![0xFF_u8, 0x00, 0x80, 0x21, 0x2C]).prop_map(|byte| vec![byte; 12]),
        Just(b"\0\0\0\x01mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec()),
        Just(b"\xFF\xFF\xFF\xFFIDAT".to_vec()),
    ];
    (beginning, prop::collection::vec(piece, 0..6))
        .prop_map(|(start, pieces)| [start, pieces.concat()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_bytes_are_examined_safely(file in hostile_file()) {
        let verdict = judge(&file);
        prop_assert_eq!(judge(&file), verdict, "the verdict depends on the bytes alone");
        if let Completeness::NotMedia(format) = verdict {
            prop_assert_eq!(format.kind(), Kind::NotMedia);
        }
    }

    #[test]
    fn a_jpeg_is_complete_only_with_its_end(
        picture in prop::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>(),
    ) {
        let file = samples::jpeg_of(&picture);
        prop_assert_eq!(judge(&file), Completeness::Complete);
        prop_assert_ne!(judge(&file[..cut.index(file.len())]), Completeness::Complete);
    }
}
