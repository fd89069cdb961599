//! What a person sees who picks: the link, the picture for a phone, the countdown, the question after a crash.

use std::time::Duration;

use stand_in_google::{Choice, Faults, Pace, Service, Trigger, id_of};

use super::scene::Scene;
use crate::screen::window::{USUAL, Window};
use crate::support::Signal;

#[test]
fn the_link_the_picture_and_the_countdown() {
    let scene = Scene::photos(2);
    scene.google.will_choose(Choice::Never);
    let window = Window::open(&scene.sandbox.command(&["pick", "--no-browser"]), (100, 60));
    let seen = window.see("the countdown", |screen| {
        screen.contains("Waiting for your choice: 2")
    });
    let link = format!("/photos/picker/{}", scene.sessions()[0].id);
    assert!(seen.contains(&link) && seen.contains("up to 2,000"), "{seen}");
    assert!(
        seen.contains('▀') || seen.contains('▄'),
        "a picture for a phone:\n{seen}"
    );
    assert!(scene.google.choose(scene.ids()));
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(
        !closed.text.contains("Waiting for your choice"),
        "{}",
        closed.text
    );
    assert!(closed.text.contains("2 stored"), "{}", closed.text);
    scene.assert_complete();
}

#[test]
fn a_small_window_shows_no_picture_that_has_to_be_scrolled() {
    let scene = Scene::photos(1);
    scene.google.will_choose(Choice::AfterPolls(9, vec![id_of(1)]));
    let closed = Window::open(&scene.sandbox.command(&["pick", "--no-browser"]), (USUAL.0, 15)).close();
    assert!(closed.code == 0 && !closed.raw.contains('▀'), "{}", closed.text);
}

#[test]
fn after_a_crash_the_person_is_asked() {
    for (answer, found) in [("y\r", 40), ("n\r", 1)] {
        let scene = Scene::photos(40);
        let slow = Pace::Latency(Duration::from_millis(150));
        let slow = Faults::none().rule(Service::Media, Trigger::Always, slow);
        scene.google.faults().set(slow);
        scene.will_pick_all();
        let mut run = scene.start(&[]);
        run.until("item_finished");
        run.signal(Signal::KILL);
        run.end();
        scene.google.faults().clear();
        scene.google.will_choose(Choice::AfterPolls(1, vec![id_of(1)]));
        let mut window = Window::open(&scene.sandbox.command(&["pick", "--no-browser"]), (100, 60));
        window.see("the question", |screen| screen.contains("Fetch it now? [Y/n]"));
        window.press(answer);
        let closed = window.close();
        assert_eq!(closed.code, 0, "{}", closed.text);
        assert!(
            closed.text.contains(&format!("Found     {found} =")),
            "{answer:?}: {}",
            closed.text
        );
    }
}
