//! Getting to the Picker: the OAuth client, the permission, which is asked for when it is first used or no longer
//! accepted, and what Google's refusals mean to whoever reads them.

use std::future::Future;
use std::sync::Arc;

use super::Picking;
use crate::cli::connect;
use crate::cli::console::to_stderr;
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::pace::Pace;
use crate::pace::retry::RetryPolicy;
use crate::report::Silent;
use crate::shutdown::Shutdown;
use crate::source::google::sign_in::{
    Client, Grant, GrantTokens, OAuth, PICKER_SCOPE, Request, SetUp, SignInError, find_client, set_up,
    sign_in, stored_grant,
};
use crate::source::picker::{PickerApi, PickerError};
use crate::source::{SourceError, SourceErrorKind};

/// The OAuth client; where there is none, what is to be set up is another API than for `sync`.
pub(super) fn client(settings: &Settings) -> Result<Client, Failure> {
    let found = find_client(&settings.lib.value, settings.client_secret.value.as_deref());
    found.map_err(|error| match &error {
        SignInError::NoClient { library } => {
            let guide = set_up(library, SetUp::PICKER);
            Failure::from(error).advise(guide)
        }
        _ => error.into(),
    })
}

impl Picking<'_> {
    /// Does `work` with the Picker. Where the stored sign-in does not do, somebody signs in anew, and it is done again.
    pub(super) async fn asking<T, F>(&self, work: impl Fn(PickerApi) -> F) -> Result<(PickerApi, T), Refusal>
    where
        F: Future<Output = Result<T, PickerError>>,
    {
        let api = self.api(self.grant().await?)?;
        match work(api.clone()).await {
            Err(PickerError::Google(error)) if error.kind == SourceErrorKind::SignIn => {
                to_stderr(&format!("{}\n", sentence(&error)));
                let api = self.api(self.signed_in().await?)?;
                Ok((api.clone(), work(api).await?))
            }
            done => Ok((api, done?)),
        }
    }

    /// The stored grant, or a new one: picking is nothing that happens with nobody there.
    pub(super) async fn grant(&self) -> Result<Grant, Failure> {
        match stored_grant(&self.root, &self.client, PICKER_SCOPE) {
            Ok(grant) => Ok(grant),
            Err(_) => self.signed_in().await,
        }
    }

    async fn signed_in(&self) -> Result<Grant, Failure> {
        let oauth = connect::oauth(self.settings)?;
        let request = Request {
            no_browser: self.settings.no_browser.value,
            ..Request::new(PICKER_SCOPE)
        };
        let grant = tokio::select! {
            grant = sign_in(&oauth, &self.client, &self.root, &request, &self.console) => grant?,
            () = self.shutdown.draining() => return Err(interrupted()),
        };
        to_stderr("\nSigned in.\n");
        Ok(grant)
    }

    /// The Picker, in the pace of nothing that runs.
    pub(super) fn api(&self, grant: Grant) -> Result<PickerApi, Failure> {
        self.api_in(self.quiet_pace(self.shutdown.clone()), grant)
    }

    /// The Picker for after the user asked to stop.
    pub(super) fn last_api(&self) -> Result<PickerApi, Failure> {
        let grant = stored_grant(&self.root, &self.client, PICKER_SCOPE)?;
        self.api_in(self.quiet_pace(Shutdown::manual()), grant)
    }

    fn quiet_pace(&self, shutdown: Shutdown) -> Arc<Pace> {
        connect::pace(self.settings, Arc::new(Silent), shutdown)
    }

    /// The Picker, in the pace of a run.
    pub(super) fn api_in(&self, pace: Arc<Pace>, grant: Grant) -> Result<PickerApi, Failure> {
        let http = connect::http(self.settings, pace)?;
        let tokens = GrantTokens::new(OAuth::new(http.clone()), self.client.clone(), &self.root, grant);
        Ok(PickerApi::new(http, Arc::new(tokens), RetryPolicy::default()))
    }
}

/// Why the Picker could not be asked.
pub(super) enum Refusal {
    Picker(PickerError),
    Before(Failure),
}

impl From<PickerError> for Refusal {
    fn from(error: PickerError) -> Self {
        Self::Picker(error)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Before(failure)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Before(failure) => failure,
            Refusal::Picker(error) => {
                let advice = error.advice();
                let failure = Self::from(SourceError::from(error));
                match advice {
                    Some(advice) => failure.advise(advice),
                    None => failure,
                }
            }
        }
    }
}

fn sentence(error: &SourceError) -> String {
    let mut letters = error.message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn interrupted() -> Failure {
    Failure {
        status: ExitStatus::Interrupted,
        message: "stopped, as you asked".to_owned(),
        advice: None,
    }
}
