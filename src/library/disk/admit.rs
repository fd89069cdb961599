//! Showing items to the library: remembering them, naming them, and saying what is to be done about each.

use rusqlite::Connection;

use super::desk::{Desk, now};
use super::families::{Disturbed, Orphans, family_of};
use crate::library::index::{Durability, ItemRow, Placing, State, aliases, checksums, files, items, retimes};
use crate::library::{Admission, ItemKey, LibraryError};
use crate::media::{KnownFile, MediaItem, Readiness, Role};
use crate::pipeline::summary::Outcome;

/// An item that Google could not deliver in this many runs …
const PATIENT_RUNS: u32 = 5;

/// … is asked for again only after this many seconds (a week): it costs quota, and rarely changes.
const RETRY_UNAVAILABLE_AFTER: i64 = 7 * 24 * 3600;

impl Desk {
    /// Hears of items and says, one for one, what is to be done about them.
    pub(super) fn admit(
        &mut self,
        source: &str,
        batch: &[MediaItem],
    ) -> Result<Vec<Admission>, LibraryError> {
        let seqs = self.disturb(Orphans::MayBeTheirs, |db| {
            observe(db, source, batch).map(|observed| (observed.seqs, observed.disturbed))
        })?;
        self.retime_files()?;
        // Looked up only now: a file that was to move may turn out to be gone.
        let rows = self.index.read(|db| {
            let rows = seqs.into_iter().map(|seq| items::get(db, seq));
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        batch
            .iter()
            .zip(rows)
            .map(|(item, row)| self.decide(item, row))
            .collect()
    }

    fn decide(&mut self, item: &MediaItem, row: ItemRow) -> Result<Admission, LibraryError> {
        if !self.seen.insert(row.seq) {
            return Ok(Admission::Repeated);
        }
        if row.state == State::Stored && self.is_all_here(&row)? && self.has_originals(item, &row)? {
            return Ok(Admission::Settled(Outcome::Present));
        }
        match item.readiness {
            Readiness::Processing => self.settled(&row, State::Waiting, Outcome::Waiting),
            Readiness::Failed => {
                let reason = "Google failed to process the video".to_owned();
                self.settled(&row, State::Unavailable, Outcome::Unavailable { reason })
            }
            Readiness::Ready if is_hopeless(&row) => Ok(Admission::Settled(Outcome::Unavailable {
                reason: row.reason.unwrap_or_default(),
            })),
            Readiness::Ready => Ok(Admission::Wanted(ItemKey(row.seq))),
        }
    }

    fn settled(&mut self, row: &ItemRow, state: State, outcome: Outcome) -> Result<Admission, LibraryError> {
        let reason = match &outcome {
            Outcome::Unavailable { reason } => Some(reason.as_str()),
            _ => None,
        };
        self.index.change(Durability::Process, |db| {
            items::set_state(db, row.seq, state, reason, now())
        })?;
        Ok(Admission::Settled(outcome))
    }

    /// Whether the files that are here are those that the item is known to consist of.
    fn has_originals(&self, item: &MediaItem, row: &ItemRow) -> Result<bool, LibraryError> {
        self.index.read(|db| {
            for known in &item.files {
                let file = files::get(db, row.seq, known.role)?;
                let is_it = file.is_some_and(|file| file.size == known.size)
                    && checksums::get(db, row.seq, known.role)? == Some(known.crc32);
                if !is_it {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Whether all files of a stored item are still here. Those that are not are forgotten, to be fetched again.
    fn is_all_here(&mut self, row: &ItemRow) -> Result<bool, LibraryError> {
        let files = self.index.read(|db| files::of_item(db, row.seq))?;
        let gone: Vec<_> = files.iter().filter(|file| !self.is_here(file)).collect();
        if gone.is_empty() && !files.is_empty() {
            return Ok(true);
        }
        self.index.change(Durability::Process, |db| {
            let forgotten = gone.iter().filter(|file| file.placing != Placing::Damaged);
            forgotten
                .into_iter()
                .try_for_each(|file| files::forget(db, file.item, file.role))?;
            items::set_state(db, row.seq, State::Found, None, now())
        })?;
        Ok(false)
    }
}

fn is_hopeless(row: &ItemRow) -> bool {
    row.state == State::Unavailable
        && row.attempts >= PATIENT_RUNS
        && row
            .tried
            .is_some_and(|tried| now() - tried < RETRY_UNAVAILABLE_AFTER)
}

/// What a batch told.
#[derive(Default)]
struct Observed {
    /// The items' numbers, in the batch's order.
    seqs: Vec<i64>,
    disturbed: Disturbed,
}

/// Writes down what the source tells.
fn observe(db: &Connection, source: &str, batch: &[MediaItem]) -> rusqlite::Result<Observed> {
    let source = items::source_number(db, source)?;
    let mut observed = Observed::default();
    for item in batch {
        let seq = match items::find(db, source, item.id.as_str())? {
            Some(row) if !row.differs_from(item) => row.seq,
            Some(row) => {
                observed.change(db, &row, item)?;
                row.seq
            }
            None => {
                known_elsewhere(db, source, item)?.map_or_else(|| observed.welcome(db, source, item), Ok)?
            }
        };
        for known in item.files.iter().filter(|known| known.role != Role::Main) {
            observed.absorb(db, source, seq, known)?;
        }
        observed.seqs.push(seq);
    }
    Ok(observed)
}

/// The item of another source that this one is: it is here already, and what is here stays, since no source but Takeout
/// has better bytes than another.
fn known_elsewhere(db: &Connection, source: i64, item: &MediaItem) -> rusqlite::Result<Option<i64>> {
    if let Some(seq) = aliases::item_of(db, source, item.id.as_str())? {
        return Ok(Some(seq));
    }
    let twin = aliases::twin_of(db, source, family_of(item), item)?;
    if let Some(seq) = twin {
        aliases::put(db, source, item.id.as_str(), seq)?;
    }
    Ok(twin)
}

impl Observed {
    /// Remembers an item that nobody told of before, and returns its number.
    fn welcome(&mut self, db: &Connection, source: i64, item: &MediaItem) -> rusqlite::Result<i64> {
        let family = family_of(item);
        self.disturbed.families.insert(family);
        items::insert(db, source, family, item)
    }

    /// A file that was taken for an item of its own, while the part with the rest of the item was missing, becomes
    /// what it is: a file of the item `seq`.
    fn absorb(&mut self, db: &Connection, source: i64, seq: i64, known: &KnownFile) -> rusqlite::Result<()> {
        let Some(loner) = items::find(db, source, known.own_id().as_str())?.filter(|row| row.seq != seq)
        else {
            return Ok(());
        };
        let file = files::get(db, loner.seq, Role::Main)?;
        let is_free = files::get(db, seq, known.role)?.is_none();
        let is_settled = file.as_ref().is_some_and(|file| file.placing == Placing::InPlace);
        let is_alone = files::of_item(db, loner.seq)?.len() == 1;
        let Some(file) = file.filter(|_| is_free && is_settled && is_alone) else {
            return Ok(());
        };
        files::hand_over(db, loner.seq, (seq, known.role))?;
        if items::get(db, seq)?.taken != loner.taken {
            // The file bears the time that was thought to be its own.
            retimes::note(db, seq, loner.taken)?;
        }
        items::absorb(db, loner.seq, seq)?;
        let companion = if known.role == Role::Clip {
            items::set_clip
        } else {
            items::set_edited
        };
        companion(db, seq, known.extension.as_str())?;
        self.disturbed.leaving.push(file.path);
        self.disturbed
            .families
            .extend([loner.family, items::get(db, seq)?.family]);
        Ok(())
    }

    fn change(&mut self, db: &Connection, row: &ItemRow, item: &MediaItem) -> rusqlite::Result<()> {
        let family = family_of(item);
        self.disturbed.families.extend([row.family, family]);
        let files = files::of_item(db, row.seq)?;
        if row.taken != item.taken && !files.is_empty() {
            retimes::note(db, row.seq, row.taken)?;
        }
        if family != row.family {
            let moving = files
                .into_iter()
                .filter(|file| file.placing != Placing::Elsewhere);
            self.disturbed.leaving.extend(moving.map(|file| file.path));
        }
        items::update(db, row.seq, family, item)
    }
}
