//! All faults together, a few per cent each: the run ends, what it says is true, and later runs mend the rest.

use std::collections::BTreeSet;

use stand_in_google::{
    Body, Damage, Endpoint, Fault, Faults, Item, Refusal, RetryAfter, Service, Target, Trigger,
};

use super::scene::{IMPATIENCE, Scene};
use crate::support::{Ended, Tree, expected};

/// Photos, with some videos and motion photos among them.
fn mixed_library(count: u64) -> Vec<Item> {
    (1..=count)
        .map(|seed| match seed % 10 {
            3 => Item::video(seed).with_body(Body::Mp4 { size: 60_000, seed }),
            7 => Item::motion_photo(seed),
            _ => Item::photo(seed),
        })
        .collect()
}

/// Damage to bytes, and refusals of the host of bytes.
fn trouble_with_bytes() -> Vec<Fault> {
    let damage = [
        Damage::ResetMidBody,
        Damage::Truncated,
        Damage::TruncatedInChunks,
        Damage::InChunks,
        Damage::AnnouncedShorter,
        Damage::AnnouncedLonger,
        Damage::SilenceMidBody,
        Damage::WrongMagic,
        Damage::Empty,
        Damage::RangeIgnored,
    ];
    let refusals = [
        Refusal::ServerError(500, Some(RetryAfter::Seconds(0))),
        Refusal::ServerError(503, Some(RetryAfter::Seconds(0))),
        Refusal::Forbidden,
        Refusal::HtmlOk,
        Refusal::JsonOk,
        Refusal::ResetBeforeHeaders,
        Refusal::CloseBeforeHeaders,
        Refusal::SilenceBeforeHeaders,
    ];
    let damage = damage.into_iter().map(Fault::from);
    damage.chain(refusals.into_iter().map(Fault::from)).collect()
}

/// Each at five per cent, the list's faults once each, and two 429s.
fn everything(seed: u64) -> Faults {
    let mut faults = Faults::none().seeded(seed);
    for fault in trouble_with_bytes() {
        faults = faults.rule(Service::Media, Trigger::Rate(0.05), fault);
    }
    // Of a clip, "not found" is believed: so Google answers where there is none.
    faults = faults.rule(Endpoint::Photo, Trigger::Rate(0.05), Refusal::NotFound);
    let list = [
        Refusal::HtmlOk,
        Refusal::Unauthenticated,
        Refusal::InvalidPageToken,
        Refusal::ResetBeforeHeaders,
        Refusal::ServerError(502, Some(RetryAfter::Seconds(0))),
    ];
    for (nth, refusal) in (2..).zip(list) {
        faults = faults.rule(Endpoint::ListMediaItems, Trigger::Nth(nth), refusal);
    }
    let slow_down = Refusal::QuotaPerMinute(Some(RetryAfter::Seconds(1)));
    faults
        .rule(Service::Media, Trigger::Nth(150), slow_down)
        .paging(stand_in_google::PagingQuirks {
            page_fill: Some(60),
            repeat_last: true,
            empty_runs: vec![(1, 3)],
            trailing_empty: true,
        })
}

/// The ids of the items that the run says are here.
fn said_to_be_here(ended: &Ended) -> BTreeSet<String> {
    let finished = ended.events_of("item_finished");
    let here = finished
        .iter()
        .filter(|event| event["bucket"] == "stored" || event["bucket"] == "present");
    here.map(|event| event["item"]["id"].as_str().unwrap().to_owned())
        .collect()
}

/// What must be here, and what may be: of a motion photo that failed, one half may have come.
#[track_caller]
fn assert_true(scene: &Scene, ended: &Ended) {
    let here = said_to_be_here(ended);
    let tree = scene.sandbox.tree();
    let all = expected(&scene.items);
    for (path, file) in &tree {
        assert_eq!(all.get(path), Some(file), "nothing wrong has a final name");
    }
    let promised: Tree = expected(scene.items.iter().filter(|item| here.contains(&item.id)));
    let missing: Vec<&String> = promised.keys().filter(|path| !tree.contains_key(*path)).collect();
    assert_eq!(missing, [&""; 0], "said to be here");
    let lost = scene.items.iter().filter(|item| !here.contains(&item.id));
    for item in lost.filter(|item| item.clip.is_none()) {
        let path = expected([item]).into_keys().next().unwrap();
        assert!(!tree.contains_key(&path), "{path} is here, but said not to be");
    }
}

#[track_caller]
fn assert_nobody_was_asked_too_often(scene: &Scene) {
    for item in &scene.items {
        for endpoint in [Endpoint::Photo, Endpoint::Video, Endpoint::VideoDownload] {
            let mut requests = scene.requests_for(&item.id);
            requests.retain(|entry| entry.endpoint == endpoint);
            // Five attempts, and each may find its link refused once.
            assert!(requests.len() <= 10, "{requests:#?}");
        }
    }
}

#[track_caller]
fn survives_everything(seed: u64) {
    let scene = Scene::with_faults(mixed_library(300), everything(seed));
    let args = [&IMPATIENCE[..], &["--workers", "32"]].concat();
    let ended = scene.sync(&args);
    assert!(matches!(ended.code, Some(0 | 3)), "{}", ended.said());
    let summary = ended.summary();
    assert_eq!(
        (summary.number("found"), summary.ending().as_str()),
        (300, "complete")
    );
    assert!(summary.count("stored") > 200, "{:?}", summary.counts());
    scene.assert_struck();
    assert_true(&scene, &ended);
    assert_nobody_was_asked_too_often(&scene);
    scene.assert_mends_itself();
}

#[test]
fn a_run_through_everything_at_once_tells_the_truth_and_is_mended() {
    survives_everything(1);
}

#[test]
fn another_run_through_everything_tells_the_truth_too() {
    survives_everything(2_026);
}

#[test]
fn repeated_runs_through_trouble_come_to_an_end() {
    // Nothing is ever mended here: persistence alone brings all.
    let mut faults = Faults::none().seeded(7);
    for damage in [Damage::Truncated, Damage::AnnouncedShorter, Damage::WrongMagic] {
        faults = faults.rule(Target::from(Service::Media), Trigger::Rate(0.3), damage);
    }
    let scene = Scene::with_faults(mixed_library(60), faults);
    let complete = (0..8).find(|_| scene.sync(&["--workers", "16"]).code == Some(0));
    assert!(complete.is_some());
    scene.assert_complete();
}
