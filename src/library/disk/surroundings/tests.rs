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
                desk.tend_albums_as(&albums, form, &mut tended)?;
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
async fn albums_are_folders_of_links_and_two_of_one_title_are_two() {
    let scene = Scene::new();
    let library = scene.library();
    let items = [
        photo("a", "a.jpg", 1),
        photo("b", "b.jpg", 2),
        photo("c", "a.jpg", 40),
    ];
    let keys = scene.store(&library, &items).await;
    let albums = vec![
        album("Rome", "Rome", &keys),
        album("Rome(1)", "Rome", &keys[1..2]),
        album("Untitled", "", &keys[..1]),
        album("x", "a/b: <c>?", &keys[..1]),
    ];
    library.tell_albums("takeout", albums.clone()).await.unwrap();
    let first = library.tend_surroundings().await.unwrap();
    assert_eq!((first.links, first.texts), (6, 4));
    let expected = pairs(&[
        ("Rome (2)/b.jpg", "b"),
        ("Rome/a-gphotosync-1970-01.jpg", "a"),
        ("Rome/a.jpg", "c"),
        ("Rome/b.jpg", "b"),
        ("Untitled/a.jpg", "a"),
        ("a_b_ _c__/a.jpg", "a"),
    ]);
    assert_eq!(scene.links(), expected);
    let link = fs::read_link(scene.path("albums/Rome/b.jpg")).unwrap();
    assert_eq!(link, Path::new("../../1970/01/b.jpg"), "the library can be moved");
    let tells = fs::read_to_string(scene.path("albums/a_b_ _c__/album.json")).unwrap();
    assert!(tells.contains("\"title\": \"a/b: <c>?\""), "{tells}");
    library.tell_albums("takeout", albums).await.unwrap();
    assert_eq!(library.tend_surroundings().await.unwrap(), Tended::default());
    assert_eq!(scene.links(), expected);
}

#[tokio::test]
async fn every_kind_of_link_follows_its_file() {
    for form in [LinkForm::Symbolic, LinkForm::Hard, LinkForm::Unable] {
        let scene = Scene::new();
        let library = scene.library();
        let keys = scene.store(&library, &[photo("old", "beach.jpg", 1)]).await;
        library
            .tell_albums("takeout", vec![album("Sea", "Sea", &keys)])
            .await
            .unwrap();
        scene.tend_with(&library, form).await;
        // A newer one of the same name takes it over.
        let keys = scene
            .store(
                &library,
                &[photo("old", "beach.jpg", 1), photo("new", "beach.jpg", 2)],
            )
            .await;
        let moved = "1970/01/beach-gphotosync-4e94914f0000.jpg";
        assert!(scene.path(moved).exists());
        scene.tend_with(&library, form).await;
        let list = |lines: &[&str]| {
            pairs(&[(
                "Sea/photos.txt",
                &lines
                    .iter()
                    .fold(String::new(), |all, line| all + "../../" + line + "\n"),
            )])
        };
        let expected = match form {
            LinkForm::Unable => list(&[moved]),
            _ => pairs(&[("Sea/beach-gphotosync-4e94914f0000.jpg", "old")]),
        };
        assert_eq!(scene.links(), expected, "{form:?}");
        library
            .tell_albums("takeout", vec![album("Sea", "Sea", &keys)])
            .await
            .unwrap();
        scene.tend_with(&library, form).await;
        let expected = match form {
            LinkForm::Unable => list(&["1970/01/beach.jpg", moved]),
            _ => pairs(&[
                ("Sea/beach-gphotosync-4e94914f0000.jpg", "old"),
                ("Sea/beach.jpg", "new"),
            ]),
        };
        assert_eq!(scene.links(), expected, "{form:?}");
        assert_eq!(scene.tend_with(&library, form).await, Tended::default());
    }
}

#[tokio::test]
async fn nothing_of_the_users_in_an_album_is_touched() {
    for form in [LinkForm::Symbolic, LinkForm::Hard] {
        let scene = Scene::new();
        fs::create_dir_all(scene.path("albums/Sea")).unwrap();
        fs::write(scene.path("albums/Sea/a.jpg"), "mine").unwrap();
        fs::write(scene.path("albums/Sea/album.json"), "mine too").unwrap();
        let library = scene.library();
        let keys = scene
            .store(&library, &[photo("a", "a.jpg", 1), photo("b", "b.jpg", 2)])
            .await;
        library
            .tell_albums("takeout", vec![album("Sea", "Sea", &keys)])
            .await
            .unwrap();
        let tended = scene.tend_with(&library, form).await;
        assert_eq!((tended.links, tended.kept), (2, 1));
        // The user puts something in the place of a link.
        fs::remove_file(scene.path("albums/Sea/b.jpg")).unwrap();
        fs::write(scene.path("albums/Sea/b.jpg"), "mine as well").unwrap();
        for _ in 0..2 {
            scene.tend_with(&library, form).await;
            let expected = pairs(&[
                ("Sea/a-gphotosync-1970-01.jpg", "a"),
                ("Sea/a.jpg", "mine"),
                ("Sea/b-gphotosync-1970-01.jpg", "b"),
                ("Sea/b.jpg", "mine as well"),
            ]);
            assert_eq!(scene.links(), expected, "{form:?}");
        }
        assert_eq!(
            fs::read_to_string(scene.path("albums/Sea/album.json")).unwrap(),
            "mine too"
        );
    }
}

#[tokio::test]
async fn a_sidecar_tells_follows_its_photo_and_is_written_anew_when_more_is_known() {
    let scene = Scene::new();
    let library = scene.library();
    let keys = scene
        .store(
            &library,
            &[photo("old", "beach.jpg", 1), photo("dull", "dull.jpg", 1)],
        )
        .await;
    library
        .tell(vec![(keys[0], favourite()), (keys[1], Told::default())])
        .await
        .unwrap();
    assert_eq!(library.tend_surroundings().await.unwrap().texts, 1);
    let read = |path: &str| fs::read_to_string(scene.path(path)).unwrap();
    assert!(read("1970/01/beach.jpg.xmp").contains("By the sea"));
    assert!(!scene.path("1970/01/dull.jpg.xmp").exists());

    let keys = scene
        .store(
            &library,
            &[
                photo("old", "beach.jpg", 1),
                photo("dull", "dull.jpg", 1),
                photo("new", "beach.jpg", 2),
            ],
        )
        .await;
    let people = Told {
        people: vec!["Bea".to_owned()],
        ..Told::default()
    };
    library.tell(vec![(keys[2], people)]).await.unwrap();
    let tended = library.tend_surroundings().await.unwrap();
    assert_eq!((tended.moved, tended.texts), (1, 1));
    let moved = "1970/01/beach-gphotosync-4e94914f0000.jpg.xmp";
    assert!(read(moved).contains("By the sea") && read("1970/01/beach.jpg.xmp").contains("Bea"));

    library
        .tell_albums("takeout", vec![album("Sea", "Sea", &keys[..1])])
        .await
        .unwrap();
    library.tend_surroundings().await.unwrap();
    assert!(read(moved).contains("Albums/Sea") && read(moved).contains("By the sea"));
    assert_eq!(library.tend_surroundings().await.unwrap(), Tended::default());
}

#[tokio::test]
async fn a_sidecar_of_the_users_stays_as_it_is() {
    let scene = Scene::new();
    let library = scene.library();
    let items = [photo("own", "own.jpg", 1), photo("changed", "changed.jpg", 1)];
    let keys = scene.store(&library, &items).await;
    fs::write(scene.path("1970/01/own.jpg.xmp"), "mine").unwrap();
    library
        .tell(keys.iter().map(|key| (*key, favourite())).collect())
        .await
        .unwrap();
    assert_eq!(library.tend_surroundings().await.unwrap().kept, 1);
    fs::write(scene.path("1970/01/changed.jpg.xmp"), "mine by now").unwrap();
    library
        .tell_albums("takeout", vec![album("Sea", "Sea", &keys)])
        .await
        .unwrap();
    library.tend_surroundings().await.unwrap();
    let read = |path: &str| fs::read_to_string(scene.path(path)).unwrap();
    assert_eq!(read("1970/01/own.jpg.xmp"), "mine");
    assert_eq!(read("1970/01/changed.jpg.xmp"), "mine by now");
}

#[tokio::test]
async fn what_is_not_wanted_is_not_made_and_the_wish_is_remembered() {
    let scene = Scene::new();
    let library = scene.library();
    let keys = scene.store(&library, &[photo("a", "a.jpg", 1)]).await;
    library.tell(vec![(keys[0], favourite())]).await.unwrap();
    library
        .tell_albums("takeout", vec![album("Sea", "Sea", &keys)])
        .await
        .unwrap();
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

/// A crash at every single change of the disk or the index, over a library whose names change hands.
#[test]
fn a_crash_at_any_instant_is_made_good_by_the_next_run() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for form in [LinkForm::Symbolic, LinkForm::Hard] {
        for changes in 0.. {
            let scene = Scene::new();
            let is_through = runtime.block_on(crash_after(&scene, changes, form));
            let albums = scene.albums();
            let expected = pairs(&[
                ("Sea/beach-gphotosync-4e94914f0000.jpg", "old"),
                ("Sea/beach.jpg", "new"),
            ]);
            assert_eq!(
                albums.into_iter().collect::<Vec<_>>(),
                expected,
                "{form:?}, after {changes}"
            );
            let read = |path: &str| fs::read_to_string(scene.path(path)).unwrap();
            assert!(
                read("1970/01/beach-gphotosync-4e94914f0000.jpg.xmp").contains("By the sea"),
                "{changes}"
            );
            assert!(read("1970/01/beach.jpg.xmp").contains("Newer"), "{changes}");
            let staged = fs::read_dir(scene.path(".gphotosync/staging")).unwrap();
            assert_eq!(staged.count(), 0, "after {changes}");
            if is_through {
                assert!(changes > 10, "{form:?}: there are many instants, not {changes}");
                break;
            }
            assert!(changes < 200, "the crashes come to an end");
        }
    }
}

/// Tends a library in which a newer photo took over the name of one in an album, crashing after so many changes; then in
/// peace. Returns whether it went through before it crashed.
async fn crash_after(scene: &Scene, changes: u32, form: LinkForm) -> bool {
    let old = photo("old", "beach.jpg", 1);
    let library = scene.library();
    let keys = scene.store(&library, std::slice::from_ref(&old)).await;
    library.tell(vec![(keys[0], favourite())]).await.unwrap();
    let sea = |keys: &[ItemKey]| vec![album("Sea", "Sea", keys)];
    // Links are made below, each time of one form.
    let wanted = Surroundings {
        albums: AlbumForm::Nothing,
        ..Surroundings::default()
    };
    library.want_surroundings(wanted).await.unwrap();
    library.tell_albums("takeout", sea(&keys)).await.unwrap();
    library.tend_surroundings().await.unwrap();
    scene.tend_with(&library, form).await;
    let keys = scene.store(&library, &[old, photo("new", "beach.jpg", 2)]).await;
    let newer = Told {
        description: "Newer".to_owned(),
        ..Told::default()
    };
    library.tell(vec![(keys[1], newer)]).await.unwrap();
    library.tell_albums("takeout", sea(&keys)).await.unwrap();
    let crashed = library.librarian.ask(move |desk| {
        fuse::light(Some(changes));
        let mut tended = Tended::default();
        let went = desk
            .move_sidecars(&mut tended)
            .and_then(|()| desk.write_sidecars(&mut tended))
            .and_then(|()| desk.index.read(album_facts::all))
            .and_then(|albums| desk.tend_albums_as(&albums, form, &mut tended));
        fuse::light(None);
        Ok(went.is_ok())
    });
    let is_through = crashed.await.unwrap();
    drop(library);
    let library = scene.library();
    library.tend_surroundings().await.unwrap();
    scene.tend_with(&library, form).await;
    drop(library);
    drop(scene.library());
    is_through
}

#[tokio::test]
async fn what_is_made_here_is_no_unknown_file() {
    let scene = Scene::new();
    let library = scene.library();
    let keys = scene.store(&library, &[photo("a", "a.jpg", 1)]).await;
    library.tell(vec![(keys[0], favourite())]).await.unwrap();
    library
        .tell_albums("takeout", vec![album("Sea", "Sea", &keys)])
        .await
        .unwrap();
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
