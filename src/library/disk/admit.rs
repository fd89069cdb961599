//! Showing items to the library: remembering them, naming them, and saying what is to be done about each.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::desk::{Desk, modification_time, now};
use super::families::{Move, Orphans, family_of, has_time_of, rearrange};
use crate::library::index::{Durability, FileRow, ItemRow, Placing, State, files, items};
use crate::library::{Admission, ItemKey, LibraryError};
use crate::media::{MediaItem, Readiness};
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
        let (strategy, root, planning) = (self.strategy, self.root.clone(), self.planning);
        let (rows, moves) = self.index.change(Durability::Process, |db| {
            let news = observe(db, source, batch)?;
            let leaving = news.leaving();
            if !planning {
                news.changed.iter().for_each(|change| change.retime(&root));
            }
            let moves = news
                .families
                .into_iter()
                .map(|family| rearrange(db, strategy, &root, family, Orphans::MayBeTheirs, &leaving));
            let moves: Vec<Move> = moves
                .collect::<rusqlite::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect();
            let rows = news
                .seqs
                .into_iter()
                .map(|seq| items::get(db, seq))
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok((rows, moves))
        })?;
        self.carry_out(moves)?;
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
        if row.state == State::Stored && self.is_all_here(&row)? {
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

    /// Whether a file is on disk. One that the user changed is the user's; `verify` is what tells of it.
    pub(super) fn is_here(&self, file: &FileRow) -> bool {
        file.placing != Placing::Damaged
            && self
                .path(&file.path)
                .symlink_metadata()
                .is_ok_and(|found| found.is_file())
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
struct News {
    /// The items' numbers, one for one.
    seqs: Vec<i64>,
    /// The families to be named anew.
    families: BTreeSet<i64>,
    changed: Vec<Change>,
}

/// A known item of which the source now tells something else, and the files of it that are here.
struct Change {
    files: Vec<FileRow>,
    was_taken: Option<DateTime<Utc>>,
    taken: Option<DateTime<Utc>>,
}

impl News {
    /// The paths of files that will move if their items' new names want them to.
    fn leaving(&self) -> HashSet<String> {
        let stays = |file: &&FileRow| matches!(file.placing, Placing::Damaged | Placing::Elsewhere);
        let files = self.changed.iter().flat_map(|change| &change.files);
        files
            .filter(|file| !stays(file))
            .map(|file| file.path.clone())
            .collect()
    }
}

impl Change {
    /// Gives the files the item's new time. One whose time is not what it was given has been changed by the user,
    /// and is left alone.
    fn retime(&self, root: &Path) {
        let Some(new) = modification_time(self.taken).filter(|_| self.taken != self.was_taken) else {
            return;
        };
        for path in self.files.iter().map(|file| root.join(&file.path)) {
            let is_as_given = path.symlink_metadata().is_ok_and(|found| {
                found.is_file()
                    && (self.was_taken.is_none() || has_time_of(found.modified().ok(), self.was_taken))
            });
            if is_as_given {
                // A disk that refuses the time still holds the file.
                drop(
                    File::options()
                        .write(true)
                        .open(&path)
                        .and_then(|file| file.set_modified(new)),
                );
            }
        }
    }
}

/// Writes down what the source tells.
fn observe(db: &Connection, source: &str, batch: &[MediaItem]) -> rusqlite::Result<News> {
    let source = items::source_number(db, source)?;
    let mut news = News::default();
    for item in batch {
        let seq = match items::find(db, source, item.id.as_str())? {
            Some(row) if !row.differs_from(item) => row.seq,
            Some(row) => {
                let family = family_of(item);
                news.families.extend([row.family, family]);
                news.changed.push(Change {
                    files: files::of_item(db, row.seq)?,
                    was_taken: row.taken,
                    taken: item.taken,
                });
                items::update(db, row.seq, family, item)?;
                row.seq
            }
            None => {
                let family = family_of(item);
                news.families.insert(family);
                items::insert(db, source, family, item)?
            }
        };
        news.seqs.push(seq);
    }
    Ok(news)
}
