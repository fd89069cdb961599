use super::super::forward::{cut, sidecar_base, stem_units};
use super::super::words;
use super::*;

/// What the only version of `title` named `media` is tied by, if it is, beside its original.
fn tie_of(title: &str, original: &str, media: &str) -> Option<(Rule, Certainty)> {
    let sidecar = sidecar_base(title, "") + ".json";
    let folder = Folder {
        media: vec![original, media],
        sidecars: vec![(&sidecar, titled(title))],
        ..Folder::default()
    };
    let paired = folder.paired();
    let (_, part, rule, certainty) = paired.get(media)?;
    assert_eq!(*part, Part::Version);
    Some((*rule, *certainty))
}

#[test]
fn every_word_in_any_case_and_form() {
    use unicode_normalization::UnicodeNormalization;
    for word in words::words() {
        let decomposed: String = word.nfd().collect();
        for word in [word, &word.to_uppercase(), &decomposed] {
            for media in [format!("IMG_1-{word}.jpg"), format!("IMG_1-{word}(1).jpg")] {
                let tie = tie_of("IMG_1.jpg", "IMG_1.jpg", &media);
                assert_eq!(tie, Some((Rule::Edited, Certainty::Certain)), "{media}");
            }
        }
    }
}

/// The cut may fall anywhere into the word.
#[test]
fn every_word_cut_anywhere() {
    for word in words::words() {
        for length in 20..60 {
            let stem = "x".repeat(length);
            let title = format!("{stem}.jpg");
            let original = format!("{}.jpg", cut(&stem, stem_units(".jpg")));
            let version = format!("{stem}-{word}");
            let version = format!("{}.jpg", cut(&version, stem_units(".jpg")));
            let version = if version == original {
                version.replace(".jpg", "(1).jpg")
            } else {
                version
            };
            let tie = tie_of(&title, &original, &version);
            let rule = tie.map(|(rule, _)| rule);
            assert!(
                matches!(rule, Some(Rule::Edited | Rule::EditedCut)),
                "{version}: {tie:?}"
            );
        }
    }
}

/// A title from a Mac is decomposed, and cut so; its names come composed, and shorter than the limit.
#[test]
fn a_cut_name_that_was_composed_later_is_still_cut() {
    use unicode_normalization::UnicodeNormalization;
    let title: String = format!("{}.jpg", "été ".repeat(12)).nfd().collect();
    let name: String = cut(title.trim_end_matches(".jpg"), stem_units(".jpg"))
        .nfc()
        .collect();
    let original = format!("{name}.jpg");
    let version = format!("{name}(1).jpg");
    assert!(name.chars().count() < stem_units(".jpg"));
    let tie = tie_of(&title, &original, &version);
    assert_eq!(tie, Some((Rule::EditedCut, Certainty::Likely)));
}

#[test]
fn words_of_unlisted_languages_are_guesses() {
    let guess = Some((Rule::UnlistedWord, Certainty::Guess));
    for media in ["IMG_1-breytt.jpg", "IMG_1-уређено.jpg", "IMG_1-לאחר עריכה.jpg"] {
        assert_eq!(tie_of("IMG_1.jpg", "IMG_1.jpg", media), guess, "{media}");
    }
    for media in ["IMG_1-2.jpg", "IMG_1-v2.jpg", "IMG_1-.jpg", "IMG_1.breytt.jpg"] {
        assert_eq!(tie_of("IMG_1.jpg", "IMG_1.jpg", media), None, "{media}");
    }
}

#[test]
fn a_version_goes_with_the_original_of_its_format() {
    let folder = Folder {
        media: vec![
            "a.HEIC",
            "a.JPG",
            "a-edited.JPG",
            "b.HEIC",
            "b-edited.jpg",
            "c.MOV",
            "c.HEIC",
            "c-edited.MOV",
        ],
        sidecars: ["a.HEIC", "a.JPG", "b.HEIC", "c.MOV", "c.HEIC"]
            .map(|title| (title, titled(title)))
            .to_vec(),
        ..Folder::default()
    };
    // The sidecars are named after their titles; give them their extension.
    let names: Vec<String> = folder
        .sidecars
        .iter()
        .map(|(name, _)| format!("{name}.json"))
        .collect();
    let sidecars = names
        .iter()
        .zip(&folder.sidecars)
        .map(|(name, (_, facts))| (name.as_str(), facts.clone()));
    let folder = Folder {
        media: folder.media.clone(),
        sidecars: sidecars.collect(),
        ..Folder::default()
    };
    let paired = folder.paired();
    for (version, sidecar) in [
        ("a-edited.JPG", "a.JPG.json"),
        ("b-edited.jpg", "b.HEIC.json"),
        ("c-edited.MOV", "c.MOV.json"),
    ] {
        assert_eq!(
            (paired[version].0, paired[version].1),
            (sidecar, Part::Version),
            "{version}"
        );
    }
}

/// Without a sidecar, the files of one item still find each other.
#[test]
fn second_files_of_photos_without_a_sidecar() {
    let folder = Folder {
        media: vec!["a.HEIC", "a.MP4", "a-edited.HEIC", "b.mp4", "c-edited.jpg"],
        ..Folder::default()
    };
    let (clusters, names, _) = folder.clusters();
    let found: Vec<(Option<&str>, Option<&str>, usize)> = clusters
        .iter()
        .map(|cluster| {
            let name = |tie: Option<Tie>| tie.map(|tie| names[tie.entry.0 as usize]);
            (name(cluster.original), name(cluster.half), cluster.versions.len())
        })
        .collect();
    let expected = [
        (Some("a.HEIC"), Some("a.MP4"), 1),
        (Some("c-edited.jpg"), None, 0),
        (Some("b.mp4"), None, 0),
    ];
    assert_eq!(found, expected);
}

#[test]
fn names_shortened_by_hand_are_guesses() {
    let folder = Folder {
        media: vec!["Holiday in Rome.jpg", "Short.jpg"],
        sidecars: vec![
            (
                "Holiday in Rome with.json",
                titled("Holiday in Rome with everybody.jpg"),
            ),
            ("Shorter.json", titled("Shorter name.jpg")),
        ],
        ..Folder::default()
    };
    let paired = folder.paired();
    assert_eq!(paired.len(), 1);
    assert_eq!(paired["Holiday in Rome.jpg"].2, Rule::Beginning);
}
