//! A source and a library in memory, for pipelines in virtual time.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use crate::library::{
    Admission, Announcement, Deposit, Holding, Inspection, ItemKey, Library, LibraryError, Stored,
};
use crate::media::{MediaId, MediaItem, MediaKind, Readiness, Role};
use crate::pace::{Pace, Traffic, Verdict};
use crate::pipeline::summary::Outcome;
use crate::source::{Batch, Content, Resume, Source, SourceError, SourceErrorKind};

/// A JPEG as small as they come.
const BODY: &[u8] = &[0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0xff, 0xd9];

pub(super) fn item(number: usize) -> MediaItem {
    MediaItem {
        id: MediaId::new(format!("id-{number}")),
        file_name: format!("IMG_{number}.jpg"),
        mime_type: "image/jpeg".to_owned(),
        taken: None,
        kind: MediaKind::Photo,
        readiness: Readiness::Ready,
        locator: None,
        files: Vec::new(),
    }
}

/// Lists items a hundred at a time and opens each after `takes`.
#[derive(Debug)]
pub(super) struct FakeSource {
    pub(super) items: usize,
    pub(super) takes: Duration,
    /// What the attempts at an item come to, one after the other; then all is well.
    pub(super) failures: Mutex<HashMap<usize, VecDeque<SourceErrorKind>>>,
    /// What ends the list instead of its end.
    pub(super) list_failure: Option<SourceErrorKind>,
    pub(super) opened: AtomicU64,
    in_flight: AtomicUsize,
    pub(super) most_in_flight: AtomicUsize,
    pub(super) pace: Arc<Pace>,
}

impl FakeSource {
    pub(super) fn new(items: usize, takes: Duration, pace: Arc<Pace>) -> Self {
        Self {
            items,
            takes,
            failures: Mutex::default(),
            list_failure: None,
            opened: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            pace,
        }
    }

    pub(super) fn failing(self, number: usize, kinds: impl IntoIterator<Item = SourceErrorKind>) -> Self {
        self.failures
            .lock()
            .unwrap()
            .insert(number, kinds.into_iter().collect());
        self
    }

    fn next_failure(&self, item: &MediaItem) -> Option<SourceErrorKind> {
        let number: usize = item.id.as_str().trim_start_matches("id-").parse().unwrap();
        self.failures.lock().unwrap().get_mut(&number)?.pop_front()
    }
}

fn error(kind: SourceErrorKind) -> SourceError {
    SourceError::new(kind, "as the test wants it")
}

#[async_trait]
impl Source for FakeSource {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn list(&self) -> BoxStream<'static, Result<Batch, SourceError>> {
        let numbers: Vec<usize> = (0..self.items).collect();
        let pages: Vec<_> = numbers
            .chunks(100)
            .map(|page| Ok(Batch::Items(page.iter().map(|n| item(*n)).collect())))
            .collect();
        let failure = self.list_failure.clone().map(|kind| Err(error(kind)));
        stream::iter(pages.into_iter().chain(failure)).boxed()
    }

    async fn open(&self, item: &MediaItem, role: Role, _: &Resume) -> Result<Content, SourceError> {
        assert_eq!(role, Role::Main);
        let ticket = self.pace.clear_to_send(Traffic::Bytes).await?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        let now = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_in_flight.fetch_max(now, Ordering::Relaxed);
        tokio::time::sleep(self.takes).await;
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        match self.next_failure(item) {
            Some(SourceErrorKind::Throttled { span, retry_after }) => {
                self.pace
                    .settle(&ticket, Verdict::Throttled { span, retry_after });
                Err(error(SourceErrorKind::Throttled { span, retry_after }))
            }
            Some(kind) => Err(error(kind)),
            None => Ok(Content {
                start: 0,
                length: Some(BODY.len() as u64),
                content_type: Some("image/jpeg".to_owned()),
                etag: None,
                chunks: stream::iter([Ok(Bytes::from_static(BODY))]).boxed(),
            }),
        }
    }
}

/// Keeps ids.
#[derive(Debug, Default)]
pub(super) struct FakeLibrary {
    seen: Mutex<HashSet<String>>,
    pub(super) stored: Arc<Mutex<HashSet<String>>>,
    /// To make a file durable takes this long.
    pub(super) putting_away: Duration,
}

#[async_trait]
impl Library for FakeLibrary {
    async fn admit(&self, _: &'static str, batch: &[MediaItem]) -> Result<Vec<Admission>, LibraryError> {
        let mut seen = self.seen.lock().unwrap();
        let stored = self.stored.lock().unwrap();
        Ok(batch
            .iter()
            .map(|item| match item.id.as_str() {
                id if !seen.insert(id.to_owned()) => Admission::Repeated,
                id if stored.contains(id) => Admission::Settled(Outcome::Present),
                id => Admission::Wanted(ItemKey(id.trim_start_matches("id-").parse().unwrap())),
            })
            .collect())
    }

    async fn holding(&self, _: ItemKey, _: &MediaItem, _: Role) -> Result<Holding, LibraryError> {
        Ok(Holding::Part(Resume::default()))
    }

    async fn deposit(
        &self,
        _: ItemKey,
        item: &MediaItem,
        _: Role,
        _: Announcement,
    ) -> Result<Box<dyn Deposit>, LibraryError> {
        let (id, stored) = (item.id.as_str().to_owned(), Arc::clone(&self.stored));
        Ok(Box::new(FakeDeposit {
            id,
            bytes: Vec::new(),
            stored,
            putting_away: self.putting_away,
        }))
    }

    async fn conclude(&self, _: ItemKey, _: &Outcome) -> Result<(), LibraryError> {
        Ok(())
    }

    fn renamed(&self) -> u64 {
        0
    }

    async fn close(&self) -> Result<(), LibraryError> {
        Ok(())
    }
}

struct FakeDeposit {
    id: String,
    bytes: Vec<u8>,
    stored: Arc<Mutex<HashSet<String>>>,
    putting_away: Duration,
}

#[async_trait]
impl Deposit for FakeDeposit {
    async fn write(&mut self, chunk: Bytes) -> Result<(), LibraryError> {
        self.bytes.extend_from_slice(&chunk);
        Ok(())
    }

    async fn inspect(&mut self) -> Result<Inspection, LibraryError> {
        let head = Bytes::copy_from_slice(&self.bytes);
        Ok(Inspection {
            head,
            length: self.bytes.len() as u64,
            whole: Some(true),
        })
    }

    async fn commit(self: Box<Self>) -> Result<Stored, LibraryError> {
        tokio::time::sleep(self.putting_away).await;
        assert!(
            self.stored.lock().unwrap().insert(self.id.clone()),
            "{} was stored twice",
            self.id
        );
        Ok(Stored {
            path: self.id.into(),
            bytes: self.bytes.len() as u64,
            head: self.bytes.into(),
        })
    }

    async fn suspend(self: Box<Self>) -> Result<(), LibraryError> {
        Ok(())
    }

    async fn discard(self: Box<Self>) -> Result<(), LibraryError> {
        Ok(())
    }
}
