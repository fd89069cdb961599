//! Puts together what talks to Google, from the settings.

use std::sync::Arc;

use chrono::Utc;

use super::failure::Failure;
use super::settings::Settings;
use super::settings::choices::QuotaArg;
use super::settings::values::Workers;
use crate::pace::backoff::BackoffOptions;
use crate::pace::window::Window;
use crate::pace::{OnQuota, Pace, PaceOptions};
use crate::report::Reporter;
use crate::shutdown::Shutdown;
use crate::source::google::endpoint::Endpoint;
use crate::source::google::http::Http;
use crate::source::google::sign_in::{Client, OAuth, find_client};

/// The pace of everything that is sent in this process.
pub(super) fn pace(settings: &Settings, reporter: Arc<dyn Reporter>, shutdown: Shutdown) -> Arc<Pace> {
    Arc::new(Pace::new(PaceOptions {
        window: match settings.workers.value {
            Workers::Auto => Window::auto(),
            Workers::Fixed(count) => Window::fixed(count),
        },
        backoff: BackoffOptions {
            retry_pause: settings.retry_pause.value.0,
        },
        on_quota: match settings.quota.value {
            QuotaArg::Wait => OnQuota::Wait,
            QuotaArg::Exit => OnQuota::Exit,
        },
        reporter,
        shutdown,
        clock: Utc::now,
    }))
}

/// The connections to Google.
pub(super) fn http(settings: &Settings, pace: Arc<Pace>) -> Result<Http, Failure> {
    let endpoint = settings
        .google_endpoint
        .value
        .clone()
        .map_or_else(Endpoint::google, |address| Endpoint::compatible(address.0));
    Ok(Http::new(endpoint, pace, settings.stall_timeout.value.0)?)
}

/// The OAuth client to use.
pub(super) fn client(settings: &Settings) -> Result<Client, Failure> {
    Ok(find_client(
        &settings.lib.value,
        settings.client_secret.value.as_deref(),
    )?)
}

/// What signs in and out, over connections of its own.
pub(super) fn oauth(settings: &Settings) -> Result<OAuth, Failure> {
    let pace = pace(settings, Arc::new(crate::report::Silent), Shutdown::manual());
    Ok(OAuth::new(http(settings, pace)?))
}
