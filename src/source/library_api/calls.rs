//! The two calls of the Library API that a backup needs, one attempt each.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use super::wire::{BatchAnswer, ListPage};
use crate::media::{Locator, MediaId};
use crate::pace::Traffic;
use crate::source::google::endpoint::Service;
use crate::source::google::http::{Answer, Http};
use crate::source::google::refusal;
use crate::source::google::sign_in::Tokens;
use crate::source::{SourceError, SourceErrorKind};

/// The most items a page can hold; fewer pages spare the day's quota of 10,000 calls.
const PAGE_SIZE: &str = "100";

/// The Library API, as somebody who signed in.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    http: Http,
    tokens: Arc<dyn Tokens>,
}

impl Calls {
    pub(super) const fn new(http: Http, tokens: Arc<dyn Tokens>) -> Self {
        Self { http, tokens }
    }

    pub(super) const fn http(&self) -> &Http {
        &self.http
    }

    /// One page of the list.
    pub(super) async fn page(&self, token: Option<&str>) -> Result<ListPage, SourceError> {
        let mut query = vec![("pageSize", PAGE_SIZE)];
        query.extend(token.map(|token| ("pageToken", token)));
        let answer = self.ask("/v1/mediaItems", &query).await?;
        page_in(&answer).map_err(|error| page_token_blamed(error, token))
    }

    /// Asks for as little as possible, and returns the time at Google.
    pub(super) async fn probe(&self) -> Result<Option<DateTime<Utc>>, SourceError> {
        let ask = || self.ask("/v1/mediaItems", &[("pageSize", "1")]);
        let mut answer = ask().await?;
        if answer.status == 401 {
            // An access token may end before its time; whether the grant still lives shows when it is renewed.
            answer = ask().await?;
        }
        page_in(&answer).map(|_| answer.date)
    }

    /// What Google now knows of up to fifty items. Ids that it does not know come back without a link.
    pub(super) async fn batch_get(
        &self,
        ids: &[MediaId],
    ) -> Result<Vec<(MediaId, Option<Locator>)>, SourceError> {
        let query: Vec<_> = ids.iter().map(|id| ("mediaItemIds", id.as_str())).collect();
        let answer: BatchAnswer = self.get("/v1/mediaItems:batchGet", &query, "items").await?;
        let items = answer
            .media_item_results
            .into_iter()
            .filter_map(|result| result.media_item?.into_item());
        Ok(items.map(|item| (item.id, item.locator)).collect())
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        what: &str,
    ) -> Result<T, SourceError> {
        read(&self.ask(path, query).await?, what)
    }

    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, SourceError> {
        let bearer = self.tokens.bearer().await?;
        let url = self.http.endpoint().url(Service::PhotosLibrary, path);
        let answer = self.http.get(&url, query, &bearer, Traffic::Call).await?;
        if answer.status == 401 {
            self.tokens.rejected(&bearer).await;
        }
        Ok(answer)
    }
}

fn page_in(answer: &Answer) -> Result<ListPage, SourceError> {
    let page: ListPage = read(answer, "list")?;
    if page.is_something_else(&answer.body) {
        return Err(unreadable("list", &"it is something else"));
    }
    Ok(page)
}

fn read<T: DeserializeOwned>(answer: &Answer, what: &str) -> Result<T, SourceError> {
    if answer.status != 200 {
        return Err(refusal::of_api_call(
            answer.status,
            answer.retry_after,
            &answer.body,
        ));
    }
    serde_json::from_slice(&answer.body).map_err(|error| unreadable(what, &error))
}

/// A proxy's or a captive portal's page comes with 200 too; another attempt may get through.
fn unreadable(what: &str, why: &dyn std::fmt::Display) -> SourceError {
    SourceError::new(
        SourceErrorKind::WrongContent,
        format!("Google's {what} could not be read ({why})"),
    )
}

/// Every request but for its token is the same, so a 400 on a later page is the token's fault.
fn page_token_blamed(error: SourceError, token: Option<&str>) -> SourceError {
    if token.is_some() && error.kind == SourceErrorKind::Unexpected {
        SourceError {
            kind: SourceErrorKind::PageTokenRejected,
            ..error
        }
    } else {
        error
    }
}
