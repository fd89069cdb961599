//! What became of every entry, written down for each part.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use flate2::read::GzDecoder;
use pretend_takeout::{Language, Packing, Settings};
use serde_json::Value;

use super::scene::{Scene, entries};
use crate::support::Ended;

/// The lines of each ledger, by its name.
pub(super) fn ledgers(scene: &Scene) -> BTreeMap<String, Vec<Value>> {
    let folder = fs::read_dir(scene.sandbox.path(".gphotosync/entries")).unwrap();
    let read = |path: &std::path::Path| {
        let mut text = String::new();
        let packed = fs::File::open(path).unwrap();
        GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    };
    folder
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, read(&entry.path()))
        })
        .collect()
}

/// How many lines of all ledgers there are of each bucket.
fn counted(ledgers: &BTreeMap<String, Vec<Value>>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in ledgers.values().flat_map(|lines| &lines[1..]) {
        let bucket = line["bucket"].as_str().unwrap().to_owned();
        *counts.entry(bucket).or_default() += 1;
    }
    counts
}

/// The ledgers of an import say what its summary says, and every item they speak of is in the library.
#[track_caller]
pub(super) fn assert_accounted(scene: &Scene, ended: &Ended) -> BTreeMap<String, u64> {
    let ledgers = ledgers(scene);
    let counts = counted(&ledgers);
    let total = counts.values().sum();
    assert_eq!(counts, entries(ended, total));
    for (name, lines) in &ledgers {
        let header = &lines[0];
        assert_eq!(header["entries"], lines.len() as u64 - 1, "{name}: {header}");
        assert_eq!(header["format"], 1, "{name}: {header}");
        assert_eq!(*name, format!("{}.jsonl.gz", header["part"].as_str().unwrap()));
    }
    let has_item = ["stored", "present", "copy", "sidecar"];
    for line in ledgers.values().flat_map(|lines| &lines[1..]) {
        let is_of_item = has_item.contains(&line["bucket"].as_str().unwrap());
        let (has_item, is_explained) = (line.get("item").is_some(), line.get("because").is_some());
        assert!(has_item || is_explained || !is_of_item, "{line}");
        assert!(is_of_item || is_explained || !has_item, "{line}");
    }
    counts
}

fn settings(packing: Packing) -> Settings {
    Settings {
        items: 500,
        albums: 8,
        bytes_each: 2000,
        language: Language::German,
        packing,
        ..Settings::default()
    }
}

#[test]
fn ledgers_add_up_to_the_summary_in_every_packing() {
    for packing in [Packing::Zip, Packing::Tgz] {
        let (scene, truth) = Scene::of(&settings(packing));
        scene.import(&["--dry-run"]).with_code(0);
        assert!(
            !scene.sandbox.path(".gphotosync").exists(),
            "a plan writes nothing"
        );
        let counts = assert_accounted(&scene, &scene.import(&[]).with_code(0));
        assert_eq!(counts.values().sum::<u64>(), truth.entries);
        for bucket in ["stored", "copy", "sidecar", "album", "filtered", "other_product"] {
            assert!(counts[bucket] > 0, "{counts:?}");
        }
        let ledgers = ledgers(&scene);
        let names: Vec<_> = truth
            .parts
            .iter()
            .map(|part| format!("{part}.jsonl.gz"))
            .collect();
        assert_eq!(ledgers.keys().cloned().collect::<Vec<_>>(), names);
        let header = &ledgers[&names[0]][0];
        assert_eq!(header["export"], "20251201T120000Z");

        // Again, and what was stored is here; with other wishes, nothing is left out.
        let again = assert_accounted(&scene, &scene.import(&["--trashed", "--locked"]).with_code(0));
        assert!(
            again["present"] == counts["stored"] && again["stored"] > 0,
            "{again:?}"
        );
        assert!(!again.contains_key("filtered"), "{again:?}");
        assert_eq!(scene.sandbox.leftovers(), [""; 0]);
        let verified = scene.sandbox.run(&["verify"]).with_code(0).stdout;
        assert!(verified.contains("Unknown   0 files"), "{verified}");
    }
}

#[test]
fn an_extracted_tree_has_a_ledger_of_its_own() {
    let (zip, _) = Scene::of(&settings(Packing::Zip));
    let tree = Scene::new();
    for part in fs::read_dir(&zip.exports).unwrap() {
        let file = fs::File::open(part.unwrap().path()).unwrap();
        zip::ZipArchive::new(file)
            .unwrap()
            .extract(&tree.exports)
            .unwrap();
    }
    fs::write(tree.exports.join("Takeout/Thumbs.db"), "debris").unwrap();
    let counts = assert_accounted(&tree, &tree.import(&[]).with_code(0));
    let zipped = assert_accounted(&zip, &zip.import(&[]).with_code(0));
    assert_eq!(counts["debris"], 1);
    for bucket in ["stored", "copy", "sidecar", "album", "filtered"] {
        assert!(
            counts[bucket] <= zipped[bucket] && counts[bucket] > 0,
            "{bucket}: {counts:?}"
        );
    }
    assert_eq!(ledgers(&tree).len(), 1);
}

#[test]
fn versions_that_are_not_wanted_are_filtered_and_what_is_kept_is_not() {
    for which in ["original", "edited"] {
        let (scene, _) = Scene::of(&settings(Packing::Zip));
        let counts = assert_accounted(&scene, &scene.import(&["--edited", which]).with_code(0));
        assert_eq!(counts["stored"], scene.sandbox.tree().len() as u64, "{which}");
        let ledgers = ledgers(&scene);
        let mut lines = ledgers.values().flat_map(|lines| &lines[1..]);
        assert!(
            lines.any(|line| line["because"] == "another version of it was wanted"),
            "{which}"
        );
    }
}

#[test]
fn a_ledger_that_cannot_be_written_is_told_of_and_stops_nothing() {
    let (scene, _) = Scene::of(&Settings {
        items: 20,
        albums: 1,
        ..Settings::default()
    });
    let own = scene.sandbox.path(".gphotosync");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("entries"), "in the way").unwrap();
    let ended = scene.import(&[]).with_code(0);
    assert!(ended.summary().count("stored") > 15);
    assert!(
        ended.stderr.contains("could not be written down"),
        "{}",
        ended.said()
    );
    assert_eq!(fs::read_to_string(own.join("entries")).unwrap(), "in the way");
}
