//! Colours, characters, and what names may do to a terminal.

use stand_in_google::{Faults, Item, Refusal, Service, Trigger};

use super::slow_library;
use super::window::{USUAL, Window};
use crate::support::{Sandbox, serving};

/// True if `raw` sets a colour or another rendition.
fn is_painted(raw: &str) -> bool {
    raw.split("\x1b[").skip(1).any(|sequence| {
        let end = sequence.find(|c: char| c.is_ascii_alphabetic());
        end.is_some_and(|end| sequence[end..].starts_with('m'))
    })
}

fn closed(variables: &[(&str, &str)], args: &[&str]) -> super::window::Closed {
    let google = slow_library(3);
    let sandbox = Sandbox::signed_in(&google);
    let mut command = sandbox.command(&["sync", "--delay", "0"]);
    command.args(args).envs(variables.iter().copied());
    let closed = Window::open(&command, USUAL).close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    closed
}

#[test]
fn colours_are_used_unless_the_user_does_not_want_them() {
    assert!(is_painted(&closed(&[], &[]).raw));
    assert!(
        is_painted(&closed(&[("NO_COLOR", "")], &[]).raw),
        "an empty variable does not count"
    );
    assert!(!is_painted(&closed(&[("NO_COLOR", "1")], &[]).raw));
    assert!(!is_painted(&closed(&[], &["--color", "never"]).raw));
    assert!(is_painted(
        &closed(&[("NO_COLOR", "1")], &["--color", "always"]).raw
    ));
}

#[test]
fn errors_are_coloured_alike() {
    let sandbox = Sandbox::empty();
    for (variables, painted) in [(&[][..], true), (&[("NO_COLOR", "1")], false)] {
        for args in [&["sync", "--bogus"][..], &["sync", "--lib", "/nowhere/at/all"]] {
            let mut command = sandbox.program(args);
            command.envs(variables.iter().copied());
            let closed = Window::open(&command, USUAL).close();
            assert_eq!(
                is_painted(&closed.raw),
                painted,
                "{args:?} {variables:?}\n{:?}",
                closed.raw
            );
        }
    }
}

#[test]
fn a_terminal_of_old_gets_ascii() {
    let closed = closed(&[("LANG", "C")], &[]);
    assert!(closed.raw.is_ascii(), "{}", closed.raw);
    assert!(closed.raw.contains('#'), "there are bars all the same");
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_lines() {
    let closed = closed(&[("TERM", "dumb")], &["--color", "never"]);
    assert!(!closed.raw.contains('\x1b'), "{:?}", closed.raw);
    assert!(
        closed.text.contains("syncing library-api into"),
        "{}",
        closed.text
    );
}

#[test]
fn a_hostile_name_does_not_reach_the_terminal() {
    let name = "\x1b[2J\x1b]0;owned\x07\u{9b}31m\u{202e}gpj\r.jpg";
    let google = serving(vec![Item::photo(1).named(name), Item::photo(2)]);
    google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::First(1), Refusal::NotFound));
    let sandbox = Sandbox::signed_in(&google);
    let mut raw = String::new();
    for args in [
        &["-v"][..],
        &["--progress", "bars", "-vvvv"],
        &["--progress", "plain", "-vvvv"],
        &["--dry-run"],
    ] {
        google
            .faults()
            .set(Faults::none().rule(Service::Media, Trigger::Always, Refusal::NotFound));
        let closed = Window::sync(&sandbox, &[args, &["--workers", "1"]].concat(), USUAL).close();
        assert!(
            closed.raw.contains("owned") || args == ["--dry-run"],
            "the name is told: {}",
            closed.raw
        );
        raw += &closed.raw;
    }
    for args in [&["status", "--failed"][..], &["status", "-v"], &["status"]] {
        raw += &Window::open(&sandbox.command(args), USUAL).close().raw;
    }
    for bad in ["\x1b[2J", "\x1b]", "\x07", "\u{9b}", "\u{202e}", "gpj\r"] {
        assert!(!raw.contains(bad), "{bad:?} in {raw:?}");
    }
}
