//! What the user typed, and nothing more: no defaults, no files, no objects.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::cli::settings::values::{Pause, ServerAddress, Since, Workers};
use crate::library::index::State;
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

/// Options of `sync`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SyncArgs {
    /// What tells photos of one name apart: the time they were taken or their id [default: unixhex]
    #[arg(long, value_name = "HOW", value_enum, env = "GPHOTOSYNC_STRATEGY")]
    pub(crate) strategy: Option<StrategyArg>,
    /// Downloads at once: a number from 1 to 64, or auto [default: auto]
    #[arg(long, value_name = "N", env = "GPHOTOSYNC_WORKERS")]
    pub(crate) workers: Option<Workers>,
    /// Only say what would be fetched
    #[arg(long, env = "GPHOTOSYNC_DRY_RUN")]
    pub(crate) dry_run: bool,
    /// Start after a random delay of up to this long when nobody is watching; 0 turns it off [default: 60s]
    #[arg(long, value_name = "DURATION", env = "GPHOTOSYNC_DELAY")]
    pub(crate) delay: Option<Pause>,
    /// The first pause when Google asks to slow down without saying for how long; it doubles [default: 60s]
    #[arg(long, value_name = "DURATION", env = "GPHOTOSYNC_RETRY_PAUSE")]
    pub(crate) retry_pause: Option<Pause>,
    /// When the day's quota is used up: wait for midnight Pacific time, or exit with code 5 [default: wait]
    #[arg(long, value_name = "WHAT", value_enum, env = "GPHOTOSYNC_QUOTA")]
    pub(crate) quota: Option<QuotaArg>,
    /// Give up a connection on which nothing arrives for this long, and try again [default: 60s]
    #[arg(
        long,
        value_name = "DURATION",
        env = "GPHOTOSYNC_STALL_TIMEOUT",
        hide_short_help = true
    )]
    pub(crate) stall_timeout: Option<Pause>,
    /// Write what came of the run to this file, as JSON
    #[arg(long, value_name = "FILE", env = "GPHOTOSYNC_REPORT")]
    pub(crate) report: Option<PathBuf>,
    /// Run this command when the run is over; environment variables tell it the outcome
    #[arg(long, value_name = "COMMAND", env = "GPHOTOSYNC_ON_FINISH")]
    pub(crate) on_finish: Option<String>,
    /// Wait for another gphotosync that uses the library, instead of ending with code 6
    #[arg(long, env = "GPHOTOSYNC_WAIT")]
    pub(crate) wait: bool,
}

/// Options of `pick`.
#[derive(Clone, Debug, Args)]
pub(crate) struct PickArgs {
    /// What may be picked, and how often.
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// How to get to Google's page.
    #[command(flatten)]
    pub(crate) login: LoginArgs,
}

/// Options that only `pick` has.
#[derive(Clone, Debug, Args)]
pub(crate) struct ChoiceArgs {
    /// Pick at most so many at a time; Google allows no more than 2,000 [default: 2000]
    #[arg(long, value_name = "N", env = "GPHOTOSYNC_MAX", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max: Option<u32>,
    /// Go round after round, until you pick nothing
    #[arg(long, env = "GPHOTOSYNC_AGAIN")]
    pub(crate) again: bool,
    /// File what you pick under an album of this name
    #[arg(long, value_name = "NAME", env = "GPHOTOSYNC_ALBUM")]
    pub(crate) album: Option<String>,
}

/// Options of `takeout`.
#[derive(Clone, Debug, Args)]
pub(crate) struct TakeoutArgs {
    /// The parts (.zip, .tgz), folders full of them, or extracted folders, in any mix
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What of the export is wanted.
    #[command(flatten)]
    pub(crate) export: ExportArgs,
    /// Only say what would be imported
    #[arg(long, env = "GPHOTOSYNC_DRY_RUN")]
    pub(crate) dry_run: bool,
}

/// Options that only `takeout` has.
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct ExportArgs {
    /// Which versions of edited photos to keep [default: both]
    #[arg(long, value_name = "WHICH", value_enum, env = "GPHOTOSYNC_EDITED")]
    pub(crate) edited: Option<EditedArg>,
    /// Import what is in the trash too
    #[arg(long, env = "GPHOTOSYNC_TRASHED")]
    pub(crate) trashed: bool,
    /// Import what is in the locked folder too
    #[arg(long, env = "GPHOTOSYNC_LOCKED")]
    pub(crate) locked: bool,
    /// Leave out what is archived
    #[arg(long, env = "GPHOTOSYNC_NO_ARCHIVED")]
    pub(crate) no_archived: bool,
    /// How albums appear in albums/ [default: links]
    #[arg(long, value_name = "HOW", value_enum, env = "GPHOTOSYNC_ALBUMS")]
    pub(crate) albums: Option<AlbumsArg>,
    /// What is written beside photos about them [default: xmp]
    #[arg(long, value_name = "WHAT", value_enum, env = "GPHOTOSYNC_SIDECARS")]
    pub(crate) sidecars: Option<SidecarsArg>,
    /// Go on although parts are missing or damaged
    #[arg(long, env = "GPHOTOSYNC_PARTIAL")]
    pub(crate) partial: bool,
    /// Give files whose extension lies the one of what they are, earlier ones too; for good
    #[arg(long, env = "GPHOTOSYNC_FIX_EXTENSIONS")]
    pub(crate) fix_extensions: bool,
}

/// Options of `login`.
#[derive(Clone, Debug, Args)]
pub(crate) struct LoginArgs {
    /// Do not open a browser; print the address to open anywhere
    #[arg(long, env = "GPHOTOSYNC_NO_BROWSER")]
    pub(crate) no_browser: bool,
}

/// Options of `logout`.
#[derive(Clone, Debug, Args)]
pub(crate) struct LogoutArgs {
    /// Only remove the local token, without telling Google
    #[arg(long, env = "GPHOTOSYNC_LOCAL_ONLY")]
    pub(crate) local_only: bool,
}

/// Options of `status`.
#[derive(Clone, Debug, Args)]
pub(crate) struct StatusArgs {
    /// List every item that waits, failed or is unavailable, grouped by cause
    #[arg(long, env = "GPHOTOSYNC_FAILED")]
    pub(crate) failed: bool,
    /// Print JSON
    #[arg(long, env = "GPHOTOSYNC_JSON")]
    pub(crate) json: bool,
}

/// Options of `verify`.
#[derive(Clone, Debug, Args)]
pub(crate) struct VerifyArgs {
    /// What to check and what to do then.
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    /// Print a report in JSON
    #[arg(long, env = "GPHOTOSYNC_JSON")]
    pub(crate) json: bool,
    /// Wait for another gphotosync that uses the library
    #[arg(long, env = "GPHOTOSYNC_WAIT")]
    pub(crate) wait: bool,
}

/// Options that only `verify` has.
#[derive(Clone, Debug, Args)]
pub(crate) struct CheckArgs {
    /// Only compare lengths and modification times
    #[arg(long, env = "GPHOTOSYNC_QUICK")]
    pub(crate) quick: bool,
    /// Fetch afresh what is missing or damaged; what is there now is kept in .gphotosync/replaced
    #[arg(long, env = "GPHOTOSYNC_REPAIR")]
    pub(crate) repair: bool,
}

/// Options of `list`.
#[derive(Clone, Debug, Args)]
pub(crate) struct ListArgs {
    /// Which items.
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Only what is in an album of this title
    #[arg(long, value_name = "NAME", env = "GPHOTOSYNC_ALBUM")]
    pub(crate) album: Option<String>,
    /// Print one JSON object for each item, each in a line of its own
    #[arg(long, env = "GPHOTOSYNC_JSON")]
    pub(crate) json: bool,
}

/// Options that only `list` has.
#[derive(Clone, Debug, Args)]
pub(crate) struct FilterArgs {
    /// Only what was taken then or later: 2019, 2019-06, 2019-06-08, or an instant
    #[arg(long, value_name = "DATE", env = "GPHOTOSYNC_SINCE")]
    pub(crate) since: Option<Since>,
    /// Only what ended there: stored, found, waiting, unavailable or failed
    #[arg(
        long,
        value_name = "BUCKET",
        value_enum,
        env = "GPHOTOSYNC_BUCKET",
        hide_possible_values = true
    )]
    pub(crate) bucket: Option<BucketArg>,
}

/// Options of `adopt`.
#[derive(Debug, Args)]
pub(crate) struct AdoptArgs {
    /// Only say what would be taken over
    #[arg(long, env = "GPHOTOSYNC_DRY_RUN")]
    pub(crate) dry_run: bool,
}

/// What `explain` is asked about.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A file of the library, an entry of an export, an item's id, or a file name as Google shows it
    #[arg(value_name = "FILE|ENTRY|ID")]
    pub(crate) item: PathBuf,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BucketArg {
    /// All its files are here
    Stored,
    /// Nothing was done about it yet
    Found,
    /// Google is still working on it
    Waiting,
    /// Google cannot deliver it
    Unavailable,
    /// It could not be fetched
    Failed,
}

impl From<BucketArg> for State {
    fn from(bucket: BucketArg) -> Self {
        match bucket {
            BucketArg::Stored => Self::Stored,
            BucketArg::Found => Self::Found,
            BucketArg::Waiting => Self::Waiting,
            BucketArg::Unavailable => Self::Unavailable,
            BucketArg::Failed => Self::Failed,
        }
    }
}

/// What tells items of one name apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StrategyArg {
    /// The time taken, in hexadecimal nanoseconds since 1970
    #[default]
    Unixhex,
    /// The item's id
    Id,
}

/// What to do when the day's quota is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum QuotaArg {
    /// Sleep until it is full again
    #[default]
    Wait,
    /// End with code 5
    Exit,
}

/// Which versions of an edited photo to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EditedArg {
    /// The original, and the edited version beside it
    #[default]
    Both,
    /// The edited version in the place of the original
    Edited,
    /// The original alone
    Original,
}

/// How albums appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AlbumsArg {
    /// As folders of links to the files
    #[default]
    Links,
    /// As lists of the files
    List,
    /// Not at all; the index knows them
    None,
}

/// What is written beside photos about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SidecarsArg {
    /// XMP, as digiKam, Immich and darktable read it
    #[default]
    Xmp,
    /// What Google wrote, as JSON
    Json,
    /// Nothing
    None,
}

/// Options of the predecessor, which wrote them with one dash.
const ONE_DASH: [&str; 2] = ["lib", "strategy"];

/// Spells the predecessor's options (`-lib PATH`, `-strategy=id`) the way they are spelled now.
pub(crate) fn modernised(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    args.into_iter().map(modernised_one).collect()
}

fn modernised_one(arg: OsString) -> OsString {
    let is_old = arg
        .to_str()
        .and_then(|text| text.strip_prefix('-'))
        .is_some_and(|rest| {
            let name = rest.split_once('=').map_or(rest, |(name, _)| name);
            ONE_DASH.contains(&name)
        });
    if !is_old {
        return arg;
    }
    let mut modern = OsString::from("-");
    modern.push(arg);
    modern
}

#[cfg(test)]
mod tests {
    use super::*;

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
