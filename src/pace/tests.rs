use std::sync::atomic::{AtomicUsize, Ordering};

use super::backoff::BackoffOptions;
use super::*;

struct Pauses(AtomicUsize);

impl Reporter for Pauses {
    fn report(&self, event: &Event<'_>) {
        if matches!(event, Event::Paused { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Noon in California, twelve hours before the quota resets.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_075_200, 0).unwrap()
}

fn pace(on_quota: OnQuota) -> (Pace, Arc<Pauses>) {
    let pauses = Arc::new(Pauses(AtomicUsize::new(0)));
    let pace = Pace::new(PaceOptions {
        window: Window::auto(),
        backoff: BackoffOptions {
            retry_pause: Duration::from_mins(1),
        },
        on_quota,
        reporter: Arc::clone(&pauses) as Arc<dyn Reporter>,
        shutdown: Shutdown::manual(),
        clock: noon,
    });
    (pace, pauses)
}

fn throttled(span: QuotaSpan, seconds: Option<u64>) -> Verdict {
    Verdict::Throttled {
        span,
        retry_after: seconds.map(Duration::from_secs),
    }
}

/// Sends one request that comes to `verdict`, then measures how long the next one must wait.
async fn wait_after(pace: &Pace, verdict: Verdict) -> f64 {
    let ticket = pace.clear_to_send(Traffic::Call).await.unwrap();
    // A request takes time; refusals in the very instant of a pause belong to that pause.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let before = Instant::now();
    pace.settle(&ticket, verdict);
    let _sent = pace.clear_to_send(Traffic::Call).await.unwrap();
    before.elapsed().as_secs_f64()
}

fn near(actual: f64, expected: f64) -> bool {
    (expected - 0.01..=expected * 1.1 + 0.01).contains(&actual)
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_to_the_second_and_by_everybody() {
    let (pace, pauses) = pace(OnQuota::Wait);
    let pace = Arc::new(pace);
    let tickets = [
        pace.clear_to_send(Traffic::Call).await.unwrap(),
        pace.clear_to_send(Traffic::Call).await.unwrap(),
    ];
    tokio::time::sleep(Duration::from_millis(1)).await;
    let before = Instant::now();
    for ticket in &tickets {
        pace.settle(ticket, throttled(QuotaSpan::Minute, Some(30)));
    }
    let waiters = (0..8).map(|_| {
        let pace = Arc::clone(&pace);
        async move {
            pace.clear_to_send(Traffic::Call)
                .await
                .map(|_| before.elapsed().as_secs())
        }
    });
    let waits = futures::future::try_join_all(waiters).await.unwrap();
    assert_eq!(waits, [30; 8]);
    assert_eq!(
        pauses.0.load(Ordering::Relaxed),
        1,
        "two refusals of one burst are one pause"
    );
}

#[tokio::test(start_paused = true)]
async fn unnamed_refusals_double_and_become_the_day() {
    let (pace, _) = pace(OnQuota::Wait);
    let verdict = throttled(QuotaSpan::Unnamed, None);
    for minutes in [1.0, 2.0, 4.0, 8.0] {
        let waited = wait_after(&pace, verdict).await;
        assert!(near(waited, minutes * 60.0), "{waited} s near {minutes} min");
    }
    // The jitter decides whether sixteen minutes have passed by now, or only after one more pause.
    let mut waited = wait_after(&pace, verdict).await;
    if near(waited, 16.0 * 60.0) {
        waited = wait_after(&pace, verdict).await;
    }
    assert!(
        (12.0 * 3600.0..12.0 * 3600.0 + 61.0).contains(&waited),
        "until midnight Pacific, not {waited} s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_success_starts_the_delays_over() {
    let (pace, _) = pace(OnQuota::Wait);
    let trouble = Verdict::Trouble {
        overloaded: false,
        retry_after: None,
    };
    assert!(near(wait_after(&pace, trouble).await, 1.0));
    assert!(near(wait_after(&pace, trouble).await, 2.0));
    wait_after(&pace, Verdict::Fine).await;
    assert!(near(wait_after(&pace, trouble).await, 1.0));
}

#[tokio::test(start_paused = true)]
async fn the_days_quota_ends_the_run_when_asked_to() {
    let (pace, _) = pace(OnQuota::Exit);
    let ticket = pace.clear_to_send(Traffic::Call).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1)).await;
    pace.settle(&ticket, throttled(QuotaSpan::Day, None));
    let error = pace.clear_to_send(Traffic::Call).await.unwrap_err();
    let resets = noon() + Duration::from_hours(12);
    assert_eq!(error.kind, SourceErrorKind::QuotaSpent { resets });
}

#[tokio::test(start_paused = true)]
async fn an_outage_pauses_and_then_stops() {
    let (pace, _) = pace(OnQuota::Wait);
    let began = Instant::now();
    loop {
        let Ok(ticket) = pace.clear_to_send(Traffic::Call).await else {
            break;
        };
        tokio::time::sleep(Duration::from_millis(1)).await;
        pace.settle(&ticket, Verdict::Unreachable);
    }
    let minutes = began.elapsed().as_secs() / 60;
    assert!((15..=17).contains(&minutes), "{minutes} min");
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_with_the_run() {
    let (pace, _) = pace(OnQuota::Wait);
    let ticket = pace.clear_to_send(Traffic::Call).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1)).await;
    pace.settle(&ticket, throttled(QuotaSpan::Day, None));
    pace.shutdown.drain();
    let error = pace.clear_to_send(Traffic::Call).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn what_was_spent_yesterday_is_not_spent_today() {
    let (pace, _) = pace(OnQuota::Wait);
    wait_after(&pace, throttled(QuotaSpan::Day, None)).await;
    let day = quota_day::day_of(noon());
    assert!(pace.is_spent(day));
    assert!(
        !pace.is_spent(day.succ_opt().unwrap()),
        "who waited for the reset has a full quota"
    );
}
