//! `--progress json`: one JSON object per line on standard output, for scripts and other programs.
//!
//! Every object has `v` (the version of all shapes, now 1), `time` (RFC 3339, UTC, milliseconds) and `type`. The version
//! changes only when a field changes its meaning or goes away; a reader should pass over types and fields it does not
//! know. Durations are in seconds, sizes in bytes, times as `time`. An *item* is
//! `{"id", "name", "kind": "photo"|"video", "taken": time|null}`; its name is exactly what the source said, so whoever
//! prints it must make it harmless.
//!
//! | `type` | fields |
//! |---|---|
//! | `run_started` | `source`, `library`, `dry_run` |
//! | `picking` | `link`, `seconds_left`: `pick` waits for a person; every ten seconds, and before `run_started` |
//! | `start_delay` | `seconds` |
//! | `listed` | `found`, `settled` (need nothing), `videos` (of those that need something) |
//! | `listing_restarted` | |
//! | `listing_finished` | `found` |
//! | `listing_retrying` | `attempt` (that failed, from 1), `delay_seconds`, `error` |
//! | `transfer_started` | `worker`, `item`, `role` (`main`, `clip`), `resumed_from`, `length`\|null |
//! | `transfer_retrying` | `worker`, `item`, `attempt`, `delay_seconds`, `error` |
//! | `item_finished` | `worker`\|null, `item`, `bucket`; `path` and `bytes` when stored; `reason` when failed or unavailable |
//! | `renamed` | `from`, `to`: paths relative to the library |
//! | `paused` | `cause` (`daily_quota`, `throttled`, `server_trouble`, `unreachable`), `seconds`, `until` |
//! | `resumed` | |
//! | `pool_sized` | `workers` |
//! | `draining` | `in_flight`, `patience_seconds` |
//! | `sized` | `items`, `bytes`: all that will be listed, where that is known beforehand |
//! | `tending` | (all files had their turn; sidecars and album folders are written) |
//! | `notice` | `text` |
//! | `progress` | `elapsed_seconds`, `found`, `listing_done`, `done`, `bytes`, `bytes_done` and `bytes_total` (of all items, where they are known beforehand, else null), `bytes_indexed` and `bytes_to_index` (while archives are looked through, else null), `bytes_per_second`\|null, `eta_seconds`\|null, `eta_at_least`, `workers`\|null, `paused_seconds`\|null, `still_seconds` (nothing moved for), `files`: `[{worker, name, bytes, length|null, waiting}]` |
//! | `run_finished` | `source`, `dry_run`, `found`, `counts` (all seven buckets: `stored`, `present`, `waiting`, `unavailable`, `filtered`, `failed`, `not_reached`), `bytes`, `renamed`, `elapsed_seconds`, `ending` (`complete`, `interrupted`, `quota_spent`, `sign_in_needed`, `stopped`), `reason` with the last two, `resets` where a quota's reset is known |
//!
//! Bytes are not told one by one: a `progress` object comes at most once a second while something moves, and at least
//! every ten seconds. `run_finished` is always the last line; with `pick --again` every round ends with one. A reader that is slow slows the run; one that closes the
//! pipe does not end it.

mod moment;
mod shapes;

use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;

use super::progress::{Progress, View};
use super::scribe::{Desk, Scribe};
use super::stopwatch::Stopwatch;
use super::{Event, Reporter};
use moment::Moment;
use shapes::{Body, Line};

/// The most often a `progress` object comes.
const PERIOD: Duration = Duration::from_secs(1);

/// The longest time without one.
const LONGEST_SILENCE: Duration = Duration::from_secs(10);

/// Writes JSON lines.
#[derive(Debug)]
pub struct Json {
    progress: Arc<Progress>,
    watch: Stopwatch,
    scribe: Scribe,
}

impl Json {
    /// A reporter that writes to `out` from a thread of its own.
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self::beating(out, PERIOD)
    }

    fn beating(out: Box<dyn Write + Send>, period: Duration) -> Self {
        let progress = Arc::new(Progress::default());
        let watch = Stopwatch::default();
        let stream = Stream {
            out: Some(BufWriter::new(out)),
            progress: Arc::clone(&progress),
            watch: watch.clone(),
            told: Told::default(),
        };
        Self {
            progress,
            watch,
            scribe: Scribe::start(period, stream),
        }
    }
}

impl Reporter for Json {
    fn report(&self, event: &Event<'_>) {
        self.progress.hear(event, &self.watch);
        if let Some(line) = Body::of(event).and_then(line) {
            self.scribe.say(line);
        }
        if matches!(event, Event::RunFinished { .. }) {
            self.scribe.close();
        }
    }
}

/// The text of one object. Nothing in the shapes can fail to be JSON, so `None` does not occur.
fn line(body: Body<'_>) -> Option<String> {
    serde_json::to_string(&Line::new(Utc::now(), body)).ok()
}

/// What the last `progress` object said.
#[derive(Debug, Default)]
struct Told {
    at: Duration,
    marks: [u64; 4],
}

impl Told {
    /// Is `view` worth an object? If so, it is taken as told.
    fn is_news(&mut self, view: &View) -> bool {
        let indexed = view.indexing.map_or(0, |(read, _)| read);
        let marks = [view.bytes, view.done, view.found, indexed];
        let news = marks != self.marks || view.elapsed.saturating_sub(self.at) >= LONGEST_SILENCE;
        if news {
            *self = Self {
                at: view.elapsed,
                marks,
            };
        }
        news
    }
}

/// The thread's side.
struct Stream {
    /// `None` once the reader is gone.
    out: Option<BufWriter<Box<dyn Write + Send>>>,
    progress: Arc<Progress>,
    watch: Stopwatch,
    told: Told,
}

impl Stream {
    /// Writing to a closed pipe once is enough.
    fn attempt(&mut self, write: impl FnOnce(&mut BufWriter<Box<dyn Write + Send>>) -> std::io::Result<()>) {
        if self.out.as_mut().is_some_and(|out| write(out).is_err()) {
            // Dropping a buffered writer would try once more; what it holds is given up instead.
            self.out.take().map(BufWriter::into_parts);
        }
    }
}

impl Desk for Stream {
    fn line(&mut self, line: &str) {
        self.attempt(|out| writeln!(out, "{line}"));
    }

    fn beat(&mut self) {
        let view = self.progress.look(self.watch.elapsed());
        if self.watch.is_running()
            && self.told.is_news(&view)
            && let Some(line) = line(Body::Progress(Moment::of(view)))
        {
            self.line(&line);
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.attempt(BufWriter::flush);
    }
}

#[cfg(test)]
mod tests;
