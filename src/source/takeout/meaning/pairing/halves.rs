//! The moving halves of live and motion photos. They have no sidecar of their own.

use std::collections::BTreeMap;

use super::super::extension::Class;
use super::board::{Board, Hit};
use super::contents::Evidence;
use super::forward::loose;
use super::hosts::{Host, Hosts};
use super::rule::{Certainty, Rule};

/// A moving half is a few seconds long: five of them at the 100 Mbit/s of the best that phones film have this size.
const MOST_BYTES: u64 = 64 << 20;

/// The halves that are left of one stem, and the stills that lack theirs.
#[derive(Default)]
struct Group {
    stills: Vec<Host>,
    /// With the number of each.
    halves: Vec<(u32, usize)>,
    /// Whether there is a film of that stem as well, of which a half may be an edited version.
    has_rival: bool,
}

/// Gives each still its moving half, as far as any are left.
pub(super) fn find(board: &mut Board<'_, '_>, hosts: &Hosts) {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for media in board.left() {
        if !board.media[media].class.moves() {
            continue;
        }
        let place = stems(board, media)
            .into_iter()
            .map(|(stem, number)| (stills(board, hosts.with_stem(&stem)), stem, number))
            .find(|(stills, _, _)| !stills.is_empty());
        if let Some((stills, stem, number)) = place {
            let has_rival = hosts
                .with_stem(&stem)
                .iter()
                .any(|host| board.class_of(*host).moves());
            let group = groups.entry(stem).or_default();
            group.stills = stills;
            group.has_rival = has_rival;
            group.halves.push((number, media));
        }
    }
    for group in groups.values() {
        serve(board, group);
    }
}

/// The stems that the still may have, and the number beside each: the half's own, or its whole name, as `A.MP` lies
/// beside `A.MP.jpg`.
fn stems(board: &Board<'_, '_>, media: usize) -> Vec<(String, u32)> {
    let half = &board.media[media];
    let (stem, number) = half.unnumbered();
    let mut stems = Vec::new();
    if number > 0 {
        stems.push((loose(stem), number));
        stems.push((loose(&format!("{stem}{}", half.extension)), number));
    }
    stems.push((loose(half.stem), 0));
    stems.push((loose(half.name), 0));
    stems
}

/// The stills among these hosts, HEIC before others: where an iPhone's photo lies in both forms, the HEIC is the one
/// that moves.
fn stills(board: &Board<'_, '_>, hosts: &[Host]) -> Vec<Host> {
    let mut stills: Vec<Host> = hosts
        .iter()
        .copied()
        .filter(|host| board.class_of(*host) == Class::Image && board.drafts[host.draft].half.is_none())
        .collect();
    stills.sort_by_key(|host| (!board.is_alike(*host, "a.heic"), host.number, host.draft));
    stills.dedup_by_key(|host| host.draft);
    stills
}

/// By identifier and by time where there are several, then by number, then in the order of numbers.
fn serve(board: &mut Board<'_, '_>, group: &Group) {
    if group.stills.len() > 1 || group.halves.len() > 1 {
        by_identifier(board, group);
        by_time(board, group);
    }
    for (number, half) in &group.halves {
        let same: Vec<Host> = group
            .stills
            .iter()
            .copied()
            .filter(|still| still.number == *number && board.drafts[still.draft].half.is_none())
            .collect();
        let certainty = if group.has_rival || same.len() > 1 {
            Certainty::Likely
        } else {
            Certainty::Certain
        };
        for still in same {
            join(board, still, *half, certainty);
        }
    }
    let mut stills = group.stills.clone();
    stills.retain(|still| board.drafts[still.draft].half.is_none());
    let mut halves = group.halves.clone();
    halves.retain(|(_, half)| !board.is_placed[*half]);
    halves.sort_unstable();
    if stills.len() == halves.len() {
        for (still, (_, half)) in stills.into_iter().zip(halves) {
            join(board, still, half, Certainty::Likely);
        }
    }
}

fn by_identifier(board: &mut Board<'_, '_>, group: &Group) {
    let with_original = |host: &&Host| board.drafts[host.draft].original.is_some();
    let stills: Vec<Host> = group.stills.iter().filter(with_original).copied().collect();
    let halves: Vec<usize> = group.halves.iter().map(|(_, half)| *half).collect();
    let (drafts, media) = (&board.drafts, &board.media);
    let matches = board
        .contents
        .sole_matches(&stills, &halves, |contents, still, half| {
            drafts[still.draft].original.map_or(Evidence::Silent, |hit| {
                contents.halves(media[hit.media].id, media[half].id)
            })
        });
    for (still, half) in matches {
        place(board, still, half, Rule::Content, Certainty::Certain);
    }
}

/// By what the stills' sidecars tell of the time.
fn by_time(board: &mut Board<'_, '_>, group: &Group) {
    let is_free = |still: &&Host| board.drafts[still.draft].half.is_none();
    let stills: Vec<Host> = group.stills.iter().filter(is_free).copied().collect();
    let halves = group.halves.iter().map(|(_, half)| *half);
    let halves: Vec<usize> = halves.filter(|half| !board.is_placed[*half]).collect();
    let (drafts, sides, media) = (&board.drafts, &board.sides, &board.media);
    let matches = board
        .contents
        .sole_matches(&stills, &halves, |contents, still, half| {
            drafts[still.draft].side.map_or(Evidence::Silent, |side| {
                contents.half_evidence(sides[side].facts, media[half].id)
            })
        });
    for (still, half) in matches {
        place(board, still, half, Rule::Content, Certainty::Certain);
    }
}

/// Joins two halves unless they are none by what is in them. A film that only bears a still's name is an item of its
/// own; a name that none but halves have is believed, and so is a still that Apple marked, if no other is in question.
fn join(board: &mut Board<'_, '_>, still: Host, half: usize, certainty: Certainty) {
    let still_media = board.drafts[still.draft]
        .original
        .map(|hit| board.media[hit.media].id);
    let is_clear = certainty == Certainty::Certain
        && (board.media[half].class == Class::Motion
            || still_media.is_some_and(|still| board.contents.of(still).content_identifier.is_some()));
    if is_too_large(board, half) || (!is_clear && is_against(board, still, half)) {
        return;
    }
    let certainty = if still_media.is_none() {
        Certainty::Likely
    } else {
        certainty
    };
    place(board, still, half, Rule::SecondHalf, certainty);
}

fn is_too_large(board: &Board<'_, '_>, half: usize) -> bool {
    board.media[half].size > MOST_BYTES
}

/// Whether these are no halves of one photo: by their identifiers, or by their times and how long the film is.
fn is_against(board: &mut Board<'_, '_>, still: Host, half: usize) -> bool {
    let draft = &board.drafts[still.draft];
    let (original, side) = (draft.original.map(|hit| board.media[hit.media].id), draft.side);
    let half = board.media[half].id;
    let between = original.map_or((Evidence::Silent, Evidence::Silent), |still| {
        (
            board.contents.halves(still, half),
            board.contents.moments(still, half),
        )
    });
    if between.0 != Evidence::Silent {
        return between.0 == Evidence::Against;
    }
    let by_sidecar = side.map_or(Evidence::Silent, |side| {
        board.contents.half_evidence(board.sides[side].facts, half)
    });
    // The user may have changed the date of the photo, which the files do not know.
    let by_time = if between.1.max(by_sidecar) == Evidence::For {
        Evidence::For
    } else {
        between.1.min(by_sidecar)
    };
    by_time == Evidence::Against
        || board.contents.is_long(half)
        || (by_time == Evidence::Silent
            && original.is_some_and(|still| board.contents.is_unmarked(still, half)))
}

fn place(board: &mut Board<'_, '_>, still: Host, half: usize, rule: Rule, certainty: Certainty) {
    if board.drafts[still.draft].half.is_none() && !board.is_placed[half] {
        board.is_placed[half] = true;
        board.drafts[still.draft].half = Some(Hit {
            media: half,
            rule,
            certainty,
        });
    }
}
