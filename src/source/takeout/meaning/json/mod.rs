//! What a JSON file of an export is: decided by its content, never by its name, which is localised and may be
//! anybody's.

mod album;
mod fields;
mod sidecar;
mod surrogates;

use std::borrow::Cow;

use serde_json::{Map, Value};

pub(crate) use crate::told::{Comment, Marks, Place};
pub(crate) use album::AlbumText;
pub(crate) use sidecar::{Origin, Sidecar};

/// The largest JSON file that is read. A sidecar has about 800 bytes; an album with thousands of comments some
/// hundred thousand. Parsed, a hostile text of this size may take thirty times the memory, no more.
pub(crate) const MAX_JSON_BYTES: u64 = 1 << 20;

/// What a JSON file says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// It tells about one photo or video.
    Media(Box<Sidecar>),
    /// It tells about the album in whose folder it lies.
    Album(Box<AlbumText>),
    /// The comments below a shared album.
    Comments(Vec<Comment>),
    /// It is well-formed, and about something else.
    Other,
    /// It cannot be read; the reason fits after "could not be read: ".
    Invalid(String),
}

/// Reads a JSON file of any kind.
///
/// Guarantees: a field of the wrong type is as good as absent and takes no other with it; a text that is nested
/// too deeply or is too large is invalid, and nothing worse.
pub(crate) fn read(text: &[u8]) -> Meaning {
    if text.len() as u64 > MAX_JSON_BYTES {
        return Meaning::Invalid("it is larger than any file of this kind should be".to_owned());
    }
    match parsed(text) {
        Ok(Value::Object(fields)) => meaning_of(&fields),
        Ok(_) => Meaning::Other,
        Err(error) => Meaning::Invalid(format!("it is no valid JSON ({error})")),
    }
}

/// Forgives a byte order mark, bytes that are no UTF-8, and escapes of half a character.
fn parsed(text: &[u8]) -> serde_json::Result<Value> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let text: Cow<'_, str> = String::from_utf8_lossy(text);
    serde_json::from_str(&text).or_else(|error| match surrogates::mended(&text) {
        Some(mended) => serde_json::from_str(&mended),
        None => Err(error),
    })
}

fn meaning_of(fields: &Map<String, Value>) -> Meaning {
    if let Some(Value::Object(inner)) = fields.get("albumData") {
        return Meaning::Album(Box::new(AlbumText::read(inner)));
    }
    let has_title = fields.get("title").is_some_and(Value::is_string);
    if is_media(fields, has_title) {
        Meaning::Media(Box::new(Sidecar::read(fields)))
    } else if has_title && !fields.contains_key("externalOrderId") && !fields.contains_key("category") {
        Meaning::Album(Box::new(AlbumText::read(fields)))
    } else if fields.contains_key("sharedAlbumComments") {
        Meaning::Comments(album::comments(fields))
    } else {
        Meaning::Other
    }
}

/// A sidecar without a date is one all the same, if it says something that only sidecars say.
fn is_media(fields: &Map<String, Value>, has_title: bool) -> bool {
    const TELLING: [&str; 5] = [
        "url",
        "googlePhotosOrigin",
        "googlePhotoOrigin",
        "imageViews",
        "creationTime",
    ];
    fields.contains_key("photoTakenTime")
        || (has_title && TELLING.iter().any(|telling| fields.contains_key(*telling)))
}

#[cfg(test)]
mod tests;
