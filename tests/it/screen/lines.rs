//! Where there is no terminal: lines, and never silence.

use std::fs::{self, File};
use std::time::Duration;

use stand_in_google::{Endpoint, Faults, Pace, Trigger};
use tokio::time::Instant;

use super::slow_library;
use crate::support::{Running, Sandbox, Signal, wait_until};

#[test]
fn a_heartbeat_comes_within_ten_seconds() {
    let google = slow_library(3);
    let sandbox = Sandbox::signed_in(&google);
    let latency = Pace::Latency(Duration::from_mins(1));
    google
        .faults()
        .set(Faults::none().rule(Endpoint::ListMediaItems, Trigger::Always, latency));
    let log = sandbox.home().join("log");
    let mut command = sandbox.command(&["sync", "--delay", "0"]);
    command.stderr(File::create(&log).unwrap());
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let told = || fs::read_to_string(&log).unwrap();
    wait_until("a heartbeat", || {
        told().contains("asking for the list: no answer yet")
    });
    let seconds = start.elapsed().as_secs();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!((9..=13).contains(&seconds), "after {seconds} s:\n{}", told());
    assert!(!told().contains('\x1b'), "{}", told());
}

#[test]
fn a_run_tells_its_phases_in_lines_and_nothing_on_standard_output() {
    let google = slow_library(3);
    let sandbox = Sandbox::signed_in(&google);
    let ended = sandbox.run(&["sync", "--delay", "0"]).with_code(0);
    assert_eq!(ended.stdout, "");
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert!(
        lines[0].starts_with("[0:00] ") && lines[0].contains("syncing library-api into"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("3 = 3 stored"), "{}", ended.stderr);
    assert!(!ended.stderr.contains('\x1b'), "{}", ended.stderr);
}

#[test]
fn quiet_says_nothing_where_there_is_nothing_to_say() {
    let google = slow_library(3);
    let sandbox = Sandbox::signed_in(&google);
    for quiet in ["-q", "-qq"] {
        let ended = sandbox.run(&["sync", "--delay", "0", quiet]).with_code(0);
        assert_eq!(ended.stdout + &ended.stderr, "", "{quiet}");
    }
}

#[test]
fn an_unattended_run_starts_after_a_random_delay_that_can_be_turned_off() {
    let google = slow_library(3);
    let sandbox = Sandbox::signed_in(&google);
    google.journal().clear();
    let command = sandbox.command(&["sync", "--progress", "json", "--delay", "10m"]);
    let mut running = Running::start(command, sandbox.library().parent().unwrap());
    let seconds = running.until("start_delay")["seconds"].as_f64().unwrap();
    assert!((0.0..=600.0).contains(&seconds), "{seconds}");
    assert_eq!(google.journal().total(), 0);
    running.signal(Signal::INT);
    let ended = running.end();
    // A delay of a few milliseconds may have passed by.
    if seconds > 5.0 {
        assert_eq!(ended.code, Some(130));
        assert_eq!(ended.summary().number("found"), 0);
    }
    let ended = sandbox.sync(&[]).with_code(0);
    assert!(ended.events_of("start_delay").is_empty());
}
