//! The Library API's JSON, as Google documents it and as it really comes: every leaf may be missing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::time::Instant;

use crate::media::{Locator, MediaId, MediaItem, MediaKind, Readiness};
use crate::secret::Secret;

/// An answer of `mediaItems.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ListPage {
    pub(super) media_items: Vec<WireItem>,
    /// Its presence is the only reliable sign that there is more.
    pub(super) next_page_token: Option<String>,
}

impl ListPage {
    /// Whether a body in which nothing of a page was found is something else altogether, such as another server's
    /// JSON. A bare `{}` is a page, and so is an empty list.
    #[expect(
        clippy::zero_sized_map_values,
        reason = "only the names of the fields are looked at"
    )]
    pub(super) fn is_something_else(&self, body: &[u8]) -> bool {
        let found_nothing = self.media_items.is_empty() && self.next_page_token.is_none();
        found_nothing
            && serde_json::from_slice::<HashMap<String, IgnoredAny>>(body)
                .is_ok_and(|fields| !fields.is_empty() && !fields.contains_key("mediaItems"))
    }
}

/// An answer of `mediaItems.batchGet`, which tells of every id that was asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchAnswer {
    pub(super) media_item_results: Vec<BatchResult>,
}

/// Either an item or the reason why there is none.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BatchResult {
    pub(super) media_item: Option<WireItem>,
}

/// A media item.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct WireItem {
    pub(super) id: String,
    base_url: Option<Secret>,
    mime_type: String,
    filename: String,
    media_metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Metadata {
    creation_time: String,
    /// `{}` is a normal photo without EXIF, so presence is all that counts.
    photo: Option<IgnoredAny>,
    video: Option<Video>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Video {
    status: String,
}

impl WireItem {
    /// The item, or `None` when it has no id and so cannot be told from others.
    pub(super) fn into_item(self) -> Option<MediaItem> {
        if self.id.is_empty() {
            return None;
        }
        let kind = self.kind();
        let readiness = self.readiness();
        let taken = self
            .media_metadata
            .creation_time
            .parse::<DateTime<Utc>>()
            .ok()
            .filter(is_plausible);
        let locator = self.base_url.map(|base_url| Locator {
            base_url,
            obtained: Instant::now(),
        });
        Some(MediaItem {
            id: MediaId::new(self.id),
            file_name: self.filename,
            mime_type: self.mime_type,
            taken,
            kind,
            readiness,
            locator,
            files: Vec::new(),
        })
    }

    fn kind(&self) -> MediaKind {
        match (&self.media_metadata.video, &self.media_metadata.photo) {
            (Some(_), _) => MediaKind::Video,
            (None, None) if self.mime_type.starts_with("video/") => MediaKind::Video,
            (None, _) => MediaKind::Photo,
        }
    }

    fn readiness(&self) -> Readiness {
        match self
            .media_metadata
            .video
            .as_ref()
            .map(|video| video.status.as_str())
        {
            Some("PROCESSING") => Readiness::Processing,
            Some("FAILED") => Readiness::Failed,
            // Absent or unspecified says nothing; the bytes will.
            _ => Readiness::Ready,
        }
    }
}

/// Times that no index can hold in nanoseconds (before 1678, after 2261) are mistakes, not times.
fn is_plausible(taken: &DateTime<Utc>) -> bool {
    taken.timestamp_nanos_opt().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(json: &str) -> Option<MediaItem> {
        serde_json::from_str::<WireItem>(json).unwrap().into_item()
    }

    #[test]
    fn a_photo_as_google_writes_it() {
        let item = item(
            r#"{"id":"A1","baseUrl":"https://lh3.googleusercontent.com/x","mimeType":"image/jpeg","filename":"IMG_1.jpg",
                "productUrl":"https://photos.google.com/x","mediaMetadata":{"creationTime":"2019-06-01T10:11:12.5Z",
                "width":"4000","height":"3000","photo":{}}}"#,
        )
        .unwrap();
        assert_eq!((item.kind, item.readiness), (MediaKind::Photo, Readiness::Ready));
        assert_eq!(item.taken.unwrap().to_rfc3339(), "2019-06-01T10:11:12.500+00:00");
        assert!(!format!("{item:?}").contains("lh3"), "base URLs are secrets");
    }

    #[test]
    fn videos_and_their_states() {
        let video = |status: &str| {
            let json =
                format!(r#"{{"id":"V","mediaMetadata":{{"video":{{"fps":29.97,"status":"{status}"}}}}}}"#);
            item(&json).unwrap()
        };
        assert_eq!(video("READY").readiness, Readiness::Ready);
        assert_eq!(video("PROCESSING").readiness, Readiness::Processing);
        assert_eq!(video("FAILED").readiness, Readiness::Failed);
        assert_eq!(video("UNSPECIFIED").kind, MediaKind::Video);
    }

    #[test]
    fn nearly_everything_may_be_missing() {
        let bare = item(r#"{"id":"B","mimeType":"video/mp4"}"#).unwrap();
        assert_eq!(
            (bare.kind, bare.taken, bare.file_name.as_str()),
            (MediaKind::Video, None, "")
        );
        assert!(item("{}").is_none());
        let page: ListPage = serde_json::from_str("{}").unwrap();
        assert!(page.media_items.is_empty() && page.next_page_token.is_none());
    }

    #[test]
    fn another_servers_json_is_neither_the_end_of_a_list_nor_word_of_any_item() {
        let is_something_else = |json: &str| {
            let page: ListPage = serde_json::from_str(json).unwrap();
            page.is_something_else(json.as_bytes())
        };
        assert!(is_something_else(r#"{"status":"welcome to this network"}"#));
        for page in [
            "{}",
            r#"{"mediaItems":[],"new":1}"#,
            r#"{"nextPageToken":"x","new":1}"#,
        ] {
            assert!(!is_something_else(page), "{page}");
        }
        assert!(serde_json::from_str::<BatchAnswer>("{}").is_err());
    }

    /// Pages as they come, with all that an item can have.
    const PAGES: &[&str] = &[
        r#"{"mediaItems":[{"id":"A","baseUrl":"https://lh3.googleusercontent.com/x","mimeType":"image/jpeg","filename":
            "a.jpg","mediaMetadata":{"creationTime":"2019-06-01T10:11:12.5Z","width":"4","photo":{}}}],"nextPageToken":"t"}"#,
        r#"{"mediaItems":[{"id":"V","mediaMetadata":{"creationTime":"1601-01-01T00:00:00Z","video":{"status":"READY"}}}]}"#,
        r#"{"mediaItemResults":[{"mediaItem":{"id":"A","baseUrl":"https://lh3.googleusercontent.com/x"}},{"status":{}}]}"#,
    ];

    proptest::proptest! {
        #[test]
        fn whatever_a_page_holds_its_items_are_sound(body in crate::hostile::bytes(PAGES)) {
            let listed = serde_json::from_slice::<ListPage>(&body).map(|page| page.media_items);
            let looked_up = serde_json::from_slice::<BatchAnswer>(&body).map(|answer| answer.media_item_results);
            let looked_up = looked_up.into_iter().flatten().filter_map(|result| result.media_item);
            for item in listed.into_iter().flatten().chain(looked_up).filter_map(WireItem::into_item) {
                proptest::prop_assert!(!item.id.as_str().is_empty());
                proptest::prop_assert!(item.taken.is_none_or(|taken| is_plausible(&taken)));
                let shown = format!("{:?}", item.locator);
                proptest::prop_assert!(!shown.contains("lh3"), "{}", shown);
            }
        }
    }
}
