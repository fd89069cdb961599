//! Nothing unusual happens: everything comes, and comes once.

use stand_in_google::{Body, Endpoint, Item, Service, StandIn, VideoStatus, id_of, realistic};

use crate::support::{Sandbox, contents, contents_of, serving};

/// Photos, videos and a motion photo, with names that do not collide.
fn holiday() -> Vec<Item> {
    let heic = Body::Heic { size: 5000, seed: 6 };
    let gif = Body::Gif { size: 900, seed: 7 };
    vec![
        Item::photo(1),
        Item::photo(60_000),
        Item::video(2),
        Item::motion_photo(3),
        Item::photo(4).named("scan.png").taken_at(None),
        Item::photo(6).named("IMG_6.HEIC").with_body(heic),
        Item::photo(7).named("cat.gif").with_body(gif),
    ]
}

fn media_requests(google: &StandIn) -> u64 {
    google.journal().count_of_service(Service::Media)
}

#[test]
fn the_first_run_brings_photos_videos_and_both_halves_of_motion_photos() {
    let items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    let ended = sandbox.sync(&[]).with_code(0);
    let summary = ended.summary();
    assert_eq!(summary.counts(), [("stored", 7)]);
    let bytes: u64 = items.iter().map(|item| item.original().len()).sum();
    assert_eq!(summary.number("bytes"), bytes + 6000, "the clip counts too");
    sandbox.assert_holds(&items);
}

#[test]
fn photos_are_asked_for_as_d_and_videos_as_dv_each_once() {
    let google = serving(holiday());
    Sandbox::signed_in(&google).sync(&[]).with_code(0);
    let journal = google.journal();
    let asked = |endpoint| journal.count(endpoint);
    assert_eq!(asked(Endpoint::Photo), 6);
    assert_eq!(asked(Endpoint::Video), 2, "a video and a clip");
    assert_eq!(asked(Endpoint::VideoDownload), 2, "where they redirect to");
    assert_eq!(asked(Endpoint::Rendition), 0, "never a small picture");
    assert_eq!(
        asked(Endpoint::BatchGetMediaItems),
        0,
        "links of the list are fresh"
    );
    for entry in journal.entries_of(Endpoint::Photo) {
        assert!(!entry.authorized, "bytes need no token: {}", entry.path);
    }
}

#[test]
fn folders_are_utc_and_fractions_of_seconds_are_kept() {
    let last_moment = "2019-12-31T23:59:59.987Z".parse().ok();
    let first_moment = "2020-01-01T00:00:00Z".parse().ok();
    let before_1970 = "1965-06-01T12:00:00Z".parse().ok();
    let times: [Option<_>; 3] = [last_moment, first_moment, before_1970];
    let items: Vec<Item> = (1..)
        .zip(times)
        .map(|(n, at)| Item::photo(n).taken_at(at))
        .collect();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    sandbox.assert_holds(&items);
    let paths: Vec<String> = sandbox.tree().into_keys().collect();
    assert_eq!(
        paths,
        [
            "1965/06/IMG_0003.jpg",
            "2019/12/IMG_0001.jpg",
            "2020/01/IMG_0002.jpg"
        ]
    );
}

#[test]
fn the_second_run_asks_for_no_bytes() {
    let items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    let before = sandbox.tree();
    google.journal().clear();
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 7)]);
    assert_eq!((summary.number("bytes"), media_requests(&google)), (0, 0));
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_later_run_fetches_only_what_is_new() {
    let mut items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    google.journal().clear();
    for item in [Item::photo(90), Item::photo(91)] {
        google.add_item(item.clone());
        items.push(item);
    }
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 2), ("present", 7)]);
    assert_eq!(media_requests(&google), 2);
    sandbox.assert_holds(&items);
}

#[test]
fn videos_that_are_not_ready_wait_and_those_that_failed_are_unavailable() {
    let processing = Item::video(1).with_status(VideoStatus::Processing);
    let failed = Item::video(2).with_status(VideoStatus::Failed);
    let unspecified = Item::video(3).with_status(VideoStatus::Unspecified);
    let google = serving(vec![processing, failed, unspecified, Item::photo(4)]);
    let sandbox = Sandbox::signed_in(&google);
    let ended = sandbox.sync(&[]).with_code(0);
    // A status that is left out says nothing, so the bytes are asked for; here there are none.
    assert_eq!(
        ended.summary().counts(),
        [("stored", 1), ("waiting", 1), ("unavailable", 2)]
    );
    google.journal().clear();
    google.set_video_status(&id_of(1), VideoStatus::Ready);
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!((summary.count("stored"), summary.count("present")), (1, 1));
    let asked: Vec<_> = google.journal().entries_of(Endpoint::Video);
    assert!(
        asked.iter().all(|entry| entry.item.as_deref() != Some(&id_of(2))),
        "a failed video is not asked for"
    );
    sandbox.assert_holds(&[Item::video(1), Item::photo(4)]);
}

#[test]
fn a_photo_that_only_looks_like_a_motion_photo_is_stored_alone() {
    let items = vec![Item::photo(1).named("PXL_1.MP.jpg"), Item::photo(2)];
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    assert_eq!(sandbox.sync(&[]).with_code(0).summary().counts(), [("stored", 2)]);
    sandbox.assert_holds(&items);
    google.journal().clear();
    assert_eq!(
        sandbox.sync(&[]).with_code(0).summary().counts(),
        [("present", 2)]
    );
    assert_eq!(
        media_requests(&google),
        0,
        "nor is its moving half asked for again"
    );
}

#[test]
fn a_realistic_library_comes_whole_whatever_its_names() {
    let items = realistic(150, 7);
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(
        summary.counts(),
        [("stored", 148), ("waiting", 1), ("unavailable", 1)]
    );
    assert_eq!(contents_of(&sandbox.tree()), contents(&items));
    google.journal().clear();
    let again = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!((again.count("present"), media_requests(&google)), (148, 0));
}

#[test]
fn what_vanishes_at_google_stays_here() {
    let items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    for gone in &items[..3] {
        assert!(google.remove_item(&gone.id));
    }
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!((summary.number("found"), summary.count("present")), (4, 4));
    sandbox.assert_holds(&items);
}

#[test]
fn an_empty_list_deletes_nothing_and_is_explained() {
    let items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    for gone in &items {
        google.remove_item(&gone.id);
    }
    let ended = sandbox.run(&["sync", "--delay", "0"]).with_code(0);
    sandbox.assert_holds(&items);
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(said.contains("uploaded"), "why Google may show none: {said}");
}

#[test]
fn a_file_the_user_deleted_is_fetched_again() {
    let items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    google.journal().clear();
    for gone in ["2020/01/IMG_0001.jpg", "2020/01/PXL_0003.MP.mp4"] {
        std::fs::remove_file(sandbox.path(gone)).unwrap();
    }
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 2), ("present", 5)]);
    assert_eq!(google.journal().count(Endpoint::Photo), 1, "the still is here");
    sandbox.assert_holds(&items);
}

#[test]
fn items_are_fetched_while_the_list_is_still_coming() {
    // The list is so slow that waiting for its end would be seen in the order of requests.
    let items: Vec<Item> = (1..=250).map(Item::photo).collect();
    let google = serving(items);
    let sandbox = Sandbox::signed_in(&google);
    google.faults().set(stand_in_google::Faults::none().rule(
        Endpoint::ListMediaItems,
        stand_in_google::Trigger::From(2),
        stand_in_google::Pace::Latency(std::time::Duration::from_millis(300)),
    ));
    sandbox.sync(&[]).with_code(0);
    let entries = google.journal().entries();
    let first_photo = entries.iter().position(|entry| entry.endpoint == Endpoint::Photo);
    let last_page = entries
        .iter()
        .rposition(|entry| entry.endpoint == Endpoint::ListMediaItems);
    assert!(first_photo < last_page);
}
