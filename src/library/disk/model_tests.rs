//! The library against a simple model of it: whatever happens in whatever order, the tree is the one the layout
//! gives, every byte is right, and nothing of the user's is touched.
//!
//! A crash is a copy of the folder, taken by the librarian between two of its works, in which the next run begins.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::Index as Pick;

use super::desk::OWN_FOLDER;
use super::{DiskLibrary, INDEX_FILE};
use crate::library::index::{FileRow, Index, Placing, audit, items};
use crate::library::layout::{Claimant, Strategy as Layout, arrange_all};
use crate::library::safe_name::SafeName;
use crate::library::{Admission, Announcement, Holding, ItemKey, Library as _};
use crate::media::{MediaId, MediaItem, MediaKind, Readiness, Role};
use crate::pipeline::summary::Outcome;
use crate::report::Silent;

/// Names that meet in every way there is: the same, by case, with a moving half, and by a tag of another's.
const NAMES: [&str; 6] = [
    "a.jpg",
    "A.JPG",
    "a.mp4",
    "a-gphotosync-15e59a35b98a0000.jpg",
    "b?.jpg",
    "",
];

/// Seconds since 1970: two that no coarse disk tells apart, one later, one in another month, and none.
const TIMES: [Option<i64>; 5] = [
    Some(1_577_836_800),
    Some(1_577_836_801),
    Some(1_577_923_200),
    Some(1_585_699_200),
    None,
];

/// More than can be told apart by eye are no help.
const IDS: usize = 6;

/// What happens to a wanted file.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Committed,
    /// The connection breaks half-way.
    Suspended,
    /// It was not the right thing.
    Discarded,
    /// The task is cancelled.
    Dropped,
}

#[derive(Clone, Debug)]
enum Step {
    /// An item appears, or its name and time change.
    Tell {
        id: usize,
        name: usize,
        time: usize,
    },
    Vanish {
        id: usize,
    },
    Run {
        order: u64,
        fates: Vec<Fate>,
        crash_after: Option<usize>,
    },
    UserDeletes(Pick),
    UserEdits(Pick),
    /// A file of the user's, where an item may want to be.
    UserAdds {
        name: usize,
        time: usize,
    },
}

fn tell() -> impl Strategy<Value = Step> {
    (0..IDS, 0..NAMES.len(), 0..TIMES.len()).prop_map(|(id, name, time)| Step::Tell { id, name, time })
}

fn run() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![
        4 => Just(Fate::Committed),
        1 => Just(Fate::Suspended),
        1 => Just(Fate::Discarded),
        1 => Just(Fate::Dropped),
    ];
    let fates = prop::collection::vec(fate, 1..8);
    (any::<u64>(), fates, prop::option::weighted(0.3, 0..6_usize)).prop_map(|(order, fates, crash_after)| {
        Step::Run {
            order,
            fates,
            crash_after,
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => tell(),
        1 => (0..IDS).prop_map(|id| Step::Vanish { id }),
        4 => run(),
        1 => any::<Pick>().prop_map(Step::UserDeletes),
        1 => any::<Pick>().prop_map(Step::UserEdits),
    ]
}

fn step_beside_a_busy_user() -> impl Strategy<Value = Step> {
    let add = (0..NAMES.len(), 0..TIMES.len()).prop_map(|(name, time)| Step::UserAdds { name, time });
    prop_oneof![6 => step(), 1 => add]
}

/// What should be known of an item.
#[derive(Debug)]
struct Known {
    item: MediaItem,
    /// Its moving half was heard of, so that a name is claimed for it too.
    clip_expected: bool,
    /// All was well when it was last shown.
    is_stored: bool,
}

type FileId = (String, Role);

struct World {
    place: tempfile::TempDir,
    root: PathBuf,
    layout: Layout,
    crashes: usize,
    google: BTreeMap<String, MediaItem>,
    known: BTreeMap<String, Known>,
    /// What is in each file that should be here. A time is known only of those the user did not write to.
    files: BTreeMap<FileId, (Vec<u8>, bool)>,
    begun: BTreeMap<FileId, u64>,
    users: BTreeMap<String, Vec<u8>>,
}

fn item(id: usize, name: usize, time: usize) -> MediaItem {
    MediaItem {
        id: MediaId::new(format!("id-{id}")),
        file_name: NAMES[name].to_owned(),
        mime_type: if NAMES[name].ends_with("mp4") {
            "video/mp4"
        } else {
            "image/jpeg"
        }
        .to_owned(),
        taken: TIMES[time].and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        kind: MediaKind::Photo,
        readiness: Readiness::Ready,
        locator: None,
    }
}

/// Every other item has a moving half.
fn has_clip(id: &str) -> bool {
    id.ends_with(['1', '3', '5'])
}

fn content((id, role): &FileId) -> Vec<u8> {
    format!("{id} {}", role.word()).into_bytes()
}

fn claimant(known: &Known) -> Claimant {
    let item = &known.item;
    let name = if known.clip_expected {
        SafeName::with_companion(&item.file_name, Some(&item.mime_type), ".mp4")
    } else {
        SafeName::new(&item.file_name, Some(&item.mime_type))
    };
    Claimant {
        id: item.id.as_str().to_owned(),
        name,
        taken: item.taken,
    }
}

/// An order of the items that depends on the seed and nothing else.
fn shuffled(items: impl Iterator<Item = MediaItem>, seed: u64) -> Vec<MediaItem> {
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|item| items::short_hash(&[&seed.to_string(), item.id.as_str()]));
    items
}

impl World {
    fn new(layout: Layout) -> Self {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("0");
        fs::create_dir(&root).unwrap();
        Self {
            place,
            root,
            layout,
            crashes: 0,
            google: BTreeMap::new(),
            known: BTreeMap::new(),
            files: BTreeMap::new(),
            begun: BTreeMap::new(),
            users: BTreeMap::new(),
        }
    }

    async fn live_through(&mut self, step: Step) {
        match step {
            Step::Tell { id, name, time } => {
                self.google.insert(format!("id-{id}"), item(id, name, time));
            }
            Step::Vanish { id } => {
                self.google.remove(&format!("id-{id}"));
            }
            Step::Run {
                order,
                fates,
                crash_after,
            } => self.run(order, &fates, crash_after).await,
            Step::UserDeletes(pick) => {
                if let Some((id, path)) = self.picked(pick) {
                    fs::remove_file(path).unwrap();
                    self.files.remove(&id);
                }
            }
            Step::UserEdits(pick) => {
                if let Some((id, path)) = self.picked(pick) {
                    fs::write(path, "edited").unwrap();
                    self.files.insert(id, (b"edited".to_vec(), false));
                }
            }
            Step::UserAdds { name, time } => self.user_adds(&item(0, name, time)),
        }
    }

    /// Opens the library, shows it all items in two pages, and lets each wanted file meet its fate.
    async fn run(&mut self, order: u64, fates: &[Fate], crash_after: Option<usize>) {
        let library = DiskLibrary::open(&self.root, self.layout, Arc::new(Silent)).unwrap();
        let listed = shuffled(self.google.values().cloned(), order);
        let mut wanted = Vec::new();
        for page in listed.chunks(listed.len().div_ceil(2).max(1)) {
            let admissions = library.admit("test", page).await.unwrap();
            self.hear(page, &admissions, &mut wanted);
        }
        let mut fates = fates.iter().cycle();
        for (count, (key, item)) in wanted.into_iter().enumerate() {
            if crash_after == Some(count) {
                return self.crash(library).await;
            }
            self.transfer(&library, key, &item, &mut fates).await;
        }
        library.close().await.unwrap();
        drop(library);
        self.check();
    }

    fn hear(&mut self, page: &[MediaItem], admissions: &[Admission], wanted: &mut Vec<(ItemKey, MediaItem)>) {
        for (item, admission) in page.iter().zip(admissions) {
            let id = item.id.as_str().to_owned();
            let is_here = self.is_here(&id);
            let known = self.known.entry(id).or_insert_with(|| Known {
                item: item.clone(),
                clip_expected: false,
                is_stored: false,
            });
            known.item = item.clone();
            known.is_stored &= is_here;
            match admission {
                Admission::Settled(Outcome::Present) => assert!(known.is_stored, "{item:?} is not here"),
                Admission::Wanted(key) => {
                    assert!(!known.is_stored, "{item:?} is here");
                    wanted.push((*key, item.clone()));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn is_here(&self, id: &str) -> bool {
        let has = |role| self.files.contains_key(&(id.to_owned(), role));
        has(Role::Main) && (!has_clip(id) || has(Role::Clip))
    }

    async fn transfer(
        &mut self,
        library: &DiskLibrary,
        key: ItemKey,
        item: &MediaItem,
        fates: &mut impl Iterator<Item = &Fate>,
    ) {
        let id = item.id.as_str();
        let roles = if has_clip(id) {
            &[Role::Main, Role::Clip][..]
        } else {
            &[Role::Main]
        };
        for role in roles {
            self.fetch(library, key, item, *role, *fates.next().unwrap())
                .await;
            if !self.files.contains_key(&(id.to_owned(), *role)) {
                let reason = "as the test wanted".to_owned();
                return library.conclude(key, &Outcome::Failed { reason }).await.unwrap();
            }
        }
        let (path, bytes) = (PathBuf::new(), 0);
        library
            .conclude(key, &Outcome::Stored { path, bytes })
            .await
            .unwrap();
        self.known.get_mut(id).unwrap().is_stored = true;
    }

    async fn fetch(&mut self, library: &DiskLibrary, key: ItemKey, item: &MediaItem, role: Role, fate: Fate) {
        let file = (item.id.as_str().to_owned(), role);
        let resume = match library.holding(key, item, role).await.unwrap() {
            Holding::Whole { .. } => return assert!(self.files.contains_key(&file), "{file:?} is not here"),
            Holding::Part(resume) => resume,
        };
        assert!(!self.files.contains_key(&file), "{file:?} is here");
        assert_eq!(resume.offset, self.begun.get(&file).copied().unwrap_or(0));
        let bytes = content(&file);
        let announced = Announcement {
            start: resume.offset,
            length: Some(bytes.len() as u64),
            ..Announcement::default()
        };
        let mut deposit = library.deposit(key, item, role, announced).await.unwrap();
        self.known.get_mut(&file.0).unwrap().clip_expected |= role == Role::Clip;
        let start = usize::try_from(resume.offset).unwrap();
        let half = bytes.len() / 2;
        let rest = |end: usize| Bytes::copy_from_slice(&bytes[start..end]);
        match fate {
            Fate::Committed => {
                deposit.write(rest(bytes.len())).await.unwrap();
                deposit.commit().await.unwrap();
                self.begun.remove(&file);
                self.files.insert(file, (bytes, true));
            }
            Fate::Suspended => {
                deposit.write(rest(half)).await.unwrap();
                deposit.suspend().await.unwrap();
                self.begun.insert(file, half as u64);
            }
            Fate::Discarded => {
                deposit.write(rest(half)).await.unwrap();
                deposit.discard().await.unwrap();
                self.begun.remove(&file);
            }
            Fate::Dropped => deposit.write(rest(half)).await.unwrap(),
        }
    }

    async fn crash(&mut self, library: DiskLibrary) {
        self.crashes += 1;
        let (from, to) = (
            self.root.clone(),
            self.place.path().join(self.crashes.to_string()),
        );
        self.root.clone_from(&to);
        library
            .librarian
            .ask(move |_| {
                copy(&from, &to);
                Ok(())
            })
            .await
            .unwrap();
    }

    /// The rows of all files, with the ids of their items.
    fn rows(&self) -> Vec<(FileId, FileRow)> {
        let path = self.root.join(OWN_FOLDER).join(INDEX_FILE);
        if !path.exists() {
            return Vec::new();
        }
        let index = Index::open(&path).unwrap();
        let rows = index.read(|db| {
            let all = audit::files_after(db, (i64::MIN, Role::Main), 1_000)?;
            let named = all.into_iter().map(|row| {
                let id = items::get(db, row.file.item)?.id;
                Ok(((id, row.file.role), row.file))
            });
            named.collect()
        });
        rows.unwrap()
    }

    /// A file of an item that is here and in its place.
    fn picked(&self, pick: Pick) -> Option<(FileId, PathBuf)> {
        let mut rows = self.rows();
        rows.retain(|(id, file)| self.files.contains_key(id) && file.placing == Placing::InPlace);
        let (id, file) = (!rows.is_empty()).then(|| pick.get(&rows))?;
        Some((id.clone(), self.root.join(&file.path)))
    }

    fn user_adds(&mut self, like: &MediaItem) {
        let alone = Known {
            item: like.clone(),
            clip_expected: false,
            is_stored: false,
        };
        let path = arrange_all(self.layout, &[claimant(&alone)], |_, _| false)["id-0"]
            .main
            .clone();
        let on_disk = self.root.join(&path);
        // What is put where an item's file is or was is that item's file, changed.
        if on_disk.exists() || self.rows().iter().any(|(_, file)| file.path == path) {
            return;
        }
        fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
        fs::write(on_disk, "the user's").unwrap();
        self.users.insert(path, b"the user's".to_vec());
    }

    /// Holds the folder and the index against the model.
    fn check(&self) {
        let mut wanted = self.users.clone();
        let mut missing: BTreeSet<&FileId> = self.files.keys().collect();
        let paths = arrange_all(
            self.layout,
            &self.known.values().map(claimant).collect::<Vec<_>>(),
            |_, _| false,
        );
        for (id, row) in &self.rows() {
            let Some((bytes, is_untouched)) = self.files.get(id) else {
                // The user took it away; the next run that is shown the item forgets it.
                continue;
            };
            missing.remove(id);
            assert_eq!(row.placing, Placing::InPlace, "{row:?}");
            let twice = wanted.insert(row.path.clone(), bytes.clone());
            assert!(twice.is_none(), "{row:?} has a path that is taken");
            if self.users.is_empty() {
                let of_item = &paths[&id.0];
                let path = if id.1 == Role::Main {
                    Some(&of_item.main)
                } else {
                    of_item.clip.as_ref()
                };
                assert_eq!(Some(&row.path), path, "{id:?}");
            }
            let taken = self.known[&id.0].item.taken.filter(|_| *is_untouched);
            let Ok(modified) = fs::metadata(self.root.join(&row.path)).and_then(|found| found.modified())
            else {
                let mut found = BTreeMap::new();
                read_tree(&self.root, "", &mut found);
                panic!("{row:?} is not there, but {found:?}");
            };
            assert_eq!(
                DateTime::<Utc>::from(modified),
                taken.unwrap_or(modified.into()),
                "{id:?}"
            );
        }
        assert!(missing.is_empty(), "the index forgot {missing:?}");
        let mut found = BTreeMap::new();
        read_tree(&self.root, "", &mut found);
        assert_eq!(found, wanted);
    }
}

/// All files below `folder` but the library's own.
fn read_tree(root: &Path, folder: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        if path == OWN_FOLDER {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            read_tree(root, &path, found);
        } else {
            found.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// Copies a folder with the modification times of its files.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            let modified = entry.metadata().unwrap().modified().unwrap();
            File::options()
                .write(true)
                .open(&target)
                .unwrap()
                .set_modified(modified)
                .unwrap();
        }
    }
}

fn live(layout: Layout, steps: Vec<Step>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(layout);
        for step in steps {
            world.live_through(step).await;
        }
        world.run(0, &[Fate::Committed], None).await;
        let all: Vec<_> = world.google.keys().collect();
        assert!(
            all.into_iter().all(|id| world.is_here(id)),
            "a last run brings everything"
        );
        // Opening sweeps; nothing is begun of what is whole.
        drop(DiskLibrary::open(&world.root, layout, Arc::new(Silent)).unwrap());
        let staged = fs::read_dir(world.root.join(OWN_FOLDER).join("staging")).unwrap();
        assert!(staged.count() <= world.begun.len());
    });
}

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![Just(Layout::UnixHex), Just(Layout::Id)]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_folder_is_what_the_layout_says(layout in layout(), steps in prop::collection::vec(step(), 1..20)) {
        live(layout, steps);
    }

    #[test]
    fn nothing_of_the_users_is_touched(
        layout in layout(),
        steps in prop::collection::vec(step_beside_a_busy_user(), 1..20),
    ) {
        live(layout, steps);
    }
}
