//! One item as a line of JSON.

use std::fmt::Write as _;

use chrono::FixedOffset;
use serde_json::{Value, json};

use super::utc;
use crate::library::index::listing::Listed;
use crate::library::index::misnamed::MisnamedRow;
use crate::library::index::{FileRow, Placing, State};
use crate::media::Role;
use crate::told::{Place, Precision};

/// The version of the object; it grows when a field changes its meaning.
const VERSION: u32 = 1;

/// The item's object and the end of the line.
pub(super) fn line(listed: &Listed) -> String {
    let (item, told) = (&listed.item, &listed.told);
    let main = listed.files.iter().find(|file| file.role == Role::Main);
    let local = local(listed);
    let object = json!({
        "v": VERSION,
        "id": item.id,
        "source": listed.source,
        "name": item.file_name,
        "kind": if listed.is_video { "video" } else { "photo" },
        "bucket": bucket(item.state),
        "reason": item.reason,
        "path": main.map(|file| &file.path),
        "size": main.map(|file| file.size),
        "sha256": main.and_then(|file| file.sha256).map(hex),
        "files": listed.files.iter().map(|one| file(one, &listed.misnamed)).collect::<Vec<_>>(),
        "taken": item.taken.map(utc),
        "taken_from": taken_from(listed),
        "taken_precision": item.taken.map(|_| precision(listed)),
        "local": local.as_ref().map(|(clock, _)| clock),
        "utc_offset": local.as_ref().map(|(_, offset)| offset),
        "albums": listed.albums,
        "description": Some(&told.description).filter(|text| !text.is_empty()),
        "people": told.people,
        "gps": told.place.map(gps),
        "favourite": told.marks.favourite,
        "archived": told.marks.archived,
        "trashed": told.marks.trashed,
        "locked": told.marks.locked,
        "partner": told.is_partners,
    });
    format!("{object}\n")
}

/// The word for a state, as in summaries.
pub(super) const fn bucket(state: State) -> &'static str {
    match state {
        State::Found => "found",
        State::Stored => "stored",
        State::Waiting => "waiting",
        State::Unavailable => "unavailable",
        State::Failed => "failed",
    }
}

/// Who says when it was taken. A source that lists items says it itself.
fn taken_from(listed: &Listed) -> Option<&'static str> {
    listed.item.taken?;
    Some(listed.told.time.map_or("google", |time| time.source.word()))
}

fn precision(listed: &Listed) -> &'static str {
    match listed.told.time.map(|time| time.precision) {
        None | Some(Precision::Second) => "second",
        Some(Precision::Day) => "day",
        Some(Precision::Year) => "year",
    }
}

/// The local time and its offset, where that is known.
fn local(listed: &Listed) -> Option<(String, String)> {
    let offset = FixedOffset::east_opt(listed.told.time?.offset?)?;
    let local = listed.item.taken?.with_timezone(&offset);
    let clock = local.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false);
    Some((clock, offset.to_string()))
}

fn file(file: &FileRow, misnamed: &[MisnamedRow]) -> Value {
    let placing = match file.placing {
        Placing::Damaged => Some("damaged"),
        Placing::Elsewhere => Some("elsewhere"),
        Placing::InPlace | Placing::Sealed | Placing::Moving => None,
    };
    let wrong = misnamed.iter().find(|wrong| wrong.role == file.role);
    json!({
        "role": file.role.word(),
        "path": file.path,
        "size": file.size,
        "sha256": file.sha256.map(hex),
        "placing": placing,
        "misnamed": wrong.map(|wrong| json!({
            "is": wrong.what.content,
            "extension": wrong.what.extension,
            "corrected": wrong.is_corrected,
        })),
    })
}

fn gps(place: Place) -> Value {
    json!({"latitude": place.latitude(), "longitude": place.longitude(), "altitude": place.altitude()})
}

fn hex(hash: [u8; 32]) -> String {
    hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
