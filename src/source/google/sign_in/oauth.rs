//! What is said to Google's OAuth server: exchange a code, refresh, revoke. One attempt each; it keeps nothing, and
//! the explanations for people are elsewhere.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::callback::error_name;
use super::client_file::Client;
use crate::pace::retry::Classify;
use crate::secret::Secret;
use crate::source::google::endpoint::{Endpoint, Service};
use crate::source::google::http::{Answer, Http};
use crate::source::{Disposition, QuotaSpan, SourceError, SourceErrorKind};

/// The lifetime of an access token whose answer does not tell it: the hour that Google's have.
const USUAL_LIFETIME_SECONDS: u64 = 3600;

/// Sends one form. The connections to Google do; tests answer by themselves.
#[async_trait]
pub(crate) trait Forms: Debug + Send + Sync {
    async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<Answer, SourceError>;
}

#[async_trait]
impl Forms for Http {
    async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<Answer, SourceError> {
        Self::post_form(self, url, form).await
    }
}

/// Google's OAuth server, or a compatible one.
#[derive(Clone, Debug)]
pub struct OAuth {
    forms: Arc<dyn Forms>,
    endpoint: Endpoint,
}

/// What the token endpoint granted.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) access_token: Secret,
    /// Seconds from now.
    pub(crate) lifetime: u64,
    pub(crate) refresh_token: Option<Secret>,
    /// Seconds from now, where the grant itself is limited in time.
    pub(crate) refresh_lifetime: Option<u64>,
    /// The scopes of the grant, which may be fewer than asked for. Nothing means all of them (RFC 6749 §5.1).
    pub(crate) scopes: Option<Vec<String>>,
}

/// Why the token endpoint granted nothing.
#[derive(Debug, Error)]
pub(crate) enum TokenError {
    /// The code or the refresh token is not, or no longer, accepted.
    #[error("the grant is not accepted (invalid_grant)")]
    InvalidGrant,
    /// An organisation wants its people to sign in again from time to time.
    #[error("the organisation demands to sign in again (invalid_rapt)")]
    ReauthenticationDemanded,
    /// The client is deleted, or its secret is another one.
    #[error("the OAuth client is not accepted (invalid_client)")]
    InvalidClient,
    /// Another refusal, by its OAuth name.
    #[error("the request is not accepted ({0})")]
    Refused(String),
    /// No answer, or none that says anything about the grant.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl Classify for TokenError {
    /// Only what may pass by itself within moments is worth another attempt while somebody waits.
    fn disposition(&self) -> Disposition {
        match self {
            Self::Source(error) if error.disposition() == Disposition::Retry => Disposition::Retry,
            _ => Disposition::GiveUp,
        }
    }
}

/// What became of a token that was to be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revocation {
    Done,
    /// It was not valid any more.
    AlreadyDead,
}

impl OAuth {
    /// The server that `http` is meant for, reached through it.
    pub fn new(http: Http) -> Self {
        let endpoint = http.endpoint().clone();
        Self::over(Arc::new(http), endpoint)
    }

    pub(crate) fn over(forms: Arc<dyn Forms>, endpoint: Endpoint) -> Self {
        Self { forms, endpoint }
    }

    /// The address of the consent page for `request`.
    pub(crate) fn consent_url(&self, request: &[(&str, &str)]) -> Result<Url, SourceError> {
        let page = self.endpoint.url(Service::Accounts, "/o/oauth2/v2/auth");
        Url::parse_with_params(&page, request).map_err(|_| {
            SourceError::new(
                SourceErrorKind::Unexpected,
                "the configured endpoint is not an address",
            )
        })
    }

    /// Trades `code` for tokens.
    pub(crate) async fn exchange(
        &self,
        client: &Client,
        code: &Secret,
        verifier: &Secret,
        redirect_uri: &str,
    ) -> Result<Issued, TokenError> {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code.reveal()),
            ("code_verifier", verifier.reveal()),
            ("redirect_uri", redirect_uri),
            ("client_id", &client.id),
            ("client_secret", client.secret.reveal()),
        ])
        .await
    }

    /// Asks for a new access token.
    pub(crate) async fn refresh(
        &self,
        client: &Client,
        refresh_token: &Secret,
    ) -> Result<Issued, TokenError> {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.reveal()),
            ("client_id", &client.id),
            ("client_secret", client.secret.reveal()),
        ])
        .await
    }

    /// Ends the grant that `token` belongs to.
    pub(crate) async fn revoke(&self, token: &Secret) -> Result<Revocation, SourceError> {
        let url = self.endpoint.url(Service::OAuth2, "/revoke");
        let answer = self.forms.post_form(&url, &[("token", token.reveal())]).await?;
        match (answer.status, error_code(&answer.body).as_deref()) {
            (200, _) => Ok(Revocation::Done),
            (400, Some("invalid_token" | "invalid_grant")) => Ok(Revocation::AlreadyDead),
            (status, _) => Err(outage(&answer).unwrap_or_else(|| unexpected(status))),
        }
    }

    async fn token(&self, form: &[(&str, &str)]) -> Result<Issued, TokenError> {
        let url = self.endpoint.url(Service::OAuth2, "/token");
        let answer = self.forms.post_form(&url, form).await?;
        if answer.status == 200 {
            return issued(&answer.body).map_err(TokenError::Source);
        }
        Err(refusal(&answer))
    }
}

fn issued(body: &[u8]) -> Result<Issued, SourceError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| foreign_answer())?;
    let secret = |name: &str| {
        let value = body[name].as_str().filter(|value| !value.is_empty());
        value.map(Secret::new)
    };
    let bearer = body["token_type"]
        .as_str()
        .is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    let access_token = secret("access_token")
        .filter(|_| bearer)
        .ok_or_else(foreign_answer)?;
    Ok(Issued {
        access_token,
        lifetime: seconds(&body["expires_in"]).unwrap_or(USUAL_LIFETIME_SECONDS),
        refresh_token: secret("refresh_token"),
        refresh_lifetime: seconds(&body["refresh_token_expires_in"]),
        scopes: body["scope"]
            .as_str()
            .map(|all| all.split_whitespace().map(str::to_owned).collect()),
    })
}

/// A number of seconds, which some servers write as a string.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn refusal(answer: &Answer) -> TokenError {
    if let Some(outage) = outage(answer) {
        return TokenError::Source(outage);
    }
    match error_code(&answer.body).as_deref() {
        None => TokenError::Source(foreign_answer()),
        Some("invalid_grant") if is_reauthentication(&answer.body) => TokenError::ReauthenticationDemanded,
        Some("invalid_grant") => TokenError::InvalidGrant,
        Some("invalid_client" | "deleted_client" | "unauthorized_client") => TokenError::InvalidClient,
        Some(other) => TokenError::Refused(error_name(other)),
    }
}

/// The error of a status that says something about the server, and nothing about the grant.
fn outage(answer: &Answer) -> Option<SourceError> {
    let (status, retry_after) = (answer.status, answer.retry_after);
    let (kind, what) = match status {
        429 => {
            let kind = SourceErrorKind::Throttled {
                span: QuotaSpan::Unnamed,
                retry_after,
            };
            (kind, "Google's sign-in server asked to slow down")
        }
        500..=599 => {
            let kind = SourceErrorKind::Server { status, retry_after };
            (kind, "Google's sign-in server failed")
        }
        _ => return None,
    };
    Some(SourceError::new(kind, format!("{what} (status {status})")))
}

/// The OAuth error code, or the status name of Google's other error form.
fn error_code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let error = &body["error"];
    error
        .as_str()
        .or_else(|| error["status"].as_str())
        .map(str::to_owned)
}

fn is_reauthentication(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body["error_subtype"] == "invalid_rapt")
}

/// The answer did not come from an OAuth server, or did not come whole; either passes.
fn foreign_answer() -> SourceError {
    SourceError::new(
        SourceErrorKind::Transport,
        "the answer to the sign-in request was not Google's; a proxy or a captive portal may be in between",
    )
}

fn unexpected(status: u16) -> SourceError {
    SourceError::new(
        SourceErrorKind::Unexpected,
        format!("Google's sign-in server answered with status {status}"),
    )
}

#[cfg(test)]
#[path = "oauth_tests.rs"]
mod tests;
