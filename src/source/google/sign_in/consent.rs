//! The one interactive step: shows what is asked for, sends the person to Google's consent page, waits for the
//! answer from the browser or from a pasted address, trades it for tokens and keeps the grant. It starts only when
//! it is called for, and always ends.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use chrono::Utc;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::callback::{self, Verdict};
use super::client_file::Client;
use super::error::SignInError;
use super::grant::Grant;
use super::guide;
use super::loopback::Loopback;
use super::oauth::{Issued, OAuth, TokenError};
use super::page::Page;
use super::pkce::{self, Pkce};
use super::token_file::{Displaced, TokenFile};
use crate::pace::retry::{RetryPolicy, retry};
use crate::secret::Secret;

/// How long the person may take. Google's own pages live longer, but a forgotten sign-in should not hold a port.
pub const TIME_LIMIT: Duration = Duration::from_mins(5);

/// The person at the terminal.
#[async_trait]
pub trait Prompt: Send + Sync {
    /// Shows one line.
    fn say(&self, line: &str);

    /// The next line typed or pasted; nothing once there can be no more. It may be dropped while it waits.
    async fn read_line(&self) -> Option<String>;

    /// Opens `url` in a browser, and says whether one started. See [`browser::open`](super::browser::open).
    fn open_browser(&self, url: &str) -> bool;
}

/// What to ask for, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// Only show the address.
    pub no_browser: bool,
    /// How long the person may take.
    pub time_limit: Duration,
}

impl Request {
    /// Asks for `scope` with the browser and the usual time limit.
    pub fn new(scope: &str) -> Self {
        Self {
            scopes: vec![scope.to_owned()],
            no_browser: false,
            time_limit: TIME_LIMIT,
        }
    }
}

/// One sign-in under way.
struct Attempt<'a> {
    oauth: &'a OAuth,
    client: &'a Client,
    request: &'a Request,
    pkce: Pkce,
    state: Secret,
}

/// Signs a person in for `library` and keeps the grant in its token file.
///
/// # Errors
/// When the person refuses or does not answer in time, when Google grants less than was asked for, when Google
/// cannot be reached, and when the library cannot keep a token. Nothing is stored then.
pub async fn sign_in(
    oauth: &OAuth,
    client: &Client,
    library: &Path,
    request: &Request,
    prompt: &dyn Prompt,
) -> Result<Grant, SignInError> {
    let file = TokenFile::of(library);
    file.probe()?;
    let attempt = Attempt {
        oauth,
        client,
        request,
        pkce: Pkce::generate().map_err(SignInError::NoRandomness)?,
        state: pkce::random().map_err(SignInError::NoRandomness)?,
    };
    let mut loopback = Loopback::open(&client.form, &attempt.state).await?;
    attempt.invite(loopback.redirect_uri(), prompt)?;
    let verdict = attempt.verdict(&mut loopback, prompt).await?;
    let outcome = attempt
        .conclude(verdict, loopback.redirect_uri(), &file, prompt)
        .await;
    loopback.finish(last_page(&outcome)).await;
    outcome
}

const fn last_page(outcome: &Result<Grant, SignInError>) -> Page {
    match outcome {
        Ok(_) => Page::SignedIn,
        Err(SignInError::Refused) => Page::Refused,
        Err(_) => Page::Failed,
    }
}

impl Attempt<'_> {
    fn address(&self, redirect_uri: &str) -> Result<Url, SignInError> {
        Ok(self.oauth.consent_url(&[
            ("client_id", &self.client.id),
            ("redirect_uri", redirect_uri),
            ("response_type", "code"),
            ("scope", &self.request.scopes.join(" ")),
            ("state", self.state.reveal()),
            ("code_challenge", &self.pkce.challenge),
            ("code_challenge_method", "S256"),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ])?)
    }

    /// Tells what is about to be allowed, then leads to Google's page.
    fn invite(&self, redirect_uri: &str, prompt: &dyn Prompt) -> Result<(), SignInError> {
        let address = self.address(redirect_uri)?;
        for line in guide::before_consent(&self.request.scopes) {
            prompt.say(line);
        }
        prompt.say("");
        let opened = !self.request.no_browser && prompt.open_browser(address.as_str());
        prompt.say(if opened { IN_THE_BROWSER } else { WITHOUT_A_BROWSER });
        prompt.say("");
        prompt.say(address.as_str());
        prompt.say("");
        prompt.say(PASTE);
        Ok(())
    }

    /// Waits for the browser, for a paste, or for the end of the time, whichever comes first.
    async fn verdict(&self, loopback: &mut Loopback, prompt: &dyn Prompt) -> Result<Verdict, SignInError> {
        let limit = self.request.time_limit;
        tokio::select! {
            verdict = loopback.verdict() => Ok(verdict),
            verdict = self.pasted(prompt) => Ok(verdict),
            () = sleep_until(Instant::now() + limit) => Err(SignInError::TimedOut { limit }),
        }
    }

    /// The first pasted line that is the answer. What is wrong with another one is said.
    async fn pasted(&self, prompt: &dyn Prompt) -> Verdict {
        while let Some(line) = prompt.read_line().await {
            if line.trim().is_empty() {
                continue;
            }
            match callback::read_paste(&line, &self.state) {
                Ok(verdict) => return verdict,
                Err(misfit) => prompt.say(&format!("Not yet: {misfit}.")),
            }
        }
        std::future::pending().await
    }

    async fn conclude(
        &self,
        verdict: Verdict,
        redirect_uri: &str,
        file: &TokenFile,
        prompt: &dyn Prompt,
    ) -> Result<Grant, SignInError> {
        let code = match verdict {
            Verdict::Code(code) => code,
            Verdict::Refused => return Err(SignInError::Refused),
            Verdict::Failed(name) => return Err(SignInError::Ended(name)),
        };
        let issued = self
            .exchanged(&code, redirect_uri)
            .await
            .map_err(|error| SignInError::of_exchange(error, file.library()))?;
        let grant = self.grant(&issued)?;
        if let Some(note) = note(&file.keep(grant.clone())?) {
            prompt.say(&note);
        }
        Ok(grant)
    }

    /// Trades `code` for tokens. A server in trouble is asked again, so that the person is not.
    async fn exchanged(&self, code: &Secret, redirect_uri: &str) -> Result<Issued, TokenError> {
        let verifier = &self.pkce.verifier;
        let attempt = || self.oauth.exchange(self.client, code, verifier, redirect_uri);
        retry(while_somebody_waits(), attempt, |_, _, _| {}).await
    }

    /// The grant, if it is what was asked for and will last.
    fn grant(&self, issued: &Issued) -> Result<Grant, SignInError> {
        let asked = &self.request.scopes;
        let granted = issued.scopes.clone().unwrap_or_else(|| asked.clone());
        let missing: Vec<_> = asked
            .iter()
            .filter(|scope| !granted.contains(scope))
            .cloned()
            .collect();
        if !missing.is_empty() {
            return Err(SignInError::ScopeMissing(missing));
        }
        Grant::new(self.client, granted, issued, Utc::now()).ok_or(SignInError::NotLasting)
    }
}

/// Three attempts within a second: more patience belongs to runs that nobody watches.
fn while_somebody_waits() -> RetryPolicy {
    RetryPolicy {
        attempts: NonZeroU32::MIN.saturating_add(2),
        ..RetryPolicy::default()
    }
}

const IN_THE_BROWSER: &str =
    "Your browser opens Google's page. Should it not, open this address in any browser:";

const WITHOUT_A_BROWSER: &str = "Open this address in a browser, on any computer:";

const PASTE: &str = "\
Waiting for your answer there. If the browser ends on a page that cannot be reached, as it does on
another computer, copy its whole address and paste it here.";

fn note(displaced: &Displaced) -> Option<String> {
    match displaced {
        Displaced::Nothing => None,
        Displaced::Predecessor => Some("The token of the earlier gphotosync was replaced.".to_owned()),
        Displaced::Damaged(aside) => Some(format!("The damaged token file was kept as {}.", aside.display())),
    }
}

#[cfg(test)]
#[path = "consent_tests.rs"]
mod tests;
