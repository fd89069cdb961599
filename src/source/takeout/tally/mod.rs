//! Every entry of every part in exactly one bucket, so that a summary adds up to all there is in the archives.

use std::collections::{BTreeMap, HashMap};

use super::import::Import;
use super::listed::{Listed, ROLES};
use super::meaning::entry::EntryId;
use super::meaning::gather::{ItemId, Verdict};
use crate::pipeline::summary::Bucket;

/// How many entries ended in each bucket, by the bucket's name.
pub(crate) type EntryBuckets = BTreeMap<&'static str, u64>;

/// The page that Google puts beside the products.
const CONTENTS_PAGE: &str = "archive_browser.html";

impl Import {
    /// The buckets of all entries, after a run that `witness` heard of. They add up to [`Import::tally`]'s entries.
    pub(crate) fn entry_buckets(&self, witness: &super::Witness) -> EntryBuckets {
        let mut buckets = self.unlisted();
        let chosen = Chosen::of(self, &witness.buckets());
        for (export, planned) in (0..).zip(&self.exports) {
            for (entry, known) in planned.plan.entries.iter() {
                let verdict = planned.plan.verdict(entry);
                let bucket = match of_media(verdict) {
                    Some((item, is_copy)) => chosen.bucket((export, entry), item, is_copy),
                    None => of_other(verdict, known.name),
                };
                *buckets.entry(bucket).or_default() += 1;
            }
        }
        buckets.retain(|_, count| *count > 0);
        buckets
    }

    /// The entries that are no files to be understood.
    fn unlisted(&self) -> EntryBuckets {
        let tally = self.tally();
        EntryBuckets::from([
            ("folder", tally.folders),
            ("repeated", tally.copies),
            ("debris", tally.synology + tally.debris),
            ("failed", tally.refused),
        ])
    }
}

/// What became of the files that were chosen.
struct Chosen {
    by_entry: BTreeMap<(u16, EntryId), &'static str>,
    /// Items of which anything was chosen, and the export whose files those are.
    items: HashMap<(u16, ItemId), u16>,
}

impl Chosen {
    fn of(import: &Import, buckets: &[Option<Bucket>]) -> Self {
        let mut chosen = Self {
            by_entry: BTreeMap::new(),
            items: import.wanted_items().collect(),
        };
        for (one, bucket) in import.listed.iter().zip(buckets) {
            let word = bucket.unwrap_or(Bucket::NotReached).word();
            chosen.add(one, word);
        }
        chosen
    }

    fn add(&mut self, one: &Listed, word: &'static str) {
        let entries = ROLES.into_iter().filter_map(|role| one.entry(role));
        self.by_entry.extend(entries.map(|place| (place, word)));
    }

    /// What was chosen has its item's bucket. What was not is the same as something that was, or was not wanted.
    fn bucket(&self, place: (u16, EntryId), item: ItemId, is_copy: bool) -> &'static str {
        match self.by_entry.get(&place) {
            Some(word) => word,
            None => match self.items.get(&(place.0, item)) {
                Some(export) if is_copy || *export != place.0 => "copy",
                _ => "filtered",
            },
        }
    }
}

/// The item of a photo or film, and whether the entry is a copy.
const fn of_media(verdict: Verdict) -> Option<(ItemId, bool)> {
    match verdict {
        Verdict::Main(item) | Verdict::Half(item) | Verdict::Version(item) => Some((item, false)),
        Verdict::Copy(item) => Some((item, true)),
        _ => None,
    }
}

fn of_other(verdict: Verdict, name: &str) -> &'static str {
    match verdict {
        Verdict::Sidecar(_) => "sidecar",
        Verdict::LoneSidecar => "sidecar_without_media",
        Verdict::Album(_) | Verdict::FolderText => "album",
        Verdict::Comments => "comments",
        Verdict::OtherJson => "other_json",
        Verdict::InvalidJson | Verdict::UnreadJson => "failed",
        Verdict::NotMedia if name == CONTENTS_PAGE => "archive_browser",
        Verdict::NotMedia => "other_file",
        Verdict::OtherProduct => "other_product",
        Verdict::Litter => "debris",
        Verdict::FailedVideo => "failed_at_google",
        Verdict::Repeated(_) => "repeated",
        Verdict::Main(_) | Verdict::Half(_) | Verdict::Version(_) | Verdict::Copy(_) => "copy",
    }
}
