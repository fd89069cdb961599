//! Stage 3: takes an item, has all its files transferred, and says in which bucket it ended.

use std::sync::Arc;
use std::time::Duration;

use super::berth::Berth;
use super::channel::{Job, JobReceiver};
use super::run_state::{ending_of_library, ending_of_source};
use super::summary::Outcome;
use super::transfer::{Fetched, Task, TransferError, transfer};
use super::{Context, Mode};
use crate::library::{Holding, ItemKey, LibraryError, Stored, motion};
use crate::media::{MediaItem, MediaKind, Role};
use crate::pace::retry::{Classify as _, retry};
use crate::report::{Event, WorkerId};
use crate::source::{Disposition, SourceErrorKind};

/// Works until there is nothing left to do or nothing new may begin.
pub(super) async fn work(cx: Arc<Context>, worker: WorkerId, queue: JobReceiver) {
    while let Some((berth, job)) = next_job(&cx, &queue).await {
        let _flight = cx.state.flight();
        match cx.mode {
            Mode::Fetch => handle(&cx, worker, &berth, job).await,
            Mode::Adopt | Mode::Plan => look(&cx, worker, job).await,
        }
    }
}

/// A place in the pool, then an item; `None` when there will be none.
async fn next_job<'a>(cx: &'a Context, queue: &JobReceiver) -> Option<(Berth<'a>, Job)> {
    tokio::select! {
        biased;
        () = cx.shutdown.draining() => None,
        next = async {
            let berth = Berth::new(&cx.pace).await;
            queue.next().await.map(|job| (berth, job))
        } => next,
    }
}

/// Looks for an item among what is here, and fetches nothing.
async fn look(cx: &Context, worker: WorkerId, (key, item): Job) {
    let outcome = match look_for_files(cx, key, &item).await {
        Ok(true) => Outcome::Present,
        Ok(false) => Outcome::NotReached,
        Err(error) => return cx.stop(ending_of_library(&error)),
    };
    if let Err(error) = cx.library.conclude(key, &outcome).await {
        cx.stop(ending_of_library(&error));
    }
    cx.finish(Some(worker), &item, &outcome);
}

/// Whether all files of an item are here.
async fn look_for_files(cx: &Context, key: ItemKey, item: &MediaItem) -> Result<bool, LibraryError> {
    let Holding::Whole { head } = cx.library.holding(key, item, Role::Main).await? else {
        return Ok(false);
    };
    for role in companions(item, &head) {
        // Whether a photo that may have a moving half really has one, only Google can say.
        if !matches!(cx.library.holding(key, item, role).await?, Holding::Whole { .. }) {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn handle(cx: &Context, worker: WorkerId, berth: &Berth<'_>, (key, item): Job) {
    let task = Task {
        worker,
        berth,
        key,
        item: &item,
        role: Role::Main,
    };
    let outcome = match fetch_files(cx, task).await {
        Ok(outcome) => outcome,
        Err(error) => outcome_of(cx, &error),
    };
    if let Err(error) = cx.library.conclude(key, &outcome).await {
        cx.stop(ending_of_library(&error));
    }
    if matches!(outcome, Outcome::Stored { .. }) {
        cx.pace.transfer_done();
    }
    cx.finish(Some(worker), &item, &outcome);
}

/// Brings all files of an item here: the photo or video, the moving half of a motion photo, the edited version.
async fn fetch_files(cx: &Context, task: Task<'_>) -> Result<Outcome, TransferError> {
    let main = fetch(cx, task).await?;
    let head = match &main {
        Fetched::Here(head) => head,
        Fetched::Now(stored) => &stored.head,
    };
    let mut stored = Vec::new();
    for role in companions(task.item, head) {
        stored.extend(fetch_companion(cx, Task { role, ..task }).await?);
    }
    if let Fetched::Now(main) = main {
        stored.insert(0, main);
    }
    let bytes = stored.iter().map(|file| file.bytes).sum();
    Ok(match stored.into_iter().next() {
        None => Outcome::Present,
        Some(first) => Outcome::Stored {
            path: first.path,
            bytes,
        },
    })
}

/// The files that an item has, or may have, beside its main one.
fn companions(item: &MediaItem, head: &[u8]) -> Vec<Role> {
    let known = item.files.iter().map(|file| file.role);
    let mut roles: Vec<_> = known.filter(|role| *role != Role::Main).collect();
    if item.files.is_empty() && has_clip(item, head) {
        roles.push(Role::Clip);
    }
    roles
}

fn has_clip(item: &MediaItem, head: &[u8]) -> bool {
    item.kind == MediaKind::Photo && motion::is_likely(&item.file_name, head)
}

async fn fetch_companion(cx: &Context, task: Task<'_>) -> Result<Option<Stored>, TransferError> {
    match fetch(cx, task).await {
        Ok(Fetched::Now(stored)) => Ok(Some(stored)),
        Ok(Fetched::Here(_)) => Ok(None),
        Err(TransferError::Source(error))
            if error.kind == SourceErrorKind::Gone && task.item.files.is_empty() =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// One file, tried as often as it takes.
async fn fetch(cx: &Context, task: Task<'_>) -> Result<Fetched, TransferError> {
    let attempt = || async {
        let fetched = transfer(cx, task).await;
        match &fetched {
            // Nothing is tried again in a run that is ending; the next run goes on from what is here.
            Err(TransferError::Source(error)) if cx.shutdown.is_draining() => {
                Err(error.clone().interrupted().into())
            }
            _ => fetched,
        }
    };
    let heard = |attempt, delay: Duration, error: &TransferError| {
        let Task { worker, item, .. } = task;
        cx.reporter.report(&Event::TransferRetrying {
            worker,
            item,
            attempt,
            delay,
            error: &error.to_string(),
        });
    };
    retry(cx.policy, attempt, heard).await
}

/// The bucket an error leads to. An error that nothing can go on after ends the run as well.
fn outcome_of(cx: &Context, error: &TransferError) -> Outcome {
    match (error, error.disposition()) {
        (TransferError::Library(error), _) => stopped_by_disk(cx, error),
        (TransferError::Source(error), _) if error.kind == SourceErrorKind::Interrupted => {
            Outcome::NotReached
        }
        (TransferError::Source(error), Disposition::Stop) => {
            cx.stop(ending_of_source(error));
            Outcome::NotReached
        }
        (TransferError::Source(error), Disposition::Unavailable) => Outcome::Unavailable {
            reason: error.message.clone(),
        },
        (TransferError::Source(error), _) => Outcome::Failed {
            reason: error.message.clone(),
        },
    }
}

fn stopped_by_disk(cx: &Context, error: &LibraryError) -> Outcome {
    cx.stop(ending_of_library(error));
    Outcome::NotReached
}
