//! The sidecar of one photo or video.

use serde_json::Value;

use super::fields::{self, Fields};
use crate::told::{Marks, Place};

/// How an item came to Google Photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Mobile,
    Web,
    Drive,
    /// Google or the user made it of other items.
    Composition,
    Partner,
    SharedAlbum,
    /// A way that came up later.
    Unlisted,
}

/// All that a sidecar tells, with its texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sidecar {
    /// The name under which it was uploaded; may be empty, cut, or hostile.
    pub(crate) title: Option<String>,
    pub(crate) description: String,
    /// `photoTakenTime`, in seconds since 1970.
    pub(crate) taken: Option<i64>,
    /// `creationTime`: when it was uploaded, never when it was taken.
    pub(crate) uploaded: Option<i64>,
    /// The place Google Photos shows.
    pub(crate) shown_place: Option<Place>,
    /// Whether Google Photos says that there is no place.
    pub(crate) shows_no_place: bool,
    /// The place in the file.
    pub(crate) file_place: Option<Place>,
    pub(crate) people: Vec<String>,
    pub(crate) marks: Marks,
    pub(crate) url: Option<String>,
    pub(crate) origin: Option<Origin>,
    /// The folder on the phone it came from.
    pub(crate) device_folder: Option<String>,
    /// The Android package it came from.
    pub(crate) app: Option<String>,
}

/// The keys of `googlePhotosOrigin`. The object behind them is often empty: the key is the mark.
const ORIGINS: [(&str, Origin); 6] = [
    ("mobileUpload", Origin::Mobile),
    ("webUpload", Origin::Web),
    ("driveSync", Origin::Drive),
    ("composition", Origin::Composition),
    ("fromPartnerSharing", Origin::Partner),
    ("fromSharedAlbum", Origin::SharedAlbum),
];

impl Sidecar {
    pub(super) fn read(fields: &Fields) -> Self {
        let origin = fields::object(fields, "googlePhotosOrigin")
            .or_else(|| fields::object(fields, "googlePhotoOrigin"));
        Self {
            title: fields::text(fields, "title"),
            description: fields::text(fields, "description").unwrap_or_default(),
            taken: fields::seconds(fields, "photoTakenTime"),
            uploaded: fields::seconds(fields, "creationTime"),
            shown_place: fields::place(fields, "geoData"),
            shows_no_place: fields::is_nowhere(fields, "geoData"),
            file_place: fields::place(fields, "geoDataExif"),
            people: people(fields),
            marks: marks(fields),
            url: fields::text(fields, "url").filter(|url| !url.is_empty()),
            origin: origin.and_then(origin_of),
            device_folder: origin.and_then(device_folder),
            app: fields::object(fields, "appSource").and_then(|app| fields::text(app, "androidPackageName")),
        }
    }

    /// The place to keep: what Google Photos shows, which carries the user's edits, else the file's own. When
    /// Google Photos says that there is none although the file has one, the user took it away, and it stays away.
    pub(crate) fn place(&self) -> Option<Place> {
        match self.shown_place {
            None if self.shows_no_place => None,
            shown => shown.or(self.file_place),
        }
    }
}

fn people(fields: &Fields) -> Vec<String> {
    let mut names: Vec<String> = fields::list(fields, "people")
        .iter()
        .filter_map(|person| match person {
            Value::Object(person) => fields::text(person, "name"),
            Value::String(name) => Some(name.clone()),
            _ => None,
        })
        .filter(|name| !name.trim().is_empty())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn marks(fields: &Fields) -> Marks {
    Marks {
        favourite: fields::flag(fields, "favorited"),
        archived: fields::flag(fields, "archived"),
        trashed: fields::flag(fields, "trashed"),
        locked: fields::flag(fields, "inLockedFolder"),
    }
}

fn origin_of(origin: &Fields) -> Option<Origin> {
    let known = ORIGINS.iter().find(|(key, _)| origin.contains_key(*key));
    known
        .map(|(_, origin)| *origin)
        .or_else(|| (!origin.is_empty()).then_some(Origin::Unlisted))
}

fn device_folder(origin: &Fields) -> Option<String> {
    let upload = fields::object(origin, "mobileUpload")?;
    fields::text(fields::object(upload, "deviceFolder")?, "localFolderName")
}
