//! An export as Google Takeout delivers it, imported into the library that is there already.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pretend_takeout::{Media, Role, Settings, Truth, write};
use stand_in_google::StandIn;

use crate::program::run;
use crate::{Result, say};

/// Where the export's parts lie.
const EXPORT: &str = "demo-takeout";

/// Items, albums and parts: few enough to be imported in an instant, enough for live photos, edited versions and copies.
const AMOUNTS: (u32, u32, u32) = (200, 6, 3);

/// The mean size of a media file: small photos.
const BYTES_EACH: u64 = 250_000;

/// Imports an export of several parts, and asks where one of its photos comes from.
pub(crate) fn import(google: &StandIn) -> Result<()> {
    let (items, albums, parts) = AMOUNTS;
    clear()?;
    let settings = Settings {
        items,
        albums,
        parts,
        bytes_each: BYTES_EACH,
        ..Settings::default()
    };
    let truth = write(&settings, Path::new(EXPORT))?;
    say(&format!(
        "Google's mail led to these parts, which now lie in {EXPORT}/:"
    ));
    for part in &truth.parts {
        let size = fs::metadata(Path::new(EXPORT).join(part))?.len();
        say(&format!("  {part}  {} kB", size / 1000));
    }
    say("");
    run(google, &["takeout", EXPORT])?;
    say("\nThe same parts once more bring nothing new.\n");
    run(google, &["takeout", EXPORT])?;
    say("\nWhere does one of the photos come from, and what is known of it?\n");
    run(google, &["explain", well_known(&truth)?])
}

/// Starts afresh, but removes nothing that is not an earlier demo's.
fn clear() -> Result<()> {
    fs::create_dir_all(EXPORT)?;
    for entry in fs::read_dir(EXPORT)? {
        let path = entry?.path();
        if !path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("takeout-"))
        {
            return Err(format!("{} is not of an earlier demo; remove it first", path.display()).into());
        }
        fs::remove_file(path)?;
    }
    Ok(())
}

/// The entry of a photo that has a sidecar and is in an album too.
fn well_known(truth: &Truth) -> Result<&str> {
    let in_albums: BTreeSet<u32> = truth
        .media
        .iter()
        .filter(|media| media.album.is_some())
        .map(|media| media.item)
        .collect();
    let is_told = |media: &&Media| {
        let is_photo = media.role == Role::Main && media.home == "year" && media.album.is_none();
        is_photo && media.sidecar.is_some() && in_albums.contains(&media.item)
    };
    let told = truth.media.iter().find(is_told);
    told.map(|media| media.path.as_str())
        .ok_or_else(|| "the export has no photo that is in an album".into())
}
