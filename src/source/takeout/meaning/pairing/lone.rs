//! What is left in the end: names that only begin alike, and photos without any sidecar.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::board::{Board, Draft, Hit};
use super::contents::Evidence;
use super::forward::{loose, split};
use super::hosts::Hosts;
use super::rule::{Certainty, Rule};
use super::{edited, halves, words};

/// Names that share fewer characters than this may do so by chance.
const MIN_SHARED_CHARACTERS: usize = 12;

/// Names that somebody shortened by hand: one begins with the other, and no other name does.
pub(super) fn by_beginning(board: &mut Board<'_, '_>) {
    let mut sides: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for side in board.vacant() {
        let draft = &board.drafts[side];
        if draft.half.is_none() && draft.versions.is_empty() {
            sides.entry(stem_of(board, side)).or_default().push(side);
        }
    }
    let mut wishes: HashMap<usize, Vec<usize>> = HashMap::new();
    for media in board.left() {
        let stem = loose(board.media[media].unnumbered().0);
        if let [side] = alike(&sides, &stem).as_slice() {
            wishes.entry(*side).or_default().push(media);
        }
    }
    let mut wishes: Vec<_> = wishes.into_iter().collect();
    wishes.sort_unstable();
    for (side, media) in wishes {
        if let [media] = media.as_slice()
            && board.evidence(side, *media) != Evidence::Against
        {
            board.pair(side, *media, Rule::Beginning, Certainty::Guess);
        }
    }
}

fn stem_of(board: &Board<'_, '_>, side: usize) -> String {
    let side = &board.sides[side];
    loose(side.title.as_deref().map_or(side.name, |title| split(title).0))
}

/// The sidecars whose stem begins with this one, or with which this one begins.
fn alike(sides: &BTreeMap<String, Vec<usize>>, stem: &str) -> Vec<usize> {
    if stem.chars().count() < MIN_SHARED_CHARACTERS {
        return Vec::new();
    }
    let longer = sides
        .range(stem.to_owned()..)
        .take_while(|(other, _)| other.starts_with(stem))
        .flat_map(|(_, sides)| sides);
    let ends = stem.char_indices().map(|(at, _)| at).skip(MIN_SHARED_CHARACTERS);
    let shorter = ends.filter_map(|end| sides.get(&stem[..end])).flatten();
    longer.chain(shorter).copied().collect()
}

/// Makes every photo that is left an item of its own, with the halves and versions that belong to it.
pub(super) fn adopt(board: &mut Board<'_, '_>) {
    let left = board.left();
    let stems: HashSet<String> = left.iter().map(|media| loose(board.media[*media].stem)).collect();
    let (seconds, firsts): (Vec<usize>, Vec<usize>) = left
        .into_iter()
        .partition(|media| may_be_second(board, &stems, *media));
    alone(board, firsts);
    if !seconds.is_empty() {
        let hosts = Hosts::of(board);
        halves::find(board, &hosts);
        edited::find(board, &hosts);
        let rest = board.left();
        alone(board, rest);
    }
}

/// Whether among the photos that are left there may be one that this belongs to.
fn may_be_second(board: &Board<'_, '_>, stems: &HashSet<String>, media: usize) -> bool {
    let media = &board.media[media];
    let (stem, _) = media.unnumbered();
    let plain = loose(stem);
    let is_version = plain
        .rsplit_once('-')
        .is_some_and(|(head, tail)| words::is_word(tail) && stems.contains(head));
    media.class.moves() || is_version
}

fn alone(board: &mut Board<'_, '_>, media: Vec<usize>) {
    for media in media {
        board.is_placed[media] = true;
        board.drafts.push(Draft {
            original: Some(Hit {
                media,
                rule: Rule::Alone,
                certainty: Certainty::Certain,
            }),
            ..Draft::default()
        });
    }
}
