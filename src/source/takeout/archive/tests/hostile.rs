//! Any bytes at all can be indexed and read: no panic, no endless loop, no reserving of what is only claimed.

use proptest::prelude::*;
use proptest::sample::Index;

use super::by_hand::{self, HandMade};
use super::*;

fn sample(with_zip64_end: bool) -> Vec<u8> {
    let entries: Vec<_> = (0..6)
        .map(|number| {
            let name = format!("Takeout/G/A{}/{number}.jpg", number / 3);
            let mut entry = HandMade::deflated(&name, &[number; 700]);
            entry.is_zip64 = number % 2 == 0;
            entry
        })
        .collect();
    by_hand::zip(&entries, with_zip64_end)
}

/// Reads everything; gives the number of bytes that came out.
fn drained(zip: Vec<u8>) -> u64 {
    let Ok(zip) = indexed(zip) else { return 0 };
    assert!(zip.table.len() <= 1000);
    let given = contents(&zip);
    given
        .iter()
        .filter_map(|(_, content)| content.as_ref().ok())
        .map(|bytes| bytes.len() as u64)
        .sum()
}

/// Values that lengths and offsets are most likely to be misread at.
fn field() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            vec![0xFF; 2],
            vec![0xFF; 4],
            vec![0xFF; 8],
            vec![0; 4],
            vec![0, 0, 0, 0x80],
            vec![0xFE, 0xFF, 0xFF, 0xFF],
            vec![0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            b"PK\x05\x06".to_vec(),
            b"PK\x01\x02".to_vec(),
            b"PK\x03\x04".to_vec(),
            b"PK\x06\x06".to_vec(),
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_zip_with_any_bytes_changed_is_survived(
        zip64 in any::<bool>(),
        edits in prop::collection::vec((any::<Index>(), field()), 1..6),
        from_end in any::<bool>(),
    ) {
        let mut zip = sample(zip64);
        for (at, bytes) in edits {
            // The directory and the end are where the lies are: they are the last half.
            let range = if from_end { zip.len() / 2 } else { zip.len() };
            let at = zip.len() - 1 - at.index(range);
            let end = (at + bytes.len()).min(zip.len());
            zip.splice(at..end, bytes);
        }
        // Six files of 700 bytes, each within what deflate can do; overlapping is refused, so nothing multiplies.
        prop_assert!(drained(zip) < 1 << 20);
    }

    #[test]
    fn any_bytes_with_an_end_mark_are_survived(
        noise in prop::collection::vec(any::<u8>(), 0..300),
        end in prop::collection::vec(any::<u8>(), 18..60),
    ) {
        let zip = [&b"PK\x03\x04"[..], &noise, b"PK\x01\x02", &noise, b"PK\x05\x06", &end].concat();
        drained(zip);
    }

    #[test]
    fn a_tgz_with_any_bytes_changed_is_survived(
        edits in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6),
        is_packed in any::<bool>(),
    ) {
        let mut tar = Vec::new();
        let whole = tgz_of(&[("Takeout/G/a.jpg", &noise(1, 700)), ("Takeout/G/b.json", b"{}")]);
        flate2::read::GzDecoder::new(&whole[..]).read_to_end(&mut tar).unwrap();
        let mut bytes = if is_packed { whole } else { tar };
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !is_packed {
            let mut gz = gz();
            gz.write_all(&bytes).unwrap();
            bytes = gz.finish().unwrap();
        }
        let mut wanted = |_: &str, _: &str, _| true;
        let mut hear = |_, _, bytes: &mut dyn Read| {
            let _ = std::io::copy(bytes, &mut std::io::sink());
            ControlFlow::Continue(())
        };
        let bytes = in_memory::bytes(bytes);
        if let Ok(part) = super::super::tgz::index(&bytes, &mut Taste::new(&mut wanted, &mut hear), &mut go_on) {
            prop_assert!(part.table.len() <= 4);
        }
    }
}

#[test]
fn a_number_of_entries_that_is_only_claimed_reserves_nothing() {
    let mut zip = by_hand::zip(&[HandMade::stored("a.jpg", b"1")], true);
    let record = zip.windows(4).rposition(|four| four == b"PK\x06\x06").unwrap();
    for at in [24, 32] {
        zip[record + at..record + at + 8].copy_from_slice(&(1_u64 << 60).to_le_bytes());
    }
    assert!(indexed(zip).is_err());
}
