//! A folder that the Go tool filled: what is whole is taken over without a request, what is damaged is exchanged, and
//! what is the user's stays the user's.

use std::fs;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use stand_in_google::{Item, Refusal, Service, Target, Trigger};

use super::scene::{Scene, one_of_each};
use crate::support::{Tree, expected, seen, sha256};

/// Puts a file into the library as a tool that knew nothing of ours left it.
fn leave(scene: &Scene, path: &str, bytes: &[u8], modified: DateTime<Utc>) {
    let path = scene.sandbox.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::from(modified)).unwrap();
}

/// The Go tool stored the photo or video, and no clips.
fn leave_whole(scene: &Scene, item: &Item) {
    let path = format!("{}/{}", item.taken.unwrap().format("%Y/%m"), item.filename);
    leave(scene, &path, &item.original().to_bytes(), item.taken.unwrap());
}

/// The name of an item that had to give way.
fn suffixed(item: &Item) -> String {
    let (stem, ext) = item.filename.rsplit_once('.').unwrap();
    let nanoseconds = item.taken.unwrap().timestamp_nanos_opt().unwrap();
    format!("{stem}-gphotosync-{nanoseconds:x}.{ext}")
}

#[test]
fn whole_files_are_taken_over_without_one_request_for_bytes() {
    let items = vec![Item::photo(1), Item::photo(2), Item::video(3)];
    let scene = Scene::of(items);
    for item in &scene.items {
        leave_whole(&scene, item);
    }
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("present", 3)]);
    assert_eq!(scene.media_requests(), 0);
    scene.assert_complete();
    assert_eq!(scene.sync(&[]).with_code(0).summary().counts(), [("present", 3)]);
    assert_eq!(scene.media_requests(), 0);
}

#[test]
fn of_a_motion_photo_that_is_here_only_the_clip_is_fetched() {
    let scene = Scene::of(vec![Item::motion_photo(4)]);
    leave_whole(&scene, &scene.items[0]);
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
    assert_eq!(scene.media_requests(), 2, "the clip, and its redirect");
}

#[test]
fn a_time_that_a_fat_disk_rounded_is_the_same_time() {
    let scene = Scene::of(vec![Item::photo(1)]);
    let (item, rounded) = (&scene.items[0], Duration::from_secs(1));
    leave(
        &scene,
        "2020/01/IMG_0001.jpg",
        &item.original().to_bytes(),
        item.taken.unwrap() - rounded,
    );
    assert_eq!(scene.sync(&[]).with_code(0).summary().counts(), [("present", 1)]);
    assert_eq!(scene.media_requests(), 0);
}

/// Damaged files of the items' own names and times, and the fate of them.
#[track_caller]
fn exchanges(damaged: &dyn Fn(&Item) -> Vec<u8>) {
    let scene = Scene::of(one_of_each());
    let mut replaced = Tree::new();
    for item in &scene.items {
        let path = format!("2020/01/{}", item.filename);
        leave(&scene, &path, &damaged(item), item.taken.unwrap());
        let kept = format!(".gphotosync/replaced/{path}");
        replaced.insert(kept, seen(&scene.sandbox.path(&path)));
    }
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 4)]);
    assert_eq!(scene.sandbox.tree(), expected(&scene.items));
    let kept = scene.sandbox.leftovers();
    assert_eq!(
        kept,
        replaced.keys().cloned().collect::<Vec<_>>(),
        "what was here is kept"
    );
    for (path, file) in &replaced {
        assert_eq!(&seen(&scene.sandbox.path(path)), file);
    }
    scene.google.journal().clear();
    scene.sync(&[]).with_code(0);
    assert_eq!(scene.media_requests(), 0);
}

#[test]
fn truncated_files_are_fetched_afresh_and_exchanged() {
    exchanges(&|item| {
        let whole = item.original().to_bytes();
        whole[..whole.len() / 2].to_vec()
    });
}

#[test]
fn pages_of_html_that_bear_a_photos_name_are_exchanged() {
    exchanges(&|_| b"<!DOCTYPE html><html><title>Error 403 (Forbidden)!!1</title></html>".to_vec());
}

#[test]
fn empty_files_are_exchanged() {
    exchanges(&|_| Vec::new());
}

#[test]
fn a_damaged_file_stays_where_it_is_until_there_is_a_better_one() {
    let scene = Scene::of(vec![Item::photo(1)]);
    let item = &scene.items[0];
    let half = item.original().to_bytes().slice(..2000);
    leave(&scene, "2020/01/IMG_0001.jpg", &half, item.taken.unwrap());
    let faults =
        stand_in_google::Faults::none().rule(Target::from(Service::Media), Trigger::Always, Refusal::HtmlOk);
    scene.google.faults().set(faults);
    let summary = scene.sync(&[]).with_code(3).summary();
    assert_eq!(summary.counts(), [("failed", 1)]);
    let file = &scene.sandbox.tree()["2020/01/IMG_0001.jpg"];
    assert_eq!(file.sha256, sha256(&half));
    scene.google.faults().clear();
    scene.sync(&[]).with_code(0);
    assert_eq!(scene.sandbox.tree(), expected(&scene.items));
}

#[test]
fn a_foreign_file_is_never_touched_and_the_item_gets_another_name() {
    let scene = Scene::of(vec![Item::photo(1)]);
    let item = &scene.items[0];
    let (path, theirs) = ("2020/01/IMG_0001.jpg", b"somebody's own".as_slice());
    let time = item.taken.unwrap() + Duration::from_hours(1);
    leave(&scene, path, theirs, time);
    leave(&scene, "2020/01/notes.txt", b"on the journey", time);
    let before = scene.sandbox.tree();
    for _ in 0..2 {
        scene.sync(&[]).with_code(0);
        let mut tree = scene.sandbox.tree();
        let stored = tree.remove(&format!("2020/01/{}", suffixed(item)));
        assert_eq!(stored, expected(&scene.items).into_values().next());
        assert_eq!(tree, before, "all else is as it was");
    }
    assert_eq!(scene.media_requests(), 1);
}

#[test]
fn a_folder_or_a_link_in_an_items_place_is_foreign_too() {
    let scene = Scene::of(vec![Item::photo(1), Item::photo(2)]);
    fs::create_dir_all(scene.sandbox.path("2020/01/IMG_0001.jpg")).unwrap();
    let elsewhere = scene.sandbox.home().join("precious.jpg");
    fs::write(&elsewhere, "precious").unwrap();
    std::os::unix::fs::symlink(&elsewhere, scene.sandbox.path("2020/01/IMG_0002.jpg")).unwrap();
    scene.sync(&[]).with_code(0);
    for item in &scene.items {
        let path = scene.sandbox.path(format!("2020/01/{}", suffixed(item)));
        assert_eq!(seen(&path).sha256, item.original().sha256());
    }
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "precious");
    assert!(scene.sandbox.path("2020/01/IMG_0001.jpg").is_dir());
}

#[test]
fn names_that_the_go_tool_gave_to_photos_of_one_name_are_taken_over() {
    let older = Item::photo(1).named("DSC_1.JPG");
    let newer = Item::photo(2).named("DSC_1.JPG");
    let scene = Scene::of(vec![older.clone(), newer.clone()]);
    leave_whole(&scene, &newer);
    let path = format!("2020/01/{}", suffixed(&older));
    leave(&scene, &path, &older.original().to_bytes(), older.taken.unwrap());
    let before = scene.sandbox.tree();
    assert_eq!(scene.sync(&[]).with_code(0).summary().counts(), [("present", 2)]);
    assert_eq!((scene.media_requests(), scene.sandbox.tree()), (0, before));
}

#[test]
fn a_file_that_appears_while_its_item_is_on_its_way_keeps_its_name() {
    let scene = Scene::of(vec![Item::photo(1)]);
    let slow = stand_in_google::Pace::Latency(Duration::from_millis(800));
    let faults = stand_in_google::Faults::none().rule(Service::Media, Trigger::Always, slow);
    scene.google.faults().set(faults);
    let mut run = scene.start(&[]);
    run.until("listing_finished");
    let path = "2020/01/IMG_0001.jpg";
    leave(&scene, path, b"just arrived from the camera", Utc::now());
    run.end().with_code(0);
    let tree = scene.sandbox.tree();
    assert_eq!(tree[path].sha256, sha256(b"just arrived from the camera"));
    let stored = &tree[&format!("2020/01/{}", suffixed(&scene.items[0]))];
    assert_eq!(stored.sha256, scene.items[0].original().sha256());
}
