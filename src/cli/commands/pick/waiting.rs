//! Waiting for somebody to pick, with something to see meanwhile.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use console::Term;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::is_watched;
use crate::cli::console::to_stderr;
use crate::cli::settings::Settings;
use crate::report::mode::{ProgressMode, Verbosity};
use crate::report::numbers::countdown;
use crate::report::{Event, Reporter};
use crate::shutdown::Shutdown;
pub(super) use crate::source::picker::Waited;
use crate::source::picker::{PickerApi, PickerError, Session};

/// A countdown moves once a second.
const TICK: Duration = Duration::from_secs(1);

/// Where lines are written, no silence is longer than this.
const LINES: Duration = Duration::from_secs(10);

/// Waits for the choice; nothing when the user asked to stop.
pub(super) async fn wait(
    api: &PickerApi,
    session: Session,
    settings: &Settings,
    reporter: &Arc<dyn Reporter>,
    shutdown: &Shutdown,
) -> Result<Option<Waited>, PickerError> {
    let (deadline, seen) = watch::channel(session.deadline());
    let link = session.link.clone();
    let screen = Screen::of(settings);
    let waited = tokio::select! {
        waited = api.wait(session, &deadline) => waited.map(Some),
        () = shutdown.draining() => Ok(None),
        () = show(screen, &link, reporter.as_ref(), &seen) => Ok(None),
    };
    screen.clear();
    waited
}

/// Shows the time that is left, for as long as it is polled. Never ends.
async fn show(screen: Screen, link: &str, reporter: &dyn Reporter, deadline: &watch::Receiver<Instant>) {
    loop {
        let left = deadline.borrow().saturating_duration_since(Instant::now());
        if screen != Screen::Countdown {
            reporter.report(&Event::Picking { link, left });
        }
        screen.show(left);
        sleep(if screen == Screen::Countdown { TICK } else { LINES }).await;
    }
}

/// Where the time that is left is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Screen {
    /// In one line of a terminal, written anew every second.
    Countdown,
    /// In lines.
    Lines,
    /// By the reporter alone, or not at all.
    None,
}

impl Screen {
    fn of(settings: &Settings) -> Self {
        let can_redraw = is_watched() && std::env::var("TERM").is_ok_and(|term| term != "dumb");
        match settings.progress.value {
            _ if settings.verbosity() < Verbosity::Normal => Self::None,
            ProgressMode::Json | ProgressMode::None => Self::None,
            ProgressMode::Auto | ProgressMode::Bars if can_redraw => Self::Countdown,
            ProgressMode::Auto | ProgressMode::Bars | ProgressMode::Plain => Self::Lines,
        }
    }

    fn show(self, left: Duration) {
        let text = format!("Waiting for your choice: {} left (Ctrl-C stops)", countdown(left));
        match self {
            Self::Countdown => {
                self.clear();
                drop(io::stderr().write_all(text.as_bytes()));
                drop(io::stderr().flush());
            }
            Self::Lines => to_stderr(&text),
            Self::None => {}
        }
    }

    /// Takes the countdown away.
    fn clear(self) {
        if self == Self::Countdown {
            // A terminal that is gone shows nothing anyway.
            drop(Term::stderr().clear_line());
        }
    }
}
