//! Ctrl-C ends the session; a crash leaves it to the next `pick`.

use std::time::Duration;

use stand_in_google::{Choice, Endpoint, Faults, Pace, Service, Trigger};

use super::scene::Scene;
use crate::support::{Running, Signal, wait_until};

/// Forty photos, picked, that take a while each.
fn slow_photos() -> Scene {
    let scene = Scene::photos(40);
    let slow = Pace::Latency(Duration::from_millis(150));
    scene
        .google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::Always, slow));
    scene.will_pick_all();
    scene
}

fn kill(run: Running) {
    run.signal(Signal::KILL);
    assert_eq!(run.end().code, None, "killed");
}

#[test]
fn ctrl_c_while_somebody_picks_ends_the_session() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let scene = Scene::photos(1);
        let mut run = scene.start(&[]);
        run.until("picking");
        run.signal(signal);
        let ended = run.end().with_code(130);
        assert!(ended.stderr.contains("ended at Google"), "{}", ended.stderr);
        scene.assert_sessions_ended(1);
    }
}

#[test]
fn ctrl_c_while_fetching_ends_the_session_and_says_what_must_be_picked_again() {
    let scene = slow_photos();
    let mut run = scene.start(&[]);
    run.until("item_finished");
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    let left = ended.summary().count("not_reached");
    assert!(left > 0);
    let notice = ended.events_of("notice");
    let told = format!("{left} items of it must be picked again");
    assert!(
        notice
            .iter()
            .any(|one| one["text"].as_str().unwrap().contains(&told)),
        "{notice:?}"
    );
    scene.assert_sessions_ended(1);
    let status = scene.sandbox.run(&["status", "--failed"]).with_code(0);
    assert!(
        status.stdout.contains("pick it again with `gphotosync pick`"),
        "{}",
        status.stdout
    );
    scene.google.faults().clear();
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_pick_that_is_killed_while_fetching_is_gone_on_with_and_nobody_picks_twice() {
    let scene = slow_photos();
    let mut run = scene.start(&[]);
    run.until("item_finished");
    kill(run);
    scene.google.faults().clear();
    let ended = scene.pick(&[]).with_code(0);
    assert!(ended.stderr.contains("Going on with it"), "{}", ended.stderr);
    let summary = ended.summary();
    assert!(summary.count("present") > 0 && summary.count("present") + summary.count("stored") == 40);
    assert_eq!(scene.count(Endpoint::CreateSession), 1);
    scene.assert_complete();
    scene.assert_sessions_ended(1);
}

#[test]
fn an_invitation_survives_a_kill() {
    let scene = Scene::photos(2);
    scene.google.will_choose(Choice::Never);
    let mut run = scene.start(&["--album", "Kept"]);
    run.until("picking");
    kill(run);
    let mut run = scene.start(&[]);
    run.until("picking");
    assert!(scene.google.choose(scene.ids()));
    let ended = run.end().with_code(0);
    assert!(ended.stderr.contains("still holds"), "{}", ended.stderr);
    scene.assert_complete();
    scene.assert_sessions_ended(1);
    assert_eq!(
        scene.number("SELECT count(*) FROM member"),
        2,
        "the album was not forgotten"
    );
}

#[test]
fn what_was_picked_between_a_kill_and_the_next_run_is_fetched() {
    let scene = Scene::photos(2);
    scene.google.will_choose(Choice::Never);
    let mut run = scene.start(&[]);
    run.until("picking");
    kill(run);
    assert!(scene.google.choose(scene.ids()));
    scene.pick(&[]).with_code(0);
    scene.assert_complete();
    scene.assert_sessions_ended(1);
}

#[test]
fn a_session_that_expired_since_the_kill_is_told_and_the_next_one_is_opened() {
    let scene = slow_photos();
    let mut run = scene.start(&[]);
    run.until("item_finished");
    kill(run);
    scene.google.faults().clear();
    scene.google.expire_sessions();
    scene.will_pick_all();
    let ended = scene.pick(&[]).with_code(0);
    assert!(ended.stderr.contains("has expired at Google"), "{}", ended.stderr);
    scene.assert_complete();
    assert_eq!(scene.sessions().len(), 2);
}

#[test]
fn two_picks_at_once_do_not_meet() {
    let scene = Scene::photos(1);
    let mut run = scene.start(&[]);
    run.until("picking");
    scene.pick(&[]).with_code(6);
    run.signal(Signal::INT);
    wait_until("the end of the first", || !run.is_running());
}
