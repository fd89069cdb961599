//! The four calls of the Picker API, one attempt each.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::{Call, PickerError};
use super::wire::{ListPage, WireSession};
use crate::pace::Traffic;
use crate::secret::Secret;
use crate::source::google::endpoint::{Endpoint, Service};
use crate::source::google::http::{Answer, Http};
use crate::source::google::sign_in::Tokens;
use crate::source::{Content, Resume, SourceError, SourceErrorKind};

/// The most items a page can hold.
const PAGE_SIZE: &str = "100";

/// The Picker API, as somebody who signed in.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    http: Http,
    tokens: Arc<dyn Tokens>,
}

impl Calls {
    pub(super) const fn new(http: Http, tokens: Arc<dyn Tokens>) -> Self {
        Self { http, tokens }
    }

    pub(super) const fn endpoint(&self) -> &Endpoint {
        self.http.endpoint()
    }

    /// Opens a session in which at most `most` items can be chosen.
    pub(super) async fn create(&self, most: u32) -> Result<WireSession, PickerError> {
        let bearer = self.tokens.bearer().await?;
        // An int64, which Google's JSON writes as a text.
        let wish = serde_json::json!({"pickingConfig": {"maxItemCount": most.to_string()}});
        let url = self.url("/v1/sessions");
        let answer = self.http.post_json(&url, wish.to_string(), &bearer).await?;
        self.heard(&answer, &bearer).await;
        read(Call::Create, &answer)
    }

    /// The session as it is now.
    pub(super) async fn session(&self, id: &str) -> Result<WireSession, PickerError> {
        let bearer = self.tokens.bearer().await?;
        let answer = self
            .http
            .get(&self.session_url(id), &[], &bearer, Traffic::Uncounted)
            .await?;
        self.heard(&answer, &bearer).await;
        read(Call::Session, &answer)
    }

    /// Ends a session.
    pub(super) async fn end(&self, id: &str) -> Result<(), PickerError> {
        let bearer = self.tokens.bearer().await?;
        let answer = self.http.delete(&self.session_url(id), &bearer).await?;
        self.heard(&answer, &bearer).await;
        if (200..300).contains(&answer.status) {
            return Ok(());
        }
        Err(PickerError::of(Call::Session, &answer))
    }

    /// One page of what was chosen in a session.
    pub(super) async fn page(&self, id: &str, token: Option<&str>) -> Result<ListPage, PickerError> {
        let bearer = self.tokens.bearer().await?;
        let mut query = vec![("sessionId", id), ("pageSize", PAGE_SIZE)];
        query.extend(token.map(|token| ("pageToken", token)));
        let url = self.url("/v1/mediaItems");
        let answer = self.http.get(&url, &query, &bearer, Traffic::Uncounted).await?;
        self.heard(&answer, &bearer).await;
        read(Call::List, &answer).map_err(|error| page_token_blamed(error, token))
    }

    /// The bytes at `url`, which open to whoever may pick and to nobody else.
    pub(super) async fn open(&self, url: &Secret, resume: &Resume) -> Result<Content, SourceError> {
        let bearer = self.tokens.bearer().await?;
        self.http.open_media(url, resume, Some(&bearer)).await
    }

    fn url(&self, path: &str) -> String {
        self.endpoint().url(Service::PhotosPicker, path)
    }

    fn session_url(&self, id: &str) -> String {
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        self.url(&format!("/v1/sessions/{id}"))
    }

    async fn heard(&self, answer: &Answer, bearer: &Secret) {
        if answer.status == 401 {
            self.tokens.rejected(bearer).await;
        }
    }
}

fn read<T: DeserializeOwned>(call: Call, answer: &Answer) -> Result<T, PickerError> {
    if answer.status != 200 {
        return Err(PickerError::of(call, answer));
    }
    // A proxy's or a captive portal's page comes with 200 too; another attempt may get through.
    serde_json::from_slice(&answer.body).map_err(|error| {
        let message = format!("Google's answer could not be read ({error})");
        SourceError::new(SourceErrorKind::WrongContent, message).into()
    })
}

/// Every request but for its token is the same, so a 400 on a later page is the token's fault.
fn page_token_blamed(error: PickerError, token: Option<&str>) -> PickerError {
    match error {
        PickerError::Google(error) if token.is_some() && error.kind == SourceErrorKind::Unexpected => {
            PickerError::Google(SourceError {
                kind: SourceErrorKind::PageTokenRejected,
                ..error
            })
        }
        other => other,
    }
}
