//! `gphotosync sync`: the main job.

pub(crate) mod afterwards;
pub(crate) mod quota_book;
mod systemd;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::cli::commands::sync::afterwards::{buckets, ending_word, reason, tended};
use crate::cli::commands::sync::quota_book::QuotaBook;
use crate::cli::connect;
use crate::cli::console::{Console, is_attended};
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::library::LibraryError;
use crate::library::disk::DiskLibrary;
use crate::library::disk::surroundings::Tended;
use crate::library::index::RunRow;
use crate::pace::retry::RetryPolicy;
use crate::pipeline::summary::{Counts, Ending, Summary};
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
pub(crate) async fn sync(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    run_and_tend(settings, reporter, Errand::new(settings, Mode::Fetch)).await
}

/// Takes over what another tool left in the folder, and fetches nothing.
pub(crate) async fn adopt(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    run_and_tend(settings, reporter, Errand::new(settings, Mode::Adopt)).await
}

/// What a run is for.
#[derive(Clone, Copy)]
struct Errand {
    mode: Mode,
    /// Look for items anywhere in the folder, not only where the layout wants them.
    everywhere: bool,
}

impl Errand {
    /// Does this, or only says what it would do. Another tool's files may lie anywhere.
    fn new(settings: &Settings, mode: Mode) -> Self {
        Self {
            mode: if settings.dry_run.value { Mode::Plan } else { mode },
            everywhere: mode == Mode::Adopt,
        }
    }
}

/// Does the errand, and afterwards what the user wants done whatever came of it.
async fn run_and_tend(
    settings: &Settings,
    reporter: Arc<dyn Reporter>,
    errand: Errand,
) -> Result<ExitStatus, Failure> {
    let run = async {
        let ran = open_and_run(settings, reporter, errand).await;
        systemd::stopping();
        ran
    };
    tended(settings, run).await
}

async fn open_and_run(
    settings: &Settings,
    reporter: Arc<dyn Reporter>,
    errand: Errand,
) -> Result<Summary, Failure> {
    let planning = errand.mode == Mode::Plan;
    let root = if planning {
        library_folder::existing(&settings.lib.value)?
    } else {
        library_folder::prepare(&settings.lib.value)?
    };
    let client = connect::client(settings)?;
    let _lock = library_folder::lock_for(&root, settings.wait.value, planning).await?;
    let shutdown = Shutdown::on_signals().map_err(|error| Failure::no_signals(&error))?;
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
    let library = if errand.mode == Mode::Plan {
        DiskLibrary::for_planning(root, settings.layout_strategy(), Arc::clone(reporter))?
    } else {
        DiskLibrary::open(root, settings.layout_strategy(), Arc::clone(reporter))?
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
    async fn go(self, client: Client, grant: Grant) -> Result<Summary, Failure> {
        let pace = connect::pace(self.settings, Arc::clone(&self.reporter), self.shutdown.clone());
        let http = connect::http(self.settings, Arc::clone(&pace))?;
        let client_id = client.id.clone();
        let source = self.source(http, client, grant);
        let (library, dry_run) = (self.root, self.mode != Mode::Fetch);
        let started = Utc::now();
        systemd::ready();
        self.reporter.report(&Event::RunStarted {
            source: source.name(),
            library,
            dry_run,
        });
        // Which may report a pause at once, so it comes after the beginning.
        let book = QuotaBook::open(
            &client_id,
            Arc::clone(&self.library),
            Arc::clone(&pace),
            Arc::clone(&self.reporter),
        );
        let book = book.await?;
        let name = source.name();
        let work = async {
            match self.wait_a_little().await {
                Some(()) => self.backup(source, pace).run().await,
                None => nothing_done(name, dry_run),
            }
        };
        // Neither the book nor the watchdog ever ends before the work does.
        let summary = tokio::select! {
            summary = work => summary,
            () = book.keep() => nothing_done(name, dry_run),
            () = systemd::stay_alive() => nothing_done(name, dry_run),
        };
        self.reporter.report(&Event::RunFinished { summary: &summary });
        if self.mode != Mode::Plan {
            tend_surroundings(&self.library).await;
            book.write().await?;
            self.library.remember_run(row_of(&summary, started)).await?;
        }
        Ok(summary)
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

/// What is to be said of a run that never began.
pub(crate) fn nothing_done(source: &'static str, dry_run: bool) -> Summary {
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
        entries: BTreeMap::new(),
    }
}

/// Makes album links and sidecars what the index says. They can be made again at any time, so their failure is told and
/// fails no run.
pub(crate) async fn tend_surroundings(library: &DiskLibrary) {
    told_of(library.tend_surroundings().await);
}

/// Says what failed, if anything did.
pub(crate) fn told_of(tended: Result<Tended, LibraryError>) -> Option<Tended> {
    if let Err(error) = &tended {
        tracing::error!(
            "the folders of albums and the sidecars are not up to date: {}; the next run tries again",
            error.explained()
        );
    }
    tended.ok()
}

/// A run, as the index remembers it.
pub(crate) fn row_of(summary: &Summary, started: DateTime<Utc>) -> RunRow {
    let json = serde_json::json!({
        "found": summary.found, "buckets": buckets(summary), "bytes": summary.bytes, "renamed": summary.renamed,
        "reason": reason(&summary.ending), "entries": summary.entries,
    });
    RunRow {
        started: started.timestamp(),
        ended: Utc::now().timestamp(),
        source: summary.source.to_owned(),
        ending: ending_word(&summary.ending).to_owned(),
        summary: json.to_string(),
    }
}
