//! `explain`: one item's whole story, whatever it is called by.

use std::fs;

use stand_in_google::{Item, StandIn, id_of};

use super::{filled, holiday};
use crate::support::Sandbox;

/// What the line that begins with `name` says.
fn line<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find(|line| line.starts_with(name));
    line.unwrap_or_else(|| panic!("no line {name}: {text}"))[name.len()..].trim()
}

fn two_of_a_name() -> (StandIn, Sandbox) {
    let older = Item::photo(1).named("beach.jpg");
    let newer = Item::photo(2).named("beach.jpg");
    filled(&[older, newer])
}

#[test]
fn an_item_is_found_by_its_file_its_id_and_its_name() {
    let items = holiday();
    let (google, sandbox) = filled(&items);
    let path = sandbox.path("2020/01/PXL_0005.MP.jpg");
    let clip = sandbox.path("2020/01/PXL_0005.MP.mp4");
    let id = id_of(5);
    let words = [
        path.to_str().unwrap(),
        clip.to_str().unwrap(),
        "2020/01/PXL_0005.MP.jpg",
        &id,
        "PXL_0005.MP.jpg",
    ];
    let told = words.map(|word| sandbox.run(&["explain", word]).with_code(0).stdout);
    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
    let text = &told[0];
    assert_eq!(line(text, "Item"), id);
    assert_eq!(line(text, "Source"), "library-api, photo");
    assert_eq!(line(text, "Taken"), "2020-01-01T00:05:00Z (folders go by UTC)");
    assert_eq!(line(text, "Path"), "2020/01/PXL_0005.MP.jpg");
    assert!(line(text, "Why so").starts_with("its own name"), "{text}");
    assert_eq!(line(text, "SHA-256"), items[4].original().sha256());
    assert!(
        line(text, "Clip").starts_with("2020/01/PXL_0005.MP.mp4, "),
        "{text}"
    );
    assert_eq!(line(text, "State"), "stored");
    assert_eq!(google.journal().total(), 0, "nobody is asked");
}

#[test]
fn a_collision_is_explained() {
    let (_google, sandbox) = two_of_a_name();
    let text = sandbox.run(&["explain", &id_of(1)]).with_code(0).stdout;
    assert_eq!(
        line(&text, "Path"),
        "2020/01/beach-gphotosync-15e59a43b1d15800.jpg"
    );
    let newer = format!(
        "a newer item ({}) has the name \"beach.jpg\"; the newest keeps it",
        id_of(2)
    );
    assert_eq!(line(&text, "Why so"), newer);
    let both = sandbox.run(&["explain", "beach.jpg"]).with_code(0).stdout;
    assert_eq!(both.matches("\nSource ").count(), 2, "both bear the name: {both}");
}

#[test]
fn a_file_of_the_users_that_keeps_an_item_from_its_name_is_explained() {
    let google = crate::support::serving(vec![Item::photo(1)]);
    let sandbox = Sandbox::signed_in(&google);
    fs::create_dir_all(sandbox.path("2020/01")).unwrap();
    fs::write(sandbox.path("2020/01/IMG_0001.jpg"), "mine").unwrap();
    sandbox.sync(&[]).with_code(0);
    let text = sandbox.run(&["explain", &id_of(1)]).with_code(0).stdout;
    assert_eq!(
        line(&text, "Why so"),
        "a file that is not gphotosync's has the name \"IMG_0001.jpg\""
    );
}

#[test]
fn damage_and_loss_are_part_of_the_story() {
    let (_google, sandbox) = filled(&holiday());
    fs::remove_file(sandbox.path("2020/01/IMG_0001.jpg")).unwrap();
    let text = sandbox.run(&["explain", "IMG_0001.jpg"]).with_code(0).stdout;
    assert!(line(&text, "File").ends_with(", not there any more"), "{text}");
}

#[test]
fn what_is_not_the_librarys_and_what_is_nowhere() {
    let (_google, sandbox) = filled(&holiday());
    fs::write(sandbox.path("notes.txt"), "mine").unwrap();
    let foreign = sandbox.run(&["explain", "notes.txt"]).with_code(1);
    assert!(
        foreign.stderr.contains("is not gphotosync's"),
        "{}",
        foreign.stderr
    );
    let nothing = sandbox.run(&["explain", "no\u{1b}such.jpg"]).with_code(1);
    assert!(
        nothing.stderr.contains("nothing here is called"),
        "{}",
        nothing.stderr
    );
    assert!(
        !nothing.stderr.contains('\u{1b}'),
        "nothing reaches the terminal as it came"
    );
    assert_eq!(nothing.stdout, "");
}
