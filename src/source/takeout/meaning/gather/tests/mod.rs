mod buckets;

use std::collections::BTreeSet;

use super::super::clues::MediaClues;
use super::super::json::Marks;
use super::*;

/// A file of an export: its path below `Takeout`, and its content: the text of a JSON file, or else anything.
type File = (String, String);

fn file(path: &str, content: &str) -> File {
    (format!("Google Photos/{path}"), content.to_owned())
}

/// A sidecar's text.
fn sidecar(title: &str, taken: i64, more: &str) -> String {
    format!(r#"{{"title":"{title}","photoTakenTime":{{"timestamp":"{taken}"}}{more}}}"#)
}

/// Contents stand for themselves: equal texts have equal sizes and equal "CRCs".
fn crc(content: &str) -> u32 {
    content
        .bytes()
        .fold(7, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}

/// Tells CRCs on request, and counts the requests.
struct Told {
    crcs: Vec<u32>,
    asked: BTreeSet<EntryId>,
}

impl Clues for Told {
    fn look(&mut self, _: EntryId) -> MediaClues {
        MediaClues::default()
    }

    fn crc(&mut self, entry: EntryId) -> Option<u32> {
        self.asked.insert(entry);
        Some(self.crcs[entry.0 as usize])
    }
}

fn planned(files: &[File], has_crcs: bool) -> (Plan, usize) {
    let mut told = Told {
        crcs: files.iter().map(|(_, content)| crc(content)).collect(),
        asked: BTreeSet::new(),
    };
    let listed = files.iter().zip(&told.crcs);
    let entries = Entries::listing(
        listed.map(|((path, content), crc)| (path.as_ref(), content.len() as u64, has_crcs.then_some(*crc))),
    );
    let mut export = Export::new(entries);
    let wanted: Vec<EntryId> = export.entries().json_to_read().collect();
    for id in wanted {
        let _ = export.read_json(id, files[id.0 as usize].1.as_bytes());
    }
    let plan = export.plan(&mut told);
    check(&plan);
    (plan, told.asked.len())
}

fn plan(files: &[File]) -> Plan {
    planned(files, true).0
}

/// What must hold of every plan: each entry has one verdict, and it is the one its item gives it.
fn check(plan: &Plan) {
    assert_eq!(plan.verdicts.len(), plan.entries.len());
    assert_eq!(plan.counts().values().sum::<u64>(), plan.entries.len() as u64);
    let mut owned = 0;
    for (at, item) in plan.items.iter().enumerate() {
        let id = ItemId(u32::try_from(at).unwrap());
        assert_eq!(plan.verdict(item.main.entry), Verdict::Main(id));
        let expectations = [
            (
                item.half.iter().map(|tie| tie.entry).collect::<Vec<_>>(),
                Verdict::Half(id),
            ),
            (
                item.versions.iter().map(|tie| tie.entry).collect(),
                Verdict::Version(id),
            ),
            (
                item.copies.iter().map(|tie| tie.entry).collect(),
                Verdict::Copy(id),
            ),
            (item.sidecars.to_vec(), Verdict::Sidecar(id)),
        ];
        owned += 1;
        for (entries, verdict) in expectations {
            owned += entries.len();
            assert!(
                entries.iter().all(|entry| plan.verdict(*entry) == verdict),
                "{verdict:?}"
            );
        }
    }
    let is_of_item = |verdict: &&Verdict| {
        matches!(
            verdict,
            Verdict::Main(_)
                | Verdict::Half(_)
                | Verdict::Version(_)
                | Verdict::Copy(_)
                | Verdict::Sidecar(_)
        )
    };
    assert_eq!(
        plan.verdicts.iter().filter(is_of_item).count(),
        owned,
        "each entry belongs to one item"
    );
}

/// Everything about a plan, in words that do not depend on the order of entries.
fn told(plan: &Plan) -> Vec<String> {
    let path = |id: EntryId| {
        let entry = plan.entries.get(id);
        format!("{}/{}", plan.entries.folder_path(entry.folder), entry.name)
    };
    let paths = |ids: &[EntryId]| ids.iter().map(|id| path(*id)).collect::<Vec<_>>();
    let item = |item: &Item| {
        let albums: Vec<&str> = item
            .albums
            .iter()
            .map(|id| &*plan.albums[id.0 as usize].title)
            .collect();
        let versions: Vec<EntryId> = item.versions.iter().map(|tie| tie.entry).collect();
        let half: Vec<EntryId> = item.half.iter().map(|tie| tie.entry).collect();
        format!(
            "{} {} {:?} half {:?} versions {:?} copies {:?} sidecars {:?} described {:?} taken {:?} {:?} in {albums:?} \
             people {:?} {:?} {:?}",
            plan.name(item),
            path(item.main.entry),
            item.main.rule,
            paths(&half),
            paths(&versions),
            paths(&item.copies.iter().map(|tie| tie.entry).collect::<Vec<_>>()),
            paths(&item.sidecars),
            item.described_by.map(path),
            item.taken,
            item.folder_date,
            plan.people.names(&item.people),
            item.marks,
            item.origin,
        )
    };
    let mut told: Vec<String> = plan.items.iter().map(item).collect();
    told.extend(
        plan.entries
            .iter()
            .map(|(id, _)| format!("{} is {}", path(id), plan.verdict(id).word())),
    );
    told.sort();
    told
}

fn the_only_item(plan: &Plan) -> &Item {
    assert_eq!(plan.items.len(), 1, "{:#?}", told(plan));
    &plan.items[0]
}

fn titles<'a>(plan: &'a Plan, item: &Item) -> Vec<&'a str> {
    item.albums
        .iter()
        .map(|id| &*plan.albums[id.0 as usize].title)
        .collect()
}

#[test]
fn copies_in_albums_are_one_item_in_albums() {
    let more = |more: &str| sidecar("IMG_1.HEIC", 1000, more);
    let plan = plan(&[
        file("Photos from 2019/IMG_1(1).HEIC", "photo"),
        file("Photos from 2019/IMG_1(1).MP4", "the clip"),
        file("Photos from 2019/IMG_1-edited(1).HEIC", "the edited one"),
        file(
            "Photos from 2019/IMG_1.HEIC.supplemental-metadata(1).json",
            &more(r#","people":[{"name":"Bea"}]"#),
        ),
        file("Rome/metadata.json", r#"{"title":"Rome"}"#),
        file("Rome/IMG_1.HEIC", "photo"),
        file("Rome/IMG_1.MP4", "the clip"),
        file(
            "Rome/IMG_1.HEIC.json",
            &more(
                r#","favorited":true,"people":[{"name":"Al"}],"description":"here"}"#.trim_end_matches('}'),
            ),
        ),
        file(
            "Gary_s birthday/métadonnées.json",
            r#"{"title":"Gary's birthday"}"#,
        ),
        file("Gary_s birthday/IMG_1.HEIC", "photo"),
        file("Gary_s birthday/IMG_1-edited.HEIC", "the edited one"),
    ]);
    let item = the_only_item(&plan);
    assert_eq!(plan.name(item), "IMG_1.HEIC");
    assert_eq!(titles(&plan, item), ["Gary's birthday", "Rome"]);
    assert_eq!(
        (item.copies.len(), item.versions.len(), item.sidecars.len()),
        (4, 1, 2)
    );
    assert!(item.half.is_some() && item.marks.favourite);
    assert_eq!(plan.people.names(&item.people), ["Al", "Bea"]);
    assert_eq!(item.described_by, Some(EntryId(7)));
    assert_eq!((item.main.entry, item.taken), (EntryId(0), Some(1000)));
}

#[test]
fn two_photos_of_one_name_stay_two() {
    let plan = plan(&[
        file("Photos from 2019/pic.jpg", "one photo"),
        file("Photos from 2019/pic.jpg.json", &sidecar("pic.jpg", 1000, "")),
        file("Photos from 2020/pic.jpg", "another photo"),
        file("Photos from 2020/pic.jpg.json", &sidecar("pic.jpg", 2000, "")),
        file("Rome/metadata.json", r#"{"title":"Rome"}"#),
        file("Rome/pic.jpg.json", &sidecar("pic.jpg", 2000, "")),
        file("Rome(1)/metadata.json", r#"{"title":"Rome"}"#),
        file("Rome(1)/pic.jpg", "one photo"),
    ]);
    assert_eq!(plan.items.len(), 2, "{:#?}", told(&plan));
    let folders: Vec<&str> = plan
        .items
        .iter()
        .flat_map(|item| item.albums.iter())
        .map(|id| plan.entries.folder_path(plan.albums[id.0 as usize].folder))
        .collect();
    assert_eq!(
        folders,
        ["Google Photos/Rome(1)", "Google Photos/Rome"],
        "albums of one title stay two"
    );
    assert_eq!(plan.items[1].taken, Some(2000));
    assert_eq!(
        plan.items[1].sidecars.len(),
        2,
        "an album may hold a sidecar only"
    );
}

#[test]
fn a_sidecar_without_media_joins_only_the_item_it_tells_of() {
    let url = |url: &str| format!(r#","url":"https://photos.google.com/{url}""#);
    let join = |in_year: (i64, &str), in_album: (i64, &str)| {
        let plan = plan(&[
            file("Photos from 2019/pic.jpg", "photo"),
            file(
                "Photos from 2019/pic.jpg.json",
                &sidecar("pic.jpg", in_year.0, in_year.1),
            ),
            file("Rome/metadata.json", r#"{"title":"Rome"}"#),
            file("Rome/pic.jpg.json", &sidecar("pic.jpg", in_album.0, in_album.1)),
        ]);
        let is_in = titles(&plan, the_only_item(&plan)) == ["Rome"];
        let bucket = if is_in { "sidecar" } else { "sidecar-without-media" };
        assert_eq!(plan.verdict(EntryId(3)).word(), bucket);
        is_in
    };
    assert!(join((1000, ""), (1000, "")));
    assert!(join((1000, &url("a")), (1000, &url("a"))));
    assert!(join((1000, &url("a")), (1000, "")));
    assert!(
        join((0, &url("a")), (0, &url("a"))),
        "without a time, the address tells"
    );
    assert!(!join((1000, &url("a")), (1000, &url("b"))));
    assert!(!join((1000, ""), (2000, "")));
    assert!(!join((0, ""), (0, "")));
}

#[test]
fn a_photo_without_a_sidecar_takes_the_metadata_of_its_copy() {
    for name in ["IMG_1.jpg", "renamed.jpg"] {
        let plan = plan(&[
            file("Photos from 2019/IMG_1.jpg", "photo"),
            file("Photos from 2019/IMG_1-edited.jpg", "edited"),
            file("Photos from 2019/IMG_1.jpg.json", &sidecar("IMG_1.jpg", 1000, "")),
            file(&format!("Rome/{name}"), "photo"),
            file("Paris/x.jpg", "edited"),
        ]);
        let item = the_only_item(&plan);
        assert_eq!((item.copies.len(), item.taken), (2, Some(1000)));
        assert_eq!(
            titles(&plan, item),
            ["Paris", "Rome"],
            "folders without an album file are albums too"
        );
    }
}

#[test]
fn marks_are_united_with_care() {
    let marked = |marks: [&str; 2]| {
        let files: Vec<File> = ["Photos from 2019", "Rome"]
            .iter()
            .zip(marks)
            .flat_map(|(folder, mark)| {
                let more = if mark.is_empty() {
                    String::new()
                } else {
                    format!(r#","{mark}":true"#)
                };
                [
                    file(&format!("{folder}/a.jpg"), "photo"),
                    file(&format!("{folder}/a.jpg.json"), &sidecar("a.jpg", 1000, &more)),
                ]
            })
            .collect();
        let plan = plan(&files);
        the_only_item(&plan).marks
    };
    let none = Marks::default();
    let favourite = Marks {
        favourite: true,
        ..none
    };
    let archived = Marks {
        archived: true,
        ..none
    };
    let trashed = Marks {
        trashed: true,
        ..none
    };
    let locked = Marks { locked: true, ..none };
    for (marks, expected) in [
        (["favorited", ""], favourite),
        (["archived", ""], none),
        (["archived", "archived"], archived),
        (["", "trashed"], none),
        (["trashed", "trashed"], trashed),
        (["", "inLockedFolder"], locked),
    ] {
        assert_eq!(marked(marks), expected, "{marks:?}");
    }
}

#[test]
fn folders_mark_only_what_has_no_sidecar() {
    let plan = plan(&[
        file("Papierkorb/a.jpg", "a"),
        file("Archiv/b.jpg", "bb"),
        file("Locked Folder/c.jpg", "ccc"),
        file("Trash/d.jpg", "dddd"),
        file("Trash/d.jpg.json", &sidecar("d.jpg", 1000, "")),
        file("Photos from 2019/e.jpg", "eeeee"),
        file("Archive/e.jpg", "eeeee"),
    ]);
    let marks: Vec<(bool, bool, bool)> = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]
        .iter()
        .map(|name| {
            let item = plan.items.iter().find(|item| plan.name(item) == *name).unwrap();
            (item.marks.trashed, item.marks.archived, item.marks.locked)
        })
        .collect();
    let no = (false, false, false);
    assert_eq!(
        marks,
        [
            (true, false, false),
            (false, true, false),
            (false, false, true),
            no,
            no
        ]
    );
    assert!(plan.albums.is_empty());
}
