//! The settings that hold: flag before environment before file before default, each with where it comes from.

pub(crate) mod args;
pub(crate) mod choices;
mod command_args;
pub(crate) mod config_file;
pub(crate) mod predecessor;
mod typed;
pub(crate) mod values;

use std::fmt;
use std::path::PathBuf;

use clap::ArgMatches;

use self::args::{Cli, Command, Common, Switches};
use self::choices::{AlbumsArg, BucketArg, Color, EditedArg, QuotaArg, SidecarsArg, StrategyArg};
use self::command_args::{ExportArgs, SyncArgs};
use self::config_file::ConfigFile;
use self::typed::{Typed, merged, switches_in_environment, typed_switches};
use self::values::{Pause, ServerAddress, Since, Workers};
use crate::cli::failure::Failure;
use crate::library::layout::Strategy;
use crate::report::mode::{ProgressMode, Verbosity};
use crate::source::picker::MOST_ITEMS;

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag,
    Environment,
    File,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// A value and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Everything that can be set.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The file that was read, if any.
    pub(crate) file: Option<PathBuf>,
    pub(crate) lib: Setting<PathBuf>,
    pub(crate) client_secret: Setting<Option<PathBuf>>,
    pub(crate) progress: Setting<ProgressMode>,
    pub(crate) color: Setting<Color>,
    pub(crate) quiet: Setting<u8>,
    pub(crate) verbose: Setting<u8>,
    pub(crate) google_endpoint: Setting<Option<ServerAddress>>,
    pub(crate) strategy: Setting<StrategyArg>,
    pub(crate) workers: Setting<Workers>,
    pub(crate) dry_run: Setting<bool>,
    pub(crate) delay: Setting<Pause>,
    pub(crate) retry_pause: Setting<Pause>,
    pub(crate) quota: Setting<QuotaArg>,
    pub(crate) stall_timeout: Setting<Pause>,
    pub(crate) wait: Setting<bool>,
    pub(crate) no_browser: Setting<bool>,
    pub(crate) local_only: Setting<bool>,
    pub(crate) max: Setting<u32>,
    pub(crate) again: Setting<bool>,
    pub(crate) album: Setting<Option<String>>,
    pub(crate) export: ExportSettings,
    pub(crate) since: Setting<Option<Since>>,
    pub(crate) bucket: Setting<Option<BucketArg>>,
    pub(crate) failed: Setting<bool>,
    pub(crate) json: Setting<bool>,
    pub(crate) quick: Setting<bool>,
    pub(crate) repair: Setting<bool>,
    pub(crate) report: Setting<Option<PathBuf>>,
    pub(crate) on_finish: Setting<Option<String>>,
}

/// What of an export is wanted.
#[derive(Debug)]
pub(crate) struct ExportSettings {
    pub(crate) edited: Setting<EditedArg>,
    pub(crate) trashed: Setting<bool>,
    pub(crate) locked: Setting<bool>,
    pub(crate) no_archived: Setting<bool>,
    pub(crate) albums: Setting<AlbumsArg>,
    pub(crate) sidecars: Setting<SidecarsArg>,
    pub(crate) partial: Setting<bool>,
    pub(crate) fix_extensions: Setting<bool>,
}

/// Many clients that start on the minute are what Google's best practices warn of; a minute spreads them.
const DELAY: Pause = Pause(std::time::Duration::from_mins(1));

/// Google asks for at least 30 s after a 429; the quotas that are not daily count by the minute.
const RETRY_PAUSE: Pause = Pause(std::time::Duration::from_mins(1));

/// A minute without a byte is a dead connection on any line.
const STALL_TIMEOUT: Pause = Pause(std::time::Duration::from_mins(1));

impl Settings {
    /// Puts together what the user typed, the environment, and the file.
    pub(crate) fn resolve(cli: Cli, matches: &ArgMatches) -> Result<Self, Failure> {
        let Cli {
            command,
            common,
            sync,
        } = cli;
        let (switches, elsewhere) = switches_in_environment()?;
        let typed = Typed {
            root: matches,
            command: matches.subcommand().map(|(_, matches)| matches),
            elsewhere: &elsewhere,
        };
        let (path, file) = config_file::read(common.config.as_deref())?;
        let switches = typed_switches(switches, command.as_ref());
        let sync = match command {
            Some(Command::Sync(args)) => merged(&typed, &sync, &args),
            Some(Command::Adopt(args)) => SyncArgs {
                dry_run: typed.nearer("dry_run", sync.dry_run, args.dry_run),
                ..sync
            },
            Some(Command::Takeout(args)) => SyncArgs {
                dry_run: typed.nearer("dry_run", sync.dry_run, args.dry_run),
                ..sync
            },
            Some(Command::Verify(args)) => SyncArgs {
                wait: typed.nearer("wait", sync.wait, args.wait),
                ..sync
            },
            _ => sync,
        };
        Ok(assemble(&typed, path, (common, sync, switches), file))
    }

    /// What tells items of one name apart, as the library knows it.
    pub(crate) const fn layout_strategy(&self) -> Strategy {
        match self.strategy.value {
            StrategyArg::Unixhex => Strategy::UnixHex,
            StrategyArg::Id => Strategy::Id,
        }
    }

    /// How much the user wants to read.
    pub(crate) fn verbosity(&self) -> Verbosity {
        Verbosity::from_counts(self.quiet.value, self.verbose.value)
    }
}

fn assemble(
    typed: &Typed<'_>,
    path: Option<PathBuf>,
    (common, sync, switches): (Common, SyncArgs, Switches),
    file: ConfigFile,
) -> Settings {
    let count = |id, count: u8, file| typed.pick(id, Some(count), file, 0);
    let switch = |id, on: bool, file| typed.pick(id, Some(on), file, false);
    let text = |id, typed_in: Option<String>, file: Option<String>| typed.optional(id, typed_in, file);
    let export = of_export(typed, &switches.export, &file);
    Settings {
        file: path,
        lib: typed.pick("lib", common.lib, file.lib, PathBuf::from(".")),
        client_secret: typed.optional("client_secret", common.client_secret, file.client_secret),
        progress: typed.pick(
            "progress",
            common.progress,
            file.progress,
            ProgressMode::default(),
        ),
        color: typed.pick("color", common.color, file.color, Color::default()),
        quiet: count("quiet", common.quiet, file.quiet),
        verbose: count("verbose", common.verbose, file.verbose),
        google_endpoint: typed.optional("google_endpoint", common.google_endpoint, file.google_endpoint),
        strategy: typed.pick("strategy", sync.strategy, file.strategy, StrategyArg::default()),
        workers: typed.pick("workers", sync.workers, file.workers, Workers::default()),
        dry_run: switch("dry_run", sync.dry_run, file.dry_run),
        delay: typed.pick("delay", sync.delay, file.delay, DELAY),
        retry_pause: typed.pick("retry_pause", sync.retry_pause, file.retry_pause, RETRY_PAUSE),
        quota: typed.pick("quota", sync.quota, file.quota, QuotaArg::default()),
        stall_timeout: typed.pick(
            "stall_timeout",
            sync.stall_timeout,
            file.stall_timeout,
            STALL_TIMEOUT,
        ),
        wait: switch("wait", sync.wait, file.wait),
        no_browser: switch("no_browser", switches.login.no_browser, file.no_browser),
        local_only: switch("local_only", switches.logout.local_only, file.local_only),
        max: typed.pick("max", switches.choice.max, file.max, MOST_ITEMS),
        again: switch("again", switches.choice.again, file.again),
        album: text("album", switches.choice.album, file.album),
        export,
        since: typed.optional("since", switches.filter.since, file.since),
        bucket: typed.optional("bucket", switches.filter.bucket, file.bucket),
        failed: switch("failed", switches.status.failed, file.failed),
        json: switch("json", switches.status.json, file.json),
        quick: switch("quick", switches.check.quick, file.quick),
        repair: switch("repair", switches.check.repair, file.repair),
        report: typed.optional("report", sync.report, file.report),
        on_finish: text("on_finish", sync.on_finish, file.on_finish),
    }
}

/// What holds of the options of `takeout`.
fn of_export(typed: &Typed<'_>, typed_in: &ExportArgs, file: &ConfigFile) -> ExportSettings {
    let switch = |id, on: bool, file| typed.pick(id, Some(on), file, false);
    ExportSettings {
        edited: typed.pick("edited", typed_in.edited, file.edited, EditedArg::default()),
        trashed: switch("trashed", typed_in.trashed, file.trashed),
        locked: switch("locked", typed_in.locked, file.locked),
        no_archived: switch("no_archived", typed_in.no_archived, file.no_archived),
        albums: typed.pick("albums", typed_in.albums, file.albums, AlbumsArg::default()),
        sidecars: typed.pick(
            "sidecars",
            typed_in.sidecars,
            file.sidecars,
            SidecarsArg::default(),
        ),
        partial: switch("partial", typed_in.partial, file.partial),
        fix_extensions: switch("fix_extensions", typed_in.fix_extensions, file.fix_extensions),
    }
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;
    use crate::cli::commands::config_view::rows;

    fn resolve(line: &str) -> Settings {
        let matches = Cli::defined()
            .try_get_matches_from(line.split_whitespace())
            .unwrap();
        Settings::resolve(Cli::from_arg_matches(&matches).unwrap(), &matches).unwrap()
    }

    #[test]
    fn flag_before_file_before_default() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "workers = 5\nquota = 'exit'\nverbose = 2\nwait = true").unwrap();
        let settings = resolve(&format!(
            "gphotosync --config {} sync --workers 7",
            path.display()
        ));
        assert_eq!(
            settings.workers,
            Setting {
                value: Workers::Fixed(7),
                origin: Origin::Flag
            }
        );
        assert_eq!(
            settings.quota,
            Setting {
                value: QuotaArg::Exit,
                origin: Origin::File
            }
        );
        assert_eq!(
            settings.wait,
            Setting {
                value: true,
                origin: Origin::File
            }
        );
        assert_eq!(settings.delay.origin, Origin::Default);
        assert_eq!(settings.verbosity(), Verbosity::Debug);
    }

    #[test]
    fn options_of_sync_count_before_and_after_the_word() {
        for line in [
            "gphotosync --workers 7 sync",
            "gphotosync sync --workers 7",
            "gphotosync --workers 7",
        ] {
            assert_eq!(
                resolve(line).workers,
                Setting {
                    value: Workers::Fixed(7),
                    origin: Origin::Flag
                },
                "{line}"
            );
        }
    }

    #[test]
    fn every_setting_is_shown() {
        let fields = format!("{:?}", resolve("gphotosync"));
        for (name, ..) in rows(&resolve("gphotosync")) {
            assert!(fields.contains(&format!("{name}: Setting")), "{name}");
        }
        assert_eq!(
            fields.matches(": Setting {").count(),
            rows(&resolve("gphotosync")).len()
        );
    }
}
