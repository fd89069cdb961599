//! Everything that Google may refuse, each with its own words: one code means several things.

use std::time::Duration;

use stand_in_google::{Choice, Endpoint, Faults, Pace, Refusal, RetryAfter, Service, Trigger, id_of};

use super::scene::Scene;
use crate::support::Signal;

/// Runs a `pick` that Google refuses, and returns what people are told.
#[track_caller]
fn refused(scene: &Scene, code: i32) -> String {
    scene.pick_plainly(&[]).with_code(code).stderr
}

#[test]
fn an_account_without_google_photos_is_named() {
    let scene = Scene::photos(1);
    scene
        .google
        .configure(|settings| settings.picker.has_photos = false);
    let told = refused(&scene, 1);
    assert!(
        told.contains("has no active Google Photos") && told.contains("photos.google.com"),
        "{told}"
    );
}

#[test]
fn an_api_that_is_not_enabled_is_named() {
    let scene = Scene::photos(1);
    scene.google.configure(|settings| settings.picker.enabled = false);
    let told = refused(&scene, 1);
    assert!(told.contains("Google Photos Picker API is not enabled"), "{told}");
}

#[test]
fn too_many_sessions_are_no_reason_to_wait() {
    let scene = Scene::photos(1);
    scene
        .google
        .configure(|settings| settings.picker.most_sessions = 0);
    let told = refused(&scene, 1);
    assert!(told.contains("too many unfinished selections"), "{told}");
    assert_eq!(
        scene.count(Endpoint::CreateSession),
        1,
        "asking again would not help"
    );
}

#[test]
fn a_rate_is_waited_out() {
    let scene = Scene::photos(1);
    scene.google.faults().set(Faults::none().rule(
        Endpoint::CreateSession,
        Trigger::First(1),
        Refusal::QuotaPerMinute(Some(RetryAfter::Seconds(1))),
    ));
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_session_that_expires_while_somebody_picks_is_told() {
    let scene = Scene::photos(1);
    let mut run = scene.start(&[]);
    run.until("picking");
    scene.google.expire_sessions();
    let ended = run.end().with_code(1);
    assert!(
        ended.stderr.contains("the selection has expired at Google"),
        "{}",
        ended.stderr
    );
    assert_eq!(scene.number("SELECT count(*) FROM picking"), 0, "it is forgotten");
}

#[test]
fn a_session_that_is_ended_elsewhere_is_told() {
    let scene = Scene::photos(1);
    let mut run = scene.start(&[]);
    run.until("picking");
    scene
        .google
        .faults()
        .set(Faults::none().rule(Endpoint::GetSession, Trigger::Always, Refusal::NotFound));
    let ended = run.end().with_code(1);
    assert!(
        ended.stderr.contains("no longer knows the selection"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_session_that_expires_while_it_is_fetched_stops_the_run_and_says_what_to_do() {
    let scene = Scene::photos(40);
    let slow = Pace::Latency(Duration::from_millis(100));
    scene
        .google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::Always, slow));
    scene.will_pick_all();
    let mut run = scene.start(&[]);
    run.until("item_finished");
    scene.google.expire_sessions();
    scene.google.expire_base_urls();
    let ended = run.end().with_code(1);
    assert!(
        ended.stderr.contains("expired") && ended.stderr.contains("picked again"),
        "{}",
        ended.stderr
    );
    assert!(ended.summary().count("not_reached") > 0);
    scene.google.faults().clear();
    scene.will_pick_all();
    let again = scene.pick_plainly(&[]).with_code(0);
    assert!(again.stderr.contains("has expired at Google"), "{}", again.stderr);
    scene.assert_complete();
}

#[test]
fn trouble_while_somebody_picks_ends_nothing() {
    let scene = Scene::photos(2);
    scene.google.faults().set(
        Faults::none()
            .rule(
                Endpoint::GetSession,
                Trigger::Nth(1),
                Refusal::ServerError(503, Some(RetryAfter::Seconds(0))),
            )
            .rule(Endpoint::GetSession, Trigger::Nth(2), Refusal::HtmlOk)
            .rule(Endpoint::GetSession, Trigger::Nth(3), Refusal::ResetBeforeHeaders)
            .rule(Endpoint::GetSession, Trigger::Nth(4), Refusal::Unauthenticated),
    );
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    scene.assert_complete();
    assert!(scene.google.faults().struck().iter().all(|times| *times == 1));
}

#[test]
fn a_list_that_fails_is_asked_for_again() {
    let scene = Scene::photos(130);
    scene.google.faults().set(
        Faults::none()
            .rule(
                Endpoint::ListPicked,
                Trigger::Nth(1),
                Refusal::ServerError(500, Some(RetryAfter::Seconds(0))),
            )
            .rule(Endpoint::ListPicked, Trigger::Nth(3), Refusal::InvalidPageToken),
    );
    scene.will_pick_all();
    let ended = scene.pick(&[]).with_code(0);
    assert_eq!(ended.events_of("listing_restarted").len(), 1);
    scene.assert_complete();
}

#[test]
fn items_that_fail_keep_their_session_for_the_next_pick() {
    let scene = Scene::photos(3);
    let forbidden = Faults::none().rule(
        stand_in_google::Target::item(&id_of(2)),
        Trigger::Always,
        Refusal::Forbidden,
    );
    scene.google.faults().set(forbidden);
    scene.will_pick_all();
    let ended = scene.pick(&[]).with_code(3);
    assert_eq!(ended.summary().counts(), [("stored", 2), ("failed", 1)]);
    assert!(!scene.sessions()[0].deleted);
    scene.google.faults().clear();
    let summary = scene.pick(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 1), ("present", 2)]);
    scene.assert_complete();
    scene.assert_sessions_ended(1);
}

#[test]
fn a_google_that_cannot_be_told_of_the_end_delays_nobody_for_long() {
    let scene = Scene::photos(1);
    scene.google.will_choose(Choice::Never);
    scene.google.faults().set(Faults::none().rule(
        Endpoint::DeleteSession,
        Trigger::Always,
        Refusal::SilenceBeforeHeaders,
    ));
    let mut run = scene.start(&[]);
    run.until("picking");
    run.signal(Signal::INT);
    run.end().with_code(130);
    assert_eq!(
        scene.number("SELECT count(*) FROM picking"),
        1,
        "the next one ends it"
    );
}
