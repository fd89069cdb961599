use super::by_hand::{self, HandMade};
use super::*;

fn fault(entry: HandMade) -> EntryFault {
    let zip = indexed(by_hand::zip(&[entry], false)).unwrap();
    contents(&zip).remove(0).1.unwrap_err()
}

#[test]
fn every_kind_of_entry_comes_out_as_it_went_in() {
    let (photo, text) = (noise(1, 100_000), b"{\"title\": \"a\"}".repeat(900));
    let files: [(&str, &[u8]); 4] = [
        ("Takeout/Google Photos/Trip/a.jpg", &photo),
        ("Takeout/Google Photos/Trip/a.jpg.json", &text),
        ("Takeout/Google Photos/Trip/leer.jpg", b""),
        ("Takeout/Google\u{a0}Photos/Ünïcode 📷/写真.json", b"{}"),
    ];
    let by_library = zip_of(&files);
    let mut streamed = ZipWriter::new_stream(Vec::new());
    for (name, bytes) in files {
        streamed.start_file(name, options(name).large_file(true)).unwrap();
        streamed.write_all(bytes).unwrap();
    }
    let streamed = streamed.finish().unwrap().into_inner();
    let hand_made = files.map(|(name, bytes)| {
        let mut entry = HandMade::deflated(name, bytes);
        (entry.is_zip64, entry.flags) = (true, 8);
        entry
    });
    let mut behind_junk = b"#!/bin/sh\nexit\n".repeat(50);
    behind_junk.extend(&by_library);
    let mut before_junk = by_library.clone();
    before_junk.extend([0; 700]);
    for zip in [
        by_library,
        streamed,
        by_hand::zip(&hand_made, true),
        behind_junk,
        before_junk,
    ] {
        let zip = indexed(zip).unwrap();
        let expected = files.map(|(name, bytes)| (name["Takeout/".len()..].to_owned(), Ok(bytes.to_vec())));
        assert_eq!(contents(&zip), expected);
        assert_leaps(&zip, &files);
    }
}

/// What is stored can be read from any place on; what is deflated cannot.
fn assert_leaps(zip: &IndexedZip, files: &[(&str, &[u8])]) {
    for (entry, (_, all)) in zip.table.iter().zip(files) {
        for at in [0, 1, all.len() / 2, all.len(), all.len() + 7] {
            let Some(rest) = zip.leap(entry, at as u64) else {
                let packed = zip.packed_size(entry.id());
                assert_ne!(packed, entry.size(), "{}: {at}", entry.path());
                continue;
            };
            let mut read = Vec::new();
            rest.unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, all[at.min(all.len())..], "{}: {at}", entry.path());
        }
    }
}

#[test]
fn more_entries_than_sixteen_bits_count() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..70_000 {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer
            .start_file(format!("Takeout/G/A/{number}.jpg"), options)
            .unwrap();
    }
    let zip = indexed(writer.finish().unwrap().into_inner()).unwrap();
    assert_eq!(zip.table.len(), 70_000);
    assert_eq!(zip.table.iter().last().unwrap().path(), "G/A/69999.jpg");
}

#[test]
fn entries_that_lie_about_their_bytes_are_caught() {
    let honest = HandMade::stored("a.jpg", b"hello");
    let packed = HandMade::deflated("a.json", &[7; 5000]);
    let with_size = |size| HandMade {
        size,
        ..packed.clone()
    };
    let wrong = EntryFault::Checksum {
        expected: 1,
        found: 0x3610_A686,
    };
    assert_eq!(fault(HandMade { crc: 1, ..honest }), wrong);
    assert_eq!(
        fault(with_size(5001)),
        EntryFault::TooShort {
            size: 5001,
            found: 5000
        }
    );
    assert_eq!(fault(with_size(10)), EntryFault::TooLong { size: 10 });
    let packed = HandMade {
        packed: noise(3, 20),
        ..packed
    };
    assert_eq!(fault(packed), EntryFault::Garbled { size: 5000, found: 0 });
}

#[test]
fn entries_that_cannot_be_are_refused_unread() {
    let honest = || HandMade::stored("a.jpg", b"hello");
    let changed = |change: &dyn Fn(&mut HandMade)| {
        let mut entry = honest();
        change(&mut entry);
        entry
    };
    let bomb = HandMade {
        size: 1 << 40,
        ..HandMade::deflated("a.json", &[7; 5000])
    };
    for (entry, expected) in [
        (bomb, Refusal::Impossible),
        (changed(&|entry| entry.size = 6), Refusal::Impossible),
        (changed(&|entry| entry.method = 12), Refusal::Method(12)),
        (changed(&|entry| entry.flags = 1), Refusal::Encrypted),
        (changed(&|entry| entry.mode = 0o120_777), Refusal::NotAFile),
        (
            changed(&|entry| (entry.packed_size, entry.size) = (Some(4000), 4000)),
            Refusal::Overlapping,
        ),
        (
            changed(&|entry| entry.name = b"../a.jpg".to_vec()),
            Refusal::ClimbsOut,
        ),
        (changed(&|entry| entry.name = b"a\0.jpg".to_vec()), Refusal::Nul),
    ] {
        assert_eq!(fault(entry), EntryFault::Refused(expected));
    }
}

#[test]
fn nobody_is_given_bytes_whose_end_is_wrong() {
    let entry = HandMade {
        crc: 1,
        ..HandMade::stored("a.jpg", b"hello")
    };
    let zip = indexed(by_hand::zip(&[entry], false)).unwrap();
    let mut bytes = zip.open(zip.table.iter().next().unwrap()).unwrap();
    // One who knows the size and reads no further must hear of it too.
    assert!(bytes.read_exact(&mut [0; 5]).is_err());
}

#[test]
fn one_that_overlaps_does_not_take_the_others_with_it() {
    let (liar, second) = (
        HandMade::stored("liar.jpg", b"12345"),
        HandMade::stored("b.jpg", b"67890"),
    );
    let liar = HandMade {
        packed_size: Some(60),
        size: 60,
        ..liar
    };
    let twin = HandMade {
        at_entry: Some(1),
        ..second.clone()
    };
    let zip = indexed(by_hand::zip(&[liar, second, twin], false)).unwrap();
    let mut found = contents(&zip);
    found.sort_by_key(|(path, _)| path.clone());
    assert_eq!(
        found,
        [
            ("b.jpg".to_owned(), Err(Refusal::Overlapping.into())),
            ("b.jpg".to_owned(), Ok(b"67890".to_vec())),
            ("liar.jpg".to_owned(), Err(Refusal::Overlapping.into())),
        ]
    );
}

#[test]
fn names_are_read_in_the_character_set_they_are_in() {
    let dos = HandMade {
        name: b"caf\x82.jpg".to_vec(),
        flags: 0,
        ..HandMade::stored("", b"1")
    };
    let unmarked = HandMade {
        flags: 0,
        ..HandMade::stored("é.jpg", b"2")
    };
    let decomposed = HandMade::stored("modifie\u{301}.jpg", b"3");
    let zip = indexed(by_hand::zip(&[dos, unmarked, decomposed], false)).unwrap();
    let names: Vec<_> = zip.table.iter().map(|entry| entry.name().to_owned()).collect();
    assert_eq!(names, ["café.jpg", "é.jpg", "modifi\u{e9}.jpg"]);
}

#[test]
fn a_download_cut_short_anywhere_is_called_that() {
    // A zip among the files, whole at the cut end, must not pass for the part.
    let inner = zip_of(&[("inner.txt", b"x")]);
    let whole = zip_of(&[
        ("Takeout/G/a.jpg", &noise(1, 300)),
        ("Takeout/Drive/inner.zip.jpg", &inner),
        ("Takeout/G/b.jpg", &noise(2, 300)),
    ]);
    for end in 0..whole.len() {
        let cut = indexed(whole[..end].to_vec());
        assert!(
            matches!(cut, Err(PartFault::CutShort(len)) if len == end as u64),
            "cut after {end} of {} bytes: {cut:?}",
            whole.len()
        );
    }
    assert!(indexed(whole).is_ok());
}

#[test]
fn a_directory_that_lists_too_little_is_not_believed() {
    let mut zip = by_hand::zip(
        &[HandMade::stored("a.jpg", b"1"), HandMade::stored("b.jpg", b"2")],
        false,
    );
    let count = zip.len() - 12;
    zip[count] = 9;
    assert!(matches!(indexed(zip), Err(PartFault::Damaged(_))));
}

#[test]
fn an_empty_zip_is_an_empty_part() {
    assert_eq!(indexed(by_hand::zip(&[], false)).unwrap().table.len(), 0);
}
