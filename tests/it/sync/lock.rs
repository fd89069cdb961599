//! One gphotosync per library.

use std::time::Duration;

use stand_in_google::{Faults, Pace, Service, Trigger};

use super::scene::{Scene, photos};
use crate::support::{Running, Signal};

/// A run that is busy with this many photos for a while.
fn busy(latency: u64) -> (Scene, Running) {
    let pace = Pace::Latency(Duration::from_millis(latency));
    let faults = Faults::none().rule(Service::Media, Trigger::Always, pace);
    let scene = Scene::with_faults(photos(3), faults);
    let mut run = scene.start(&["--workers", "1"]);
    run.until("listing_finished");
    (scene, run)
}

#[test]
fn a_second_instance_ends_at_once_and_names_the_first() {
    let (scene, first) = busy(60_000);
    for command in [
        ["sync", "--delay", "0"].as_slice(),
        &["sync", "--dry-run", "--delay", "0"],
    ] {
        let second = scene.sandbox.run(command).with_code(6);
        let holder = format!("process {}", first.pid());
        assert!(second.stderr.contains(&holder), "{}", second.stderr);
        assert!(second.stderr.contains("--wait"), "what to do: {}", second.stderr);
    }
    first.signal(Signal::KILL);
    drop(first);
    scene.google.faults().clear();
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn who_waits_goes_on_when_the_first_has_finished() {
    let (scene, first) = busy(300);
    let mut second = scene.start(&["--wait"]);
    second.until_said(&format!("process {}", first.pid()));
    first.end().with_code(0);
    let summary = second.end().with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 3)]);
    scene.assert_complete();
}

#[test]
fn who_waits_can_be_interrupted() {
    let (scene, _first) = busy(60_000);
    let mut second = scene.start(&["--wait"]);
    second.until_said("process");
    second.signal(Signal::INT);
    let ended = second.end();
    // Nothing has begun yet, so the signal itself may end it.
    assert!(matches!(ended.code, Some(130) | None), "{:?}", ended.code);
}

#[test]
fn libraries_do_not_mind_each_other() {
    let (_scene, _first) = busy(60_000);
    let other = Scene::of(photos(2));
    other.sync(&[]).with_code(0);
    other.assert_complete();
}
