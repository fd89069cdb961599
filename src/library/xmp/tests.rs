use std::process::Command;

use chrono::DateTime;
use proptest::prelude::*;

use super::*;

fn taken(source: TakenSource, offset: Option<i32>, precision: Precision, is_instant: bool) -> Option<Taken> {
    Some(Taken {
        utc: DateTime::from_timestamp(1_559_990_096, 0)?,
        offset,
        source,
        precision,
        is_instant,
    })
}

fn full<'a>() -> Described<'a> {
    Described {
        description: "two\nlines & <tags> \"quoted\" 'too' 😀",
        people: &["Al & Bea", "A/B|C"],
        albums: &["Rome / 2019", "Été"],
        place: Place::new(-33.865_143, 151.209_9, Some(-3.5)),
        taken: taken(TakenSource::Sidecar, Some(-34_200), Precision::Second, true),
        is_favourite: true,
        is_archived: true,
        in_file: InFile::default(),
    }
}

#[test]
fn all_that_can_be_said() {
    insta::assert_snapshot!(full().to_xmp());
}

#[test]
fn dates() {
    use Precision::{Day, Second, Year};
    use TakenSource::{File, Folder, Name, Sidecar};
    let cases = [
        (
            taken(Sidecar, Some(7200), Second, true),
            Some("2019-06-08T12:34:56+02:00"),
        ),
        (
            taken(Sidecar, Some(-34_200), Second, true),
            Some("2019-06-08T01:04:56-09:30"),
        ),
        (taken(Sidecar, None, Second, true), Some("2019-06-08T10:34:56Z")),
        (taken(Name, None, Second, true), Some("2019-06-08T10:34:56Z")),
        (taken(Name, None, Second, false), Some("2019-06-08T10:34:56")),
        (taken(Name, None, Day, false), Some("2019-06-08")),
        (taken(File, Some(7200), Second, true), None),
        (taken(Folder, None, Year, false), None),
        (None, None),
    ];
    for (taken, expected) in cases {
        let described = Described {
            taken,
            ..Described::default()
        };
        assert_eq!(described.date().as_deref(), expected, "{taken:?}");
        assert_eq!(described.is_empty(), expected.is_none(), "{taken:?}");
    }
}

#[test]
fn what_the_photo_says_itself_is_no_reason_for_a_sidecar() {
    let told = Described {
        place: full().place,
        taken: full().taken,
        ..Described::default()
    };
    for (time, place, is_empty) in [
        (false, false, false),
        (true, false, false),
        (false, true, false),
        (true, true, true),
    ] {
        let described = Described {
            in_file: InFile { time, place },
            ..told
        };
        assert_eq!(described.is_empty(), is_empty, "{time} {place}");
        assert_eq!(described.to_xmp(), told.to_xmp(), "in a sidecar all is said");
    }
}

#[test]
fn coordinates() {
    for (degrees, expected) in [
        (48.858_4, "48,51.504000N"),
        (-0.000_000_1, "0,0.000006S"),
        (59.999_999_999_999, "60,0.000000N"),
        (-90.0, "90,0.000000S"),
    ] {
        assert_eq!(minutes(degrees, ["N", "S"]), expected);
    }
}

/// What exiftool reads of the sidecar, if it is installed; a parser that is not ours.
#[test]
fn exiftool_reads_what_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg.xmp");
    std::fs::write(&path, full().to_xmp()).unwrap();
    let mut command = Command::new("exiftool");
    let command = command
        .args(["-json", "-n", "-struct", "-validate", "-warning"])
        .args([
            "-Description",
            "-PersonInImage",
            "-TagsList",
            "-HierarchicalSubject",
            "-Subject",
            "-DateTimeOriginal",
            "-DateCreated",
            "-GPSLatitude",
            "-GPSLongitude",
            "-GPSAltitude",
            "-Rating",
        ]);
    // Not on every machine; the snapshot and the property below hold without it.
    let Ok(output) = command.arg(&path).output() else {
        return;
    };
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = &said[0];
    assert_eq!(said["Warning"], serde_json::Value::Null, "{said}");
    assert_eq!(said["Description"], full().description);
    assert_eq!(said["PersonInImage"], serde_json::json!(["Al & Bea", "A/B|C"]));
    let tags = [
        "People/Al & Bea",
        "People/A-B|C",
        "Albums/Rome - 2019",
        "Albums/Été",
        "Google Photos/Archived",
    ];
    assert_eq!(said["TagsList"], serde_json::json!(tags));
    assert_eq!(said["HierarchicalSubject"][1], "People|A/B-C");
    assert_eq!(said["Subject"][2], "Rome / 2019");
    assert_eq!(said["DateTimeOriginal"], "2019:06:08 01:04:56-09:30");
    assert_eq!(said["DateCreated"], "2019:06:08 01:04:56-09:30");
    assert_eq!(said["Rating"], 5);
    let near = |field: &str, expected: f64| (said[field].as_f64().unwrap() - expected).abs() < 1e-6;
    assert!(
        near("GPSLatitude", -33.865_143) && near("GPSLongitude", 151.209_9),
        "{said}"
    );
    assert!(near("GPSAltitude", -3.5), "{said}");
}

/// Whether every tag is closed in order, and nothing but markup of ours is left.
fn is_well_formed(text: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(end) = rest[start..].find('>') else {
            return false;
        };
        let tag = &rest[start + 1..start + end];
        rest = &rest[start + end + 1..];
        let name = tag.trim_start_matches('/').split_whitespace().next();
        if tag.starts_with('/') {
            if open.pop() != name {
                return false;
            }
        } else if !tag.starts_with('?') {
            open.push(name.unwrap_or_default());
        }
        let open_ampersand = rest.split('<').next().unwrap_or_default().split('&').skip(1);
        if !open_ampersand.into_iter().all(|entity| entity.contains(';')) {
            return false;
        }
    }
    open.is_empty()
}

proptest! {
    #[test]
    fn any_text_stays_well_formed(
        description in any::<String>(),
        people in prop::collection::vec(any::<String>(), 0..3),
        albums in prop::collection::vec("[<>&'\"/|\\]]{0,8}", 0..3),
    ) {
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let albums: Vec<&str> = albums.iter().map(String::as_str).collect();
        let described = Described { description: &description, people: &people, albums: &albums, ..full() };
        let text = described.to_xmp();
        prop_assert!(is_well_formed(&text), "{}", text);
        prop_assert!(text.chars().all(|c| c >= ' ' || c == '\n' || c == '\t'), "{:?}", text);
        prop_assert_eq!(described.to_xmp(), text);
    }
}
