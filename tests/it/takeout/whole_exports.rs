//! Whole exports: everything is here once, unchanged, at its time, and with its like.

use std::collections::{BTreeMap, BTreeSet};

use pretend_takeout::{Language, Packing, Role, Settings, Truth};

use super::compared::Compared;
use super::scene::{Content, Scene, content_of, contents_of, entries, wanted};
use crate::support::Ended;

/// Each content of the export is one file of the library, and nothing else is.
#[track_caller]
fn assert_everything_once(scene: &Scene, truth: &Truth) -> BTreeMap<Content, String> {
    let here = scene.contents();
    let by_content: BTreeMap<Content, String> = here
        .iter()
        .map(|(path, content)| (*content, path.clone()))
        .collect();
    assert_eq!(by_content.len(), here.len(), "each content is here once");
    let expected = contents_of(wanted(truth));
    let found: BTreeSet<Content> = by_content.keys().copied().collect();
    let missing: Vec<_> = wanted(truth)
        .filter(|media| !found.contains(&content_of(media)))
        .map(|media| &media.path)
        .collect();
    assert_eq!(missing, [""; 0], "missing");
    let extra: Vec<_> = found
        .difference(&expected)
        .map(|content| &by_content[content])
        .collect();
    assert_eq!(extra, [""; 0], "not in the export");
    by_content
}

#[track_caller]
fn assert_times(scene: &Scene, truth: &Truth, paths: &BTreeMap<Content, String>) {
    let dated: Vec<_> = wanted(truth)
        .filter(|media| media.role == Role::Main && media.taken.is_some())
        .collect();
    let wrong: Vec<_> = dated
        .iter()
        .filter(|media| Some(scene.modified(&paths[&content_of(media)])) != media.taken)
        .map(|media| (&media.path, &paths[&content_of(media)]))
        .collect();
    assert!(
        wrong.len() * 1000 <= dated.len(),
        "{} of {} times are wrong: {wrong:?}",
        wrong.len(),
        dated.len()
    );
}

/// What belongs together bears one stem.
#[track_caller]
fn assert_families(truth: &Truth, paths: &BTreeMap<Content, String>) {
    let by_path: BTreeMap<&str, Content> = truth
        .media
        .iter()
        .map(|media| (media.path.as_str(), content_of(media)))
        .collect();
    let mut together = 0;
    for media in wanted(truth).filter(|media| media.role != Role::Main) {
        let Some(main) = media.belongs_to.as_deref() else {
            continue;
        };
        let (main, other) = (&paths[&by_path[main]], &paths[&content_of(media)]);
        let stem = main.rsplit_once('.').map_or(main.as_str(), |(stem, _)| stem);
        assert!(
            other.starts_with(stem),
            "{other} belongs to {main}: {}",
            media.path
        );
        together += 1;
    }
    assert!(together > 10, "only {together}");
}

fn settings(language: Language, packing: Packing) -> Settings {
    Settings {
        items: 700,
        albums: 12,
        bytes_each: 3000,
        language,
        packing,
        ..Settings::default()
    }
}

fn complete(ended: Ended) -> Ended {
    ended.with_code(0)
}

#[test]
fn an_export_in_any_language_and_packing_is_all_here_once_and_at_its_time() {
    for (language, packing) in [
        (Language::English, Packing::Zip),
        (Language::French, Packing::Tgz),
        (Language::Japanese, Packing::Zip),
        (Language::Unlisted, Packing::Tgz),
    ] {
        let (scene, truth) = Scene::of(&settings(language, packing));
        let ended = complete(scene.import(&[]));
        let paths = assert_everything_once(&scene, &truth);
        assert_times(&scene, &truth, &paths);
        assert_families(&truth, &paths);
        let entries = entries(&ended, truth.entries);
        assert_eq!(entries["stored"], paths.len() as u64);
        assert_eq!(entries["archive_browser"], 1);
        assert!(
            entries["sidecar"] > 600 && entries["other_product"] == 1,
            "{entries:?}"
        );
        assert_eq!(scene.sandbox.leftovers(), [""; 0]);
    }
}

#[test]
fn zip_and_tgz_and_an_extracted_tree_give_the_same_library() {
    let (zip, _) = Scene::of(&settings(Language::German, Packing::Zip));
    let (tgz, _) = Scene::of(&settings(Language::German, Packing::Tgz));
    let tree = Scene::new();
    for part in std::fs::read_dir(&zip.exports).unwrap() {
        let file = std::fs::File::open(part.unwrap().path()).unwrap();
        zip::ZipArchive::new(file)
            .unwrap()
            .extract(&tree.exports)
            .unwrap();
    }
    for scene in [&zip, &tgz, &tree] {
        complete(scene.import(&[]));
    }
    assert_eq!(zip.sandbox.tree(), tgz.sandbox.tree());
    assert_eq!(zip.sandbox.tree(), tree.sandbox.tree());
    let surroundings = zip.sandbox.surroundings();
    assert!(surroundings.len() > 300, "{}", surroundings.len());
    assert_eq!(surroundings, tgz.sandbox.surroundings());
    assert_eq!(surroundings, tree.sandbox.surroundings());
}

#[test]
fn a_plan_says_what_would_come_and_changes_nothing() {
    let (scene, truth) = Scene::of(&settings(Language::English, Packing::Zip));
    let ended = complete(scene.import(&["--dry-run"]));
    let planned = ended.summary().count("not_reached");
    assert!(planned > 600);
    assert_eq!(scene.sandbox.tree().len(), 0);
    assert!(!scene.sandbox.path(".gphotosync").exists());
    let entries = entries(&ended, truth.entries);
    let done = complete(scene.import(&[])).summary();
    assert_eq!(done.count("stored"), planned);
    assert_eq!(entries["not_reached"], contents_of(wanted(&truth)).len() as u64);
}

#[test]
fn the_progress_says_what_is_done_and_knows_all_bytes() {
    let (scene, truth) = Scene::of(&settings(Language::English, Packing::Zip));
    let ended = scene.import(&[]).with_code(0);
    assert_eq!(ended.events_of("tending").len(), 1);
    let all: u64 = contents_of(wanted(&truth)).iter().map(|(size, _)| size).sum();

    let sized = ended.events_of("sized").pop().unwrap();
    assert_eq!(sized["bytes"], all);
    let exports = scene.exports.to_str().unwrap();
    let plain = scene.sandbox.run(&["takeout", exports, "--progress", "plain"]);
    let lines = plain.with_code(0).stderr;
    for line in [
        " importing archives into /",
        "] writing sidecars and the folders of albums",
    ] {
        assert!(lines.contains(line), "no {line} in {lines}");
    }
    assert!(
        !lines.contains("syncing") && !lines.contains("fetching"),
        "{lines}"
    );
}

/// Sidecars of both styles in one folder, of the older, and of the newer; what is missing makes numbers disagree.
#[test]
fn times_and_pairs_are_right_wherever_names_or_contents_can_tell() {
    for (seed, language, packing, new_sidecars) in [
        (11, Language::Spanish, Packing::Zip, 500),
        (12, Language::French, Packing::Tgz, 0),
        (13, Language::German, Packing::Zip, 1000),
    ] {
        let (scene, truth) = Scene::of(&Settings {
            seed,
            items: 800,
            new_sidecars,
            has_english_years: seed == 12,
            ..settings(language, packing)
        });
        complete(scene.import(&[]));
        let compared = Compared::of(&scene.sandbox.path(""), &truth).unwrap();
        compared.must_be_whole().unwrap();
        assert_eq!(compared.extra.wrong, [""; 0]);
        assert_eq!(compared.wrong_pairs.wrong, [""; 0]);
        assert_eq!(compared.wrong_ties.wrong, [""; 0]);
        assert!(compared.times.per_mille() <= 1.0, "{:?}", compared.times.wrong);
        let tellable = compared.wrong_pairs.of;
        assert!(tellable > 800 && compared.wrong_guesses.of * 20 < tellable);
        assert!(
            compared.unpaired.per_mille() <= 2.0 && compared.untied.of > 50,
            "{compared:?}"
        );
    }
}
