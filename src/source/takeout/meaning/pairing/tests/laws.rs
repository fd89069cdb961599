use std::collections::BTreeSet;

use chrono::DateTime;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::super::clues::{FileTime, TimeBasis};
use super::super::forward::{cut, media_name, sanitized, sidecar_base, split, stem_units};
use super::*;

/// An item as it was uploaded.
#[derive(Clone, Debug)]
struct Item {
    title: String,
    is_new: bool,
    word: Option<&'static str>,
}

/// An item's place in the export.
#[derive(Clone, Debug)]
struct Exported {
    media: String,
    sidecar: String,
    version: Option<String>,
}

fn title() -> impl Strategy<Value = String> {
    let stem = select(vec![
        "IMG_1",
        "IMG_10",
        "image(2)",
        "image",
        "a-edited",
        "Café",
        "Tom & Jerry's",
        "21.12.11",
        "PXL_20230518_103349822.MP",
        "a title of forty-six units that goes on like ",
        "a title of forty-six units that goes on like this",
        "a title of forty-six units that goes on like that",
        "a title of forty-six units that goes on like t😀",
        "forty-three units, so that ext is cut abcde",
    ]);
    let extension = select(vec![".jpg", ".JPG", ".HEIC", ".mp4", ".jpeg", ".png"]);
    (stem, extension).prop_map(|(stem, extension)| format!("{stem}{extension}"))
}

fn items(words: &'static [Option<&'static str>]) -> impl Strategy<Value = Vec<Item>> {
    let item = (title(), any::<bool>(), select(words.to_vec()));
    let item = item.prop_map(|(title, is_new, word)| Item { title, is_new, word });
    prop::collection::vec(item, 1..14)
}

/// A name that nobody has yet, with the least number that makes it so.
fn free(names: &mut BTreeSet<String>, stem: &str, extension: &str) -> String {
    let number = |n: u32| if n == 0 { String::new() } else { format!("({n})") };
    let name = (0..100)
        .map(|n| format!("{stem}{}{extension}", number(n)))
        .find(|name| !names.contains(name));
    let name = name.unwrap();
    names.insert(name.clone());
    name
}

/// What Google makes of the items of one folder: originals first, then edited versions.
fn exported(items: &[Item]) -> Vec<Exported> {
    let mut names = BTreeSet::new();
    let mut exported: Vec<Exported> = items
        .iter()
        .map(|item| {
            let name = media_name(&item.title);
            let suffix = if item.is_new { ".supplemental-metadata" } else { "" };
            Exported {
                media: free(&mut names, &name.stem, &name.extension),
                sidecar: free(&mut names, &sidecar_base(&item.title, suffix), ".json"),
                version: None,
            }
        })
        .collect();
    for (item, exported) in items.iter().zip(&mut exported) {
        exported.version = item.word.map(|word| {
            let clean = sanitized(&item.title);
            let (stem, extension) = split(&clean);
            let version = format!("{stem}-{word}");
            free(&mut names, cut(&version, stem_units(extension)), extension)
        });
    }
    exported
}

/// Every item was taken in a minute of its own, in a zone of its own.
fn clues(place: usize) -> MediaClues {
    let place = i64::try_from(place).unwrap();
    let clock = DateTime::from_timestamp(time(place) + (place % 9 - 4) * 3600, 0).unwrap();
    MediaClues {
        time: Some(FileTime {
            clock: clock.naive_utc(),
            offset: None,
            basis: TimeBasis::Clock,
        }),
        ..MediaClues::default()
    }
}

fn time(place: i64) -> i64 {
    1_600_000_000 + place * 61
}

fn folder<'a>(items: &'a [Item], exported: &'a [Exported], has_clues: bool) -> Folder<'a> {
    let mut folder = Folder::default();
    for (place, (item, exported)) in items.iter().zip(exported).enumerate() {
        let facts = Facts {
            taken: Some(time(i64::try_from(place).unwrap())),
            ..titled(&item.title)
        };
        folder.sidecars.push((&exported.sidecar, facts));
        let files = [Some(&exported.media), exported.version.as_ref()];
        for name in files.into_iter().flatten() {
            folder.media.push(name);
            if has_clues {
                folder.clues.insert(name, clues(place));
            }
        }
    }
    folder
}

const NO_WORDS: &[Option<&str>] = &[None];
const WORDS: &[Option<&str>] = &[
    None,
    None,
    Some("edited"),
    Some("ha editado"),
    Some("bearbeitet"),
    Some("已修改"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Where the contents can be looked at, every item gets its own sidecar, whatever collides.
    #[test]
    fn every_item_finds_its_own_sidecar(items in items(NO_WORDS)) {
        let exported = exported(&items);
        let paired = folder(&items, &exported, true).paired();
        for item in &exported {
            let found = paired.get(item.media.as_str()).map(|(sidecar, part, ..)| (*sidecar, *part));
            prop_assert_eq!(found, Some((item.sidecar.as_str(), Part::Original)), "{}", item.media);
        }
    }

    /// With edited versions among them, whose names collide with everything, nothing is ever given to another item.
    #[test]
    fn no_item_gets_what_is_anothers(items in items(WORDS)) {
        let exported = exported(&items);
        let paired = folder(&items, &exported, true).paired();
        for item in &exported {
            for name in [Some(&item.media), item.version.as_ref()].into_iter().flatten() {
                let found = paired.get(name.as_str()).map(|(sidecar, ..)| *sidecar);
                prop_assert_eq!(found, Some(item.sidecar.as_str()), "{}", name);
            }
        }
    }

    /// Whatever the order of the entries, and whether anybody can look into them or not.
    #[test]
    fn the_order_of_entries_does_not_matter(
        items in items(WORDS),
        has_clues in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let exported = exported(&items);
        let folder = folder(&items, &exported, has_clues);
        let mut shuffled = folder.clone();
        let mut random = fastrand::Rng::with_seed(seed);
        random.shuffle(&mut shuffled.media);
        random.shuffle(&mut shuffled.sidecars);
        prop_assert_eq!(folder.paired(), shuffled.paired());
    }

    /// Names from anywhere: every file ends in one place, and nothing breaks.
    #[test]
    fn any_names_are_paired_safely(
        media in prop::collection::btree_set("[-a().😀e\u{301}1]{0,60}(\\.jpg|\\.MP)?", 0..8),
        sidecars in prop::collection::btree_map("[-a().😀e\u{301}1]{0,50}\\.json", "\\PC{0,60}", 0..8),
    ) {
        let folder = Folder {
            media: media.iter().map(String::as_str).collect(),
            sidecars: sidecars.iter().map(|(name, title)| (name.as_str(), titled(title))).collect(),
            ..Folder::default()
        };
        folder.paired();
    }
}
