//! Builds the reporter for a screen on the real standard streams.
//!
//! Standard output carries results only: JSON lines, or nothing. Everything for people, the summary included, goes to
//! standard error. With JSON, standard error carries log lines and what stopped the run.

use std::io;
use std::sync::Arc;

use chrono::Local;

use super::Reporter;
use super::json::Json;
use super::log_target::LogTarget;
use super::many::Many;
use super::mode::{Screen, Verbosity};
use super::numbers::LocalClock;
use super::plain::{Plain, PlainOptions, Voice};
use super::terminal::{Size, Terminal, TerminalOptions};

/// How things may look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// May standard error be coloured? Decided from `--color`, `NO_COLOR` and the terminal by the caller.
    pub color: bool,
    /// Does the terminal know more than ASCII? See [`knows_unicode`].
    pub unicode: bool,
    /// How much the user wants to read.
    pub verbosity: Verbosity,
}

/// A reporter, and where log lines have to go while it is in use.
pub struct Opened {
    /// The reporter.
    pub reporter: Arc<dyn Reporter>,
    /// For `tracing_subscriber::fmt().with_writer(..)`.
    pub log: LogTarget,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

/// The reporter for `screen`.
pub fn open(screen: Screen, look: Look) -> Opened {
    let verbose = look.verbosity >= Verbosity::Verbose;
    match screen {
        Screen::Bars => bars(look, verbose),
        Screen::Plain => plain(if verbose { Voice::Verbose } else { Voice::Full }, look),
        Screen::Summary => plain(Voice::Summary, look),
        Screen::Problems => plain(Voice::Problems, look),
        Screen::Fatal => plain(Voice::Fatal, look),
        Screen::Json => {
            let fatal = plain(Voice::Fatal, look);
            let json = Arc::new(Json::new(Box::new(io::stdout())));
            let reporter = Arc::new(Many::new(vec![json, fatal.reporter]));
            Opened {
                reporter,
                log: fatal.log,
            }
        }
    }
}

fn bars(look: Look, verbose: bool) -> Opened {
    let Look { color, unicode, .. } = look;
    let options = TerminalOptions {
        color,
        unicode,
        verbose,
        clock: LOCAL,
    };
    let terminal = Terminal::new(Box::new(io::stderr()), Arc::new(stderr_size), options);
    let log = terminal.log_target();
    Opened {
        reporter: Arc::new(terminal),
        log,
    }
}

fn plain(voice: Voice, look: Look) -> Opened {
    let options = PlainOptions {
        voice,
        color: look.color,
        clock: LOCAL,
    };
    Opened {
        reporter: Arc::new(Plain::new(Box::new(io::stderr()), options)),
        log: LogTarget::stderr(),
    }
}

/// The clock on the wall.
pub const LOCAL: LocalClock = |time| time.with_timezone(&Local).fixed_offset();

fn stderr_size() -> Size {
    let (height, width) = console::Term::stderr().size();
    Size { width, height }
}

/// Does the locale, read through `variable`, promise UTF-8? The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set
/// decides, as in POSIX. None set: yes, because then it is not a Unix terminal of old.
pub fn knows_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_variable_decides() {
        let with = |set: &'static [(&str, &str)]| {
            knows_unicode(|name| {
                set.iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(with(&[]));
        assert!(with(&[("LANG", "de_DE.UTF-8")]));
        assert!(with(&[("LC_ALL", ""), ("LC_CTYPE", "en_US.utf8"), ("LANG", "C")]));
        assert!(!with(&[("LANG", "C")]));
        assert!(!with(&[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")]));
    }
}
