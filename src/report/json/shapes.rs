//! The JSON objects themselves. Their documentation for users is that of the parent module.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

use super::moment::Moment;
use crate::media::{MediaItem, MediaKind, Role};
use crate::pipeline::summary::{Bucket, Counts, Ending, Outcome, Summary};
use crate::report::{Event, PauseCause, WorkerId};

/// The version of all shapes. It changes when a field changes its meaning or goes; new fields and types may come.
pub(super) const VERSION: u32 = 1;

/// One line.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    v: u32,
    #[serde(serialize_with = "rfc3339")]
    time: DateTime<Utc>,
    #[serde(flatten)]
    body: Body<'a>,
}

impl<'a> Line<'a> {
    pub(super) const fn new(time: DateTime<Utc>, body: Body<'a>) -> Self {
        Self {
            v: VERSION,
            time,
            body,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Body<'a> {
    RunStarted {
        source: &'a str,
        library: String,
        dry_run: bool,
    },
    Picking {
        link: &'a str,
        seconds_left: f64,
    },
    StartDelay {
        seconds: f64,
    },
    Listed {
        found: u64,
        settled: u64,
        videos: u64,
    },
    ListingRestarted,
    ListingFinished {
        found: u64,
    },
    ListingRetrying {
        attempt: u32,
        delay_seconds: f64,
        error: &'a str,
    },
    TransferStarted {
        worker: WorkerId,
        item: Item<'a>,
        role: &'static str,
        resumed_from: u64,
        length: Option<u64>,
    },
    TransferRetrying {
        worker: WorkerId,
        item: Item<'a>,
        attempt: u32,
        delay_seconds: f64,
        error: &'a str,
    },
    ItemFinished {
        worker: Option<WorkerId>,
        item: Item<'a>,
        #[serde(flatten)]
        outcome: Fate<'a>,
    },
    Renamed {
        from: &'a str,
        to: &'a str,
    },
    Paused {
        cause: &'static str,
        seconds: f64,
        #[serde(serialize_with = "rfc3339")]
        until: DateTime<Utc>,
    },
    Resumed,
    PoolSized {
        workers: usize,
    },
    Draining {
        in_flight: usize,
        patience_seconds: f64,
    },
    Sized {
        items: u64,
        bytes: u64,
    },
    Tending,
    Notice {
        text: &'a str,
    },
    Progress(Moment),
    RunFinished(End<'a>),
}

impl<'a> Body<'a> {
    /// The object for `event`; none for bytes, which are told in `progress`.
    pub(super) fn of(event: &Event<'a>) -> Option<Self> {
        listing(event)
            .or_else(|| transfer(event))
            .or_else(|| course(event))
    }
}

fn listing<'a>(event: &Event<'a>) -> Option<Body<'a>> {
    Some(match *event {
        Event::Listed {
            found,
            settled,
            videos,
        } => Body::Listed {
            found,
            settled,
            videos,
        },
        Event::ListingRestarted => Body::ListingRestarted,
        Event::ListingFinished { found } => Body::ListingFinished { found },
        Event::ListingRetrying {
            attempt,
            delay,
            error,
        } => Body::ListingRetrying {
            attempt,
            delay_seconds: seconds(delay),
            error,
        },
        _ => return None,
    })
}

fn transfer<'a>(event: &Event<'a>) -> Option<Body<'a>> {
    Some(match *event {
        Event::TransferStarted {
            worker,
            item,
            role,
            resumed_from,
            length,
        } => {
            let (item, role) = (Item::of(item), Role::word(role));
            Body::TransferStarted {
                worker,
                item,
                role,
                resumed_from,
                length,
            }
        }
        Event::TransferRetrying {
            worker,
            item,
            attempt,
            delay,
            error,
        } => {
            let (item, delay_seconds) = (Item::of(item), seconds(delay));
            Body::TransferRetrying {
                worker,
                item,
                attempt,
                delay_seconds,
                error,
            }
        }
        Event::ItemFinished {
            worker,
            item,
            outcome,
        } => Body::ItemFinished {
            worker,
            item: Item::of(item),
            outcome: Fate::of(outcome),
        },
        _ => return None,
    })
}

fn course<'a>(event: &Event<'a>) -> Option<Body<'a>> {
    Some(match *event {
        Event::RunStarted {
            source,
            library,
            dry_run,
        } => {
            let library = library.to_string_lossy().into_owned();
            Body::RunStarted {
                source,
                library,
                dry_run,
            }
        }
        Event::Picking { link, left } => Body::Picking {
            link,
            seconds_left: seconds(left),
        },
        Event::StartDelay { delay } => Body::StartDelay {
            seconds: seconds(delay),
        },
        Event::Renamed { from, to } => Body::Renamed { from, to },
        Event::Paused { cause, length, until } => Body::Paused {
            cause: cause_word(cause),
            seconds: seconds(length),
            until,
        },
        Event::Resumed => Body::Resumed,
        Event::PoolSized { workers } => Body::PoolSized { workers },
        Event::Draining { in_flight, patience } => Body::Draining {
            in_flight,
            patience_seconds: seconds(patience),
        },
        Event::Sized { items, bytes } => Body::Sized { items, bytes },
        Event::Tending => Body::Tending,
        Event::Notice { text } => Body::Notice { text },
        Event::RunFinished { summary } => Body::RunFinished(End::of(summary)),
        _ => return None,
    })
}

#[derive(Debug, Serialize)]
pub(super) struct Item<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    #[serde(serialize_with = "rfc3339_or_null")]
    taken: Option<DateTime<Utc>>,
}

impl<'a> Item<'a> {
    fn of(item: &'a MediaItem) -> Self {
        Self {
            id: item.id.as_str(),
            name: &item.file_name,
            kind: match item.kind {
                MediaKind::Photo => "photo",
                MediaKind::Video => "video",
            },
            taken: item.taken,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Fate<'a> {
    bucket: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Fate<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let (mut path, mut bytes, mut reason) = (None, None, None);
        match outcome {
            Outcome::Stored {
                path: stored,
                bytes: written,
            } => {
                path = Some(stored.to_string_lossy().into_owned());
                bytes = Some(*written);
            }
            Outcome::Unavailable { reason: why } | Outcome::Failed { reason: why } => {
                reason = Some(why.as_str());
            }
            _ => {}
        }
        Self {
            bucket: outcome.bucket().word(),
            path,
            bytes,
            reason,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct End<'a> {
    source: &'a str,
    dry_run: bool,
    found: u64,
    #[serde(serialize_with = "buckets")]
    counts: Counts,
    bytes: u64,
    renamed: u64,
    elapsed_seconds: f64,
    ending: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339_or_null")]
    resets: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    entries: &'a BTreeMap<&'static str, u64>,
}

impl<'a> End<'a> {
    fn of(summary: &'a Summary) -> Self {
        let (ending, reason, resets) = match &summary.ending {
            Ending::Complete => ("complete", None, None),
            Ending::Interrupted => ("interrupted", None, None),
            Ending::QuotaSpent { resets } => ("quota_spent", None, *resets),
            Ending::SignInNeeded { reason } => ("sign_in_needed", Some(reason.as_str()), None),
            Ending::Stopped { reason } => ("stopped", Some(reason.as_str()), None),
        };
        Self {
            source: summary.source,
            dry_run: summary.dry_run,
            found: summary.found,
            counts: summary.counts,
            bytes: summary.bytes,
            renamed: summary.renamed,
            elapsed_seconds: seconds(summary.elapsed),
            ending,
            reason,
            resets,
            entries: &summary.entries,
        }
    }
}

const fn cause_word(cause: PauseCause) -> &'static str {
    match cause {
        PauseCause::DailyQuota => "daily_quota",
        PauseCause::Throttled => "throttled",
        PauseCause::ServerTrouble => "server_trouble",
        PauseCause::Unreachable => "unreachable",
    }
}

/// Seconds with milliseconds; more digits would only be noise.
pub(super) fn seconds(d: Duration) -> f64 {
    (d.as_secs_f64() * 1000.0).round() / 1000.0
}

fn rfc3339<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
fn rfc3339_or_null<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => rfc3339(time, serializer),
        None => serializer.serialize_none(),
    }
}

fn buckets<S: Serializer>(counts: &Counts, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(Bucket::ALL.map(|bucket| (bucket.word(), counts.of(bucket))))
}
