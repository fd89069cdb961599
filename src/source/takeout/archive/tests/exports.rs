use std::fs;

use super::super::{Conflict, EntryId, PartId};
use super::*;

const PAGE: (&str, &[u8]) = ("Takeout/archive_browser.html", b"<html>");

struct Home(tempfile::TempDir);

impl Home {
    fn with(files: &[(&str, Vec<u8>)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(home)
    }

    fn inventory(&self, given: &[&str]) -> Inventory {
        inventory(self.0.path(), given)
    }

    /// Each finding, `!` before those that block, without the home's path.
    fn findings(&self, inventory: &Inventory) -> Vec<String> {
        let home = format!("{}/", self.0.path().canonicalize().unwrap().display());
        let shown = |finding: &super::super::Finding| {
            let mark = if finding.is_blocking { "!" } else { "" };
            format!("{mark}{}", finding.sentence.replace(&home, ""))
        };
        inventory.findings().iter().map(shown).collect()
    }
}

fn part(number: u8) -> Vec<u8> {
    let name = format!("Takeout/Google Photos/Trip/{number}.jpg");
    zip_of(&[(&name, &noise(number.into(), 500)), PAGE])
}

#[test]
fn parts_are_grouped_by_export() {
    let home = Home::with(&[
        ("takeout-20240525T120000Z-001.zip", part(1)),
        ("takeout-20240525T120000Z-002.zip", part(2)),
        ("takeout-20250921T1994402Z-3-001.zip", part(3)),
        (
            "deep/er/takeout-20250921T1994402Z-3-002.tgz",
            tgz_of(&[("Takeout/G/a.jpg", b"a")]),
        ),
        ("notes.txt", b"mine".to_vec()),
    ]);
    let inventory = home.inventory(&[""]);
    assert_eq!(home.findings(&inventory), [""; 0]);
    let exports: Vec<_> = inventory
        .exports()
        .iter()
        .map(|export| (export.time.as_ref().unwrap().day(), export.parts.len()))
        .collect();
    assert_eq!(
        exports,
        [("25 May 2024".to_owned(), 2), ("21 September 2025".to_owned(), 2)]
    );
}

#[test]
fn whatever_is_wrong_with_the_parts_is_a_sentence() {
    let mut cut = part(6);
    cut.truncate(400);
    let home = Home::with(&[
        ("takeout-20240525T120000Z-001.zip", part(1)),
        ("takeout-20240525T120000Z-001 (1).zip", part(1)),
        ("takeout-20240525T120000Z-003.zip.crdownload", vec![0; 100]),
        ("takeout-20240525T120000Z-004.zip", Vec::new()),
        (
            "takeout-20240525T120000Z-005.zip",
            b"\n<!DOCTYPE html><title>Sign in".to_vec(),
        ),
        ("takeout-20240525T120000Z-006.zip", cut),
        ("takeout-20240525T120000Z-007.zip", b"Rar!".to_vec()),
        ("takeout-20240525T120000Z-009.zip", part(9)),
        ("holiday.zip", zip_of(&[("a.jpg", b"a")])),
        ("Unconfirmed 1234.crdownload", Vec::new()),
    ]);
    let inventory = home.inventory(&["", "nowhere"]);
    let again = "download it again (sign in to Google first), or go on without it with --partial";
    let mut found = home.findings(&inventory);
    let nowhere = found.remove(0);
    assert!(
        nowhere.starts_with('!') && nowhere.contains("nowhere is not there"),
        "{nowhere}"
    );
    assert_eq!(
        found,
        [
            "holiday.zip holds no Takeout export and is left alone".to_owned(),
            "takeout-20240525T120000Z-001 (1).zip is takeout-20240525T120000Z-001.zip once more, and is left aside"
                .to_owned(),
            format!("!takeout-20240525T120000Z-004.zip is empty: {again}"),
            format!(
                "!takeout-20240525T120000Z-005.zip is a web page and no archive, most likely a sign-in or error page \
                 saved under this name: {again}"
            ),
            format!("!takeout-20240525T120000Z-006.zip was cut short: its end is missing after 400 bytes: {again}"),
            "!takeout-20240525T120000Z-007.zip is no zip and no tgz archive: leave it out if it does not belong to the \
             export"
                .to_owned(),
            "Unconfirmed 1234.crdownload is a file that may be a part, still being downloaded or given up: finish the download"
                .to_owned(),
            "!takeout-20240525T120000Z-003.zip.crdownload is part 3 of the export of 25 May 2024, still being \
             downloaded or given up: finish the download, or go on without it with --partial"
                .to_owned(),
            "!parts 2 and 8 of the export of 25 May 2024 are missing (takeout-20240525T120000Z-002.zip, \
             takeout-20240525T120000Z-008.zip): download them, or go on without them with --partial"
                .to_owned(),
        ]
    );
    assert_eq!(inventory.parts().count(), 2);
}

#[test]
fn a_good_copy_makes_up_for_a_bad_one() {
    let mut cut = part(1);
    cut.truncate(400);
    let home = Home::with(&[
        ("takeout-20240525T120000Z-001.zip", cut),
        ("takeout-20240525T120000Z-001 (1).zip", part(1)),
        ("takeout-20240525T120000Z-002.zip.part", Vec::new()),
        ("takeout-20240525T120000Z-002.zip", part(2)),
        ("takeout-20240525T120000Z-003.zip", part(3)),
        ("takeout-20240525T120000Z-003 (1).zip", part(4)),
    ]);
    let inventory = home.inventory(&[""]);
    assert!(
        inventory.findings().iter().all(|finding| !finding.is_blocking),
        "{:?}",
        inventory.findings()
    );
    assert_eq!(inventory.findings().len(), 3);
    assert_eq!(inventory.tally().files, 5);
}

#[test]
fn a_last_part_may_be_missing_without_a_gap() {
    let home = Home::with(&[(
        "takeout-20240525T120000Z-001.zip",
        zip_of(&[("Takeout/G/a.jpg", b"a")]),
    )]);
    let inventory = home.inventory(&[""]);
    let found = home.findings(&inventory);
    assert!(
        found[0].starts_with("the export of 25 May 2024 is without its archive_browser.html"),
        "{found:?}"
    );
}

#[test]
fn what_was_unpacked_stands_in_for_a_missing_part() {
    let home = Home::with(&[
        ("Takeout/Google Photos/Trip/1.jpg", b"one".to_vec()),
        ("takeout-20240525T120000Z-002.zip", part(2)),
    ]);
    let inventory = home.inventory(&[""]);
    assert_eq!(inventory.exports().len(), 1);
    assert!(
        inventory.findings().iter().all(|finding| !finding.is_blocking),
        "{:?}",
        inventory.findings()
    );
    assert_eq!(inventory.tally().files, 3);
}

#[test]
fn a_file_in_two_parts_is_a_copy_or_a_conflict() {
    let home = Home::with(&[
        (
            "takeout-20240525T120000Z-001.zip",
            zip_of(&[
                ("Takeout/G/A/same.jpg", b"same"),
                ("Takeout/G/A/differs.jpg", b"one"),
                PAGE,
            ]),
        ),
        (
            "takeout-20240525T120000Z-002.tgz",
            tgz_of(&[
                ("Takeout/G/A/same.jpg", b"same"),
                ("Takeout/G/A/differs.jpg", b"two"),
            ]),
        ),
        (
            "takeout-20240525T120000Z-003/Takeout/G/A/same.jpg",
            b"same".to_vec(),
        ),
        (
            "takeout-20240525T120000Z-003/Takeout/G/A/differs.jpg",
            b"one".to_vec(),
        ),
        (
            "takeout-20240525T120000Z-003/Takeout/G/B/other.jpg",
            b"same".to_vec(),
        ),
        (
            "takeout-20200101T120000Z-001.zip",
            zip_of(&[("Takeout/G/A/same.jpg", b"same"), PAGE]),
        ),
    ]);
    let inventory = home.inventory(&[""]);
    let tally = inventory.tally();
    assert_eq!((tally.entries, tally.files, tally.copies), (10, 7, 3));
    let [Conflict { path, versions }] = inventory.conflicts() else {
        panic!("{:?}", inventory.conflicts());
    };
    assert_eq!(path, "G/A/differs.jpg");
    let bytes_of = |(part, id): &(PartId, EntryId)| {
        let part = inventory.part(*part).unwrap();
        let mut bytes = Vec::new();
        part.for_each(
            &mut |entry| entry.id() == *id,
            &mut |_, entry| {
                entry.read_to_end(&mut bytes).unwrap();
                ControlFlow::Continue(())
            },
            &mut |_| ControlFlow::Continue(()),
        )
        .unwrap();
        bytes
    };
    let mut contents: Vec<_> = versions.iter().map(bytes_of).collect();
    contents.sort();
    assert_eq!(contents, [b"one", b"two"]);
}

#[test]
fn all_kinds_of_parts_are_read_alike() {
    let files: [(&str, &[u8]); 3] = [
        ("Takeout/G/A/a.jpg", b"photo"),
        ("Takeout/G/A/a.jpg.json", b"{}"),
        PAGE,
    ];
    let home = Home::with(&[
        ("zip/takeout-20240525T120000Z-001.zip", zip_of(&files)),
        ("tgz/takeout-20240525T120000Z-001.tgz", tgz_of(&files)),
        ("tree/Takeout/G/A/a.jpg", b"photo".to_vec()),
        ("tree/Takeout/G/A/a.jpg.json", b"{}".to_vec()),
        ("tree/Takeout/archive_browser.html", b"<html>".to_vec()),
    ]);
    for given in ["zip", "tgz", "tree"] {
        let mut tasted = Vec::new();
        let mut wanted = |_: &str, name: &str, _| has_ending(name, "json");
        let mut hear = |_, _, bytes: &mut dyn Read| {
            tasted.push(content(bytes));
            ControlFlow::Continue(())
        };
        let found = Found::look(&[home.0.path().join(given)]);
        let cost = found.index_cost();
        let mut counted = 0;
        let inventory = found
            .index(&mut Taste::new(&mut wanted, &mut hear), &mut |bytes| {
                counted += bytes;
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(tasted, [Ok(b"{}".to_vec())], "{given}");
        assert_eq!(counted, cost, "{given}");
        let (_, part) = inventory.parts().next().unwrap();
        let mut contents = part_contents(part);
        contents.sort_by_key(|(path, _)| path.clone());
        let expected = [
            ("G/A/a.jpg", &b"photo"[..]),
            ("G/A/a.jpg.json", b"{}"),
            ("archive_browser.html", b"<html>"),
        ];
        assert_eq!(
            contents,
            expected.map(|(path, bytes)| (path.to_owned(), Ok(bytes.to_vec()))),
            "{given}"
        );
        let tally = inventory.tally();
        let sum = tally.files + tally.folders + tally.copies + tally.synology + tally.debris + tally.refused;
        assert_eq!((tally.entries, sum), (3, 3), "{given}");
    }
}
