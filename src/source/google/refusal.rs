//! What Google's refusals mean: from a status code and an error body to a [`SourceError`]. Pure.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::source::{QuotaSpan, SourceError, SourceErrorKind};

/// The proxy, not Google, wants to know who is there.
pub(super) const PROXY_WANTS_A_NAME: &str = "the proxy wants a user name and a password (407); give them in the \
     proxy's address, as in HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT";

/// Google's error envelope; everything in it may be missing.
#[derive(Debug, Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    error: Inner,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inner {
    message: String,
    status: String,
    details: Vec<Detail>,
    errors: Vec<Detail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    reason: String,
}

impl Inner {
    fn has_reason(&self, wanted: &[&str]) -> bool {
        self.details
            .iter()
            .chain(&self.errors)
            .any(|detail| wanted.contains(&detail.reason.as_str()))
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.message.contains(word))
    }
}

/// What people have to know of an API to act on its refusals.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    /// Its name in Google's console.
    pub name: &'static str,
    /// The command that asks for leave to use it.
    pub sign_in: &'static str,
}

/// The Library API.
const LIBRARY: Api = Api {
    name: "Photos Library API",
    sign_in: "gphotosync login",
};

/// The refusal of a call of the Library API, as an error for people and a kind for the program.
pub fn of_api_call(status: u16, retry_after: Option<Duration>, body: &[u8]) -> SourceError {
    of_call_to(LIBRARY, status, retry_after, body).0
}

/// The refusal of a call of `api`, and which of Google's canonical words it came under.
pub fn of_call_to(api: Api, status: u16, retry_after: Option<Duration>, body: &[u8]) -> (SourceError, Word) {
    let inner = serde_json::from_slice::<Envelope>(body).unwrap_or_default().error;
    let kind = kind_of(status, retry_after, &inner);
    let message = message_of(api, status, &kind, &inner);
    (SourceError::new(kind, message), Word::of(&inner))
}

/// The canonical words that mean different things in different calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Right at another time, or for another account.
    FailedPrecondition,
    /// Not allowed, and neither for want of a scope nor because the API is not enabled.
    PermissionDenied,
    /// Anything else.
    Other,
}

impl Word {
    fn of(inner: &Inner) -> Self {
        let is_plain = !is_disabled(inner) && !inner.says(&[SCOPES_MISSING]);
        match inner.status.as_str() {
            "FAILED_PRECONDITION" => Self::FailedPrecondition,
            "PERMISSION_DENIED" if is_plain => Self::PermissionDenied,
            _ => Self::Other,
        }
    }
}

/// How Google says that the token's scopes do not do.
const SCOPES_MISSING: &str = "insufficient authentication scopes";

fn is_disabled(inner: &Inner) -> bool {
    inner.has_reason(&["SERVICE_DISABLED"]) || inner.says(&["has not been used"])
}

fn kind_of(status: u16, retry_after: Option<Duration>, inner: &Inner) -> SourceErrorKind {
    let throttled = SourceErrorKind::Throttled {
        span: span_of(inner),
        retry_after,
    };
    match status {
        429 => throttled,
        // Drive's style of saying 429, and an old one of Photos.
        403 if inner.has_reason(&["rateLimitExceeded", "userRateLimitExceeded"]) => throttled,
        400 if inner.says(&["Insufficient tokens for quota"]) => throttled,
        401 => SourceErrorKind::TokenRejected,
        403 if inner.says(&[SCOPES_MISSING]) => SourceErrorKind::SignIn,
        403 | 407 => SourceErrorKind::Denied,
        404 => SourceErrorKind::Gone,
        500..=599 => SourceErrorKind::Server { status, retry_after },
        400 if inner.says(&["page token", "pageToken", "page_token"]) => SourceErrorKind::PageTokenRejected,
        _ => SourceErrorKind::Unexpected,
    }
}

fn span_of(inner: &Inner) -> QuotaSpan {
    if inner.says(&["per day", "PerDay", "PerProjectPerDay"]) || inner.has_reason(&["dailyLimitExceeded"]) {
        QuotaSpan::Day
    } else if inner.says(&["per minute", "PerMinute"]) {
        QuotaSpan::Minute
    } else {
        QuotaSpan::Unnamed
    }
}

fn message_of(api: Api, status: u16, kind: &SourceErrorKind, inner: &Inner) -> String {
    let Api { name, sign_in } = api;
    match kind {
        SourceErrorKind::SignIn => format!(
            "the sign-in does not cover what this needs (Google: {SCOPES_MISSING}); run `{sign_in}` and leave all \
             boxes ticked"
        ),
        SourceErrorKind::Denied if is_disabled(inner) => format!(
            "the {name} is not enabled in your Google Cloud project; enable it under \
             \"APIs & Services\" → \"Library\" at console.cloud.google.com, wait a minute, and run again"
        ),
        SourceErrorKind::Denied if status == 407 => PROXY_WANTS_A_NAME.to_owned(),
        SourceErrorKind::TokenRejected => "Google rejected the access token".to_owned(),
        _ => format!("Google answered {status}{}", detail_of(inner)),
    }
}

/// Google's own words, shortened, without anything that could steer a terminal.
fn detail_of(inner: &Inner) -> String {
    const MOST: usize = 200;
    let words: String = inner
        .message
        .chars()
        .filter(|c| !c.is_control())
        .take(MOST)
        .collect();
    match (inner.status.is_empty(), words.is_empty()) {
        (_, false) => format!(": {words}"),
        (false, true) => format!(
            " {}",
            inner
                .status
                .chars()
                .filter(char::is_ascii_graphic)
                .take(MOST)
                .collect::<String>()
        ),
        (true, true) => String::new(),
    }
}

/// The refusal of a request for bytes. The media host answers in HTML, which says nothing a program could use.
pub fn of_media(status: u16, retry_after: Option<Duration>) -> SourceError {
    let (kind, message) = match status {
        429 => (
            SourceErrorKind::Throttled {
                span: QuotaSpan::Unnamed,
                retry_after,
            },
            "Google asked to slow down".to_owned(),
        ),
        403 | 401 => (
            SourceErrorKind::Refused,
            "Google refuses the bytes (403)".to_owned(),
        ),
        404 | 410 => (
            SourceErrorKind::Gone,
            format!("Google does not have the bytes ({status})"),
        ),
        500..=599 => (
            SourceErrorKind::Server { status, retry_after },
            format!("the media host answered {status}"),
        ),
        _ => (
            SourceErrorKind::Unexpected,
            format!("the media host answered {status}"),
        ),
    };
    SourceError::new(kind, message)
}

/// Longer waits than this are not believed: quotas reset at least once a day.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(24);

/// Reads a `Retry-After` header: seconds, or an HTTP date seen from `now`.
pub fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    let seconds = header.parse::<u64>().map(Duration::from_secs);
    let wait = seconds.ok().or_else(|| {
        let date: DateTime<Utc> = httpdate::parse_http_date(header).ok()?.into();
        Some((date - now).to_std().unwrap_or(Duration::ZERO))
    })?;
    Some(wait.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(message: &str, status: &str) -> Vec<u8> {
        serde_json::json!({"error": {"code": 0, "message": message, "status": status}})
            .to_string()
            .into_bytes()
    }

    fn span(message: &str) -> QuotaSpan {
        match of_api_call(429, None, &body(message, "RESOURCE_EXHAUSTED")).kind {
            SourceErrorKind::Throttled { span, .. } => span,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn quotas_are_told_apart_by_their_messages() {
        assert_eq!(
            span("Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of …"),
            QuotaSpan::Day
        );
        assert_eq!(
            span("… limit 'ApiCallsPerProjectPerDay' of service …"),
            QuotaSpan::Day
        );
        assert_eq!(
            span("… 'Write requests' and limit 'Write requests per minute per user' …"),
            QuotaSpan::Minute
        );
        assert_eq!(span("WritesPerMinutePerUser"), QuotaSpan::Minute);
        assert_eq!(span("slow down"), QuotaSpan::Unnamed);
        assert!(matches!(
            of_api_call(
                400,
                None,
                &body("Insufficient tokens for quota 'x' PerMinute", "")
            )
            .kind,
            SourceErrorKind::Throttled {
                span: QuotaSpan::Minute,
                ..
            }
        ));
    }

    #[test]
    fn the_three_meanings_of_403() {
        let scopes = of_api_call(
            403,
            None,
            &body(
                "Request had insufficient authentication scopes.",
                "PERMISSION_DENIED",
            ),
        );
        assert_eq!(scopes.kind, SourceErrorKind::SignIn);
        let disabled = serde_json::json!({"error": {"message": "Photos Library API has not been used in project 1",
            "details": [{"reason": "SERVICE_DISABLED"}]}});
        let disabled = of_api_call(403, None, disabled.to_string().as_bytes());
        assert_eq!(disabled.kind, SourceErrorKind::Denied);
        assert!(disabled.message.contains("not enabled"), "{}", disabled.message);
        let rate = serde_json::json!({"error": {"errors": [{"reason": "userRateLimitExceeded"}]}});
        let rate = of_api_call(403, None, rate.to_string().as_bytes());
        assert!(matches!(rate.kind, SourceErrorKind::Throttled { .. }));
    }

    #[test]
    fn hostile_words_do_not_reach_the_terminal() {
        let error = of_api_call(
            400,
            None,
            &body(&format!("\u{1b}[2J{}", "x".repeat(5000)), "INVALID_ARGUMENT"),
        );
        assert!(!error.message.contains('\u{1b}') && error.message.len() < 300);
        assert_eq!(of_api_call(400, None, b"<html>").message, "Google answered 400");
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_mins(2)));
        assert_eq!(
            retry_after("Sun, 22 Nov 2026 12:01:30 GMT", now),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            retry_after("Sun, 22 Nov 2026 11:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("999999999", now), Some(LONGEST_RETRY_AFTER));
        assert_eq!(retry_after("soon", now), None);
    }

    /// Envelopes in all styles.
    const ENVELOPES: &[&str] = &[
        r#"{"error":{"code":403,"message":"has not been used","status":"PERMISSION_DENIED","details":[{"reason":
            "SERVICE_DISABLED"}]}}"#,
        r#"{"error":{"errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}],"message":"per day"}}"#,
        r#"{"error":{"status":"INVALID_ARGUMENT"}}"#,
    ];

    /// Both forms of the header.
    const WAITS: &[&str] = &[
        "120",
        "Sun, 22 Nov 2026 12:01:30 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
    ];

    proptest::proptest! {
        #[test]
        fn whatever_a_refusal_says_can_be_shown(
            status: u16, body in crate::hostile::bytes(ENVELOPES), wait in proptest::option::of(0..9_u64),
        ) {
            let error = of_api_call(status, wait.map(Duration::from_secs), &body);
            proptest::prop_assert!(!error.message.is_empty() && error.message.len() < 1_000, "{}", error.message);
            proptest::prop_assert!(!error.message.contains(char::is_control), "{:?}", error.message);
        }

        #[test]
        fn no_wait_is_longer_than_a_day(header in crate::hostile::text(WAITS), now in 0..4_000_000_000_i64) {
            let now = DateTime::from_timestamp(now, 0).unwrap();
            let wait = retry_after(&header, now);
            proptest::prop_assert!(wait.is_none_or(|wait| wait <= LONGEST_RETRY_AFTER));
        }
    }
}
