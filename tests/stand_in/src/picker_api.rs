//! The Picker API: sessions in which the user chooses, the items chosen, and the page to choose them on.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{SecondsFormat, TimeDelta, Utc};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::answer::{Answer, Refused};
use crate::asked::{Asked, single};
use crate::base_url::PICKER_BYTES;
use crate::clock::millis;
use crate::endpoint::Endpoint;
use crate::envelope::{self, PICKER};
use crate::google::Google;
use crate::library_api::{invalid_page_token, page_size, parameters, reading, value};
use crate::locking::{held, read};
use crate::picked_json::picked;
use crate::picking::{MOST_ITEMS, Missing, Session};
use crate::settings::PickerSettings;

/// The only scope that opens any of this.
pub(crate) const PICKER_SCOPE: &str = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly";

/// Where sessions live.
const SESSIONS: &str = "/photospicker/v1/sessions";

/// Where the items of a session are listed.
const PICKED: &str = "/photospicker/v1/mediaItems";

/// Where people choose.
const PAGE: &str = "/photos/picker/";

/// Which method of the Picker a request is for, if any.
pub(crate) fn classified(method: &Method, path: &str) -> Option<Endpoint> {
    if path.starts_with(PAGE) {
        return Some(Endpoint::PickerPage);
    }
    if path == PICKED {
        return Some(Endpoint::ListPicked);
    }
    match path.strip_prefix(SESSIONS)? {
        "" => Some(Endpoint::CreateSession),
        rest if rest
            .strip_prefix('/')
            .is_some_and(|id| !id.is_empty() && !id.contains('/')) =>
        {
            let deletes = method == Method::DELETE;
            Some(if deletes {
                Endpoint::DeleteSession
            } else {
                Endpoint::GetSession
            })
        }
        _ => None,
    }
}

pub(crate) fn answer(google: &Google, endpoint: Endpoint, asked: &Asked) -> Answer {
    if endpoint == Endpoint::PickerPage {
        return page(google, asked);
    }
    let answered = admitted(google, asked).and_then(|ways| match endpoint {
        Endpoint::CreateSession => create(google, &ways, asked),
        Endpoint::DeleteSession => delete(google, asked),
        Endpoint::GetSession => get(google, &ways, asked),
        _ => list(google, &ways, asked),
    });
    answered.unwrap_or_else(Answer::from)
}

/// Who asks, and may they?
fn admitted(google: &Google, asked: &Asked) -> Result<PickerSettings, Refused> {
    let token = asked
        .bearer()
        .ok_or_else(|| envelope::credentials_missing(PICKER))?;
    let ways = read(&google.settings).picker.clone();
    let account = held(&google.account);
    let scopes = account
        .scopes_of(token, google.clock.now())
        .ok_or_else(envelope::credentials_invalid)?;
    if !ways.enabled {
        return Err(envelope::api_disabled(PICKER).into());
    }
    if !scopes.iter().any(|scope| scope == PICKER_SCOPE) {
        return Err(envelope::scope_missing(PICKER).into());
    }
    Ok(ways)
}

/// Sessions created before this have expired.
fn oldest_alive(google: &Google, ways: &PickerSettings) -> u64 {
    google.clock.now().saturating_sub(millis(ways.session_lifetime))
}

fn refused(missing: Missing) -> Refused {
    match missing {
        Missing::Unknown => envelope::error(StatusCode::NOT_FOUND, "Requested entity was not found."),
        Missing::Expired => envelope::error(StatusCode::FORBIDDEN, "The caller does not have permission"),
    }
    .into()
}

fn create(google: &Google, ways: &PickerSettings, asked: &Asked) -> Result<Answer, Refused> {
    if !asked.is_post() {
        return Err(envelope::method_not_allowed().into());
    }
    let query = parameters(asked, &["requestId"], &[])?;
    if value(&query, "requestId").is_some_and(|id| !is_uuid_4(id)) {
        return Err(envelope::invalid_argument("Request id must be a version 4 UUID.").into());
    }
    let most = most_items(asked)?;
    if !ways.has_photos {
        let message = "The user does not have an active Google Photos account.";
        return Err(envelope::failed_precondition(message, &[]).into());
    }
    let mut sessions = held(&google.picking);
    if sessions.alive(oldest_alive(google, ways)) >= ways.most_sessions {
        let message = "The user has too many active picking sessions.";
        return Err(envelope::error(StatusCode::TOO_MANY_REQUESTS, message).into());
    }
    let session = sessions.open(google.clock.now(), most);
    Ok(Answer::json(StatusCode::OK, &written(google, ways, session)))
}

fn is_uuid_4(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let hexadecimal = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(hexadecimal)
        && groups[2].starts_with('4')
}

/// The most items the program wants chosen. An empty body is as good as an empty object.
fn most_items(asked: &Asked) -> Result<u64, Refused> {
    if asked.body.is_empty() {
        return Ok(MOST_ITEMS);
    }
    if !asked.has_type("application/json") {
        return Err(envelope::invalid_argument("Invalid JSON payload received.").into());
    }
    let wrong = |_| Refused::from(envelope::invalid_argument("Invalid JSON payload received."));
    let body: Value = serde_json::from_slice(&asked.body).map_err(wrong)?;
    only_known(&body, &["pickingConfig"])?;
    let wish = match body.get("pickingConfig") {
        None => return Ok(MOST_ITEMS),
        Some(config) => {
            only_known(config, &["maxItemCount"])?;
            &config["maxItemCount"]
        }
    };
    let number = match wish {
        Value::Null => Some(0),
        Value::String(text) => text.parse::<i64>().ok(),
        other => other.as_i64(),
    };
    match number.map(u64::try_from) {
        Some(Ok(0)) => Ok(MOST_ITEMS),
        Some(Ok(wish)) => Ok(wish),
        _ => Err(envelope::invalid_argument("max_item_count must not be negative.").into()),
    }
}

fn only_known(value: &Value, fields: &[&str]) -> Result<(), Refused> {
    let Some(object) = value.as_object() else {
        return Err(envelope::invalid_argument("Invalid JSON payload received.").into());
    };
    match object.keys().find(|name| !fields.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let text = format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.");
            Err(envelope::invalid_argument(&text).into())
        }
    }
}

fn asked_session(asked: &Asked) -> &str {
    asked.path().rsplit('/').next().unwrap_or_default()
}

fn get(google: &Google, ways: &PickerSettings, asked: &Asked) -> Result<Answer, Refused> {
    reading(asked)?;
    parameters(asked, &[], &[])?;
    let mut sessions = held(&google.picking);
    let session = sessions
        .get(asked_session(asked), oldest_alive(google, ways))
        .map_err(refused)?;
    session.poll(!left(google, ways, session).is_zero());
    Ok(Answer::json(StatusCode::OK, &written(google, ways, session)))
}

fn delete(google: &Google, asked: &Asked) -> Result<Answer, Refused> {
    parameters(asked, &[], &[])?;
    let deleted = held(&google.picking).delete(asked_session(asked));
    deleted
        .map(|()| Answer::json_text("{}".to_owned()))
        .map_err(refused)
}

/// How long the user may still take.
fn left(google: &Google, ways: &PickerSettings, session: &Session) -> Duration {
    let age = google.clock.now().saturating_sub(session.created);
    ways.time_limit.saturating_sub(Duration::from_millis(age))
}

fn written(google: &Google, ways: &PickerSettings, session: &Session) -> Value {
    let age = Duration::from_millis(google.clock.now().saturating_sub(session.created));
    let life = TimeDelta::from_std(ways.session_lifetime.saturating_sub(age)).unwrap_or_default();
    let mut written = json!({
        "id": session.id(),
        "pickerUri": format!("{}{PAGE}{}", google.origin, session.id()),
        "expireTime": (Utc::now() + life).to_rfc3339_opts(SecondsFormat::Micros, true),
        "pickingConfig": {"maxItemCount": session.most_items().to_string()},
    });
    if session.chosen().is_some() {
        written["mediaItemsSet"] = true.into();
    } else {
        let seconds = |time: Duration| format!("{}s", time.as_secs_f64());
        written["pollingConfig"] = json!({
            "pollInterval": seconds(ways.poll_interval), "timeoutIn": seconds(left(google, ways, session)),
        });
        if ways.says_not_set {
            written["mediaItemsSet"] = false.into();
        }
    }
    written
}

/// Where a listing of picked items stands. The token is good for its session and its page size only.
struct Place {
    page: u64,
    seen: usize,
}

fn token(google: &Google, listing: &str, place: &Place) -> String {
    let plain = format!("{}.{}", place.page, place.seen);
    let signature = google.page_tokens.of(&format!("{listing} {plain}"));
    URL_SAFE_NO_PAD.encode(format!("{signature}.{plain}"))
}

fn place_of(google: &Google, listing: &str, token: &str) -> Option<Place> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (signature, plain) = text.split_once('.')?;
    let (page, seen) = plain.split_once('.')?;
    let good = google.page_tokens.of(&format!("{listing} {plain}")) == signature;
    good.then_some(Place {
        page: page.parse().ok()?,
        seen: seen.parse().ok()?,
    })
}

/// The listing that a request is a part of: everything but its token.
fn listing_of(query: &[(String, String)]) -> String {
    let part = |name| single(query, name).unwrap_or_default();
    format!("picked {} {}", part("sessionId"), part("pageSize"))
}

/// Which page a request asks for, for the journal and the rules of faults.
pub(crate) fn page_asked_for(google: &Google, asked: &Asked) -> u64 {
    let query = asked.query();
    let token = single(&query, "pageToken").filter(|token| !token.is_empty());
    let place = token.and_then(|token| place_of(google, &listing_of(&query), token));
    place.map_or(0, |place| place.page)
}

fn list(google: &Google, ways: &PickerSettings, asked: &Asked) -> Result<Answer, Refused> {
    reading(asked)?;
    let query = parameters(asked, &["sessionId", "pageSize", "pageToken"], &[])?;
    let size = page_size(value(&query, "pageSize"), 50, 100)?;
    let id = value(&query, "sessionId")
        .ok_or_else(|| Refused::from(envelope::invalid_argument("session_id must be given.")))?;
    let mut sessions = held(&google.picking);
    let session = sessions.get(id, oldest_alive(google, ways)).map_err(refused)?;
    let chosen = session.chosen().ok_or_else(not_chosen_yet)?;
    let listing = listing_of(&query);
    let place = match value(&query, "pageToken").filter(|token| !token.is_empty()) {
        None => Place { page: 0, seen: 0 },
        Some(token) => place_of(google, &listing, token).ok_or_else(invalid_page_token)?,
    };
    let answer = one_page(google, &listing, &place, chosen, size);
    drop(sessions);
    google.page_answered(place.page);
    Ok(Answer::json(StatusCode::OK, &answer))
}

fn not_chosen_yet() -> Refused {
    let pending = envelope::reason("PENDING_USER_ACTION", &json!({}));
    let message = "The user has not finished picking media items.";
    envelope::failed_precondition(message, &[pending]).into()
}

/// A page, quirks included. Items that the user has meanwhile deleted are not listed.
fn one_page(google: &Google, listing: &str, place: &Place, chosen: &[String], size: usize) -> Value {
    let quirks = google.faults.paging();
    let mut runs = quirks.empty_runs.iter();
    let is_empty = runs.any(|(first, count)| (*first..first + count).contains(&place.page));
    let fill = if is_empty {
        0
    } else {
        quirks.page_fill.unwrap_or(size).clamp(1, size)
    };
    let end = (place.seen + fill).min(chosen.len());
    let library = read(&google.library);
    let items = chosen.get(place.seen..end).unwrap_or_default();
    let items: Vec<Value> = items
        .iter()
        .filter_map(|id| library.get(id))
        .map(|item| picked(&item, &base_url(google, &item.id)))
        .collect();
    let mut answer = json!({});
    if !items.is_empty() {
        answer["mediaItems"] = items.into();
    }
    let trailing = quirks.trailing_empty && place.seen < chosen.len();
    if end < chosen.len() || trailing {
        let next = Place {
            page: place.page + 1,
            seen: end,
        };
        answer["nextPageToken"] = token(google, listing, &next).into();
    }
    answer
}

fn base_url(google: &Google, id: &str) -> String {
    let path = google.links.signed(PICKER_BYTES, id, google.clock.now());
    format!("{}{path}", google.origin)
}

/// The page people choose on. What they do there is planned by the test.
fn page(google: &Google, asked: &Asked) -> Answer {
    let ways = read(&google.settings).picker.clone();
    let rest = asked.path().strip_prefix(PAGE).unwrap_or_default();
    let id = rest.strip_suffix("/autoclose").unwrap_or(rest);
    let mut sessions = held(&google.picking);
    let open = sessions
        .get(id, oldest_alive(google, &ways))
        .is_ok_and(|session| session.chosen().is_none());
    if open {
        envelope::page(
            StatusCode::OK,
            "Google Photos",
            "Choose photos and videos, then press Done.",
        )
    } else {
        envelope::page(
            StatusCode::NOT_FOUND,
            "Google Photos",
            "This link no longer works.",
        )
    }
}
