//! The metadata of an album, and of the day folders that exports had until 2020.

use serde_json::Value;

use super::fields::{self, Fields};
use crate::told::{Comment, Place};

/// What an album's JSON file tells. Since 2025 it is often nothing but the title.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AlbumText {
    /// Empty for an album without a name.
    pub(crate) title: String,
    pub(crate) description: String,
    /// `protected`, `shared`, or empty.
    pub(crate) access: String,
    /// When it was made, or its first item was taken.
    pub(crate) date: Option<i64>,
    pub(crate) location: Option<String>,
    pub(crate) place: Option<Place>,
    /// The texts that the user put between the photos.
    pub(crate) narratives: Vec<String>,
    /// The places that the user put between the photos.
    pub(crate) locations: Vec<String>,
    pub(crate) comments: Vec<Comment>,
}

impl AlbumText {
    pub(super) fn read(fields: &Fields) -> Self {
        let enrichments = fields::list(fields, "enrichments");
        Self {
            title: fields::text(fields, "title").unwrap_or_default(),
            description: fields::text(fields, "description").unwrap_or_default(),
            access: fields::text(fields, "access").unwrap_or_default(),
            date: fields::seconds(fields, "date"),
            location: fields::text(fields, "location").filter(|location| !location.is_empty()),
            place: fields::place(fields, "geoData"),
            narratives: enrichments.iter().filter_map(narrative).collect(),
            locations: enrichments.iter().flat_map(locations).collect(),
            comments: comments(fields),
        }
    }
}

fn narrative(enrichment: &Value) -> Option<String> {
    let narrative = enrichment.get("narrativeEnrichment")?.as_object()?;
    fields::text(narrative, "text")
}

fn locations(enrichment: &Value) -> Vec<String> {
    let places = enrichment
        .get("locationEnrichment")
        .and_then(Value::as_object)
        .map_or(&[][..], |places| fields::list(places, "location"));
    places
        .iter()
        .filter_map(|place| fields::text(place.as_object()?, "name"))
        .collect()
}

pub(super) fn comments(fields: &Fields) -> Vec<Comment> {
    fields::list(fields, "sharedAlbumComments")
        .iter()
        .filter_map(Value::as_object)
        .map(|comment| Comment {
            text: fields::text(comment, "text").unwrap_or_default(),
            author: fields::text(comment, "contentOwnerName").unwrap_or_default(),
            written: fields::seconds(comment, "creationTime"),
            liked: fields::flag(comment, "liked"),
        })
        .collect()
}
