//! What the engine tells: one enum, borrowed, so that telling costs nothing.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::media::{MediaItem, Role};
use crate::pipeline::summary::{Outcome, Summary};

/// Which worker of the pool speaks; below the pool's size.
pub type WorkerId = usize;

/// Why nobody sends anything for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseCause {
    /// The day's quota is used up.
    DailyQuota,
    /// The host asked to slow down.
    Throttled,
    /// The host has trouble (5xx).
    ServerTrouble,
    /// The host is not reached at all.
    Unreachable,
}

/// One thing that happened in a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The run begins.
    RunStarted {
        /// The source's name.
        source: &'static str,
        /// The library folder.
        library: &'a Path,
        /// Only a plan is made.
        dry_run: bool,
    },
    /// Somebody is asked to pick, and waited for. Told again from time to time; not a part of a run yet.
    Picking {
        /// Where to pick.
        link: &'a str,
        /// How long there is for it.
        left: Duration,
    },
    /// The random delay before an unattended run.
    StartDelay {
        /// How long it lasts.
        delay: Duration,
    },
    /// Archives are looked through, before anything of them is listed. Told often.
    Indexing {
        /// Bytes looked through.
        read: u64,
        /// All there are to look through.
        total: u64,
    },
    /// So many items will be listed, and they have so many bytes together.
    Sized {
        /// The items.
        items: u64,
        /// The sum of the lengths of all their files.
        bytes: u64,
    },
    /// All files had their turn; what is told of them is written beside them.
    Tending,
    /// A page of the list arrived.
    Listed {
        /// Distinct items found so far.
        found: u64,
        /// Those of them that are settled without fetching anything.
        settled: u64,
        /// Those of the others, which wait for a worker or had one, that are videos. Without it no time can be
        /// estimated: a film is a hundred times a photo, and Google's list has no sizes.
        videos: u64,
    },
    /// The listing starts over, because its page token was rejected.
    ListingRestarted,
    /// The list was read to its end.
    ListingFinished {
        /// Distinct items found.
        found: u64,
    },
    /// A page of the list is tried again.
    ListingRetrying {
        /// The attempt that failed, from 1.
        attempt: u32,
        /// The wait before the next one.
        delay: Duration,
        /// What failed.
        error: &'a str,
    },
    /// A worker opened a file's bytes.
    TransferStarted {
        /// The worker.
        worker: WorkerId,
        /// The item.
        item: &'a MediaItem,
        /// Which of its files.
        role: Role,
        /// Bytes held from an earlier attempt.
        resumed_from: u64,
        /// Bytes of the whole file, if known.
        length: Option<u64>,
    },
    /// Bytes arrived. Told often: must be cheap to hear.
    BytesReceived {
        /// The worker.
        worker: WorkerId,
        /// How many.
        bytes: u64,
    },
    /// An attempt failed and another follows.
    TransferRetrying {
        /// The worker.
        worker: WorkerId,
        /// The item.
        item: &'a MediaItem,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// The wait before the next one.
        delay: Duration,
        /// What failed.
        error: &'a str,
    },
    /// An item ended in a bucket.
    ItemFinished {
        /// The worker that had it; `None` when it was settled while listing.
        worker: Option<WorkerId>,
        /// The item.
        item: &'a MediaItem,
        /// Its bucket.
        outcome: &'a Outcome,
    },
    /// A file moved because a newer item claimed its name. Paths are relative to the library.
    Renamed {
        /// From here.
        from: &'a str,
        /// To here.
        to: &'a str,
    },
    /// Everybody waits. Told again when the pause grows longer.
    Paused {
        /// Why.
        cause: PauseCause,
        /// How long, from now.
        length: Duration,
        /// Until when by the clock.
        until: DateTime<Utc>,
    },
    /// The pause is over.
    Resumed,
    /// The pool grew or shrank.
    PoolSized {
        /// How many workers may work at once.
        workers: usize,
    },
    /// The user asked to stop: what is in flight is finished, nothing new begins.
    Draining {
        /// Transfers in flight.
        in_flight: usize,
        /// They are given up after this long.
        patience: Duration,
    },
    /// Something the user should know that belongs to no item.
    Notice {
        /// A whole sentence or two.
        text: &'a str,
    },
    /// The run is over. Always the last event.
    RunFinished {
        /// What came of it.
        summary: &'a Summary,
    },
}
