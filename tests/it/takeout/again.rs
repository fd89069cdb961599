//! The same export again, a later one, and runs that were killed.

use std::collections::BTreeSet;

use pretend_takeout::{Packing, Settings, write};
use stand_in_google::Body;

use super::scene::{Scene, contents_of, entries, wanted};
use crate::support::Signal;

fn settings(items: u32, packing: Packing) -> Settings {
    Settings {
        items,
        albums: 5,
        bytes_each: 20_000,
        packing,
        ..Settings::default()
    }
}

#[test]
fn the_same_export_again_brings_nothing() {
    for packing in [Packing::Zip, Packing::Tgz] {
        let (scene, _) = Scene::of(&settings(200, packing));
        let first = scene.import(&[]).with_code(0).summary();
        let (tree, surroundings) = (scene.sandbox.tree(), scene.sandbox.surroundings());
        let again = scene.import(&[]).with_code(0).summary();
        assert_eq!(again.count("present"), first.count("stored"));
        assert_eq!((again.count("stored"), again.number("bytes")), (0, 0));
        assert_eq!(scene.sandbox.tree(), tree);
        assert_eq!(scene.sandbox.surroundings(), surroundings);
        assert_eq!(scene.number("SELECT count(*) FROM untold"), 0);
    }
}

#[test]
fn a_later_export_adds_only_what_is_new_and_removes_nothing() {
    let (scene, _) = Scene::of(&settings(150, Packing::Zip));
    let first = scene.import(&[]).with_code(0).summary();
    let before = scene.contents();
    // The later one has the same items first, and more behind them.
    let later = Settings {
        seed: 1,
        items: 220,
        exported: 1_770_000_000,
        ..settings(0, Packing::Zip)
    };
    std::fs::remove_dir_all(&scene.exports).unwrap();
    std::fs::create_dir(&scene.exports).unwrap();
    let truth = write(&later, &scene.exports).unwrap();
    let second = scene.import(&[]).with_code(0).summary();
    assert!(
        second.count("present") > 0 && second.count("stored") > 0,
        "{:?}",
        second.counts()
    );
    assert!(second.count("present") <= first.count("stored"));
    let after = scene.contents();
    let contents: BTreeSet<_> = after.values().copied().collect();
    assert_eq!(contents.len(), after.len(), "each content once");
    assert!(before.values().all(|content| contents.contains(content)));
    assert!(contents_of(wanted(&truth)).is_subset(&contents));
}

/// Edited, exported, edited again, exported again: all that has bytes of its own is kept, in whichever order it comes.
#[test]
fn what_an_older_export_has_otherwise_is_kept_beside() {
    const YEAR: &str = "Google Photos/Photos from 2019";
    let text = br#"{"title": "a.jpg", "photoTakenTime": {"timestamp": "1560000000"}}"#;
    let scene = Scene::new();
    let photo = |seed| {
        let body = Body::Jpeg {
            width: 16,
            height: 16,
            seed,
            size: 900,
        };
        body.rope(false).into_pieces().concat()
    };
    for (name, seed) in [
        ("takeout-20250101T120000Z-001.zip", 2),
        ("takeout-20260101T120000Z-001.zip", 3),
    ] {
        scene.zip(
            name,
            &[
                ("archive_browser.html", b"<html>"),
                (&format!("{YEAR}/a.jpg"), &photo(1)),
                (&format!("{YEAR}/a-edited.jpg"), &photo(seed)),
                (&format!("{YEAR}/a.jpg.json"), text),
            ],
        );
    }
    let ended = scene.import(&[]).with_code(0);
    let here = scene.contents();
    let found: BTreeSet<u32> = here.values().map(|(_, crc)| *crc).collect();
    let all = [1, 2, 3].map(|seed| crc32fast::hash(&photo(seed)));
    assert_eq!((found, here.len()), (BTreeSet::from(all), 3), "{here:?}");
    // The newer version is the item's own, and the older one an item beside it.
    let edited = "SELECT count(*) FROM file WHERE role = 2";
    assert_eq!(
        (scene.number(edited), scene.number("SELECT count(*) FROM item")),
        (1, 2)
    );
    let buckets = entries(&ended, 8);
    assert_eq!((buckets["stored"], buckets["copy"]), (3, 1), "{buckets:?}");
    let again = scene.import(&[]).with_code(0);
    assert_eq!(entries(&again, 8)["present"], 3, "each is known again");
    assert_eq!(scene.contents(), here);
}

#[test]
fn killed_anywhere_and_run_again_gives_the_same_tree() {
    for packing in [Packing::Zip, Packing::Tgz] {
        let settings = settings(250, packing);
        let (whole, _) = Scene::of(&settings);
        whole.import(&[]).with_code(0);
        let (scene, _) = Scene::of(&settings);
        for finished in [1, 40, 90] {
            let mut run = scene.start(&[]);
            let mut stored = 0;
            run.until_event("a stored item", |event| {
                stored += u32::from(event["type"] == "item_finished" && event["bucket"] == "stored");
                stored >= finished || event["type"] == "run_finished"
            });
            run.signal(Signal::KILL);
            run.end();
        }
        scene.import(&[]).with_code(0);
        assert_eq!(scene.sandbox.tree(), whole.sandbox.tree(), "{packing:?}");
        assert_eq!(
            scene.sandbox.surroundings(),
            whole.sandbox.surroundings(),
            "{packing:?}"
        );
        assert_eq!(scene.sandbox.leftovers(), [""; 0]);
    }
}

/// All files are here, and what is told beside them is being written.
#[test]
fn ctrl_c_while_texts_are_written_stops_too() {
    for form in ["xmp", "json"] {
        let settings = settings(600, Packing::Zip);
        let (whole, _) = Scene::of(&settings);
        whole.import(&["--sidecars", form]).with_code(0);
        let (scene, _) = Scene::of(&settings);
        let mut run = scene.start(&["--sidecars", form]);
        run.until("tending");
        run.signal(Signal::INT);
        let ended = run.end();
        assert!([Some(0), Some(130)].contains(&ended.code), "{}", ended.said());
        assert_eq!(ended.summary().count("not_reached"), 0);
        scene.import(&["--sidecars", form]).with_code(0);
        // Texts beside photos have the time when they were written.
        assert!(scene.contents() == whole.contents(), "{form}");
        assert!(
            scene.sandbox.surroundings() == whole.sandbox.surroundings(),
            "{form}"
        );
    }
}

#[test]
fn ctrl_c_stops_in_order_and_the_next_run_goes_on() {
    for packing in [Packing::Zip, Packing::Tgz] {
        let (scene, truth) = Scene::of(&settings(400, packing));
        let mut run = scene.start(&[]);
        run.until("item_finished");
        run.signal(Signal::INT);
        let ended = run.end();
        assert!([Some(0), Some(130)].contains(&ended.code), "{}", ended.said());
        ended.summary();
        scene.import(&[]).with_code(0);
        assert_eq!(scene.contents().len(), contents_of(wanted(&truth)).len());
    }
}
