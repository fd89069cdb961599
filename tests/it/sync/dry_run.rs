//! `--dry-run`: says what a run would do, and does none of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use stand_in_google::Item;

use super::scene::{Scene, one_of_each};

/// Everything below a folder, whatever it is: length, time, and bytes.
fn snapshot(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy().into_owned();
        let modified = path.symlink_metadata().unwrap().modified().unwrap();
        if path.is_dir() {
            all.extend(snapshot(&path));
            all.insert(name, (Vec::new(), modified));
        } else {
            all.insert(name, (fs::read(&path).unwrap(), modified));
        }
    }
    all
}

#[test]
fn in_an_empty_folder_a_dry_run_leaves_nothing_behind() {
    let scene = Scene::of(one_of_each());
    let before = snapshot(&scene.sandbox.library());
    let ended = scene.sync(&["--dry-run"]).with_code(0);
    assert_eq!(ended.summary().counts(), [("not_reached", 4)]);
    let told = ended.events_of("item_finished");
    let names: BTreeSet<_> = told
        .iter()
        .filter_map(|event| event["item"]["name"].as_str())
        .collect();
    assert_eq!(
        names,
        scene.items.iter().map(|item| item.filename.as_str()).collect(),
        "each by its name"
    );
    assert_eq!(scene.media_requests(), 0);
    assert_eq!(snapshot(&scene.sandbox.library()), before);
    assert!(!scene.sandbox.path(".gphotosync").exists());
}

#[test]
fn a_dry_run_says_what_would_be_fetched() {
    let scene = Scene::of(one_of_each());
    let ended = scene
        .sandbox
        .run(&["sync", "--dry-run", "--progress", "plain", "--delay", "0"])
        .with_code(0);
    let said = ended.said();
    assert!(
        said.contains("nothing was fetched") && said.contains("4 to fetch"),
        "{said}"
    );
}

#[test]
fn a_dry_run_on_a_library_changes_no_name_and_not_the_index() {
    let scene = Scene::of(vec![Item::photo(1), Item::photo(2).named("DSC_1.JPG")]);
    scene.sync(&[]).with_code(0);
    for newer in [Item::photo(3), Item::photo(4).named("DSC_1.JPG")] {
        scene.google.add_item(newer);
    }
    let tree = scene.sandbox.tree();
    let index = fs::read(scene.sandbox.path(".gphotosync/index.db")).unwrap();
    scene.google.journal().clear();
    for _ in 0..2 {
        let summary = scene.sync(&["--dry-run"]).with_code(0).summary();
        assert_eq!(summary.counts(), [("present", 2), ("not_reached", 2)]);
        assert_eq!(scene.media_requests(), 0);
        assert_eq!(scene.sandbox.tree(), tree);
        let now = fs::read(scene.sandbox.path(".gphotosync/index.db")).unwrap();
        assert!(now == index, "the index is as it was");
    }
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 2), ("present", 2)]);
}

#[test]
fn a_dry_run_knows_what_it_would_take_over() {
    let scene = Scene::of(vec![Item::photo(1), Item::photo(2)]);
    let item = &scene.items[0];
    let path = scene.sandbox.path("2020/01/IMG_0001.jpg");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, item.original().to_bytes()).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_modified(item.taken.unwrap().into()).unwrap();
    let before = snapshot(&scene.sandbox.library());
    let summary = scene.sync(&["--dry-run"]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 1), ("not_reached", 1)]);
    assert_eq!(snapshot(&scene.sandbox.library()), before);
}
