//! One round's run: what was picked flows into the library like everything else, and then its session is ended.

use std::sync::Arc;

use chrono::Utc;

use super::left_behind::OUT_OF_REACH;
use super::{Picking, Round};
use crate::cli::commands::sync::{row_of, tend_surroundings};
use crate::cli::connect;
use crate::cli::failure::Failure;
use crate::library::index::PickingRow;
use crate::library::index::pickings::PickingState;
use crate::pace::retry::RetryPolicy;
use crate::pipeline::summary::{Bucket, Counts, Ending, Summary};
use crate::pipeline::{Backup, Mode};
use crate::report::Event;
use crate::report::numbers::counted;
use crate::source::picker::{NAME, Picker};

impl Picking<'_> {
    /// Fetches what was picked in the session of `row`, and returns how many items that were.
    pub(super) async fn fetch(&mut self, round: &Round, row: PickingRow) -> Result<u64, Failure> {
        let started = Utc::now();
        let pace = connect::pace(self.settings, Arc::clone(&round.reporter), self.shutdown.clone());
        let api = self.api_in(Arc::clone(&pace), self.grant().await?)?;
        let source = api.source(&row.session, Arc::clone(&round.reporter));
        round.reporter.report(&Event::RunStarted {
            source: NAME,
            library: &self.root,
            dry_run: false,
        });
        let backup = Backup {
            source: Arc::new(source.clone()),
            library: Arc::clone(&round.library) as _,
            pace,
            reporter: Arc::clone(&round.reporter),
            shutdown: self.shutdown.clone(),
            policy: RetryPolicy::default(),
            mode: Mode::Fetch,
        };
        let summary = backup.run().await;
        self.file(round, &row, &source).await?;
        tend_surroundings(&round.library).await;
        self.settle(round, row, &summary).await?;
        round.reporter.report(&Event::RunFinished { summary: &summary });
        round.library.remember_run(row_of(&summary, started)).await?;
        let found = summary.found;
        self.remember(summary);
        Ok(found)
    }

    /// Files what was listed under the album that was asked for when it was picked, and now.
    async fn file(&self, round: &Round, row: &PickingRow, source: &Picker) -> Result<(), Failure> {
        let now = match &self.settings.album.value {
            Some(title) => Some(round.library.album(NAME, title).await?),
            None => None,
        };
        let then = row.album.filter(|album| now != Some(*album));
        for album in now.into_iter().chain(then) {
            round.library.file_in_album(album, NAME, source.listed()).await?;
        }
        Ok(())
    }

    /// Ends the session when nothing of it is left to be had, or the user stopped; otherwise it is kept.
    async fn settle(&self, round: &Round, row: PickingRow, summary: &Summary) -> Result<(), Failure> {
        let missing = missing(summary);
        if summary.ending == Ending::Interrupted {
            self.end(&row.session, round).await?;
            let lost = round.library.abandon(NAME, OUT_OF_REACH).await?;
            if lost > 0 {
                let items = counted(lost as u64, "item");
                tell(
                    round,
                    &format!("The selection was ended at Google. {items} of it must be picked again."),
                );
            }
            return Ok(());
        }
        if summary.ending == Ending::Complete && missing == 0 {
            if !self.end(&row.session, round).await? {
                self.keep(round, row).await?;
            }
            return Ok(());
        }
        self.keep(round, row).await?;
        if summary.ending == Ending::Complete {
            let items = counted(missing, "item");
            tell(
                round,
                &format!(
                    "{items} of your selection could not be had yet. The next `gphotosync pick` fetches what it can, \
                     for as long as Google keeps the selection: some days."
                ),
            );
        }
        Ok(())
    }

    async fn keep(&self, round: &Round, row: PickingRow) -> Result<(), Failure> {
        let row = PickingRow {
            state: PickingState::Rest,
            ..row
        };
        Ok(round.library.keep_picking(row).await?)
    }
}

/// Items that a later run may bring.
fn missing(summary: &Summary) -> u64 {
    let later = [Bucket::Waiting, Bucket::Failed, Bucket::NotReached];
    later.iter().map(|bucket| summary.counts.of(*bucket)).sum()
}

fn tell(round: &Round, text: &str) {
    round.reporter.report(&Event::Notice { text });
}

/// Two runs as one. The first ending that is not "complete" is that of both.
pub(super) fn together(first: &Summary, second: Summary) -> Summary {
    let mut counts = Counts::default();
    for bucket in Bucket::ALL {
        counts.set(bucket, first.counts.of(bucket) + second.counts.of(bucket));
    }
    let ending = if first.ending == Ending::Complete {
        second.ending
    } else {
        first.ending.clone()
    };
    Summary {
        source: second.source,
        found: first.found + second.found,
        counts,
        bytes: first.bytes + second.bytes,
        renamed: first.renamed + second.renamed,
        elapsed: first.elapsed + second.elapsed,
        dry_run: false,
        ending,
        entries: second.entries,
    }
}
