mod albums;
mod crashes;
mod sidecars;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use chrono::DateTime;

use super::links::LinkForm;
use super::*;
use crate::library::disk::{INDEX_FILE, fuse};
use crate::library::index::{Index, album_facts, links};
use crate::library::layout::Strategy;
use crate::library::{Admission, Announcement, ItemKey, Library as _};
use crate::media::{MediaId, MediaItem, MediaKind, Readiness, Role};
use crate::pipeline::summary::Outcome;
use crate::report::Silent;
use crate::told::{AlbumTold, Marks, Place, Told};

/// A library of photos, a source that tells of them, and what it tells.
struct Scene {
    place: tempfile::TempDir,
}

/// Days of a year, as items have them.
const DAY: i64 = 86_400;

fn photo(id: &str, name: &str, day: i64) -> MediaItem {
    MediaItem {
        id: MediaId::new(id),
        file_name: name.to_owned(),
        mime_type: "image/jpeg".to_owned(),
        taken: DateTime::from_timestamp(day * DAY, 0),
        kind: MediaKind::Photo,
        readiness: Readiness::Ready,
        locator: None,
        files: Vec::new(),
    }
}

fn favourite() -> Told {
    Told {
        description: "By the sea".to_owned(),
        marks: Marks {
            favourite: true,
            ..Marks::default()
        },
        place: Place::new(48.5, 9.0, None),
        ..Told::default()
    }
}

fn album(key: &str, title: &str, members: &[ItemKey]) -> AlbumTold {
    AlbumTold {
        key: key.to_owned(),
        title: title.to_owned(),
        members: members.to_vec(),
        ..AlbumTold::default()
    }
}

impl Scene {
    fn new() -> Self {
        Self {
            place: tempfile::tempdir().unwrap(),
        }
    }

    fn root(&self) -> &Path {
        self.place.path()
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    fn library(&self) -> DiskLibrary {
        DiskLibrary::open(self.root(), Strategy::UnixHex, Arc::new(Silent)).unwrap()
    }

    /// Brings items into the library; each holds its id.
    async fn store(&self, library: &DiskLibrary, items: &[MediaItem]) -> Vec<ItemKey> {
        let admissions = library.admit("takeout", items).await.unwrap();
        let mut keys = Vec::new();
        for (item, admission) in items.iter().zip(admissions) {
            if let Admission::Wanted(key) = admission {
                let announced = Announcement::default();
                let mut deposit = library.deposit(key, item, Role::Main, announced).await.unwrap();
                let bytes = Bytes::copy_from_slice(item.id.as_str().as_bytes());
                deposit.write(bytes).await.unwrap();
                deposit.commit().await.unwrap();
                let (path, bytes) = (PathBuf::new(), 0);
                library
                    .conclude(key, &Outcome::Stored { path, bytes })
                    .await
                    .unwrap();
            }
            keys.push(ItemKey(i64::try_from(keys.len()).unwrap() + 1));
        }
        library.close().await.unwrap();
        keys
    }

    /// Brings one photo into the library, about which much is told.
    async fn store_favourite(&self, library: &DiskLibrary) {
        let keys = self.store(library, &[photo("a", "a.jpg", 1)]).await;
        library.tell(vec![(keys[0], favourite())]).await.unwrap();
        let sea = vec![album("Sea", "Sea", &keys)];
        library.tell_albums("takeout", sea).await.unwrap();
    }

    /// What is in `albums/`: the text of each file, and where each link leads.
    fn albums(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for folder in fs::read_dir(self.path("albums")).unwrap() {
            let folder = folder.unwrap();
            for entry in fs::read_dir(folder.path()).unwrap() {
                let entry = entry.unwrap();
                let name = format!(
                    "{}/{}",
                    folder.file_name().to_string_lossy(),
                    entry.file_name().to_string_lossy()
                );
                if entry.file_name() != "album.json" {
                    found.insert(
                        name,
                        fs::read_to_string(entry.path()).unwrap_or("dangling".to_owned()),
                    );
                }
            }
        }
        found
    }

    fn links(&self) -> Vec<(String, String)> {
        self.albums().into_iter().collect()
    }

    /// Tends with a certain kind of links.
    async fn tend_with(&self, library: &DiskLibrary, form: LinkForm) -> Tended {
        library
            .librarian
            .ask(move |desk| {
                let mut tended = Tended::default();
                let albums = desk.index.read(album_facts::all)?;
                desk.tend_albums_as(&albums, (form, &|| false), &mut tended)?;
                Ok(tended)
            })
            .await
            .unwrap()
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = expected.iter();
    pairs
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[tokio::test]
async fn what_is_not_wanted_is_not_made_and_the_wish_is_remembered() {
    let scene = Scene::new();
    let library = scene.library();
    scene.store_favourite(&library).await;
    let nothing = Surroundings {
        albums: AlbumForm::Nothing,
        sidecars: SidecarForm::Nothing,
    };
    library.want_surroundings(nothing).await.unwrap();
    drop(library);
    let library = scene.library();
    assert_eq!(library.tend_surroundings().await.unwrap(), Tended::default());
    assert!(!scene.path("albums").exists() && !scene.path("1970/01/a.jpg.xmp").exists());
    let lists = Surroundings {
        albums: AlbumForm::Lists,
        sidecars: SidecarForm::Xmp,
    };
    library.want_surroundings(lists).await.unwrap();
    library.tend_surroundings().await.unwrap();
    assert_eq!(
        scene.links(),
        pairs(&[("Sea/photos.txt", "../../1970/01/a.jpg\n")])
    );
    assert!(
        scene.path("1970/01/a.jpg.xmp").exists(),
        "what was known is told later"
    );
}

#[tokio::test]
async fn what_is_made_here_is_no_unknown_file() {
    let scene = Scene::new();
    let library = scene.library();
    scene.store_favourite(&library).await;
    library.tend_surroundings().await.unwrap();
    scene.tend_with(&library, LinkForm::Hard).await;
    drop(library);
    fs::write(scene.path("albums/Sea/mine.txt"), "mine").unwrap();
    let index = Index::open(&scene.path(OWN_FOLDER).join(INDEX_FILE)).unwrap();
    let known = index.read(|db| {
        let mut known = crate::library::index::files::path_hashes(db)?;
        links::add_path_hashes(db, &mut known)?;
        Ok(known)
    });
    let unknown = crate::library::scrub::unknown_files(scene.root(), &known.unwrap()).unwrap();
    assert_eq!(unknown, [PathBuf::from("albums/Sea/mine.txt")]);
}
