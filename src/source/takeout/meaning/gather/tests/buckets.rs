use super::*;

/// An export with something of everything.
fn rich() -> Vec<File> {
    let mut files = vec![
        file("Photos from 2019/IMG_1.jpg", "photo one"),
        file("Photos from 2019/IMG_1.jpg.json", &sidecar("IMG_1.jpg", 1000, "")),
        file("Photos from 2019/IMG_1(1).jpg", "photo two!"),
        file(
            "Photos from 2019/IMG_1.jpg(1).json",
            &sidecar("IMG_1.jpg", 2000, r#","favorited":true"#),
        ),
        file("Photos from 2019/IMG_1(1).MP4", "clip of two"),
        file("Photos from 2019/IMG_1-edited.jpg", "edited one"),
        file("Photos from 2019/lone.jpg", "nobody knows"),
        file("Photos from 2019/gone.jpg.json", &sidecar("gone.jpg", 3000, "")),
        file("Photos from 2019/bad.json", "{"),
        file("Photos from 2019/empty.json", "{}"),
        file("Photos from 2019/.DS_Store", "x"),
        file("Photos from 2019/@eaDir/IMG_1.jpg", "photo one"),
        file("Rome/metadata.json", r#"{"title":"Rome"}"#),
        file("Rome/metadata(1).json", r#"{"title":"Paris"}"#),
        file("Rome/IMG_1.jpg", "photo two!"),
        file(
            "Rome/IMG_1.jpg.json",
            &sidecar("IMG_1.jpg", 2000, r#","description":"x""#),
        ),
        file("Rome/shared_album_comments.json", r#"{"sharedAlbumComments":[]}"#),
        file("Rome/notes.txt", "text"),
        file("Failed Videos/broken.mp4", "noise"),
        file("2013-04-12/metadata.json", r#"{"title":"2013-04-12"}"#),
        file("2013-04-12/old.jpg", "an old one"),
        file("Untitled(1)/metadata.json", r#"{"title":""}"#),
        file("Untitled(1)/lone.jpg", "nobody knows"),
        file("print-subscriptions.json", r#"{"externalOrderId":"1"}"#),
        file("user-generated-memory-titles.json", r#"{"title":["a"]}"#),
        // The same path in two parts: once the same, once not.
        file("Photos from 2019/lone.jpg", "nobody knows"),
        file("2013-04-12/old.jpg", "another old one"),
    ];
    files.push(("archive_browser.html".to_owned(), "<html>".to_owned()));
    files.push((
        "Drive/Photos from 2019/IMG_9.jpg".to_owned(),
        "not a photo".to_owned(),
    ));
    files.push(("Keep/note.json".to_owned(), r#"{"title":"note"}"#.to_owned()));
    files
}

#[test]
fn every_entry_ends_in_one_bucket() {
    let plan = plan(&rich());
    let expected = [
        ("album", 2),
        ("comments", 1),
        ("copy", 2),
        ("edited", 1),
        ("failed-video", 1),
        ("folder-text", 2),
        ("invalid-json", 1),
        ("item", 5),
        ("litter", 2),
        ("motion", 1),
        ("not-media", 2),
        ("other-json", 3),
        ("other-product", 2),
        ("repeated", 1),
        ("sidecar", 3),
        ("sidecar-without-media", 1),
    ];
    assert_eq!(
        plan.counts().into_iter().collect::<Vec<_>>(),
        expected,
        "{:#?}",
        told(&plan)
    );
    assert!(plan.has_photos());
}

#[test]
fn crcs_are_asked_for_only_where_sizes_meet() {
    let (known, asked) = planned(&rich(), true);
    assert_eq!(asked, 0);
    let (unknown, asked) = planned(&rich(), false);
    assert_eq!(told(&known), told(&unknown));
    assert!(asked < rich().len() / 2, "{asked}");
}

#[test]
fn an_export_of_other_products_has_no_photos() {
    let plan = plan(&[
        ("Drive/a.jpg".to_owned(), "x".to_owned()),
        ("Keep/n.json".to_owned(), r#"{"title":"n"}"#.to_owned()),
    ]);
    assert!(!plan.has_photos() && plan.items.is_empty());
}

#[test]
fn empty_files_are_not_the_same_photo() {
    let plan = plan(&[
        file("Photos from 2019/a.jpg", ""),
        file("Photos from 2019/b.jpg", ""),
    ]);
    assert_eq!(plan.items.len(), 2);
}

/// A third of all sidecars lie in another part; merged trees have the same folder in several places.
#[test]
fn sidecars_of_another_part_are_found() {
    let plan = plan(&[
        file("Photos from 2019/a.jpg", "a"),
        file("Photos from 2020/b.jpg", "bb"),
        file("Photos from 2020/b.jpg.json", &sidecar("b.jpg", 2000, "")),
        file("Photos from 2019/a.jpg.json", &sidecar("a.jpg", 1000, "")),
    ]);
    assert_eq!(
        plan.items.iter().map(|item| item.taken).collect::<Vec<_>>(),
        [Some(1000), Some(2000)]
    );
}

proptest::proptest! {
    #[test]
    fn the_order_of_entries_does_not_matter(seed in proptest::prelude::any::<u64>()) {
        let mut shuffled = rich();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        proptest::prop_assert_eq!(told(&plan(&rich())), told(&plan(&shuffled)));
    }
}
