//! An item as the Library API writes it. Written by hand, for a listing of a million items is one of the things
//! this server must be fast at.

use std::fmt::Write;

use crate::item::{Item, Kind};

/// Appends the JSON object of an item.
pub(crate) fn write_item(out: &mut String, item: &Item, base_url: &str) {
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "{{\"id\":\"{id}\",\"productUrl\":\"https://photos.google.com/lr/photo/{id}\"",
        id = item.id
    );
    if let Some(description) = &item.description {
        out.push_str(",\"description\":");
        write_text(out, description);
    }
    let _ = write!(out, ",\"baseUrl\":\"{base_url}\",\"mimeType\":");
    write_text(out, &item.mime);
    out.push_str(",\"mediaMetadata\":{");
    write_metadata(out, item);
    out.push('}');
    if !item.filename.is_empty() {
        out.push_str(",\"filename\":");
        write_text(out, &item.filename);
    }
    out.push('}');
}

fn write_metadata(out: &mut String, item: &Item) {
    if let Some(time) = item.creation_time() {
        let _ = write!(out, "\"creationTime\":\"{time}\",");
    }
    if let Some((width, height)) = item.pixels {
        let _ = write!(out, "\"width\":\"{width}\",\"height\":\"{height}\",");
    }
    let mut leaves: Vec<String> = Vec::new();
    if let Some((make, model)) = &item.camera {
        leaves.push(format!(
            "\"cameraMake\":{},\"cameraModel\":{}",
            quoted(make),
            quoted(model)
        ));
    }
    let branch = match item.kind {
        Kind::Photo => "photo",
        Kind::Video(status) => {
            leaves.push("\"fps\":29.97".to_owned());
            leaves.extend(status.name().map(|name| format!("\"status\":\"{name}\"")));
            "video"
        }
    };
    let _ = write!(out, "\"{branch}\":{{{}}}", leaves.join(","));
}

fn write_text(out: &mut String, text: &str) {
    let plain = text
        .bytes()
        .all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        let _ = write!(out, "\"{text}\"");
    } else {
        out.push_str(&quoted(text));
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::item::VideoStatus;

    fn parsed(item: &Item) -> Value {
        let mut text = String::new();
        write_item(&mut text, item, "http://base");
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_photo_has_text_numbers_and_an_empty_photo_object() {
        let item = parsed(&Item::photo(1));
        assert_eq!(
            item["mediaMetadata"],
            json!({
                "creationTime": "2020-01-01T00:01:00Z", "width": "64", "height": "48", "photo": {},
            })
        );
        assert_eq!(
            (&item["filename"], &item["baseUrl"]),
            (&json!("IMG_0001.jpg"), &json!("http://base"))
        );
    }

    #[test]
    fn unknown_leaves_are_absent_and_hostile_names_survive() {
        let bare = Item::video(2)
            .with_status(VideoStatus::Unspecified)
            .taken_at(None);
        assert_eq!(parsed(&bare)["mediaMetadata"], json!({"video": {"fps": 29.97}}));
        let hostile = "a\"b\\c/\u{7}\u{202e}.jpg";
        let item = parsed(
            &Item::photo(3)
                .named(hostile)
                .shot_with("M\"", "X")
                .described("l1\nl2"),
        );
        assert_eq!(item["filename"], hostile);
        assert_eq!(
            item["mediaMetadata"]["photo"],
            json!({"cameraMake": "M\"", "cameraModel": "X"})
        );
        assert!(parsed(&Item::photo(4).named(""))["filename"].is_null());
    }
}
