use std::fs;

use super::*;

fn written(home: &Path, files: &[(&str, &[u8])]) {
    for (file, bytes) in files {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn a_tree_is_read_file_by_file_and_its_leftovers_are_counted() {
    let home = tempfile::tempdir().unwrap();
    written(
        home.path(),
        &[
            ("Takeout/Google Photos/Trip/b.jpg", b"b"),
            ("Takeout/Google Photos/Trip/a.jpg", b"a"),
            ("Takeout/Google Photos/Trip/modifie\u{301}.jpg", b"nfd"),
            (
                "Takeout/Google Photos/Trip/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
                b"t",
            ),
            ("Takeout/Google Photos/.DS_Store", b"d"),
            ("Takeout/archive_browser.html", b"<html>"),
        ],
    );
    let inventory = inventory(home.path(), &[""]);
    assert_eq!(inventory.findings(), []);
    let (_, part) = inventory.parts().next().unwrap();
    let expected = [
        ("archive_browser.html", &b"<html>"[..]),
        ("Google Photos/Trip/a.jpg", b"a"),
        ("Google Photos/Trip/b.jpg", b"b"),
        ("Google Photos/Trip/modifi\u{e9}.jpg", b"nfd"),
    ];
    assert_eq!(
        part_contents(part),
        expected.map(|(path, bytes)| (path.to_owned(), Ok(bytes.to_vec())))
    );
    let tally = inventory.tally();
    assert_eq!(
        (tally.entries, tally.files, tally.synology, tally.debris),
        (6, 4, 1, 1)
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::ffi::OsStrExt as _;
    let home = tempfile::tempdir().unwrap();
    written(home.path(), &[("secret/key", b"k"), ("Takeout/G/A/a.jpg", b"a")]);
    let album = home.path().join("Takeout/G/A");
    std::os::unix::fs::symlink(home.path().join("secret/key"), album.join("link.jpg")).unwrap();
    std::os::unix::fs::symlink(home.path(), album.join("loop")).unwrap();
    fs::write(album.join(std::ffi::OsStr::from_bytes(b"caf\x82.jpg")), b"dos").unwrap();
    fs::write(album.join("back\\slash.jpg"), b"bs").unwrap();
    let inventory = inventory(home.path(), &["Takeout"]);
    let (_, part) = inventory.parts().next().unwrap();
    let links = part
        .table()
        .iter()
        .filter(|entry| entry.standing() == Standing::Refused(Refusal::NotAFile));
    assert_eq!(
        links.map(|entry| entry.name().to_owned()).collect::<Vec<_>>(),
        ["link.jpg", "loop"]
    );
    let expected = [
        ("G/A/a.jpg", &b"a"[..]),
        ("G/A/back_slash.jpg", b"bs"),
        ("G/A/café.jpg", b"dos"),
    ];
    assert_eq!(
        part_contents(part),
        expected.map(|(path, bytes)| (path.to_owned(), Ok(bytes.to_vec())))
    );
    let a = part.table().iter().find(|entry| entry.name() == "back_slash.jpg");
    let mut rest = String::new();
    let leapt = part.leap(a.unwrap(), 1).unwrap().unwrap();
    { leapt }.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "s");
    // One that takes a file's place after listing is not followed either.
    fs::remove_file(album.join("a.jpg")).unwrap();
    std::os::unix::fs::symlink(home.path().join("secret/key"), album.join("a.jpg")).unwrap();
    let a = part.table().iter().find(|entry| entry.name() == "a.jpg").unwrap();
    assert!(part.open(a).is_err());
}

#[test]
fn a_file_that_changed_its_length_is_not_taken_for_what_it_was() {
    let home = tempfile::tempdir().unwrap();
    written(
        home.path(),
        &[("Takeout/G/A/a.jpg", b"12345"), ("Takeout/G/A/b.jpg", b"12345")],
    );
    let inventory = inventory(home.path(), &["Takeout"]);
    written(
        home.path(),
        &[("Takeout/G/A/a.jpg", b"123"), ("Takeout/G/A/b.jpg", b"1234567")],
    );
    let (_, part) = inventory.parts().next().unwrap();
    let faults: Vec<_> = part_contents(part)
        .into_iter()
        .map(|(_, content)| content.unwrap_err())
        .collect();
    assert_eq!(
        faults,
        [
            EntryFault::TooShort { size: 5, found: 3 },
            EntryFault::TooLong { size: 5 }
        ]
    );
}
