//! Hostile input for the tests of parsers: valid samples with a few things done to them, or nothing but noise.
//!
//! What each parser must keep: no panic, bounded time, and nothing in its answer that the input smuggled in.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What is put in the place of a piece of a sample.
fn insertion() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        select(vec![
            "null",
            "[]",
            "{}",
            "\"\"",
            "-1",
            "1e999",
            "18446744073709551616",
            "true",
            "\u{1b}[2J\u{7}\r\n",
            "\\ud800",
            "%",
            " ",
            "9999-12-31T23:59:60Z",
            "-262144-01-01T00:00:00Z",
            "file:///etc/passwd",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        // Deeper than any stack, or longer than any name.
        (select(vec!["[", "{\"a\":", "\"", "a", "\u{e9}"]), 1..40_000_usize)
            .prop_map(|(piece, times)| piece.repeat(times).into_bytes()),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: Vec<(Index, usize, Vec<u8>)>) -> Vec<u8> {
    for (start, length, insertion) in edits {
        let start = start.index(bytes.len() + 1);
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, insertion);
    }
    bytes
}

/// One of `samples` after up to three edits, or noise.
pub(crate) fn bytes(samples: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<Index>(), 0..12_usize, insertion()), 0..4);
    prop_oneof![
        6 => (select(samples), edits).prop_map(|(sample, edits)| edited(sample.as_bytes().to_vec(), edits)),
        1 => prop::collection::vec(any::<u8>(), 0..600),
    ]
}

/// The same, made UTF-8.
pub(crate) fn text(samples: &'static [&'static str]) -> impl Strategy<Value = String> {
    bytes(samples).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
