use std::io::Cursor;

use proptest::prelude::*;

use super::samples::{CLOCK, IDENTIFIER, OFFSET, heic, jpeg, movie, movie_of, png, tiff, webp};
use super::*;

fn of(bytes: &[u8]) -> MediaClues {
    read(Cursor::new(bytes))
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap()
}

/// All stills with the same EXIF in them.
fn stills(tiff: &[u8]) -> [(&'static str, Vec<u8>); 5] {
    [
        ("jpeg", jpeg(tiff)),
        ("heic", heic(tiff)),
        ("png", png(tiff)),
        ("webp", webp(tiff)),
        ("tiff", tiff.to_vec()),
    ]
}

#[test]
fn stills_of_every_format_tell_time_place_and_identifier() {
    for (format, bytes) in stills(&tiff(CLOCK, OFFSET)) {
        let expected = MediaClues {
            time: Some(FileTime {
                clock: at("2019-06-08 12:34:56.789"),
                offset: Some(7200),
                basis: TimeBasis::Clock,
            }),
            place: Place::new(
                48.0 + 51.0 / 60.0 + 30.0 / 3600.0,
                2.0 + 17.0 / 60.0 + 40.0 / 3600.0,
                Some(35.0),
            ),
            content_identifier: Some(IDENTIFIER.into()),
            seconds: None,
        };
        assert_eq!(of(&bytes), expected, "{format}");
    }
}

#[test]
fn times_that_stand_for_none() {
    for clock in [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "1904:01:01 00:00:00",
        "1970:01:01 00:00:00",
        "1980:01:01 00:00:01",
        "2019:13:01 00:00:00",
        "9999:01:01 00:00:00",
        "rubbish",
    ] {
        let clues = of(&jpeg(&tiff(clock, OFFSET)));
        assert_eq!(clues.time, None, "{clock}");
        assert!(clues.place.is_some(), "{clock}: the rest stays");
    }
    let without_offset = of(&jpeg(&tiff(CLOCK, "   :  "))).time.unwrap();
    assert_eq!(
        (without_offset.clock, without_offset.offset),
        (at("2019-06-08 12:34:56.789"), None)
    );
}

#[test]
fn films_tell_their_time() {
    /// 2019-06-08T10:34:56Z, from 1970 and from 1904.
    const UNIX: u32 = 1_559_990_096;
    const SINCE_1904: u32 = UNIX + 2_082_844_800;
    let header = |created| {
        of(&movie(created, false))
            .time
            .map(|time| (time.clock, time.offset, time.basis))
    };
    let expected = Some((at("2019-06-08 10:34:56"), Some(0), TimeBasis::MovieHeader));
    assert_eq!(header(SINCE_1904), expected);
    assert_eq!(header(UNIX), expected, "counted from 1970");
    assert_eq!(header(0), None);
    assert_eq!(header(2_082_844_800), None, "1970 exactly");
    assert_eq!(header(1000), None);
    assert_eq!(
        of(&movie(SINCE_1904, false)).place,
        Place::new(48.8583, 2.2944, None)
    );

    let clues = of(&movie(SINCE_1904, true));
    let local = FileTime {
        clock: at("2019-06-08 12:34:56"),
        offset: Some(7200),
        basis: TimeBasis::Clock,
    };
    assert_eq!(clues.time, Some(local), "Apple's own time knows its offset");
    assert_eq!(clues.content_identifier.as_deref(), Some(IDENTIFIER));
    assert_eq!(clues.place, Place::new(48.8583, 2.2944, Some(35.0)));
}

#[test]
fn films_tell_how_long_they_are() {
    let seconds = |header: &[&[u8]]| {
        let header = movie_of(&header.concat());
        of(&header).seconds
    };
    let (none, four) = ([0_u8; 4], |number: u32| number.to_be_bytes());
    let short = |a_second: u32, units: u32| seconds(&[&none, &none, &none, &four(a_second), &four(units)]);
    assert_eq!(short(600, 1_500), Some(2));
    assert_eq!(short(0, 1_500), None);
    assert_eq!(short(600, u32::MAX), None, "it does not know");
    let long = 90_000_u64 * 7200;
    let version_1 = [&[1, 0, 0, 0][..], &[0; 16], &four(90_000), &long.to_be_bytes()];
    assert_eq!(seconds(&version_1), Some(7200));
}

#[test]
fn what_is_neither_tells_nothing() {
    for bytes in [&b""[..], b"GIF89a", b"<html>", b"\xFF\xD8\xFF\xE1\xFF\xFF"] {
        assert_eq!(of(bytes), MediaClues::default());
    }
}

fn samples() -> Vec<Vec<u8>> {
    let mut samples: Vec<Vec<u8>> = stills(&tiff(CLOCK, OFFSET))
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    samples.extend([movie(1, true), movie(3_642_834_896, false)]);
    samples
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_files_are_read_safely(
        sample in prop::sample::select(samples()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = sample;
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len() + 1));
        }
        of(&bytes);
    }
}
