//! `gphotosync sync`: the main job.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::time::Instant;

use super::args::StrategyArg;
use super::console::{Console, is_attended, to_stderr};
use super::exit::ExitStatus;
use super::failure::Failure;
use super::settings::Settings;
use super::{connect, library_folder};
use crate::library::disk::DiskLibrary;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::index::RunRow;
use crate::library::layout::Strategy;
use crate::pace::retry::RetryPolicy;
use crate::pipeline::summary::{Bucket, Counts, Ending, Summary};
use crate::pipeline::{Backup, Mode};
use crate::report::{Event, Reporter};
use crate::shutdown::Shutdown;
use crate::source::Source as _;
use crate::source::google::http::Http;
use crate::source::google::sign_in::{
    Client, Grant, GrantTokens, LIBRARY_SCOPE, OAuth, Request, sign_in, stored_grant,
};
use crate::source::library_api::LibraryApi;

/// Fetches everything that is new. What went wrong before the run began is a `Failure`; the rest is in the summary.
pub(super) async fn sync(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    let mode = if settings.dry_run.value {
        Mode::Plan
    } else {
        Mode::Fetch
    };
    open_and_run(
        settings,
        reporter,
        Errand {
            mode,
            everywhere: false,
        },
    )
    .await
}

/// Takes over what another tool left in the folder, and fetches nothing.
pub(super) async fn adopt(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    let mode = if settings.dry_run.value {
        Mode::Plan
    } else {
        Mode::Adopt
    };
    open_and_run(
        settings,
        reporter,
        Errand {
            mode,
            everywhere: true,
        },
    )
    .await
}

/// What a run is for.
#[derive(Clone, Copy)]
struct Errand {
    mode: Mode,
    /// Look for items anywhere in the folder, not only where the layout wants them.
    everywhere: bool,
}

async fn open_and_run(
    settings: &Settings,
    reporter: Arc<dyn Reporter>,
    errand: Errand,
) -> Result<ExitStatus, Failure> {
    let planning = errand.mode == Mode::Plan;
    let root = if planning {
        library_folder::existing(&settings.lib.value)?
    } else {
        library_folder::prepare(&settings.lib.value)?
    };
    let client = connect::client(settings)?;
    let _lock = if planning && !root.join(OWN_FOLDER).exists() {
        None
    } else {
        let told = |holder: &str| to_stderr(&format!("Waiting for {holder} to finish with the library."));
        Some(library_folder::lock(&root, settings.wait.value, told).await?)
    };
    let shutdown =
        Shutdown::on_signals().map_err(|error| Failure::stopped(format!("no signals: {error}")))?;
    let grant = usable_grant(settings, &client, &root).await?;
    let library = open_library(settings, &root, &reporter, errand).await?;
    let run = Run {
        settings,
        root: &root,
        reporter,
        shutdown,
        library: Arc::new(library),
        mode: errand.mode,
    };
    run.go(client, grant).await
}

async fn open_library(
    settings: &Settings,
    root: &Path,
    reporter: &Arc<dyn Reporter>,
    errand: Errand,
) -> Result<DiskLibrary, Failure> {
    let strategy = match settings.strategy.value {
        StrategyArg::Unixhex => Strategy::UnixHex,
        StrategyArg::Id => Strategy::Id,
    };
    let library = if errand.mode == Mode::Plan {
        DiskLibrary::for_planning(root, strategy, Arc::clone(reporter))?
    } else {
        DiskLibrary::open(root, strategy, Arc::clone(reporter))?
    };
    Ok(if errand.everywhere {
        library.looking_everywhere().await?
    } else {
        library
    })
}

/// The grant on disk, or a new one if somebody is there to give it.
async fn usable_grant(settings: &Settings, client: &Client, root: &Path) -> Result<Grant, Failure> {
    match stored_grant(root, client, LIBRARY_SCOPE) {
        Ok(grant) => Ok(grant),
        Err(_) if is_attended() && !settings.dry_run.value => {
            let oauth = connect::oauth(settings)?;
            Ok(sign_in(
                &oauth,
                client,
                root,
                &Request::new(LIBRARY_SCOPE),
                &Console::new(),
            )
            .await?)
        }
        Err(error) => Err(error.into()),
    }
}

struct Run<'a> {
    settings: &'a Settings,
    root: &'a Path,
    reporter: Arc<dyn Reporter>,
    shutdown: Shutdown,
    library: Arc<DiskLibrary>,
    mode: Mode,
}

impl Run<'_> {
    async fn go(self, client: Client, grant: Grant) -> Result<ExitStatus, Failure> {
        let pace = connect::pace(self.settings, Arc::clone(&self.reporter), self.shutdown.clone());
        let http = connect::http(self.settings, Arc::clone(&pace))?;
        let source = self.source(http, client, grant);
        let (library, dry_run) = (self.root, self.mode != Mode::Fetch);
        let started = Utc::now();
        self.reporter.report(&Event::RunStarted {
            source: source.name(),
            library,
            dry_run,
        });
        let summary = match self.wait_a_little().await {
            Some(()) => self.backup(source, pace).run().await,
            None => nothing_done(source.name(), dry_run),
        };
        self.reporter.report(&Event::RunFinished { summary: &summary });
        if self.mode != Mode::Plan {
            self.library
                .remember_run(row_of(&summary, started.timestamp()))
                .await?;
        }
        Ok(ExitStatus::from(&summary))
    }

    fn source(&self, http: Http, client: Client, grant: Grant) -> LibraryApi {
        let tokens = GrantTokens::new(OAuth::new(http.clone()), client, self.root, grant);
        LibraryApi::new(
            http,
            Arc::new(tokens),
            RetryPolicy::default(),
            Arc::clone(&self.reporter),
        )
    }

    fn backup(&self, source: LibraryApi, pace: Arc<crate::pace::Pace>) -> Backup {
        Backup {
            source: Arc::new(source),
            library: Arc::clone(&self.library) as _,
            pace,
            reporter: Arc::clone(&self.reporter),
            shutdown: self.shutdown.clone(),
            policy: RetryPolicy::default(),
            mode: self.mode,
        }
    }

    /// When nobody watches, a random delay, so that the crontabs of the world do not strike in step.
    /// `None` when the user stopped it meanwhile.
    async fn wait_a_little(&self) -> Option<()> {
        let most = self.settings.delay.value.0;
        if is_watched() || most.is_zero() {
            return Some(());
        }
        let delay = most.mul_f64(fastrand::f64());
        self.reporter.report(&Event::StartDelay { delay });
        tokio::select! {
            () = tokio::time::sleep_until(Instant::now() + delay) => Some(()),
            () = self.shutdown.draining() => None,
        }
    }
}

fn is_watched() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr())
}

fn nothing_done(source: &'static str, dry_run: bool) -> Summary {
    let (counts, elapsed) = (Counts::default(), Duration::ZERO);
    Summary {
        source,
        found: 0,
        counts,
        bytes: 0,
        renamed: 0,
        elapsed,
        dry_run,
        ending: Ending::Interrupted,
    }
}

fn row_of(summary: &Summary, started: i64) -> RunRow {
    let (ending, reason) = match &summary.ending {
        Ending::Complete => ("complete", None),
        Ending::Interrupted => ("interrupted", None),
        Ending::QuotaSpent { .. } => ("quota_spent", None),
        Ending::SignInNeeded { reason } => ("sign_in_needed", Some(reason)),
        Ending::Stopped { reason } => ("stopped", Some(reason)),
    };
    let buckets: serde_json::Map<_, _> = Bucket::ALL
        .iter()
        .map(|bucket| (bucket.word().to_owned(), summary.counts.of(*bucket).into()))
        .collect();
    let json = serde_json::json!({
        "found": summary.found, "buckets": buckets, "bytes": summary.bytes, "renamed": summary.renamed, "reason": reason,
    });
    RunRow {
        started,
        ended: Utc::now().timestamp(),
        source: summary.source.to_owned(),
        ending: ending.to_owned(),
        summary: json.to_string(),
    }
}
