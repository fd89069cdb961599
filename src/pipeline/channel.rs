//! The bounded queue between lister and workers: its capacity is the program's only backpressure.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use crate::library::ItemKey;
use crate::media::MediaItem;

/// An item on its way to a worker.
pub(super) type Job = (ItemKey, MediaItem);

/// The lister's end. Dropping it is the end of work.
#[derive(Debug)]
pub(super) struct JobSender(mpsc::Sender<Job>);

/// The workers' end, one clone each.
#[derive(Clone, Debug)]
pub(super) struct JobReceiver(Arc<Mutex<mpsc::Receiver<Job>>>);

/// A queue of `capacity` items.
pub(super) fn channel(capacity: usize) -> (JobSender, JobReceiver) {
    let (sender, receiver) = mpsc::channel(capacity);
    (JobSender(sender), JobReceiver(Arc::new(Mutex::new(receiver))))
}

impl JobSender {
    /// Waits for room. `false` when nobody will ever take it.
    pub(super) async fn send(&self, job: Job) -> bool {
        self.0.send(job).await.is_ok()
    }
}

impl JobReceiver {
    /// The next item, or `None` when there will be no more.
    pub(super) async fn next(&self) -> Option<Job> {
        self.0.lock().await.recv().await
    }
}
