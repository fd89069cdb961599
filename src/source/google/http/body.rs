//! What an answer's headers say of its body: where it starts, how long it is, what it claims to be.

use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use futures::StreamExt as _;
use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, RETRY_AFTER,
};

use super::{failure, ranges};
use crate::source::google::refusal;
use crate::source::{Content, Resume, SourceError};

/// The body of an answer to a request for bytes, or the refusal that it is.
pub(super) fn content(answer: reqwest::Response, resume: &Resume) -> Result<Content, SourceError> {
    let status = answer.status().as_u16();
    let headers = answer.headers();
    let (start, length) = match status {
        200 => (0, text(headers, &CONTENT_LENGTH).and_then(|n| n.parse().ok())),
        206 => ranges::continued(text(headers, &CONTENT_RANGE), resume)?,
        416 => return Err(ranges::not_continued(text(headers, &CONTENT_RANGE), resume)),
        _ => return Err(refusal::of_media(status, retry_after(headers))),
    };
    Ok(Content {
        start,
        length,
        content_type: text(headers, &CONTENT_TYPE).map(essence),
        etag: text(headers, &ETAG)
            .filter(|tag| !tag.starts_with("W/"))
            .map(str::to_owned),
        chunks: chunks(answer),
    })
}

fn chunks(answer: reqwest::Response) -> BoxStream<'static, Result<Bytes, SourceError>> {
    answer.bytes_stream().map_err(|error| failure::of(&error)).boxed()
}

fn essence(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    refusal::retry_after(text(headers, &RETRY_AFTER)?, Utc::now())
}
