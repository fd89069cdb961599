//! Which photo belongs to which sidecar, within one folder of one export.
//!
//! Google makes both names from the title under which an item was uploaded: it replaces characters, cuts, and numbers
//! what collides, each in its own way. So names are made forward from titles and looked up; what that leaves open is
//! settled by ever weaker rules, and each pair keeps the one it was made by. Nothing here depends on the order of
//! the entries.

mod backward;
mod board;
mod contents;
mod edited;
mod forward;
mod halves;
mod hosts;
mod lone;
mod media_names;
mod order;
mod originals;
mod rule;
mod sidecar_name;
mod words;

use super::clues::Clues;
use super::entry::EntryId;
use super::facts::Facts;
use board::{Board, Draft, Hit};
use hosts::Hosts;

pub(crate) use contents::may_be_offset;
pub(crate) use media_names::MediaNames;
pub(crate) use rule::{Certainty, Rule};

/// A photo or video, or what may be one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MediaFile<'a> {
    pub(crate) id: EntryId,
    pub(crate) name: &'a str,
    pub(crate) size: u64,
    pub(crate) crc: Option<u32>,
}

/// A JSON file that tells of a photo or video.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SidecarFile<'a> {
    pub(crate) id: EntryId,
    pub(crate) name: &'a str,
    pub(crate) size: u64,
    pub(crate) crc: Option<u32>,
    pub(crate) facts: &'a Facts,
}

/// A file of an item, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tie {
    pub(crate) entry: EntryId,
    pub(crate) rule: Rule,
    pub(crate) certainty: Certainty,
    /// The sidecar beside it that tells of it, if one does.
    pub(crate) sidecar: Option<EntryId>,
}

/// One item as one folder shows it: a sidecar and its files, a photo without a sidecar, or a sidecar without files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cluster {
    pub(crate) sidecar: Option<EntryId>,
    pub(crate) original: Option<Tie>,
    /// The moving half of a live or motion photo.
    pub(crate) half: Option<Tie>,
    /// Edited versions.
    pub(crate) versions: Vec<Tie>,
}

/// Pairs the files of one folder. Every sidecar and every media file is in exactly one cluster, once.
pub(crate) fn pair(
    media: Vec<MediaFile<'_>>,
    sidecars: Vec<SidecarFile<'_>>,
    clues: &mut dyn Clues,
) -> Vec<Cluster> {
    let mut board = Board::new(media, sidecars, clues);
    originals::find(&mut board);
    backward::by_sidecar_name(&mut board);
    backward::by_stem(&mut board);
    if !board.left().is_empty() {
        find_second_files(&mut board);
    }
    board.drafts.iter().map(|draft| cluster(&board, draft)).collect()
}

/// Halves and versions of what is paired; then what belongs to nobody.
fn find_second_files(board: &mut Board<'_, '_>) {
    let hosts = Hosts::of(board);
    halves::find(board, &hosts);
    edited::find(board, &hosts);
    edited::find_cut(board, &hosts);
    edited::find_unlisted(board, &hosts);
    lone::by_beginning(board);
    lone::adopt(board);
}

fn cluster(board: &Board<'_, '_>, draft: &Draft) -> Cluster {
    let sidecar = draft.side.map(|side| board.sides[side].id);
    let tie = |hit: Hit| Tie {
        entry: board.media[hit.media].id,
        rule: hit.rule,
        certainty: hit.certainty,
        sidecar,
    };
    Cluster {
        sidecar,
        original: draft.original.map(tie),
        half: draft.half.map(tie),
        versions: draft.versions.iter().copied().map(tie).collect(),
    }
}

#[cfg(test)]
mod tests;
