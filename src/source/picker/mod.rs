//! Source: the Google Photos Picker, which hands out what a person has just picked in Google Photos itself.
//!
//! A [`PickerApi`] opens sessions and waits for the choice; [`Picker`] is the source that one chosen session makes.

mod calls;
mod error;
mod session;
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::sync::Mutex;
use tokio::time::Instant;

use self::calls::Calls;
pub use self::error::PickerError;
pub use self::session::{MOST_ITEMS, Session, Waited};
use self::wire::WireItem;
use super::google::base_url::{TRUSTED_AGE, suffix};
use super::google::http::Http;
use super::google::pages::{Position, Step};
use super::google::sign_in::Tokens;
use super::{Batch, Content, Resume, Source, SourceError, SourceErrorKind};
use crate::media::{Locator, MediaId, MediaItem, Role};
use crate::pace::retry::{RetryPolicy, retry};
use crate::report::{Event, Reporter};
use crate::secret::Secret;

/// The name of this source, and of the items in the index that came from it.
pub const NAME: &str = "picker";

/// What opens, watches and ends sessions for whoever signed in.
#[derive(Clone, Debug)]
pub struct PickerApi {
    calls: Calls,
    policy: RetryPolicy,
}

impl PickerApi {
    /// The Picker of whoever `tokens` speaks for.
    pub fn new(http: Http, tokens: Arc<dyn Tokens>, policy: RetryPolicy) -> Self {
        Self {
            calls: Calls::new(http, tokens),
            policy,
        }
    }

    /// The items chosen in the session `id`, as a source.
    pub fn source(&self, id: &str, reporter: Arc<dyn Reporter>) -> Picker {
        Picker {
            calls: self.calls.clone(),
            session: id.into(),
            links: Arc::default(),
            listed: Arc::default(),
            policy: self.policy,
            reporter,
        }
    }
}

/// Links by id. A session holds two thousand items at most, and so does this.
type Links = HashMap<MediaId, Locator>;

/// Lists and opens what was chosen in one session.
#[derive(Clone)]
pub struct Picker {
    calls: Calls,
    session: Arc<str>,
    /// Links fetched because earlier ones were refused. Whoever lists anew holds the lock: one listing serves all.
    links: Arc<Mutex<Links>>,
    listed: Arc<std::sync::Mutex<Vec<String>>>,
    policy: RetryPolicy,
    reporter: Arc<dyn Reporter>,
}

impl std::fmt::Debug for Picker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picker")
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

impl Picker {
    /// The ids of all items listed so far.
    pub fn listed(&self) -> Vec<String> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One page, asked for once, and the position after it.
    async fn page(&self, position: &Position) -> Result<(Vec<MediaItem>, Step), SourceError> {
        let page = self.calls.page(&self.session, position.token.as_deref()).await?;
        let items = page.media_items.into_iter().filter_map(WireItem::into_item);
        let items: Vec<_> = items.collect();
        let step = position.after(items.len(), page.next_page_token)?;
        Ok((items, step))
    }

    /// One page, tried as often as it takes, and the position after it.
    async fn step(&self, position: Position) -> Result<(Batch, Step), SourceError> {
        let heard = |attempt, delay, error: &SourceError| {
            self.reporter.report(&Event::ListingRetrying {
                attempt,
                delay,
                error: &error.message,
            });
        };
        match retry(self.policy, || self.page(&position), heard).await {
            Ok((items, step)) => {
                let ids = items.iter().map(|item| item.id.as_str().to_owned());
                self.listed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(ids);
                Ok((Batch::Items(items), step))
            }
            Err(error) if error.kind == SourceErrorKind::PageTokenRejected => {
                let start = position.restarted().ok_or(error)?;
                Ok((Batch::Restarted, Step::Next(start)))
            }
            Err(error) => Err(error),
        }
    }

    /// The link to an item that was obtained last, unless it is too old to be worth a try.
    async fn trusted_link(&self, item: &MediaItem) -> Option<Locator> {
        let fresh = self.links.lock().await.get(&item.id).cloned();
        let known = fresh.or_else(|| item.locator.clone())?;
        (known.obtained.elapsed() < TRUSTED_AGE).then_some(known)
    }

    /// A link to `id` that was obtained after `refused`. There is no asking for a single item: the whole session is
    /// listed again, once for all who need it.
    async fn fresh_link(&self, id: &MediaId, refused: Option<Instant>) -> Result<Locator, SourceError> {
        let mut links = self.links.lock().await;
        let is_newer = |link: &Locator| refused.is_none_or(|at| link.obtained > at);
        let is_young = |link: &Locator| link.obtained.elapsed() < TRUSTED_AGE;
        if let Some(link) = links.get(id).filter(|link| is_newer(link) && is_young(link)) {
            return Ok(link.clone());
        }
        *links = self.all_links().await?;
        links.get(id).cloned().ok_or_else(forgotten)
    }

    async fn all_links(&self) -> Result<Links, SourceError> {
        let mut links = Links::new();
        let mut position = Position::default();
        loop {
            let (items, step) = self.page(&position).await?;
            links.extend(
                items
                    .into_iter()
                    .filter_map(|item| Some((item.id, item.locator?))),
            );
            match step {
                Step::Next(next) => position = next,
                Step::Done => return Ok(links),
            }
        }
    }

    async fn open_at(&self, link: &Locator, suffix: &str, resume: &Resume) -> Result<Content, SourceError> {
        let url = Secret::new(format!("{}{suffix}", link.base_url.reveal()));
        self.calls.open(&url, resume).await
    }
}

fn forgotten() -> SourceError {
    SourceError::new(
        SourceErrorKind::Gone,
        "Google no longer lists the item in the selection",
    )
}

#[async_trait]
impl Source for Picker {
    fn name(&self) -> &'static str {
        NAME
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
        let link = self.trusted_link(item).await;
        if let Some(link) = &link {
            match self.open_at(link, suffix, resume).await {
                // Too old, or the token is: a listing mends either.
                Err(error) if error.kind == SourceErrorKind::Refused => {}
                opened => return opened,
            }
        }
        let refused = link.map(|link| link.obtained);
        let link = self.fresh_link(&item.id, refused).await?;
        self.open_at(&link, suffix, resume).await
    }
}
