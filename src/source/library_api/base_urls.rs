//! Fresh base URLs for items whose own has died, asked for in batches: single calls would eat the day's quota.
//!
//! Links die together, because a page hands them out together. So a batch holds whoever asks at the same time, and is
//! filled up with the items whose turn comes next.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::oneshot;

use super::calls::Calls;
use crate::media::{Locator, MediaId};
use crate::source::{SourceError, SourceErrorKind};

/// `mediaItems.batchGet` takes at most this many ids.
const BATCH: usize = 50;

/// The first to ask waits this long for others: links handed out on one page die together.
const GATHER: Duration = Duration::from_millis(25);

/// Links kept until their item's turn comes, and for second attempts.
const KEPT: usize = 1_024;

/// Listed items that may still wait for their turn: a few pages, as many as there is room for between the list and the
/// workers.
const IN_LINE: usize = 1_024;

type Reply = oneshot::Sender<Result<Locator, SourceError>>;

/// Gathers requests for fresh base URLs into batches.
#[derive(Debug, Default)]
pub(super) struct BaseUrls {
    waiting: Mutex<Vec<(MediaId, Reply)>>,
    fresh: Mutex<HashMap<MediaId, Locator>>,
    /// The ids listed last, in order.
    in_line: Mutex<VecDeque<MediaId>>,
}

/// What a lookup brought, by id.
type Links = HashMap<MediaId, Result<Locator, SourceError>>;

impl BaseUrls {
    /// Hears of items that were listed and whose turn will come.
    pub(super) fn listed<'a>(&self, ids: impl Iterator<Item = &'a MediaId>) {
        let mut in_line = lock(&self.in_line);
        in_line.extend(ids.cloned());
        let surplus = in_line.len().saturating_sub(IN_LINE);
        in_line.drain(..surplus);
    }

    /// The last link fetched for `id` in this run.
    pub(super) fn known(&self, id: &MediaId) -> Option<Locator> {
        lock(&self.fresh).get(id).cloned()
    }

    /// Fetches a fresh link for `id`, together with whoever else asks at the same time.
    pub(super) async fn refresh(&self, calls: &Calls, id: &MediaId) -> Result<Locator, SourceError> {
        loop {
            let (reply, answer) = oneshot::channel();
            let leads = self.enqueue(id, reply);
            if leads {
                tokio::time::sleep(GATHER).await;
                self.send_waiting(calls).await;
            }
            // A leader that was cancelled takes the others' replies with it; then somebody else leads.
            if let Ok(result) = answer.await {
                return result;
            }
        }
    }

    fn enqueue(&self, id: &MediaId, reply: Reply) -> bool {
        let mut waiting = lock(&self.waiting);
        // Requests left behind by a cancelled leader have nobody to send them.
        waiting.retain(|(_, reply)| !reply.is_closed());
        waiting.push((id.clone(), reply));
        waiting.len() == 1
    }

    async fn send_waiting(&self, calls: &Calls) {
        let waiting = std::mem::take(&mut *lock(&self.waiting));
        let mut waiting = waiting.into_iter();
        loop {
            let batch: Vec<_> = waiting.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return;
            }
            self.send_batch(calls, batch).await;
        }
    }

    async fn send_batch(&self, calls: &Calls, batch: Vec<(MediaId, Reply)>) {
        let mut ids: Vec<_> = batch.iter().map(|(id, _)| id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let results = self.fetch_ahead(calls, ids).await;
        self.keep(&results);
        for (id, reply) in batch {
            let result = results.get(&id).cloned().unwrap_or_else(|| Err(forgotten()));
            // Whoever asked may be gone by now; the link is kept for the next attempt.
            let _ = reply.send(result);
        }
    }

    /// Looks up `ids`, and in the same call those whose turn comes next.
    async fn fetch_ahead(&self, calls: &Calls, ids: Vec<MediaId>) -> Links {
        let ahead = self.next_in_line(&ids);
        if !ahead.is_empty() {
            let all = [ids.as_slice(), ahead.as_slice()].concat();
            match calls.batch_get(&all).await {
                Ok(items) => return links(items),
                // One of those that nobody asked for may be to blame.
                Err(_) => lock(&self.in_line).retain(|id| !ahead.contains(id)),
            }
        }
        fetch(calls, ids).await
    }

    fn next_in_line(&self, asked: &[MediaId]) -> Vec<MediaId> {
        let (in_line, fresh) = (lock(&self.in_line), lock(&self.fresh));
        let after = in_line.iter().skip_while(|id| !asked.contains(id));
        let wanted = after.filter(|id| !asked.contains(id) && !fresh.contains_key(id));
        wanted.take(BATCH.saturating_sub(asked.len())).cloned().collect()
    }

    fn keep(&self, results: &Links) {
        let mut fresh = lock(&self.fresh);
        if fresh.len() + results.len() > KEPT {
            fresh.clear();
        }
        let found = results
            .iter()
            .filter_map(|(id, result)| Some((id.clone(), result.clone().ok()?)));
        fresh.extend(found);
    }
}

/// Fetches one batch. One rotten id can fail a whole batch, so a failed batch is halved until it is found.
fn fetch(calls: &Calls, ids: Vec<MediaId>) -> BoxFuture<'_, Links> {
    Box::pin(async move {
        match calls.batch_get(&ids).await {
            Ok(items) => links(items),
            Err(error) if ids.len() > 1 && may_be_one_rotten_id(&error) => {
                let (left, right) = ids.split_at(ids.len() / 2);
                let mut results = fetch(calls, left.to_vec()).await;
                results.extend(fetch(calls, right.to_vec()).await);
                results
            }
            Err(error) => ids.into_iter().map(|id| (id, Err(error.clone()))).collect(),
        }
    })
}

fn links(items: Vec<(MediaId, Option<Locator>)>) -> Links {
    let result = |locator: Option<Locator>| locator.ok_or_else(forgotten);
    items
        .into_iter()
        .map(|(id, locator)| (id, result(locator)))
        .collect()
}

const fn may_be_one_rotten_id(error: &SourceError) -> bool {
    matches!(
        error.kind,
        SourceErrorKind::Server { status: 500, .. } | SourceErrorKind::Unexpected | SourceErrorKind::Gone
    )
}

fn forgotten() -> SourceError {
    SourceError::new(SourceErrorKind::Gone, "Google no longer knows the item")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
