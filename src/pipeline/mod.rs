//! How items flow from a source into a library: lister → bounded channel → workers.

mod berth;
mod channel;
mod lister;
mod run_state;
pub mod summary;
mod transfer;
mod worker;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use self::berth::PUT_AWAY;
use self::run_state::RunState;
use self::summary::{Ending, Outcome, Summary};
use crate::library::Library;
use crate::media::MediaItem;
use crate::pace::Pace;
use crate::pace::retry::RetryPolicy;
use crate::report::{Event, Reporter, WorkerId};
use crate::shutdown::{PATIENCE, Shutdown};
use crate::source::Source;

/// Items that wait for a worker. A few pages: enough that no worker idles while the next page travels, and few
/// enough that their links are still fresh when their turn comes.
const QUEUE: usize = 256;

/// After an abort, tasks get this long to put their pieces away.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// What a run does with the items that the library wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Fetch them.
    Fetch,
    /// Only look for them among what is here already, and fetch nothing.
    Adopt,
    /// Only say what would be done.
    Plan,
}

/// One run: everything `source` lists, brought into `library`.
pub struct Backup {
    /// Where items come from.
    pub source: Arc<dyn Source>,
    /// Where they go.
    pub library: Arc<dyn Library>,
    /// How fast.
    pub pace: Arc<Pace>,
    /// Who hears of it.
    pub reporter: Arc<dyn Reporter>,
    /// Who may stop it.
    pub shutdown: Shutdown,
    /// How often to try.
    pub policy: RetryPolicy,
    /// What to do with wanted items.
    pub mode: Mode,
}

impl fmt::Debug for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backup")
            .field("source", &self.source)
            .field("library", &self.library)
            .finish_non_exhaustive()
    }
}

/// What all tasks of a run share.
struct Context {
    source: Arc<dyn Source>,
    library: Arc<dyn Library>,
    pace: Arc<Pace>,
    reporter: Arc<dyn Reporter>,
    shutdown: Shutdown,
    policy: RetryPolicy,
    mode: Mode,
    state: RunState,
}

impl Context {
    /// Ends the run: nothing new begins, what is in flight is finished.
    fn stop(&self, ending: Ending) {
        self.state.end(ending);
        self.shutdown.drain();
    }

    /// Counts an item and tells of it.
    fn finish(&self, worker: Option<WorkerId>, item: &MediaItem, outcome: &Outcome) {
        self.state.count(outcome);
        self.reporter.report(&Event::ItemFinished {
            worker,
            item,
            outcome,
        });
    }
}

impl Backup {
    /// Runs to an end and says what came of it, whatever happened. The caller tells [`Event::RunFinished`].
    pub async fn run(self) -> Summary {
        let began = Instant::now();
        let (source, dry_run) = (self.source.name(), self.mode != Mode::Fetch);
        let cx = Arc::new(self.into_context());
        let mut tasks = start(&cx);
        tokio::select! {
            () = join_all(&mut tasks, &cx) => {}
            () = cx.shutdown.draining() => drain(&mut tasks, &cx).await,
        }
        if let Err(error) = cx.library.close().await {
            cx.state.end(run_state::ending_of_library(&error));
        }
        let (found, counts) = cx.state.totals();
        let ending = cx
            .state
            .ending()
            .unwrap_or_else(|| ending_unprovoked(&cx.shutdown));
        let (bytes, renamed, elapsed) = (cx.state.bytes(), cx.library.renamed(), began.elapsed());
        Summary {
            source,
            found,
            counts,
            bytes,
            renamed,
            elapsed,
            dry_run,
            ending,
            entries: BTreeMap::new(),
        }
    }

    fn into_context(self) -> Context {
        let Self {
            source,
            library,
            pace,
            reporter,
            shutdown,
            policy,
            mode,
        } = self;
        Context {
            source,
            library,
            pace,
            reporter,
            shutdown,
            policy,
            mode,
            state: RunState::default(),
        }
    }
}

/// The whole pipeline: one lister, one bounded channel, as many workers as the pool may ever have, and those who put
/// away what they received.
fn start(cx: &Arc<Context>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (pages, ahead) = lister::pages_ahead();
    let (queue, jobs) = channel::channel(QUEUE);
    tasks.spawn(lister::fetch_pages(Arc::clone(cx), pages));
    tasks.spawn(lister::list(Arc::clone(cx), ahead, queue));
    for id in 0..cx.pace.max_slots() + PUT_AWAY {
        tasks.spawn(worker::work(Arc::clone(cx), id, jobs.clone()));
    }
    tasks
}

/// Waits for all tasks. One that panicked ends the run, but takes nothing with it.
async fn join_all(tasks: &mut JoinSet<()>, cx: &Context) {
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended
            && error.is_panic()
        {
            let reason = format!("a part of the program failed ({error}); please report this");
            cx.stop(Ending::Stopped { reason });
        }
    }
}

/// Lets what is in flight finish, for a while; then has it put away.
async fn drain(tasks: &mut JoinSet<()>, cx: &Context) {
    cx.reporter.report(&Event::Draining {
        in_flight: cx.state.in_flight(),
        patience: PATIENCE,
    });
    let patience = async {
        tokio::select! {
            () = tokio::time::sleep(PATIENCE) => cx.shutdown.abort(),
            () = cx.shutdown.aborting() => {}
        }
    };
    tokio::select! {
        () = join_all(tasks, cx) => return,
        () = patience => {}
    }
    if tokio::time::timeout(LAST_WORDS, join_all(tasks, cx))
        .await
        .is_err()
    {
        tasks.shutdown().await;
    }
}

fn ending_unprovoked(shutdown: &Shutdown) -> Ending {
    if shutdown.is_draining() {
        Ending::Interrupted
    } else {
        Ending::Complete
    }
}

#[cfg(test)]
mod tests;
