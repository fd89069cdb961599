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
