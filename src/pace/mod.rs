//! How fast: one limiter and one backoff for everything sent to Google, shared by the lister and all workers.
//!
//! A [`Pace`] is asked before each request and told after it. When the host asks for a pause, *nobody* sends
//! until it is over; when it has trouble, the pool shrinks. Retrying is one function, [`retry::retry`].

pub mod backoff;
mod options;
pub mod quota_day;
pub mod retry;
mod traffic;
pub mod window;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::report::{Event, PauseCause, Reporter};
use crate::shutdown::Shutdown;
use crate::source::{QuotaSpan, SourceError, SourceErrorKind};
use backoff::Backoff;
pub use options::{OnQuota, PaceOptions};
use traffic::Meter;
pub use traffic::{Sent, Traffic};
use window::{Slot, Window};

/// An unnamed refusal that outlasts this much pause is taken for the day's quota: the media host never says which
/// quota it was, and per-minute limits are over after a few minutes.
const UNNAMED_IS_DAILY_AFTER: Duration = Duration::from_mins(16);

/// A host that asks for less than the first wait of any backoff is waited for longer each time.
const SHORTEST_BELIEVED: Duration = Duration::from_secs(1);

/// Without one answer for this long the run stops instead of failing item after item.
const UNREACHABLE_LIMIT: Duration = Duration::from_mins(15);

/// What a request came to, as far as pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The host answered and bears the load.
    Fine,
    /// The host asked to slow down.
    Throttled {
        /// Which quota it named.
        span: QuotaSpan,
        /// The wait it asked for.
        retry_after: Option<Duration>,
    },
    /// The host failed.
    Trouble {
        /// It has too much to do (503), rather than something broken.
        overloaded: bool,
        /// The wait it asked for.
        retry_after: Option<Duration>,
    },
    /// The host was not reached at all.
    Unreachable,
}

/// Leave to send one request; remembers when it was given.
#[derive(Debug)]
#[must_use = "report what came of the request"]
pub struct Ticket {
    given: Instant,
}

struct State {
    backoff: Backoff,
    paused_until: Option<Instant>,
    /// Refusals of requests given before this moment belong to the pause already made for them.
    last_pause_set: Option<Instant>,
    throttled_since: Option<Instant>,
    unreachable_since: Option<Instant>,
    stopped: Option<SourceError>,
    /// The day whose quota turned out to be used up. A run that waits for the reset outlives it.
    spent_day: Option<NaiveDate>,
}

/// One limiter and one backoff for all traffic to one host.
pub struct Pace {
    state: Mutex<State>,
    changed: Notify,
    window: Window,
    meter: Meter,
    on_quota: OnQuota,
    reporter: Arc<dyn Reporter>,
    shutdown: Shutdown,
    clock: fn() -> DateTime<Utc>,
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace")
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl Pace {
    /// A pace that starts unpaused.
    pub fn new(options: PaceOptions) -> Self {
        let PaceOptions {
            window,
            backoff,
            on_quota,
            reporter,
            shutdown,
            clock,
        } = options;
        let state = State {
            backoff: Backoff::new(backoff),
            paused_until: None,
            last_pause_set: None,
            throttled_since: None,
            unreachable_since: None,
            stopped: None,
            spent_day: None,
        };
        Self {
            state: Mutex::new(state),
            changed: Notify::new(),
            meter: Meter::default(),
            window,
            on_quota,
            reporter,
            shutdown,
            clock,
        }
    }

    /// A place in the pool; held for a whole transfer, so that the pool's size bounds what is in flight.
    pub async fn slot(&self) -> Slot {
        self.window.acquire().await
    }

    /// How many transfers may be in flight at most, ever.
    pub fn max_slots(&self) -> usize {
        self.window.max()
    }

    /// Waits until requests may be sent.
    ///
    /// # Errors
    /// When the run must not go on: the quota is spent and the user chose not to wait, or the host is gone.
    pub async fn clear_to_send(&self, traffic: Traffic) -> Result<Ticket, SourceError> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Registered before looking, so that no change is missed in between.
            changed.as_mut().enable();
            match self.wait_needed()? {
                None => {
                    self.meter.count(traffic);
                    return Ok(Ticket {
                        given: Instant::now(),
                    });
                }
                Some(until) => tokio::select! {
                    () = tokio::time::sleep_until(until) => {}
                    () = changed => {}
                    () = self.shutdown.draining() => return Err(interrupted()),
                },
            }
        }
    }

    fn wait_needed(&self) -> Result<Option<Instant>, SourceError> {
        let mut state = self.lock();
        if let Some(error) = &state.stopped {
            return Err(error.clone());
        }
        match state.paused_until {
            Some(until) if until > Instant::now() => Ok(Some(until)),
            Some(_) => {
                state.paused_until = None;
                drop(state);
                self.reporter.report(&Event::Resumed);
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Hears what came of the request sent on `ticket`.
    pub fn settle(&self, ticket: &Ticket, verdict: Verdict) {
        match verdict {
            Verdict::Fine => self.fine(ticket),
            Verdict::Throttled { span, retry_after } => self.throttled(ticket, span, retry_after),
            Verdict::Trouble {
                overloaded,
                retry_after,
            } => self.trouble(ticket, overloaded, retry_after),
            Verdict::Unreachable => self.unreachable(ticket),
        }
    }

    fn fine(&self, ticket: &Ticket) {
        let mut state = self.lock();
        state.unreachable_since = None;
        if state.last_pause_set.is_none_or(|set| ticket.given > set) {
            state.throttled_since = None;
            state.backoff.succeed();
        }
    }

    /// Tells the window that a whole transfer went well, so that the pool may grow.
    pub fn transfer_done(&self) {
        if let Some(workers) = self.window.grow() {
            self.reporter.report(&Event::PoolSized { workers });
        }
    }

    fn throttled(&self, ticket: &Ticket, span: QuotaSpan, retry_after: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.lock();
        if !state.is_news(ticket) {
            return;
        }
        let since = *state.throttled_since.get_or_insert(now);
        let wall = (self.clock)();
        let daily = span == QuotaSpan::Day
            || (span == QuotaSpan::Unnamed && retry_after.is_none() && now - since >= UNNAMED_IS_DAILY_AFTER);
        let until_reset = quota_day::until_reset(wall);
        if daily {
            state.spent_day = Some(quota_day::day_of(wall));
        }
        if daily && self.on_quota == OnQuota::Exit {
            return self.stop(state, quota_spent(wall + until_reset));
        }
        let length = match retry_after {
            Some(asked) if asked >= SHORTEST_BELIEVED => asked,
            // Refusals use up no attempts: a host that asks for no wait at all would be asked again without end.
            Some(asked) => asked.max(state.backoff.after_trouble()),
            None if daily => until_reset + state.backoff.spread(),
            None => state.backoff.after_throttle().min(until_reset),
        };
        let cause = if daily {
            PauseCause::DailyQuota
        } else {
            PauseCause::Throttled
        };
        self.pause(state, now, length, cause);
        self.shrink();
    }

    fn trouble(&self, ticket: &Ticket, overloaded: bool, retry_after: Option<Duration>) {
        let state = self.lock();
        if state.is_news(ticket) {
            self.trouble_pause(state, retry_after, PauseCause::ServerTrouble);
            if overloaded {
                self.shrink();
            }
        }
    }

    fn trouble_pause(
        &self,
        mut state: std::sync::MutexGuard<'_, State>,
        retry_after: Option<Duration>,
        cause: PauseCause,
    ) {
        let length = retry_after.unwrap_or_else(|| state.backoff.after_trouble());
        self.pause(state, Instant::now(), length, cause);
    }

    fn unreachable(&self, ticket: &Ticket) {
        let now = Instant::now();
        let mut state = self.lock();
        if !state.is_news(ticket) {
            return;
        }
        let since = *state.unreachable_since.get_or_insert(now);
        if now - since < UNREACHABLE_LIMIT {
            self.trouble_pause(state, None, PauseCause::Unreachable);
            return;
        }
        let minutes = UNREACHABLE_LIMIT.as_secs() / 60;
        let error = SourceError::new(
            SourceErrorKind::Offline,
            format!("Google could not be reached for {minutes} minutes; check the network and run again"),
        );
        self.stop(state, error);
    }

    /// What was sent since this was asked the last time.
    pub fn take_sent(&self) -> Sent {
        self.meter.take()
    }

    /// Whether the quota of `day` turned out to be used up.
    pub fn is_spent(&self, day: NaiveDate) -> bool {
        self.lock().spent_day == Some(day)
    }

    /// Begins a run on a day whose quota an earlier run found used up: nothing is sent before it is full again.
    pub fn begin_spent(&self) {
        let wall = (self.clock)();
        let until_reset = quota_day::until_reset(wall);
        let mut state = self.lock();
        state.spent_day = Some(quota_day::day_of(wall));
        if self.on_quota == OnQuota::Exit {
            return self.stop(state, quota_spent(wall + until_reset));
        }
        let length = until_reset + state.backoff.spread();
        self.pause(state, Instant::now(), length, PauseCause::DailyQuota);
    }

    fn stop(&self, mut state: std::sync::MutexGuard<'_, State>, error: SourceError) {
        state.stopped = Some(error);
        drop(state);
        self.changed.notify_waiters();
    }

    fn pause(
        &self,
        mut state: std::sync::MutexGuard<'_, State>,
        now: Instant,
        length: Duration,
        cause: PauseCause,
    ) {
        let until = now + length;
        state.last_pause_set = Some(now);
        if state.paused_until.is_some_and(|current| current >= until) {
            return;
        }
        state.paused_until = Some(until);
        drop(state);
        self.changed.notify_waiters();
        self.reporter.report(&Event::Paused {
            cause,
            length,
            until: (self.clock)() + length,
        });
    }

    fn shrink(&self) {
        if let Some(workers) = self.window.cut() {
            self.reporter.report(&Event::PoolSized { workers });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic elsewhere cannot leave the few plain values in here half-written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Several requests in flight fail together when a host has enough: that is one refusal, not many.
    fn is_news(&self, ticket: &Ticket) -> bool {
        self.last_pause_set.is_none_or(|set| ticket.given > set)
    }
}

fn interrupted() -> SourceError {
    SourceError::new(
        SourceErrorKind::Interrupted,
        "the run was interrupted during a pause",
    )
}

fn quota_spent(resets: DateTime<Utc>) -> SourceError {
    SourceError::new(
        SourceErrorKind::QuotaSpent { resets },
        "the day's quota of this Google Cloud project is used up",
    )
}

#[cfg(test)]
mod tests;
