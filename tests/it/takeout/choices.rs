//! What is left out, and what is not.

use pretend_takeout::{Role, Settings, Truth};

use super::scene::{Scene, contents_of, entries};

fn export() -> (Scene, Truth) {
    Scene::of(&Settings {
        items: 800,
        albums: 6,
        parts: 2,
        ..Settings::default()
    })
}

/// How many contents there are of these homes.
fn contents(truth: &Truth, homes: &[&str]) -> usize {
    contents_of(truth.media.iter().filter(|media| homes.contains(&media.home))).len()
}

#[test]
fn trash_and_locked_folder_come_only_when_asked_for_and_the_archive_unless() {
    for (args, homes) in [
        (&[][..], &["year", "archive"][..]),
        (&["--trashed"], &["year", "archive", "trash"]),
        (
            &["--trashed", "--locked"],
            &["year", "archive", "trash", "locked"],
        ),
        (&["--no-archived"], &["year"]),
    ] {
        let (scene, truth) = export();
        let ended = scene.import(args).with_code(0);
        assert_eq!(scene.contents().len(), contents(&truth, homes), "{args:?}");
        let entries = entries(&ended, truth.entries);
        let is_any_left_out = homes.len() < 4;
        assert_eq!(entries.contains_key("filtered"), is_any_left_out, "{entries:?}");
    }
}

#[test]
fn of_edited_photos_one_version_or_both_are_kept() {
    let of_role = |truth: &Truth, role| {
        let media = truth.media.iter().filter(|media| media.home == "year");
        contents_of(media.filter(|media| media.role == role))
    };
    for (which, has_originals, has_edited) in [
        ("both", true, true),
        ("original", true, false),
        ("edited", false, true),
    ] {
        let (scene, truth) = export();
        scene.import(&["--edited", which]).with_code(0);
        let here: std::collections::BTreeSet<_> = scene.contents().into_values().collect();
        let paired: Vec<_> = truth
            .media
            .iter()
            .filter(|media| media.role == Role::Edited && media.home == "year" && media.belongs_to.is_some())
            .collect();
        assert!(paired.len() > 10);
        let originals = truth.media.iter().filter(|media| {
            paired
                .iter()
                .any(|edited| edited.belongs_to.as_ref() == Some(&media.path))
        });
        let originals = contents_of(originals);
        assert_eq!(originals.is_subset(&here), has_originals, "{which}");
        assert_eq!(
            of_role(&truth, Role::Edited).is_subset(&here),
            has_edited,
            "{which}"
        );
        if !has_edited {
            assert!(contents_of(paired.into_iter()).is_disjoint(&here));
        }
    }
}

const YEAR: &str = "Google Photos/Photos from 2019";

fn jpeg(number: u8) -> Vec<u8> {
    [b"\xFF\xD8\xFF\xE0".as_slice(), &[number; 300], b"\xFF\xD9"].concat()
}

fn notices(ended: &crate::support::Ended) -> Vec<String> {
    let notices = ended.events_of("notice").into_iter();
    notices
        .map(|notice| notice["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_left_out_is_told_with_what_would_bring_it() {
    let scene = Scene::new();
    let sidecar = |name: &str, mark: &str| {
        let text = format!(r#"{{"title": "{name}", "url": "u", "{mark}": true}}"#);
        text.into_bytes()
    };
    scene.zip(
        "takeout-20260101T120000Z-001.zip",
        &[
            ("archive_browser.html", b"<html>"),
            (&format!("{YEAR}/a.jpg"), &jpeg(1)),
            ("Google Photos/Trash/b.jpg", &jpeg(2)),
            ("Google Photos/Trash/b.jpg.json", &sidecar("b.jpg", "trashed")),
            ("Google Photos/Trash/c.jpg", &jpeg(3)),
            ("Google Photos/Trash/c.jpg.json", &sidecar("c.jpg", "trashed")),
            ("Google Photos/Locked Folder/d.jpg", &jpeg(4)),
            (
                "Google Photos/Locked Folder/d.jpg.json",
                &sidecar("d.jpg", "inLockedFolder"),
            ),
            (
                "Google Photos/Failed Videos/e.mp4",
                b"\0\0\0\x18ftypmp42 and no more",
            ),
        ],
    );
    let told = notices(&scene.import(&[]).with_code(0));
    let expected = [
        "Google Photos/Failed Videos/e.mp4 is not imported: it lies in the folder of the videos that Google could not read.",
        "2 items in the trash are left out; --trashed imports them.",
        "1 item in the locked folder is left out; --locked imports it.",
    ];
    assert_eq!(told, expected);
    let told = notices(&scene.import(&["--trashed", "--locked"]).with_code(0));
    assert_eq!(told, expected[..1]);
}

#[test]
fn a_plan_needs_no_library() {
    let (scene, truth) = export();
    let library = scene.sandbox.path("");
    if library.exists() {
        std::fs::remove_dir_all(&library).unwrap();
    }
    let planned = scene.import(&["--dry-run"]).with_code(0).summary();
    assert!(!library.exists());
    let wanted = contents_of(super::scene::wanted(&truth)).len() as u64;
    let (found, left_out) = (planned.number("found"), planned.count("filtered"));
    assert!(
        found > left_out && found - left_out <= wanted,
        "{found}, {left_out}, {wanted}"
    );
    assert_eq!(planned.count("not_reached"), found - left_out);
}

/// What a run wanted before stays, and what another one wants comes beside it.
#[test]
fn whoever_changes_his_mind_about_versions_has_each_content_once() {
    let text = br#"{"title": "a.jpg", "photoTakenTime": {"timestamp": "1559990096"}}"#;
    let (original, edited) = (jpeg(1), jpeg(2));
    for (first, then) in [
        ("both", "edited"),
        ("both", "original"),
        ("edited", "both"),
        ("edited", "original"),
        ("original", "both"),
        ("original", "edited"),
    ] {
        let scene = Scene::new();
        scene.zip(
            "takeout-20260101T120000Z-001.zip",
            &[
                ("archive_browser.html", b"<html>"),
                (&format!("{YEAR}/a.jpg"), &original),
                (&format!("{YEAR}/a-edited.jpg"), &edited),
                (&format!("{YEAR}/a.jpg.json"), text),
            ],
        );
        for which in [first, then, then] {
            scene.import(&["--edited", which]).with_code(0);
        }
        let here = scene.contents();
        let paths: Vec<_> = here.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            ["2019/06/a-edited.jpg", "2019/06/a.jpg"],
            "{first}, {then}"
        );
        let expected = crc32fast::hash(&original);
        assert_eq!(here["2019/06/a.jpg"].1, expected, "{first}, {then}");
    }
}
