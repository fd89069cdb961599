//! Made-up items, views and summaries for the tests of this folder.

use std::io::Write;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::progress::{FileState, FileView, Listing, RetryView, View};
use super::{Event, PauseCause, Reporter};
use crate::media::{MediaId, MediaItem, MediaKind, Readiness, Role};
use crate::pipeline::summary::{Bucket, Counts, Ending, Outcome, Summary};

pub(crate) fn item(name: &str, kind: MediaKind) -> MediaItem {
    MediaItem {
        id: MediaId::new(format!("id-{name}")),
        file_name: name.to_owned(),
        mime_type: "image/jpeg".to_owned(),
        taken: DateTime::from_timestamp(1_136_214_245, 0),
        kind,
        readiness: Readiness::Ready,
        locator: None,
        files: Vec::new(),
    }
}

pub(crate) fn stored(bytes: u64) -> Outcome {
    Outcome::Stored {
        path: PathBuf::from("2006/01/x.jpg"),
        bytes,
    }
}

/// 2026-11-22T08:00:00Z.
pub(crate) fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_334_400, 0).unwrap_or_default()
}

pub(crate) fn counts(counts: &[(Bucket, u64)]) -> Counts {
    let mut all = Counts::default();
    for &(bucket, count) in counts {
        all.set(bucket, count);
    }
    all
}

/// A run of 1,234 items that went well.
pub(crate) fn summary() -> Summary {
    Summary {
        source: "library-api",
        found: 1_234,
        counts: counts(&[(Bucket::Stored, 204), (Bucket::Present, 1_030)]),
        bytes: 1_234_000_000,
        renamed: 0,
        elapsed: Duration::from_secs(200),
        dry_run: false,
        entries: std::collections::BTreeMap::new(),
        ending: Ending::Complete,
    }
}

pub(crate) fn file(worker: usize, name: &str, got: u64, length: Option<u64>) -> FileView {
    FileView {
        worker,
        name: name.to_owned(),
        got,
        length,
        rate: (got > 0).then_some(1_300_000),
        state: FileState::Open,
    }
}

pub(crate) fn retry(error: &str) -> RetryView {
    RetryView::new(2, Duration::from_secs(3), error)
}

/// A run in the middle of its work.
pub(crate) fn view() -> View {
    View {
        elapsed: Duration::from_secs(80),
        found: 2_400,
        done: 1_234,
        listing: Listing::Done,
        counts: counts(&[(Bucket::Stored, 204), (Bucket::Present, 1_030)]),
        bytes: 3_400_000_000,
        rate: Some(12_300_000),
        eta: None,
        workers: Some(8),
        ..View::default()
    }
}

/// A place to write to that can be read afterwards.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A terminal made of memory.
pub(crate) fn glass(width: u16, height: u16) -> vt100::Parser {
    let side = |n| NonZeroU16::new(n).expect("a terminal has a size");
    vt100::Parser::new(side(height), side(width), 1_000)
}

/// Tells that a run begins.
pub(crate) fn begin(reporter: &dyn Reporter) {
    reporter.report(&Event::RunStarted {
        source: "library-api",
        library: Path::new("/photos"),
        dry_run: false,
    });
}

/// Tells one run with every kind of event, in which one item is stored and one fails, and which ends in `summary`.
pub(crate) fn tell(reporter: &dyn Reporter, summary: &Summary) {
    let item = item("IMG \"1\"\u{202e}.jpg", MediaKind::Video);
    begin(reporter);
    tell_listing(reporter);
    tell_pauses(reporter);
    tell_transfers(reporter, &item);
    let patience = Duration::from_secs(30);
    for event in [
        Event::Renamed {
            from: "a.jpg",
            to: "b.jpg",
        },
        Event::Notice {
            text: "Something to know.",
        },
        Event::Draining {
            in_flight: 3,
            patience,
        },
        Event::RunFinished { summary },
    ] {
        reporter.report(&event);
    }
}

fn tell_listing(reporter: &dyn Reporter) {
    let delay = Duration::from_millis(1_500);
    for event in [
        Event::StartDelay {
            delay: Duration::from_secs(31),
        },
        Event::Listed {
            found: 100,
            settled: 30,
            videos: 2,
        },
        Event::ListingRetrying {
            attempt: 1,
            delay,
            error: "503",
        },
        Event::ListingRestarted,
        Event::ListingFinished { found: 1_234 },
        Event::PoolSized { workers: 4 },
    ] {
        reporter.report(&event);
    }
}

/// A short pause, and a long one that is told thrice and grows once.
fn tell_pauses(reporter: &dyn Reporter) {
    let pause = |secs| Event::Paused {
        cause: PauseCause::Throttled,
        length: Duration::from_secs(secs),
        until: morning(),
    };
    for event in [
        pause(2),
        Event::Resumed,
        pause(60),
        pause(61),
        pause(120),
        Event::Resumed,
    ] {
        reporter.report(&event);
    }
}

fn tell_transfers(reporter: &dyn Reporter, item: &MediaItem) {
    let failed = Outcome::Failed {
        reason: "no answer".to_owned(),
    };
    let delay = Duration::from_millis(1_500);
    for event in [
        Event::TransferStarted {
            worker: 0,
            item,
            role: Role::Clip,
            resumed_from: 5,
            length: None,
        },
        Event::BytesReceived { worker: 0, bytes: 1 },
        Event::TransferRetrying {
            worker: 0,
            item,
            attempt: 1,
            delay,
            error: "reset",
        },
        Event::ItemFinished {
            worker: Some(0),
            item,
            outcome: &stored(7),
        },
        Event::ItemFinished {
            worker: None,
            item,
            outcome: &failed,
        },
    ] {
        reporter.report(&event);
    }
}
