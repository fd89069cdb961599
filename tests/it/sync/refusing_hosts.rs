//! Hosts that refuse or fall silent, each way alone.

use stand_in_google::{
    Endpoint, Faults, Pace, Refusal, RetryAfter, Service, StandIn, Target, Trigger, id_of,
};

use super::scene::{IMPATIENCE, Scene, big_photo, one_of_each, photos};
use crate::support::{Signal, expected};

/// The first try at each file is refused; the next one is not.
#[track_caller]
fn survives(refusal: Refusal) -> Scene {
    let faults = Faults::none().rule(Service::Media, Trigger::FirstTries(1), refusal);
    let scene = Scene::with_faults(one_of_each(), faults);
    let ended = scene.sync(&IMPATIENCE).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 4)]);
    scene.assert_struck();
    scene.assert_complete();
    scene
}

#[test]
fn a_page_of_html_with_status_200_is_not_a_photo() {
    survives(Refusal::HtmlOk);
}

#[test]
fn json_with_status_200_is_not_a_photo() {
    survives(Refusal::JsonOk);
}

#[test]
fn a_connection_reset_before_the_answer_is_tried_again() {
    survives(Refusal::ResetBeforeHeaders);
}

#[test]
fn a_connection_closed_before_the_answer_is_tried_again() {
    survives(Refusal::CloseBeforeHeaders);
}

#[test]
fn silence_is_given_up_after_the_stall_timeout() {
    survives(Refusal::SilenceBeforeHeaders);
}

#[test]
fn server_errors_are_tried_again_after_a_pause_of_all() {
    for status in [500, 503] {
        survives(Refusal::ServerError(status, Some(RetryAfter::Seconds(0))));
    }
}

#[test]
fn a_server_error_without_a_wait_pauses_for_a_second() {
    let faults = Faults::none().rule(Service::Media, Trigger::First(1), Refusal::ServerError(503, None));
    let scene = Scene::with_faults(photos(3), faults);
    let ended = scene.sync(&["--workers", "1"]).with_code(0);
    let pauses = ended.events_of("paused");
    assert_eq!((pauses.len(), &pauses[0]["cause"]), (1, &"server_trouble".into()));
    let seconds = pauses[0]["seconds"].as_f64().unwrap();
    assert!((1.0..1.2).contains(&seconds), "{seconds}");
    scene.assert_complete();
}

#[test]
fn an_item_that_is_always_500_fails_and_the_others_are_stored() {
    let victim = id_of(2);
    let refusal = Refusal::ServerError(500, Some(RetryAfter::Seconds(0)));
    let faults = Faults::none().rule(Target::item(&victim), Trigger::Always, refusal);
    let scene = Scene::with_faults(photos(40), faults);
    let summary = scene.sync(&[]).with_code(3).summary();
    assert_eq!(summary.counts(), [("stored", 39), ("failed", 1)]);
    let others = scene.items.iter().filter(|item| item.id != victim);
    assert_eq!(scene.sandbox.tree(), expected(others));
    assert!((2..=5).contains(&scene.requests_for(&victim).len()));
    scene.assert_mends_itself();
}

#[test]
fn bytes_that_are_nowhere_are_unavailable_and_asked_for_again_in_later_runs() {
    for refusal in [Refusal::NotFound, Refusal::ImageNotFound] {
        let victim = id_of(2);
        let faults = Faults::none().rule(Target::item(&victim), Trigger::Always, refusal);
        let scene = Scene::with_faults(photos(3), faults);
        for _ in 0..2 {
            let ended = scene.sync(&[]).with_code(0);
            assert_eq!(ended.summary().count("unavailable"), 1);
        }
        assert_eq!(scene.requests_for(&victim).len(), 2, "once in each run");
        scene.assert_mends_itself();
    }
}

#[test]
fn a_link_to_a_foreign_host_is_not_followed() {
    let elsewhere = StandIn::builder().start().unwrap();
    let victim = id_of(2);
    let lure = Refusal::RedirectTo(format!("{}/media/x", elsewhere.endpoint()));
    let faults = Faults::none().rule(Target::item(&victim), Trigger::Always, lure);
    let scene = Scene::with_faults(photos(3), faults);
    let ended = scene.sync(&[]).with_code(3);
    assert_eq!(ended.summary().counts(), [("stored", 2), ("failed", 1)]);
    assert_eq!(elsewhere.journal().connections(), 0, "not even a connection");
    assert!(
        ended.stdout.contains("host that is not Google's"),
        "{}",
        ended.stdout
    );
    scene.assert_mends_itself();
}

#[test]
fn redirects_in_circles_end() {
    let scene = Scene::of(photos(2));
    let circle = Refusal::RedirectTo(format!("{}/media/lr/circle", scene.google.endpoint()));
    let faults = Faults::none().rule(Service::Media, Trigger::Always, circle);
    scene.google.faults().set(faults);
    let ended = scene.sync(&[]).with_code(3);
    assert_eq!(ended.summary().counts(), [("failed", 2)]);
    assert!(scene.media_requests() <= 14, "{}", scene.media_requests());
    assert!(
        !ended.stdout.contains("not Google's"),
        "the reason is another one: {}",
        ended.stdout
    );
}

#[test]
fn a_host_that_answers_nothing_at_all_leaves_all_items_failed_and_nothing_half_made() {
    let faults = Faults::none().rule(Service::Media, Trigger::Always, Refusal::ResetBeforeHeaders);
    let scene = Scene::with_faults(photos(4), faults);
    let ended = scene.sync(&[]).with_code(3);
    assert_eq!(ended.summary().counts(), [("failed", 4)]);
    scene.sandbox.assert_holds(&[]);
    assert_eq!(
        scene.google.journal().count(Endpoint::Photo),
        20,
        "five tries each"
    );
    scene.assert_mends_itself();
}

#[test]
fn a_slow_line_is_not_a_dead_one() {
    let steady = Pace::Bandwidth(150_000);
    let faults = Faults::none().rule(Service::Media, Trigger::Always, steady);
    let scene = Scene::with_faults(vec![big_photo(1)], faults);
    scene.sync(&IMPATIENCE).with_code(0);
    assert_eq!(
        scene.media_requests(),
        1,
        "longer than the stall timeout, but never still"
    );
    scene.assert_complete();
}

#[test]
fn who_has_no_network_may_wait_or_leave() {
    let Scene { google, sandbox, .. } = Scene::of(photos(1));
    drop(google);
    let mut run = sandbox.start_sync(&[]);
    let pause = run.until("paused");
    assert!(
        pause["seconds"].as_f64().is_some_and(|seconds| seconds < 5.0),
        "{pause}"
    );
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    assert_eq!(ended.summary().number("found"), 0);
}
