//! `doctor`: says what is wrong with the set-up, and what to do about it.

use std::fs;

use pretend_takeout::{Settings, write};
use stand_in_google::{Item, StandIn};

use super::filled;
use crate::sign_in::clients::is_built_in;
use crate::support::{Ended, Sandbox, serving};

fn signed_in() -> (StandIn, Sandbox) {
    let google = serving(vec![Item::photo(1)]);
    let sandbox = Sandbox::signed_in(&google);
    (google, sandbox)
}

/// Fails unless a line says that `what` came out as `grade`, with these words there or in the advice below it.
#[track_caller]
fn assert_found(ended: &Ended, grade: &str, what: &str, words: &str) {
    let text = &ended.stdout;
    let begin = format!("{grade:<4}  {what:<14} ");
    let mut lines = text.lines().skip_while(|line| !line.starts_with(&begin));
    let mut told = lines
        .next()
        .unwrap_or_else(|| panic!("no {begin:?}:\n{text}"))
        .to_owned();
    for advice in lines.take_while(|line| line.starts_with("        ")) {
        told = format!("{told}\n{advice}");
    }
    assert!(told.contains(words), "no {words:?} in:\n{told}");
}

#[test]
fn a_sound_setup_has_nothing_bad() {
    let (google, sandbox) = filled(&[Item::photo(1)]);
    let ended = sandbox.run(&["doctor"]).with_code(0);
    assert!(!ended.stdout.contains("BAD"), "{}", ended.stdout);
    assert_found(&ended, "ok", "index", "sound, 1 item known");
    assert_found(&ended, "ok", "lock", "free");
    assert_found(&ended, "ok", "client", ".client_secret.json, a desktop client");
    assert_found(
        &ended,
        "ok",
        "sign-in",
        "granted less than a day ago, for 1 scope",
    );
    assert_found(&ended, "ok", "API", "Google answers");
    assert_found(&ended, "ok", "clock", "right");
    assert_found(&ended, "ok", "quota", "of 10,000 API calls");
    assert_eq!(super::media_requests(&google), 0);
    sandbox.assert_holds(&[Item::photo(1)]);
}

#[test]
fn without_a_client_there_is_the_guide() {
    if is_built_in() {
        return;
    }
    let sandbox = Sandbox::empty();
    let ended = sandbox.run(&["doctor"]).with_code(4);
    let guide = sandbox.run(&["login", "--no-browser"]).with_code(4).stderr;
    let step = guide
        .lines()
        .find(|line| line.contains("https://"))
        .unwrap()
        .trim();
    assert_found(&ended, "BAD", "client", step);
    assert_found(&ended, "note", "index", "gphotosync adopt");
    assert!(!sandbox.path(".gphotosync").exists(), "it only looks");
}

#[test]
fn whoever_only_imports_exports_needs_no_client() {
    if is_built_in() {
        return;
    }
    let sandbox = Sandbox::empty();
    let export = sandbox.home().join("export");
    fs::create_dir(&export).unwrap();
    let settings = Settings {
        items: 5,
        parts: 1,
        ..Settings::default()
    };
    write(&settings, &export).unwrap();
    sandbox.run(&["takeout", export.to_str().unwrap()]).with_code(0);
    let ended = sandbox.run(&["doctor"]).with_code(0);
    assert_found(&ended, "note", "client", "gphotosync login");
    assert_found(&ended, "ok", "lock", "free");
    // One that is there and is none is told of.
    fs::write(sandbox.path(".client_secret.json"), "rubbish").unwrap();
    let ended = sandbox.run(&["doctor"]).with_code(4);
    assert_found(&ended, "BAD", "client", ".client_secret.json");
}

#[test]
fn without_a_sign_in_it_says_how() {
    let google = serving(Vec::new());
    let sandbox = Sandbox::with_client(&google);
    let ended = sandbox.run(&["doctor"]).with_code(4);
    assert_found(&ended, "BAD", "sign-in", "gphotosync login");
}

#[test]
fn a_withdrawn_permission_is_found() {
    let (google, sandbox) = signed_in();
    google.revoke_grants();
    let ended = sandbox.run(&["doctor"]).with_code(4);
    assert_found(&ended, "BAD", "API", "no longer accepts the sign-in");
    assert_found(&ended, "BAD", "API", "revoked");
}

#[test]
fn an_api_that_is_not_enabled_is_named() {
    let (google, sandbox) = signed_in();
    google.configure(|settings| settings.library_api_enabled = false);
    let ended = sandbox.run(&["doctor"]).with_code(1);
    assert_found(&ended, "BAD", "API", "the Photos Library API is not enabled");
    assert_found(&ended, "BAD", "API", "enable it under");
}

#[test]
fn a_project_in_testing_is_noticed() {
    let google = serving(Vec::new());
    google.configure(|settings| settings.refresh_token_expires_in = Some(7 * 24 * 3600 - 1));
    let sandbox = Sandbox::signed_in(&google);
    let ended = sandbox.run(&["doctor"]).with_code(0);
    assert_found(&ended, "note", "sign-in", "Publish the app");
}

#[test]
fn a_google_that_is_not_there_is_no_reason_to_sign_in() {
    let (google, sandbox) = signed_in();
    drop(google);
    let ended = sandbox.run(&["doctor"]).with_code(1);
    assert_found(&ended, "BAD", "API", "no");
}

#[test]
fn a_damaged_index_and_a_missing_folder_are_found() {
    let (_google, sandbox) = filled(&[Item::photo(1)]);
    fs::write(
        sandbox.path(".gphotosync/index.db"),
        "not a database, but longer than a header".repeat(99),
    )
    .unwrap();
    let ended = sandbox.run(&["doctor"]).with_code(1);
    assert_found(&ended, "BAD", "index", "gphotosync adopt");
    fs::remove_dir_all(sandbox.library()).unwrap();
    let ended = sandbox.run(&["doctor"]).with_code(1);
    assert_found(&ended, "BAD", "library", "sync");
}
