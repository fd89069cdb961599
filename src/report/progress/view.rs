//! What a run looks like at one moment: a copy that can be drawn without holding anything up.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::remaining::Eta;
use crate::pipeline::summary::{Bucket, Counts};
use crate::report::{PauseCause, WorkerId};

/// Without a byte, an item or a page for this long, a run is called still, and the cause is named. Google's own
/// answers take up to about ten seconds on a bad day.
pub(crate) const STILL_AFTER: Duration = Duration::from_secs(30);

/// One moment of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// Since the run began.
    pub(crate) elapsed: Duration,
    /// The rest of the random delay, before anything began.
    pub(crate) delay: Option<Duration>,
    pub(crate) dry_run: bool,
    pub(crate) work: Work,
    /// Distinct items found so far.
    pub(crate) found: u64,
    /// Those of them that are in a bucket.
    pub(crate) done: u64,
    pub(crate) listing: Listing,
    /// Bytes of archives looked through, and all there are, until that is over.
    pub(crate) indexing: Option<(u64, u64)>,
    /// Bytes of the items that are in a bucket or in flight, and those of all items, where these are known beforehand.
    pub(crate) sized: Option<(u64, u64)>,
    /// All files had their turn.
    pub(crate) tending: bool,
    /// The buckets so far, as far as items were told one by one.
    pub(crate) counts: Counts,
    /// Bytes received.
    pub(crate) bytes: u64,
    /// Bytes per second.
    pub(crate) rate: Option<u64>,
    pub(crate) eta: Option<Eta>,
    /// Files in flight, in the order of their workers; those just finished stay for a moment.
    pub(crate) files: Vec<FileView>,
    /// The pool's size, if told.
    pub(crate) workers: Option<usize>,
    pub(crate) pause: Option<PauseView>,
    pub(crate) draining: Option<DrainView>,
    pub(crate) listing_retry: Option<RetryView>,
    /// For how long nothing has moved.
    pub(crate) still: Duration,
}

/// What is done to get the items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Work {
    /// They come from Google.
    #[default]
    Fetching,
    /// They come from archives.
    Importing,
    /// They are here, and read again.
    Checking,
}

impl Work {
    /// What a run from this source does.
    pub(super) fn of(source: &str) -> Self {
        match source {
            crate::source::takeout::NAME => Self::Importing,
            "verify" => Self::Checking,
            _ => Self::Fetching,
        }
    }
}

impl View {
    /// Files that are being fetched or wait for another attempt.
    pub(crate) fn in_flight(&self) -> usize {
        let finished = |file: &&FileView| matches!(file.state, FileState::Finished(_));
        self.files.len() - self.files.iter().filter(finished).count()
    }
}

/// How far the list is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Listing {
    /// No page has come yet.
    #[default]
    Begun,
    /// Pages come.
    Running,
    /// It was read to its end.
    Done,
}

/// One file in flight. The name is as the source gave it.
#[derive(Clone, Debug)]
pub(crate) struct FileView {
    pub(crate) worker: WorkerId,
    pub(crate) name: String,
    /// Bytes held, those of an earlier attempt included.
    pub(crate) got: u64,
    pub(crate) length: Option<u64>,
    /// Bytes per second.
    pub(crate) rate: Option<u64>,
    pub(crate) state: FileState,
}

/// What a file in flight does.
#[derive(Clone, Debug)]
pub(crate) enum FileState {
    /// Its bytes come.
    Open,
    /// Its last attempt failed.
    Retrying(RetryView),
    /// Its item has just ended in this bucket.
    Finished(Bucket),
}

/// A wait before another attempt.
#[derive(Clone, Debug)]
pub(crate) struct RetryView {
    /// The attempt that failed, from 1.
    pub(crate) attempt: u32,
    /// The rest of the wait.
    pub(crate) left: Duration,
    pub(crate) error: String,
}

impl RetryView {
    /// A wait that lasts for so long yet.
    pub(crate) fn new(attempt: u32, left: Duration, error: &str) -> Self {
        Self {
            attempt,
            left,
            error: error.to_owned(),
        }
    }
}

/// A time when nobody sends anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PauseView {
    pub(crate) cause: PauseCause,
    /// The rest of it.
    pub(crate) left: Duration,
    pub(crate) until: DateTime<Utc>,
}

/// The end that the user asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DrainView {
    pub(crate) in_flight: usize,
    /// The rest of the patience.
    pub(crate) left: Duration,
}
