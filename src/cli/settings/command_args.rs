//! The options of each command.

use std::path::PathBuf;

use clap::Args;

use super::choices::{AlbumsArg, BucketArg, EditedArg, QuotaArg, SidecarsArg, StrategyArg};
use super::values::{Pause, Since, Workers};

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
