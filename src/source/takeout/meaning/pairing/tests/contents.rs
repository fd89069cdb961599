use chrono::DateTime;

use super::super::super::clues::{FileTime, TimeBasis};
use super::super::super::json::Place;
use super::*;

/// A sidecar of this title, taken at this second.
pub(super) fn taken(title: &str, second: i64) -> Facts {
    Facts {
        taken: Some(second),
        ..titled(title)
    }
}

/// A photo whose clock stood `ahead` seconds before UTC when it was taken.
pub(super) fn clock(second: i64, ahead: i64) -> MediaClues {
    let clock = DateTime::from_timestamp(second + ahead, 0).unwrap().naive_utc();
    MediaClues {
        time: Some(FileTime {
            clock,
            offset: None,
            basis: TimeBasis::Clock,
        }),
        ..MediaClues::default()
    }
}

pub(super) fn identified(identifier: &str) -> MediaClues {
    MediaClues {
        content_identifier: Some(identifier.into()),
        ..MediaClues::default()
    }
}

pub(super) fn sidecar_of(folder: &Folder<'_>, media: &str) -> Option<(String, Rule)> {
    let paired = folder.paired();
    paired
        .get(media)
        .map(|(sidecar, _, rule, _)| ((*sidecar).to_owned(), *rule))
}

const LONG: &str = "a title of forty-six units that goes on like this.jpg";
const LONG_MEDIA: &str = "a title of forty-six units that goes on like th.jpg";
const LONG_SECOND: &str = "a title of forty-six units that goes on like th(1).jpg";
const LONG_THIRD: &str = "a title of forty-six units that goes on like th(2).jpg";
const LONG_SIDECAR: &str = "a title of forty-six units that goes on like t.json";
const LONG_SIDECAR_1: &str = "a title of forty-six units that goes on like t(1).json";

/// Two items of one cut name and an edited version whose word is cut off: three files, two sidecars.
#[test]
fn times_tell_an_edited_version_from_a_namesake() {
    let folder = Folder {
        media: vec![LONG_MEDIA, LONG_SECOND, LONG_THIRD],
        sidecars: vec![
            (LONG_SIDECAR, taken(LONG, 1000)),
            (LONG_SIDECAR_1, taken(LONG, 9_000_000)),
        ],
        // The first two are one photo and its edited version; their clocks do not tell which is which.
        clues: [
            (LONG_MEDIA, clock(1000, 3600)),
            (LONG_SECOND, clock(1000, 3600)),
            (LONG_THIRD, clock(9_000_000, 7200)),
        ]
        .into(),
    };
    assert_eq!(
        sidecar_of(&folder, LONG_MEDIA),
        Some((LONG_SIDECAR.to_owned(), Rule::Exact))
    );
    assert_eq!(
        sidecar_of(&folder, LONG_THIRD),
        Some((LONG_SIDECAR_1.to_owned(), Rule::Content))
    );
    assert_eq!(folder.paired()[LONG_SECOND].1, Part::Version);
}

#[test]
fn numbers_that_do_not_meet_need_the_contents_to_agree() {
    let folder = |clues: MediaClues| Folder {
        media: vec!["a.jpg", "a(1).jpg"],
        sidecars: vec![
            ("a.jpg.json", taken("a.jpg", 1000)),
            ("a.jpg(2).json", taken("a.jpg", 500_000)),
        ],
        clues: [("a(1).jpg", clues)].into(),
    };
    let agrees = folder(clock(500_000, -5 * 3600));
    assert_eq!(
        sidecar_of(&agrees, "a(1).jpg"),
        Some(("a.jpg(2).json".to_owned(), Rule::Content))
    );
    assert_eq!(sidecar_of(&folder(clock(500_100, 0)), "a(1).jpg"), None);
    assert_eq!(sidecar_of(&folder(MediaClues::default()), "a(1).jpg"), None);
}

#[test]
fn a_number_may_be_the_titles_or_googles() {
    let folder = |swapped: bool| {
        let (first, second) = if swapped {
            (2000, 9_000_000)
        } else {
            (9_000_000, 2000)
        };
        Folder {
            media: vec!["a.jpg", "a(1).jpg", "a(1)(1).jpg"],
            sidecars: vec![
                ("a.jpg.json", taken("a.jpg", 1000)),
                ("a.jpg(1).json", taken("a.jpg", 2000)),
                ("a(1).jpg.json", taken("a(1).jpg", 9_000_000)),
            ],
            clues: [("a(1).jpg", clock(first, 0)), ("a(1)(1).jpg", clock(second, 0))].into(),
        }
    };
    let own = |name: &str| Some((name.to_owned(), Rule::Content));
    assert_eq!(sidecar_of(&folder(true), "a(1).jpg"), own("a.jpg(1).json"));
    assert_eq!(sidecar_of(&folder(true), "a(1)(1).jpg"), own("a(1).jpg.json"));
    assert_eq!(sidecar_of(&folder(false), "a(1).jpg"), own("a(1).jpg.json"));
}

/// `image(2).png` counts among those of `image.png`, of which one lacks its file.
#[test]
fn a_number_of_anothers_title_fills_no_gap() {
    let folder = Folder {
        media: vec!["image.png", "image(2).png"],
        sidecars: vec![
            ("image.png.json", taken("image.png", 1000)),
            ("image.png(1).json", taken("image.png", 9_000_000)),
            ("image(2).png.json", taken("image(2).png", 700_000)),
        ],
        clues: [
            ("image.png", clock(9_000_000, 0)),
            ("image(2).png", clock(700_000, 0)),
        ]
        .into(),
    };
    let sidecar = |media| sidecar_of(&folder, media).map(|(name, _)| name);
    assert_eq!(sidecar("image.png"), Some("image.png(1).json".to_owned()));
    assert_eq!(sidecar("image(2).png"), Some("image(2).png.json".to_owned()));
}

/// Of two styles that count apart; the user changed the date of the second.
#[test]
fn the_last_two_that_are_left_belong_together() {
    let folder = Folder {
        media: vec!["a.jpg", "a(1).jpg", "a(2).jpg"],
        sidecars: vec![
            ("a.jpg.json", taken("a.jpg", 1000)),
            ("a.jpg.supplemental-metadata.json", taken("a.jpg", 9_000_000)),
            ("a.jpg.supplemental-metadata(1).json", taken("a.jpg", 700_000)),
        ],
        clues: [
            ("a.jpg", clock(1000, 0)),
            ("a(1).jpg", clock(5, 0)),
            ("a(2).jpg", clock(700_000, 0)),
        ]
        .into(),
    };
    let sidecar = sidecar_of(&folder, "a(1).jpg").map(|(name, _)| name);
    assert_eq!(sidecar, Some("a.jpg.supplemental-metadata.json".to_owned()));
}

/// Of a title with a sidecar whose photo is missing, and of another's edited version whose word is cut off.
#[test]
fn a_version_is_its_photos_though_a_sidecar_of_its_number_is_free() {
    let folder = Folder {
        media: vec![LONG_MEDIA, LONG_SECOND],
        sidecars: vec![
            (LONG_SIDECAR, taken(LONG, 1000)),
            (LONG_SIDECAR_1, taken(LONG, 9_000_000)),
        ],
        clues: [(LONG_MEDIA, clock(1000, 3600)), (LONG_SECOND, clock(1000, 3600))].into(),
    };
    let paired = folder.paired();
    let (sidecar, part, ..) = paired[LONG_SECOND];
    assert_eq!((sidecar, part), (LONG_SIDECAR, Part::Version));
}

#[test]
fn a_place_speaks_where_no_time_does() {
    let place = |latitude| Place::new(latitude, 2.0, None);
    let facts = |latitude| Facts {
        file_place: place(latitude),
        ..titled("2013-12-23")
    };
    let clues = |latitude| MediaClues {
        place: place(latitude),
        ..MediaClues::default()
    };
    let folder = Folder {
        media: vec!["2013-12-23.jpg", "2013-12-23.png"],
        sidecars: vec![
            ("2013-12-23.json", facts(10.0)),
            ("2013-12-23(1).json", facts(20.0)),
        ],
        clues: [
            ("2013-12-23.jpg", clues(20.00001)),
            ("2013-12-23.png", clues(10.0)),
        ]
        .into(),
    };
    assert_eq!(
        sidecar_of(&folder, "2013-12-23.jpg"),
        Some(("2013-12-23(1).json".to_owned(), Rule::Content))
    );
    assert_eq!(
        sidecar_of(&folder, "2013-12-23.png"),
        Some(("2013-12-23.json".to_owned(), Rule::Content))
    );
}

#[test]
fn where_names_decide_nobody_looks_but_into_the_last_of_a_name_and_halves() {
    let folder = Folder {
        media: vec!["a.jpg", "a(1).jpg", "b.HEIC", "b.MP4", "b-edited.HEIC", "c.mp4"],
        sidecars: vec![
            ("a.jpg.json", titled("a.jpg")),
            ("a.jpg(1).json", titled("a.jpg")),
            ("b.HEIC.json", titled("b.HEIC")),
            ("c.json", titled("c")),
        ],
        ..Folder::default()
    };
    assert_eq!(folder.paired().len(), 6);
    assert_eq!(folder.clusters().2, 3, "looks");
}

/// Four of one name; which of them lacks its sidecar, or its file, only the others tell. `d` is silent.
#[test]
fn numbers_that_do_not_meet_are_in_order_between_those_that_do() {
    let side = |name, day: i64| (name, taken("a.jpg", day * 86_400));
    let file = |name, day: i64| (name, clock(day * 86_400, 0));
    let (a, b, c) = ("a.jpg", "a(1).jpg", "a(2).jpg");
    let (first, second, third) = ("a.jpg.json", "a.jpg(1).json", "a.jpg(2).json");
    let new = "a.jpg.supplemental-metadata.json";
    for (what, media, sidecars, clues, expected) in [
        (
            "the first file has no sidecar",
            vec![a, b, c],
            vec![side(first, 2), side(second, 3)],
            vec![file(a, 1), file(c, 3)],
            vec![(b, first), (c, second)],
        ),
        (
            "the first sidecar has no file",
            vec![a],
            vec![side(first, 1), ("a.jpg(1).json", titled("a.jpg"))],
            vec![file(a, 2)],
            vec![(a, second)],
        ),
        (
            "one lacks in the middle of both",
            vec![a, b, c],
            vec![side(first, 1), side(second, 2), side(third, 3)],
            vec![file(a, 1), file(b, 3), file(c, 9)],
            vec![(a, first), (b, third)],
        ),
        (
            "two styles count apart, and one of them speaks",
            vec![a, b, c],
            vec![side(first, 1), side(second, 3), side(new, 2)],
            vec![file(b, 2)],
            vec![(a, first), (b, new), (c, second)],
        ),
        (
            "a date that was changed is no proof",
            vec![a, b],
            vec![side(first, 1), side(second, 2)],
            vec![file(a, 1), file(b, 9)],
            vec![(a, first), (b, second)],
        ),
    ] {
        let folder = Folder {
            media,
            sidecars,
            clues: clues.into_iter().collect(),
        };
        let found: Vec<_> = [a, b, c]
            .into_iter()
            .filter_map(|media| Some((media, sidecar_of(&folder, media)?.0)))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(media, sidecar)| (media, sidecar.to_owned()))
            .collect();
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn clocks_of_this_earth() {
    for (difference, expected) in [
        (0, true),
        (3600, true),
        (-12 * 3600, true),
        (14 * 3600, true),
        (5 * 3600 + 45 * 60 + 1, true),
        (-3601, true),
        (3610, false),
        (15 * 3600, false),
    ] {
        assert_eq!(may_be_offset(difference), expected, "{difference}");
    }
}
