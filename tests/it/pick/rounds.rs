//! What is picked comes, its session ends, and rounds follow one another.

use stand_in_google::{Choice, Endpoint, Faults, Item, PagingQuirks, Service, id_of};

use super::scene::Scene;

#[test]
fn what_is_picked_is_here_and_its_session_is_over() {
    let scene = Scene::of(vec![Item::photo(1), Item::video(2), Item::motion_photo(3)]);
    scene.will_pick_all();
    let ended = scene.pick(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 3)]);
    assert_eq!(ended.events_of("run_started")[0]["source"], "picker");
    let session = &scene.sessions()[0];
    assert!(
        ended.events_of("picking")[0]["link"]
            .as_str()
            .unwrap()
            .ends_with(&session.id)
    );
    assert!(
        ended.stderr.contains(&session.id),
        "the link is shown: {}",
        ended.stderr
    );
    scene.assert_complete();
    scene.assert_sessions_ended(1);
    let entries = scene.google.journal().entries();
    let media: Vec<_> = entries
        .iter()
        .filter(|entry| matches!(entry.endpoint, Endpoint::Photo | Endpoint::Video))
        .collect();
    assert!(media.len() >= 3 && media.iter().all(|entry| entry.authorized));
    assert_eq!(
        entries.last().unwrap().endpoint,
        Endpoint::DeleteSession,
        "after the last byte"
    );
}

#[test]
fn what_was_picked_before_is_not_fetched_twice() {
    let scene = Scene::photos(3);
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    scene.google.journal().clear();
    scene.will_pick_all();
    let summary = scene.pick(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 3)]);
    assert_eq!(scene.media_requests(), 0);
    scene.assert_sessions_ended(2);
}

#[test]
fn a_long_list_is_read_to_its_end_through_empty_pages() {
    let scene = Scene::photos(230);
    scene.google.faults().set(Faults::none().paging(PagingQuirks {
        empty_runs: vec![(1, 3)],
        trailing_empty: true,
        page_fill: Some(40),
        ..PagingQuirks::default()
    }));
    scene.will_pick_all();
    let summary = scene.pick(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 230)]);
    scene.assert_complete();
}

#[test]
fn nobody_picks_and_nothing_waits_for_ever() {
    let scene = Scene::photos(1);
    scene.hurry();
    let ended = scene.pick(&[]).with_code(1);
    assert!(
        ended.stderr.contains("nobody picked anything"),
        "{}",
        ended.stderr
    );
    scene.assert_sessions_ended(1);
}

#[test]
fn the_number_is_a_wish_to_google_and_more_than_it_allows_is_said_before() {
    let scene = Scene::photos(3);
    scene.will_pick_all();
    scene.pick(&["--max", "2"]).with_code(0);
    assert_eq!(scene.sessions()[0].most_items, 2);
    assert_eq!(scene.sessions()[0].chosen, Some(vec![id_of(1), id_of(2)]));
    scene.will_pick_all();
    let ended = scene.pick_plainly(&["--max", "5000"]).with_code(0);
    let told = ended.stderr.find("more than 2,000 at a time").unwrap();
    assert!(told < ended.stderr.find("http://").unwrap(), "{}", ended.stderr);
    assert_eq!(scene.sessions()[1].most_items, 2000);
    assert!(scene.pick(&["--max", "0"]).code == Some(2));
}

#[test]
fn rounds_follow_until_nothing_is_picked() {
    let scene = Scene::photos(5);
    for ids in [[1, 2], [3, 4]] {
        scene
            .google
            .will_choose(Choice::AfterPolls(1, ids.map(id_of).to_vec()));
    }
    scene.hurry();
    let ended = scene.pick(&["--again"]).with_code(0);
    let rounds = ended.events_of("run_finished");
    let stored: Vec<_> = rounds
        .iter()
        .map(|round| round["counts"]["stored"].clone())
        .collect();
    assert_eq!(stored, [2, 2], "one summary for each round");
    scene.assert_sessions_ended(3);
    scene.sandbox.assert_holds(&scene.items[..4]);
}

#[test]
fn a_round_in_which_nothing_is_picked_is_the_last() {
    let scene = Scene::photos(2);
    scene.google.will_choose(Choice::AfterPolls(1, vec![id_of(1)]));
    scene.google.will_choose(Choice::AfterPolls(1, Vec::new()));
    scene.pick(&["--again"]).with_code(0);
    scene.assert_sessions_ended(2);
    scene.sandbox.assert_holds(&scene.items[..1]);
}

#[test]
fn the_library_api_is_not_asked_at_all() {
    let scene = Scene::photos(1);
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    assert_eq!(scene.google.journal().count_of_service(Service::Library), 0);
    assert_eq!(
        scene.number("SELECT count(*) FROM quota"),
        0,
        "no daily quota counts it"
    );
}
