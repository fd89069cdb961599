//! Live bars. The only place that knows indicatif.
//!
//! One indicatif bar holds the whole picture, made anew ten times a second by a thread of its own; hearing an event
//! only changes numbers. Everything else that wants to be written, log lines included, goes through the same bar, which
//! steps aside for it. When the run is over the bars are gone and the summary stands in their place.

mod canvas;
mod files;
mod pane;
mod screen;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::log_target::LogTarget;
use super::numbers::LocalClock;
use super::progress::Progress;
use super::scribe::{Desk, Scribe};
use super::stopwatch::Stopwatch;
use super::summary_text::{SummaryContext, summary_text};
use super::{Event, Reporter, wording};
use crate::pipeline::summary::Summary;
use canvas::Canvas;
use pane::{Out, Pane};
pub use pane::{Size, SizeOf};

/// Ten pictures a second: more is not seen, and costs something over a slow line.
const TICK: Duration = Duration::from_millis(100);

/// indicatif's own limit lies above ours, so that it never drops a picture.
const MOST_DRAWS_PER_SECOND: u8 = 20;

/// The right-most column stays free: writing into it makes some terminals wrap.
const SPARE_COLUMNS: u16 = 1;

/// The line above the picture stays visible: it is where the last log line or the command stands.
const SPARE_ROWS: u16 = 1;

/// How the screen looks.
#[derive(Clone, Copy, Debug)]
pub struct TerminalOptions {
    /// May colour be used?
    pub color: bool,
    /// Does the terminal know more than ASCII?
    pub unicode: bool,
    /// Also tell retries and renames, in lines above the bars.
    pub verbose: bool,
    /// The reader's clock.
    pub clock: LocalClock,
}

/// Draws bars.
#[derive(Debug)]
pub struct Terminal {
    options: TerminalOptions,
    progress: Arc<Progress>,
    watch: Stopwatch,
    bars: Bars,
    scribe: Scribe,
}

impl Terminal {
    /// A reporter that draws on `out`, a terminal of the size that `size` tells each time it is asked.
    pub fn new(out: Box<dyn Write + Send>, size: SizeOf, options: TerminalOptions) -> Self {
        let progress = Arc::new(Progress::default());
        let watch = Stopwatch::default();
        let bars = Bars::new(Out::new(out), Arc::clone(&size));
        let easel = Easel {
            bars: bars.clone(),
            size,
            options,
            progress: Arc::clone(&progress),
            watch: watch.clone(),
        };
        Self {
            options,
            progress,
            watch,
            bars,
            scribe: Scribe::start(TICK, easel),
        }
    }

    /// Where log lines have to go so that they and the bars leave each other whole.
    pub fn log_target(&self) -> LogTarget {
        let bars = self.bars.clone();
        LogTarget::new(move |line| bars.write_above(line))
    }

    fn finish(&self, summary: &Summary) {
        self.scribe.close();
        self.bars.clear();
        let library = self.progress.library();
        let context = SummaryContext {
            library: &library,
            color: self.options.color,
            clock: self.options.clock,
        };
        self.bars.write_above(summary_text(summary, &context).as_bytes());
    }
}

impl Reporter for Terminal {
    fn report(&self, event: &Event<'_>) {
        self.progress.hear(event, &self.watch);
        if let Event::RunFinished { summary } = event {
            return self.finish(summary);
        }
        let line = wording::problem(event)
            .or_else(|| wording::notice(event))
            .or_else(|| wording::detail(event).filter(|_| self.options.verbose));
        if let Some(line) = line {
            self.scribe.say(line);
        }
    }
}

impl Drop for Terminal {
    /// A run that ends without its last event leaves no bars behind either.
    fn drop(&mut self) {
        self.scribe.close();
        self.bars.clear();
    }
}

/// The picture on the terminal, and the way past it.
#[derive(Clone)]
struct Bars {
    bar: ProgressBar,
    out: Out,
}

impl Bars {
    fn new(out: Out, size: SizeOf) -> Self {
        let pane = Pane::new(out.clone(), size);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(pane), MOST_DRAWS_PER_SECOND);
        let bar = ProgressBar::with_draw_target(None, target);
        // The template is a constant that parses; the default would draw a spinner in front of the picture.
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Self { bar, out }
    }

    fn draw(&self, lines: &[String]) {
        self.bar.set_message(lines.join("\n"));
    }

    fn write_above(&self, text: &[u8]) {
        self.bar.suspend(|| self.out.write(text));
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl std::fmt::Debug for Bars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bars").finish_non_exhaustive()
    }
}

/// The thread's side.
struct Easel {
    bars: Bars,
    size: SizeOf,
    options: TerminalOptions,
    progress: Arc<Progress>,
    watch: Stopwatch,
}

impl Easel {
    fn canvas(&self) -> Canvas {
        let Size { width, height } = (self.size)();
        Canvas {
            width: width.saturating_sub(SPARE_COLUMNS).max(1).into(),
            height: height.saturating_sub(SPARE_ROWS).max(1).into(),
            color: self.options.color,
            unicode: self.options.unicode,
            clock: self.options.clock,
        }
    }
}

impl Desk for Easel {
    fn line(&mut self, line: &str) {
        let line = if self.options.unicode {
            line.to_owned()
        } else {
            super::printable::ascii(line)
        };
        self.bars.write_above(format!("{line}\n").as_bytes());
    }

    fn beat(&mut self) {
        if !self.watch.is_running() {
            return;
        }
        let view = self.progress.look(self.watch.elapsed());
        self.bars.draw(&screen::compose(&view, &self.canvas()));
    }

    fn settle(&mut self) {}
}

#[cfg(test)]
mod tests;
