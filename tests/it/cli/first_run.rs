//! `gphotosync` where nothing is set up: which route fits, instead of an empty list.

use insta::assert_snapshot;

use super::told;
use crate::screen::window::Window;
use crate::sign_in::clients::is_built_in;
use crate::support::Sandbox;

#[test]
fn elsewhere_than_in_a_terminal_the_routes_are_told() {
    let sandbox = Sandbox::empty();
    let ended = sandbox.run(&[]).with_code(4);
    assert_snapshot!(told("", &ended));
    let files = std::fs::read_dir(sandbox.library()).unwrap().count();
    assert_eq!(files, 0, "nothing is made");
}

#[test]
fn a_path_that_leads_nowhere_is_a_mistake_and_no_first_run() {
    let sandbox = Sandbox::empty();
    let ended = sandbox.say("--lib /nowhere/at/all").with_code(1);
    assert!(ended.stderr.contains("does not exist"), "{}", ended.stderr);
}

#[test]
fn in_a_terminal_the_person_is_asked() {
    if is_built_in() {
        return;
    }
    for (answer, code, words) in [
        ("1\r", 0, "https://takeout.google.com"),
        ("2\r", 4, "Google Photos Picker API"),
        ("3\r", 4, "Photos Library API"),
        ("\r", 4, "gphotosync pick --lib"),
    ] {
        let sandbox = Sandbox::empty();
        let mut window = Window::open(&sandbox.command(&[]), (120, 60));
        window.see("the question", |screen| screen.contains("[1/2/3]"));
        window.press(answer);
        let closed = window.close();
        let after = closed.text.split("[1/2/3]").nth(1).unwrap();
        assert!(after.contains(words), "{answer:?}: {}", closed.text);
        assert_eq!(closed.code, code, "{answer:?}: {}", closed.text);
    }
}

#[test]
fn what_is_to_be_set_up_to_pick_is_the_pickers() {
    if is_built_in() {
        return;
    }
    let sandbox = Sandbox::empty();
    let ended = sandbox.run(&["pick", "--no-browser"]).with_code(4);
    for words in [
        "find \"Google Photos Picker API\"",
        "photospicker.mediaitems.readonly",
        "Then run: gphotosync pick",
    ] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}
