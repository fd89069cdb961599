//! Renewal under load, under failure and under the person's feet.

use std::sync::Arc;

use chrono::TimeDelta;

use super::*;
use crate::source::QuotaSpan;
use crate::source::google::sign_in::grant::tests::grant;
use crate::source::google::sign_in::scripted::{Scripted, desktop_client};

/// A signed-in library whose access token has `seconds` of an hour left.
struct Scene {
    library: tempfile::TempDir,
    server: Arc<Scripted>,
    tokens: Arc<GrantTokens>,
}

fn signed_in(seconds: i64) -> Scene {
    let library = tempfile::tempdir().unwrap();
    let mut grant = grant(3600);
    grant.expires_at = Some(Utc::now() + TimeDelta::seconds(seconds));
    grant.refreshed_at = Some(Utc::now() + TimeDelta::seconds(seconds - 3600));
    TokenFile::of(library.path()).keep(grant.clone()).unwrap();
    let server = Scripted::new(Duration::from_millis(20));
    let tokens = Arc::new(GrantTokens::new(
        server.oauth(),
        desktop_client(),
        library.path(),
        grant,
    ));
    Scene {
        library,
        server,
        tokens,
    }
}

fn answer(token: &str) -> String {
    format!(r#"{{"access_token":"{token}","expires_in":3599,"token_type":"Bearer"}}"#)
}

impl Scene {
    async fn bearer(&self) -> String {
        self.tokens.bearer().await.unwrap().reveal().to_owned()
    }

    async fn error(&self) -> SourceError {
        self.tokens.bearer().await.unwrap_err()
    }

    /// What as many callers at once get.
    async fn crowd(&self, callers: usize) -> Vec<Result<Secret, SourceError>> {
        futures::future::join_all((0..callers).map(|_| self.tokens.bearer())).await
    }

    fn stored(&self) -> Grant {
        match TokenFile::of(self.library.path()).contents().unwrap() {
            Contents::Grants(grants) => grants[0].clone(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_living_token_is_given_without_asking() {
    let scene = signed_in(1800);
    assert_eq!(scene.bearer().await, "ya29.hidden");
    assert_eq!(scene.server.requests(), 0);
}

#[tokio::test]
async fn sixteen_callers_make_one_refresh() {
    let scene = signed_in(200);
    scene.server.then(200, &answer("ya29.new"));
    for result in scene.crowd(16).await {
        assert_eq!(result.unwrap().reveal(), "ya29.new");
    }
    assert_eq!(scene.server.requests(), 1);
    assert_eq!(scene.server.sent(0, "refresh_token"), "1//hidden");
    assert_eq!(scene.stored().access_token.unwrap().reveal(), "ya29.new");
}

#[tokio::test]
async fn who_waited_for_a_failed_refresh_shares_its_error_and_the_next_one_tries_again() {
    let scene = signed_in(-1);
    scene.server.then_unreachable().then(200, &answer("ya29.new"));
    for result in scene.crowd(16).await {
        assert_eq!(result.unwrap_err().kind, SourceErrorKind::Transport);
    }
    assert_eq!(scene.server.requests(), 1);
    assert_eq!(scene.bearer().await, "ya29.new");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_still_lives_is_used_while_the_refresh_fails() {
    let scene = signed_in(200);
    scene.server.then(503, "").then(200, &answer("ya29.new"));
    assert_eq!(
        (scene.bearer().await, scene.bearer().await),
        ("ya29.hidden".into(), "ya29.hidden".into())
    );
    assert_eq!(scene.server.requests(), 1);
    tokio::time::advance(SECOND_CHANCE).await;
    assert_eq!(scene.bearer().await, "ya29.new");
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once() {
    let scene = signed_in(1800);
    scene.server.then(200, &answer("ya29.new"));
    let old = scene.tokens.bearer().await.unwrap();
    for _ in 0..3 {
        scene.tokens.rejected(&old).await;
        assert_eq!(scene.bearer().await, "ya29.new");
    }
    assert_eq!(scene.server.requests(), 1);
}

#[tokio::test]
async fn a_dead_grant_is_explained_and_not_asked_for_again() {
    let scene = signed_in(-1);
    scene.server.then(
        400,
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
    );
    for result in scene.crowd(16).await {
        let error = result.unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::SignIn);
        assert!(error.message.contains("most likely revoked") && error.message.contains("gphotosync login"));
    }
    scene.error().await;
    assert_eq!(scene.server.requests(), 1);
}

#[tokio::test]
async fn a_dead_grant_gives_way_to_one_that_was_made_meanwhile() {
    let scene = signed_in(-1);
    let file = TokenFile::of(scene.library.path());
    let picker = vec!["picker".to_owned()];
    file.keep(Grant {
        refresh_token: Secret::new("1//picker"),
        scopes: picker,
        ..grant(1)
    })
    .unwrap();
    file.keep(Grant {
        refresh_token: Secret::new("1//again"),
        ..grant(1)
    })
    .unwrap();
    scene
        .server
        .then(400, r#"{"error":"invalid_grant"}"#)
        .then(200, &answer("ya29.again"));
    assert_eq!(scene.bearer().await, "ya29.again");
    assert_eq!(scene.server.sent(1, "refresh_token"), "1//again");
}

#[tokio::test]
async fn a_new_refresh_token_is_kept() {
    let scene = signed_in(-1);
    let rotated = r#"{"access_token":"ya29.new","expires_in":0,"refresh_token":"1//rotated"}"#;
    scene.server.then(200, rotated).then(200, &answer("ya29.newer"));
    scene.bearer().await;
    assert_eq!(scene.stored().refresh_token.reveal(), "1//rotated");
    scene.bearer().await;
    assert_eq!(scene.server.sent(1, "refresh_token"), "1//rotated");
}

#[tokio::test]
async fn a_token_that_cannot_be_kept_is_used_all_the_same() {
    let scene = signed_in(-1);
    std::fs::remove_file(scene.library.path().join(".token.json")).unwrap();
    std::fs::create_dir(scene.library.path().join(".token.json")).unwrap();
    scene.server.then(200, &answer("ya29.new"));
    assert_eq!(scene.bearer().await, "ya29.new");
}

#[tokio::test]
async fn failures_keep_their_kind() {
    for (status, body, kind) in [
        (401, r#"{"error":"invalid_client"}"#, SourceErrorKind::SignIn),
        (
            400,
            r#"{"error":"invalid_grant","error_subtype":"invalid_rapt"}"#,
            SourceErrorKind::SignIn,
        ),
        (400, r#"{"error":"invalid_scope"}"#, SourceErrorKind::SignIn),
        (
            500,
            "",
            SourceErrorKind::Server {
                status: 500,
                retry_after: None,
            },
        ),
        (
            429,
            "",
            SourceErrorKind::Throttled {
                span: QuotaSpan::Unnamed,
                retry_after: None,
            },
        ),
    ] {
        let scene = signed_in(-1);
        scene.server.then(status, body);
        assert_eq!(scene.error().await.kind, kind, "{status} {body}");
    }
}

#[tokio::test]
async fn debug_hides_the_tokens() {
    let scene = signed_in(1800);
    let shown = format!("{:?}", scene.tokens);
    assert!(!shown.contains("hidden"), "{shown}");
}
