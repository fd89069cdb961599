//! The list: every way in which it can come slowly, twice, wrong, or not at all.

use stand_in_google::{
    Change, Damage, Endpoint, Fault, Faults, Item, PagingQuirks, Refusal, RetryAfter, Target, Trigger, id_of,
};

use super::scene::{IMPATIENCE, Scene, photos};
use crate::support::expected;

/// What the list's answers suffer from once is not seen in the result.
#[track_caller]
fn survives(page: u64, fault: impl Into<Fault>) -> Scene {
    let faults = Faults::none()
        .rule(Target::page(page), Trigger::First(1), fault)
        .paging(PagingQuirks {
            page_fill: Some(2),
            ..PagingQuirks::default()
        });
    let scene = Scene::with_faults(photos(5), faults);
    let ended = scene.sync(&IMPATIENCE).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 5)]);
    scene.assert_struck();
    scene.assert_complete();
    assert_eq!(scene.google.journal().count(Endpoint::Photo), 5, "each once");
    scene
}

#[test]
fn a_list_that_breaks_off_is_asked_for_again() {
    survives(0, Refusal::ResetBeforeHeaders);
    survives(1, Refusal::CloseBeforeHeaders);
    survives(1, Damage::ResetMidBody);
    survives(2, Damage::Truncated);
    survives(1, Damage::TruncatedInChunks);
    survives(1, Damage::AnnouncedLonger);
}

#[test]
fn a_list_that_stalls_is_given_up_and_asked_for_again() {
    survives(0, Refusal::SilenceBeforeHeaders);
    survives(1, Damage::SilenceMidBody);
}

#[test]
fn half_a_list_with_status_200_is_not_taken_for_the_end() {
    survives(1, Damage::AnnouncedShorter);
    survives(1, Refusal::BrokenJson);
    survives(0, Damage::Empty);
    survives(1, Damage::WrongMagic);
}

#[test]
fn a_page_of_html_in_the_place_of_the_list_is_not_an_empty_list() {
    survives(0, Refusal::HtmlOk);
}

#[test]
fn json_that_is_no_list_is_not_an_empty_list() {
    survives(0, Refusal::JsonOk);
    survives(1, Refusal::JsonOk);
}

#[test]
fn a_server_error_of_the_list_is_waited_out() {
    survives(1, Refusal::ServerError(503, Some(RetryAfter::Seconds(0))));
}

#[test]
fn an_access_token_that_dies_meanwhile_is_refreshed() {
    let scene = survives(1, Refusal::Unauthenticated);
    assert_eq!(scene.google.journal().count(Endpoint::Token), 1);
}

#[test]
fn an_answer_without_end_stops_the_run_before_it_eats_the_memory() {
    let faults = Faults::none().rule(
        Endpoint::ListMediaItems,
        Trigger::Always,
        Refusal::GiantJson(70 << 20),
    );
    let scene = Scene::with_faults(photos(1), faults);
    let ended = scene.sync(&[]).with_code(1);
    assert_eq!(ended.summary().ending(), "stopped");
    assert!(ended.said().contains("absurdly long"), "{}", ended.said());
}

#[test]
fn a_page_token_that_is_rejected_mid_run_restarts_the_list_and_fetches_nothing_twice() {
    let faults = Faults::none().rule(Target::page(2), Trigger::First(1), Refusal::InvalidPageToken);
    let scene = Scene::with_faults(photos(250), faults);
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(ended.events_of("listing_restarted").len(), 1);
    assert_eq!(ended.summary().number("found"), 250, "repeated items count once");
    assert_eq!(scene.google.journal().count(Endpoint::Photo), 250);
    scene.assert_complete();
}

#[test]
fn a_page_token_that_is_always_rejected_ends_the_run_but_keeps_what_was_listed() {
    let faults = Faults::none().rule(Target::page(1), Trigger::Always, Refusal::InvalidPageToken);
    let scene = Scene::with_faults(photos(150), faults);
    let ended = scene.sync(&[]).with_code(1);
    let summary = ended.summary();
    assert_eq!((summary.number("found"), summary.count("stored")), (100, 100));
    assert_eq!(scene.google.journal().count(Endpoint::Photo), 100);
    assert!(
        scene.google.journal().count(Endpoint::ListMediaItems) <= 12,
        "not for ever"
    );
    scene.assert_mends_itself();
}

#[test]
fn eighty_empty_pages_in_a_row_are_not_the_end() {
    let faults = Faults::none().paging(PagingQuirks {
        empty_runs: vec![(0, 2), (3, 80)],
        page_fill: Some(3),
        ..PagingQuirks::default()
    });
    let scene = Scene::with_faults(photos(8), faults);
    assert_eq!(scene.sync(&[]).with_code(0).summary().counts(), [("stored", 8)]);
    scene.assert_complete();
}

#[test]
fn short_pages_that_repeat_the_last_item_and_end_in_an_empty_one_count_each_item_once() {
    let faults = Faults::none().paging(PagingQuirks {
        repeat_last: true,
        trailing_empty: true,
        page_fill: Some(4),
        ..PagingQuirks::default()
    });
    let scene = Scene::with_faults(photos(23), faults);
    assert_eq!(scene.sync(&[]).with_code(0).summary().counts(), [("stored", 23)]);
    assert_eq!(scene.google.journal().count(Endpoint::Photo), 23);
    scene.assert_complete();
}

#[test]
fn items_that_appear_and_vanish_while_the_list_is_read_harm_nobody() {
    let mut scene = Scene::of(photos(250));
    let (newest, oldest) = (Item::photo(9000), Item::photo(0));
    let gone = id_of(60);
    for change in [
        Change::Add(Box::new(newest.clone())),
        Change::Add(Box::new(oldest.clone())),
        Change::Remove(gone.clone()),
    ] {
        scene.google.after_page(0, change);
    }
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(
        summary.counts(),
        [("stored", 250)],
        "one came behind the page, one went"
    );
    scene.items.retain(|item| item.id != gone);
    scene.items.extend([newest, oldest]);
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 1), ("present", 250)]);
    scene.assert_complete();
}

#[test]
fn an_item_that_vanishes_between_list_and_fetch_is_unavailable() {
    let scene = Scene::of(photos(3));
    scene.google.after_page(0, Change::Remove(id_of(2)));
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 2), ("unavailable", 1)]);
    scene
        .sandbox
        .assert_holds(scene.items.iter().filter(|item| item.id != id_of(2)));
}

#[test]
fn a_grant_revoked_mid_run_ends_it_with_what_was_listed_and_says_what_to_do() {
    let scene = Scene::of(photos(150));
    scene.google.after_page(0, Change::RevokeGrants);
    let ended = scene.sync(&[]).with_code(4);
    let summary = ended.summary();
    assert_eq!(summary.ending(), "sign_in_needed");
    assert_eq!((summary.number("found"), summary.count("stored")), (100, 100));
    assert!(ended.said().contains("gphotosync login"), "{}", ended.said());
    scene.sandbox.sign_in();
    scene.assert_mends_itself();
}

#[test]
fn a_missing_scope_is_a_matter_of_signing_in() {
    let faults = Faults::none().rule(Endpoint::ListMediaItems, Trigger::Always, Refusal::ScopeMissing);
    let ended = Scene::with_faults(photos(1), faults).sync(&[]).with_code(4);
    assert!(ended.said().contains("gphotosync login"), "{}", ended.said());
}

#[test]
fn an_api_that_is_not_enabled_is_explained() {
    let faults = Faults::none().rule(Endpoint::ListMediaItems, Trigger::Always, Refusal::ApiDisabled);
    let ended = Scene::with_faults(photos(1), faults).sync(&[]).with_code(1);
    assert!(ended.said().contains("enable it"), "{}", ended.said());
}

#[test]
fn a_list_that_fails_for_good_in_the_middle_leaves_what_came_before() {
    let refusal = Refusal::ServerError(500, Some(RetryAfter::Seconds(0)));
    let faults = Faults::none().rule(Target::page(1), Trigger::Always, refusal);
    let scene = Scene::with_faults(photos(120), faults);
    let summary = scene.sync(&[]).with_code(1).summary();
    assert_eq!((summary.number("found"), summary.count("stored")), (100, 100));
    let newest: Vec<&Item> = scene.items.iter().rev().take(100).collect();
    assert_eq!(scene.sandbox.tree(), expected(newest));
    scene.assert_mends_itself();
}
