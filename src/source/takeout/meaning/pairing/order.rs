//! Sidecars and media whose numbers do not meet, because one or the other is missing: each still counts upwards, so
//! what lies between two pairs is paired in its order.

use std::collections::BTreeSet;

use super::board::Board;
use super::contents::Evidence;
use super::originals::{Family, has_cut_versions, left_of, vacant_of};
use super::rule::{Certainty, Rule};

/// A sidecar of the family, and the number of its media if it has found one.
type Step = (usize, Option<u32>);

/// Pairs what the contents leave no choice for. Sidecars of two styles count each for themselves; what one style
/// leaves may settle the other.
pub(super) fn pair(board: &mut Board<'_, '_>, family: &Family) {
    if vacant_of(board, family).is_empty() || left_of(board, family).is_empty() {
        return;
    }
    let bases: BTreeSet<&str> = family
        .sides
        .iter()
        .map(|side| board.sides[*side].base())
        .collect();
    let styles: Vec<Vec<usize>> = bases
        .into_iter()
        .map(|base| of_base(board, family, base))
        .collect();
    for _ in 0..styles.len() {
        for sides in &styles {
            pair_style(board, family, sides);
        }
    }
}

/// Whether a pair shows that numbers do not meet.
pub(super) fn is_shifted(board: &Board<'_, '_>, family: &Family) -> bool {
    family
        .sides
        .iter()
        .any(|side| is_step_aside(board, &(*side, number_of(board, family, *side))))
}

fn is_step_aside(board: &Board<'_, '_>, (side, number): &Step) -> bool {
    number.is_some() && *number != board.sides[*side].number
}

fn of_base(board: &Board<'_, '_>, family: &Family, base: &str) -> Vec<usize> {
    let sides = family.sides.iter().copied();
    let mut sides: Vec<usize> = sides.filter(|side| board.sides[*side].base() == base).collect();
    sides.sort_by_key(|side| board.sides[*side].number);
    sides
}

fn pair_style(board: &mut Board<'_, '_>, family: &Family, sides: &[usize]) {
    let steps: Vec<Step> = sides
        .iter()
        .map(|side| (*side, number_of(board, family, *side)))
        .collect();
    if !steps.iter().filter_map(|(_, number)| *number).is_sorted() {
        return;
    }
    let mut gap = Gap {
        is_proven: steps.iter().any(|step| is_step_aside(board, step)),
        may_be_narrowed: !has_cut_versions(board, family),
        ..Gap::default()
    };
    for (side, number) in steps {
        if number.is_some() {
            gap.to = number;
            gap.settle(board, family);
            gap.sides.clear();
            (gap.from, gap.to) = (number, None);
        } else {
            gap.sides.push(side);
        }
    }
    gap.settle(board, family);
}

/// The number of the media that the sidecar has found in this family.
fn number_of(board: &Board<'_, '_>, family: &Family, side: usize) -> Option<u32> {
    let original = board.drafts[side].original?.media;
    let mut media = family.media.iter();
    media
        .find(|(_, media)| *media == original)
        .map(|(number, _)| *number)
}

/// What lies between two pairs.
#[derive(Default)]
struct Gap {
    sides: Vec<usize>,
    /// The numbers of the media of these pairs.
    from: Option<u32>,
    to: Option<u32>,
    /// A pair of this style shows that numbers do not meet.
    is_proven: bool,
    /// What the contents exclude may be a photo without a sidecar, and no edited version.
    may_be_narrowed: bool,
}

impl Gap {
    /// Pairs the sidecars with the media that are left here, if there are as many of them. Where nothing shows that
    /// numbers do not meet, equal counts prove nothing.
    fn settle(&self, board: &mut Board<'_, '_>, family: &Family) {
        let media = self.media(board, family);
        let likely_sides = kept(&self.sides, &media, |side, media| {
            board.evidence(side, media) == Evidence::Against
        });
        let likely_media = kept(&media, &self.sides, |media, side| {
            board.evidence(side, media) == Evidence::Against
        });
        let is_narrowed =
            self.may_be_narrowed && likely_sides.len() + likely_media.len() < self.sides.len() + media.len();
        if !(self.is_proven || is_narrowed) || likely_sides.len() != likely_media.len() {
            return;
        }
        let pairs: Vec<_> = likely_sides.into_iter().zip(likely_media).collect();
        if pairs
            .iter()
            .all(|(side, media)| board.evidence(*side, *media) != Evidence::Against)
        {
            for (side, media) in pairs {
                board.pair(side, media, Rule::Rank, Certainty::Likely);
            }
        }
    }

    /// What is left between the two numbers.
    fn media(&self, board: &Board<'_, '_>, family: &Family) -> Vec<usize> {
        let is_here =
            |number: u32| self.from.is_none_or(|from| from < number) && self.to.is_none_or(|to| number < to);
        let left = left_of(board, family).into_iter();
        left.filter(|(number, _)| is_here(*number))
            .map(|(_, media)| media)
            .collect()
    }
}

/// Those that are not excluded by all others.
fn kept(these: &[usize], others: &[usize], mut excludes: impl FnMut(usize, usize) -> bool) -> Vec<usize> {
    let mut kept = these.to_vec();
    kept.retain(|one| others.is_empty() || !others.iter().all(|other| excludes(*one, *other)));
    kept
}
