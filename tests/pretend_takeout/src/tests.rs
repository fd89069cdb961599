use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::*;

fn planned(settings: &Settings) -> Plan {
    plan::plan(settings, &mut fastrand::Rng::with_seed(settings.seed))
}

#[test]
fn no_two_entries_of_an_export_have_one_path() {
    for language in Language::ALL {
        let plan = planned(&Settings {
            items: 3000,
            albums: 40,
            language,
            ..Settings::default()
        });
        let mut seen = BTreeSet::new();
        for entry in &plan.entries {
            assert!(seen.insert(&entry.path), "{}", entry.path);
        }
    }
}

#[test]
fn all_shapes_and_relations_occur() {
    let plan = planned(&Settings {
        items: 10_000,
        albums: 40,
        ..Settings::default()
    });
    let media = &plan.truth.media;
    let shapes: BTreeSet<_> = media.iter().map(|media| media.shape.as_str()).collect();
    assert_eq!(shapes.len(), 27, "{shapes:?}");
    let count = |role| media.iter().filter(|media| media.role == role).count();
    assert!(count(Role::Clip) > 50 && count(Role::Edited) > 50);
    assert!(
        media
            .iter()
            .any(|media| media.sidecar.is_none() && media.role == Role::Main)
    );
    assert!(
        media
            .iter()
            .any(|media| media.role == Role::Clip && media.belongs_to.is_none())
    );
    assert!(!plan.truth.lonely_sidecars.is_empty());
    assert!(
        plan.truth
            .albums
            .iter()
            .any(|album| !album.only_sidecars.is_empty())
    );
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let sidecars: Vec<_> = media
        .iter()
        .filter_map(|media| media.sidecar.as_deref().map(name))
        .collect();
    for part in [
        ".supplemental-metadata(1).json",
        ".JPG(1).json",
        "..json",
        ".supple.json",
        ".supple(1).json",
        "_n.j(1).json",
        "2013-12-23.supplemental-metadata(1).json",
        "image(1).png.supplemental-metadata.json",
    ] {
        let is_here = sidecars.iter().any(|sidecar| sidecar.contains(part));
        assert!(is_here, "{part}");
    }
    let composed = |path: &str| name(path).nfc().collect::<String>();
    assert!(
        media
            .iter()
            .all(|media| composed(&media.path).encode_utf16().count() <= 57)
    );
}

#[test]
fn names_of_one_item_differ_in_their_unicode_form() {
    let plan = planned(&Settings {
        items: 10_000,
        ..Settings::default()
    });
    let accented = plan.truth.media.iter().filter(|media| media.shape == "Accented");
    let forms = accented.filter_map(|media| {
        let sidecar = media.sidecar.as_deref()?;
        Some([&media.title, &media.path, sidecar].map(is_nfc))
    });
    let forms: BTreeSet<[bool; 3]> = forms.collect();
    let decomposed = [
        [true, true, false],
        [true, false, true],
        [true, false, false],
        [false, true, true],
        [false, false, false],
    ];
    for form in decomposed {
        assert!(forms.contains(&form), "{form:?} of {forms:?}");
    }
}

#[test]
fn versions_without_a_sidecar_of_their_own() {
    let plan = planned(&Settings {
        items: 10_000,
        new_sidecars: 0,
        ..Settings::default()
    });
    let versions = || plan.truth.media.iter().filter(|media| media.role == Role::Edited);
    for word in ["-EFFECTS.", "-SMILE.", "-MIX."] {
        assert!(versions().any(|media| media.path.contains(word)), "{word}");
    }
    let is_renumbered = |media: &&Media| {
        let main = media.belongs_to.as_deref().unwrap_or_default();
        media.path.contains("-edited(1).") && !main.contains('(')
    };
    assert!(
        versions().any(|media| is_renumbered(&media)),
        "of a number that its original has not"
    );
    let is_bare = |media: &Media| {
        let bare = Path::new(&media.path).with_extension("json");
        media.sidecar.as_deref().map(Path::new) == Some(&*bare)
    };
    assert!(
        plan.truth.media.iter().any(is_bare),
        "called after the photo's stem"
    );
}

#[test]
fn equal_settings_give_equal_bytes_and_parts_can_be_read() {
    let settings = Settings {
        items: 60,
        bytes_each: 5000,
        ..Settings::default()
    };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let truths = [&folders[0], &folders[1]].map(|folder| write(&settings, folder.path()).unwrap());
    let mut found: BTreeMap<String, (u64, u32)> = BTreeMap::new();
    for part in &truths[0].parts {
        let [one, other] =
            [&folders[0], &folders[1]].map(|folder| fs::read(folder.path().join(part)).unwrap());
        assert!(one == other, "{part}");
        for entry in rawzip::ZipArchive::from_slice(&one).unwrap().entries() {
            let entry = entry.unwrap();
            let path = String::from_utf8(entry.file_path().as_ref().to_vec()).unwrap();
            found.insert(path, (entry.uncompressed_size_hint(), entry.crc32()));
        }
    }
    for media in &truths[0].media {
        assert_eq!(
            found[&format!("Takeout/{}", media.path)],
            (media.size, media.crc32),
            "{}",
            media.path
        );
    }
    assert_eq!(
        found.len() as u64 + truths[0].repeated.len() as u64,
        truths[0].entries
    );
}

#[test]
fn items_differ_in_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let truth = write(
        &Settings {
            items: 400,
            ..Settings::default()
        },
        folder.path(),
    )
    .unwrap();
    let mut contents: BTreeMap<(u64, u32), BTreeSet<(u32, String)>> = BTreeMap::new();
    for media in &truth.media {
        let content = contents.entry((media.size, media.crc32)).or_default();
        content.insert((media.item, format!("{:?}", media.role)));
    }
    for whose in contents.values() {
        assert_eq!(whose.len(), 1, "{whose:?}");
    }
}
