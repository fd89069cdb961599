//! Connections: whom they trust, when they are given up, and where they may lead.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt;

use super::failure;
use crate::source::google::endpoint::Endpoint;
use crate::source::{SourceError, SourceErrorKind};

/// A connection that takes longer to open is taken for dead.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// Idle connections are kept this long; Google closes them after a few minutes.
const IDLE_LIMIT: Duration = Duration::from_mins(1);

/// Media redirects once, to the host that streams videos; more than this is a loop.
pub(super) const MOST_REDIRECTS: usize = 5;

/// A client that trusts whom `tls` trusts. A connection on which nothing arrives for `stall` is given up.
pub(super) fn connections(
    tls: rustls::ClientConfig,
    slots: usize,
    stall: Duration,
) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("gphotosync/", env!("CARGO_PKG_VERSION")))
        // One HTTP/2 connection would share one window among all transfers: several times slower on a
        // long line, and three unread bodies stall every other request.
        .http1_only()
        .connect_timeout(CONNECT_LIMIT)
        .read_timeout(stall)
        .pool_idle_timeout(IDLE_LIMIT)
        .pool_max_idle_per_host(slots)
        .tcp_nodelay(true)
}

/// Whom to trust: the system's authorities, or those that the user names.
pub(super) fn tls_settings() -> Result<rustls::ClientConfig, SourceError> {
    check_named_authorities()?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verified = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier);
    match verified {
        Ok(config) => Ok(config.with_no_client_auth()),
        Err(error) => Err(no_certificates(&error)),
    }
}

/// A file that the user names must be there. Left alone, the verifier would go on without it, and the user would
/// look for the fault elsewhere.
fn check_named_authorities() -> Result<(), SourceError> {
    const VARIABLE: &str = "SSL_CERT_FILE";
    let Some(path) = std::env::var_os(VARIABLE) else {
        return Ok(());
    };
    match std::fs::File::open(&path) {
        Ok(_) => Ok(()),
        Err(error) => Err(SourceError::new(
            SourceErrorKind::Denied,
            format!(
                "could not read {}, which {VARIABLE} names: {error}",
                path.display()
            ),
        )),
    }
}

fn no_certificates(error: &rustls::Error) -> SourceError {
    SourceError::new(
        SourceErrorKind::Denied,
        format!("no trusted certificates found ({error}); install `ca-certificates`, or set SSL_CERT_FILE"),
    )
}

#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
pub(super) fn no_client(error: reqwest::Error) -> SourceError {
    let detail = failure::innermost(&error);
    SourceError::new(
        SourceErrorKind::Denied,
        format!("could not set up connections: {detail}"),
    )
}

/// Redirects are followed to hosts of Google's only.
pub(super) fn redirects_within(endpoint: Endpoint) -> Policy {
    Policy::custom(move |attempt| {
        if attempt.previous().len() > MOST_REDIRECTS {
            attempt.error(failure::NotFollowed::InCircles)
        } else if endpoint.allows(attempt.url()) {
            attempt.follow()
        } else {
            attempt.error(failure::NotFollowed::Abroad)
        }
    })
}
