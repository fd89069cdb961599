//! The OAuth client: where it is looked for, and what its file may look like.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};
use stand_in_google::{ClientForm, StandIn};

use super::dialogue::Dialogue;
use super::{assert_needs_sign_in, google};
use crate::support::Sandbox;

/// The id and the secret of the stand-in's client, and nothing else.
fn bare(google: &StandIn) -> Value {
    let file: Value = serde_json::from_str(&google.client_secret_json(&ClientForm::Installed)).unwrap();
    let client = &file["installed"];
    json!({"installed": {"client_id": client["client_id"], "client_secret": client["client_secret"]}})
}

/// Whether whoever built the program gave it a client of its own, which is then used where there is no other.
pub(crate) fn is_built_in() -> bool {
    option_env!("GPHOTOSYNC_CLIENT_ID").is_some()
        || fs::exists(concat!(env!("CARGO_MANIFEST_DIR"), "/.client_secret.json")).unwrap()
}

fn signs_in(sandbox: &Sandbox, args: &[&str]) {
    let login = Dialogue::begin(sandbox, args);
    login.browse();
    login.end().with_code(0);
}

#[test]
fn without_any_client_there_is_a_guide() {
    if is_built_in() {
        return;
    }
    let sandbox = Sandbox::empty();
    let login = sandbox.run(&["login", "--no-browser"]).with_code(4);
    assert_snapshot!(login.shown());
    assert_eq!(login.stdout, "");
    let sync = sandbox.sync(&[]).with_code(4);
    assert_eq!(sync.shown(), login.shown(), "both say the same");
}

#[test]
fn optional_fields_may_be_missing_and_unknown_ones_present() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let mut client = bare(&google);
    fs::write(sandbox.path(".client_secret.json"), client.to_string()).unwrap();
    signs_in(&sandbox, &[]);
    client["installed"]["universe_domain"] = json!("googleapis.com");
    client["installed"]["redirect_uris"] = json!([]);
    client["comment"] = json!({"made": 2026});
    // Editors of old put a mark in front.
    fs::write(
        sandbox.path(".client_secret.json"),
        format!("\u{feff}{client:#}\r\n"),
    )
    .unwrap();
    signs_in(&sandbox, &[]);
}

#[test]
fn a_client_may_be_elsewhere_but_the_librarys_own_comes_first() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let elsewhere = sandbox.home().join("client.json");
    fs::rename(sandbox.path(".client_secret.json"), &elsewhere).unwrap();
    let elsewhere = elsewhere.to_str().unwrap();
    signs_in(&sandbox, &["--client-secret", elsewhere]);
    sandbox.sync(&["--client-secret", elsewhere]).with_code(0);
    fs::write(sandbox.path(".client_secret.json"), "{}").unwrap();
    let ended = sandbox.sync(&["--client-secret", elsewhere]);
    assert_needs_sign_in(ended, &[".client_secret.json cannot be used: it holds neither"]);
}

#[test]
fn what_is_wrong_with_a_client_file_is_said() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let mut told = Vec::new();
    for text in [
        "",
        "{\"installed\":",
        "[]",
        "{\"type\":\"service_account\",\"private_key\":\"hush\"}",
        "{\"installed\":{\"client_secret\":\"hush\"}}",
        "{\"installed\":{\"client_id\":\"1.apps.googleusercontent.com\"}}",
        "{\"web\":{\"client_id\":\"1\",\"client_secret\":\"hush\",\"redirect_uris\":[\"https://example.org/\"]}}",
    ] {
        fs::write(sandbox.path(".client_secret.json"), text).unwrap();
        let ended = sandbox.run(&["login", "--no-browser"]).with_code(4);
        assert!(!ended.stderr.contains("hush"), "{}", ended.stderr);
        told.push(format!("{text}\n  {}", ended.shown().trim_end()));
    }
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_file_that_is_not_where_it_was_said_to_be() {
    let sandbox = Sandbox::empty();
    let missing = sandbox.home().join("missing.json");
    let ended = sandbox.run(&["login", "--client-secret", missing.to_str().unwrap()]);
    assert_needs_sign_in(ended, &["missing.json cannot be used", "No such file"]);
}

#[test]
fn a_secret_that_google_does_not_accept_is_explained() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let mut client = bare(&google);
    client["installed"]["client_secret"] = json!("GOCSPX-of-yesterday");
    fs::write(sandbox.path(".client_secret.json"), client.to_string()).unwrap();
    let login = Dialogue::begin(&sandbox, &[]);
    login.browse();
    let words = [
        "does not accept the OAuth client (invalid_client)",
        "Create another one",
    ];
    assert_needs_sign_in(login.end(), &words);
    assert!(!sandbox.has_token());
}

#[test]
fn a_grant_of_another_client_is_not_used() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    let other =
        json!({"installed": {"client_id": "2-other.apps.googleusercontent.com", "client_secret": "s"}});
    fs::write(sandbox.path(".client_secret.json"), other.to_string()).unwrap();
    assert_needs_sign_in(
        sandbox.sync(&[]),
        &["belongs to another OAuth client", "gphotosync login --lib "],
    );
}
