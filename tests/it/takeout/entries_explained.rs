//! What became of an entry, told of whatever entry one asks about.

use std::fs;

use serde_json::json;

use super::ledger::{assert_accounted, ledgers};
use super::scene::Scene;

const YEAR: &str = "Google Photos/Photos from 2019";
const ALBUM: &str = "Google Photos/Rome";
const FAILED: &str = "Google Photos/Failed Videos";
const ONE: &str = "takeout-20260101T120000Z-001.zip";
const TWO: &str = "takeout-20260101T120000Z-002.zip";

/// Of an entry of each kind: its path, the part that holds it, and what became of it.
const FATES: [(&str, &str, &str); 12] = [
    (
        "Google Photos/Rome/IMG_1.jpg",
        TWO,
        "a copy of Google Photos/Photos from 2019/IMG_1(1).jpg in takeout-20260101T120000Z-001.zip, stored as \
         2019/10/IMG_1.jpg (copy)",
    ),
    (
        "Google Photos/Rome/IMG_1.jpg.json",
        TWO,
        "what Google tells of the photo or video that is stored as 2019/10/IMG_1.jpg (sidecar)",
    ),
    (
        "Google Photos/Photos from 2019/lone.jpg.json",
        ONE,
        "what Google tells of a photo or video that was not imported: its photo or video is not in these parts \
         (sidecar_without_media)",
    ),
    (
        "Google Photos/Failed Videos/e.mp4.json",
        TWO,
        "what Google tells of a photo or video that was not imported: Google could not read its video \
         (sidecar_without_media)",
    ),
    (
        "Google Photos/Failed Videos/e.mp4",
        TWO,
        "a video that Google could not read, and not imported (failed_at_google)",
    ),
    (
        "Google Photos/Trash/t.jpg",
        ONE,
        "left out: it is in the trash (filtered)",
    ),
    (
        "Google Photos/Trash/t.jpg.json",
        ONE,
        "what Google tells of the photo or video: its photo or video is in the trash (sidecar)",
    ),
    (
        "Google Photos/Rome/metadata.json",
        ONE,
        "what Google tells of an album (album)",
    ),
    (
        "Drive/plan.txt",
        ONE,
        "of another product of Google's, and not imported (other_product)",
    ),
    (
        "Google Photos/Thumbs.db",
        ONE,
        "left behind by a computer, and not imported (debris)",
    ),
    (
        "Google Photos/Photos from 2019/broken.json",
        TWO,
        "not imported: it cannot be understood (failed)",
    ),
    (
        "archive_browser.html",
        ONE,
        "Google's page of contents (archive_browser)",
    ),
];

fn jpeg(number: u8) -> Vec<u8> {
    [b"\xFF\xD8\xFF\xE0".as_slice(), &[number; 300], b"\xFF\xD9"].concat()
}

fn sidecar(title: &str, taken: u32, mark: &str) -> Vec<u8> {
    let taken = taken.to_string();
    json!({"title": title, "photoTakenTime": {"timestamp": taken}, mark: true})
        .to_string()
        .into_bytes()
}

/// An export with one entry of every kind.
fn everything(scene: &Scene) {
    let (one, other) = (
        sidecar("IMG_1.jpg", 1_559_990_096, "x"),
        sidecar("IMG_1.jpg", 1_569_990_096, "x"),
    );
    let trashed = sidecar("t.jpg", 1_559_990_096, "trashed");
    let lone = sidecar("lone.jpg", 1_559_990_096, "x");
    let failed = sidecar("e.mp4", 1_559_990_096, "x");
    let album = json!({"title": "Rome"}).to_string();
    scene.zip(
        ONE,
        &[
            ("archive_browser.html", b"<html>"),
            (&format!("{YEAR}/IMG_1.jpg"), &jpeg(1)),
            (&format!("{YEAR}/IMG_1.jpg.json"), &one),
            (&format!("{YEAR}/IMG_1(1).jpg"), &jpeg(2)),
            (&format!("{YEAR}/IMG_1.jpg(1).json"), &other),
            (&format!("{YEAR}/lone.jpg.json"), &lone),
            (&format!("{ALBUM}/metadata.json"), album.as_bytes()),
            ("Google Photos/Trash/t.jpg", &jpeg(3)),
            ("Google Photos/Trash/t.jpg.json", &trashed),
            ("Drive/plan.txt", b"a plan"),
            ("Google Photos/Thumbs.db", b"x"),
            ("../../escaped.jpg", b"hostile"),
        ],
    );
    scene.zip(
        TWO,
        &[
            (&format!("{YEAR}/IMG_1.jpg"), &jpeg(1)),
            (&format!("{ALBUM}/IMG_1.jpg"), &jpeg(2)),
            (&format!("{ALBUM}/IMG_1.jpg.json"), &other),
            (&format!("{FAILED}/e.mp4"), b"\0\0\0\x18ftypmp42 and no more"),
            (&format!("{FAILED}/e.mp4.json"), &failed),
            (
                &format!("{FAILED}/f.mp4.json"),
                &sidecar("f.mp4", 1_559_990_096, "x"),
            ),
            (&format!("{YEAR}/broken.json"), b"{"),
        ],
    );
}

fn explained(scene: &Scene, word: &str) -> String {
    scene.sandbox.run(&["explain", word]).with_code(0).stdout
}

#[test]
fn every_entry_is_explained() {
    let scene = Scene::new();
    everything(&scene);
    assert_accounted(&scene, &scene.import(&[]).with_code(3));
    for (word, part, became) in FATES {
        let story = explained(&scene, word);
        let lines: Vec<_> = story.lines().take(2).collect();
        let expected = [
            format!("Entry       {word} in {part}"),
            format!("Became      {became}"),
        ];
        assert_eq!(lines, expected, "{word}");
        assert_eq!(explained(&scene, &format!("Takeout/{word}")), story);
        let below = word.strip_prefix("Google Photos/").unwrap_or(word);
        assert_eq!(explained(&scene, below), story, "{below}");
    }
    let refused = explained(&scene, "Takeout/../../escaped.jpg");
    assert!(
        refused.contains("not imported: its name leads out of the archive's folder"),
        "{refused}"
    );
    let unknown = scene
        .sandbox
        .run(&["explain", "Takeout/Google Photos/none.jpg"])
        .with_code(1);
    assert!(
        unknown.stderr.contains("nothing here is called"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_video_that_google_failed_at_is_told_of_once_and_not_by_its_sidecar_too() {
    let scene = Scene::new();
    everything(&scene);
    let told = scene.import(&[]).with_code(3).events_of("notice");
    let texts = told.iter().map(|event| event["text"].as_str().unwrap());
    let of_failed: Vec<_> = texts.filter(|text| text.starts_with(FAILED)).collect();
    let set_apart = "is not imported: it lies in the folder of the videos that Google could not read.";
    // The other one's video is not here.
    let waiting = "tells of a photo or video that is not in these parts.";
    let expected = [
        format!("{FAILED}/e.mp4 {set_apart}"),
        format!("{FAILED}/f.mp4.json {waiting}"),
    ];
    assert_eq!(of_failed, expected);
}

#[test]
fn a_copy_is_told_with_the_very_item_it_is_a_copy_of() {
    let scene = Scene::new();
    everything(&scene);
    scene.import(&[]).with_code(3);
    let copy = format!("Takeout/{ALBUM}/IMG_1.jpg");
    let story = explained(&scene, &copy);
    let item = explained(&scene, "2019/10/IMG_1.jpg");
    assert!(story.ends_with(&item), "{story}\n\n{item}");
    assert_eq!(story.matches("Item  ").count(), 1, "{story}");
    // Where an earlier version imported, names are all there is.
    fs::remove_dir_all(scene.sandbox.path(".gphotosync/entries")).unwrap();
    assert_eq!(explained(&scene, &copy).matches("Item  ").count(), 2);
    // The next import knows it all again.
    scene.import(&[]).with_code(3);
    assert_eq!(explained(&scene, &copy), story);
}

/// Two exports of one photo, which was edited anew between them; the older one has the newer edit too, by itself.
#[test]
fn what_two_exports_have_in_common_is_a_copy_and_what_each_has_alone_is_stored() {
    let scene = Scene::new();
    let text = sidecar("a.jpg", 1_559_990_096, "x");
    let export = |part: &str, edited: u8, more: &[(&str, &[u8])]| {
        let (original, edited) = (jpeg(1), jpeg(edited));
        let [photo, version, told] =
            ["a.jpg", "a-edited.jpg", "a.jpg.json"].map(|name| format!("{YEAR}/{name}"));
        let files: [(&str, &[u8]); 4] = [
            ("archive_browser.html", b"<html>"),
            (&photo, &original),
            (&version, &edited),
            (&told, &text),
        ];
        scene.zip(part, &[&files[..], more].concat());
    };
    let older = "takeout-20250101T120000Z-001.zip";
    let alone = format!("{ALBUM}/alone.jpg");
    export(older, 3, &[(&alone, &jpeg(2))]);
    export(ONE, 2, &[]);
    let ended = scene.import(&[]).with_code(0);
    assert_accounted(&scene, &ended);
    assert_eq!(scene.contents().len(), 3);
    let ledgers = ledgers(&scene);
    let of_older = &ledgers[&format!("{older}.jsonl.gz")];
    let line = |path: &str| {
        let mut lines = of_older.iter().filter(|line| line["entry"] == path);
        lines.next().unwrap().clone()
    };
    let photo = format!("{YEAR}/a.jpg");
    let item = line(&photo)["item"].clone();
    for (path, kept) in [(&photo, "a.jpg"), (&alone, "a-edited.jpg")] {
        let kept = format!("{YEAR}/{kept}");
        let expected =
            json!({"entry": path, "bucket": "copy", "item": item, "same_as": kept, "same_as_in": ONE});
        assert_eq!(line(path), expected);
    }
    let path = format!("{YEAR}/a-edited.jpg");
    let other = line(&path);
    assert_eq!(other["bucket"], "stored");
    assert_ne!(other["item"], item);
    let story = explained(&scene, "Rome/alone.jpg");
    assert!(story.contains("stored as 2019/06/a-edited.jpg (copy)"), "{story}");
}
