//! What the user typed and what the environment holds, told apart from defaults.

use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches as _};

use super::args::{Command, Switches};
use super::command_args::{ChoiceArgs, StatusArgs, SyncArgs};
use super::{Origin, Setting};
use crate::cli::failure::Failure;
use crate::cli::usage;

/// Tells which of the values that clap found the user typed, and which the environment held.
pub(super) struct Typed<'a> {
    pub(super) root: &'a ArgMatches,
    pub(super) command: Option<&'a ArgMatches>,
    /// The environment's say on switches that belong to other commands than the one at hand.
    pub(super) elsewhere: &'a ArgMatches,
}

impl Typed<'_> {
    fn origin(&self, id: &str) -> Option<Origin> {
        let places = [Some(self.root), self.command, Some(self.elsewhere)];
        let sources = places.into_iter().flatten().map(|matches| source(matches, id));
        match sources.max().flatten() {
            Some(ValueSource::CommandLine) => Some(Origin::Flag),
            Some(ValueSource::EnvVariable) => Some(Origin::Environment),
            _ => None,
        }
    }

    /// Of an option that may stand before and after the command, the value that was typed, rather than the one that
    /// clap filled in from the environment; of two that were typed, the later one.
    pub(super) fn nearer<T>(&self, id: &str, outer: T, inner: T) -> T {
        let inner_source = self.command.and_then(|command| source(command, id));
        if source(self.root, id) > inner_source {
            outer
        } else {
            inner
        }
    }

    /// What was typed, or what the file holds, if anything is there.
    pub(super) fn optional<T>(&self, id: &str, typed: Option<T>, file: Option<T>) -> Setting<Option<T>> {
        self.pick(id, typed.map(Some), file.map(Some), None)
    }

    /// The first that is there: what was typed, what the file holds, the default.
    pub(super) fn pick<T>(&self, id: &str, typed: Option<T>, file: Option<T>, default: T) -> Setting<T> {
        match (typed, self.origin(id)) {
            (Some(value), Some(origin)) => Setting { value, origin },
            _ => match file {
                Some(value) => Setting {
                    value,
                    origin: Origin::File,
                },
                None => Setting {
                    value: default,
                    origin: Origin::Default,
                },
            },
        }
    }
}

/// Where clap found the value of an option in `matches`; nothing if the command has no such option.
fn source(matches: &ArgMatches, id: &str) -> Option<ValueSource> {
    matches.try_contains_id(id).ok()?;
    matches.value_source(id)
}

/// What the environment says of switches, whichever command they belong to.
pub(super) fn switches_in_environment() -> Result<(Switches, ArgMatches), Failure> {
    let unusable = |error| usage::failure(&error);
    let matches = Switches::defined()
        .try_get_matches_from(["gphotosync"])
        .map_err(unusable)?;
    Ok((Switches::from_arg_matches(&matches).map_err(unusable)?, matches))
}

/// The switches of the command at hand, and the environment's word on the others.
pub(super) fn typed_switches(environment: Switches, command: Option<&Command>) -> Switches {
    match command {
        Some(Command::Login(login)) => Switches {
            login: login.clone(),
            ..environment
        },
        Some(Command::Pick(pick)) => Switches {
            login: pick.login.clone(),
            choice: pick.choice.clone(),
            ..environment
        },
        Some(Command::Takeout(takeout)) => Switches {
            export: takeout.export.clone(),
            ..environment
        },
        Some(Command::Logout(logout)) => Switches {
            logout: logout.clone(),
            ..environment
        },
        Some(Command::Status(status)) => Switches {
            status: status.clone(),
            ..environment
        },
        Some(Command::List(list)) => Switches {
            filter: list.filter.clone(),
            choice: ChoiceArgs {
                album: list.album.clone(),
                ..environment.choice
            },
            status: StatusArgs {
                json: list.json,
                ..environment.status
            },
            ..environment
        },
        Some(Command::Verify(verify)) => Switches {
            check: verify.check.clone(),
            status: StatusArgs {
                json: verify.json,
                ..environment.status
            },
            ..environment
        },
        _ => environment,
    }
}

/// `gphotosync --workers 3 sync` and `gphotosync sync --workers 3` mean the same.
pub(super) fn merged(typed: &Typed<'_>, outer: &SyncArgs, inner: &SyncArgs) -> SyncArgs {
    SyncArgs {
        strategy: typed.nearer("strategy", outer.strategy, inner.strategy),
        workers: typed.nearer("workers", outer.workers, inner.workers),
        dry_run: typed.nearer("dry_run", outer.dry_run, inner.dry_run),
        delay: typed.nearer("delay", outer.delay, inner.delay),
        retry_pause: typed.nearer("retry_pause", outer.retry_pause, inner.retry_pause),
        quota: typed.nearer("quota", outer.quota, inner.quota),
        stall_timeout: typed.nearer("stall_timeout", outer.stall_timeout, inner.stall_timeout),
        wait: typed.nearer("wait", outer.wait, inner.wait),
        report: typed.nearer("report", outer.report.clone(), inner.report.clone()),
        on_finish: typed.nearer("on_finish", outer.on_finish.clone(), inner.on_finish.clone()),
    }
}
