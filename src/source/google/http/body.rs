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

use super::failure;
use crate::source::google::refusal;
use crate::source::{Content, Resume, SourceError, SourceErrorKind};

/// The body of an answer to a request for bytes, or the refusal that it is.
pub(super) fn content(answer: reqwest::Response, resume: &Resume) -> Result<Content, SourceError> {
    let status = answer.status().as_u16();
    let headers = answer.headers();
    let (start, length) = match status {
        200 => (0, text(headers, &CONTENT_LENGTH).and_then(|n| n.parse().ok())),
        206 => continued(headers, resume)?,
        416 => {
            return Err(SourceError::new(
                SourceErrorKind::WrongLength,
                "the host cannot continue the transfer",
            ));
        }
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

/// The start and total of a partial answer; both must be what was asked for, or the pieces would not fit.
fn continued(headers: &HeaderMap, resume: &Resume) -> Result<(u64, Option<u64>), SourceError> {
    let range = text(headers, &CONTENT_RANGE).and_then(parse_content_range);
    match range {
        Some((start, total))
            if start == resume.offset && (resume.length.is_none() || resume.length == total) =>
        {
            Ok((start, total))
        }
        _ => Err(SourceError::new(
            SourceErrorKind::WrongLength,
            "the host continued another file or another place",
        )),
    }
}

/// `bytes 100-199/200` → `(100, Some(200))`; `bytes 100-199/*` has no total.
fn parse_content_range(header: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = header.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _end) = range.split_once('-')?;
    Some((start.parse().ok()?, total.parse().ok()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges() {
        assert_eq!(parse_content_range("bytes 100-199/200"), Some((100, Some(200))));
        assert_eq!(parse_content_range("bytes 100-199/*"), Some((100, None)));
        for bad in [
            "",
            "bytes */200",
            "bytes x-1/2",
            "items 0-1/2",
            "bytes 18446744073709551616-1/2",
        ] {
            assert_eq!(parse_content_range(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_partial_answer_must_fit_what_is_here() {
        let resume = Resume {
            offset: 100,
            length: Some(200),
            etag: None,
        };
        let headers = |range: &str| HeaderMap::from_iter([(CONTENT_RANGE, range.parse().unwrap())]);
        assert_eq!(
            continued(&headers("bytes 100-199/200"), &resume).unwrap(),
            (100, Some(200))
        );
        for bad in ["bytes 99-199/200", "bytes 100-299/300", "bytes 100-199/*"] {
            assert!(continued(&headers(bad), &resume).is_err(), "{bad}");
        }
        assert!(continued(&HeaderMap::new(), &resume).is_err());
    }
}
