//! Crashes while it is all made.

use super::*;

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
            .and_then(|()| desk.write_sidecars((Scope::All, &|| false), &mut tended))
            .and_then(|()| desk.index.read(album_facts::all))
            .and_then(|albums| desk.tend_albums_as(&albums, (form, &|| false), &mut tended));
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
