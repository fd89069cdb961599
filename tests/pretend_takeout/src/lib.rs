//! Writes exports as Google Takeout does, and the truth about them beside.
//!
//! Parts in zip or tgz, several languages, both styles of sidecars, names cut and numbered as in real exports, copies
//! in albums, live photos, edited versions, small real pictures and videos with real metadata, filler up to any size.
//! Everything is drawn from one seed: equal settings give equal bytes.
//!
//! It follows what is known of Google's rules, and knows nothing of how gphotosync reads them.
//!
//! ```
//! use pretend_takeout::{Settings, write};
//!
//! let folder = tempfile::tempdir()?;
//! let truth = write(&Settings { items: 20, parts: 2, ..Settings::default() }, folder.path())?;
//! assert_eq!(truth.parts, ["takeout-20251201T120000Z-001.zip", "takeout-20251201T120000Z-002.zip"]);
//! assert!(truth.media.iter().any(|media| media.sidecar.is_some()));
//! # Ok::<(), std::io::Error>(())
//! ```

mod doubt;
mod item;
mod language;
mod media;
mod naming;
mod parts;
mod plan;
mod sidecar;
mod titles;
mod truth;

use std::io;
use std::path::Path;

use chrono::DateTime;

use item::Item;
pub use language::Language;
pub use media::Format;
use media::Snapshot;
use parts::{Content, Part};
use plan::{Entry, Plan, What};
pub use truth::{Album, Media, Role, TimeFrom, Truth};

/// How parts are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As zip, with sizes behind the bytes.
    Zip,
    /// As tar in gzip.
    Tgz,
}

/// What an export is like.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Everything is drawn from it.
    pub seed: u64,
    /// How many items; files are more, for their copies, clips and sidecars.
    pub items: u32,
    /// How many albums.
    pub albums: u32,
    /// How many parts.
    pub parts: u32,
    /// The mean size of a media file; the smallest that opens is some 1,000 bytes.
    pub bytes_each: u64,
    /// The account's language.
    pub language: Language,
    /// Year folders are English whatever the language, as until November 2025.
    pub has_english_years: bool,
    /// Of a thousand sidecars, how many are called `.supplemental-metadata.json`.
    pub new_sidecars: u32,
    /// Sidecars lie in all parts, and not in the first.
    pub is_mixed: bool,
    /// How parts are packed.
    pub packing: Packing,
    /// The number between export and part that names have since 2025.
    pub group: Option<u32>,
    /// When the export was made, in seconds since the epoch.
    pub exported: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            items: 1000,
            albums: 16,
            parts: 3,
            bytes_each: 0,
            language: Language::English,
            has_english_years: false,
            new_sidecars: 800,
            is_mixed: true,
            packing: Packing::Zip,
            group: None,
            exported: 1_764_590_400,
        }
    }
}

/// Writes an export's parts into a folder that exists, and tells the truth about them.
///
/// # Errors
/// Those of writing; a part that is there already is one of them.
pub fn write(settings: &Settings, folder: &Path) -> io::Result<Truth> {
    let mut dice = fastrand::Rng::with_seed(settings.seed);
    let mut plan = plan::plan(settings, &mut dice);
    let mut shares = shared_out(settings, &mut plan, &mut dice);
    plan.truth.repeated = repeat_some(&plan, &mut shares, &mut dice);
    for (number, share) in (1..).zip(shares) {
        let name = part_name(settings, number);
        let mut part = Part::create(&folder.join(&name), settings.packing)?;
        for entry in share {
            plan.write_entry(&entry, &mut part, (&name, settings))?;
        }
        part.finish()?;
        plan.truth.parts.push(name);
    }
    Ok(plan.truth)
}

fn part_name(settings: &Settings, number: u32) -> String {
    let time = DateTime::from_timestamp(settings.exported, 0).unwrap_or_default();
    let group = settings
        .group
        .map(|group| format!("-{group}"))
        .unwrap_or_default();
    let ending = match settings.packing {
        Packing::Zip => "zip",
        Packing::Tgz => "tgz",
    };
    format!(
        "takeout-{}{group}-{number:03}.{ending}",
        time.format("%Y%m%dT%H%M%SZ")
    )
}

/// Which entries go into which part: in no order that a reader could rely on, and equal in bytes.
fn shared_out(settings: &Settings, plan: &mut Plan, dice: &mut fastrand::Rng) -> Vec<Vec<Entry>> {
    let mut entries = std::mem::take(&mut plan.entries);
    dice.shuffle(&mut entries);
    if !settings.is_mixed {
        entries.sort_by_key(|entry| matches!(entry.what, What::Media(_)));
    }
    let size = |entry: &Entry| match entry.what {
        What::Media(place) => plan.items[plan.truth.media[place].item as usize].snapshot.size + 1000,
        _ => 1000,
    };
    let total: u64 = entries.iter().map(size).sum();
    let parts = u64::from(settings.parts.max(1));
    let each = total.div_ceil(parts).max(1);
    let mut shares: Vec<Vec<Entry>> = (0..parts).map(|_| Vec::new()).collect();
    let mut before = 0;
    for entry in entries {
        let part = usize::try_from(before / each).unwrap_or(0).min(shares.len() - 1);
        before += size(&entry);
        shares[part].push(entry);
    }
    shares
}

/// Now and then, a file is in two parts under one path: these paths.
fn repeat_some(plan: &Plan, shares: &mut [Vec<Entry>], dice: &mut fastrand::Rng) -> Vec<String> {
    let Some((last, before)) = shares.split_last_mut().filter(|(_, before)| !before.is_empty()) else {
        return Vec::new();
    };
    let is_repeated = |_: &&Entry| dice.u32(0..1000) == 0;
    let is_small = |entry: &&Entry| match entry.what {
        What::Media(place) => plan.items[plan.truth.media[place].item as usize].snapshot.size < 1 << 20,
        _ => true,
    };
    let repeated = before
        .iter()
        .flatten()
        .filter(is_small)
        .filter(is_repeated)
        .cloned();
    let repeated: Vec<Entry> = repeated.collect();
    let paths = repeated.iter().map(|entry| entry.path.clone()).collect();
    last.extend(repeated);
    paths
}

impl Plan {
    fn write_entry(
        &mut self,
        entry: &Entry,
        part: &mut Part,
        (name, settings): (&str, &Settings),
    ) -> io::Result<()> {
        let text = |text: String| vec![text.into()];
        let (pieces, is_text) = match &entry.what {
            What::Media(place) => (media_bytes(&self.items, &self.truth.media[*place]), false),
            What::Sidecar(number) => {
                let number = *number as usize;
                (text(sidecar::of_item(&self.items[number], number)), true)
            }
            What::Text(whole) => (text(whole.clone()), true),
            What::Foreign => (
                media::bytes(
                    Format::Jpeg,
                    &Snapshot {
                        seed: u64::MAX,
                        ..Snapshot::default()
                    },
                ),
                false,
            ),
        };
        let content = Content::new(&entry.path, pieces, is_text);
        part.add(&content, settings.exported)?;
        self.account_for(entry, &content, name);
        Ok(())
    }

    fn account_for(&mut self, entry: &Entry, content: &Content, part: &str) {
        self.truth.entries += 1;
        self.truth.bytes += content.size;
        let What::Media(place) = entry.what else { return };
        let media = &mut self.truth.media[place];
        if media.part.is_empty() {
            (media.part, media.size, media.crc32) = (part.to_owned(), content.size, content.crc32);
        }
    }
}

/// The bytes of an item's file: the same wherever the file lies.
fn media_bytes(items: &[Item], media: &Media) -> Vec<bytes::Bytes> {
    let item = &items[media.item as usize];
    let mut snapshot = item.snapshot.clone();
    let format = match (media.role, &item.second) {
        (Role::Clip, Some(clip)) => {
            snapshot.seed ^= 1 << 41;
            clip.format
        }
        (Role::Edited, _) => {
            snapshot.seed ^= 1 << 42;
            item.title.format
        }
        _ => item.title.format,
    };
    media::bytes(format, &snapshot)
}

#[cfg(test)]
mod tests;
