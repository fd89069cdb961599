//! The hosts of bytes: base URLs with their parameters, and the second host videos redirect to.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::base_url::{LIBRARY_BYTES, PICKER_BYTES, VIDEO_DOWNLOADS, claimed_item};
use crate::bodies::{Rope, jpeg};
use crate::clock::millis;
use crate::endpoint::Endpoint;
use crate::envelope;
use crate::google::Google;
use crate::item::{Item, Kind, VideoStatus};
use crate::locking::{held, read};
use crate::picker_api::PICKER_SCOPE;

/// What the parameters of a base URL ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Rendition,
    Photo,
    Video,
}

/// A base URL path taken apart.
struct BaseUrl<'a> {
    /// Whose base URL it is.
    purpose: &'static str,
    link: &'a str,
    parameters: &'a str,
}

fn taken_apart(path: &str) -> Option<BaseUrl<'_>> {
    let of = |purpose| Some((purpose, path.strip_prefix(purpose)?));
    let (purpose, rest) = of(LIBRARY_BYTES).or_else(|| of(PICKER_BYTES))?;
    let (link, parameters) = rest.split_once('=').unwrap_or((rest, ""));
    Some(BaseUrl {
        purpose,
        link,
        parameters,
    })
}

/// The method and item a path of these hosts is about.
pub(crate) fn classified(path: &str) -> Option<(Endpoint, Option<&str>)> {
    if let Some(link) = path.strip_prefix(VIDEO_DOWNLOADS) {
        return Some((Endpoint::VideoDownload, claimed_item(link)));
    }
    let BaseUrl { link, parameters, .. } = taken_apart(path)?;
    let endpoint = match wanted(parameters) {
        Some(Wanted::Photo) => Endpoint::Photo,
        Some(Wanted::Video) => Endpoint::Video,
        _ => Endpoint::Rendition,
    };
    Some((endpoint, claimed_item(link)))
}

/// The path with its signature left out.
pub(crate) fn unsigned(path: &str) -> String {
    match taken_apart(path) {
        Some(BaseUrl {
            purpose,
            parameters: "",
            ..
        }) => format!("{purpose}…"),
        Some(BaseUrl {
            purpose, parameters, ..
        }) => format!("{purpose}…={parameters}"),
        None => format!("{VIDEO_DOWNLOADS}…"),
    }
}

/// Parameters are joined by `-`. Sizes do not go with video bytes, nor photo bytes with video bytes.
fn wanted(parameters: &str) -> Option<Wanted> {
    let mut wanted = Wanted::Rendition;
    for parameter in parameters.split('-').filter(|_| !parameters.is_empty()) {
        match parameter {
            "d" if wanted == Wanted::Rendition => wanted = Wanted::Photo,
            "dv" if parameters == "dv" => wanted = Wanted::Video,
            "c" | "no" => {}
            size if is_size(size) => {}
            _ => return None,
        }
    }
    Some(wanted)
}

fn is_size(parameter: &str) -> bool {
    let digits = parameter.strip_prefix(['w', 'h', 's']).unwrap_or_default();
    digits.parse::<u16>().is_ok_and(|pixels| pixels > 0)
}

pub(crate) fn answer(google: &Google, endpoint: Endpoint, asked: &Asked) -> Answer {
    if !(asked.is_get() || asked.method() == hyper::Method::HEAD) {
        return envelope::method_not_allowed();
    }
    if endpoint == Endpoint::VideoDownload {
        return video_download(google, asked);
    }
    let Some(BaseUrl {
        purpose,
        link,
        parameters,
    }) = taken_apart(asked.path())
    else {
        return envelope::html(StatusCode::NOT_FOUND);
    };
    if google.meters.media_request().is_err() {
        return envelope::html(StatusCode::TOO_MANY_REQUESTS);
    }
    if purpose == PICKER_BYTES && !may_read_picked(google, asked) {
        return envelope::html(StatusCode::FORBIDDEN);
    }
    let Some(id) = google.links.opened(purpose, link, oldest_good(google)) else {
        return envelope::html(StatusCode::FORBIDDEN);
    };
    let Some(item) = read(&google.library).get(id) else {
        return envelope::html(StatusCode::NOT_FOUND);
    };
    match wanted(parameters) {
        None => envelope::html(StatusCode::BAD_REQUEST),
        Some(Wanted::Video) => video(google, asked, &item),
        Some(Wanted::Photo) if item.kind == Kind::Photo => bytes(google, asked, item.original(), &item.mime),
        Some(_) => bytes(google, asked, jpeg::rendition(item.picture_seed()), "image/jpeg"),
    }
}

/// The Picker's bytes open with a token of its scope only, whatever the link.
fn may_read_picked(google: &Google, asked: &Asked) -> bool {
    let account = held(&google.account);
    let scopes = asked
        .bearer()
        .and_then(|token| account.scopes_of(token, google.clock.now()));
    scopes.is_some_and(|scopes| scopes.iter().any(|scope| scope == PICKER_SCOPE))
}

/// Links issued before this have expired.
fn oldest_good(google: &Google) -> u64 {
    google
        .clock
        .now()
        .saturating_sub(millis(read(&google.settings).base_url_lifetime))
}

/// The bytes and type `=dv` gives, if any.
fn moving_part(item: &Item) -> Option<(Rope, &str)> {
    match item.kind {
        Kind::Video(VideoStatus::Ready) => Some((item.original(), &item.mime)),
        Kind::Video(_) => None,
        Kind::Photo => item.clip_bytes().map(|clip| (clip, "video/mp4")),
    }
}

fn video(google: &Google, asked: &Asked, item: &Arc<Item>) -> Answer {
    match moving_part(item) {
        None => envelope::html(StatusCode::NOT_FOUND),
        Some(_) if read(&google.settings).video_redirects => {
            let path = google.links.signed(VIDEO_DOWNLOADS, &item.id, google.clock.now());
            Answer::redirect(&format!("{}{path}", google.origin))
        }
        Some((body, mime)) => bytes(google, asked, body, mime),
    }
}

fn video_download(google: &Google, asked: &Asked) -> Answer {
    let link = asked.path().strip_prefix(VIDEO_DOWNLOADS).unwrap_or_default();
    let Some(id) = google.links.opened(VIDEO_DOWNLOADS, link, oldest_good(google)) else {
        return envelope::html(StatusCode::FORBIDDEN);
    };
    let item = read(&google.library).get(id);
    match item.as_ref().and_then(|item| moving_part(item)) {
        Some((body, mime)) => bytes(google, asked, body, mime),
        None => envelope::html(StatusCode::NOT_FOUND),
    }
}

/// A part of a body: from the first byte up to but not including the end.
type Part = (u64, u64);

fn bytes(google: &Google, asked: &Asked, body: Rope, mime: &str) -> Answer {
    let (ranges, etags) = {
        let settings = read(&google.settings);
        (settings.ranges, settings.etags)
    };
    let etag = etags.then(|| format!("\"{}\"", &body.sha256()[..16]));
    let len = body.len();
    let range = asked
        .header(RANGE)
        .filter(|_| ranges && still_the_same(asked, etag.as_deref()));
    let answer = match range.and_then(|range| part(range, len)) {
        None => Answer::new(StatusCode::OK, mime, body),
        Some(Err(Unsatisfiable)) => {
            return envelope::html(StatusCode::RANGE_NOT_SATISFIABLE)
                .with(CONTENT_RANGE, &format!("bytes */{len}"));
        }
        Some(Ok((start, end))) => Answer::new(StatusCode::PARTIAL_CONTENT, mime, body.slice(start, end))
            .with(CONTENT_RANGE, &format!("bytes {start}-{}/{len}", end - 1)),
    };
    let answer = if ranges {
        answer.with(ACCEPT_RANGES, "bytes")
    } else {
        answer
    };
    let answer = answer.with(CACHE_CONTROL, "private, max-age=86400, no-transform");
    etag.into_iter()
        .fold(answer, |answer, etag| answer.with(ETAG, &etag))
}

/// A condition on the range holds only if there is an entity tag and it is the one the client knows.
fn still_the_same(asked: &Asked, etag: Option<&str>) -> bool {
    asked
        .header(IF_RANGE)
        .is_none_or(|condition| Some(condition) == etag)
}

/// The range lies beyond the body.
struct Unsatisfiable;

/// The part a `Range` header asks for; none for a header that is to be ignored.
fn part(range: &str, len: u64) -> Option<Result<Part, Unsatisfiable>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(len)),
        (Ok(start), Err(_)) if last.is_empty() => (start, len),
        (Err(_), Ok(suffix)) if first.is_empty() && suffix > 0 => (len.saturating_sub(suffix), len),
        _ => return None,
    };
    Some(if start < len {
        Ok((start, end))
    } else {
        Err(Unsatisfiable)
    })
}

/// The first byte a request asks for, for the journal.
pub(crate) fn range_start(asked: &Asked) -> Option<u64> {
    asked
        .header(RANGE)?
        .strip_prefix("bytes=")?
        .split('-')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_google_reads_them() {
        assert_eq!(wanted(""), Some(Wanted::Rendition));
        assert_eq!(wanted("w200-h100-c-no"), Some(Wanted::Rendition));
        assert_eq!(wanted("d"), Some(Wanted::Photo));
        assert_eq!(wanted("dv"), Some(Wanted::Video));
        for wrong in ["dv-w200", "d-dv", "x", "w", "d-", "-"] {
            assert_eq!(wanted(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ranges_are_parts_ignored_or_unsatisfiable() {
        let of = |range| part(range, 10).map(Result::ok);
        assert_eq!(of("bytes=3-"), Some(Some((3, 10))));
        assert_eq!(of("bytes=3-5"), Some(Some((3, 6))));
        assert_eq!(of("bytes=-4"), Some(Some((6, 10))));
        assert_eq!(of("bytes=10-"), Some(None));
        assert_eq!(of("bytes=5-3"), None);
        assert_eq!(of("pages=1-"), None);
    }
}
