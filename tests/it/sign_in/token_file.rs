//! The token file: private, replaced as a whole, and honest about what it cannot read.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::{assert_needs_sign_in, google};
use crate::sign_in::dialogue::Dialogue;
use crate::support::Sandbox;

fn mode(sandbox: &Sandbox) -> u32 {
    sandbox.path(".token.json").metadata().unwrap().mode() & 0o7777
}

#[test]
fn it_is_for_its_owners_eyes_only_and_made_so_again() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    assert_eq!(mode(&sandbox), 0o600);
    fs::set_permissions(sandbox.path(".token.json"), fs::Permissions::from_mode(0o644)).unwrap();
    let ended = sandbox.sync(&[]).with_code(0);
    assert_eq!(mode(&sandbox), 0o600);
    assert!(
        ended.stderr.contains(".token.json"),
        "it is told: {}",
        ended.stderr
    );
}

#[test]
fn a_renewed_token_replaces_the_file_as_a_whole() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    let before = sandbox.grant();
    let file = sandbox.path(".token.json").metadata().unwrap().ino();
    google.expire_access_tokens();
    sandbox.sync(&[]).with_code(0);
    assert_ne!(sandbox.grant()["access_token"], before["access_token"]);
    assert_eq!(sandbox.grant()["refresh_token"], before["refresh_token"]);
    assert_ne!(sandbox.path(".token.json").metadata().unwrap().ino(), file);
    assert_eq!(mode(&sandbox), 0o600);
}

#[test]
fn without_one_nobody_is_asked_and_the_command_is_named() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let command = format!(
        "Run: gphotosync login --lib {}",
        sandbox.library().canonicalize().unwrap().display()
    );
    assert_needs_sign_in(
        sandbox.sync(&[]),
        &["nobody is signed in for this library yet", &command],
    );
    assert_eq!(google.journal().total(), 0);
}

#[test]
fn the_predecessors_token_is_explained_and_replaced() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let token = r#"{"access_token":"ya29.go","token_type":"Bearer","refresh_token":"1//go","expiry":"2024-05-01T10:00:00.1+02:00"}"#;
    fs::write(sandbox.path(".token.json"), token).unwrap();
    assert_needs_sign_in(
        sandbox.sync(&[]),
        &["written in Go", "31 March 2025", "gphotosync login --lib "],
    );
    let login = Dialogue::begin(&sandbox, &[]);
    login.browse();
    let ended = login.end().with_code(0);
    assert!(
        ended.stderr.contains("earlier gphotosync was replaced"),
        "{}",
        ended.stderr
    );
    sandbox.sync(&[]).with_code(0);
}

#[test]
fn a_damaged_one_is_kept_beside_the_new_one() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    let whole = fs::read(sandbox.path(".token.json")).unwrap();
    fs::write(sandbox.path(".token.json"), &whole[..whole.len() / 2]).unwrap();
    assert_needs_sign_in(
        sandbox.sync(&[]),
        &["the token file .token.json is damaged", "Sign in again with: "],
    );
    let login = Dialogue::begin(&sandbox, &[]);
    login.browse();
    login.end().with_code(0);
    let kept = fs::read(sandbox.path(".token.json.damaged-1")).unwrap();
    assert_eq!(kept, whole[..whole.len() / 2]);
    sandbox.sync(&[]).with_code(0);
}

#[test]
fn one_from_the_future_is_left_alone() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    fs::write(
        sandbox.path(".token.json"),
        r#"{"version":99,"grants":"elsewhere"}"#,
    )
    .unwrap();
    for command in ["sync", "login", "logout"] {
        let ended = sandbox.run(&[command]).with_code(1);
        assert!(
            ended.stderr.contains("was written by a newer gphotosync"),
            "{}",
            ended.stderr
        );
    }
    assert!(
        fs::read_to_string(sandbox.path(".token.json"))
            .unwrap()
            .contains("elsewhere")
    );
}

#[test]
fn a_library_that_cannot_keep_a_token_is_noticed_before_anybody_consents() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    fs::create_dir(sandbox.path(".token.json")).unwrap();
    let ended = sandbox.run(&["login", "--no-browser"]).with_code(1);
    assert!(
        ended.stderr.contains(".token.json cannot be read"),
        "{}",
        ended.stderr
    );
    assert_eq!(google.journal().total(), 0);
}
