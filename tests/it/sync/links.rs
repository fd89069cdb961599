//! Base URLs, which die within the hour: refreshed when refused, in batches, and only as often as it takes.

use std::time::Duration;

use stand_in_google::{Change, Endpoint, Faults, Item, Lookup, Refusal, Target, Trigger, id_of};

use super::scene::{Scene, photos};
use crate::support::expected;

/// How many lookups there were, of up to fifty items each: the stand-in refuses more.
fn lookups(scene: &Scene) -> u64 {
    scene.google.journal().count(Endpoint::BatchGetMediaItems)
}

#[test]
fn links_that_died_while_items_waited_are_refreshed_in_batches() {
    let scene = Scene::of(photos(200));
    scene.google.after_page(1, Change::ExpireBaseUrls);
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 200)]);
    scene.assert_complete();
    assert!(
        (1..=12).contains(&lookups(&scene)),
        "{} lookups for 200 items",
        lookups(&scene)
    );
    for item in &scene.items {
        assert!(scene.requests_for(&item.id).len() <= 2, "{}", item.filename);
    }
}

#[test]
fn a_single_worker_does_not_look_up_one_item_at_a_time() {
    let scene = Scene::of(photos(100));
    scene.google.after_page(0, Change::ExpireBaseUrls);
    scene.sync(&["--workers", "1"]).with_code(0);
    scene.assert_complete();
    assert!((2..=4).contains(&lookups(&scene)), "{} lookups", lookups(&scene));
}

#[test]
fn links_that_die_at_once_fail_their_items_and_are_not_refreshed_for_ever() {
    let scene = Scene::of(photos(20));
    scene
        .google
        .configure(|settings| settings.base_url_lifetime = Duration::ZERO);
    scene.google.pass_time(Duration::from_secs(1));
    let refused = Faults::none().rule(Endpoint::Photo, Trigger::Always, Refusal::Forbidden);
    scene.google.faults().set(refused);
    let summary = scene.sync(&[]).with_code(3).summary();
    assert_eq!(summary.counts(), [("failed", 20)]);
    assert!(scene.media_requests() <= 40, "{}", scene.media_requests());
    assert!(lookups(&scene) <= 20, "{}", lookups(&scene));
    scene
        .google
        .configure(|settings| settings.base_url_lifetime = Duration::from_hours(1));
    scene.assert_mends_itself();
}

#[test]
fn one_item_whose_link_is_always_refused_fails_alone() {
    let victim = id_of(2);
    let faults = Faults::none().rule(Target::item(&victim), Trigger::Always, Refusal::Forbidden);
    let scene = Scene::with_faults(photos(10), faults);
    let summary = scene.sync(&[]).with_code(3).summary();
    assert_eq!(summary.counts(), [("stored", 9), ("failed", 1)]);
    assert_eq!((scene.requests_for(&victim).len(), lookups(&scene)), (2, 1));
    scene.assert_mends_itself();
}

#[test]
fn an_id_that_google_chokes_on_does_not_take_its_batch_with_it() {
    let mut items = photos(30);
    items[10] = items[10].clone().looked_up(Lookup::Rotten);
    let scene = Scene::of(items);
    scene.google.after_page(0, Change::ExpireBaseUrls);
    let summary = scene.sync(&[]).with_code(3).summary();
    assert_eq!(summary.counts(), [("stored", 29), ("failed", 1)]);
    let others = scene.items.iter().filter(|item| item.lookup == Lookup::Found);
    assert_eq!(scene.sandbox.tree(), expected(others));
    assert!(lookups(&scene) <= 30, "{}", lookups(&scene));
    scene.assert_mends_itself();
}

#[test]
fn an_item_that_google_no_longer_looks_up_is_unavailable() {
    let mut items = photos(5);
    items[3] = items[3].clone().looked_up(Lookup::Refused(5));
    let scene = Scene::of(items);
    scene.google.after_page(0, Change::ExpireBaseUrls);
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 4), ("unavailable", 1)]);
}

#[test]
fn a_lookup_survives_an_access_token_that_died_with_the_links() {
    let scene = Scene::of(photos(5));
    for change in [Change::ExpireBaseUrls, Change::ExpireAccessTokens] {
        scene.google.after_page(0, change);
    }
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 5)]);
    scene.assert_complete();
}

#[test]
fn the_second_host_of_a_video_may_refuse_too() {
    let video = Item::video(1);
    let faults = Faults::none().rule(Endpoint::VideoDownload, Trigger::First(1), Refusal::Forbidden);
    let scene = Scene::with_faults(vec![video], faults);
    scene.sync(&[]).with_code(0);
    scene.assert_struck();
    scene.assert_complete();
}
