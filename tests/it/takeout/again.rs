//! The same export again, a later one, and runs that were killed.

use pretend_takeout::{Packing, Settings, write};

use super::scene::{Scene, contents_of, wanted};
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
        let tree = scene.library();
        let again = scene.import(&[]).with_code(0).summary();
        assert_eq!(again.count("present"), first.count("stored"));
        assert_eq!((again.count("stored"), again.number("bytes")), (0, 0));
        assert_eq!(scene.library(), tree);
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
    let contents: std::collections::BTreeSet<_> = after.values().copied().collect();
    assert_eq!(contents.len(), after.len(), "each content once");
    assert!(before.values().all(|content| contents.contains(content)));
    assert!(contents_of(wanted(&truth)).is_subset(&contents));
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
        assert_eq!(scene.library(), whole.library(), "{packing:?}");
        assert_eq!(scene.sandbox.leftovers(), [""; 0]);
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
