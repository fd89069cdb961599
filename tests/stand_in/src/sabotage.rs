//! Carries out faults: answers in the place of the true ones, and damage done to a true answer on its way.

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use hyper::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use crate::answer::Answer;
use crate::bodies::{Body, Rope, jpeg};
use crate::endpoint::{Endpoint, Service};
use crate::envelope;
use crate::faults::{Damage, Refusal, RetryAfter};
use crate::journal::Ticket;
use crate::library_api::{invalid_page_token, quota_answer};
use crate::quota::Exceeded;
use crate::wire::{ResetFlag, Script};

/// The answer in the place of the true one; none for faults of the connection.
pub(crate) fn refused(refusal: &Refusal, endpoint: Endpoint) -> Option<Answer> {
    let answer = match refusal {
        Refusal::QuotaPerDay(retry) => later(too_many(Exceeded::PerDay, endpoint), *retry),
        Refusal::QuotaPerMinute(retry) => later(too_many(Exceeded::PerMinute, endpoint), *retry),
        Refusal::ServerError(status, retry) => later(server_error(*status, endpoint), *retry),
        Refusal::Unauthenticated => envelope::credentials_invalid(),
        Refusal::ScopeMissing => envelope::scope_missing(api_of(endpoint)),
        Refusal::ApiDisabled => envelope::api_disabled(api_of(endpoint)),
        Refusal::InvalidGrant => envelope::grant_expired(),
        Refusal::InvalidPageToken => invalid_page_token(),
        Refusal::Forbidden => envelope::html(StatusCode::FORBIDDEN),
        Refusal::NotFound => envelope::html(StatusCode::NOT_FOUND),
        Refusal::ImageNotFound => Answer::new(StatusCode::NOT_FOUND, "image/jpeg", jpeg::rendition(404)),
        Refusal::HtmlOk => envelope::page(StatusCode::OK, "Sign in", "To continue, sign in to this network."),
        Refusal::JsonOk => Answer::json_text("{\"stand-in\":\"this is not what you asked for\"}".to_owned()),
        Refusal::BrokenJson => Answer::json_text("{\"mediaItems\":[{\"id\":\"AF1Qip".to_owned()),
        Refusal::GiantJson(size) => Answer::json_text(giant(*size)),
        Refusal::RedirectTo(address) => Answer::redirect(address),
        Refusal::ResetBeforeHeaders | Refusal::CloseBeforeHeaders | Refusal::SilenceBeforeHeaders => {
            return None;
        }
    };
    Some(answer)
}

fn api_of(endpoint: Endpoint) -> envelope::Api {
    match endpoint.service() {
        Service::Picker => envelope::PICKER,
        _ => envelope::LIBRARY,
    }
}

fn too_many(exceeded: Exceeded, endpoint: Endpoint) -> Answer {
    match endpoint.service() {
        Service::Library | Service::Picker => quota_answer(api_of(endpoint), exceeded),
        _ => envelope::html(StatusCode::TOO_MANY_REQUESTS),
    }
}

fn server_error(status: u16, endpoint: Endpoint) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match endpoint {
        Endpoint::Token | Endpoint::Revoke => envelope::oauth(status, "internal_failure", "Backend Error"),
        api if api.speaks_json() => envelope::server_error(status),
        _ => envelope::html(status),
    }
}

fn later(answer: Answer, retry: Option<RetryAfter>) -> Answer {
    let text = match retry {
        None => return answer,
        Some(RetryAfter::Seconds(seconds)) => seconds.to_string(),
        Some(RetryAfter::Date(seconds)) => http_date(seconds),
    };
    answer.with(RETRY_AFTER, &text)
}

/// So many seconds from now, as HTTP writes it.
fn http_date(seconds: u64) -> String {
    let wait = TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1000));
    (Utc::now() + wait)
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

fn giant(size: u64) -> String {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    format!("{{\"mediaItems\":[],\"padding\":\"{}\"}}", "x".repeat(size))
}

/// Everything that decides how an answer goes out.
pub(crate) struct Sending {
    pub(crate) damage: Option<Damage>,
    pub(crate) bandwidth: Option<u64>,
    /// Only the head is wanted.
    pub(crate) head_only: bool,
    pub(crate) ticket: Ticket,
    pub(crate) reset: ResetFlag,
}

/// The answer as it goes out, damaged if so decided. Damage is done to answers of success only.
pub(crate) fn sent(mut answer: Answer, sending: Sending) -> Response<Script> {
    let damage = sending
        .damage
        .filter(|_| answer.status.is_success() && !sending.head_only);
    if let Some(Damage::WrongMagic) = damage {
        answer.body = another_format(&answer);
        // A whole file is no part of anything.
        if answer.status == StatusCode::PARTIAL_CONTENT {
            answer.status = StatusCode::OK;
            answer.headers.remove(CONTENT_RANGE);
        }
    }
    let len = answer.body.len();
    let half = len / 2;
    let announced = match damage {
        Some(Damage::InChunks | Damage::TruncatedInChunks) => None,
        Some(Damage::AnnouncedShorter) => Some(half),
        Some(Damage::AnnouncedLonger) => Some(len + 1000),
        Some(Damage::Empty) => Some(0),
        _ => Some(len),
    };
    let body = if sending.head_only {
        Rope::default()
    } else {
        answer.body
    };
    let part = |end| Script::of(body.slice(0, end), sending.bandwidth, sending.ticket);
    let script = match damage {
        Some(Damage::ResetMidBody) => part(half).then_reset(sending.reset),
        Some(Damage::Truncated | Damage::TruncatedInChunks) => part(half).then_cut(),
        Some(Damage::SilenceMidBody) => part(half).then_silence(),
        Some(Damage::AnnouncedLonger) => part(len).then_cut(),
        Some(Damage::AnnouncedShorter) => part(half),
        Some(Damage::Empty) => part(0),
        None | Some(Damage::InChunks | Damage::WrongMagic | Damage::RangeIgnored) => part(len),
    };
    let mut response = Response::new(script);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if let Some(announced) = announced {
        set(&mut response, CONTENT_LENGTH, announced);
    }
    response
}

fn set(response: &mut Response<Script>, name: HeaderName, number: u64) {
    response.headers_mut().insert(name, HeaderValue::from(number));
}

/// A whole file that is not of the declared type.
fn another_format(answer: &Answer) -> Rope {
    let png = answer
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|mime| mime == "image/png");
    let mime = if png { "image/jpeg" } else { "image/png" };
    if answer.body.is_empty() {
        return Rope::from(Bytes::new());
    }
    Body::Filled {
        mime,
        size: answer.body.len(),
        seed: 0,
    }
    .rope(false)
}
