//! The rarer facts of a run, and how a view is made of them.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::rate::SmoothedRate;
use super::remaining::{Fetched, Outlook, PerKind, eta};
use super::transfer::{Retry, Transfer};
use super::view::{DrainView, FileView, Listing, PauseView, View, Work};
use crate::media::MediaItem;
use crate::pipeline::summary::{Counts, Outcome};
use crate::report::{Event, PauseCause, WorkerId};

/// The rate shown: calm enough to read, quick enough to believe.
const RATE_MEMORY: Duration = Duration::from_secs(5);

/// The rate estimates are made with: a film more or less should not move them.
const ETA_MEMORY: Duration = Duration::from_secs(45);

/// A pause in the run's own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PauseSpan {
    pub(crate) began: Duration,
    pub(crate) ends: Duration,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pause {
    cause: PauseCause,
    pub(super) span: PauseSpan,
    until: DateTime<Utc>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) library: PathBuf,
    dry_run: bool,
    work: Work,
    delay_ends: Option<Duration>,
    found: u64,
    settled: u64,
    videos: u64,
    listing: Listing,
    listing_retry: Option<Retry>,
    /// Bytes of archives looked through, and all there are.
    indexing: Option<(u64, u64)>,
    /// All items that will be listed and their bytes, and those of items that are in a bucket, where they are known.
    sized: Option<(u64, u64)>,
    accounted: u64,
    tending: bool,
    /// Items told to be in a bucket: settled while listing, and finished by a worker.
    told: (u64, u64),
    counts: Counts,
    fetched: Fetched,
    transfers: Vec<Option<Transfer>>,
    workers: Option<usize>,
    pub(super) pause: Option<Pause>,
    /// All pauses that are over.
    paused: Duration,
    draining: Option<(usize, Duration)>,
    rate: SmoothedRate,
    eta_rate: SmoothedRate,
    moved: (Duration, [u64; 4]),
}

impl Default for State {
    fn default() -> Self {
        Self {
            library: PathBuf::new(),
            dry_run: false,
            work: Work::default(),
            delay_ends: None,
            found: 0,
            settled: 0,
            videos: 0,
            listing: Listing::Begun,
            listing_retry: None,
            indexing: None,
            sized: None,
            accounted: 0,
            tending: false,
            told: (0, 0),
            counts: Counts::default(),
            fetched: Fetched::default(),
            transfers: Vec::new(),
            workers: None,
            pause: None,
            paused: Duration::ZERO,
            draining: None,
            rate: SmoothedRate::from_zero(RATE_MEMORY),
            eta_rate: SmoothedRate::from_zero(ETA_MEMORY),
            moved: (Duration::ZERO, [0; 4]),
        }
    }
}

/// What was heard.
impl State {
    pub(super) fn hear(&mut self, event: &Event<'_>, at: Duration) {
        match *event {
            Event::RunStarted {
                source,
                library,
                dry_run,
            } => {
                library.clone_into(&mut self.library);
                (self.dry_run, self.work) = (dry_run, Work::of(source));
            }
            Event::StartDelay { delay } => self.delay_ends = Some(at.saturating_add(delay)),
            Event::PoolSized { workers } => self.workers = Some(workers),
            Event::Paused { cause, length, until } => self.pause(cause, at, at.saturating_add(length), until),
            Event::Resumed => self.resume(at),
            Event::Indexing { read, total } => {
                if self.indexing.is_none() {
                    self.measure_anew(at);
                }
                self.indexing = Some((read, total));
            }
            Event::Sized { items, bytes } => {
                (self.indexing, self.sized) = (None, Some((items, bytes)));
                self.measure_anew(at);
            }
            Event::Tending => self.tending = true,
            Event::Draining { in_flight, patience } => {
                self.draining = Some((in_flight, at.saturating_add(patience)));
            }
            Event::ListingRetrying {
                attempt,
                delay,
                error,
            } => {
                self.listing_retry = Some(retry(attempt, at, delay, error));
            }
            Event::Listed { .. } | Event::ListingRestarted | Event::ListingFinished { .. } => {
                self.hear_list(event);
            }
            _ => self.hear_transfer(event, at),
        }
    }

    fn hear_list(&mut self, event: &Event<'_>) {
        self.delay_ends = None;
        self.listing_retry = None;
        match *event {
            Event::Listed {
                found,
                settled,
                videos,
            } => {
                self.listing = Listing::Running;
                (self.found, self.settled, self.videos) = (found, settled, videos);
            }
            Event::ListingFinished { found } => {
                self.listing = Listing::Done;
                self.found = found;
            }
            _ => self.listing = Listing::Running,
        }
    }

    fn hear_transfer(&mut self, event: &Event<'_>, at: Duration) {
        match *event {
            Event::TransferStarted {
                worker,
                item,
                role,
                length,
                ..
            } => {
                if self.transfers.len() <= worker {
                    self.transfers.resize_with(worker + 1, || None);
                }
                self.transfers[worker] = Some(Transfer::new(item, role, length));
            }
            Event::TransferRetrying {
                worker,
                attempt,
                delay,
                error,
                ..
            } => {
                if let Some(Some(transfer)) = self.transfers.get_mut(worker) {
                    transfer.retry(retry(attempt, at, delay, error));
                }
            }
            Event::ItemFinished {
                worker,
                item,
                outcome,
            } => self.finish(worker, item, outcome, at),
            _ => {}
        }
    }

    fn finish(&mut self, worker: Option<WorkerId>, item: &MediaItem, outcome: &Outcome, at: Duration) {
        self.counts.add(outcome.bucket());
        let known = item.files.iter().map(|file| file.size);
        self.accounted = known.fold(self.accounted, u64::saturating_add);
        let Some(worker) = worker else {
            self.told.0 += 1;
            return;
        };
        self.told.1 += 1;
        let bytes = if let Outcome::Stored { bytes, .. } = outcome {
            *bytes
        } else {
            0
        };
        self.fetched.add(item.kind, bytes);
        if let Some(Some(transfer)) = self.transfers.get_mut(worker) {
            transfer.finish(outcome.bucket(), at);
        }
    }

    fn pause(&mut self, cause: PauseCause, at: Duration, ends: Duration, until: DateTime<Utc>) {
        let began = self.pause.map_or(at, |pause| pause.span.began);
        self.pause = Some(Pause {
            cause,
            span: PauseSpan { began, ends },
            until,
        });
    }

    fn resume(&mut self, at: Duration) {
        if let Some(pause) = self.pause.take() {
            self.paused += at.saturating_sub(pause.span.began);
        }
    }
}

/// What is seen.
impl State {
    pub(super) fn look(&mut self, at: Duration, received: u64, held: &[u64]) -> View {
        let done = self.done();
        self.measure(at, self.indexing.map_or(received, |(read, _)| read));
        self.delay_ends = self.delay_ends.filter(|&ends| ends > at);
        self.transfers
            .iter_mut()
            .for_each(|slot| drop(slot.take_if(|transfer| transfer.is_over(at))));
        View {
            elapsed: at,
            delay: self.delay_ends.map(|ends| ends.saturating_sub(at)),
            dry_run: self.dry_run,
            work: self.work,
            found: self.found.max(done).max(self.sized.map_or(0, |(items, _)| items)),
            done,
            listing: self.listing,
            indexing: self.indexing,
            sized: self.sized.map(|(_, all)| {
                let left = self.outlook(at, held).exact.unwrap_or(0);
                (all.saturating_sub(left), all)
            }),
            tending: self.tending,
            counts: self.counts,
            bytes: received,
            rate: self.rate.per_second().filter(|_| !self.tending),
            eta: eta(&self.outlook(at, held)),
            files: self.files(at, held),
            workers: self.workers,
            pause: self.pause.map(|pause| PauseView {
                cause: pause.cause,
                left: pause.span.ends.saturating_sub(at),
                until: pause.until,
            }),
            draining: self.draining.map(|(in_flight, ends)| DrainView {
                in_flight,
                left: ends.saturating_sub(at),
            }),
            listing_retry: self.listing_retry.as_ref().map(|retry| retry.view(at)),
            still: self.still(at, received, done),
        }
    }

    /// Items settled while listing are told by the page and may be told one by one as well.
    fn done(&self) -> u64 {
        self.settled.max(self.told.0) + self.told.1
    }

    /// In a pause nothing comes, and that says nothing about the line.
    const fn measures(&self) -> bool {
        self.pause.is_none()
    }

    /// What came before says nothing about what comes now.
    fn measure_anew(&mut self, at: Duration) {
        for (rate, memory) in [(&mut self.rate, RATE_MEMORY), (&mut self.eta_rate, ETA_MEMORY)] {
            *rate = SmoothedRate::new(memory);
            rate.skip(at, 0);
        }
    }

    fn measure(&mut self, at: Duration, received: u64) {
        let measures = self.measures();
        for rate in [&mut self.rate, &mut self.eta_rate] {
            if measures {
                rate.sample(at, received);
            } else {
                rate.skip(at, received);
            }
        }
    }

    fn still(&mut self, at: Duration, received: u64, done: u64) -> Duration {
        let marks = [
            received,
            done,
            self.found,
            self.indexing.map_or(0, |(read, _)| read),
        ];
        if marks != self.moved.1 || !self.measures() || self.delay_ends.is_some() {
            self.moved = (at, marks);
        }
        at.saturating_sub(self.moved.0)
    }

    fn files(&mut self, at: Duration, held: &[u64]) -> Vec<FileView> {
        let transfers = self.transfers.iter_mut().zip(held).enumerate();
        transfers
            .filter_map(|(worker, (transfer, &got))| Some(transfer.as_mut()?.look(worker, at, got)))
            .collect()
    }

    fn outlook(&self, at: Duration, held: &[u64]) -> Outlook {
        let mut outlook = Outlook {
            worked: at.saturating_sub(self.paused),
            listing_done: self.listing == Listing::Done,
            fetched: self.fetched,
            left: self.left(),
            rate: self.eta_rate.per_second(),
            pause: self
                .pause
                .map_or(Duration::ZERO, |pause| pause.span.ends.saturating_sub(at)),
            ..Outlook::default()
        };
        let mut open_bytes = 0_u64;
        for (transfer, &got) in self.transfers.iter().zip(held) {
            if transfer.as_ref().is_some_and(|open| !open.is_finished()) {
                open_bytes = open_bytes.saturating_add(got);
            }
            match transfer {
                Some(open) if !open.is_finished() => count_open(&mut outlook, open, got),
                _ => {}
            }
        }
        let to_come = |(_, all): (u64, u64)| all.saturating_sub(self.accounted).saturating_sub(open_bytes);
        outlook.exact = match self.indexing {
            Some((read, total)) => Some(total.saturating_sub(read)),
            None => self.sized.map(to_come),
        };
        outlook
    }

    fn left(&self) -> PerKind {
        let PerKind { photos, videos } = self.fetched.items;
        let to_fetch = self.found.saturating_sub(self.settled.max(self.told.0));
        PerKind {
            photos: to_fetch.saturating_sub(self.videos).saturating_sub(photos),
            videos: self.videos.saturating_sub(videos),
        }
    }
}

/// A file whose length is known needs no mean.
fn count_open(outlook: &mut Outlook, open: &Transfer, got: u64) {
    let Some(length) = open.length else {
        outlook.ahead = outlook.ahead.saturating_add(got);
        return;
    };
    let left = outlook.left.of(open.kind);
    *left = left.saturating_sub(1);
    outlook.outstanding = outlook.outstanding.saturating_add(length.saturating_sub(got));
}

fn retry(attempt: u32, at: Duration, delay: Duration, error: &str) -> Retry {
    Retry {
        attempt,
        due: at.saturating_add(delay),
        error: error.to_owned(),
    }
}
