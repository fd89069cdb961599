//! Sidecars beside photos.

use super::*;

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

/// Somebody wants no more of them: those that are there go on to tell the truth, and no other comes, nor comes back.
#[tokio::test]
async fn sidecars_that_are_not_wanted_any_more_are_still_kept_up() {
    let (scene, kinds) = (Scene::new(), [SidecarForm::Json, SidecarForm::Nothing]);
    let library = scene.library();
    let mut items = vec![photo("there", "there.jpg", 1), photo("gone", "gone.jpg", 1)];
    let keys = scene.store(&library, &items).await;
    let about = |keys: &[ItemKey]| keys.iter().map(|key| (*key, favourite())).collect();
    library.tell(about(&keys)).await.unwrap();
    library.tend_surroundings().await.unwrap();
    fs::remove_file(scene.path("1970/01/gone.jpg.xmp")).unwrap();
    items.push(photo("late", "late.jpg", 1));
    let keys = scene.store(&library, &items).await;
    library.tell(about(&keys[2..])).await.unwrap();
    let is_there = |name: &str| scene.path(&format!("1970/01/{name}.jpg.xmp")).exists();
    for (sidecars, title) in kinds.into_iter().zip(["Sea", "Lake"]) {
        let albums = AlbumForm::Nothing;
        library
            .want_surroundings(Surroundings { albums, sidecars })
            .await
            .unwrap();
        let told = vec![album(title, title, &keys)];
        library.tell_albums("takeout", told).await.unwrap();
        assert_eq!(library.tend_surroundings().await.unwrap().texts, 1, "{title}");
        let text = fs::read_to_string(scene.path("1970/01/there.jpg.xmp")).unwrap();
        assert!(text.contains(&format!("Albums/{title}")), "{text}");
        assert!(!is_there("gone") && !is_there("late"), "{title}");
    }
    library.want_surroundings(Surroundings::default()).await.unwrap();
    library.tend_surroundings().await.unwrap();
    assert!(is_there("gone") && is_there("late"), "wanted again");
}

/// More than one batch of sidecars, and albums behind them: wherever it ends, what is done stays, and the rest follows.
#[tokio::test]
async fn whoever_stops_it_keeps_what_is_done_and_the_next_time_goes_on() {
    let (scene, count) = (Scene::new(), 300);
    let library = scene.library();
    let name = |number: usize| format!("{number}.jpg");
    let items: Vec<MediaItem> = (0..count)
        .map(|number| photo(&name(number), &name(number), 1))
        .collect();
    let keys = scene.store(&library, &items).await;
    let told = keys.iter().map(|key| (*key, favourite()));
    library.tell(told.collect()).await.unwrap();
    library
        .tell_albums("takeout", vec![album("Sea", "Sea", &keys[..2])])
        .await
        .unwrap();
    let mut written = 0;
    for (batches, texts) in [(0, 0), (1, 256), (1, 44)] {
        let asked = std::sync::atomic::AtomicUsize::new(0);
        let is_over = move || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= batches;
        let tended = library.tend_surroundings_until(is_over).await.unwrap();
        assert_eq!(
            (tended.texts, tended.is_cut_short),
            (texts, true),
            "after {written}"
        );
        assert!(!scene.path("albums/Sea").exists());
        written += tended.texts;
    }
    let tended = library.tend_surroundings().await.unwrap();
    assert!(!tended.is_cut_short && tended.links == 2, "{tended:?}");
    assert_eq!(library.tend_surroundings().await.unwrap(), Tended::default());
}
