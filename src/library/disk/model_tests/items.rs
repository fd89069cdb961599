//! Few items that meet in every way there is.

use chrono::DateTime;

use crate::library::index::items;
use crate::library::layout::Claimant;
use crate::library::safe_name::SafeName;
use crate::media::{MediaId, MediaItem, MediaKind, Readiness};

use super::world::{FileId, Known};

/// Names that meet in every way there is: the same, by case, with a moving half, and by a tag of another's.
pub(super) const NAMES: [&str; 6] = [
    "a.jpg",
    "A.JPG",
    "a.mp4",
    "a-gphotosync-15e59a35b98a0000.jpg",
    "b?.jpg",
    "",
];

/// Seconds since 1970: two that no coarse disk tells apart, one later, one in another month, and none.
pub(super) const TIMES: [Option<i64>; 5] = [
    Some(1_577_836_800),
    Some(1_577_836_801),
    Some(1_577_923_200),
    Some(1_585_699_200),
    None,
];

/// More than can be told apart by eye are no help.
pub(super) const IDS: usize = 6;

pub(super) fn item(id: usize, name: usize, time: usize) -> MediaItem {
    MediaItem {
        id: MediaId::new(format!("id-{id}")),
        file_name: NAMES[name].to_owned(),
        mime_type: if NAMES[name].ends_with("mp4") {
            "video/mp4"
        } else {
            "image/jpeg"
        }
        .to_owned(),
        taken: TIMES[time].and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        kind: MediaKind::Photo,
        readiness: Readiness::Ready,
        locator: None,
        files: Vec::new(),
    }
}

/// Every other item has a moving half.
pub(super) fn has_clip(id: &str) -> bool {
    id.ends_with(['1', '3', '5'])
}

pub(super) fn content((id, role): &FileId) -> Vec<u8> {
    format!("{id} {}", role.word()).into_bytes()
}

pub(super) fn claimant(known: &Known) -> Claimant {
    let item = &known.item;
    let name = if known.clip_expected {
        SafeName::with_companion(&item.file_name, Some(&item.mime_type), ".mp4")
    } else {
        SafeName::new(&item.file_name, Some(&item.mime_type))
    };
    Claimant {
        id: item.id.as_str().to_owned(),
        name,
        taken: item.taken,
    }
}

/// An order of the items that depends on the seed and nothing else.
pub(super) fn shuffled(items: impl Iterator<Item = MediaItem>, seed: u64) -> Vec<MediaItem> {
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|item| items::short_hash(&[&seed.to_string(), item.id.as_str()]));
    items
}
