//! Bytes that come damaged, each way alone: never stored as they are, and fetched again no more than it takes.

use stand_in_google::{Body, Damage, Endpoint, Faults, Item, Refusal, Service, Target, Trigger, id_of};

use super::scene::{IMPATIENCE, Scene, big_photo, big_video, one_of_each};

/// Each file's first transfer is damaged; the next one is not. At most `most` requests for bytes are made for any
/// file, redirects not counted.
#[track_caller]
fn survives(damage: Damage, most: usize) -> Scene {
    survives_with(damage, most, &[])
}

#[track_caller]
fn survives_with(damage: Damage, most: usize, args: &[&str]) -> Scene {
    let faults = Faults::none().rule(Service::Media, Trigger::FirstTries(1), damage);
    let scene = Scene::with_faults(one_of_each(), faults);
    let ended = scene.sync(args).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 4)]);
    scene.assert_complete();
    assert_eq!(scene.google.faults().struck(), [5], "each file once");
    for item in &scene.items {
        for endpoint in [Endpoint::Photo, Endpoint::Video, Endpoint::VideoDownload] {
            let mut requests = scene.requests_for(&item.id);
            requests.retain(|entry| entry.endpoint == endpoint);
            assert!(requests.len() <= most, "{}: {requests:#?}", item.filename);
        }
    }
    scene
}

/// The first bytes asked for in requests for one item, in order, where not from the beginning.
fn continued_at(scene: &Scene, id: &str) -> Vec<u64> {
    let requests = scene.requests_for(id);
    let starts = requests.iter().filter_map(|entry| entry.range_start);
    starts.filter(|start| *start > 0).collect()
}

#[test]
fn a_body_cut_short_of_its_length_is_continued_where_it_broke_off() {
    let scene = survives(Damage::Truncated, 2);
    let size = scene.items[0].original().len();
    assert_eq!(continued_at(&scene, &id_of(1)), [size / 2]);
}

#[test]
fn a_reset_in_the_middle_costs_one_more_request() {
    survives(Damage::ResetMidBody, 2);
}

#[test]
fn a_body_in_chunks_that_ends_without_the_last_chunk_is_not_taken_for_whole() {
    survives(Damage::TruncatedInChunks, 2);
}

#[test]
fn a_body_without_a_length_is_stored_when_it_is_whole() {
    survives(Damage::InChunks, 1);
}

#[test]
fn of_a_body_that_was_cut_before_its_length_was_announced_the_rest_is_asked_for() {
    let scene = survives(Damage::AnnouncedShorter, 2);
    let size = scene.items[0].original().len();
    assert_eq!(continued_at(&scene, &id_of(1)), [size / 2]);
}

#[test]
fn a_body_that_is_cut_again_and_again_is_not_believed_while_the_host_knows_better() {
    let big = big_photo(1);
    let faults = Faults::none().rule(Target::item(&big.id), Trigger::First(4), Damage::AnnouncedShorter);
    let scene = Scene::with_faults(vec![big], faults);
    scene.sync(&[]).with_code(0);
    scene.assert_struck();
    scene.assert_complete();
}

#[test]
fn a_length_that_is_never_reached_is_not_waited_for() {
    survives(Damage::AnnouncedLonger, 2);
}

#[test]
fn a_body_that_stalls_is_given_up_and_continued() {
    let scene = survives_with(Damage::SilenceMidBody, 2, &IMPATIENCE);
    assert_eq!(continued_at(&scene, &id_of(1)).len(), 1);
}

#[test]
fn a_file_of_another_format_is_not_stored() {
    survives(Damage::WrongMagic, 2);
}

#[test]
fn an_empty_body_is_not_stored() {
    survives(Damage::Empty, 2);
}

#[test]
fn a_host_that_ignores_ranges_is_read_from_the_beginning() {
    let big = big_photo(1);
    let faults = Faults::none()
        .rule(Target::item(&big.id), Trigger::Nth(1), Damage::Truncated)
        .rule(Target::item(&big.id), Trigger::Nth(2), Damage::RangeIgnored);
    let scene = Scene::with_faults(vec![big], faults);
    scene.sync(&[]).with_code(0);
    scene.assert_struck();
    scene.assert_complete();
    assert_eq!(scene.media_requests(), 2);
}

#[test]
fn a_continuation_that_is_cut_as_well_is_continued_again() {
    let big = big_photo(1);
    let faults = Faults::none().rule(Target::item(&big.id), Trigger::First(3), Damage::Truncated);
    let scene = Scene::with_faults(vec![big], faults);
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
    let starts = continued_at(&scene, &id_of(1));
    assert!(starts.len() == 3 && starts.is_sorted(), "{starts:?}");
}

#[test]
fn a_body_that_always_looks_cut_off_is_what_the_user_has() {
    // Somebody uploaded half a photo; Google hands out what it has.
    let whole = big_photo(1).original().to_bytes();
    let half = Item::photo(1).with_body(Body::Exact(whole.slice(..whole.len() / 2)));
    let scene = Scene::of(vec![half]);
    assert_eq!(scene.sync(&[]).with_code(0).summary().counts(), [("stored", 1)]);
    scene.assert_complete();
    let asked: Vec<_> = scene.requests_for(&id_of(1));
    let half = scene.items[0].original().len();
    assert_eq!(asked.len(), 2, "the bytes, and what comes after them");
    assert_eq!((asked[1].range_start, asked[1].status), (Some(half), Some(416)));
}

#[test]
fn where_the_host_cannot_say_half_a_photo_is_believed_when_it_comes_twice() {
    let whole = big_photo(1).original().to_bytes();
    let half = Item::photo(1).with_body(Body::Exact(whole.slice(..whole.len() / 2)));
    let scene = Scene::of(vec![half]);
    scene.google.configure(|settings| settings.ranges = false);
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
    assert_eq!(scene.media_requests(), 2);
}

/// Damage that never ends: the item fails, the others are here, and the next run mends it.
#[track_caller]
fn fails_alone(fault: impl Into<stand_in_google::Fault>) {
    let victim = big_video(3, 200_000);
    let faults = Faults::none().rule(Target::item(&victim.id), Trigger::Always, fault);
    let scene = Scene::with_faults(one_of_each(), faults);
    let ended = scene.sync(&[]).with_code(3);
    assert_eq!(ended.summary().counts(), [("stored", 3), ("failed", 1)]);
    let failed = ended.events_of("item_finished");
    let failed = failed.iter().find(|event| event["bucket"] == "failed").unwrap();
    assert_eq!(failed["item"]["id"], victim.id.as_str());
    assert!(failed["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    let others = scene.items.iter().filter(|item| item.id != victim.id);
    assert_eq!(
        scene.sandbox.tree(),
        crate::support::expected(others),
        "nothing wrong has a final name"
    );
    assert!(
        scene.requests_for(&victim.id).len() <= 10,
        "and it is not tried for ever"
    );
    scene.assert_mends_itself();
}

#[test]
fn a_body_that_is_always_of_another_format_fails_alone() {
    fails_alone(Damage::WrongMagic);
}

#[test]
fn a_body_that_is_always_empty_fails_alone() {
    fails_alone(Damage::Empty);
}

#[test]
fn a_page_of_html_in_the_place_of_a_video_fails_alone() {
    fails_alone(Refusal::HtmlOk);
}

#[test]
fn json_in_the_place_of_a_video_fails_alone() {
    fails_alone(Refusal::JsonOk);
}

#[test]
fn connections_that_are_always_closed_fail_alone() {
    fails_alone(Refusal::CloseBeforeHeaders);
}
