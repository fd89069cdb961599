use super::*;
use crate::library::name_key::family_key;
use crate::library::safe_name::tests::{assert_safe, hostile_name};
use proptest::prelude::{Just, ProptestConfig, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as Generator;

const SOME_TIME: &str = "2006-01-02T15:04:05Z";

fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

fn item(id: &str, name: &str, time: &str) -> Claimant {
    Claimant {
        id: id.to_owned(),
        name: SafeName::new(name, None),
        taken: Some(at(time)),
    }
}

fn undated(id: &str, name: &str) -> Claimant {
    Claimant {
        taken: None,
        ..item(id, name, SOME_TIME)
    }
}

fn with_clip(id: &str, name: &str, time: &str) -> Claimant {
    Claimant {
        name: SafeName::with_companion(name, None, ".mp4"),
        ..item(id, name, time)
    }
}

fn mains(strategy: Strategy, claimants: &[Claimant]) -> Vec<(String, String)> {
    let placements = arrange(strategy, claimants, |_, _| false);
    placements
        .into_iter()
        .map(|placement| (placement.id, placement.main))
        .collect()
}

fn assert_mains(claimants: &[Claimant], expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, name)| ((*id).to_owned(), (*name).to_owned()))
        .collect();
    assert_eq!(mains(Strategy::UnixHex, claimants), expected);
}

#[test]
fn folders_are_months_in_utc() {
    let folder_at = |time| folder(Some(at(time)));
    assert_eq!(folder_at("2024-07-31T23:59:59.999Z"), "2024/07");
    assert_eq!(folder_at("2024-08-01T01:00:00+02:00"), "2024/07");
    assert_eq!(folder_at("0001-01-01T00:00:00Z"), "0001/01");
    assert_eq!(folder(Some(DateTime::<Utc>::MAX_UTC)), UNDATED);
    assert_eq!(folder(Some(DateTime::<Utc>::MIN_UTC)), UNDATED);
    assert_eq!(folder(None), UNDATED);
}

#[test]
fn the_most_recent_keeps_its_name_and_the_others_show_their_time() {
    let items = [
        item("a", "20060102_150405.mp4", SOME_TIME),
        item("b", "20060102_150405.MP4", "2006-01-03T00:00:00Z"),
    ];
    assert_mains(
        &items,
        &[
            ("b", "20060102_150405.MP4"),
            ("a", "20060102_150405-gphotosync-fc4a4d5fdf6b200.mp4"),
        ],
    );
}

#[test]
fn or_their_id() {
    let items = [
        item("a/B=", "x.jpg", SOME_TIME),
        item("b", "x.jpg", "2006-01-03T00:00:00Z"),
    ];
    assert_eq!(mains(Strategy::Id, &items)[1].1, "x-gphotosync-a_B_.jpg");
}

#[test]
fn times_before_the_epoch_and_beyond_64_bits_have_a_form() {
    let hex_of = |time| hex_nanoseconds(at(time));
    assert_eq!(hex_of("1970-01-01T00:00:00Z"), "0");
    assert_eq!(hex_of("1969-12-31T23:59:59.999999990Z"), "-a");
    assert_eq!(hex_of("1970-01-01T00:00:00.000000255Z"), "ff");
    assert_eq!(hex_of("9999-12-31T23:59:59Z"), "dbca9d1fe67143600");
    assert_ne!(
        hex_nanoseconds(DateTime::<Utc>::MIN_UTC),
        hex_nanoseconds(DateTime::<Utc>::MAX_UTC)
    );
}

#[test]
fn equal_times_are_told_apart_by_id_and_then_by_its_digest() {
    let items = ["a", "b", "c"].map(|id| item(id, "x.jpg", SOME_TIME));
    let digest = &hex(&Sha256::digest("a"))[..8];
    assert_mains(
        &items,
        &[
            ("c", "x.jpg"),
            ("b", "x-gphotosync-fc4a4d5fdf6b200.jpg"),
            ("a", &format!("x-gphotosync-fc4a4d5fdf6b200-{digest}.jpg")),
        ],
    );
}

#[test]
fn undated_items_are_the_oldest_and_go_by_their_id() {
    let items = [undated("a", "x.jpg"), undated("b", "x.jpg")];
    assert_mains(&items, &[("b", "x.jpg"), ("a", "x-gphotosync-a.jpg")]);
}

#[test]
fn an_item_that_bears_the_tagged_name_of_another_counts_like_any_other() {
    let imitation = "x-gphotosync-fc4a4d5fdf6b200.jpg";
    let (old, new) = (
        item("a", "x.jpg", SOME_TIME),
        item("b", "x.jpg", "2006-01-03T00:00:00Z"),
    );
    let newest = item("z", imitation, "2006-01-04T00:00:00Z");
    let digest = &hex(&Sha256::digest("a"))[..8];
    let evaded = format!("x-gphotosync-fc4a4d5fdf6b200-{digest}.jpg");
    assert_mains(
        &[old.clone(), new.clone(), newest],
        &[("z", imitation), ("b", "x.jpg"), ("a", &evaded)],
    );
    let oldest = item("z", imitation, "2006-01-01T00:00:00Z");
    let retagged = format!(
        "x-gphotosync-fc4a4d5fdf6b200-gphotosync-{}.jpg",
        hex_nanoseconds(oldest.taken.unwrap())
    );
    assert_mains(
        &[old, new, oldest],
        &[("b", "x.jpg"), ("a", imitation), ("z", &retagged)],
    );
}

#[test]
fn a_clip_follows_its_still_and_both_must_be_free() {
    let movie = item("m", "x.mp4", "2006-01-03T00:00:00Z");
    let placements = arrange(
        Strategy::UnixHex,
        &[with_clip("a", "x.heic", SOME_TIME), movie],
        |_, _| false,
    );
    assert_eq!(placements[0].main, "x.mp4");
    assert_eq!(placements[1].main, "x-gphotosync-fc4a4d5fdf6b200.heic");
    assert_eq!(
        placements[1].clip.as_deref(),
        Some("x-gphotosync-fc4a4d5fdf6b200.mp4")
    );
}

#[test]
fn foreign_files_keep_their_names() {
    let items = [item("a", "X.jpg", SOME_TIME)];
    let placements = arrange(Strategy::UnixHex, &items, |_, name| name == "X.jpg");
    assert_eq!(placements[0].main, "X-gphotosync-fc4a4d5fdf6b200.jpg");
}

#[test]
fn the_candidates_have_no_end() {
    let claimant = item("a", "x.jpg", SOME_TIME);
    let names: HashSet<_> = claimant
        .candidates(Strategy::UnixHex)
        .take(40)
        .map(|names| names.main)
        .collect();
    assert_eq!(names.len(), 40);
    for name in &names {
        assert_safe(name);
    }
}

/// A guard against quadratic behaviour that needs no clock: at most three candidates per item.
#[test]
fn a_whole_month_of_one_name_is_arranged_in_few_steps() {
    let items: Vec<_> = (0..2_000)
        .map(|n| item(&format!("id{n}"), "image.jpg", SOME_TIME))
        .collect();
    let asked = std::cell::Cell::new(0);
    let placements = arrange(Strategy::UnixHex, &items, |_, _| {
        asked.set(asked.get() + 1);
        false
    });
    assert_eq!(placements.len(), 2_000);
    assert!(asked.get() <= 3 * 2_000, "{}", asked.get());
}

fn any_time() -> impl Generator<Value = Option<DateTime<Utc>>> {
    let seconds = prop_oneof![
        Just(1_136_214_245),
        1_136_214_245..1_136_214_248_i64,
        -3_i64..3,
        any::<i64>()
    ];
    (seconds, 0..2_u32).prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos))
}

/// Few different names, so that they meet, among them each other's tagged names.
fn contested_name() -> impl Generator<Value = String> {
    prop_oneof![
        6 => "[aA](\\.jpg|\\.mp4|)",
        2 => "[aA]-gphotosync-fc4a4d5fdf6b20[01](-[0-9a-f]{8})?\\.jpg",
        2 => "(é|e\u{301}|É)\\.jpg",
        1 => "y{59}(-gphotosync|-GPHOTOſYNC-)[yY]{130}(\\.jpg|)",
        1 => "[zẞ]{240,260}\\.jpg",
        2 => hostile_name(),
    ]
}

fn claimants() -> impl Generator<Value = Vec<Claimant>> {
    let id = prop_oneof!["[abAB]{1,2}", "[a-c]{150}", "[/.\u{e9} -]{0,3}"];
    let item = (
        id,
        contested_name(),
        any_time(),
        prop::option::of("\\.(mp4|jpg|MOV)"),
    );
    prop::collection::vec(item, 0..24).prop_map(|items| {
        let by_id: BTreeMap<_, _> = items.into_iter().map(|item| (item.0.clone(), item)).collect();
        by_id.into_values().map(claimant).collect()
    })
}

fn claimant((id, raw, taken, clip): (String, String, Option<DateTime<Utc>>, Option<String>)) -> Claimant {
    let name = match clip {
        Some(extension) => SafeName::with_companion(&raw, None, &extension),
        None => SafeName::new(&raw, None),
    };
    Claimant { id, name, taken }
}

fn any_strategy() -> impl Generator<Value = Strategy> {
    prop_oneof![Just(Strategy::UnixHex), Just(Strategy::Id)]
}

/// A claimant set and one of its permutations.
fn shuffled() -> impl Generator<Value = (Vec<Claimant>, Vec<Claimant>)> {
    claimants().prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle()))
}

/// What the user put there: a third of all names that items would like, tagged ones included.
fn held_by_the_user(folder: &str, key: &str) -> bool {
    Sha256::digest(format!("{folder}/{key}"))[0] < 85
}

fn is_foreign(claimant: &Claimant, name: &str) -> bool {
    held_by_the_user(&claimant.folder(), &collision_key(name))
}

fn files(paths: &BTreeMap<String, Paths>) -> Vec<(&str, &str)> {
    let all = paths
        .values()
        .flat_map(|paths| [Some(&paths.main), paths.clip.as_ref()]);
    all.flatten().map(|path| path.rsplit_once('/').unwrap()).collect()
}

/// The rule as the design states it, in its slowest form: one queue for everything, no families.
fn by_the_book(strategy: Strategy, items: &[Claimant]) -> BTreeMap<String, Paths> {
    let mut queue: Vec<_> = items.iter().collect();
    queue.sort_by_key(|claimant| Reverse((claimant.taken, claimant.id.clone())));
    let mut taken: Vec<(String, String)> = Vec::new();
    let mut tree = BTreeMap::new();
    for claimant in queue {
        let folder = claimant.folder();
        let keys = |names: &Names| {
            let both = [Some(names.main.clone()), names.companion.clone()];
            both.into_iter()
                .flatten()
                .map(|name| (folder.clone(), collision_key(&name)))
                .collect::<Vec<_>>()
        };
        let is_free = |names: &Names| {
            keys(names)
                .iter()
                .all(|key| !taken.contains(key) && !held_by_the_user(&key.0, &key.1))
        };
        let names = claimant.candidates(strategy).find(is_free).unwrap();
        taken.extend(keys(&names));
        let placement = Placement {
            id: claimant.id.clone(),
            main: names.main,
            clip: names.companion,
            edited: names.edited,
        };
        tree.extend([placement.inside(&folder)]);
    }
    tree
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_tree_is_a_function_of_the_set((items, shuffled) in shuffled(), strategy in any_strategy()) {
        let tree = arrange_all(strategy, &items, is_foreign);
        prop_assert_eq!(&arrange_all(strategy, &shuffled, is_foreign), &tree);
        prop_assert_eq!(&by_the_book(strategy, &shuffled), &tree, "families must not meet");
        prop_assert_eq!(tree.len(), items.len());
    }

    #[test]
    fn item_by_item_gives_the_tree_of_the_whole(items in claimants(), strategy in any_strategy()) {
        let mut tree = BTreeMap::new();
        for (count, newcomer) in items.iter().enumerate() {
            let home = (newcomer.folder(), newcomer.name.family());
            let family = items[..=count].iter().filter(|item| (item.folder(), item.name.family()) == home);
            let placements = arrange(strategy, family, is_foreign);
            tree.extend(placements.into_iter().map(|placement| placement.inside(&home.0)));
        }
        prop_assert_eq!(tree, arrange_all(strategy, &items, is_foreign));
    }

    #[test]
    fn no_two_files_collide_and_none_escapes(items in claimants(), strategy in any_strategy()) {
        let tree = arrange_all(strategy, &items, is_foreign);
        let mut seen = HashSet::new();
        for (folder, name) in files(&tree) {
            assert_safe(name);
            prop_assert!(folder == UNDATED || folder.split('/').all(|part| part.parse::<u16>().is_ok()));
            prop_assert!(!held_by_the_user(folder, &collision_key(name)), "{} is foreign", name);
            prop_assert!(seen.insert((folder, collision_key(name))), "{} twice", name);
        }
    }

    #[test]
    fn families_are_closed(items in claimants(), strategy in any_strategy()) {
        for item in &items {
            for names in item.candidates(strategy).take(12) {
                prop_assert_eq!(family_key(&names.main), item.name.family());
                prop_assert!(names.companion.is_none_or(|name| family_key(&name) == item.name.family()));
            }
        }
    }

    #[test]
    fn whoever_nobody_newer_troubles_keeps_the_natural_name(items in claimants(), strategy in any_strategy()) {
        let tree = arrange_all(strategy, &items, |_, _| false);
        for folder in items.iter().map(Claimant::folder) {
            let members = items.iter().filter(|item| item.folder() == folder);
            let newest = members.max_by_key(|item| (item.taken, &item.id)).unwrap();
            prop_assert_eq!(&tree[&newest.id].main, &format!("{folder}/{}", newest.name.natural().main));
        }
    }

    #[test]
    fn still_and_clip_share_their_stem(items in claimants(), strategy in any_strategy()) {
        for paths in arrange_all(strategy, &items, is_foreign).values() {
            let Some(clip) = &paths.clip else { continue };
            let stem = clip.rsplit_once('.').unwrap().0;
            prop_assert!(paths.main.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
        }
    }
}
