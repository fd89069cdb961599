//! What a connection that failed means. URLs are left out: they are secrets.

use std::error::Error;
use std::{io, iter};

use crate::source::google::refusal::PROXY_WANTS_A_NAME;
use crate::source::{SourceError, SourceErrorKind};

/// How the library that talks to proxies begins the words of a tunnel that did not open.
const TUNNEL: &str = "tunnel error: ";

/// Why a redirect was not followed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum NotFollowed {
    #[error("too many redirects")]
    InCircles,
    #[error("a redirect to a foreign host")]
    Abroad,
}

/// A failed send or read.
pub(super) fn of(error: &reqwest::Error) -> SourceError {
    if let Some(reason) = causes(error).find_map(|cause| cause.downcast_ref::<NotFollowed>()) {
        return match reason {
            NotFollowed::Abroad => foreign_host(),
            NotFollowed::InCircles => SourceError::new(
                SourceErrorKind::Unexpected,
                "the link leads from one redirect to the next without end",
            ),
        };
    }
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return of_tls(error);
    }
    if causes(error).any(|cause| cause.to_string() == format!("{TUNNEL}proxy authorization required")) {
        return SourceError::new(SourceErrorKind::Denied, PROXY_WANTS_A_NAME);
    }
    let detail = innermost(error);
    if error.is_connect() {
        return SourceError::new(
            SourceErrorKind::Unreachable,
            format!("{}: {detail}", way_of(error)),
        );
    }
    if error.is_timeout() {
        return SourceError::new(SourceErrorKind::Stalled, "nothing arrived any more");
    }
    SourceError::new(
        SourceErrorKind::Transport,
        format!("the connection broke: {detail}"),
    )
}

/// A host that does not prove who it is does not do so a second later either. Anything else about TLS may pass.
fn of_tls(error: &rustls::Error) -> SourceError {
    match error {
        rustls::Error::InvalidCertificate(_) => SourceError::new(
            SourceErrorKind::Denied,
            format!(
                "the host's certificate is not trusted ({error}); check this computer's clock, and if a proxy or a \
                 server of your own has its own certificate authority, name that one's file in SSL_CERT_FILE"
            ),
        ),
        _ => SourceError::new(
            SourceErrorKind::Transport,
            format!("no secure connection: {error}"),
        ),
    }
}

/// Whether the proxy or the host itself was not reached.
fn way_of(error: &reqwest::Error) -> &'static str {
    if causes(error).any(|cause| cause.to_string().starts_with(TUNNEL)) {
        "no connection through the proxy"
    } else {
        "no connection"
    }
}

/// What a failure followed from, the nearest cause first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(error.source(), beneath)
}

/// What `cause` followed from. An I/O error does not name as its source what it wraps.
fn beneath<'a>(cause: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let cause = *cause;
    match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => cause.source(),
    }
}

/// The innermost cause says what happened; the outer ones repeat the URL.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| "no further detail".to_owned(), ToString::to_string)
}

/// A link that leads away from Google.
pub(super) fn foreign_host() -> SourceError {
    SourceError::new(
        SourceErrorKind::ForeignHost,
        "the link leads to a host that is not Google's; it was not followed",
    )
}
