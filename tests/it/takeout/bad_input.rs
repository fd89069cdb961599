//! Exports with something wrong in them: each a clear sentence, and everything else imported.

use std::fs;

use pretend_takeout::{Packing, Settings, write};
use serde_json::json;

use super::scene::{Scene, contents_of, entries, wanted};

/// What is always told: the notices and the reasons of failed items.
fn told(ended: &crate::support::Ended) -> String {
    let texts = ended.events().into_iter().filter_map(|event| {
        let text = event["text"].as_str().or(event["reason"].as_str());
        text.map(str::to_owned)
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn sidecar(title: &str) -> Vec<u8> {
    json!({ "title": title, "photoTakenTime": { "timestamp": "1600000000" } })
        .to_string()
        .into_bytes()
}

const PART: &str = "takeout-20260101T120000Z-001.zip";

#[test]
fn sidecars_of_every_bad_kind_take_nothing_with_them() {
    let scene = Scene::new();
    let folder = "Google Photos/Photos from 2020";
    let names = ["good", "broken", "types", "missing", "deep"];
    let photos: Vec<(String, Vec<u8>)> = names
        .iter()
        .map(|name| {
            (
                format!("{folder}/{name}.jpg"),
                format!("photo {name}").into_bytes(),
            )
        })
        .collect();
    let sidecars = [
        ("good", sidecar("good.jpg")),
        ("broken", b"{\"title\": \"broken.jpg\", ".to_vec()),
        (
            "types",
            br#"{"title": 7, "photoTakenTime": [1], "url": {}}"#.to_vec(),
        ),
        (
            "missing",
            br#"{"photoTakenTime": {"timestamp": "1600000000"}}"#.to_vec(),
        ),
        ("deep", "[".repeat(100_000).into_bytes()),
    ];
    let sidecars: Vec<(String, Vec<u8>)> = sidecars
        .into_iter()
        .map(|(name, text)| (format!("{folder}/{name}.jpg.json"), text))
        .collect();
    let all: Vec<(&str, &[u8])> = photos
        .iter()
        .chain(&sidecars)
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .chain([("archive_browser.html", &b"<html>"[..])])
        .collect();
    scene.zip(PART, &all);
    let ended = scene.import(&[]).with_code(3);
    assert_eq!(scene.contents().len(), names.len());
    let told = told(&ended);
    for name in ["broken", "deep"] {
        assert!(
            told.contains(&format!("{name}.jpg.json (in {PART}) could not be read")),
            "{told}"
        );
    }
    assert_eq!(entries(&ended, 11)["failed"], 2);
}

#[test]
fn entries_that_climb_out_and_names_that_are_none_are_refused() {
    let scene = Scene::new();
    let text = sidecar("good.jpg");
    scene.zip(
        PART,
        &[
            ("archive_browser.html", b"<html>"),
            ("Google Photos/Photos from 2020/good.jpg", b"photo"),
            ("Google Photos/Photos from 2020/good.jpg.json", &text),
            ("../../escaped.jpg", b"hostile"),
            ("Google Photos/Photos from 2020/CON.jpg", b"a device"),
            (
                "Google Photos/Photos from 2020/\u{1b}[2J.jpg",
                b"a control sequence",
            ),
        ],
    );
    let ended = scene.import(&[]).with_code(3);
    assert!(
        told(&ended).contains("leads out of the archive's folder"),
        "{}",
        told(&ended)
    );
    assert_eq!(entries(&ended, 6)["failed"], 1);
    let tree = scene.sandbox.tree();
    assert_eq!(tree.len(), 3, "{tree:?}");
    assert!(
        tree.keys()
            .all(|path| !path.contains('\u{1b}') && !path.ends_with("/CON.jpg")),
        "{tree:?}"
    );
    assert!(!scene.exports.join("../../escaped.jpg").exists());
    assert!(!ended.said().contains('\u{1b}'));
}

#[test]
fn a_damaged_photo_fails_alone() {
    let (scene, truth) = Scene::of(&Settings {
        items: 60,
        parts: 1,
        bytes_each: 4000,
        ..Settings::default()
    });
    let part = scene.exports.join(&truth.parts[0]);
    let mut bytes = fs::read(&part).unwrap();
    // Pictures are stored as they are: a byte in the middle of one is turned around.
    let hurt = wanted(&truth).find(|media| media.size > 2000).unwrap();
    let whole = part_bytes(&part, &hurt.path);
    let at = bytes.windows(whole.len()).position(|window| window == whole);
    let Some(at) = at else {
        panic!("{} is not stored", hurt.path)
    };
    bytes[at + whole.len() / 2] ^= 0xFF;
    fs::write(&part, bytes).unwrap();
    let ended = scene.import(&[]).with_code(3);
    assert_eq!(ended.summary().count("failed"), 1);
    assert!(told(&ended).contains("its bytes are damaged"), "{}", told(&ended));
    let mut expected = contents_of(wanted(&truth));
    let failed = entries(&ended, truth.entries)["failed"];
    assert!((1..=3).contains(&failed));
    expected.retain(|content| scene.contents().values().any(|here| here == content));
    assert!(expected.len() as u64 + failed >= contents_of(wanted(&truth)).len() as u64);
    assert_eq!(expected.len(), scene.contents().len());
}

fn part_bytes(part: &std::path::Path, path: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(fs::File::open(part).unwrap()).unwrap();
    let mut entry = archive.by_name(&format!("Takeout/{path}")).unwrap();
    let mut bytes = Vec::new();
    std::io::copy(&mut entry, &mut bytes).unwrap();
    bytes
}

#[test]
fn missing_and_damaged_parts_are_named_before_anything_starts() {
    let settings = Settings {
        items: 120,
        parts: 4,
        bytes_each: 3000,
        ..Settings::default()
    };
    for spoil in [
        |path: &std::path::Path| fs::remove_file(path).unwrap(),
        |path: &std::path::Path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        |path: &std::path::Path| fs::rename(path, path.with_extension("zip.crdownload")).unwrap(),
        |path: &std::path::Path| fs::write(path, "<!DOCTYPE html><title>Sign in").unwrap(),
    ] {
        let (scene, truth) = Scene::of(&settings);
        spoil(&scene.exports.join(&truth.parts[1]));
        let ended = scene.import(&[]).with_code(1);
        assert!(
            ended.stderr.contains("002") || ended.stderr.contains("part 2"),
            "{}",
            ended.stderr
        );
        assert_eq!(scene.sandbox.tree().len(), 0);
        let ended = scene.import(&["--partial"]).with_code(0);
        assert!(ended.summary().count("stored") > 40);
        assert!(
            told(&ended).contains("that is not in these parts")
                && told(&ended).contains("missing or damaged waits for them: import again"),
            "{}",
            told(&ended)
        );
        // The part comes later, and everything is as if it had been there.
        let (whole, _) = Scene::of(&settings);
        whole.import(&[]).with_code(0);
        fs::remove_dir_all(&scene.exports).unwrap();
        fs::create_dir(&scene.exports).unwrap();
        write(&settings, &scene.exports).unwrap();
        scene.import(&[]).with_code(0);
        assert_eq!(scene.sandbox.tree(), whole.sandbox.tree());
    }
}

#[test]
fn a_tgz_that_ends_too_early_gives_what_it_has() {
    let (scene, truth) = Scene::of(&Settings {
        items: 80,
        parts: 1,
        bytes_each: 4000,
        packing: Packing::Tgz,
        ..Settings::default()
    });
    let part = scene.exports.join(&truth.parts[0]);
    let bytes = fs::read(&part).unwrap();
    fs::write(&part, &bytes[..bytes.len() * 2 / 3]).unwrap();
    let ended = scene.import(&[]).with_code(1);
    assert!(ended.said().contains("cut short"), "{}", ended.said());
    let ended = scene.import(&["--partial"]).with_code(0);
    let here: std::collections::BTreeSet<_> = scene.contents().into_values().collect();
    assert!(here.len() > 20 && here.is_subset(&contents_of(wanted(&truth))));
    assert!(told(&ended).contains("cut short"));
}

#[test]
fn exports_without_photos_and_places_without_exports_are_told_of() {
    let scene = Scene::new();
    scene.zip(
        PART,
        &[("archive_browser.html", b"<html>"), ("Drive/plan.txt", b"a plan")],
    );
    let ended = scene.import(&[]).with_code(1);
    assert!(
        ended.said().contains("nothing of Google Photos"),
        "{}",
        ended.said()
    );
    let empty = Scene::new();
    let ended = empty.import(&[]).with_code(1);
    assert!(
        ended.stderr.contains("no part of a Takeout export"),
        "{}",
        ended.stderr
    );
    let ended = empty
        .sandbox
        .run(&["takeout", "/nowhere/at/all", "--progress", "json"])
        .with_code(1);
    assert!(ended.stderr.contains("/nowhere/at/all"), "{}", ended.stderr);
}

#[test]
fn entries_of_one_path_that_differ_are_both_kept() {
    let scene = Scene::new();
    let text = sidecar("a.jpg");
    let path = "Google Photos/Photos from 2020/a.jpg";
    scene.zip(
        PART,
        &[
            ("archive_browser.html", b"<html>"),
            (path, b"one version"),
            ("Google Photos/Photos from 2020/a.jpg.json", &text),
        ],
    );
    scene.zip("takeout-20260101T120000Z-002.zip", &[(path, b"another version")]);
    let ended = scene.import(&[]).with_code(0);
    assert!(
        told(&ended).contains("2 versions that differ"),
        "{}",
        told(&ended)
    );
    assert_eq!(scene.contents().len(), 2);
    entries(&ended, 4);
}

#[test]
fn the_library_itself_is_no_export() {
    let scene = Scene::new();
    scene.zip(
        PART,
        &[
            ("Google Photos/Photos from 2020/a.jpg", b"a"),
            ("archive_browser.html", b"<html>"),
        ],
    );
    scene.import(&[]).with_code(0);
    let library = scene.sandbox.path("");
    let ended = scene
        .sandbox
        .run(&["takeout", library.to_str().unwrap()])
        .with_code(1);
    assert!(ended.stderr.contains("is the library itself"), "{}", ended.stderr);
}
