//! 429: one asks everybody to wait, everybody waits, and the day's quota is another matter than the minute's.

use std::time::Duration;

use rusqlite::Connection;
use stand_in_google::{Endpoint, Faults, Pace, Quotas, Refusal, RetryAfter, Service, Target, Trigger};
use tokio::time::Instant;

use super::scene::{Scene, photos};
use crate::support::{Ended, Signal};

/// Photos that take so long each that a run has work left whenever it is asked to wait.
fn slow_photos() -> Faults {
    let latency = Pace::Latency(Duration::from_millis(25));
    Faults::none().rule(Service::Media, Trigger::Always, latency)
}

/// When the first 429 was answered, as near as can be: its request arrived then.
fn first_refusal(scene: &Scene) -> Instant {
    let entries = scene.google.journal().entries();
    let refused = entries.iter().filter(|entry| entry.status == Some(429));
    refused.map(|entry| entry.at).min().expect("somebody was refused")
}

/// Fails unless nobody sent anything in the second half of a pause of this length.
///
/// Requests that were on their way when the refusal came may still arrive in the first half.
#[track_caller]
fn assert_silent(scene: &Scene, pause: Duration) {
    let refused = first_refusal(scene);
    let heard = scene
        .google
        .journal()
        .requests_between(refused + pause / 2, refused + pause);
    assert_eq!(heard.len(), 0, "{heard:#?}");
}

#[track_caller]
fn assert_pauses(ended: &Ended, cause: &str, ranges: &[(f64, f64)]) {
    let pauses = ended.events_of("paused");
    let seconds: Vec<f64> = pauses
        .iter()
        .map(|pause| pause["seconds"].as_f64().unwrap())
        .collect();
    assert_eq!(seconds.len(), ranges.len(), "{seconds:?}");
    for (pause, (from, to)) in seconds.iter().zip(ranges) {
        assert!((*from..=*to).contains(pause), "{pause} in {from}..={to}");
    }
    assert!(pauses.iter().all(|pause| pause["cause"] == cause), "{pauses:?}");
}

/// Lets the program believe that what it knows of the day's quota was yesterday's.
fn next_day(scene: &Scene) {
    let index = Connection::open(scene.sandbox.path(".gphotosync/index.db")).unwrap();
    let changed = index.execute("UPDATE quota SET day = '2020-01-01'", []).unwrap();
    assert!(changed > 0, "it has written down what it used");
}

#[test]
fn during_a_pause_that_a_photo_met_not_one_request_is_sent() {
    let wait = Some(RetryAfter::Seconds(2));
    let faults = slow_photos().rule(Service::Media, Trigger::Nth(8), Refusal::QuotaPerMinute(wait));
    let scene = Scene::with_faults(photos(120), faults);
    let ended = scene.sync(&[]).with_code(0);
    assert_pauses(&ended, "throttled", &[(2.0, 2.0)]);
    assert_silent(&scene, Duration::from_secs(2));
    assert_eq!(ended.events_of("resumed").len(), 1);
    assert_eq!(scene.media_requests(), 121, "the refused one is sent again");
    scene.assert_complete();
}

#[test]
fn during_a_pause_that_the_list_met_no_photo_is_asked_for() {
    let wait = Some(RetryAfter::Seconds(2));
    let second_page = Target::from(Endpoint::ListMediaItems);
    let faults = slow_photos().rule(second_page, Trigger::Nth(2), Refusal::QuotaPerMinute(wait));
    let scene = Scene::with_faults(photos(150), faults);
    let ended = scene.sync(&["--workers", "2"]).with_code(0);
    assert_pauses(&ended, "throttled", &[(2.0, 2.0)]);
    assert_silent(&scene, Duration::from_secs(2));
    scene.assert_complete();
}

#[test]
fn a_retry_after_may_be_a_date() {
    let wait = Some(RetryAfter::Date(3));
    let faults = slow_photos().rule(Service::Media, Trigger::Nth(8), Refusal::QuotaPerMinute(wait));
    let scene = Scene::with_faults(photos(60), faults);
    let ended = scene.sync(&[]).with_code(0);
    // A date has whole seconds, so up to one of the three is cut off.
    assert_pauses(&ended, "throttled", &[(1.5, 3.0)]);
    assert_silent(&scene, Duration::from_millis(1900));
    scene.assert_complete();
}

#[test]
fn without_a_retry_after_pauses_double_from_the_users_pause() {
    let faults = Faults::none().rule(Service::Media, Trigger::First(2), Refusal::QuotaPerMinute(None));
    let scene = Scene::with_faults(photos(3), faults);
    let ended = scene.sync(&["--workers", "1"]).with_code(0);
    assert_pauses(&ended, "throttled", &[(1.0, 1.1), (2.0, 2.2)]);
    scene.assert_complete();
}

#[test]
fn refusals_of_one_moment_are_one_pause_and_halve_the_pool() {
    let faults = Faults::none().rule(
        Service::Media,
        Trigger::First(4),
        Refusal::QuotaPerMinute(Some(RetryAfter::Seconds(1))),
    );
    let scene = Scene::with_faults(photos(40), faults);
    let ended = scene.sync(&[]).with_code(0);
    let sizes = ended.events_of("pool_sized");
    assert_eq!(sizes[0]["workers"], 2, "{sizes:?}");
    assert!(
        ended.events_of("paused").len() <= 2,
        "{:?}",
        ended.events_of("paused")
    );
    scene.assert_struck();
    scene.assert_complete();
}

#[test]
fn a_host_that_says_wait_no_time_at_all_is_not_asked_without_end() {
    let wait = Some(RetryAfter::Seconds(0));
    let faults = Faults::none().rule(Service::Media, Trigger::Always, Refusal::QuotaPerMinute(wait));
    let scene = Scene::with_faults(photos(20), faults);
    let mut run = scene.start(&[]);
    for _ in 0..3 {
        run.until("paused");
    }
    let asked = scene.media_requests();
    assert!(asked <= 20, "{asked} requests by the third pause");
    assert!(
        first_refusal(&scene).elapsed() >= Duration::from_secs(2),
        "pauses grow"
    );
    run.signal(Signal::INT);
    run.end().with_code(130);
}

#[test]
fn the_days_quota_of_the_list_ends_the_run_if_the_user_wants_that() {
    let faults = slow_photos().rule(Target::page(1), Trigger::Always, Refusal::QuotaPerDay(None));
    let scene = Scene::with_faults(photos(150), faults);
    let ended = scene.sync(&["--quota", "exit"]).with_code(5);
    let summary = ended.summary();
    assert_eq!(
        (summary.ending().as_str(), summary.number("found")),
        ("quota_spent", 100)
    );
    let last = ended.events().pop().unwrap();
    let resets = last["resets"].as_str().expect("when the quota is full again");
    assert!(resets.parse::<chrono::DateTime<chrono::Utc>>().unwrap() > chrono::Utc::now());
    let stored = summary.count("stored");
    scene.google.journal().clear();
    scene.google.faults().clear();
    scene.sync(&["--quota", "exit"]).with_code(5);
    assert_eq!(
        scene.google.journal().total(),
        0,
        "on the same day there is no use in asking"
    );
    next_day(&scene);
    let again = scene.sync(&["--quota", "exit"]).with_code(0).summary();
    assert_eq!(
        (again.count("present"), again.count("stored")),
        (stored, 150 - stored)
    );
    assert_eq!(scene.media_requests(), 150 - stored, "safe to run again");
    scene.assert_complete();
}

#[test]
fn a_real_daily_quota_of_the_api_is_told_from_the_minutes() {
    let scene = Scene::of(photos(250));
    let used = 1;
    scene.google.set_quotas(Quotas {
        library_per_day: used,
        ..Quotas::default()
    });
    let ended = scene.sync(&["--quota", "exit"]).with_code(5);
    assert_eq!(ended.summary().ending(), "quota_spent");
    scene.google.set_quotas(Quotas::default());
    next_day(&scene);
    scene.sync(&["--quota", "exit"]).with_code(0);
    scene.assert_complete();
}

#[test]
fn who_waits_for_the_days_quota_sees_the_time_left_and_may_leave() {
    let faults = Faults::none().rule(
        Endpoint::ListMediaItems,
        Trigger::Always,
        Refusal::QuotaPerDay(None),
    );
    let scene = Scene::with_faults(photos(3), faults);
    let mut run = scene.start(&[]);
    let pause = run.until("paused");
    assert_eq!(pause["cause"], "daily_quota");
    let seconds = pause["seconds"].as_f64().unwrap();
    // Until midnight in California and a minute at random; one day a year has 25 hours.
    assert!((0.0..=25.0 * 3600.0 + 60.0).contains(&seconds), "{seconds}");
    let interrupted = Instant::now();
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    assert!(interrupted.elapsed() < Duration::from_secs(10), "at once");
    assert_eq!(ended.summary().ending(), "interrupted");
    next_day(&scene);
    scene.assert_mends_itself();
}

#[test]
fn a_log_without_a_terminal_tells_of_the_pause_too() {
    let faults = Faults::none().rule(
        Endpoint::ListMediaItems,
        Trigger::Always,
        Refusal::QuotaPerDay(None),
    );
    let scene = Scene::with_faults(photos(3), faults);
    let mut run = scene
        .sandbox
        .start(&["sync", "--progress", "plain", "--delay", "0"]);
    run.until_said("quota");
    run.signal(Signal::INT);
    let ended = run.end().with_code(130);
    assert!(ended.stderr.contains("day"), "{}", ended.stderr);
}
