//! Videos that Google itself could not read, and the sidecars that lie with them: whoever is told of the video need not
//! be told of its sidecar too.

use std::collections::BTreeMap;

use super::plan::Plan;
use super::verdict::Verdict;
use crate::source::takeout::meaning::entry::{Entry, FolderId};
use crate::source::takeout::meaning::pairing::MediaNames;

/// The videos that Google set apart, by folder.
#[derive(Debug)]
pub(crate) struct FailedVideos(BTreeMap<FolderId, MediaNames>);

impl FailedVideos {
    /// Those of an export.
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut failed: BTreeMap<FolderId, MediaNames> = BTreeMap::new();
        for (id, entry) in plan.entries.iter() {
            if plan.verdict(id) == Verdict::FailedVideo {
                failed.entry(entry.folder).or_default().add(entry.name);
            }
        }
        Self(failed)
    }

    /// Whether a sidecar tells of one of them.
    pub(crate) fn has_one_for(&self, sidecar: Entry<'_>) -> bool {
        let beside = self.0.get(&sidecar.folder);
        beside.is_some_and(|names| names.has_one_for(sidecar.name))
    }
}
