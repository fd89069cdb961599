//! The stand-in's own tests, over real sockets: each refusal and each fault is looked at from outside.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod accounts;
mod client;
mod damage;
mod faults;
mod listing;
mod lookups;
mod media;
mod observing;
mod picker;

use client::{Reply, path_of, send};
use serde_json::Value;
use stand_in_google::{Item, StandIn};

/// The scope that reads.
pub(crate) const READ: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

/// Where listings are asked for.
pub(crate) const MEDIA_ITEMS: &str = "/photoslibrary/v1/mediaItems";

/// A server with these items and nothing unusual.
pub(crate) fn serving(items: Vec<Item>) -> StandIn {
    StandIn::builder().library(items).start().unwrap()
}

/// Asks an API with a fresh access token.
pub(crate) fn ask(google: &StandIn, path: &str) -> Reply {
    let token = format!("Bearer {}", google.issue_access_token(&[READ]));
    send(google, "GET", path, &[("Authorization", &token)], "")
}

/// All ids of an array of items.
pub(crate) fn ids(page: &Value) -> Vec<String> {
    let items = page["mediaItems"].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The path of a fresh base URL of the item.
pub(crate) fn base_path(google: &StandIn, id: &str) -> String {
    let item = ask(google, &format!("{MEDIA_ITEMS}/{id}")).json();
    path_of(google, item["baseUrl"].as_str().unwrap())
}
