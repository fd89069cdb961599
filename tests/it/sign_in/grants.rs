//! What a run does when its sign-in ends, weakens, or cannot be renewed for a while.

use std::time::Duration;

use stand_in_google::{Change, Endpoint, Faults, Item, Refusal, RetryAfter, Service, StandIn, Trigger};

use super::{assert_needs_sign_in, google};
use crate::support::{Sandbox, serving};

/// A library of three pages.
fn three_pages() -> StandIn {
    serving((1..=250).map(Item::photo).collect())
}

#[test]
fn a_withdrawn_permission_is_explained() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google.revoke_grants();
    let ended = sandbox.sync(&[]);
    let words = [
        "no longer accepts the sign-in of",
        "(invalid_grant)",
        "most likely revoked",
        "gphotosync login --lib ",
    ];
    assert_eq!(ended.summary().ending(), "sign_in_needed");
    assert_needs_sign_in(ended, &words);
    assert!(
        sandbox.has_token(),
        "the token is not thrown away: Google may be wrong"
    );
}

#[test]
fn a_permission_withdrawn_in_the_middle_ends_the_run_and_keeps_what_is_there() {
    let google = three_pages();
    let sandbox = Sandbox::signed_in(&google);
    google.after_page(0, Change::RevokeGrants);
    let ended = sandbox.sync(&["--workers", "2"]);
    let summary = ended.summary();
    assert_eq!(summary.ending(), "sign_in_needed");
    assert_needs_sign_in(ended, &["(invalid_grant)"]);
    let stored = summary.count("stored");
    assert_eq!(sandbox.tree().len() as u64, stored);
    sandbox.sign_in();
    let again = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(
        again.counts(),
        [("stored", 250 - stored), ("present", stored)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_week_old_grant_of_a_project_in_testing_is_explained() {
    let google = google();
    google.configure(|settings| settings.refresh_token_expires_in = Some(1));
    let sandbox = Sandbox::signed_in(&google);
    google.revoke_grants();
    crate::support::wait_until("the grant's second to pass", || {
        let end: chrono::DateTime<chrono::Utc> = sandbox.grant()["refresh_expires_at"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        chrono::Utc::now() > end
    });
    assert_needs_sign_in(sandbox.sync(&[]), &["it was limited in time and ended on"]);
}

#[test]
fn a_token_that_ends_in_the_middle_is_renewed_once_however_many_need_it() {
    let google = three_pages();
    let sandbox = Sandbox::signed_in(&google);
    google.journal().clear();
    google.after_page(1, Change::ExpireAccessTokens);
    google.after_page(1, Change::ExpireBaseUrls);
    let summary = sandbox.sync(&["--workers", "16"]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 250)]);
    assert_eq!(google.journal().count(Endpoint::Token), 1);
    let refused = google
        .journal()
        .entries()
        .into_iter()
        .filter(|entry| entry.status == Some(401));
    assert!(refused.count() >= 1, "it did end");
}

#[test]
fn a_short_lived_token_is_renewed_before_it_is_refused() {
    let google = google();
    google.configure(|settings| settings.access_token_lifetime = Duration::from_secs(1));
    let sandbox = Sandbox::signed_in(&google);
    google.configure(|settings| settings.access_token_lifetime = Duration::from_secs(3599));
    google.journal().clear();
    let end = || -> chrono::DateTime<chrono::Utc> {
        sandbox.grant()["expires_at"].as_str().unwrap().parse().unwrap()
    };
    crate::support::wait_until("the token's second to pass", || chrono::Utc::now() > end());
    sandbox.sync(&[]).with_code(0);
    assert_eq!(google.journal().count(Endpoint::Token), 1);
    assert!(
        google
            .journal()
            .entries()
            .iter()
            .all(|entry| entry.status != Some(401))
    );
}

#[test]
fn a_token_endpoint_in_trouble_is_waited_for() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google.expire_access_tokens();
    let soon = Some(RetryAfter::Seconds(1));
    google.faults().set(
        Faults::none()
            .rule(Endpoint::Token, Trigger::Nth(1), Refusal::ServerError(503, soon))
            .rule(Endpoint::Token, Trigger::Nth(2), Refusal::ResetBeforeHeaders)
            .rule(Endpoint::Token, Trigger::Nth(3), Refusal::HtmlOk),
    );
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 3)]);
    assert_eq!(google.faults().struck(), [1, 1, 1]);
}

#[test]
fn a_token_endpoint_that_never_recovers_is_no_reason_to_sign_in() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google.expire_access_tokens();
    let at_once = Some(RetryAfter::Seconds(0));
    google.faults().set(Faults::none().rule(
        Endpoint::Token,
        Trigger::Always,
        Refusal::ServerError(500, at_once),
    ));
    let ended = sandbox.sync(&[]).with_code(1);
    assert!(
        ended
            .stderr
            .contains("Google's sign-in server failed (status 500)"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_missing_scope_is_explained() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google
        .faults()
        .set(Faults::none().rule(Service::Library, Trigger::Always, Refusal::ScopeMissing));
    assert_needs_sign_in(
        sandbox.sync(&[]),
        &["insufficient authentication scopes", "gphotosync login"],
    );
}

#[test]
fn an_api_that_is_not_enabled_is_named() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    google.configure(|settings| settings.library_api_enabled = false);
    let ended = sandbox.sync(&[]).with_code(1);
    assert_eq!(ended.summary().ending(), "stopped");
    assert!(
        ended.stderr.contains("the Photos Library API is not enabled"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("enable it under"), "{}", ended.stderr);
    assert_eq!(
        google.journal().count(Endpoint::ListMediaItems),
        1,
        "asking again would not help"
    );
}
