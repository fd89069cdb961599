//! Lines for places that cannot redraw: logs, pipes, cron mail.
//!
//! One line per phase, per problem, and a heartbeat every ten seconds even when nothing happens, each with the time
//! since the start in its margin. What is left out in quieter voices is left out here, in one place.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use super::numbers::{LocalClock, countdown, counted, stopwatch};
use super::printable::printable;
use super::progress::{PauseSpan, PauseView, Progress};
use super::scribe::{Desk, Scribe};
use super::stopwatch::Stopwatch;
use super::summary_text::{SummaryContext, fatal, needs_attention, summary_text};
use super::{Event, Reporter, wording};
use crate::pipeline::summary::Summary;
use crate::source::takeout;

/// No silence is longer than this.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// A pause this short is over before its line is read.
const PAUSE_WORTH_A_LINE: Duration = Duration::from_secs(5);

/// A pause told again is worth another line when it grew by this much.
const PAUSE_GREW: Duration = Duration::from_secs(10);

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// What stopped the run, nothing else.
    Fatal,
    /// Failed items, and the summary when somebody has to do or know something.
    Problems,
    /// Failed items, notices, the summary.
    Summary,
    /// Also the phases and the heartbeat.
    #[default]
    Full,
    /// Also retries, renames and short pauses.
    Verbose,
}

/// How lines look.
#[derive(Clone, Copy, Debug)]
pub struct PlainOptions {
    /// How much is said.
    pub voice: Voice,
    /// May the summary use colour?
    pub color: bool,
    /// The reader's clock.
    pub clock: LocalClock,
}

/// Writes lines.
#[derive(Debug)]
pub struct Plain {
    options: PlainOptions,
    progress: Arc<Progress>,
    watch: Stopwatch,
    scribe: Scribe,
}

impl Plain {
    /// A reporter that writes to `out` from a thread of its own. Errors in writing are not the run's affair: it goes on.
    pub fn new(out: Box<dyn Write + Send>, options: PlainOptions) -> Self {
        Self::beating(out, options, HEARTBEAT)
    }

    fn beating(out: Box<dyn Write + Send>, options: PlainOptions, period: Duration) -> Self {
        let progress = Arc::new(Progress::default());
        let watch = Stopwatch::default();
        let desk = Log {
            out,
            options,
            progress: Arc::clone(&progress),
            watch: watch.clone(),
        };
        Self {
            options,
            progress,
            watch,
            scribe: Scribe::start(period, desk),
        }
    }

    fn finish(&self, summary: &Summary) {
        let library = self.progress.library();
        let context = SummaryContext {
            library: &library,
            color: self.options.color,
            clock: self.options.clock,
        };
        let text = match self.options.voice {
            Voice::Fatal => fatal(summary, &context),
            Voice::Problems if !needs_attention(summary) => None,
            _ => Some(summary_text(summary, &context)),
        };
        if let Some(text) = text {
            self.scribe.say(text.trim_end());
        }
        self.scribe.close();
    }
}

impl Reporter for Plain {
    fn report(&self, event: &Event<'_>) {
        if matches!(event, Event::BytesReceived { .. }) {
            return self.progress.hear(event, &self.watch);
        }
        let before = self.progress.pause();
        self.progress.hear(event, &self.watch);
        let at = self.watch.elapsed();
        if let Event::RunFinished { summary } = event {
            return self.finish(summary);
        }
        if let Some(line) = line(event, before, at, &self.options) {
            self.scribe.say(in_margin(at, &line));
        }
    }
}

fn in_margin(at: Duration, line: &str) -> String {
    format!("[{}] {line}", stopwatch(at))
}

/// What is said about `event`, if anything. `before` is the pause it was heard in.
fn line(
    event: &Event<'_>,
    before: Option<PauseSpan>,
    at: Duration,
    options: &PlainOptions,
) -> Option<String> {
    let from = |voice, line: Option<String>| line.filter(|_| options.voice >= voice);
    from(Voice::Problems, wording::problem(event))
        .or_else(|| from(Voice::Summary, wording::notice(event)))
        .or_else(|| from(Voice::Full, course(event, options.clock)))
        .or_else(|| from(Voice::Verbose, wording::detail(event)))
        .or_else(|| pause(event, before, at, options))
}

fn course(event: &Event<'_>, clock: LocalClock) -> Option<String> {
    Some(match *event {
        Event::RunStarted {
            source,
            library,
            dry_run,
        } => {
            let now = clock(chrono::Utc::now()).format("%Y-%m-%d %H:%M:%S %:z");
            let library = printable(&library.to_string_lossy()).into_owned();
            match (source, dry_run) {
                ("verify", _) => format!("{now} checking {library}"),
                (takeout::NAME, true) => {
                    format!("{now} planning what to import from archives into {library}")
                }
                (takeout::NAME, false) => format!("{now} importing archives into {library}"),
                (_, true) => format!("{now} planning {source} into {library}"),
                (_, false) => format!("{now} syncing {source} into {library}"),
            }
        }
        Event::StartDelay { delay } => {
            format!(
                "starting in {} (random delay of unattended runs; --delay 0 turns it off)",
                countdown(delay)
            )
        }
        Event::Tending => wording::TENDING.to_owned(),
        Event::ListingFinished { found } => format!("listing finished: {} found", counted(found, "item")),
        Event::Draining { in_flight, patience } => format!(
            "stopping: {} in flight, at most {} more",
            counted(in_flight as u64, "file"),
            countdown(patience)
        ),
        _ => return None,
    })
}

/// A pause is told when it begins, when it grows, and when it ends; short ones only to those who ask for more.
fn pause(
    event: &Event<'_>,
    before: Option<PauseSpan>,
    at: Duration,
    options: &PlainOptions,
) -> Option<String> {
    let worth = |length| match options.voice {
        Voice::Full => length >= PAUSE_WORTH_A_LINE,
        voice => voice > Voice::Full,
    };
    match *event {
        Event::Paused { cause, length, until } => {
            let grew = before.is_none_or(|before| at + length >= before.ends + PAUSE_GREW);
            let view = PauseView {
                cause,
                left: length,
                until,
            };
            (grew && worth(length)).then(|| format!("paused: {}", wording::pause(&view, options.clock)))
        }
        Event::Resumed => {
            let length = at.saturating_sub(before?.began);
            worth(length).then(|| format!("going on after a pause of {}", countdown(length)))
        }
        _ => None,
    }
}

/// The thread's side: where lines and heartbeats end up.
struct Log {
    out: Box<dyn Write + Send>,
    options: PlainOptions,
    progress: Arc<Progress>,
    watch: Stopwatch,
}

impl Desk for Log {
    fn line(&mut self, line: &str) {
        // One write per line: other writers of the same stream cannot come between.
        let _ = self.out.write_all(format!("{line}\n").as_bytes());
    }

    fn beat(&mut self) {
        if self.options.voice >= Voice::Full && self.watch.is_running() {
            let at = self.watch.elapsed();
            let beat = wording::heartbeat(&self.progress.look(at), self.options.clock);
            self.line(&in_margin(at, &beat));
            self.settle();
        }
    }

    fn settle(&mut self) {
        let _ = self.out.flush();
    }
}

#[cfg(test)]
mod tests;
