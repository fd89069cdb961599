//! What became of every item, and how a run ended. A run always returns a `Summary`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The one bucket an item ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Fetched in this run and named.
    Stored {
        /// Relative to the library folder.
        path: PathBuf,
        /// Bytes written, all files of the item together.
        bytes: u64,
    },
    /// Was here already.
    Present,
    /// Not ready at Google yet; a later run fetches it.
    Waiting,
    /// Google cannot deliver it.
    Unavailable {
        /// Why.
        reason: String,
    },
    /// Left out because the user asked for that.
    Filtered,
    /// Could not be fetched this time; the next run tries again.
    Failed {
        /// Why.
        reason: String,
    },
    /// Found, but the run ended before its turn came (or only planned, in a dry run).
    NotReached,
}

impl Outcome {
    /// The bucket's name in summaries, JSON and the index.
    pub const fn bucket(&self) -> Bucket {
        match self {
            Self::Stored { .. } => Bucket::Stored,
            Self::Present => Bucket::Present,
            Self::Waiting => Bucket::Waiting,
            Self::Unavailable { .. } => Bucket::Unavailable,
            Self::Filtered => Bucket::Filtered,
            Self::Failed { .. } => Bucket::Failed,
            Self::NotReached => Bucket::NotReached,
        }
    }
}

/// The buckets, in the order they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Fetched in this run.
    Stored,
    /// Here before.
    Present,
    /// Not ready at Google yet.
    Waiting,
    /// Google cannot deliver it.
    Unavailable,
    /// Left out on request.
    Filtered,
    /// Could not be fetched.
    Failed,
    /// The run ended first.
    NotReached,
}

impl Bucket {
    /// All buckets, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::Stored,
        Self::Present,
        Self::Waiting,
        Self::Unavailable,
        Self::Filtered,
        Self::Failed,
        Self::NotReached,
    ];

    /// The word used in JSON and in the index.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Present => "present",
            Self::Waiting => "waiting",
            Self::Unavailable => "unavailable",
            Self::Filtered => "filtered",
            Self::Failed => "failed",
            Self::NotReached => "not_reached",
        }
    }
}

/// How many items ended in each bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Bucket::ALL.len()]);

impl Counts {
    /// Counts one more item.
    pub fn add(&mut self, bucket: Bucket) {
        self.0[bucket as usize] += 1;
    }

    /// How many items ended in `bucket`.
    pub const fn of(&self, bucket: Bucket) -> u64 {
        self.0[bucket as usize]
    }

    /// Puts `count` into `bucket`, replacing what was there.
    pub const fn set(&mut self, bucket: Bucket, count: u64) {
        self.0[bucket as usize] = count;
    }

    /// All buckets together.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The list was read to its end and every item had its turn.
    Complete,
    /// The user asked to stop.
    Interrupted,
    /// A quota is used up and the user chose not to wait for it.
    QuotaSpent {
        /// When it is full again, as far as known.
        resets: Option<DateTime<Utc>>,
    },
    /// There is no usable grant.
    SignInNeeded {
        /// Why, in words a person can act on.
        reason: String,
    },
    /// An error stopped the run.
    Stopped {
        /// What failed and what to do about it.
        reason: String,
    },
}

/// What a run always returns.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The source's name.
    pub source: &'static str,
    /// Distinct items found.
    pub found: u64,
    /// Where they ended; adds up to `found`.
    pub counts: Counts,
    /// Bytes received from the source in this run.
    pub bytes: u64,
    /// Files that moved because a newer item claimed their name.
    pub renamed: u64,
    /// How long the run took.
    pub elapsed: Duration,
    /// Nothing was fetched because only a plan was asked for.
    pub dry_run: bool,
    /// How it ended.
    pub ending: Ending,
    /// Where the source is a set of archives: how many of their entries ended in each bucket, all entries together.
    pub entries: BTreeMap<&'static str, u64>,
}
