//! The bars: what they show, that nothing tears them, and that they are gone in the end.

use std::collections::BTreeSet;

use stand_in_google::{Damage, Endpoint, Faults, Refusal, RetryAfter, Target, Trigger};

use super::window::{USUAL, Window};
use super::{is_of_a_bar, photo, slow_library, slowly};
use crate::support::{Sandbox, serving};

/// Lines that count items of a whole of `whole`.
fn counts(screen: &str, whole: u64) -> usize {
    let whole = format!("/{whole}");
    let counts = |line: &&str| line.split_whitespace().any(|word| word.ends_with(&whole));
    screen.lines().filter(counts).count()
}

#[test]
fn the_whole_and_the_files_in_flight_are_shown_and_the_summary_remains() {
    let google = slow_library(12);
    let sandbox = Sandbox::signed_in(&google);
    let window = Window::sync(&sandbox, &["--workers", "4"], USUAL);
    window.see("files in flight", |screen| screen.matches("/200 kB").count() >= 2);
    let screen = window.see("the whole", |screen| {
        screen.lines().last().is_some_and(|line| line.contains("B/s"))
    });
    let last = screen.lines().last().unwrap();
    assert!(
        last.contains(is_of_a_bar) && last.contains(" %") && counts(last, 12) == 1,
        "{screen}"
    );
    window.see("finished files", |screen| screen.contains("stored, 200 kB"));
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(
        !closed.text.contains(is_of_a_bar),
        "the bars are gone:\n{}",
        closed.text
    );
    assert!(closed.text.contains("Complete.\n"), "{}", closed.text);
    assert!(
        closed.text.contains("Found     12 = 12 stored"),
        "{}",
        closed.text
    );
    assert!(closed.text.contains("Received  2.4 MB in "), "{}", closed.text);
    assert!(
        closed
            .text
            .trim_end()
            .lines()
            .last()
            .unwrap()
            .trim_start()
            .starts_with("Library "),
        "{}",
        closed.text
    );
}

#[test]
fn lines_about_items_and_bars_leave_each_other_whole() {
    let items: Vec<_> = (1..=30).map(photo).collect();
    let google = serving(items.clone());
    let mut faults = slowly().rule(
        Target::item(&items[20].id),
        Trigger::First(1),
        Damage::ResetMidBody,
    );
    for gone in &items[..10] {
        faults = faults.rule(Target::item(&gone.id), Trigger::Always, Refusal::NotFound);
    }
    google.faults().set(faults);
    let sandbox = Sandbox::signed_in(&google);
    let window = Window::sync(&sandbox, &["--workers", "8", "-v"], (100, 16));
    window.see("the whole", |screen| counts(screen, 30) == 1);
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(!closed.text.contains(is_of_a_bar), "{}", closed.text);
    let told: BTreeSet<_> = closed
        .text
        .lines()
        .filter(|line| line.contains("unavailable: "))
        .collect();
    let wanted: BTreeSet<_> = (1..=10)
        .map(|n| format!("unavailable: IMG_{n:04}.jpg: Google does not have the bytes (404)"))
        .collect();
    assert_eq!(
        told,
        wanted.iter().map(String::as_str).collect(),
        "{}",
        closed.text
    );
    let retried = closed.text.lines().find(|line| line.contains("is tried again"));
    assert!(
        retried.is_some_and(|line| line.starts_with("IMG_0021.jpg is tried again in")),
        "{}",
        closed.text
    );
}

#[test]
fn log_lines_and_bars_leave_each_other_whole() {
    let google = slow_library(12);
    let sandbox = Sandbox::signed_in(&google);
    google.expire_access_tokens();
    let args = ["--workers", "4", "--progress", "bars", "-vvvv"];
    let window = Window::sync(&sandbox, &args, (160, 24));
    window.see("the whole", |screen| counts(screen, 12) == 1);
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(!closed.text.contains(is_of_a_bar), "{}", closed.text);
    let (_, summary) = closed.text.split_once("Complete.").unwrap();
    assert!(summary.contains("12 stored"), "{}", closed.text);
}

#[test]
fn a_pause_is_counted_down() {
    let google = slow_library(3);
    let sandbox = Sandbox::signed_in(&google);
    let pause = Refusal::QuotaPerMinute(Some(RetryAfter::Seconds(3)));
    google
        .faults()
        .set(Faults::none().rule(Endpoint::ListMediaItems, Trigger::Nth(1), pause));
    let window = Window::sync(&sandbox, &[], USUAL);
    for left in ["3 s left", "2 s left", "1 s left"] {
        let screen = window.see(left, |screen| screen.contains(left));
        assert!(
            screen.contains("Google asked to slow down (quota) — "),
            "{screen}"
        );
    }
    let closed = window.close();
    assert_eq!(closed.code, 0);
    assert!(closed.text.contains("3 stored"), "{}", closed.text);
}

#[test]
fn a_small_window_will_do() {
    let google = slow_library(16);
    let sandbox = Sandbox::signed_in(&google);
    let window = Window::sync(&sandbox, &["--workers", "16"], (40, 10));
    let screen = window.see("more files than there is room for", |screen| {
        screen.contains(" more")
    });
    assert_eq!(counts(&screen, 16), 1, "{screen}");
    assert!(screen.contains("IMG_00"), "{screen}");
    window.see("numbers", |screen| screen.contains("kB"));
    let closed = window.close();
    assert_eq!(closed.code, 0);
    assert!(
        !closed.text.contains(is_of_a_bar) && !closed.text.contains(" more\n"),
        "{}",
        closed.text
    );
    assert_eq!(closed.text.matches("16 stored").count(), 1, "{}", closed.text);
}

#[test]
fn a_window_may_change_its_size() {
    let google = slow_library(24);
    let sandbox = Sandbox::signed_in(&google);
    let window = Window::sync(&sandbox, &["--workers", "6"], (100, 24));
    let wide = |screen: &str| {
        screen
            .lines()
            .any(|line| line.trim_end().chars().count() > 55 && counts(line, 24) == 1)
    };
    window.see("a wide picture", wide);
    window.resize((50, 12));
    let narrow = |screen: &str| {
        counts(screen, 24) == 1 && screen.lines().last().is_some_and(|line| counts(line, 24) == 1)
    };
    window.see("a narrow picture", |screen| narrow(screen) && !wide(screen));
    window.resize((110, 30));
    window.see("a wide picture again", |screen| {
        wide(screen) && counts(screen, 24) == 1
    });
    let closed = window.close();
    assert_eq!(closed.code, 0, "{}", closed.text);
    assert!(!closed.text.contains(is_of_a_bar), "{}", closed.text);
    assert!(closed.text.contains("24 stored"), "{}", closed.text);
}
