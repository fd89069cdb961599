//! The permission to pick: asked for when it is first used, kept beside the other, and asked for again when it dies.

use std::fs;

use serde_json::Value;
use stand_in_google::{Choice, Consent, Endpoint, Faults, Item, Refusal, Trigger, id_of};

use super::scene::{SCOPE, Scene};
use crate::sign_in::dialogue::Dialogue;

fn grants(scene: &Scene) -> Vec<String> {
    let text = fs::read_to_string(scene.sandbox.path(".token.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let grants = file["grants"].as_array().unwrap().iter();
    grants
        .map(|grant| grant["scopes"][0].as_str().unwrap().to_owned())
        .collect()
}

/// Starts `pick` and agrees to what it asks for.
fn pick_and_agree(scene: &Scene) -> Dialogue {
    let command = scene
        .sandbox
        .command(&["pick", "--no-browser", "--progress", "plain"]);
    let dialogue = Dialogue::with(&scene.sandbox, command);
    assert!(dialogue.address.contains("photospicker.mediaitems.readonly"));
    assert!(
        !dialogue.address.contains("photoslibrary"),
        "no more than is needed"
    );
    dialogue.browse();
    dialogue
}

#[test]
fn it_is_asked_for_when_first_used_and_kept_beside_the_other() {
    let scene = Scene::not_signed_in(vec![Item::photo(1)]);
    scene.sandbox.sign_in();
    let before = grants(&scene);
    scene.will_pick_all();
    let ended = pick_and_agree(&scene).end().with_code(0);
    assert!(
        ended.stderr.contains("that you pick in Google Photos yourself"),
        "{}",
        ended.stderr
    );
    assert_eq!(grants(&scene), [before, vec![SCOPE.to_owned()]].concat());
    scene.assert_complete();
    scene.sandbox.sync(&[]).with_code(0);
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    assert_eq!(scene.count(Endpoint::Consent), 2, "each was asked for once");
    let status = scene.sandbox.run(&["status"]).with_code(0).stdout;
    assert!(
        status.contains("tokens for the Library API and for the Picker"),
        "{status}"
    );
}

#[test]
fn whoever_only_picks_lacks_nothing() {
    let scene = Scene::photos(1);
    let status = scene.sandbox.run(&["status"]).with_code(0).stdout;
    assert!(status.contains("there is a token for the Picker"), "{status}");
    let doctor = scene.sandbox.run(&["doctor"]).with_code(0);
    assert!(doctor.said().contains("for the Picker"), "{}", doctor.said());
}

#[test]
fn a_refusal_ends_it_and_opens_nothing() {
    let scene = Scene::not_signed_in(vec![Item::photo(1)]);
    scene
        .google
        .configure(|settings| settings.consent = Consent::GrantOnly(Vec::new()));
    let ended = pick_and_agree(&scene).end().with_code(4);
    assert!(ended.stderr.contains("was not granted"), "{}", ended.stderr);
    assert!(scene.sessions().is_empty());
}

#[test]
fn a_dead_permission_is_asked_for_again() {
    let scene = Scene::photos(1);
    scene.google.revoke_grants();
    scene.will_pick_all();
    let ended = pick_and_agree(&scene).end().with_code(0);
    assert!(
        ended.stderr.contains("no longer accepts the sign-in"),
        "{}",
        ended.stderr
    );
    scene.assert_complete();
    assert_eq!(grants(&scene), [SCOPE]);
}

#[test]
fn a_permission_without_the_scope_is_told_from_an_expired_session() {
    let scene = Scene::photos(1);
    scene.google.faults().set(Faults::none().rule(
        Endpoint::CreateSession,
        Trigger::First(1),
        Refusal::ScopeMissing,
    ));
    scene.will_pick_all();
    let ended = pick_and_agree(&scene).end().with_code(0);
    assert!(
        ended.stderr.contains("insufficient authentication scopes"),
        "{}",
        ended.stderr
    );
    scene.assert_complete();
}

#[test]
fn an_access_token_that_ends_on_the_way_is_renewed() {
    let scene = Scene::photos(30);
    scene.google.will_choose(Choice::Never);
    let mut run = scene.start(&[]);
    run.until("picking");
    scene.google.expire_access_tokens();
    assert!(scene.google.choose((1..=30).map(id_of).collect()));
    run.until("item_finished");
    scene.google.expire_access_tokens();
    let ended = run.end().with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 30)]);
    scene.assert_complete();
    scene.assert_sessions_ended(1);
}
