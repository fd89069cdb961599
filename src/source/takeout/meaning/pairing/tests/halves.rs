//! Which films are the moving halves of which stills.

use super::contents::{clock, identified, sidecar_of, taken};
use super::*;

#[test]
fn identifiers_tie_the_halves_of_live_photos() {
    let folder = |left, right| Folder {
        media: vec!["a.HEIC", "a(1).HEIC", "a.MP4", "a(1).MP4"],
        sidecars: vec![
            ("a.HEIC.json", titled("a.HEIC")),
            ("a.HEIC(1).json", titled("a.HEIC")),
        ],
        clues: [
            ("a.HEIC", identified("A")),
            ("a(1).HEIC", identified("B")),
            ("a.MP4", identified(left)),
            ("a(1).MP4", identified(right)),
        ]
        .into(),
    };
    let swapped = folder("B", "A");
    assert_eq!(
        sidecar_of(&swapped, "a.MP4"),
        Some(("a.HEIC(1).json".to_owned(), Rule::Content))
    );
    assert_eq!(
        sidecar_of(&swapped, "a(1).MP4"),
        Some(("a.HEIC.json".to_owned(), Rule::Content))
    );
    let straight = folder("A", "B");
    assert_eq!(
        sidecar_of(&straight, "a.MP4"),
        Some(("a.HEIC.json".to_owned(), Rule::Content))
    );
}

#[test]
fn a_film_of_another_photo_is_no_half() {
    let folder = Folder {
        media: vec!["a.HEIC", "a(1).MP4"],
        sidecars: vec![("a.HEIC.json", titled("a.HEIC"))],
        clues: [("a.HEIC", identified("A")), ("a(1).MP4", identified("B"))].into(),
    };
    assert_eq!(sidecar_of(&folder, "a(1).MP4"), None);
}

/// Whether a photo finds its sidecar, and whether a film beside it does.
fn are_paired(names: [&str; 2], told: i64, [still, film]: [&MediaClues; 2]) -> [bool; 2] {
    let number = if names[0].contains("(1)") { "(1)" } else { "" };
    let title = names[0].replace("(1)", "");
    let sidecar = format!("{title}{number}.json");
    let folder = Folder {
        media: names.to_vec(),
        sidecars: vec![(&sidecar, taken(&title, told))],
        clues: [(names[0], still.clone()), (names[1], film.clone())].into(),
    };
    let paired = folder.paired();
    names.map(|name| paired.contains_key(name))
}

/// A photo taken at 1000, whose date a user may have changed at Google, and a film that bears its name.
#[test]
fn a_film_that_only_bears_a_photos_name_is_no_half() {
    let silent = MediaClues::default;
    let lasting = |seconds, clues| MediaClues {
        seconds: Some(seconds),
        ..clues
    };
    let cases = [
        ("nothing in either", 1000, silent(), silent(), true),
        ("of one moment", 1000, clock(1000, 3600), clock(997, 3600), true),
        ("hours later", 1000, clock(1000, 0), clock(90_100, 0), false),
        (
            "hours later, photo silent",
            1000,
            silent(),
            clock(90_100, 0),
            false,
        ),
        ("date changed", 5_000_000, clock(1000, 0), clock(1003, 0), true),
        (
            "minutes long",
            1000,
            clock(1000, 0),
            lasting(300, clock(1000, 0)),
            false,
        ),
        (
            "seconds long",
            1000,
            clock(1000, 0),
            lasting(3, clock(1000, 0)),
            true,
        ),
        (
            "long, and nothing else",
            1000,
            silent(),
            lasting(300, silent()),
            false,
        ),
        ("another photo's", 1000, clock(1000, 0), identified("B"), false),
        ("of a photo without EXIF", 1000, silent(), identified("B"), true),
        (
            "both marked",
            1000,
            identified("A"),
            lasting(300, identified("A")),
            true,
        ),
    ];
    for (what, told, still, film, is_half) in cases {
        for names in [["a.JPG", "a.MOV"], ["a(1).HEIC", "a(1).MP4"]] {
            let paired = are_paired(names, told, [&still, &film]);
            assert_eq!(paired, [true, is_half], "{what}: {}", names[1]);
        }
    }
}

#[test]
fn a_half_keeps_to_its_still_though_a_film_of_its_name_is_missing() {
    let folder = |film: MediaClues| Folder {
        media: vec!["a.HEIC", "a.MP4"],
        sidecars: vec![
            ("a.HEIC.json", taken("a.HEIC", 1000)),
            ("a.MP4.json", taken("a.MP4", 9_000_000)),
        ],
        clues: [("a.HEIC", identified("A")), ("a.MP4", film)].into(),
    };
    let sidecar = |film| sidecar_of(&folder(film), "a.MP4").map(|(name, _)| name);
    assert_eq!(sidecar(identified("A")), Some("a.HEIC.json".to_owned()));
    assert_eq!(sidecar(identified("B")), Some("a.MP4.json".to_owned()));
    assert_eq!(sidecar(MediaClues::default()), Some("a.MP4.json".to_owned()));
}
