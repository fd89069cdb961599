//! `--album`: what is picked is filed under it.

use stand_in_google::{Choice, Item, id_of};

use super::scene::Scene;

#[test]
fn what_is_picked_is_filed_under_the_album_and_only_once() {
    let scene = Scene::photos(3);
    let picks = [vec![id_of(1), id_of(2)], vec![id_of(2), id_of(3)], vec![id_of(3)]];
    for (album, ids) in ["Summer", "Summer", "Other"].into_iter().zip(picks) {
        scene.google.will_choose(Choice::AfterPolls(1, ids));
        scene.pick(&["--album", album]).with_code(0);
    }
    let members = |title: &str| {
        scene.number(&format!(
            "SELECT count(*) FROM member JOIN album ON no = album WHERE title = '{title}'"
        ))
    };
    assert_eq!((members("Summer"), members("Other")), (3, 1));
    assert_eq!(scene.number("SELECT count(*) FROM album"), 2);
    scene.assert_complete();
}

#[test]
fn an_album_is_a_folder_of_links_that_follow_their_photos() {
    let scene = Scene::of(vec![
        Item::photo(1).named("beach.jpg"),
        Item::photo(2).named("beach.jpg"),
    ]);
    let read = |path: &str| std::fs::read(scene.sandbox.path(path)).unwrap();
    let original = |n: usize| scene.items[n].original().to_bytes().to_vec();
    scene.google.will_choose(Choice::AfterPolls(1, vec![id_of(1)]));
    scene.pick(&["--album", "By: the sea?"]).with_code(0);
    assert_eq!(read("albums/By_ the sea_/beach.jpg"), original(0));
    // A newer photo takes the name over.
    scene.google.will_choose(Choice::AfterPolls(1, vec![id_of(2)]));
    scene.pick(&[]).with_code(0);
    let folder = scene.sandbox.path("albums/By_ the sea_");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["album.json", "beach-gphotosync-15e59a43b1d15800.jpg"]);
    assert_eq!(
        read("albums/By_ the sea_/beach-gphotosync-15e59a43b1d15800.jpg"),
        original(0)
    );
    let album: serde_json::Value = serde_json::from_slice(&read("albums/By_ the sea_/album.json")).unwrap();
    assert_eq!(
        (&album["v"], &album["title"]),
        (&1.into(), &"By: the sea?".into())
    );
    let verified = scene.sandbox.run(&["verify", "--json"]).with_code(0).stdout;
    let verified: serde_json::Value = serde_json::from_str(&verified).unwrap();
    assert_eq!(
        verified["unknown"],
        serde_json::json!([]),
        "links are no strangers"
    );
}

#[test]
fn an_album_needs_a_name() {
    let scene = Scene::photos(1);
    let ended = scene.pick(&["--album", " "]).with_code(2);
    assert!(ended.stderr.contains("an album needs a name"), "{}", ended.stderr);
    assert!(scene.sessions().is_empty());
}
