//! One worker's file, from its opening until a moment after its end.

use std::time::Duration;

use super::rate::SmoothedRate;
use super::view::{FileState, FileView, RetryView};
use crate::media::{MediaItem, MediaKind, Role};
use crate::pipeline::summary::Bucket;
use crate::report::WorkerId;

/// A finished file stays visible for this long, unless its worker takes another: small files would only flicker.
const LINGER: Duration = Duration::from_millis(600);

/// The rate of one file follows it closely: a stalled one should show within seconds.
const MEMORY: Duration = Duration::from_secs(3);

/// A failed attempt and when the next one comes.
#[derive(Clone, Debug)]
pub(super) struct Retry {
    pub(super) attempt: u32,
    pub(super) due: Duration,
    pub(super) error: String,
}

impl Retry {
    pub(super) fn view(&self, at: Duration) -> RetryView {
        RetryView::new(self.attempt, self.due.saturating_sub(at), &self.error)
    }
}

#[derive(Debug)]
enum Stage {
    Open,
    Retrying(Retry),
    Finished { bucket: Bucket, at: Duration },
}

#[derive(Debug)]
pub(super) struct Transfer {
    name: String,
    pub(super) kind: MediaKind,
    pub(super) length: Option<u64>,
    rate: SmoothedRate,
    stage: Stage,
}

impl Transfer {
    pub(super) fn new(item: &MediaItem, role: Role, length: Option<u64>) -> Self {
        let name = if item.file_name.is_empty() {
            item.id.as_str()
        } else {
            &item.file_name
        };
        let part = match role {
            Role::Main => "",
            Role::Clip => " (clip)",
            Role::Edited => " (edited)",
        };
        Self {
            name: format!("{name}{part}"),
            kind: item.kind,
            length,
            rate: SmoothedRate::new(MEMORY),
            stage: Stage::Open,
        }
    }

    pub(super) fn retry(&mut self, retry: Retry) {
        self.rate = SmoothedRate::new(MEMORY);
        self.stage = Stage::Retrying(retry);
    }

    pub(super) fn finish(&mut self, bucket: Bucket, at: Duration) {
        self.stage = Stage::Finished { bucket, at };
    }

    pub(super) const fn is_finished(&self) -> bool {
        matches!(self.stage, Stage::Finished { .. })
    }

    pub(super) fn is_over(&self, now: Duration) -> bool {
        matches!(self.stage, Stage::Finished { at, .. } if now.saturating_sub(at) >= LINGER)
    }

    pub(super) fn look(&mut self, worker: WorkerId, at: Duration, got: u64) -> FileView {
        self.rate.sample(at, got);
        FileView {
            worker,
            name: self.name.clone(),
            got,
            length: self.length,
            rate: self.rate.per_second(),
            state: match &self.stage {
                Stage::Open => FileState::Open,
                Stage::Retrying(retry) => FileState::Retrying(retry.view(at)),
                Stage::Finished { bucket, .. } => FileState::Finished(*bucket),
            },
        }
    }
}
