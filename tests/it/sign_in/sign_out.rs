//! `logout`: ends the permission at Google, then forgets it here, and never the other way round.

use std::fs;

use stand_in_google::{Endpoint, Faults, Refusal, Trigger};

use super::{assert_needs_sign_in, google};
use crate::support::Sandbox;

#[test]
fn the_permission_is_ended_at_google_and_the_token_removed() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    let token = fs::read(sandbox.path(".token.json")).unwrap();
    let ended = sandbox.run(&["logout"]).with_code(0);
    assert!(
        ended
            .stderr
            .starts_with("Signed out: the permission was ended at Google"),
        "{}",
        ended.stderr
    );
    assert!(!sandbox.has_token());
    assert_eq!(google.journal().count(Endpoint::Revoke), 1);
    // A copy of the token is of no use any more.
    fs::write(sandbox.path(".token.json"), token).unwrap();
    assert_needs_sign_in(sandbox.sync(&[]), &["(invalid_grant)"]);
    let again = sandbox.run(&["logout"]).with_code(0);
    assert!(
        again.stderr.contains("Google had ended the permission before"),
        "{}",
        again.stderr
    );
    assert!(!sandbox.has_token());
}

#[test]
fn nobody_can_sign_out_twice() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    for args in [&["logout"][..], &["logout", "--local-only"]] {
        let ended = sandbox.run(args).with_code(0);
        assert_eq!(ended.stderr, "Nobody was signed in here.\n");
    }
    assert_eq!(google.journal().total(), 0);
}

#[test]
fn it_needs_no_client_file() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    fs::remove_file(sandbox.path(".client_secret.json")).unwrap();
    sandbox.run(&["logout"]).with_code(0);
    assert!(!sandbox.has_token());
}

#[test]
fn a_google_that_is_away_keeps_the_token_here() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    drop(google);
    let ended = sandbox.run(&["logout"]).with_code(1);
    assert!(
        ended
            .stderr
            .contains("could not tell Google to end the permission"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("use --local-only"), "{}", ended.stderr);
    assert!(sandbox.has_token());
}

#[test]
fn a_google_in_trouble_keeps_the_token_here_too() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google.faults().set(Faults::none().rule(
        Endpoint::Revoke,
        Trigger::Always,
        Refusal::ServerError(503, None),
    ));
    let ended = sandbox.run(&["logout"]).with_code(1);
    assert!(ended.stderr.contains("(status 503)"), "{}", ended.stderr);
    assert!(sandbox.has_token());
}

#[test]
fn the_token_can_be_forgotten_without_telling_google() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google.journal().clear();
    let ended = sandbox.run(&["logout", "--local-only"]).with_code(0);
    assert!(
        ended.stderr.contains("myaccount.google.com/connections"),
        "{}",
        ended.stderr
    );
    assert!(!sandbox.has_token());
    assert_eq!(google.journal().total(), 0);
    // So it can with a file that nobody can read.
    fs::write(sandbox.path(".token.json"), "half a tok").unwrap();
    let ended = sandbox.run(&["logout"]).with_code(1);
    assert!(
        ended.stderr.contains("gphotosync logout --local-only --lib "),
        "{}",
        ended.stderr
    );
    sandbox.run(&["logout", "--local-only"]).with_code(0);
    assert!(!sandbox.has_token());
}
