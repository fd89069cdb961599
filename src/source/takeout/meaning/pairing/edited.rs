//! Edited versions: they bear the name of their original and a word, or what a cut left of it. They have no sidecar
//! of their own.

use unicode_normalization::UnicodeNormalization as _;

use super::board::{Board, Hit};
use super::contents::Evidence;
use super::forward::{loose, stem_units, units};
use super::hosts::{Host, Hosts};
use super::rule::{Certainty, Rule};
use super::words;

/// Versions behind whose name stands a known word, whole.
pub(super) fn find(board: &mut Board<'_, '_>, hosts: &Hosts) {
    for media in board.left() {
        let (stem, number) = plain_stem(board, media);
        if let Some((head, tail)) = stem.rsplit_once('-')
            && words::is_word(tail)
        {
            let candidates = candidates(board, hosts.with_stem(head), media);
            if let Some((host, certainty)) = choose(board, &candidates, media, number) {
                place(board, host, media, Rule::Edited, certainty);
            }
        }
    }
}

/// Versions whose word was cut, wholly or in part, because the name reached its limit; then those where somebody
/// else shortened it.
pub(super) fn find_cut(board: &mut Board<'_, '_>, hosts: &Hosts) {
    for media in board.left() {
        let (stem, number) = plain_stem(board, media);
        if is_at_limit(board, media) {
            cut_by_google(board, hosts, media, (&stem, number));
        }
    }
    for media in board.left() {
        guess(board, hosts, media, Rule::EditedCut, words::clearly_begins_a_word);
    }
}

/// Versions behind whose name stands something that may be a word.
pub(super) fn find_unlisted(board: &mut Board<'_, '_>, hosts: &Hosts) {
    for media in board.left() {
        guess(board, hosts, media, Rule::UnlistedWord, words::may_be_a_word);
    }
}

/// The loose stem without its number, and the number.
fn plain_stem(board: &Board<'_, '_>, media: usize) -> (String, u32) {
    let (stem, number) = board.media[media].unnumbered();
    (loose(stem), number)
}

/// A name that was cut while it was decomposed is shorter now, for all names are composed here.
fn is_at_limit(board: &Board<'_, '_>, media: usize) -> bool {
    let media = &board.media[media];
    let (stem, _) = media.unnumbered();
    let limit = stem_units(media.extension);
    units(stem) >= limit || stem.nfd().map(char::len_utf16).sum::<usize>() >= limit
}

fn cut_by_google(board: &mut Board<'_, '_>, hosts: &Hosts, media: usize, (stem, number): (&str, u32)) {
    let by_rest = stem
        .rmatch_indices('-')
        .map(|(at, _)| (&stem[..at], &stem[at + 1..]))
        .filter(|(_, tail)| words::begins_a_word(tail))
        .map(|(head, _)| candidates(board, hosts.with_stem(head), media))
        .find(|candidates| !candidates.is_empty());
    // The cut may have taken the dash as well: the name is its original's, with a number.
    let mut candidates = by_rest.unwrap_or_else(|| candidates(board, hosts.with_stem(stem), media));
    // So is the name of another photo without a sidecar, which its contents give away.
    candidates.retain(|host| board.host_evidence(*host, media) != Evidence::Against);
    let chosen = match candidates.as_slice() {
        [] => None,
        [host] => Some((*host, Certainty::Likely)),
        _ => by_contents(board, &candidates, media)
            .map(|host| (host, Certainty::Certain))
            .or_else(|| of_number(&candidates, number).map(|host| (host, Certainty::Guess))),
    };
    if let Some((host, certainty)) = chosen {
        place(board, host, media, Rule::EditedCut, certainty);
    }
}

fn of_number(candidates: &[Host], number: u32) -> Option<Host> {
    let mut same = candidates.iter().filter(|host| host.number == number);
    same.next().filter(|_| same.next().is_none()).copied()
}

/// The lowest kind of rule: what follows the last dash only looks like a word. Needs an original, and nothing in the
/// file may speak against it.
fn guess(board: &mut Board<'_, '_>, hosts: &Hosts, media: usize, rule: Rule, looks_right: fn(&str) -> bool) {
    let (stem, number) = plain_stem(board, media);
    let Some((head, tail)) = stem.rsplit_once('-') else {
        return;
    };
    if !looks_right(tail) {
        return;
    }
    let mut candidates = candidates(board, hosts.with_stem(head), media);
    candidates.retain(|host| board.drafts[host.draft].original.is_some());
    let Some((host, _)) = choose(board, &candidates, media, number) else {
        return;
    };
    let certainty = match board.host_evidence(host, media) {
        Evidence::Against => return,
        Evidence::Silent => Certainty::Guess,
        Evidence::For => Certainty::Likely,
    };
    place(board, host, media, rule, certainty);
}

/// The hosts whose photo may have this file as a version: of the same class.
fn candidates(board: &Board<'_, '_>, hosts: &[Host], media: usize) -> Vec<Host> {
    let class = board.media[media].class;
    let may_own = |host: &Host| {
        let host_class = board.class_of(*host);
        host_class == class || !host_class.is_media() || !class.is_media()
    };
    let mut hosts: Vec<Host> = hosts.iter().copied().filter(may_own).collect();
    hosts.dedup_by_key(|host| (host.draft, host.number));
    hosts
}

/// Contents decide between several hosts, for nobody knows how Google counts edited versions. Else the host of the
/// same number, or the one without; of the same format first.
fn choose(
    board: &mut Board<'_, '_>,
    candidates: &[Host],
    media: usize,
    number: u32,
) -> Option<(Host, Certainty)> {
    let first = candidates.first()?;
    if candidates.iter().all(|host| host.draft == first.draft) {
        return Some((*first, Certainty::Certain));
    }
    if let Some(host) = by_contents(board, candidates, media) {
        return Some((host, Certainty::Certain));
    }
    let name = board.media[media].name;
    let rank = |host: &Host| {
        (
            host.number != number,
            host.number != 0,
            !board.is_alike(*host, name),
        )
    };
    let best = candidates
        .iter()
        .map(rank)
        .min()
        .filter(|best| !best.0 || !best.1)?;
    let mut equals = candidates.iter().filter(|host| rank(host) == best);
    let host = equals.next()?;
    let certainty = if equals.next().is_some() {
        Certainty::Guess
    } else {
        Certainty::Likely
    };
    Some((*host, certainty))
}

/// The only host for which the file speaks.
fn by_contents(board: &mut Board<'_, '_>, candidates: &[Host], media: usize) -> Option<Host> {
    let mut speaking = candidates
        .iter()
        .copied()
        .filter(|host| board.host_evidence(*host, media) == Evidence::For);
    let first = speaking.next()?;
    speaking.all(|host| host.draft == first.draft).then_some(first)
}

fn place(board: &mut Board<'_, '_>, host: Host, media: usize, rule: Rule, certainty: Certainty) {
    let is_itself = board.drafts[host.draft]
        .original
        .is_some_and(|hit| hit.media == media);
    if !board.is_placed[media] && !is_itself {
        board.is_placed[media] = true;
        board.drafts[host.draft].versions.push(Hit {
            media,
            rule,
            certainty,
        });
    }
}
