//! Ctrl-C, a second Ctrl-C, and the end of the process without any warning: nothing is lost, nothing is half-made.

use std::time::Duration;

use stand_in_google::{Damage, Endpoint, Faults, Item, Pace, Service, Trigger};
use tokio::time::Instant;

use super::scene::{Scene, big_photo, photos};
use crate::support::{Signal, Tree, expected};

fn slow(latency: u64) -> Faults {
    let pace = Pace::Latency(Duration::from_millis(latency));
    Faults::none().rule(Service::Media, Trigger::Always, pace)
}

/// Stops a run in the middle of its work; what is here must be right, and a later run fetches the rest and nothing
/// else.
#[track_caller]
fn stops_gently(signal: Signal) {
    let scene = Scene::with_faults(photos(40), slow(150));
    let mut run = scene.start(&["--workers", "3"]);
    run.until("item_finished");
    run.signal(signal);
    let ended = run.end().with_code(130);
    let summary = ended.summary();
    assert_eq!(summary.ending(), "interrupted");
    assert_eq!(ended.events_of("draining").len(), 1);
    let stored = summary.count("stored");
    assert_eq!(
        summary.counts(),
        [("stored", stored), ("not_reached", 40 - stored)]
    );
    assert!((1..40).contains(&stored), "{stored}");
    assert_eq!(scene.media_requests(), stored, "what was in flight was finished");
    assert_right_so_far(&scene.sandbox.tree(), &scene.items);
    assert_eq!(scene.sandbox.leftovers(), [""; 0]);
    scene.google.faults().clear();
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 40 - stored), ("present", stored)]);
    assert_eq!(scene.media_requests(), 40);
    scene.assert_complete();
}

/// Fails if anything bears a final name that is not a whole item at its natural name.
#[track_caller]
fn assert_right_so_far(tree: &Tree, items: &[Item]) {
    let all = expected(items);
    for (path, file) in tree {
        assert_eq!(all.get(path), Some(file), "{path}");
    }
}

#[test]
fn the_first_ctrl_c_finishes_what_is_in_flight() {
    stops_gently(Signal::INT);
}

#[test]
fn a_service_manager_that_terminates_the_run_gets_the_same() {
    stops_gently(Signal::TERM);
}

#[test]
fn an_interrupted_run_says_how_to_go_on() {
    let scene = Scene::with_faults(photos(20), slow(200));
    let run = scene
        .sandbox
        .start(&["sync", "--progress", "plain", "--delay", "0", "--workers", "1"]);
    crate::support::wait_until("a photo", || scene.media_requests() > 1);
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    assert!(
        ended.stderr.to_lowercase().contains("interrupted"),
        "{}",
        ended.stderr
    );
}

#[test]
fn the_second_ctrl_c_stops_at_once() {
    let faults = Faults::none().rule(Service::Media, Trigger::Always, Damage::SilenceMidBody);
    let scene = Scene::with_faults(vec![big_photo(1), big_photo(2)], faults);
    let mut run = scene.start(&[]);
    run.until("transfer_started");
    run.signal(Signal::INT);
    run.until("draining");
    let second = Instant::now();
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    assert!(
        second.elapsed() < Duration::from_secs(10),
        "{:?}",
        second.elapsed()
    );
    assert_eq!(ended.summary().counts(), [("not_reached", 2)]);
    assert!(scene.sandbox.tree().is_empty());
    scene.assert_mends_itself();
}

#[test]
fn a_silent_host_can_be_left_before_it_says_a_word() {
    let silence = stand_in_google::Refusal::SilenceBeforeHeaders;
    let faults = Faults::none().rule(Endpoint::ListMediaItems, Trigger::Always, silence);
    let scene = Scene::with_faults(photos(1), faults);
    let mut run = scene.start(&[]);
    run.until("run_started");
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    assert_eq!(ended.summary().number("found"), 0);
}

#[test]
fn the_delay_before_a_run_can_be_interrupted() {
    let scene = Scene::of(photos(1));
    let mut run = scene
        .sandbox
        .start(&["sync", "--progress", "json", "--delay", "100h"]);
    run.until("start_delay");
    run.signal(Signal::INT);
    run.end().with_code(130);
    assert_eq!(scene.google.journal().total(), 0, "nobody was asked anything");
}

/// A library that grows while runs are killed: each round a newer item claims a name that is taken.
struct Growing {
    scene: Scene,
    dice: fastrand::Rng,
}

impl Growing {
    fn add_claimant(&mut self, round: u64) {
        let item = Item::motion_photo(1000 + round).named("PXL_0001.MP.jpg");
        self.scene.google.add_item(item.clone());
        self.scene.items.push(item);
    }

    /// Kills a run after it has told so many things; false if it was over before.
    fn kill_somewhere(&mut self) -> bool {
        let mut run = self.scene.start(&["--workers", "4"]);
        let mut left = self.dice.u32(1..40);
        let moment = loop {
            let event = run.until_event("a moment to die", |_| true);
            left -= 1;
            if left == 0 || event["type"] == "run_finished" {
                break event;
            }
        };
        run.signal(Signal::KILL);
        run.end();
        moment["type"] != "run_finished"
    }
}

#[test]
fn a_library_whose_runs_are_killed_ends_as_one_whose_runs_are_not() {
    let scene = Scene::with_faults(photos(60), slow(2));
    let mut growing = Growing {
        scene,
        dice: fastrand::Rng::with_seed(20_260),
    };
    let mut killed = 0;
    for round in 0..10 {
        growing.add_claimant(round);
        killed += u32::from(growing.kill_somewhere());
        let known = crate::support::contents(&growing.scene.items);
        for file in crate::support::contents_of(&growing.scene.sandbox.tree()) {
            assert!(known.contains(&file), "a wrong file has a final name: {file:?}");
        }
    }
    assert!(killed >= 5, "{killed}");
    let scene = growing.scene;
    scene.sync(&[]).with_code(0);
    let undisturbed = Scene::of(scene.items.clone());
    undisturbed.sync(&[]).with_code(0);
    assert_eq!(scene.sandbox.tree(), undisturbed.sandbox.tree());
    assert_eq!(scene.sandbox.leftovers(), [""; 0]);
    scene.google.journal().clear();
    scene.sync(&[]).with_code(0);
    assert_eq!(scene.media_requests(), 0);
}
