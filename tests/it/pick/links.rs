//! Links to bytes: they die and are listed anew, and the token that opens them goes to nobody else.

use std::net::Ipv4Addr;

use stand_in_google::{Endpoint, Faults, Refusal, StandIn, Target, Trigger, id_of};

use super::scene::Scene;

#[test]
fn links_that_die_are_replaced_by_listing_the_session_again() {
    let scene = Scene::photos(60);
    let dead = Faults::none().rule(Endpoint::Photo, Trigger::FirstTries(1), Refusal::Forbidden);
    scene.google.faults().set(dead);
    scene.will_pick_all();
    let ended = scene.pick(&["--max", "2000"]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 60)]);
    let lists = scene.count(Endpoint::ListPicked);
    assert!((2..=30).contains(&lists), "one listing serves many: {lists}");
    scene.assert_complete();
}

#[test]
fn links_that_expire_all_at_once_stop_nothing() {
    let scene = Scene::photos(50);
    scene.will_pick_all();
    let mut run = scene.start(&[]);
    run.until("item_finished");
    scene.google.expire_base_urls();
    run.end().with_code(0);
    scene.assert_complete();
}

#[test]
fn the_token_goes_to_no_other_host() {
    let scene = Scene::photos(2);
    let elsewhere = StandIn::builder()
        .address(Ipv4Addr::new(127, 0, 0, 2))
        .start()
        .unwrap();
    let away = Refusal::RedirectTo(format!("{}/steal=d", elsewhere.endpoint()));
    scene
        .google
        .faults()
        .set(Faults::none().rule(Target::item(&id_of(1)), Trigger::Always, away));
    scene.will_pick_all();
    let ended = scene.pick(&[]).with_code(3);
    assert_eq!(ended.summary().counts(), [("stored", 1), ("failed", 1)]);
    assert!(ended.stdout.contains("not Google's"), "{}", ended.stdout);
    assert_eq!(elsewhere.journal().total(), 0, "nobody else was even asked");
}

#[test]
fn a_link_of_another_host_is_not_opened() {
    let items = vec![stand_in_google::Item::photo(1)];
    let scene = Scene::of(items);
    let foreign = StandIn::builder()
        .address(Ipv4Addr::new(127, 0, 0, 3))
        .start()
        .unwrap();
    // The picker's page and every link lead to another host than the one that is asked.
    let google = StandIn::builder()
        .library(scene.items.clone())
        .known_as(&foreign.endpoint())
        .start()
        .unwrap();
    let other = Scene {
        sandbox: crate::support::Sandbox::with_client(&google),
        google,
        items: scene.items,
    };
    other.allow();
    other.will_pick_all();
    let mut command = other
        .sandbox
        .program(&["pick", "--no-browser", "--progress", "plain"]);
    command.arg("--lib").arg(other.sandbox.library());
    command.args(["--google-endpoint", &format!("http://{}", other.google.address())]);
    let ended = other.sandbox.end_of(command);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("no link to a page of Google's"),
        "{}",
        ended.stderr
    );
    assert_eq!(foreign.journal().total(), 0);
}
