//! What came from Google's API is recognised, and gives way to the original; never the other way round.

use std::fs;

use serde_json::json;
use stand_in_google::{Item, Service};

use super::scene::Scene;
use crate::support::{Sandbox, serving};

/// The sidecar of an item.
fn sidecar(item: &Item) -> Vec<u8> {
    let taken = item.taken.unwrap().timestamp().to_string();
    json!({ "title": item.filename, "photoTakenTime": { "timestamp": taken }, "url": "https://photos.google.com/p" })
        .to_string()
        .into_bytes()
}

fn original(number: u8) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0 the original ".to_vec();
    bytes.extend([number; 500]);
    bytes.extend(b"\xFF\xD9");
    bytes
}

#[test]
fn an_original_takes_the_place_of_the_apis_copy_which_is_kept_aside() {
    let items = vec![Item::photo(1), Item::photo(2)];
    let google = serving(items.clone());
    let scene = Scene::in_sandbox(Sandbox::signed_in(&google));
    scene.sandbox.sync(&[]).with_code(0);
    let path = "2020/01/IMG_0001.jpg";
    let copy = fs::read(scene.sandbox.path(path)).unwrap();
    let (photo, text) = (original(1), sidecar(&items[0]));
    scene.zip(
        "takeout-20260101T120000Z-001.zip",
        &[
            ("archive_browser.html", b"<html>"),
            ("Google Photos/Photos from 2020/IMG_0001.jpg", &photo),
            ("Google Photos/Photos from 2020/IMG_0001.jpg.json", &text),
        ],
    );
    let summary = scene.import(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 1)]);
    assert_eq!(fs::read(scene.sandbox.path(path)).unwrap(), photo);
    assert_eq!(scene.contents().len(), 2, "it is one item");
    assert_eq!(
        scene.sandbox.leftovers(),
        [format!(".gphotosync/replaced/{path}")]
    );
    let aside = scene.sandbox.path(".gphotosync/replaced").join(path);
    assert_eq!(fs::read(aside).unwrap(), copy);

    let again = scene.import(&[]).with_code(0).summary();
    assert_eq!(again.counts(), [("present", 1)]);
    google.journal().clear();
    let synced = scene.sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(synced.counts(), [("present", 2)]);
    assert_eq!(google.journal().count_of_service(Service::Media), 0);
    assert_eq!(fs::read(scene.sandbox.path(path)).unwrap(), photo);
    scene.sandbox.run(&["verify"]).with_code(0);
}

#[test]
fn what_takeout_brought_is_not_fetched_again_by_the_api() {
    let items = vec![Item::photo(1)];
    let google = serving(items.clone());
    let scene = Scene::in_sandbox(Sandbox::signed_in(&google));
    let (photo, text) = (original(7), sidecar(&items[0]));
    scene.zip(
        "takeout-20260101T120000Z-001.zip",
        &[
            ("archive_browser.html", b"<html>"),
            ("Google Photos/Photos from 2020/IMG_0001.jpg", &photo),
            ("Google Photos/Photos from 2020/IMG_0001.jpg.json", &text),
        ],
    );
    scene.import(&[]).with_code(0);
    let synced = scene.sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(synced.counts(), [("present", 1)]);
    assert_eq!(google.journal().count_of_service(Service::Media), 0);
    assert_eq!(scene.contents().len(), 1);
}

#[test]
fn files_that_lie_there_already_are_taken_over_only_if_they_are_the_very_same() {
    let item = Item::photo(1);
    let scene = Scene::new();
    let (photo, text) = (original(1), sidecar(&item));
    scene.zip(
        "takeout-20260101T120000Z-001.zip",
        &[
            ("archive_browser.html", b"<html>"),
            ("Google Photos/Photos from 2020/IMG_0001.jpg", &photo),
            ("Google Photos/Photos from 2020/IMG_0001.jpg.json", &text),
        ],
    );
    let path = scene.sandbox.path("2020/01/IMG_0001.jpg");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let lay = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(item.taken.unwrap().into()).unwrap();
    };
    lay(b"something of the user's");
    let summary = scene.import(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 1)]);
    assert_eq!(fs::read(&path).unwrap(), b"something of the user's");
    assert_eq!(scene.contents().len(), 2);

    let scene_of_same = Scene::new();
    let same = scene_of_same.sandbox.path("2020/01/IMG_0001.jpg");
    fs::create_dir_all(same.parent().unwrap()).unwrap();
    fs::write(&same, &photo).unwrap();
    fs::copy(
        scene.exports.join("takeout-20260101T120000Z-001.zip"),
        scene_of_same.exports.join("takeout-20260101T120000Z-001.zip"),
    )
    .unwrap();
    let file = fs::File::options().write(true).open(&same).unwrap();
    file.set_modified(item.taken.unwrap().into()).unwrap();
    drop(file);
    let summary = scene_of_same.import(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 1)]);
    assert_eq!(scene_of_same.contents().len(), 1);
}
