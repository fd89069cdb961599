//! Stage 1: drains the source's list into the queue, letting pass only what is wanted.

use std::sync::Arc;

use futures::StreamExt as _;
use tokio::sync::mpsc;

use super::Context;
use super::channel::JobSender;
use super::run_state::{ending_of_library, ending_of_source};
use crate::library::{Admission, LibraryError};
use crate::media::{MediaItem, MediaKind};
use crate::report::Event;
use crate::source::{Batch, SourceError};

/// Pages fetched ahead: the next one travels while the last one is looked up.
const PAGES_AHEAD: usize = 2;

type Pages = mpsc::Receiver<Result<Batch, SourceError>>;

/// Fetches pages until the list ends or nobody wants them.
pub(super) async fn fetch_pages(cx: Arc<Context>, pages: mpsc::Sender<Result<Batch, SourceError>>) {
    let mut list = cx.source.list();
    loop {
        let page = tokio::select! {
            page = list.next() => page,
            () = cx.shutdown.draining() => None,
        };
        let Some(page) = page else { return };
        if pages.send(page).await.is_err() {
            return;
        }
    }
}

/// The queue of pages between [`fetch_pages`] and [`list`].
pub(super) fn pages_ahead() -> (mpsc::Sender<Result<Batch, SourceError>>, Pages) {
    mpsc::channel(PAGES_AHEAD)
}

/// Shows every item to the library and queues those it wants. Whatever stops it is remembered as the ending.
pub(super) async fn list(cx: Arc<Context>, mut pages: Pages, queue: JobSender) {
    let mut listing = Listing {
        cx: &cx,
        queue: &queue,
        found: 0,
        settled: 0,
        videos: 0,
    };
    while let Some(page) = pages.recv().await {
        match page {
            Ok(Batch::Restarted) => cx.reporter.report(&Event::ListingRestarted),
            Ok(Batch::Items(items)) => match listing.admit(items).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return cx.stop(ending_of_library(&error)),
            },
            // What is queued already still has its turn.
            Err(error) => return cx.state.end(ending_of_source(&error)),
        }
    }
    if !cx.shutdown.is_draining() {
        cx.reporter
            .report(&Event::ListingFinished { found: listing.found });
    }
}

struct Listing<'a> {
    cx: &'a Context,
    queue: &'a JobSender,
    found: u64,
    settled: u64,
    videos: u64,
}

impl Listing<'_> {
    /// `false` when nobody takes items any more.
    async fn admit(&mut self, items: Vec<MediaItem>) -> Result<bool, LibraryError> {
        let admissions = self.cx.library.admit(self.cx.source.name(), &items).await?;
        let distinct = admissions
            .iter()
            .filter(|admission| **admission != Admission::Repeated)
            .count();
        self.found = self.cx.state.found(distinct as u64);
        self.settled += admissions
            .iter()
            .filter(|a| matches!(a, Admission::Settled(_)))
            .count() as u64;
        let wanted_videos = items.iter().zip(&admissions).filter(|(item, admission)| {
            item.kind == MediaKind::Video && matches!(admission, Admission::Wanted(_))
        });
        self.videos += wanted_videos.count() as u64;
        self.cx.reporter.report(&Event::Listed {
            found: self.found,
            settled: self.settled,
            videos: self.videos,
        });
        for (item, admission) in items.into_iter().zip(admissions) {
            match admission {
                Admission::Repeated => {}
                Admission::Settled(outcome) => self.cx.finish(None, &item, &outcome),
                Admission::Wanted(key) => {
                    if !self.send((key, item)).await {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    async fn send(&self, job: super::channel::Job) -> bool {
        tokio::select! {
            sent = self.queue.send(job) => sent,
            () = self.cx.shutdown.draining() => false,
        }
    }
}
