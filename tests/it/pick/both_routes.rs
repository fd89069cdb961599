//! One photo by two routes: it is known by its name, its kind and its second, and not stored twice.

use chrono::TimeDelta;
use stand_in_google::{Choice, Item, VideoStatus, id_of};

use super::scene::Scene;

/// As the Picker shows an item of the Library API: under another id.
fn as_picked(item: &Item) -> Item {
    let mut picked = item.clone();
    picked.id = format!("picked-{}", item.filename);
    picked
}

/// Three photos and a video that the Library API delivered; the same, and one more, are picked.
fn synced() -> (Scene, Vec<Item>) {
    let items = vec![Item::photo(1), Item::photo(2), Item::video(3)];
    let scene = Scene::not_signed_in(items.clone());
    scene.sandbox.sign_in();
    scene.sandbox.sync(&[]).with_code(0);
    let mut picked: Vec<_> = items.iter().map(as_picked).collect();
    picked.push(Item::photo(9));
    scene.allow();
    (scene, picked)
}

fn pick(scene: &Scene, items: &[Item], args: &[&str]) -> crate::support::Ended {
    for item in items {
        scene.google.add_item(item.clone());
    }
    let ids = items.iter().map(|item| item.id.clone()).collect();
    scene.google.will_choose(Choice::AfterPolls(1, ids));
    scene.google.journal().clear();
    scene.pick(args).with_code(0)
}

#[test]
fn what_came_by_one_route_is_recognised_by_the_other() {
    let (scene, picked) = synced();
    let summary = pick(&scene, &picked, &["--album", "Both"]).summary();
    assert_eq!(summary.counts(), [("stored", 1), ("present", 3)]);
    assert_eq!(scene.media_requests(), 1, "only what is new is fetched");
    scene.sandbox.assert_holds(&picked);
    assert_eq!(
        scene.number("SELECT count(*) FROM member"),
        4,
        "they are in the album all the same"
    );
    let again = pick(&scene, &picked, &[]).summary();
    assert_eq!(again.counts(), [("present", 4)]);
    assert_eq!(scene.media_requests(), 0);
}

#[test]
fn what_was_picked_is_recognised_by_a_later_sync() {
    let item = Item::photo(1);
    let scene = Scene::not_signed_in(vec![item.clone()]);
    scene.allow();
    pick(&scene, &[as_picked(&item)], &[]);
    scene.sandbox.sign_in();
    scene.google.remove_item(&as_picked(&item).id);
    let summary = scene.sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 1)]);
    scene.assert_complete();
}

#[test]
fn a_video_that_waits_by_one_route_and_comes_by_the_other_is_stored_once() {
    let video = Item::video(3);
    let scene = Scene::not_signed_in(vec![]);
    scene.allow();
    let waiting = as_picked(&video).with_status(VideoStatus::Processing);
    let summary = pick(&scene, std::slice::from_ref(&waiting), &[]).summary();
    assert_eq!(summary.counts(), [("waiting", 1)]);
    scene.google.remove_item(&waiting.id);
    scene.google.add_item(video.clone());
    scene.sandbox.sign_in();
    let summary = scene.sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 1)]);
    scene.google.add_item(as_picked(&video));
    let summary = scene.pick(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 1)]);
    scene.sandbox.assert_holds(std::slice::from_ref(&video));
    let told = scene.sandbox.run(&["explain", &video.id]).with_code(0).stdout;
    assert!(
        told.contains(&format!("Also        {} of library-api", video.id)),
        "{told}"
    );
}

#[test]
fn photos_that_only_look_alike_are_both_kept() {
    let item = Item::photo(1);
    let scene = Scene::not_signed_in(vec![item.clone()]);
    scene.sandbox.sign_in();
    scene.sandbox.sync(&[]).with_code(0);
    scene.allow();
    // A second later, and with the very name and second but two of them.
    let mut later = as_picked(&item).taken_at(item.taken.unwrap() + TimeDelta::seconds(1));
    later.id = "later".to_owned();
    let twins: Vec<_> = ["one", "two"]
        .map(|id| Item::photo(1).with_id(id).named("IMG_0001.jpg"))
        .to_vec();
    let summary = pick(&scene, &[vec![later], twins].concat(), &[]).summary();
    assert_eq!(
        summary.counts(),
        [("stored", 2), ("present", 1)],
        "one of the two is the one that is here"
    );
    assert_eq!(scene.sandbox.tree().len(), 3);
}

#[test]
fn a_file_that_was_deleted_comes_back_by_either_route() {
    let (scene, picked) = synced();
    pick(&scene, &picked, &[]);
    let path = scene.sandbox.path("2020/01/IMG_0001.jpg");
    std::fs::remove_file(&path).unwrap();
    let summary = pick(&scene, &picked, &[]).summary();
    assert_eq!(summary.counts(), [("stored", 1), ("present", 3)]);
    assert!(path.exists() && scene.google.item(&id_of(1)).is_some());
    scene.sandbox.assert_holds(&picked);
}
