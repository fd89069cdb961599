//! One selection from its beginning to its end: opened, chosen in by a person in a browser, and ended.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::PickerApi;
use super::error::PickerError;
use super::wire::WireSession;
use crate::pace::retry::{Classify, retry};
use crate::source::{Disposition, SourceError, SourceErrorKind};

/// A session lets nobody choose more than this; a greater wish is silently lowered.
/// Source: the reference of `PickingConfig.maxItemCount`.
pub const MOST_ITEMS: u32 = 2_000;

/// How long the user may take where the server does not say.
const USUAL_LIMIT: Duration = Duration::from_mins(30);

/// A session as it was when it was looked at.
#[derive(Clone, Debug)]
pub struct Session {
    /// The id it has at Google.
    pub id: String,
    /// Where the person chooses. It opens for the account that opened the session only.
    pub link: String,
    /// Whether the person has chosen.
    pub is_chosen: bool,
    /// When Google forgets it.
    pub expires: Option<DateTime<Utc>>,
    interval: Duration,
    deadline: Instant,
}

impl Session {
    /// When the person's time is over.
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }
}

/// How the waiting for a choice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// The person pressed "Done".
    Chosen,
    /// The time is over, and nothing was chosen: nobody can tell an open page from a closed one.
    TimeOver,
}

impl Classify for PickerError {
    fn disposition(&self) -> Disposition {
        match self {
            Self::Google(error) => error.disposition(),
            _ => Disposition::GiveUp,
        }
    }
}

impl PickerApi {
    /// Opens a session in which at most `most` items can be chosen.
    ///
    /// # Errors
    /// See [`PickerError`].
    pub async fn open(&self, most: u32) -> Result<Session, PickerError> {
        let created = retry(self.policy, || self.calls.create(most), |_, _, _| {}).await?;
        self.session_of(created, None)
    }

    /// The session `id` as it is now.
    ///
    /// # Errors
    /// See [`PickerError`].
    pub async fn session(&self, id: &str) -> Result<Session, PickerError> {
        let found = retry(self.policy, || self.calls.session(id), |_, _, _| {}).await?;
        self.session_of(found, None)
    }

    /// Ends the session `id`. One that is over already is as good.
    ///
    /// # Errors
    /// When Google could not be told.
    pub async fn end(&self, id: &str) -> Result<(), PickerError> {
        match retry(self.policy, || self.calls.end(id), |_, _, _| {}).await {
            Err(error) if !error.is_session_over() => Err(error),
            _ => Ok(()),
        }
    }

    /// Waits until the person has chosen or may no longer, asking as often as the server wants to be asked. `deadline`
    /// follows what the server says of the time that is left.
    ///
    /// # Errors
    /// When the session ends meanwhile. A host that fails or is not reached is asked again until the time is over.
    pub async fn wait(
        &self,
        mut session: Session,
        deadline: &watch::Sender<Instant>,
    ) -> Result<Waited, PickerError> {
        while !session.is_chosen {
            let next = (Instant::now() + session.interval).min(session.deadline);
            sleep_until(next).await;
            match self.calls.session(&session.id).await {
                Ok(now) => session = self.session_of(now, Some(&session))?,
                Err(error) if may_pass(&error) => {}
                Err(error) => return Err(error),
            }
            // Nobody may be looking.
            deadline.send_replace(session.deadline);
            if !session.is_chosen && session.deadline <= Instant::now() {
                return Ok(Waited::TimeOver);
            }
        }
        Ok(Waited::Chosen)
    }

    /// What an answer says. Where it leaves out how and how long to poll, what was said before holds.
    fn session_of(&self, wire: WireSession, before: Option<&Session>) -> Result<Session, PickerError> {
        let polling = wire.polling_config.as_ref();
        let left = polling.and_then(super::wire::Polling::left);
        let deadline = match (left, before) {
            (Some(left), _) => Instant::now() + left,
            (None, Some(before)) => before.deadline,
            (None, None) => Instant::now() + USUAL_LIMIT,
        };
        let interval = polling.map(super::wire::Polling::interval);
        let id = if wire.id.is_empty() {
            before.map(|before| before.id.clone()).ok_or_else(nameless)?
        } else {
            wire.id
        };
        Ok(Session {
            id,
            link: self.trusted(&wire.picker_uri, wire.media_items_set, before)?,
            is_chosen: wire.media_items_set,
            expires: wire.expire_time,
            interval: interval
                .or(before.map(|before| before.interval))
                .unwrap_or_else(|| super::wire::Polling::default().interval()),
            deadline,
        })
    }

    /// The link that people and browsers are given: only one that leads to Google.
    fn trusted(&self, link: &str, is_chosen: bool, before: Option<&Session>) -> Result<String, PickerError> {
        if let Some(before) = before {
            return Ok(before.link.clone());
        }
        match Url::parse(link) {
            Ok(url) if self.calls.endpoint().allows(&url) => Ok(url.into()),
            // It is no longer needed, and need not be told any more.
            _ if is_chosen => Ok(String::new()),
            _ => Err(SourceError::new(
                SourceErrorKind::ForeignHost,
                "Google's answer holds no link to a page of Google's on which to choose",
            )
            .into()),
        }
    }
}

/// Asking again in a while is what polling does anyway.
fn may_pass(error: &PickerError) -> bool {
    matches!(error.disposition(), Disposition::Wait | Disposition::Retry)
}

fn nameless() -> PickerError {
    SourceError::new(SourceErrorKind::Unexpected, "Google's answer names no session").into()
}
