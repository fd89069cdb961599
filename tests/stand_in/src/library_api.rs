//! The Photos Library API: listing, looking up and searching what the app created.

use std::fmt::Write;
use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;

use crate::answer::{Answer, Refused};
use crate::asked::{Asked, Pairs};
use crate::base_url::LIBRARY_BYTES;
use crate::chance::stable_hash;
use crate::endpoint::Endpoint;
use crate::envelope;
use crate::google::Google;
use crate::item::{Item, Lookup};
use crate::item_json::write_item;
use crate::library::{Cursor, Library, Stretch};
use crate::locking::{held, read};
use crate::paging::Position;
use crate::quota::Exceeded;
use crate::search;

/// Where the media items live.
pub(crate) const MEDIA_ITEMS: &str = "/photoslibrary/v1/mediaItems";

/// The only scope that reads; those removed in 2025 are refused.
const READ_SCOPE: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

/// Query parameters every Google API takes. A field mask is refused instead, because it is not modelled.
const SYSTEM_PARAMETERS: [&str; 4] = ["alt", "key", "prettyPrint", "quotaUser"];

/// The most ids one batch may look up.
const MOST_IDS: usize = 50;

pub(crate) fn answer(google: &Google, endpoint: Endpoint, asked: &Asked) -> Answer {
    let answered = admitted(google, asked).and_then(|()| match endpoint {
        Endpoint::SearchMediaItems => search::search(google, asked),
        Endpoint::ListAlbums => reading(asked).and_then(|()| albums(asked)),
        Endpoint::BatchGetMediaItems => reading(asked).and_then(|()| batch(google, asked)),
        Endpoint::GetMediaItem => reading(asked).and_then(|()| one(google, asked)),
        _ => reading(asked).and_then(|()| list(google, asked)),
    });
    answered.unwrap_or_else(Answer::from)
}

/// Who asks, may they, and have they asked too often?
fn admitted(google: &Google, asked: &Asked) -> Result<(), Refused> {
    let token = asked
        .bearer()
        .ok_or_else(|| envelope::credentials_missing(envelope::LIBRARY))?;
    let may_read = {
        let account = held(&google.account);
        let scopes = account
            .scopes_of(token, google.clock.now())
            .ok_or_else(envelope::credentials_invalid)?;
        scopes.iter().any(|scope| scope == READ_SCOPE)
    };
    if !read(&google.settings).library_api_enabled {
        return Err(envelope::api_disabled(envelope::LIBRARY).into());
    }
    if !may_read {
        return Err(envelope::scope_missing(envelope::LIBRARY).into());
    }
    google
        .meters
        .library_request()
        .map_err(|exceeded| quota_answer(envelope::LIBRARY, exceeded).into())
}

pub(crate) fn quota_answer(api: envelope::Api, exceeded: Exceeded) -> Answer {
    let limit = match exceeded {
        Exceeded::PerDay => "All requests per day",
        Exceeded::PerMinute => "All requests per minute per user",
    };
    envelope::quota_exceeded(api, limit)
}

/// Reading methods are GET, and Google chokes on those that declare a content type.
pub(crate) fn reading(asked: &Asked) -> Result<(), Refused> {
    if !asked.is_get() {
        return Err(envelope::method_not_allowed().into());
    }
    if asked.header(CONTENT_TYPE).is_some() {
        return Err(envelope::invalid_argument("Request contains an invalid argument.").into());
    }
    Ok(())
}

/// The query, unless it has names this method does not take or repeats one it takes once.
pub(crate) fn parameters(asked: &Asked, once: &[&str], repeated: &[&str]) -> Result<Pairs, Refused> {
    let query = asked.query();
    for (place, (name, _)) in query.iter().enumerate() {
        let name = name.as_str();
        let single = once.contains(&name) || SYSTEM_PARAMETERS.contains(&name);
        if !single && !repeated.contains(&name) {
            return Err(envelope::invalid_argument(&format!(
                "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' \
                 could not be found in request message."
            ))
            .into());
        }
        if single && query[..place].iter().any(|(earlier, _)| earlier == name) {
            return Err(envelope::invalid_argument(&format!(
                "Invalid value at '{name}': a repeated value for a field that takes one."
            ))
            .into());
        }
    }
    Ok(query)
}

pub(crate) fn value<'a>(query: &'a Pairs, name: &str) -> Option<&'a str> {
    query
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// The page size in force; 0 or none is the default, too much is lowered.
pub(crate) fn page_size(text: Option<&str>, default: usize, most: usize) -> Result<usize, Refused> {
    let Some(text) = text else { return Ok(default) };
    let wrong = |_| {
        Refused::from(envelope::invalid_argument(&format!(
            "Invalid value at 'page_size' (TYPE_INT32), \"{text}\""
        )))
    };
    let size = text.parse::<i32>().map_err(wrong)?;
    lawful_page_size(i64::from(size), default, most)
}

/// The page size in force for a number.
pub(crate) fn lawful_page_size(size: i64, default: usize, most: usize) -> Result<usize, Refused> {
    match usize::try_from(size) {
        Ok(0) => Ok(default),
        Ok(size) => Ok(size.min(most)),
        Err(_) => Err(envelope::invalid_argument("Page size must not be negative.").into()),
    }
}

fn list(google: &Google, asked: &Asked) -> Result<Answer, Refused> {
    let query = parameters(asked, &["pageSize", "pageToken"], &[])?;
    let size_text = value(&query, "pageSize");
    let size = page_size(size_text, 25, 100)?;
    let listing = stable_hash(&format!("list {}", size_text.unwrap_or_default()));
    let position = position(google, listing, value(&query, "pageToken"))?;
    Ok(listed(google, &position, size, &|_| true))
}

/// Where a listing goes on. The token must be of this server and this listing, with everything else as it was asked
/// for the first time.
pub(crate) fn position(google: &Google, listing: u64, token: Option<&str>) -> Result<Position, Refused> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Ok(Position::start(listing));
    };
    Position::from_token(token, &google.page_tokens)
        .filter(|position| position.listing == listing)
        .ok_or_else(|| invalid_page_token().into())
}

pub(crate) fn invalid_page_token() -> Answer {
    envelope::invalid_argument("Request contains an invalid page token.")
}

/// One page of a listing.
pub(crate) fn listed(google: &Google, at: &Position, size: usize, keep: &dyn Fn(&Item) -> bool) -> Answer {
    let stretch = page_of(google, at, size, keep);
    let mut text = String::with_capacity(64 + stretch.items.len() * 700);
    text.push('{');
    if !stretch.items.is_empty() {
        text.push_str("\"mediaItems\":[");
        write_items(google, &mut text, &stretch.items);
        text.push(']');
    }
    if let Some(cursor) = stretch.next {
        let next = Position {
            listing: at.listing,
            page: at.page + 1,
            cursor,
        };
        let comma = if stretch.items.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{comma}\"nextPageToken\":\"{}\"",
            next.token(&google.page_tokens)
        );
    }
    text.push('}');
    google.page_answered(at.page);
    Answer::json_text(text)
}

/// The items of a page, quirks included.
fn page_of(google: &Google, at: &Position, size: usize, keep: &dyn Fn(&Item) -> bool) -> Stretch {
    /// Beyond every item: its page is empty and the last.
    const END: Cursor = Cursor::Generated(u64::MAX);
    let quirks = google.faults.paging();
    if quirks
        .empty_runs
        .iter()
        .any(|(first, count)| (*first..first + count).contains(&at.page))
    {
        return Stretch {
            items: Vec::new(),
            next: Some(at.cursor.clone()),
        };
    }
    let library = read(&google.library);
    let fill = quirks.page_fill.unwrap_or(size).clamp(1, size);
    let mut stretch = library.stretch(&at.cursor, fill, keep);
    if quirks.repeat_last && at.cursor != END {
        stretch.items.splice(0..0, library.before(&at.cursor));
    }
    if quirks.trailing_empty && at.cursor != END {
        stretch.next = stretch.next.or(Some(END));
    }
    stretch
}

fn write_items(google: &Google, text: &mut String, items: &[Arc<Item>]) {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        write_item(text, item, &base_url(google, &item.id));
    }
}

fn base_url(google: &Google, id: &str) -> String {
    format!(
        "{}{}",
        google.origin,
        google.links.signed(LIBRARY_BYTES, id, google.clock.now())
    )
}

fn albums(asked: &Asked) -> Result<Answer, Refused> {
    let query = parameters(asked, &["pageSize", "pageToken", "excludeNonAppCreatedData"], &[])?;
    page_size(value(&query, "pageSize"), 20, 50)?;
    match value(&query, "pageToken") {
        Some(token) if !token.is_empty() => Err(invalid_page_token().into()),
        _ => Ok(Answer::json_text("{}".to_owned())),
    }
}

/// What is known of an id.
fn looked_up(library: &Library, id: &str) -> Result<Found, Refused> {
    match library.get(id) {
        Some(item) => match item.lookup {
            Lookup::Found => Ok(Found::Item(item)),
            Lookup::Rotten => Err(envelope::server_error(StatusCode::INTERNAL_SERVER_ERROR).into()),
            Lookup::Refused(code) => Ok(Found::Status(code, "The media item cannot be accessed.")),
        },
        None if library.had(id) => Ok(Found::Status(5, "NOT_FOUND: Media item not found.")),
        None => Err(envelope::invalid_argument("Request contains an invalid media item id.").into()),
    }
}

enum Found {
    Item(Arc<Item>),
    Status(i32, &'static str),
}

fn one(google: &Google, asked: &Asked) -> Result<Answer, Refused> {
    parameters(asked, &[], &[])?;
    let id = asked
        .path()
        .strip_prefix(MEDIA_ITEMS)
        .unwrap_or_default()
        .trim_start_matches('/');
    match looked_up(&read(&google.library), id)? {
        Found::Item(item) => {
            let mut text = String::with_capacity(700);
            write_item(&mut text, &item, &base_url(google, id));
            Ok(Answer::json_text(text))
        }
        Found::Status(7, message) => Ok(envelope::error(StatusCode::FORBIDDEN, message)),
        Found::Status(_, _) => Ok(envelope::error(
            StatusCode::NOT_FOUND,
            "Requested entity was not found.",
        )),
    }
}

fn batch(google: &Google, asked: &Asked) -> Result<Answer, Refused> {
    let query = parameters(asked, &[], &["mediaItemIds"])?;
    let ids: Vec<&str> = query
        .iter()
        .filter(|(name, _)| name == "mediaItemIds")
        .map(|(_, id)| id.as_str())
        .collect();
    if !(1..=MOST_IDS).contains(&ids.len()) {
        let text = format!("The number of media item ids must be between 1 and {MOST_IDS}.");
        return Err(envelope::invalid_argument(&text).into());
    }
    let library = read(&google.library);
    let found = ids
        .into_iter()
        .map(|id| looked_up(&library, id))
        .collect::<Result<Vec<_>, _>>()?;
    let results: Vec<String> = found.iter().map(|found| result(google, found)).collect();
    Ok(Answer::json_text(format!(
        "{{\"mediaItemResults\":[{}]}}",
        results.join(",")
    )))
}

fn result(google: &Google, found: &Found) -> String {
    match found {
        Found::Item(item) => {
            let mut text = String::from("{\"mediaItem\":");
            write_item(&mut text, item, &base_url(google, &item.id));
            text.push('}');
            text
        }
        Found::Status(code, message) => {
            format!("{{\"status\":{{\"code\":{code},\"message\":\"{message}\"}}}}")
        }
    }
}
