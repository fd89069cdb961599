//! Access tokens for whoever sends requests: kept, renewed before they end, and never asked of a person. It is the
//! only place that refreshes, and does it once however many ask.

use std::fmt::Debug;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::Utc;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::client_file::Client;
use super::grant::Grant;
use super::guide;
use super::oauth::{OAuth, TokenError};
use super::token_file::{Contents, TokenFile, TokenFileError};
use crate::secret::Secret;
use crate::source::{SourceError, SourceErrorKind};

/// How long a token that is close to its end is used on after a refresh that could not be made, before the next
/// attempt. Well below the margin of five minutes, so that several attempts fit.
const SECOND_CHANCE: Duration = Duration::from_secs(30);

/// Gives out access tokens. Shared by everything that talks to one service.
#[async_trait]
pub trait Tokens: Debug + Send + Sync {
    /// A token that lives long enough to be sent now.
    ///
    /// # Errors
    /// `SignIn` when a person has to sign in again, and otherwise what kept the token from being renewed. It never
    /// waits for a person.
    async fn bearer(&self) -> Result<Secret, SourceError>;

    /// Tells that a service refused `bearer` (401), so that the next one is another. Without effect if that one
    /// was replaced already.
    async fn rejected(&self, bearer: &Secret);
}

/// The tokens of a stored grant.
#[derive(Debug)]
pub struct GrantTokens {
    oauth: OAuth,
    client: Client,
    file: TokenFile,
    /// Refreshes that ended, well or badly. Who waited for one shares its end instead of making another.
    ended: AtomicU64,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    grant: Grant,
    failure: Option<Failure>,
}

#[derive(Debug)]
struct Failure {
    error: SourceError,
    number: u64,
    at: Instant,
}

#[async_trait]
impl Tokens for GrantTokens {
    async fn bearer(&self) -> Result<Secret, SourceError> {
        let ended = self.ended.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(token) = held.ready() {
            return Ok(token);
        }
        if let Some(error) = held
            .failure
            .as_ref()
            .and_then(|failure| failure.shared_with(ended))
        {
            return Err(error);
        }
        let result = self.refresh(&mut held).await;
        let number = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        held.failure = result.err().map(|error| Failure {
            error,
            number,
            at: Instant::now(),
        });
        held.after_refresh()
    }

    async fn rejected(&self, bearer: &Secret) {
        let mut held = self.held.lock().await;
        if held.grant.access_token.as_ref() == Some(bearer) {
            held.grant.access_token = None;
        }
    }
}

impl Held {
    /// The token, if nothing has to be done first.
    fn ready(&self) -> Option<Secret> {
        let now = Utc::now();
        let resting = self
            .failure
            .as_ref()
            .is_some_and(|f| !f.is_final() && f.at.elapsed() < SECOND_CHANCE);
        let token = if resting {
            self.grant.valid(now)
        } else {
            self.grant.usable(now)
        };
        token.cloned()
    }

    /// The new token; or the old one, where it lives on and the failure says nothing against it.
    fn after_refresh(&self) -> Result<Secret, SourceError> {
        match &self.failure {
            Some(failure) if failure.is_final() => Err(failure.error.clone()),
            Some(failure) => self
                .grant
                .valid(Utc::now())
                .cloned()
                .ok_or_else(|| failure.error.clone()),
            None => self.grant.access_token.clone().ok_or_else(no_token),
        }
    }
}

fn no_token() -> SourceError {
    SourceError::new(SourceErrorKind::Unexpected, "the refresh brought no access token")
}

impl Failure {
    /// Whether only a person can help.
    fn is_final(&self) -> bool {
        self.error.kind == SourceErrorKind::SignIn
    }

    /// The error for somebody who came when `ended` refreshes had ended: theirs too if they waited for it.
    fn shared_with(&self, ended: u64) -> Option<SourceError> {
        (self.is_final() || self.number > ended).then(|| self.error.clone())
    }
}

impl GrantTokens {
    /// The tokens of `grant`, which was made with `client` and is kept in `library`.
    pub fn new(oauth: OAuth, client: Client, library: &Path, grant: Grant) -> Self {
        let held = Mutex::new(Held { grant, failure: None });
        Self {
            oauth,
            client,
            file: TokenFile::of(library),
            ended: AtomicU64::new(0),
            held,
        }
    }

    /// Renews the token. Where Google says that the grant is dead, a newer one in the file gets its chance: the
    /// person may have signed in again meanwhile.
    async fn refresh(&self, held: &mut Held) -> Result<(), SourceError> {
        let Err(error) = self.renew(&mut held.grant).await else {
            return Ok(());
        };
        if matches!(error, TokenError::InvalidGrant)
            && let Some(newer) = self.newer(&held.grant).await
        {
            held.grant = newer;
            return self
                .renew(&mut held.grant)
                .await
                .map_err(|error| self.explained(error, &held.grant));
        }
        Err(self.explained(error, &held.grant))
    }

    async fn renew(&self, grant: &mut Grant) -> Result<(), TokenError> {
        let issued = self.oauth.refresh(&self.client, &grant.refresh_token).await?;
        let used = grant.refresh_token.clone();
        grant.renew(&issued, Utc::now());
        let renewed = grant.clone();
        if let Err(error) = self.with_file(move |file| file.renew(&used, renewed)).await {
            // This run has its token; the next one refreshes again.
            tracing::warn!(cause = ?std::error::Error::source(&error), "the renewed token was not kept: {error}");
        }
        Ok(())
    }

    /// A grant for the same client and scopes that took the place of `dead`.
    async fn newer(&self, dead: &Grant) -> Option<Grant> {
        let Ok(Contents::Grants(grants)) = self.with_file(|file| file.contents()).await else {
            return None;
        };
        grants.into_iter().find(|grant| {
            grant.client_id == self.client.id
                && grant.refresh_token != dead.refresh_token
                && dead.scopes.iter().all(|scope| grant.covers(scope))
        })
    }

    async fn with_file<T, F>(&self, work: F) -> Result<T, TokenFileError>
    where
        T: Send + 'static,
        F: FnOnce(TokenFile) -> Result<T, TokenFileError> + Send + 'static,
    {
        let (file, path) = (self.file.clone(), self.file.path().to_owned());
        tokio::task::spawn_blocking(move || work(file))
            .await
            .unwrap_or_else(|ended| {
                Err(TokenFileError::Unreadable {
                    path,
                    source: ended.into(),
                })
            })
    }

    fn explained(&self, error: TokenError, grant: &Grant) -> SourceError {
        let library = self.file.library();
        let message = match error {
            TokenError::Source(error) => return error,
            TokenError::InvalidGrant => guide::dead_grant(grant, library, Utc::now()),
            TokenError::ReauthenticationDemanded => {
                guide::reauthentication(&guide::renewing_command(grant, library))
            }
            TokenError::InvalidClient => guide::dead_client(library),
            TokenError::Refused(name) => {
                guide::refused_refresh(&name, &guide::renewing_command(grant, library))
            }
        };
        SourceError::new(SourceErrorKind::SignIn, message)
    }
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
