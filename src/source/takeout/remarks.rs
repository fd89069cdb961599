//! What there is to say of an import besides what becomes of its items: a sentence for each, without a full stop.

use super::archive::Standing;
use super::import::{Import, Planned};
use super::meaning::entry::Entry;
use super::meaning::gather::{FailedVideos, Plan, Verdict};
use crate::report::numbers::counted;

/// Items that the user does not want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(super) trashed: u64,
    pub(super) locked: u64,
    pub(super) archived: u64,
}

impl LeftOut {
    /// All of them.
    pub(crate) const fn total(self) -> u64 {
        self.trashed + self.locked + self.archived
    }

    /// What was left out without being asked, and how to have it.
    pub(crate) fn remarks(self) -> Vec<String> {
        let remark = |(count, place, option): (u64, &str, &str)| {
            let (is, them) = if count == 1 { ("is", "it") } else { ("are", "them") };
            let items = counted(count, "item");
            (count > 0).then(|| format!("{items} in the {place} {is} left out; {option} imports {them}"))
        };
        [
            (self.trashed, "trash", "--trashed"),
            (self.locked, "locked folder", "--locked"),
        ]
        .into_iter()
        .filter_map(remark)
        .collect()
    }
}

impl Import {
    /// A sentence for each entry that is not read at all, and for each path at which parts differ.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        for (_, part) in self.inventory.parts() {
            let name = part.name();
            for entry in part.table().iter() {
                if let Standing::Refused(refusal) = entry.standing() {
                    sentences.push(format!("{} (in {name}) is not imported: {refusal}", entry.path()));
                }
            }
        }
        for conflict in self.inventory.conflicts() {
            sentences.push(format!(
                "{} lies in the parts in {} versions that differ: each is kept",
                conflict.path,
                conflict.versions.len()
            ));
        }
        shortened(sentences)
    }

    /// What to say of an export in which there is no photo.
    pub(crate) fn nothing_found(&self) -> String {
        let has_photos = self.exports.iter().any(|export| export.plan.has_photos());
        if has_photos {
            "the parts hold Google Photos' folders, but no photo or video: they may lie in parts that are not here"
                .to_owned()
        } else {
            "there is nothing of Google Photos in this export: order one at takeout.google.com with Google Photos \
             selected"
                .to_owned()
        }
    }

    /// What lies in parts that were not given: photos of which only the sidecars are here.
    pub(crate) fn left_waiting(&self) -> Vec<String> {
        let what = "tells of a photo or video that is not in these parts";
        let mut sentences = Vec::new();
        for Planned { plan, .. } in &self.exports {
            // Those videos are told of already.
            let failed = FailedVideos::of(plan);
            let waiting = of_verdict(plan, Verdict::LoneSidecar).filter(|entry| !failed.has_one_for(*entry));
            sentences.extend(waiting.map(|entry| sentence(plan, entry, what)));
        }
        shortened(sentences)
    }

    /// Videos that Google set apart.
    pub(crate) fn failed_at_google(&self) -> Vec<String> {
        let why = "is not imported: it lies in the folder of the videos that Google could not read";
        let mut sentences = Vec::new();
        for Planned { plan, .. } in &self.exports {
            let failed = of_verdict(plan, Verdict::FailedVideo);
            sentences.extend(failed.map(|entry| sentence(plan, entry, why)));
        }
        shortened(sentences)
    }
}

/// The entries that are exactly this.
fn of_verdict(plan: &Plan, verdict: Verdict) -> impl Iterator<Item = Entry<'_>> {
    let entries = plan.entries.iter();
    entries.filter_map(move |(id, entry)| (plan.verdict(id) == verdict).then_some(entry))
}

fn sentence(plan: &Plan, entry: Entry<'_>, what: &str) -> String {
    let folder = plan.entries.folder_path(entry.folder);
    format!("{folder}/{} {what}", entry.name)
}

/// So many sentences of one kind are told; more of them have one cause.
const MOST_TOLD: usize = 20;

/// As many sentences as anybody reads, and how many more there would be.
pub(crate) fn shortened(mut sentences: Vec<String>) -> Vec<String> {
    let more = sentences.len().saturating_sub(MOST_TOLD);
    sentences.truncate(MOST_TOLD);
    if more > 0 {
        sentences.push(format!("the same goes for {more} more"));
    }
    sentences
}
