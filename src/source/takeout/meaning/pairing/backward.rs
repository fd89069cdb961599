//! Originals found the other way: from the sidecar's own name, or by the stem where the extension is another.

use std::collections::{BTreeMap, HashMap};

use super::super::extension::Class;
use super::board::{Board, Form};
use super::contents::Evidence;
use super::forward::{SIDECAR_UNITS, cut_stems, loose, sanitized, split, units};
use super::rule::{Certainty, Rule};
use super::sidecar_name::{cut_beginning, media_names};

/// Pairs sidecars whose title is missing or was rewritten with the media they are called after.
pub(super) fn by_sidecar_name(board: &mut Board<'_, '_>) {
    let vacant = unfitting(board);
    if vacant.is_empty() {
        return;
    }
    let by_name = by_loose_name(board);
    for side in &vacant {
        let names = media_names(board.sides[*side].name);
        let found = names.iter().find_map(|name| by_name.get(name));
        if let Some(media) = found {
            board.pair(*side, *media, Rule::SidecarName, Certainty::Likely);
        }
    }
    by_beginning(board);
    by_title_alone(board);
}

/// Sidecars that lack a title, or whose name does not follow from it.
fn unfitting(board: &Board<'_, '_>) -> Vec<usize> {
    let mut vacant = board.vacant();
    vacant.retain(|side| board.sides[*side].number.is_none());
    vacant
}

fn by_loose_name(board: &Board<'_, '_>) -> BTreeMap<String, usize> {
    let mut by_name = BTreeMap::new();
    for media in board.left() {
        by_name.entry(loose(board.media[media].name)).or_insert(media);
    }
    by_name
}

/// A name that was cut leads to the only file that begins with it.
fn by_beginning(board: &mut Board<'_, '_>) {
    let by_name = by_loose_name(board);
    for side in unfitting(board) {
        let Some(beginning) = cut_beginning(board.sides[side].name) else {
            continue;
        };
        let mut matches = by_name
            .range(beginning.clone()..)
            .take_while(|(name, _)| name.starts_with(&beginning))
            .filter(|(_, media)| !board.is_placed[**media]);
        if let (Some((_, media)), None) = (matches.next(), matches.next()) {
            let media = *media;
            board.pair(side, media, Rule::SidecarName, Certainty::Likely);
        }
    }
}

/// A sidecar that was renamed: its title still leads to a name.
fn by_title_alone(board: &mut Board<'_, '_>) {
    let families = board.families(Form::Loose);
    for side in unfitting(board) {
        let Some(name) = board.sides[side].media_name() else {
            continue;
        };
        let number = board.sides[side].any_number();
        let members = families.get(&Form::Loose.key(&name.stem, &name.extension));
        let mut members = members.into_iter().flatten();
        if let Some((_, media)) = members.find(|(n, media)| *n == number && !board.is_placed[*media]) {
            board.pair(side, *media, Rule::Loose, Certainty::Likely);
        }
    }
}

/// How much of a title must be the stem of the media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// All of it: the media has an extension that the title lacks.
    Whole,
    /// All but its extension: the media has another of the same class.
    Stem,
}

/// Pairs titles with media of which only the extension is another: added first, then replaced.
pub(super) fn by_stem(board: &mut Board<'_, '_>) {
    for part in [Part::Whole, Part::Stem] {
        let stems = stems(board);
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for side in board.vacant() {
            let keys = part.keys(&title_of(board, side));
            let known = keys.into_iter().find(|key| stems.contains_key(key));
            if let Some(key) = known {
                groups.entry(key).or_default().push(side);
            }
        }
        for (key, sides) in groups {
            pair_group(board, &sides, &stems[&key], part);
        }
    }
}

/// The title, or the sidecar's name where there is none.
fn title_of(board: &Board<'_, '_>, side: usize) -> String {
    let side = &board.sides[side];
    side.title.clone().unwrap_or_else(|| side.name.to_owned())
}

/// The media that are left, by loose stem, with and without number.
fn stems(board: &Board<'_, '_>) -> HashMap<String, Vec<(u32, usize)>> {
    let mut stems: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
    for at in board.left() {
        let media = &board.media[at];
        stems.entry(loose(media.stem)).or_default().push((0, at));
        let (stem, number) = media.unnumbered();
        if number > 0 {
            stems.entry(loose(stem)).or_default().push((number, at));
        }
    }
    stems
}

impl Part {
    /// The stems that media of this title may have, in loose form.
    fn keys(self, title: &str) -> Vec<String> {
        let clean = sanitized(title);
        let text = match self {
            Self::Whole => clean.as_str(),
            Self::Stem => split(&clean).0,
        };
        cut_stems(text)
    }

    fn rule(self) -> Rule {
        match self {
            Self::Whole => Rule::ExtensionAdded,
            Self::Stem => Rule::ExtensionReplaced,
        }
    }
}

/// Several sidecars of one stem are told apart by content first; then each takes the file of its number, a still
/// before a film, which may be its other half.
fn pair_group(board: &mut Board<'_, '_>, sides: &[usize], media: &[(u32, usize)], part: Part) {
    if sides.len() > 1 && media.len() > 1 {
        let candidates: Vec<usize> = media.iter().map(|(_, media)| *media).collect();
        board.pair_by_contents(sides, &candidates);
    }
    for side in sides {
        let number = board.sides[*side].any_number();
        let title = title_of(board, *side);
        let class = Class::of(&title);
        let fits =
            |media: usize| part == Part::Whole || (class.is_media() && board.media[media].class == class);
        let best = media
            .iter()
            .filter(|(n, media)| *n == number && !board.is_placed[*media] && fits(*media))
            .min_by_key(|(_, media)| (board.media[*media].class, board.media[*media].name));
        // Of the same class and of another format may also be the moving half of another photo; and of a name that was
        // cut, nobody knows where its extension begins.
        let is_whole = part == Part::Whole && units(&title) < SIDECAR_UNITS;
        let best = best.filter(|(_, at)| is_whole || board.evidence(*side, *at) != Evidence::Against);
        if let Some(at) = best.map(|(_, at)| *at) {
            let is_sole = part == Part::Whole && sides.len() == 1 && left_of(board, media) == 1;
            let certainty = if is_sole {
                Certainty::Certain
            } else {
                Certainty::Likely
            };
            board.pair(*side, at, part.rule(), certainty);
        }
    }
}

/// How many of these files are left.
fn left_of(board: &Board<'_, '_>, media: &[(u32, usize)]) -> usize {
    media.iter().filter(|(_, media)| !board.is_placed[*media]).count()
}
