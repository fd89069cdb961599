//! Ledgers written and searched.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;

use super::*;

fn line(entry: &'static str, bucket: &'static str) -> Line<'static> {
    Line {
        entry: entry.into(),
        bucket: bucket.into(),
        item: None,
        because: None,
        same_as: None,
        same_as_in: None,
    }
}

fn put(root: &Path, part: &str, lines: &[Line<'static>]) {
    let header = Header::new(part.to_owned(), Some("20260101T120000Z"), lines.len());
    let name = FileNames::default().next(part);
    write(root, &name, &header, lines.iter().cloned()).unwrap();
}

fn parts(root: &Path, path: &str, whole: bool) -> Vec<String> {
    let found = find(root, path, whole, 20).into_iter();
    found.map(|known| known.part).collect()
}

#[test]
fn what_is_written_is_json_line_by_line_and_takes_the_place_of_the_earlier() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "p.zip", &[line("old", "stored")]);
    let hostile = Line {
        item: Some("1-2".to_owned()),
        because: Some("\"so\"\n".to_owned()),
        ..line("Google Photos/\u{1b}[2J \"x\"\\.jpg", "copy")
    };
    put(root.path(), "p.zip", &[hostile.clone(), line("b", "folder")]);
    let mut text = String::new();
    let path = root.path().join(".gphotosync/entries/p.zip.jsonl.gz");
    GzDecoder::new(fs::File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].starts_with(r#"{"format":1,"part":"p.zip","export":"20260101T120000Z","written":"20"#)
            && lines[0].ends_with(r#"Z","entries":2}"#),
        "{text}"
    );
    assert_eq!(lines[2], r#"{"entry":"b","bucket":"folder"}"#);
    assert_eq!(find(root.path(), &hostile.entry, false, 20)[0].line, hostile);
    assert_eq!(
        fs::read_dir(root.path().join(".gphotosync/staging"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn whole_paths_come_before_ends_and_ends_must_be_unique() {
    let root = tempfile::tempdir().unwrap();
    put(
        root.path(),
        "a.zip",
        &[
            line("P/x.jpg", "stored"),
            line("P/R/x.jpg", "copy"),
            line("P/R/y.jpg", "copy"),
        ],
    );
    put(
        root.path(),
        "b.zip",
        &[line("P/R/y.jpg", "repeated"), line("x.jpg", "debris")],
    );
    for (path, whole, expected) in [
        ("Takeout/P/R/y.jpg", true, &["a.zip", "b.zip"][..]),
        ("y.jpg", false, &["a.zip", "b.zip"]),
        ("y.jpg", true, &[]),
        ("R/x.jpg", false, &["a.zip"]),
        ("x.jpg", false, &["b.zip"]),
        ("z.jpg", false, &[]),
    ] {
        assert_eq!(parts(root.path(), path, whole), expected, "{path}");
    }
    put(root.path(), "b.zip", &[]);
    assert_eq!(parts(root.path(), "x.jpg", false), [""; 0], "two paths end so");
}

#[test]
fn a_ledger_that_cannot_be_read_hides_no_other_and_none_is_no_error() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(parts(root.path(), "x", false), [""; 0]);
    for name in ["a.zip", "b.zip", "c.zip"] {
        put(root.path(), name, &[line("x", "stored")]);
    }
    let folder = root.path().join(".gphotosync/entries");
    fs::write(folder.join("a.zip.jsonl.gz"), "no gzip").unwrap();
    let newer = Header {
        format: FORMAT + 1,
        ..Header::new("b.zip".to_owned(), None, 1)
    };
    write(
        root.path(),
        "b.zip.jsonl.gz",
        &newer,
        [line("x", "stored")].into_iter(),
    )
    .unwrap();
    assert_eq!(parts(root.path(), "x", false), ["c.zip"]);
}

#[test]
fn what_cannot_be_named_leaves_nothing_behind() {
    let root = tempfile::tempdir().unwrap();
    let place = root.path().join(".gphotosync/entries/p.zip.jsonl.gz");
    fs::create_dir_all(place.join("in the way")).unwrap();
    let header = Header::new("p.zip".to_owned(), None, 0);
    let error = write(root.path(), "p.zip.jsonl.gz", &header, std::iter::empty()).unwrap_err();
    assert!(
        error.explained().contains("p.zip.jsonl.gz"),
        "{}",
        error.explained()
    );
    assert!(!root.path().join(".gphotosync/staging/entries.part").exists());
}
