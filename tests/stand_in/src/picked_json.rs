//! An item as the Picker API writes it, which differs from the Library API in the place and the type of nearly
//! everything.

use serde_json::{Map, Value, json};

use crate::item::{Item, Kind};

/// The JSON object of an item.
pub(crate) fn picked(item: &Item, base_url: &str) -> Value {
    let kind = match item.kind {
        Kind::Photo => "PHOTO",
        Kind::Video(_) => "VIDEO",
    };
    let mut file = json!({"baseUrl": base_url, "mimeType": item.mime, "mediaFileMetadata": metadata(item)});
    if !item.filename.is_empty() {
        file["filename"] = item.filename.clone().into();
    }
    let mut picked = json!({"id": item.id, "type": kind, "mediaFile": file});
    if let Some(time) = item.creation_time() {
        picked["createTime"] = time.into();
    }
    picked
}

/// Numbers are numbers here, where the Library API writes texts.
fn metadata(item: &Item) -> Value {
    let mut metadata = Map::new();
    if let Some((width, height)) = item.pixels {
        metadata.insert("width".to_owned(), width.into());
        metadata.insert("height".to_owned(), height.into());
    }
    if let Some((make, model)) = &item.camera {
        metadata.insert("cameraMake".to_owned(), make.clone().into());
        metadata.insert("cameraModel".to_owned(), model.clone().into());
    }
    let (branch, leaves) = match item.kind {
        Kind::Photo => ("photoMetadata", json!({})),
        Kind::Video(status) => {
            let mut video = json!({"fps": 29.97});
            if let Some(name) = status.name() {
                video["processingStatus"] = name.into();
            }
            ("videoMetadata", video)
        }
    };
    metadata.insert(branch.to_owned(), leaves);
    metadata.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::VideoStatus;

    #[test]
    fn a_photo_and_a_video() {
        let photo = picked(&Item::photo(1), "http://base");
        assert_eq!(photo["createTime"], "2020-01-01T00:01:00Z");
        assert_eq!(
            photo["mediaFile"]["mediaFileMetadata"],
            json!({"width": 64, "height": 48, "photoMetadata": {}})
        );
        let video = picked(
            &Item::video(2).with_status(VideoStatus::Processing),
            "http://base",
        );
        assert_eq!(video["type"], "VIDEO");
        assert_eq!(
            video["mediaFile"]["mediaFileMetadata"]["videoMetadata"]["processingStatus"],
            "PROCESSING"
        );
        let bare = picked(&Item::photo(3).named("").taken_at(None), "http://base");
        assert!(bare["createTime"].is_null() && bare["mediaFile"]["filename"].is_null());
    }
}
