//! Ctrl-C, and signing in, at a terminal.

use super::window::{USUAL, Window};
use super::{is_of_a_bar, slow_library};
use crate::support::{Sandbox, consent_address};

/// What the key sends.
const CTRL_C: &str = "\x03";

#[test]
fn once_finishes_what_is_in_flight() {
    let google = slow_library(40);
    let sandbox = Sandbox::signed_in(&google);
    let mut window = Window::sync(&sandbox, &["--workers", "4"], USUAL);
    window.see("files in flight", |screen| screen.matches("IMG_").count() >= 4);
    window.press(CTRL_C);
    window.see("that it stops", |screen| {
        screen.contains("Stopping: ") && screen.contains("Ctrl-C again stops now")
    });
    let closed = window.close();
    assert_eq!(closed.code, 130, "{}", closed.text);
    assert!(
        closed.text.contains("Stopped, as you asked. Nothing is lost."),
        "{}",
        closed.text
    );
    assert!(closed.text.contains("not reached"), "{}", closed.text);
    assert!(
        closed.text.contains("Go on:        gphotosync sync --lib "),
        "{}",
        closed.text
    );
    assert!(!closed.text.contains(is_of_a_bar), "{}", closed.text);
    assert!(sandbox.tree().len() >= 4, "what was in flight is here");
    assert_eq!(sandbox.leftovers(), [""; 0], "and nothing half-done");
}

#[test]
fn twice_stops_now() {
    let google = slow_library(8);
    google.faults().set(stand_in_google::Faults::none().rule(
        stand_in_google::Service::Media,
        stand_in_google::Trigger::Always,
        stand_in_google::Damage::SilenceMidBody,
    ));
    let sandbox = Sandbox::signed_in(&google);
    let mut window = Window::sync(&sandbox, &["--workers", "4"], USUAL);
    window.see("files in flight", |screen| screen.contains("IMG_"));
    window.press(CTRL_C);
    window.see("that it stops", |screen| screen.contains("Stopping: "));
    window.press(CTRL_C);
    let closed = window.close();
    assert_eq!(closed.code, 130, "{}", closed.text);
    assert!(closed.text.contains("8 not reached"), "{}", closed.text);
}

#[test]
fn the_first_run_at_a_terminal_signs_in_by_itself() {
    let google = slow_library(3);
    let sandbox = Sandbox::with_client(&google);
    let window = Window::sync(&sandbox, &[], USUAL);
    window.see("the invitation", |screen| screen.contains("paste it here"));
    let raw = window.raw();
    assert!(
        raw.contains("Since 31 March 2025 Google shows no program the whole"),
        "{raw}"
    );
    let address = raw.lines().find_map(consent_address).unwrap();
    stand_in_google::visit(&address).unwrap();
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(closed.text.contains("3 = 3 stored"), "{}", closed.text);
}

#[test]
fn the_answer_can_be_pasted_at_a_terminal() {
    let google = slow_library(3);
    let sandbox = Sandbox::with_client(&google);
    let mut window = Window::sync(&sandbox, &[], (400, 24));
    window.see("the invitation", |screen| screen.contains("paste it here"));
    let address = window.raw().lines().find_map(consent_address).unwrap();
    window.press("hello\r");
    window.see("that it is no answer", |screen| {
        screen.contains("Not yet: that holds no answer from Google")
    });
    let answer = crate::sign_in::dialogue::redirect_of(&address);
    window.press(&format!("{answer}\r"));
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(closed.text.contains("3 = 3 stored"), "{}", closed.text);
}
