//! From a request to its answer: finds the service, lets faults strike, writes the journal.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, RANGE};
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::{Instant, sleep};

use crate::answer::Answer;
use crate::asked::{Asked, single};
use crate::endpoint::{Endpoint, Service};
use crate::fault_board::Verdict;
use crate::faults::{Call, Damage, Refusal};
use crate::google::Google;
use crate::journal::Entry;
use crate::library_api::MEDIA_ITEMS;
use crate::locking::read;
use crate::paging::Position;
use crate::sabotage::{Sending, refused, sent};
use crate::wire::{CutShort, ResetFlag, SILENCE, Script};
use crate::{consent, envelope, library_api, media_host, oauth, picker_api};

/// Answers one request, or ends its connection.
pub(crate) async fn answer(
    google: Arc<Google>,
    request: Request<Incoming>,
    reset: ResetFlag,
) -> Result<Response<Script>, CutShort> {
    let at = Instant::now();
    let endpoint = endpoint_of(request.method(), request.uri().path());
    let ticket = google.journal.begin(endpoint);
    let asked = Asked::read(request).await.ok_or(CutShort)?;
    let call = call_of(&google, endpoint, &asked);
    let verdict = google.faults.decide(&call);
    if !verdict.latency.is_zero() {
        sleep(verdict.latency).await;
    }
    let head_only = asked.method() == Method::HEAD;
    let Verdict {
        bandwidth, damage, ..
    } = verdict;
    let entry = google
        .journal
        .keeps_entries()
        .then(|| entry_of(at, &call, &asked));
    let answer = settled(&google, &call, asked, &verdict);
    if let Some(entry) = entry {
        google.journal.write(Entry {
            status: answer.as_ref().map(|answer| answer.status.as_u16()),
            ..entry
        });
    }
    match answer {
        Some(answer) => Ok(sent(
            answer,
            Sending {
                damage,
                bandwidth,
                head_only,
                ticket,
                reset,
            },
        )),
        None => Err(cut(verdict.refusal.as_ref(), &reset).await),
    }
}

/// The answer, true or not; none if the connection is to end without one.
fn settled(google: &Google, call: &Call, asked: Asked, verdict: &Verdict) -> Option<Answer> {
    if let Some(refusal) = &verdict.refusal {
        return refused(refusal, call.endpoint);
    }
    let ranges_ignored = verdict.damage == Some(Damage::RangeIgnored);
    let asked = if ranges_ignored {
        asked.without_header(RANGE)
    } else {
        asked
    };
    Some(truth(google, call.endpoint, &asked))
}

fn truth(google: &Google, endpoint: Endpoint, asked: &Asked) -> Answer {
    match endpoint {
        Endpoint::Consent => consent::page(google, asked),
        Endpoint::Token => oauth::token(google, asked),
        Endpoint::Revoke => oauth::revoke(google, asked),
        Endpoint::Unknown => envelope::html(StatusCode::NOT_FOUND),
        _ if endpoint.service() == Service::Media => media_host::answer(google, endpoint, asked),
        _ if endpoint.service() == Service::Picker => picker_api::answer(google, endpoint, asked),
        _ => library_api::answer(google, endpoint, asked),
    }
}

/// Ends a connection before anything was answered.
async fn cut(refusal: Option<&Refusal>, reset: &ResetFlag) -> CutShort {
    match refusal {
        Some(Refusal::ResetBeforeHeaders) => reset.store(true, Ordering::Release),
        Some(Refusal::SilenceBeforeHeaders) => sleep(SILENCE).await,
        _ => {}
    }
    CutShort
}

fn endpoint_of(method: &Method, path: &str) -> Endpoint {
    if let Some((endpoint, _)) = media_host::classified(path) {
        return endpoint;
    }
    if let Some(endpoint) = picker_api::classified(method, path) {
        return endpoint;
    }
    match path {
        "/accounts/o/oauth2/v2/auth" => Endpoint::Consent,
        "/oauth2/token" => Endpoint::Token,
        "/oauth2/revoke" => Endpoint::Revoke,
        "/photoslibrary/v1/albums" => Endpoint::ListAlbums,
        _ => match path.strip_prefix(MEDIA_ITEMS) {
            Some("") => Endpoint::ListMediaItems,
            Some(":batchGet") => Endpoint::BatchGetMediaItems,
            Some(":search") => Endpoint::SearchMediaItems,
            Some(rest) if rest.strip_prefix('/').is_some_and(|id| !id.contains('/')) => {
                Endpoint::GetMediaItem
            }
            _ => Endpoint::Unknown,
        },
    }
}

/// What fault rules can know of the request.
fn call_of(google: &Google, endpoint: Endpoint, asked: &Asked) -> Call {
    let item = match endpoint.service() {
        Service::Media => media_host::classified(asked.path()).and_then(|(_, item)| item),
        _ if endpoint == Endpoint::GetMediaItem => asked.path().rsplit('/').next(),
        _ => None,
    };
    Call {
        endpoint,
        item: item.map(str::to_owned),
        page: page_of(google, endpoint, asked),
        redirected: endpoint == Endpoint::Video && read(&google.settings).video_redirects,
    }
}

/// Which page of a listing is asked for.
fn page_of(google: &Google, endpoint: Endpoint, asked: &Asked) -> Option<u64> {
    let token = match endpoint {
        Endpoint::ListPicked => return Some(picker_api::page_asked_for(google, asked)),
        Endpoint::ListMediaItems => single(&asked.query(), "pageToken").map(str::to_owned),
        Endpoint::SearchMediaItems => serde_json::from_slice::<serde_json::Value>(&asked.body)
            .ok()
            .and_then(|body| body.get("pageToken")?.as_str().map(str::to_owned)),
        _ => return None,
    };
    match token.filter(|token| !token.is_empty()) {
        None => Some(0),
        Some(token) => Position::from_token(&token, &google.page_tokens).map(|position| position.page),
    }
}

fn entry_of(at: Instant, call: &Call, asked: &Asked) -> Entry {
    let media = call.endpoint.service() == Service::Media;
    Entry {
        at,
        endpoint: call.endpoint,
        method: asked.method().to_string(),
        path: if media {
            media_host::unsigned(asked.path())
        } else {
            asked.path().to_owned()
        },
        item: call.item.clone(),
        page: call.page,
        status: None,
        range_start: media_host::range_start(asked),
        authorized: asked.header(AUTHORIZATION).is_some(),
    }
}
