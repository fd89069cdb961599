//! Ties that names leave open, broken by what is in the files.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::clues::{Clues, FileTime, MediaClues, TimeBasis};
use super::super::entry::EntryId;
use super::super::facts::Facts;

/// What a file says to the claim that a sidecar is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Evidence {
    Against,
    Silent,
    For,
}

/// Looks into files, into each once.
pub(super) struct Contents<'c> {
    clues: &'c mut dyn Clues,
    seen: HashMap<EntryId, Rc<MediaClues>>,
}

/// Clocks of cameras may be ahead or behind UTC by this much, in seconds: +14 hours on Kiritimati, with a margin of
/// nothing.
const MAX_OFFSET: i64 = 14 * 3600;

/// Offsets from UTC are multiples of this, in seconds.
const OFFSET_STEP: i64 = 15 * 60;

/// Sidecars and files round differently; in seconds.
const TOLERANCE: i64 = 2;

/// The film of a live photo begins some seconds before the photo was taken, and may be dated by its end.
const HALF_TOLERANCE: i64 = 10;

/// Moving halves last 1.5 to 3 seconds on most phones, and 5 on some.
const MOST_SECONDS: u32 = 20;

impl<'c> Contents<'c> {
    pub(super) fn new(clues: &'c mut dyn Clues) -> Self {
        Self {
            clues,
            seen: HashMap::new(),
        }
    }

    pub(super) fn of(&mut self, entry: EntryId) -> Rc<MediaClues> {
        let look = || Rc::new(self.clues.look(entry));
        Rc::clone(self.seen.entry(entry).or_insert_with(look))
    }

    /// Whether this file can be the one that the sidecar tells of.
    pub(super) fn evidence(&mut self, facts: &Facts, entry: EntryId) -> Evidence {
        self.evidence_within(facts, entry, TOLERANCE)
    }

    /// Whether this film can be the moving half of the photo that the sidecar tells of.
    pub(super) fn half_evidence(&mut self, facts: &Facts, film: EntryId) -> Evidence {
        self.evidence_within(facts, film, HALF_TOLERANCE)
    }

    fn evidence_within(&mut self, facts: &Facts, entry: EntryId, tolerance: i64) -> Evidence {
        let clues = self.of(entry);
        let time = match (facts.taken, clues.time) {
            (Some(taken), Some(time)) => verdict(is_same_instant(time, taken, tolerance)),
            _ => Evidence::Silent,
        };
        let place = match (facts.file_place, clues.place) {
            (Some(told), Some(found)) => verdict(told.is_near(found)),
            _ => Evidence::Silent,
        };
        if time == Evidence::Silent { place } else { time }
    }

    /// Whether two files are the halves of one live photo.
    pub(super) fn halves(&mut self, still: EntryId, film: EntryId) -> Evidence {
        let (still, film) = (self.of(still), self.of(film));
        match (&still.content_identifier, &film.content_identifier) {
            (Some(left), Some(right)) => verdict(left == right),
            _ => Evidence::Silent,
        }
    }

    /// Whether two files were made at one moment, by their own times.
    pub(super) fn moments(&mut self, still: EntryId, film: EntryId) -> Evidence {
        let (still, film) = (self.of(still).time, self.of(film).time);
        let (Some(still), Some(film)) = (still, film) else {
            return Evidence::Silent;
        };
        let clock = still.clock.and_utc().timestamp();
        let moment = clock - i64::from(still.offset.unwrap_or_default());
        verdict(is_same_instant(film, moment, HALF_TOLERANCE) || is_same_instant(film, clock, HALF_TOLERANCE))
    }

    /// Whether this film is longer than the moving half of any photo.
    pub(super) fn is_long(&mut self, film: EntryId) -> bool {
        self.of(film)
            .seconds
            .is_some_and(|seconds| seconds > MOST_SECONDS)
    }

    /// Whether the film is the half of some photo that Apple marked, and this one would show the mark: it tells of
    /// itself, and bears none.
    pub(super) fn is_unmarked(&mut self, still: EntryId, film: EntryId) -> bool {
        let (still, film) = (self.of(still), self.of(film));
        film.content_identifier.is_some()
            && still.content_identifier.is_none()
            && *still != MediaClues::default()
    }

    /// The pairs among these that speak for each other and for nobody else.
    pub(super) fn sole_matches<L: Copy, R: Copy>(
        &mut self,
        left: &[L],
        right: &[R],
        mut judge: impl FnMut(&mut Self, L, R) -> Evidence,
    ) -> Vec<(L, R)> {
        let rows: Vec<Vec<bool>> = left
            .iter()
            .map(|l| {
                right
                    .iter()
                    .map(|r| judge(self, *l, *r) == Evidence::For)
                    .collect()
            })
            .collect();
        let mut matches = Vec::new();
        for (row, agrees) in rows.iter().enumerate() {
            let mut columns = (0..right.len()).filter(|column| agrees[*column]);
            let (Some(column), None) = (columns.next(), columns.next()) else {
                continue;
            };
            let rivals = rows.iter().filter(|other| other[column]).count();
            if rivals == 1 {
                matches.push((left[row], right[column]));
            }
        }
        matches
    }
}

fn verdict(agrees: bool) -> Evidence {
    if agrees { Evidence::For } else { Evidence::Against }
}

/// Whether a file's time is the instant, or may be it on some clock of this Earth.
fn is_same_instant(time: FileTime, instant: i64, tolerance: i64) -> bool {
    let clock = time.clock.and_utc().timestamp();
    match (time.offset, time.basis) {
        (Some(offset), _) if (clock - i64::from(offset) - instant).abs() <= tolerance => true,
        // A clock that was set wrong keeps its offset; a film's header may be in local time against its standard.
        (Some(_), TimeBasis::Clock) => false,
        _ => is_offset(clock - instant, tolerance),
    }
}

/// Whether two times differ by what clocks of this Earth differ.
pub(crate) fn may_be_offset(difference: i64) -> bool {
    is_offset(difference, TOLERANCE)
}

fn is_offset(difference: i64, tolerance: i64) -> bool {
    let beyond = difference.rem_euclid(OFFSET_STEP);
    let is_multiple = beyond <= tolerance || OFFSET_STEP - beyond <= tolerance;
    difference.abs() <= MAX_OFFSET + tolerance && is_multiple
}
