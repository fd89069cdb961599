//! Folders of albums, and the links in them.

use super::*;

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
