//! Whole pipelines in virtual time: hours of waiting pass in milliseconds, and are counted to the second.

mod fakes;

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use self::fakes::{FakeLibrary, FakeSource};
use super::summary::Bucket;
use super::*;
use crate::pace::backoff::BackoffOptions;
use crate::pace::window::Window;
use crate::pace::{OnQuota, PaceOptions};
use crate::report::{Recorded, Recording};
use crate::source::{QuotaSpan, SourceErrorKind};

/// Noon in California, twelve hours before the quota resets.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_075_200, 0).unwrap()
}

struct Bench {
    source: FakeSource,
    library: Arc<FakeLibrary>,
    reporter: Arc<Recording>,
    shutdown: Shutdown,
}

/// `workers` workers on `items` items of `seconds` each.
fn bench(items: usize, seconds: u64, workers: usize) -> Bench {
    bench_with(items, seconds, Window::fixed(workers), OnQuota::Wait)
}

fn bench_with(items: usize, seconds: u64, window: Window, on_quota: OnQuota) -> Bench {
    let reporter = Arc::new(Recording::default());
    let shutdown = Shutdown::manual();
    let pace = Pace::new(PaceOptions {
        window,
        backoff: BackoffOptions {
            retry_pause: Duration::from_mins(1),
        },
        on_quota,
        reporter: Arc::clone(&reporter) as Arc<dyn Reporter>,
        shutdown: shutdown.clone(),
        clock: noon,
    });
    let source = FakeSource::new(items, Duration::from_secs(seconds), Arc::new(pace));
    Bench {
        source,
        library: Arc::default(),
        reporter,
        shutdown,
    }
}

impl Bench {
    fn with(self, change: impl FnOnce(FakeSource) -> FakeSource) -> Self {
        Self {
            source: change(self.source),
            ..self
        }
    }

    /// Runs it. The source comes back, to be asked what it saw.
    async fn run(self) -> (Summary, Arc<FakeSource>, Arc<Recording>) {
        let source = Arc::new(self.source);
        let backup = Backup {
            source: Arc::clone(&source) as Arc<dyn Source>,
            library: self.library,
            pace: Arc::clone(&source.pace),
            reporter: Arc::clone(&self.reporter) as Arc<dyn Reporter>,
            shutdown: self.shutdown,
            policy: RetryPolicy::default(),
            mode: Mode::Fetch,
        };
        let summary = backup.run().await;
        assert_eq!(
            summary.counts.total(),
            summary.found,
            "the buckets add up, whatever happened"
        );
        (summary, source, self.reporter)
    }
}

fn throttled(seconds: u64) -> SourceErrorKind {
    let retry_after = Some(Duration::from_secs(seconds));
    SourceErrorKind::Throttled {
        span: QuotaSpan::Minute,
        retry_after,
    }
}

#[tokio::test(start_paused = true)]
async fn a_pool_of_eight_does_a_thousand_items_eight_at_a_time() {
    let (summary, source, _) = bench(1_000, 10, 8).run().await;
    assert_eq!(summary.counts.of(Bucket::Stored), 1_000);
    assert_eq!(summary.elapsed.as_secs(), 1_250);
    assert_eq!(source.most_in_flight.load(Ordering::Relaxed), 8);
    assert_eq!(summary.ending, Ending::Complete);
}

#[tokio::test(start_paused = true)]
async fn the_line_is_busy_while_the_disk_is() {
    let mut bench = bench(100, 10, 4);
    Arc::get_mut(&mut bench.library).unwrap().putting_away = Duration::from_secs(10);
    let (summary, source, _) = bench.run().await;
    assert_eq!(
        summary.elapsed.as_secs(),
        260,
        "25 rounds of receiving, and the last putting away"
    );
    assert_eq!(source.most_in_flight.load(Ordering::Relaxed), 4);
}

#[tokio::test(start_paused = true)]
async fn a_second_run_opens_nothing() {
    let first = bench(250, 1, 8);
    let stored = Arc::clone(&first.library.stored);
    first.run().await;
    let second = bench(250, 1, 8);
    second
        .library
        .stored
        .lock()
        .unwrap()
        .extend(stored.lock().unwrap().iter().cloned());
    let (summary, source, _) = second.run().await;
    assert_eq!(
        (
            summary.counts.of(Bucket::Present),
            source.opened.load(Ordering::Relaxed)
        ),
        (250, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn one_refusal_slows_everybody_and_costs_no_attempt() {
    let work = bench(8, 10, 4).with(|source| source.failing(0, vec![throttled(30); 7]));
    let (summary, source, _) = work.run().await;
    assert_eq!(
        (
            summary.counts.of(Bucket::Stored),
            summary.counts.of(Bucket::Failed)
        ),
        (8, 0)
    );
    assert_eq!(source.opened.load(Ordering::Relaxed), 8 + 7);
    // Seven pauses of 30 s, in which nobody sends, and ten-second attempts between them.
    assert_eq!(summary.elapsed.as_secs(), 7 * 30 + 8 * 10);
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_is_tried_again_and_a_lasting_one_is_named() {
    let resets = |count| vec![SourceErrorKind::Transport; count];
    let work = bench(3, 1, 1).with(|source| source.failing(0, resets(4)).failing(1, resets(5)));
    let (summary, source, reporter) = work.run().await;
    assert_eq!(
        (
            summary.counts.of(Bucket::Stored),
            summary.counts.of(Bucket::Failed)
        ),
        (2, 1)
    );
    assert_eq!(source.opened.load(Ordering::Relaxed), 5 + 5 + 1);
    let retries = reporter
        .events()
        .iter()
        .filter(|event| matches!(event, Recorded::TransferRetrying { .. }))
        .count();
    assert_eq!(retries, 8);
    assert_eq!(summary.ending, Ending::Complete, "an item never ends a run");
}

#[tokio::test(start_paused = true)]
async fn what_google_does_not_have_is_unavailable_at_once() {
    let (summary, source, _) = bench(2, 1, 1)
        .with(|source| source.failing(0, [SourceErrorKind::Gone]))
        .run()
        .await;
    assert_eq!(
        (
            summary.counts.of(Bucket::Unavailable),
            source.opened.load(Ordering::Relaxed)
        ),
        (1, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn draining_finishes_what_is_in_flight_and_begins_nothing() {
    let work = bench(1_000, 10, 4);
    let stop = work.shutdown.clone();
    let stopper = async move {
        tokio::time::sleep(Duration::from_secs(25)).await;
        stop.drain();
    };
    let ((summary, source, _), ()) = tokio::join!(work.run(), stopper);
    assert_eq!(summary.elapsed.as_secs(), 30);
    assert_eq!(
        (
            summary.counts.of(Bucket::Stored),
            source.opened.load(Ordering::Relaxed)
        ),
        (12, 12)
    );
    assert_eq!(summary.ending, Ending::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn draining_has_its_limit() {
    let work = bench(10, 3_600, 4);
    let stop = work.shutdown.clone();
    let stopper = async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        stop.drain();
    };
    let ((summary, ..), ()) = tokio::join!(work.run(), stopper);
    assert_eq!(summary.elapsed, Duration::from_secs(5) + PATIENCE + LAST_WORDS);
    assert_eq!(summary.counts.of(Bucket::NotReached), summary.found);
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_stops_at_once() {
    let work = bench(10, 3_600, 4);
    let stop = work.shutdown.clone();
    let stopper = async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        stop.abort();
    };
    let ((summary, ..), ()) = tokio::join!(work.run(), stopper);
    assert!(summary.elapsed <= Duration::from_secs(5) + LAST_WORDS);
    assert_eq!(summary.ending, Ending::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn a_lost_sign_in_stops_the_run_and_says_so() {
    let work = bench(1_000, 10, 4).with(|source| source.failing(5, [SourceErrorKind::SignIn]));
    let (summary, ..) = work.run().await;
    assert!(matches!(summary.ending, Ending::SignInNeeded { .. }));
    // Peers may have taken their next item in the very tick.
    assert!(
        (4..=8).contains(&summary.counts.of(Bucket::Stored)),
        "{summary:?}"
    );
    assert_eq!(summary.counts.of(Bucket::Failed), 0);
}

#[tokio::test(start_paused = true)]
async fn a_broken_list_is_no_success_but_what_it_gave_is_fetched() {
    let mut work = bench(150, 1, 4);
    work.source.list_failure = Some(SourceErrorKind::Unexpected);
    let (summary, ..) = work.run().await;
    assert_eq!(summary.counts.of(Bucket::Stored), 150);
    assert!(matches!(summary.ending, Ending::Stopped { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_spent_quota_ends_the_run_or_is_slept_out() {
    let spent = || {
        [SourceErrorKind::Throttled {
            span: QuotaSpan::Day,
            retry_after: None,
        }]
    };
    let exit = bench_with(20, 10, Window::fixed(2), OnQuota::Exit).with(|source| source.failing(3, spent()));
    let (summary, ..) = exit.run().await;
    let resets = Some(noon() + Duration::from_hours(12));
    assert_eq!(summary.ending, Ending::QuotaSpent { resets });

    let wait = bench_with(20, 10, Window::fixed(2), OnQuota::Wait).with(|source| source.failing(3, spent()));
    let (summary, ..) = wait.run().await;
    assert_eq!(
        (summary.ending, summary.counts.of(Bucket::Stored)),
        (Ending::Complete, 20)
    );
    assert!((12.0..12.1).contains(&(summary.elapsed.as_secs_f64() / 3600.0)));
}

#[tokio::test(start_paused = true)]
async fn an_automatic_pool_grows_while_the_host_bears_it() {
    let (summary, source, _) = bench_with(1_000, 10, Window::auto(), OnQuota::Wait).run().await;
    assert_eq!(
        source.most_in_flight.load(Ordering::Relaxed),
        crate::pace::window::AUTO_MOST
    );
    assert!(summary.elapsed.as_secs() < 1_000 * 10 / 16);
}

fn any_failure() -> impl Strategy<Value = SourceErrorKind> {
    prop_oneof![
        Just(SourceErrorKind::Transport),
        Just(SourceErrorKind::WrongContent),
        Just(SourceErrorKind::Gone),
        Just(SourceErrorKind::Refused),
        Just(SourceErrorKind::Server {
            status: 500,
            retry_after: None
        }),
        Just(throttled(30)),
        Just(SourceErrorKind::Denied),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_buckets_add_up_whatever_happens(
        failures in prop::collection::vec((0_usize..300, prop::collection::vec(any_failure(), 1..7)), 0..40),
        items in 0_usize..300,
        stop_after in prop::option::of(0_u64..400),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let work = bench(items, 7, 5).with(|source| failures.into_iter().fold(source, |s, (n, kinds)| s.failing(n, kinds)));
            let stop = work.shutdown.clone();
            let stopper = async move {
                if let Some(seconds) = stop_after {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    stop.drain();
                }
            };
            let ((summary, ..), ()) = tokio::join!(work.run(), stopper);
            if summary.ending == Ending::Complete {
                assert_eq!((summary.found, summary.counts.of(Bucket::NotReached)), (items as u64, 0));
            }
        });
    }
}
