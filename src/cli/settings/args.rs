//! What the user typed, and nothing more: no defaults, no files, no objects.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Args, CommandFactory as _, Parser, Subcommand};

use super::choices::Color;
use super::command_args::{
    AdoptArgs, CheckArgs, ChoiceArgs, ExplainArgs, ExportArgs, FilterArgs, ListArgs, LoginArgs, LogoutArgs,
    PickArgs, StatusArgs, SyncArgs, TakeoutArgs, VerifyArgs,
};
use super::values::ServerAddress;
use crate::report::mode::ProgressMode;

/// What `--help` ends with.
const AFTER_HELP: &str = "\
Three routes lead from Google Photos to your disk:
  sync      what programs of your own Google Cloud project uploaded, every night
  pick      what you pick yourself, up to 2,000 photos and videos at a time
  takeout   the whole library in original quality, from the archives of takeout.google.com

Exit codes:
  0    complete                     4    sign-in needed
  1    stopped by an error          5    stopped by quota; safe to run again
  2    wrong usage                  6    library in use by another gphotosync
  3    finished with failed items   130  interrupted

Every option can also be set by an environment variable (--lib: GPHOTOSYNC_LIB) or in the
configuration file (lib = \"…\"). `gphotosync config` shows what holds and where it comes from.";

/// Brings your Google Photos onto your own disk, and fetches only what is new next time.
#[derive(Debug, Parser)]
#[command(name = "gphotosync", version, after_help = AFTER_HELP, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = false, subcommand_negates_reqs = true)]
pub(crate) struct Cli {
    /// What to do; without it, `sync`, or where nothing is set up, the choice of a route.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Options of `sync`.
    #[command(flatten)]
    pub(crate) sync: SyncArgs,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) common: Common,
}

impl Cli {
    /// The definition of the command line, as it holds in this process's environment.
    pub(crate) fn defined() -> clap::Command {
        in_environment(Self::command())
    }
}

/// What variables hold is not told in help texts, one that is empty counts as not set, as shells have it, and a switch
/// may be set to `1` and `yes` as well as `true`.
fn in_environment(command: clap::Command) -> clap::Command {
    let settled = |arg: Arg| {
        let is_empty = arg
            .get_env()
            .and_then(std::env::var_os)
            .is_some_and(|value| value.is_empty());
        let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
        let arg = arg.hide_env_values(true);
        let arg = if is_switch {
            arg.value_parser(BoolishValueParser::new())
        } else {
            arg
        };
        if is_empty { arg.env(None) } else { arg }
    };
    command.mut_args(settled).mut_subcommands(in_environment)
}

/// The switches that only one command has, for those who show all settings.
#[derive(Debug, Parser)]
pub(crate) struct Switches {
    /// Of `login`.
    #[command(flatten)]
    pub(crate) login: LoginArgs,
    /// Of `logout`.
    #[command(flatten)]
    pub(crate) logout: LogoutArgs,
    /// Of `pick`.
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// Of `takeout`.
    #[command(flatten)]
    pub(crate) export: ExportArgs,
    /// Of `status`.
    #[command(flatten)]
    pub(crate) status: StatusArgs,
    /// Of `list`.
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Of `verify`.
    #[command(flatten)]
    pub(crate) check: CheckArgs,
}

impl Switches {
    /// Their definition, as it holds in this process's environment.
    pub(crate) fn defined() -> clap::Command {
        in_environment(Self::command())
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch everything that is new (the default)
    Sync(SyncArgs),
    /// Pick photos and videos in your browser or on your phone, and have them here
    Pick(PickArgs),
    /// Import the archives of a Google Takeout export, as they are
    Takeout(TakeoutArgs),
    /// Sign in to Google; works over SSH by pasting the final address back
    Login(LoginArgs),
    /// Revoke the grant at Google and remove the local token
    Logout(LogoutArgs),
    /// Show what the library holds, the last run, and what waits or failed and why
    Status(StatusArgs),
    /// Read all files again and compare them with the index
    Verify(VerifyArgs),
    /// Take over a folder that another tool filled or whose index was lost
    Adopt(AdoptArgs),
    /// List what is here, with all that is known of it; filter it by album, date and state
    List(ListArgs),
    /// Tell one item's whole story: origin, name and why, state, what comes next
    Explain(ExplainArgs),
    /// Check the set-up, and say what to do about what is wrong
    Doctor,
    /// Show the effective settings and where each comes from
    Config,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// The page of this command instead of the whole program's
        command: Option<String>,
    },
}

/// Options of every command.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Common {
    /// The library folder [default: the current one]
    #[arg(long, global = true, value_name = "PATH", env = "GPHOTOSYNC_LIB")]
    pub(crate) lib: Option<PathBuf>,
    /// The configuration file [default: gphotosync/config.toml in your configuration folder]
    #[arg(long, global = true, value_name = "PATH", env = "GPHOTOSYNC_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The OAuth client file, if the library holds no `.client_secret.json`
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "GPHOTOSYNC_CLIENT_SECRET_FILE"
    )]
    pub(crate) client_secret: Option<PathBuf>,
    /// How to show progress [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "HOW",
        value_enum,
        env = "GPHOTOSYNC_PROGRESS"
    )]
    pub(crate) progress: Option<ProgressMode>,
    /// Whether to use colour [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        env = "GPHOTOSYNC_COLOR"
    )]
    pub(crate) color: Option<Color>,
    /// Show only problems (-qq: only what stops the run)
    #[arg(short, long, global = true, action = ArgAction::Count, env = "GPHOTOSYNC_QUIET")]
    pub(crate) quiet: u8,
    /// Show more (-vv, -vvv: even more)
    #[arg(short, long, global = true, action = ArgAction::Count, env = "GPHOTOSYNC_VERBOSE")]
    pub(crate) verbose: u8,
    /// Advanced: one compatible server for all of Google's services, told apart by path prefix
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "GPHOTOSYNC_GOOGLE_ENDPOINT",
        hide_short_help = true
    )]
    pub(crate) google_endpoint: Option<ServerAddress>,
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::settings::choices::StrategyArg;
    use crate::cli::settings::predecessor::modernised;
    use crate::cli::settings::values::Workers;

    fn parse(line: &str) -> Cli {
        let words = line.split_whitespace().map(OsString::from);
        Cli::try_parse_from(modernised(words)).unwrap()
    }

    #[test]
    fn clap_finds_no_contradiction() {
        Cli::defined().debug_assert();
        Switches::defined().debug_assert();
    }

    #[test]
    fn the_predecessors_spellings() {
        let cli = parse("gphotosync -lib /photos -strategy id");
        assert_eq!(cli.common.lib, Some("/photos".into()));
        assert_eq!(cli.sync.strategy, Some(StrategyArg::Id));
        let cli = parse("gphotosync -lib=/photos -strategy=unixhex -q");
        assert_eq!((cli.common.lib, cli.common.quiet), (Some("/photos".into()), 1));
    }

    #[test]
    fn options_may_stand_on_both_sides_of_the_command() {
        let cli = parse("gphotosync --lib a sync --workers 3");
        assert_eq!(cli.common.lib, Some("a".into()));
        let Some(Command::Sync(args)) = cli.command else {
            panic!("not sync")
        };
        assert_eq!(args.workers, Some(Workers::Fixed(3)));
        assert_eq!(parse("gphotosync sync --lib a").common.lib, Some("a".into()));
    }
}
