//! The library and the model of it, side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use proptest::sample::Index as Pick;

use super::items::{claimant, content, has_clip, item, shuffled};
use super::steps::{Fate, Step};
use super::tree::{copy, read_tree};
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::disk::{DiskLibrary, INDEX_FILE};
use crate::library::index::{FileRow, Index, Placing, audit, items};
use crate::library::layout::{Strategy as Layout, arrange_all};
use crate::library::{Admission, Announcement, Holding, ItemKey, Library as _};
use crate::media::{MediaItem, Role};
use crate::pipeline::summary::Outcome;
use crate::report::Silent;

/// What should be known of an item.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) item: MediaItem,
    /// Its moving half was heard of, so that a name is claimed for it too.
    pub(super) clip_expected: bool,
    /// All was well when it was last shown.
    pub(super) is_stored: bool,
}

pub(super) type FileId = (String, Role);

pub(super) struct World {
    place: tempfile::TempDir,
    pub(super) root: PathBuf,
    layout: Layout,
    crashes: usize,
    pub(super) google: BTreeMap<String, MediaItem>,
    known: BTreeMap<String, Known>,
    /// What is in each file that should be here. A time is known only of those the user did not write to.
    files: BTreeMap<FileId, (Vec<u8>, bool)>,
    pub(super) begun: BTreeMap<FileId, u64>,
    users: BTreeMap<String, Vec<u8>>,
}

impl World {
    pub(super) fn new(layout: Layout) -> Self {
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

    pub(super) async fn live_through(&mut self, step: Step) {
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
    pub(super) async fn run(&mut self, order: u64, fates: &[Fate], crash_after: Option<usize>) {
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

    pub(super) fn hear(
        &mut self,
        page: &[MediaItem],
        admissions: &[Admission],
        wanted: &mut Vec<(ItemKey, MediaItem)>,
    ) {
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

    pub(super) fn is_here(&self, id: &str) -> bool {
        let has = |role| self.files.contains_key(&(id.to_owned(), role));
        has(Role::Main) && (!has_clip(id) || has(Role::Clip))
    }

    pub(super) async fn transfer(
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

    pub(super) async fn fetch(
        &mut self,
        library: &DiskLibrary,
        key: ItemKey,
        item: &MediaItem,
        role: Role,
        fate: Fate,
    ) {
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

    pub(super) async fn crash(&mut self, library: DiskLibrary) {
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
    pub(super) fn rows(&self) -> Vec<(FileId, FileRow)> {
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
    pub(super) fn picked(&self, pick: Pick) -> Option<(FileId, PathBuf)> {
        let mut rows = self.rows();
        rows.retain(|(id, file)| self.files.contains_key(id) && file.placing == Placing::InPlace);
        let (id, file) = (!rows.is_empty()).then(|| pick.get(&rows))?;
        Some((id.clone(), self.root.join(&file.path)))
    }

    pub(super) fn user_adds(&mut self, like: &MediaItem) {
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
    pub(super) fn check(&self) {
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
