//! What can go wrong at a source, and what follows from it. The verdict is decided here, where the fact is known.

use std::time::Duration;

use chrono::{DateTime, Utc};
use thiserror::Error;

/// The span a quota counts over, as far as the refusal told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaSpan {
    /// The message names the day's quota.
    Day,
    /// The message names the minute's quota.
    Minute,
    /// The refusal did not say, as on the media host.
    Unnamed,
}

/// The kinds of failure a source knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// The host asked to slow down (429, or a 403 with a rate reason).
    Throttled {
        /// Which quota was named.
        span: QuotaSpan,
        /// The wait the host asked for.
        retry_after: Option<Duration>,
    },
    /// The host failed (5xx).
    Server {
        /// The status code.
        status: u16,
        /// The wait the host asked for.
        retry_after: Option<Duration>,
    },
    /// The connection failed, was reset, or ended early.
    Transport,
    /// No byte arrived for the idle time limit.
    Stalled,
    /// A body shorter or longer than announced.
    WrongLength,
    /// A file of which all bytes are here already, as far as the host knows.
    EndReached,
    /// A body that is not the media it should be.
    WrongContent,
    /// A link that even a fresh base URL did not open (403).
    Refused,
    /// Google does not have the bytes (404, or a video that failed).
    Gone,
    /// The access token was rejected; a fresh one may do.
    TokenRejected,
    /// The page token was rejected.
    PageTokenRejected,
    /// The day's quota is used up and the user chose not to wait.
    QuotaSpent {
        /// When it is full again.
        resets: DateTime<Utc>,
    },
    /// Google was not reached by this one request.
    Unreachable,
    /// Google was not reached for so long that going on makes no sense.
    Offline,
    /// The user asked to stop.
    Interrupted,
    /// There is no usable grant.
    SignIn,
    /// The grant or the Cloud project lacks something; the message says what.
    Denied,
    /// A link leads to a host that is not Google's.
    ForeignHost,
    /// The answer was not what the protocol says.
    Unexpected,
}

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The host asked everybody to wait; the attempt does not count.
    Wait,
    /// Try again; the attempt counts.
    Retry,
    /// Another attempt in this run would not help; the next run may try.
    GiveUp,
    /// The item cannot be had.
    Unavailable,
    /// Nothing can go on; the run stops.
    Stop,
}

/// A failure at a source. The message is a fragment that fits after "could not …:", names no URL and no secret.
#[derive(Clone, Debug, Error)]
#[error("{message}")]
pub struct SourceError {
    /// What kind of failure it is.
    pub kind: SourceErrorKind,
    /// What happened, in words a person can act on.
    pub message: String,
}

impl SourceError {
    /// A failure of `kind` described by `message`.
    pub fn new(kind: SourceErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The same failure in a run that is ending: it is nobody's fault, and the next run tries again. A reason to
    /// end the run stays one.
    #[must_use]
    pub fn interrupted(self) -> Self {
        if self.disposition() == Disposition::Stop {
            self
        } else {
            Self {
                kind: SourceErrorKind::Interrupted,
                ..self
            }
        }
    }

    /// What follows from it.
    pub fn disposition(&self) -> Disposition {
        use SourceErrorKind as Kind;
        match self.kind {
            Kind::Throttled { .. } | Kind::Unreachable => Disposition::Wait,
            Kind::Server { .. }
            | Kind::TokenRejected
            | Kind::Transport
            | Kind::Stalled
            | Kind::WrongLength
            | Kind::EndReached
            | Kind::WrongContent => Disposition::Retry,
            Kind::Interrupted
            | Kind::Refused
            | Kind::ForeignHost
            | Kind::Unexpected
            | Kind::PageTokenRejected => Disposition::GiveUp,
            Kind::Gone => Disposition::Unavailable,
            Kind::QuotaSpent { .. } | Kind::Offline | Kind::SignIn | Kind::Denied => Disposition::Stop,
        }
    }
}
