//! Log lines: where they go and which are shown. They step aside for the bars.

use std::sync::{PoisonError, RwLock};

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::report::log_target::LogTarget;
use crate::report::mode::Verbosity;

/// Where log lines go now. Each run of a process that has several draws its own bars.
static CURRENT: RwLock<Option<LogTarget>> = RwLock::new(None);

/// Sends log lines elsewhere from now on.
pub(super) fn redirect(target: LogTarget) {
    *CURRENT.write().unwrap_or_else(PoisonError::into_inner) = Some(target);
}

/// A target that hands lines on to the current one.
fn current() -> LogTarget {
    LogTarget::new(|line| {
        let current = CURRENT.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(target) = &*current {
            target.write(line);
        }
    })
}

/// Shows this program's own log lines as far as `verbosity` asks for them. Those of libraries are never shown below
/// warnings: some print whole requests, secrets included.
pub(super) fn start(verbosity: Verbosity, verbose: u8, color: bool, target: LogTarget) {
    let own = match (verbosity, verbose) {
        (Verbosity::Silent | Verbosity::Quiet, _) => LevelFilter::ERROR,
        (Verbosity::Normal | Verbosity::Verbose, _) => LevelFilter::WARN,
        (Verbosity::Debug, 0..=2) => LevelFilter::DEBUG,
        (Verbosity::Debug, _) => LevelFilter::TRACE,
    };
    let filter = Targets::new()
        .with_default(Level::ERROR)
        .with_target("gphotosync", own);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(color)
        .with_target(false)
        .with_writer(current());
    redirect(target);
    // A second start in one process (tests do that) keeps the first one's filter.
    drop(tracing_subscriber::registry().with(lines).with(filter).try_init());
}
