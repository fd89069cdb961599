//! The JSON files of an export.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::item::{Home, Item, Origin, Stated};

/// As Google writes it: indented by two, and with five characters escaped that JSON would not need escaped.
fn written(value: &Value) -> String {
    let escaped = |c: char| match c {
        '&' | '\'' | '<' | '>' | '=' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("{value:#}").chars().map(escaped).collect()
}

fn time(seconds: i64) -> Value {
    let moment = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    // With the narrow no-break space that nobody may stumble over.
    let formatted = moment.format("%b %-d, %Y, %-I:%M:%S\u{202f}%p UTC").to_string();
    json!({"timestamp": seconds.to_string(), "formatted": formatted})
}

fn place((latitude, longitude): (f64, f64)) -> Value {
    json!({
        "latitude": latitude, "longitude": longitude, "altitude": 0.0,
        "latitudeSpan": 0.0, "longitudeSpan": 0.0,
    })
}

/// The sidecar of an item.
pub(crate) fn of_item(item: &Item, number: usize) -> String {
    let geo = place(item.snapshot.place.unwrap_or((0.0, 0.0)));
    let mut fields = json!({
        "title": item.title.text,
        "description": item.description,
        "imageViews": (number % 90).to_string(),
        "creationTime": time(item.taken.max(0) + 86_400),
        "geoData": geo.clone(),
        "url": format!("https://photos.google.com/photo/AF1QipPretend{number:016x}"),
    });
    let mut set = |name: &str, value: Value| fields[name] = value;
    // Both spellings were seen.
    let origin = ["googlePhotosOrigin", "googlePhotoOrigin"][usize::from(number % 50 == 7)];
    set(
        origin,
        match item.origin {
            Origin::Partner => json!({"fromPartnerSharing": {}}),
            Origin::Web => json!({"webUpload": {"computerUpload": {}}}),
        },
    );
    // What the file does not know stood there as zeros, and since 2025 it does not stand there.
    if item.snapshot.place.is_some() || number.is_multiple_of(2) {
        set("geoDataExif", geo.clone());
    }
    match item.stated {
        Stated::At(seconds) | Stated::Corrected(seconds) => set("photoTakenTime", time(seconds)),
        Stated::Zero => set("photoTakenTime", time(0)),
        Stated::Missing => {}
    }
    if !item.people.is_empty() {
        set(
            "people",
            item.people.iter().map(|name| json!({"name": name})).collect(),
        );
    }
    for (name, is) in [
        ("favorited", item.is_favourite),
        ("archived", item.home == Home::Archive),
        ("trashed", item.home == Home::Trash),
        ("inLockedFolder", item.home == Home::Locked),
    ] {
        if is {
            set(name, true.into());
        }
    }
    written(&fields)
}

/// The JSON of an album: since 2025 often nothing but a title, and long ago wrapped.
pub(crate) fn of_album(title: &str, number: usize) -> String {
    let whole = json!({
        "title": title,
        "description": "All of it & more",
        "access": "protected",
        "date": time(1_500_000_000),
        "sharedAlbumComments": [{"text": "Nice!", "contentOwnerName": "Ada"}],
    });
    match number % 6 {
        0 | 3 => written(&json!({"title": title})),
        5 => written(&json!({"albumData": whole})),
        _ => written(&whole),
    }
}

/// What others wrote to a shared album.
pub(crate) fn of_comments() -> String {
    written(
        &json!({"sharedAlbumComments": [{"text": "Nice!", "contentOwnerName": "Ada", "creationTime": time(1_500_000_000)}]}),
    )
}

/// Titles of memories: an array where others have a text.
pub(crate) fn of_memories() -> String {
    written(&json!({"title": ["A day", "Another day"]}))
}

/// An order for prints.
pub(crate) fn of_order() -> String {
    written(
        &json!({"externalOrderId": "1", "type": "PHOTO_PRINT", "category": "x", "creationTime": {"formatted": "-"}}),
    )
}
