//! The Picker API's JSON. It is a newer dialect than the Library API's: numbers are numbers here, and everything is in
//! another place. Every leaf may be missing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio::time::Instant;

use crate::media::{Locator, MediaId, MediaItem, MediaKind, Readiness};
use crate::secret::Secret;

/// A session.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct WireSession {
    pub(super) id: String,
    pub(super) picker_uri: String,
    /// Only there while the user has not chosen.
    pub(super) polling_config: Option<Polling>,
    pub(super) expire_time: Option<DateTime<Utc>>,
    /// Absent means false.
    pub(super) media_items_set: bool,
}

/// How the server wants to be asked again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Polling {
    poll_interval: String,
    timeout_in: String,
}

/// Google's examples say five seconds.
const USUAL_INTERVAL: Duration = Duration::from_secs(5);

/// Neither a busy loop nor half a sleep: no interval outside of these is believed.
const INTERVALS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_mins(1));

/// No page stays open longer than that, whatever is said.
const LONGEST_LIMIT: Duration = Duration::from_hours(24);

impl Polling {
    /// The pause before the next question.
    pub(super) fn interval(&self) -> Duration {
        let (least, most) = INTERVALS;
        seconds(&self.poll_interval)
            .unwrap_or(USUAL_INTERVAL)
            .clamp(least, most)
    }

    /// How long the user may still take; zero means that it is over.
    pub(super) fn left(&self) -> Option<Duration> {
        seconds(&self.timeout_in).map(|left| left.min(LONGEST_LIMIT))
    }
}

/// A duration as Google writes it: `5s`, `1.500s`.
fn seconds(text: &str) -> Option<Duration> {
    let number: f64 = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(number.max(0.0)).ok()
}

/// An answer of `mediaItems.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ListPage {
    pub(super) media_items: Vec<WireItem>,
    pub(super) next_page_token: Option<String>,
}

/// A picked item.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct WireItem {
    id: String,
    create_time: String,
    r#type: String,
    media_file: MediaFile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MediaFile {
    base_url: Option<Secret>,
    mime_type: String,
    filename: String,
    #[serde(rename = "mediaFileMetadata")]
    metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(rename = "videoMetadata")]
    video: Option<Video>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Video {
    processing_status: String,
}

impl WireItem {
    /// The item, or `None` when it has no id and so cannot be told from others.
    pub(super) fn into_item(self) -> Option<MediaItem> {
        if self.id.is_empty() {
            return None;
        }
        let (kind, readiness) = (self.kind(), self.readiness());
        let taken = self.create_time.parse::<DateTime<Utc>>().ok();
        let locator = self.media_file.base_url.map(|base_url| Locator {
            base_url,
            obtained: Instant::now(),
        });
        Some(MediaItem {
            id: MediaId::new(self.id),
            file_name: self.media_file.filename,
            mime_type: self.media_file.mime_type,
            // Times that no index can hold in nanoseconds are mistakes, not times.
            taken: taken.filter(|taken| taken.timestamp_nanos_opt().is_some()),
            kind,
            readiness,
            locator,
            files: Vec::new(),
        })
    }

    fn kind(&self) -> MediaKind {
        match self.r#type.as_str() {
            "VIDEO" => MediaKind::Video,
            "PHOTO" => MediaKind::Photo,
            _ if self.media_file.metadata.video.is_some()
                || self.media_file.mime_type.starts_with("video/") =>
            {
                MediaKind::Video
            }
            _ => MediaKind::Photo,
        }
    }

    fn readiness(&self) -> Readiness {
        let video = self.media_file.metadata.video.as_ref();
        match video.map(|video| video.processing_status.as_str()) {
            Some("PROCESSING") => Readiness::Processing,
            Some("FAILED") => Readiness::Failed,
            // Absent or unspecified says nothing; the bytes will.
            _ => Readiness::Ready,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_google_writes_them_and_as_nobody_should() {
        for (text, millis) in [
            ("5s", Some(5_000)),
            ("1.500s", Some(1_500)),
            ("0s", Some(0)),
            ("-3s", Some(0)),
        ] {
            assert_eq!(seconds(text).map(|time| time.as_millis()), millis, "{text}");
        }
        for bad in ["", "5", "s", "NaNs", "infs", "1e300s"] {
            assert!(seconds(bad).is_none_or(|time| time.is_zero()), "{bad}");
        }
    }

    #[test]
    fn an_interval_is_neither_a_busy_loop_nor_a_sleep() {
        let interval = |text: &str| {
            let polling = Polling {
                poll_interval: text.to_owned(),
                ..Polling::default()
            };
            polling.interval()
        };
        assert_eq!(interval("0s"), INTERVALS.0);
        assert_eq!(interval("99999s"), INTERVALS.1);
        assert_eq!(interval("2.5s"), Duration::from_millis(2_500));
        assert_eq!(interval(""), USUAL_INTERVAL);
    }

    #[test]
    fn a_session_before_and_after_the_choice() {
        let before: WireSession = serde_json::from_str(
            r#"{"id":"s","pickerUri":"https://photos.google.com/p","pollingConfig":{"pollInterval":"5s",
                "timeoutIn":"1799.5s"},"expireTime":"2026-11-29T12:00:00.123456Z","pickingConfig":{"maxItemCount":"7"}}"#,
        )
        .unwrap();
        assert!(!before.media_items_set);
        assert_eq!(
            before.polling_config.unwrap().left(),
            Some(Duration::from_millis(1_799_500))
        );
        let after: WireSession = serde_json::from_str(r#"{"id":"s","mediaItemsSet":true}"#).unwrap();
        assert!(after.media_items_set && after.polling_config.is_none());
    }

    #[test]
    fn items_of_all_kinds() {
        let item = |json: &str| serde_json::from_str::<WireItem>(json).unwrap().into_item();
        let photo = item(
            r#"{"id":"A","createTime":"2019-06-01T10:11:12.5Z","type":"PHOTO","mediaFile":{"baseUrl":
                "https://lh3.googleusercontent.com/ppa/x","mimeType":"image/jpeg","filename":"a.jpg",
                "mediaFileMetadata":{"width":4000,"height":3000,"photoMetadata":{"focalLength":4.2}}}}"#,
        )
        .unwrap();
        assert_eq!(
            (photo.kind, photo.readiness),
            (MediaKind::Photo, Readiness::Ready)
        );
        assert_eq!(photo.taken.unwrap().to_rfc3339(), "2019-06-01T10:11:12.500+00:00");
        assert!(!format!("{photo:?}").contains("lh3"), "base URLs are secrets");
        for (status, readiness) in [
            ("PROCESSING", Readiness::Processing),
            ("FAILED", Readiness::Failed),
            ("READY", Readiness::Ready),
        ] {
            let json = format!(
                r#"{{"id":"V","type":"VIDEO","mediaFile":{{"mediaFileMetadata":{{"videoMetadata":{{"fps":30,
                    "processingStatus":"{status}"}}}}}}}}"#
            );
            assert_eq!(item(&json).unwrap().readiness, readiness);
        }
        let bare = item(r#"{"id":"B","mediaFile":{"mimeType":"video/mp4"}}"#).unwrap();
        assert_eq!((bare.kind, bare.taken), (MediaKind::Video, None));
        assert!(item("{}").is_none());
    }

    /// Answers as they come.
    const ANSWERS: &[&str] = &[
        r#"{"mediaItems":[{"id":"A","createTime":"2019-06-01T10:11:12.5Z","type":"PHOTO","mediaFile":{"baseUrl":
            "https://lh3.googleusercontent.com/x","mimeType":"image/jpeg"}}],"nextPageToken":"t"}"#,
        r#"{"id":"s","pollingConfig":{"pollInterval":"5s","timeoutIn":"0s"},"mediaItemsSet":true}"#,
    ];

    proptest::proptest! {
        #[test]
        fn whatever_an_answer_holds_its_items_and_waits_are_sound(body in crate::hostile::bytes(ANSWERS)) {
            let page = serde_json::from_slice::<ListPage>(&body).unwrap_or_default();
            for item in page.media_items.into_iter().filter_map(WireItem::into_item) {
                proptest::prop_assert!(!item.id.as_str().is_empty());
                let shown = format!("{:?}", item.locator);
                proptest::prop_assert!(!shown.contains("lh3"), "{}", shown);
            }
            let session = serde_json::from_slice::<WireSession>(&body).unwrap_or_default();
            let polling = session.polling_config.unwrap_or_default();
            proptest::prop_assert!((INTERVALS.0..=INTERVALS.1).contains(&polling.interval()));
            proptest::prop_assert!(polling.left().is_none_or(|left| left <= LONGEST_LIMIT));
        }
    }
}
