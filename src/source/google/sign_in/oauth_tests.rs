//! What the OAuth server is sent, and how each of its answers is read.

use super::*;
use crate::source::google::sign_in::scripted::{Scripted, desktop_client};

async fn refreshed(status: u16, body: &str) -> Result<Issued, TokenError> {
    let server = Scripted::new(std::time::Duration::ZERO);
    server.then(status, body);
    server
        .oauth()
        .refresh(&desktop_client(), &Secret::new("1//refresh"))
        .await
}

async fn kind(status: u16, body: &str) -> SourceErrorKind {
    match refreshed(status, body).await {
        Err(TokenError::Source(error)) => error.kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_code_is_exchanged_with_everything_google_asks_for() {
    let server = Scripted::new(std::time::Duration::ZERO);
    server.then(
        200,
        r#"{"access_token":"ya29.a","expires_in":3599,"refresh_token":"1//r","scope":"a b",
            "token_type":"Bearer","refresh_token_expires_in":"604799"}"#,
    );
    let (code, verifier) = (Secret::new("4/c"), Secret::new("v"));
    let issued = server
        .oauth()
        .exchange(&desktop_client(), &code, &verifier, "http://127.0.0.1:1")
        .await
        .unwrap();
    assert_eq!(server.url(0), "http://google.test/oauth2/token");
    for (field, value) in [
        ("grant_type", "authorization_code"),
        ("code", "4/c"),
        ("code_verifier", "v"),
        ("redirect_uri", "http://127.0.0.1:1"),
        ("client_id", "client-1"),
        ("client_secret", "GOCSPX-hidden"),
    ] {
        assert_eq!(server.sent(0, field), value, "{field}");
    }
    assert_eq!(issued.access_token.reveal(), "ya29.a");
    assert_eq!((issued.lifetime, issued.refresh_lifetime), (3599, Some(604_799)));
    assert_eq!(issued.scopes.unwrap(), ["a", "b"]);
    assert_eq!(issued.refresh_token.unwrap().reveal(), "1//r");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let refused = async |status, body| refreshed(status, body).await.unwrap_err().to_string();
    let dead = r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#;
    insta::assert_snapshot!(refused(400, dead).await, @"the grant is not accepted (invalid_grant)");
    let reauthenticate = r#"{"error":"invalid_grant","error_subtype":"invalid_rapt"}"#;
    insta::assert_snapshot!(refused(400, reauthenticate).await, @"the organisation demands to sign in again (invalid_rapt)");
    insta::assert_snapshot!(refused(401, r#"{"error":"invalid_client"}"#).await, @"the OAuth client is not accepted (invalid_client)");
    insta::assert_snapshot!(refused(400, r#"{"error":"invalid_scope"}"#).await, @"the request is not accepted (invalid_scope)");
    insta::assert_snapshot!(refused(403, r#"{"error":{"code":403,"status":"PERMISSION_DENIED"}}"#).await, @"the request is not accepted (PERMISSION_DENIED)");
}

#[tokio::test]
async fn outages_say_nothing_about_the_grant() {
    let throttled = SourceErrorKind::Throttled {
        span: QuotaSpan::Unnamed,
        retry_after: None,
    };
    assert_eq!(kind(429, r#"{"error":"invalid_grant"}"#).await, throttled);
    let server = SourceErrorKind::Server {
        status: 503,
        retry_after: None,
    };
    assert_eq!(kind(503, "<html>").await, server);
    for (status, body) in [
        (200, "<html>Please log in to the hotel</html>"),
        (200, r#"{"access_token":""}"#),
        (200, r#"{"access_token":"a","token_type":"mac"}"#),
        (400, "half a js"),
    ] {
        assert_eq!(kind(status, body).await, SourceErrorKind::Transport, "{body}");
    }
}

#[tokio::test]
async fn a_revocation_is_done_or_was_done_before() {
    let server = Scripted::new(std::time::Duration::ZERO);
    server
        .then(200, "{}")
        .then(400, r#"{"error":"invalid_token"}"#)
        .then(500, "")
        .then(404, "");
    let (oauth, token) = (server.oauth(), Secret::new("1//r"));
    assert_eq!(oauth.revoke(&token).await.unwrap(), Revocation::Done);
    assert_eq!(oauth.revoke(&token).await.unwrap(), Revocation::AlreadyDead);
    assert!(matches!(
        oauth.revoke(&token).await.unwrap_err().kind,
        SourceErrorKind::Server { .. }
    ));
    assert_eq!(
        oauth.revoke(&token).await.unwrap_err().kind,
        SourceErrorKind::Unexpected
    );
    assert_eq!(
        (server.url(0).as_str(), server.sent(0, "token").as_str()),
        ("http://google.test/oauth2/revoke", "1//r")
    );
}

#[tokio::test]
async fn debug_hides_what_was_issued() {
    let issued = refreshed(
        200,
        r#"{"access_token":"ya29.hidden","refresh_token":"1//hidden"}"#,
    )
    .await;
    assert!(!format!("{issued:?}").contains("hidden"));
    assert_eq!(issued.unwrap().lifetime, USUAL_LIFETIME_SECONDS);
}
