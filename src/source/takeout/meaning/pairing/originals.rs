//! Originals found forward: from the title of a sidecar to the name of its media.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::board::{Board, Form};
use super::contents::Evidence;
use super::forward::{SIDECAR_UNITS, units};
use super::order;
use super::rule::{Certainty, Rule};

/// The sidecars of one family, and its media by number.
pub(super) struct Family {
    pub(super) sides: Vec<usize>,
    pub(super) media: Vec<(u32, usize)>,
    /// Whether the sidecars do not count like the media, because they share their cut name with another family, or
    /// are of two styles.
    counts_apart: bool,
}

/// Pairs by the names that titles lead to: exactly first, then loosely, and last where the numbers do not agree.
pub(super) fn find(board: &mut Board<'_, '_>) {
    let mut known = Vec::new();
    for form in [Form::Exact, Form::Loose] {
        if board.is_settled() {
            return;
        }
        let families = families(board, form);
        settle_contested(board, &families);
        // A number that may belong to a title is believed to, as titles without a number are.
        for is_numbered in [false, true] {
            for family in &families {
                pair_family(board, family, form, is_numbered);
            }
        }
        known.push(families);
    }
    for family in known.iter().flatten() {
        if family.counts_apart {
            order::pair(board, family);
            pair_by_place(board, family);
            pair_the_last(board, family);
        } else {
            pair_renumbered(board, family);
            order::pair(board, family);
            pair_at_last(board, family);
        }
    }
}

/// All families that have sidecars, in the order of their keys.
fn families(board: &Board<'_, '_>, form: Form) -> Vec<Family> {
    let media = board.families(form);
    let mut by_family: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_base: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (at, side) in board.sides.iter().enumerate() {
        let (Some(name), Some(_)) = (side.media_name(), side.number) else {
            continue;
        };
        let key = form.key(&name.stem, &name.extension);
        by_base
            .entry(form.name(side.base()))
            .or_default()
            .insert(key.clone());
        by_family.entry(key).or_default().push(at);
    }
    let is_shared = |base: &String| by_base.get(base).is_some_and(|families| families.len() > 1);
    by_family
        .into_iter()
        .filter_map(|(key, mut sides)| {
            let media = media.get(&key)?.clone();
            sides.sort_by_key(|side| {
                let side = &board.sides[*side];
                (!side.is_new, side.number, side.name)
            });
            let bases: BTreeSet<String> = sides
                .iter()
                .map(|at| form.name(board.sides[*at].base()))
                .collect();
            let counts_apart = bases.len() > 1 || bases.iter().any(is_shared);
            Some(Family {
                sides,
                media,
                counts_apart,
            })
        })
        .collect()
}

/// A file such as `A(1).jpg` may be the first of its title or the second of `A.jpg`. Where there are sidecars for both,
/// only the contents can tell.
fn settle_contested(board: &mut Board<'_, '_>, families: &[Family]) {
    let mut claims: BTreeMap<usize, Vec<&Family>> = BTreeMap::new();
    for family in families {
        for (number, media) in &family.media {
            let is_wanted = family
                .sides
                .iter()
                .any(|side| board.sides[*side].number == Some(*number));
            if is_wanted && !board.is_placed[*media] {
                claims.entry(*media).or_default().push(family);
            }
        }
    }
    for claimants in claims.into_values().filter(|claimants| claimants.len() > 1) {
        let sides: Vec<usize> = claimants.iter().flat_map(|family| family.sides.clone()).collect();
        let media: BTreeSet<usize> = claimants
            .iter()
            .flat_map(|family| &family.media)
            .map(|(_, media)| *media)
            .collect();
        board.pair_by_contents(&sides, &media.into_iter().collect::<Vec<_>>());
    }
}

fn pair_family(board: &mut Board<'_, '_>, family: &Family, form: Form, is_numbered: bool) {
    let (media, sides) = (left_of(board, family), vacant_of(board, family));
    if media.is_empty() || sides.is_empty() {
        return;
    }
    if !family.counts_apart {
        pair_by_number(board, family, form, is_numbered);
    } else if is_numbered && media.len() == sides.len() {
        pair_in_ranks(board, family, &sides);
    }
}

/// As many sidecars as media are left: by contents and by order where there are two styles, then each by its rank.
fn pair_in_ranks(board: &mut Board<'_, '_>, family: &Family, sides: &[usize]) {
    if is_of_two_styles(board, sides) {
        let media: Vec<usize> = numberless(left_of(board, family));
        board.pair_by_contents(sides, &media);
        order::pair(board, family);
    }
    let media = numberless(left_of(board, family));
    let certainty = if media.len() == 1 {
        Certainty::Certain
    } else {
        Certainty::Likely
    };
    for (side, media) in vacant_of(board, family).into_iter().zip(media) {
        board.pair(side, media, Rule::Rank, certainty);
    }
}

/// The rule where sidecars and media count alike: equal numbers.
fn pair_by_number(board: &mut Board<'_, '_>, family: &Family, form: Form, is_numbered: bool) {
    let is_doubtful = is_doubtful(board, family);
    if is_doubtful {
        let media = numberless(family.media.clone());
        board.pair_by_contents(&family.sides, &media);
    }
    let rule = if form == Form::Exact {
        Rule::Exact
    } else {
        Rule::Loose
    };
    for side in &family.sides {
        let number = board.sides[*side]
            .number
            .filter(|number| (*number > 0) == is_numbered);
        let free = left_of(board, family)
            .into_iter()
            .find(|(n, _)| Some(*n) == number);
        if let Some((_, media)) = free
            && !(is_doubtful && board.evidence(*side, media) == Evidence::Against)
        {
            board.pair(*side, media, rule, Certainty::Certain);
        }
    }
}

/// Whether equal numbers may lead astray: one name has two contents, or media and sidecars have other numbers. What
/// lacks its sidecar, or its media, has no number among the others; and where names are long, the word of an edited
/// version may be cut off wholly, which then counts like an original. Where one is lacking here and one there, the last
/// ones do not meet.
fn is_doubtful(board: &mut Board<'_, '_>, family: &Family) -> bool {
    let has_twins = family.media.windows(2).any(|pair| pair[0].0 == pair[1].0);
    has_twins
        || !have_equal_numbers(board, family)
        || (family.sides.len() > 1 && is_long(board, family))
        || is_against_the_last(board, family)
}

fn have_equal_numbers(board: &Board<'_, '_>, family: &Family) -> bool {
    let mut numbers: Vec<Option<u32>> = family
        .sides
        .iter()
        .map(|side| board.sides[*side].number)
        .collect();
    numbers.sort_unstable();
    numbers
        .into_iter()
        .eq(family.media.iter().map(|(number, _)| Some(*number)))
}

fn is_against_the_last(board: &mut Board<'_, '_>, family: &Family) -> bool {
    let last = family.sides.last().filter(|_| family.sides.len() > 1);
    let number = last.and_then(|side| board.sides[*side].number);
    let media = family.media.iter().find(|(n, _)| Some(*n) == number);
    match (last, media) {
        (Some(side), Some((_, media))) => board.evidence(*side, *media) == Evidence::Against,
        _ => false,
    }
}

/// Whether there are more media because the words of edited versions were cut off wholly. They have the last numbers,
/// so that those of the others meet.
pub(super) fn has_cut_versions(board: &Board<'_, '_>, family: &Family) -> bool {
    family.media.len() > family.sides.len() && is_long(board, family)
}

fn is_long(board: &Board<'_, '_>, family: &Family) -> bool {
    let is_long = |side: &usize| units(board.sides[*side].base()) >= SIDECAR_UNITS;
    family.sides.iter().any(is_long)
}

/// What is left of a family that counts apart: by contents, else the place in the order of numbers.
fn pair_by_place(board: &mut Board<'_, '_>, family: &Family) {
    let left = left_of(board, family);
    board.pair_by_contents(&family.sides, &numberless(left.clone()));
    for (place, side) in (0_u32..).zip(&family.sides) {
        if let Some((_, media)) = left.iter().find(|(number, _)| *number == place)
            && board.evidence(*side, *media) != Evidence::Against
        {
            board.pair(*side, *media, Rule::Rank, Certainty::Likely);
        }
    }
}

/// Numbers that do not meet are believed only if the contents say so.
fn pair_renumbered(board: &mut Board<'_, '_>, family: &Family) {
    let media = numberless(left_of(board, family));
    if !media.is_empty() && family.sides.iter().any(|side| board.is_vacant(*side)) {
        board.pair_by_contents(&family.sides, &media);
    }
}

/// Equal numbers after all, though the contents speak against it: a user may have changed a date, and nothing else
/// wants the file. Unless numbers do not meet in this family.
fn pair_at_last(board: &mut Board<'_, '_>, family: &Family) {
    if order::is_shifted(board, family) {
        return;
    }
    for side in vacant_of(board, family) {
        let number = board.sides[side].number;
        let free = left_of(board, family)
            .into_iter()
            .find(|(n, _)| Some(*n) == number);
        if let Some((_, media)) = free
            && !is_anothers_version(board, family, side, media)
        {
            board.pair(side, media, Rule::Exact, Certainty::Likely);
        }
    }
}

/// As many sidecars as media, numbers that say nothing, and all but one have found each other: a user may have changed
/// the date of the last.
fn pair_the_last(board: &mut Board<'_, '_>, family: &Family) {
    let (sides, media) = (vacant_of(board, family), left_of(board, family));
    if family.sides.len() == family.media.len()
        && let ([side], [(_, media)]) = (&*sides, &*media)
        && !is_anothers_version(board, family, *side, *media)
    {
        board.pair(*side, *media, Rule::Rank, Certainty::Likely);
    }
}

/// Whether the contents say that this is a version of another's photo, whose word was cut off wholly.
fn is_anothers_version(board: &mut Board<'_, '_>, family: &Family, side: usize, media: usize) -> bool {
    board.evidence(side, media) == Evidence::Against
        && family
            .sides
            .iter()
            .any(|other| board.evidence(*other, media) == Evidence::For)
}

fn is_of_two_styles(board: &Board<'_, '_>, sides: &[usize]) -> bool {
    let first_base = sides.first().map(|side| board.sides[*side].base());
    sides
        .iter()
        .any(|side| Some(board.sides[*side].base()) != first_base)
}

fn numberless(media: Vec<(u32, usize)>) -> Vec<usize> {
    media.into_iter().map(|(_, media)| media).collect()
}

/// The sidecars of a family that have no original yet.
pub(super) fn vacant_of(board: &Board<'_, '_>, family: &Family) -> Vec<usize> {
    let sides = family.sides.iter().copied();
    sides.filter(|side| board.is_vacant(*side)).collect()
}

/// The media of a family that found no place yet, by number.
pub(super) fn left_of(board: &Board<'_, '_>, family: &Family) -> Vec<(u32, usize)> {
    let is_left = |(_, media): &(u32, usize)| !board.is_placed[*media];
    family.media.iter().copied().filter(is_left).collect()
}
