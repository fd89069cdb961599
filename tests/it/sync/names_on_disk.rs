//! The tree is a function of the set of items: newer items claim names, older ones move, hostile names stay inside.

use std::fs;

use stand_in_google::{Faults, Item, PagingQuirks, id_of};

use super::scene::Scene;
use crate::support::{Tree, contents, contents_of, seen};

/// The tree that a fresh library gets of these items.
fn fresh(items: &[Item], args: &[&str]) -> Tree {
    let scene = Scene::of(items.to_vec());
    scene.sync(args).with_code(0);
    scene.sandbox.tree()
}

/// Item `seed`, under one name for all.
fn namesake(seed: u64) -> Item {
    Item::photo(seed).named("DSC_0001.JPG")
}

#[track_caller]
fn assert_nothing_fetched_but(scene: &Scene, requests: u64) {
    assert_eq!(scene.media_requests(), requests);
    scene.google.journal().clear();
}

#[test]
fn a_newer_item_claims_the_name_and_the_older_file_moves() {
    let mut scene = Scene::of(vec![namesake(1)]);
    scene.sync(&[]).with_code(0);
    assert_nothing_fetched_but(&scene, 1);
    scene.google.add_item(namesake(2));
    scene.items.push(namesake(2));
    let ended = scene.sync(&[]).with_code(0);
    assert_nothing_fetched_but(&scene, 1);
    let renamed = ended.events_of("renamed");
    let suffixed = "2020/01/DSC_0001-gphotosync-15e59a43b1d15800.JPG";
    assert_eq!(renamed.len(), 1);
    assert_eq!(
        (&renamed[0]["from"], &renamed[0]["to"]),
        (&"2020/01/DSC_0001.JPG".into(), &suffixed.into())
    );
    let summary = ended.summary();
    assert_eq!(summary.counts(), [("stored", 1), ("present", 1)]);
    assert_eq!(summary.number("renamed"), 1);
    assert_eq!(scene.sandbox.tree(), fresh(&scene.items, &[]));
    scene.sync(&[]).with_code(0);
    assert_nothing_fetched_but(&scene, 0);
}

#[test]
fn the_suffix_is_the_taken_time_in_hexadecimal_nanoseconds() {
    let taken = "2006-01-02T15:04:05Z".parse().ok();
    let video = |seed| Item::video(seed).named("20060102_150405.mp4");
    let items = [
        video(1).taken_at(taken),
        video(2).taken_at("2006-01-31T00:00:00Z".parse().ok()),
    ];
    let tree = fresh(&items, &[]);
    let paths: Vec<&String> = tree.keys().collect();
    assert_eq!(
        paths,
        [
            "2006/01/20060102_150405-gphotosync-fc4a4d5fdf6b200.mp4",
            "2006/01/20060102_150405.mp4"
        ]
    );
}

#[test]
fn with_the_strategy_id_the_suffix_is_the_items_id() {
    let items = [namesake(1), namesake(2)];
    let paths: Vec<String> = fresh(&items, &["--strategy", "id"]).into_keys().collect();
    let suffixed = format!("2020/01/DSC_0001-gphotosync-{}.JPG", id_of(1));
    assert_eq!(paths, [suffixed.as_str(), "2020/01/DSC_0001.JPG"]);
}

#[test]
fn another_strategy_renames_what_is_here_and_fetches_nothing() {
    let scene = Scene::of(vec![namesake(1), namesake(2), Item::photo(3)]);
    scene.sync(&[]).with_code(0);
    scene.google.journal().clear();
    scene.sync(&["--strategy", "id"]).with_code(0);
    assert_nothing_fetched_but(&scene, 0);
    assert_eq!(scene.sandbox.tree(), fresh(&scene.items, &["--strategy", "id"]));
}

#[test]
fn both_halves_of_a_motion_photo_move_together() {
    let named = |seed| Item::motion_photo(seed).named("PXL_1.MP.jpg");
    let mut scene = Scene::of(vec![named(1)]);
    scene.sync(&[]).with_code(0);
    for item in [named(3), named(2)] {
        scene.google.add_item(item.clone());
        scene.items.push(item);
        scene.sync(&[]).with_code(0);
    }
    let tree = scene.sandbox.tree();
    assert_eq!(tree, fresh(&scene.items, &[]));
    assert_eq!(tree.len(), 6);
    for path in tree.keys().filter(|path| {
        std::path::Path::new(path)
            .extension()
            .is_some_and(|ext| ext == "jpg")
    }) {
        let clip = path.replace(".jpg", ".mp4");
        assert!(tree.contains_key(&clip), "{path} and {clip}");
    }
}

#[test]
fn names_of_equal_items_do_not_depend_on_the_order_they_come_in() {
    // One time, one name but for case and Unicode form, and therefore four items that want one place.
    let taken = Item::photo(1).taken;
    let names = ["Éclair.jpg", "E\u{301}clair.JPG", "éclair.jpg", "ÉCLAIR.jpg"];
    let items: Vec<Item> = (1..)
        .zip(names)
        .map(|(seed, name)| Item::photo(seed).named(name).taken_at(taken))
        .collect();
    let all_at_once = fresh(&items, &[]);
    assert_eq!(contents_of(&all_at_once), contents(&items));
    for start in 0..items.len() {
        let mut scene = Scene::of(Vec::new());
        for turn in 0..items.len() {
            let item = items[(start + turn) % items.len()].clone();
            scene.google.add_item(item.clone());
            scene.items.push(item);
            scene.sync(&[]).with_code(0);
        }
        assert_eq!(scene.sandbox.tree(), all_at_once, "beginning with {start}");
    }
}

#[test]
fn pages_of_any_size_give_the_same_tree() {
    let items: Vec<Item> = (1..=12).map(|seed| namesake(seed * 5000)).collect();
    let whole = fresh(&items, &[]);
    for fill in [1, 5] {
        let faults = Faults::none().paging(PagingQuirks {
            page_fill: Some(fill),
            repeat_last: true,
            ..PagingQuirks::default()
        });
        let scene = Scene::with_faults(items.clone(), faults);
        scene.sync(&["--workers", "3"]).with_code(0);
        assert_eq!(scene.sandbox.tree(), whole, "{fill} to a page");
    }
}

/// Names that try to leave their folder, hide, or steer a terminal.
const HOSTILE: [&str; 16] = [
    "../../outside.jpg",
    "/etc/outside.jpg",
    "..\\..\\outside.jpg",
    "C:\\outside.jpg",
    "..",
    ".",
    "",
    ".token.json",
    ".gphotosync",
    "CON.jpg",
    "NUL",
    "a:b?c*d|e<f>g\".jpg",
    "\u{1b}[2Jclear.jpg",
    "line\nbreak\r\ttab.jpg",
    "trailing. . .",
    "zero\0byte.jpg",
];

#[test]
fn hostile_names_stay_in_their_folder_and_cannot_steer_a_terminal() {
    let long = "x".repeat(300) + ".jpg";
    let wide = "写".repeat(200) + ".jpg";
    let names = HOSTILE.into_iter().chain([long.as_str(), wide.as_str()]);
    let items: Vec<Item> = (1..)
        .zip(names)
        .map(|(seed, name)| Item::photo(seed).named(name))
        .collect();
    let scene = Scene::of(items);
    let token = seen(&scene.sandbox.path(".token.json"));
    let ended = scene
        .sandbox
        .run(&["sync", "--progress", "plain", "-vvv", "--delay", "0"])
        .with_code(0);
    let tree = scene.sandbox.tree();
    assert_eq!(
        contents_of(&tree),
        contents(&scene.items),
        "all are here, in their month"
    );
    for path in tree.keys() {
        let name = path.strip_prefix("2020/01/").expect(path);
        let harmless = |c: char| !c.is_control() && !"/\\:*?\"<>|".contains(c);
        assert!(name.chars().all(harmless) && name.len() <= 255, "{name:?}");
        assert!(!name.starts_with('.') && !name.ends_with(['.', ' ']), "{name:?}");
    }
    assert_eq!(seen(&scene.sandbox.path(".token.json")), token);
    assert_eq!(
        fs::read_dir(scene.sandbox.home()).unwrap().count(),
        0,
        "nothing came outside"
    );
    assert!(!ended.said().contains('\u{1b}'), "{:?}", ended.said());
    scene.google.journal().clear();
    assert_eq!(scene.sync(&[]).with_code(0).summary().count("present"), 18);
    assert_nothing_fetched_but(&scene, 0);
}

#[test]
fn a_date_that_the_user_corrects_at_google_moves_the_file_and_its_time() {
    let mut scene = Scene::of(vec![Item::photo(1), Item::motion_photo(2)]);
    scene.sync(&[]).with_code(0);
    scene.google.journal().clear();
    for item in &mut scene.items {
        *item = item.clone().taken_at("2003-07-15T10:00:00Z".parse().ok());
        scene.google.add_item(item.clone());
    }
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 2)]);
    assert_nothing_fetched_but(&scene, 0);
    scene.assert_complete();
}

#[test]
fn a_name_that_the_user_changes_at_google_renames_the_file() {
    let mut scene = Scene::of(vec![Item::photo(1)]);
    scene.sync(&[]).with_code(0);
    scene.google.journal().clear();
    scene.items[0] = scene.items[0].clone().named("At the lake.jpg");
    scene.google.add_item(scene.items[0].clone());
    scene.sync(&[]).with_code(0);
    assert_nothing_fetched_but(&scene, 0);
    scene.assert_complete();
}

#[test]
fn two_items_that_swap_their_names_swap_their_files() {
    let mut scene = Scene::of(vec![Item::photo(1), Item::photo(2)]);
    scene.sync(&[]).with_code(0);
    scene.google.journal().clear();
    for (item, name) in scene.items.iter_mut().zip(["IMG_0002.jpg", "IMG_0001.jpg"]) {
        *item = item.clone().named(name);
        scene.google.add_item(item.clone());
    }
    scene.sync(&[]).with_code(0);
    assert_nothing_fetched_but(&scene, 0);
    scene.assert_complete();
}

#[test]
fn names_that_differ_in_case_alone_do_not_meet_on_disks_that_cannot_tell() {
    let items = [
        Item::photo(1).named("photo.JPG"),
        Item::photo(2).named("Photo.jpg"),
    ];
    let tree = fresh(&items, &[]);
    let folded: std::collections::BTreeSet<String> = tree.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!((tree.len(), folded.len()), (2, 2), "{tree:?}");
}

#[test]
fn a_ring_of_swapped_names_survives_a_kill_at_any_moment() {
    // Five items pass their names on, which needs files to step aside.
    let names: Vec<String> = (1..=5).map(|seed| Item::photo(seed).filename).collect();
    let mut scene = Scene::of((1..=5).map(Item::photo).collect());
    scene.sync(&[]).with_code(0);
    for turn in 1..=6_usize {
        for (place, item) in scene.items.iter_mut().enumerate() {
            *item = item.clone().named(&names[(place + turn) % 5]);
            scene.google.add_item(item.clone());
        }
        let mut run = scene.start(&[]);
        let mut left = turn;
        run.until_event("a rename too many", |event| {
            event["type"] == "run_finished" || {
                left -= usize::from(event["type"] == "renamed");
                left == 0
            }
        });
        run.signal(crate::support::Signal::KILL);
        run.end();
    }
    scene.google.journal().clear();
    scene.sync(&[]).with_code(0);
    assert_nothing_fetched_but(&scene, 0);
    scene.assert_complete();
}
