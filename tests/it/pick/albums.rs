//! `--album`: what is picked is filed under it.

use stand_in_google::{Choice, id_of};

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
fn an_album_needs_a_name() {
    let scene = Scene::photos(1);
    let ended = scene.pick(&["--album", " "]).with_code(2);
    assert!(ended.stderr.contains("an album needs a name"), "{}", ended.stderr);
    assert!(scene.sessions().is_empty());
}
