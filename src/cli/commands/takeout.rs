//! `gphotosync takeout`: the archives of a Google Takeout export are looked through, understood, and imported.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;

use super::sync::afterwards::tended;
use super::sync::{nothing_done, row_of};
use super::takeout_facts::take_up;
use super::takeout_ledger::accounted;
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::cli::settings::choices::EditedArg;
use crate::cli::settings::values::Workers;
use crate::library::LibraryError;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::disk::{DiskLibrary, INDEX_FILE};
use crate::library::index::{Index, items};
use crate::media::MediaId;
use crate::pace::backoff::BackoffOptions;
use crate::pace::retry::RetryPolicy;
use crate::pace::window::Window;
use crate::pace::{OnQuota, Pace, PaceOptions};
use crate::pipeline::summary::{Bucket, Ending, Summary};
use crate::pipeline::{Backup, Mode};
use crate::report::printable::printable_lines;
use crate::report::{Event, Reporter};
use crate::shutdown::Shutdown;
use crate::source::takeout::archive::{Finding, Found, PartFault};
use crate::source::takeout::{EntryBuckets, Import, Kept, NAME, Takeout, Wishes, Witness, reading};

/// What is said after an import that went on without some parts.
const WAITING_FOR_PARTS: &str = "what lies in parts that are missing or damaged waits for them: import again when they \
                                 are here, and only that is added";

/// Imports what lies at `paths`.
pub(crate) async fn takeout(
    settings: &Settings,
    paths: &[PathBuf],
    reporter: Arc<dyn Reporter>,
) -> Result<ExitStatus, Failure> {
    tended(settings, begin_and_go(settings, paths, reporter)).await
}

async fn begin_and_go(
    settings: &Settings,
    paths: &[PathBuf],
    reporter: Arc<dyn Reporter>,
) -> Result<Summary, Failure> {
    let planning = settings.dry_run.value;
    let root = if planning {
        library_folder::planned(&settings.lib.value)?
    } else {
        library_folder::prepare(&settings.lib.value)?
    };
    no_library_of_its_own(&root, paths)?;
    let found = look(settings, paths).await?;
    let _lock = library_folder::lock_for(&root, settings.wait.value, planning).await?;
    let shutdown = Shutdown::on_signals().map_err(|error| Failure::no_signals(&error))?;
    let importing = Importing {
        settings,
        root: &root,
        reporter,
        shutdown,
        planning,
    };
    importing.go(found).await
}

/// A library is no export, though with sidecars from exports it may look like one.
fn no_library_of_its_own(root: &Path, paths: &[PathBuf]) -> Result<(), Failure> {
    let is_library = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| path == root);
    match paths.iter().find(is_library) {
        Some(path) => Err(Failure::stopped(format!(
            "{} is the library itself, and no export",
            path.display()
        ))
        .advise("Give the parts of the export, or the folder they are in; --lib names the library.")),
        None => Ok(()),
    }
}

/// Looks for parts, and ends here if some are missing or damaged and the user has not said to go on.
async fn look(settings: &Settings, paths: &[PathBuf]) -> Result<Found, Failure> {
    let paths = paths.to_vec();
    let found = blocking(move || Found::look(&paths)).await?;
    match blocked(settings, found.findings()) {
        Some(failure) => Err(failure),
        None => Ok(found),
    }
}

/// What keeps an import from starting.
fn blocked(settings: &Settings, findings: &[Finding]) -> Option<Failure> {
    let blocking: Vec<_> = findings.iter().filter(|finding| finding.is_blocking).collect();
    if blocking.is_empty() || settings.export.partial.value {
        return None;
    }
    let sentences: Vec<_> = findings.iter().map(|finding| finding.sentence.as_str()).collect();
    let message = match sentences.as_slice() {
        [one] => (*one).to_owned(),
        all => format!("the export is not ready to be imported:\n  {}", all.join("\n  ")),
    };
    Some(Failure::stopped(printable_lines(&message)))
}

/// An import under way.
struct Importing<'a> {
    settings: &'a Settings,
    root: &'a Path,
    reporter: Arc<dyn Reporter>,
    shutdown: Shutdown,
    planning: bool,
}

impl Importing<'_> {
    async fn go(&self, found: Found) -> Result<Summary, Failure> {
        let started = Utc::now();
        self.reporter.report(&Event::RunStarted {
            source: NAME,
            library: self.root,
            dry_run: self.planning,
        });
        let known = found.findings().len();
        for finding in found.findings() {
            self.tell(&finding.sentence);
        }
        let summary = match self.read(found).await? {
            Some(import) => match blocked(
                self.settings,
                &import.findings()[known.min(import.findings().len())..],
            ) {
                Some(failure) => self.ended(Ending::Stopped {
                    reason: failure.message,
                }),
                None => self.import(import, known).await?,
            },
            None => self.ended(Ending::Interrupted),
        };
        self.reporter.report(&Event::RunFinished { summary: &summary });
        if !self.planning {
            self.remember(&summary, started).await?;
        }
        Ok(summary)
    }

    fn tell(&self, sentence: &str) {
        let text = format!("{sentence}.");
        self.reporter.report(&Event::Notice { text: &text });
    }

    fn ended(&self, ending: Ending) -> Summary {
        Summary {
            ending,
            ..nothing_done(NAME, self.planning)
        }
    }

    /// Looks through all parts; nothing if the user stopped it meanwhile.
    async fn read(&self, found: Found) -> Result<Option<Arc<Import>>, Failure> {
        let wishes = wishes(self.settings);
        let (reporter, shutdown) = (Arc::clone(&self.reporter), self.shutdown.clone());
        let index = self.root.join(OWN_FOLDER).join(INDEX_FILE);
        let read = blocking(move || {
            // Without an index nothing is here.
            let index = index.exists().then(|| Index::read_only(&index).ok()).flatten();
            let is_here = |id: &MediaId| {
                let found = index
                    .as_ref()
                    .map(|index| index.read(|db| items::is_here(db, NAME, id.as_str())));
                matches!(found, Some(Ok(true)))
            };
            let (total, mut so_far) = (found.index_cost(), 0);
            reading::read(found, (wishes, &is_here), &mut |bytes| {
                so_far += bytes;
                reporter.report(&Event::Indexing { read: so_far, total });
                if shutdown.is_draining() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
        });
        match read.await? {
            Ok(import) => Ok(Some(Arc::new(import))),
            Err(PartFault::Stopped) => Ok(None),
            Err(fault) => Err(Failure::stopped(format!("a part {fault}"))),
        }
    }

    async fn import(&self, import: Arc<Import>, known: usize) -> Result<Summary, Failure> {
        for finding in import.findings().iter().skip(known) {
            self.tell(&finding.sentence);
        }
        let refusals = [import.refusals(), import.failed_at_google()].concat();
        for sentence in refusals.iter().chain(&import.unread) {
            self.tell(sentence);
        }
        if import.len() == 0 && import.left_out.total() == 0 {
            return Ok(self.ended(Ending::Stopped {
                reason: import.nothing_found(),
            }));
        }
        self.reporter.report(&Event::Sized {
            items: import.len() as u64,
            bytes: import.total_bytes(),
        });
        let witness = Arc::new(Witness::new(Arc::clone(&import), Arc::clone(&self.reporter)));
        let summary = self.run(&import, &witness).await?;
        for sentence in [import.left_out.remarks(), import.left_waiting()].concat() {
            self.tell(&sentence);
        }
        if import.findings().iter().any(|finding| finding.is_blocking) {
            self.tell(WAITING_FOR_PARTS);
        }
        let entries = {
            let (import, wishes) = (Arc::clone(&import), wishes(self.settings));
            // A plan brings nothing, and what a run that was stopped did not come to is still to be brought.
            let is_over = !self.planning && summary.ending == Ending::Complete;
            let root = is_over.then(|| self.root.to_owned());
            blocking(move || accounted(&import, &witness, wishes, root.as_deref())).await?
        };
        Ok(counted_up(summary, &import, entries))
    }

    async fn run(&self, import: &Arc<Import>, witness: &Arc<Witness>) -> Result<Summary, Failure> {
        let library = Arc::new(self.library(witness)?);
        let spool = self.root.join(OWN_FOLDER).join("staging");
        let backup = Backup {
            source: Arc::new(Takeout::new(Arc::clone(import), witness, &spool)),
            library: Arc::clone(&library) as _,
            pace: self.pace(),
            reporter: Arc::clone(witness) as _,
            shutdown: self.shutdown.clone(),
            policy: RetryPolicy::default(),
            mode: if self.planning { Mode::Plan } else { Mode::Fetch },
        };
        let mut summary = backup.run().await;
        // What a run that was stopped did not come to is told by the next one.
        if !self.planning && summary.ending == Ending::Complete {
            self.reporter.report(&Event::Tending);
            let place = (self.settings, self.root);
            let taken_up = take_up(place, &library, import, &self.shutdown).await?;
            for sentence in &taken_up.sentences {
                self.tell(sentence);
            }
            if taken_up.is_cut_short {
                summary.ending = Ending::Interrupted;
            }
        }
        Ok(summary)
    }

    fn library(&self, witness: &Arc<Witness>) -> Result<DiskLibrary, LibraryError> {
        let (strategy, reporter) = (self.settings.layout_strategy(), Arc::clone(witness) as _);
        if self.planning {
            DiskLibrary::for_planning(self.root, strategy, reporter)
        } else {
            DiskLibrary::open(self.root, strategy, reporter)
        }
    }

    /// As many files at once as there are cores: unpacking and hashing is what takes time.
    fn pace(&self) -> Arc<Pace> {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        Arc::new(Pace::new(PaceOptions {
            window: Window::fixed(match self.settings.workers.value {
                Workers::Auto => cores(),
                Workers::Fixed(count) => count,
            }),
            backoff: BackoffOptions {
                retry_pause: self.settings.retry_pause.value.0,
            },
            on_quota: OnQuota::Wait,
            reporter: Arc::clone(&self.reporter),
            shutdown: self.shutdown.clone(),
            clock: Utc::now,
        }))
    }

    async fn remember(&self, summary: &Summary, started: chrono::DateTime<Utc>) -> Result<(), Failure> {
        let library = DiskLibrary::open(
            self.root,
            self.settings.layout_strategy(),
            Arc::new(crate::report::Silent),
        )?;
        Ok(library.remember_run(row_of(summary, started)).await?)
    }
}

const fn wishes(settings: &Settings) -> Wishes {
    Wishes {
        kept: match settings.export.edited.value {
            EditedArg::Both => Kept::Both,
            EditedArg::Edited => Kept::Edited,
            EditedArg::Original => Kept::Original,
        },
        trashed: settings.export.trashed.value,
        locked: settings.export.locked.value,
        no_archived: settings.export.no_archived.value,
    }
}

/// The summary of a run, with what was never shown to the library, and with every entry of every part.
fn counted_up(summary: Summary, import: &Import, entries: EntryBuckets) -> Summary {
    let mut counts = summary.counts;
    let left_out = import.left_out.total();
    counts.set(Bucket::Filtered, counts.of(Bucket::Filtered) + left_out);
    // What the run never came to has its bucket too.
    let missing = (import.len() as u64).saturating_sub(summary.found);
    counts.set(Bucket::NotReached, counts.of(Bucket::NotReached) + missing);
    Summary {
        found: summary.found + missing + left_out,
        counts,
        entries,
        ..summary
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Failure::stopped(format!(
            "a part of the program failed ({error}); please report this"
        ))
    })
}
