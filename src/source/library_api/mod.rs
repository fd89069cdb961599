//! Source: the Google Photos Library API, which shows an app what that app uploaded.

mod base_urls;
mod calls;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use self::base_urls::BaseUrls;
use self::calls::Calls;
use super::google::base_url::{TRUSTED_AGE, suffix};
use super::google::http::Http;
use super::google::pages::{Position, Step};
use super::google::sign_in::Tokens;
use super::{Batch, Content, Resume, Source, SourceError, SourceErrorKind};
use crate::media::{Locator, MediaItem, Role};
use crate::pace::retry::{RetryPolicy, retry};
use crate::report::{Event, Reporter};
use crate::secret::Secret;

/// Lists and opens what the signed-in account's app uploaded.
#[derive(Clone)]
pub struct LibraryApi {
    calls: Calls,
    base_urls: Arc<BaseUrls>,
    policy: RetryPolicy,
    reporter: Arc<dyn Reporter>,
}

impl std::fmt::Debug for LibraryApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LibraryApi")
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

impl LibraryApi {
    /// The library of whoever `tokens` speaks for.
    pub fn new(
        http: Http,
        tokens: Arc<dyn Tokens>,
        policy: RetryPolicy,
        reporter: Arc<dyn Reporter>,
    ) -> Self {
        Self {
            calls: Calls::new(http, tokens),
            base_urls: Arc::default(),
            policy,
            reporter,
        }
    }

    /// Asks for as little as possible, once, and returns the time at Google.
    ///
    /// # Errors
    /// What a listing would fail with.
    pub async fn probe(&self) -> Result<Option<DateTime<Utc>>, SourceError> {
        self.calls.probe().await
    }

    /// One page, tried as often as it takes, and the position after it.
    async fn step(&self, position: Position) -> Result<(Batch, Step), SourceError> {
        let attempt = || self.calls.page(position.token.as_deref());
        let heard = |attempt, delay, error: &SourceError| {
            self.reporter.report(&Event::ListingRetrying {
                attempt,
                delay,
                error: &error.message,
            });
        };
        match retry(self.policy, attempt, heard).await {
            Ok(page) => {
                let items: Vec<_> = page
                    .media_items
                    .into_iter()
                    .filter_map(wire::WireItem::into_item)
                    .collect();
                self.base_urls.listed(items.iter().map(|item| &item.id));
                let step = position.after(items.len(), page.next_page_token)?;
                Ok((Batch::Items(items), step))
            }
            Err(error) if error.kind == SourceErrorKind::PageTokenRejected => {
                let start = position.restarted().ok_or(error)?;
                Ok((Batch::Restarted, Step::Next(start)))
            }
            Err(error) => Err(error),
        }
    }

    async fn open_at(
        &self,
        locator: &Locator,
        suffix: &str,
        resume: &Resume,
    ) -> Result<Content, SourceError> {
        let url = Secret::new(format!("{}{suffix}", locator.base_url.reveal()));
        self.calls.http().open_media(&url, resume, None).await
    }

    fn trusted_link(&self, item: &MediaItem) -> Option<Locator> {
        let known = self.base_urls.known(&item.id).or_else(|| item.locator.clone())?;
        (known.obtained.elapsed() < TRUSTED_AGE).then_some(known)
    }
}

#[async_trait]
impl Source for LibraryApi {
    fn name(&self) -> &'static str {
        "library-api"
    }

    fn list(&self) -> BoxStream<'static, Result<Batch, SourceError>> {
        let start = Some(Position::default());
        stream::unfold((self.clone(), start), |(this, position)| async move {
            let (batch, next) = match this.step(position?).await {
                Ok((batch, Step::Next(next))) => (Ok(batch), Some(next)),
                Ok((batch, Step::Done)) => (Ok(batch), None),
                Err(error) => (Err(error), None),
            };
            Some((batch, (this, next)))
        })
        .boxed()
    }

    async fn open(&self, item: &MediaItem, role: Role, resume: &Resume) -> Result<Content, SourceError> {
        let suffix = suffix(item.kind, role);
        if let Some(link) = self.trusted_link(item) {
            match self.open_at(&link, suffix, resume).await {
                Err(error) if error.kind == SourceErrorKind::Refused => {}
                opened => return opened,
            }
        }
        let link = self.base_urls.refresh(&self.calls, &item.id).await?;
        self.open_at(&link, suffix, resume).await
    }
}
