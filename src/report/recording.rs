//! A reporter that keeps what it hears, for tests and examples.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Event, PauseCause, Reporter, WorkerId};
use crate::media::{MediaId, Role};
use crate::pipeline::summary::{Ending, Outcome, Summary};

/// An event with everything it borrowed. Items are kept by their id. The fields are those of [`Event`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "each variant and field is documented at the event it copies"
)]
pub enum Recorded {
    RunStarted {
        source: &'static str,
        library: PathBuf,
        dry_run: bool,
    },
    StartDelay {
        delay: Duration,
    },
    Listed {
        found: u64,
        settled: u64,
    },
    ListingRestarted,
    ListingFinished {
        found: u64,
    },
    ListingRetrying {
        attempt: u32,
        delay: Duration,
        error: String,
    },
    TransferStarted {
        worker: WorkerId,
        id: MediaId,
        role: Role,
        resumed_from: u64,
        length: Option<u64>,
    },
    BytesReceived {
        worker: WorkerId,
        bytes: u64,
    },
    TransferRetrying {
        worker: WorkerId,
        id: MediaId,
        attempt: u32,
        delay: Duration,
        error: String,
    },
    ItemFinished {
        worker: Option<WorkerId>,
        id: MediaId,
        outcome: Outcome,
    },
    Renamed {
        from: String,
        to: String,
    },
    Paused {
        cause: PauseCause,
        length: Duration,
        until: DateTime<Utc>,
    },
    Resumed,
    PoolSized {
        workers: usize,
    },
    Draining {
        in_flight: usize,
        patience: Duration,
    },
    Notice {
        text: String,
    },
    RunFinished {
        found: u64,
        ending: Ending,
    },
}

impl Recorded {
    fn of(event: &Event<'_>) -> Self {
        listing(event)
            .or_else(|| transfer(event))
            .unwrap_or_else(|| course(event))
    }
}

fn listing(event: &Event<'_>) -> Option<Recorded> {
    Some(match *event {
        Event::Listed { found, settled, .. } => Recorded::Listed { found, settled },
        Event::ListingRestarted => Recorded::ListingRestarted,
        Event::ListingFinished { found } => Recorded::ListingFinished { found },
        Event::ListingRetrying {
            attempt,
            delay,
            error,
        } => {
            let error = error.to_owned();
            Recorded::ListingRetrying {
                attempt,
                delay,
                error,
            }
        }
        _ => return None,
    })
}

fn transfer(event: &Event<'_>) -> Option<Recorded> {
    Some(match *event {
        Event::TransferStarted {
            worker,
            item,
            role,
            resumed_from,
            length,
        } => {
            let id = item.id.clone();
            Recorded::TransferStarted {
                worker,
                id,
                role,
                resumed_from,
                length,
            }
        }
        Event::BytesReceived { worker, bytes } => Recorded::BytesReceived { worker, bytes },
        Event::TransferRetrying {
            worker,
            item,
            attempt,
            delay,
            error,
        } => {
            let (id, error) = (item.id.clone(), error.to_owned());
            Recorded::TransferRetrying {
                worker,
                id,
                attempt,
                delay,
                error,
            }
        }
        Event::ItemFinished {
            worker,
            item,
            outcome,
        } => {
            let (id, outcome) = (item.id.clone(), outcome.clone());
            Recorded::ItemFinished { worker, id, outcome }
        }
        _ => return None,
    })
}

/// The course of the run, and with it whatever the two others left.
fn course(event: &Event<'_>) -> Recorded {
    match *event {
        Event::RunStarted {
            source,
            library,
            dry_run,
        } => {
            let library = library.to_owned();
            Recorded::RunStarted {
                source,
                library,
                dry_run,
            }
        }
        Event::StartDelay { delay } => Recorded::StartDelay { delay },
        Event::Renamed { from, to } => Recorded::Renamed {
            from: from.to_owned(),
            to: to.to_owned(),
        },
        Event::Paused { cause, length, until } => Recorded::Paused { cause, length, until },
        Event::PoolSized { workers } => Recorded::PoolSized { workers },
        Event::Draining { in_flight, patience } => Recorded::Draining { in_flight, patience },
        Event::Notice { text } => Recorded::Notice {
            text: text.to_owned(),
        },
        Event::RunFinished {
            summary: Summary { found, ending, .. },
        } => Recorded::RunFinished {
            found: *found,
            ending: ending.clone(),
        },
        _ => Recorded::Resumed,
    }
}

/// Keeps owned copies of all events in the order they were told.
#[derive(Debug, Default)]
pub struct Recording {
    events: Mutex<Vec<Recorded>>,
    summary: Mutex<Option<Summary>>,
}

impl Recording {
    /// What was heard so far.
    pub fn events(&self) -> Vec<Recorded> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The summary, once the run is over.
    pub fn summary(&self) -> Option<Summary> {
        self.summary
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many of the events so far are what `wanted` asks for.
    pub fn count(&self, wanted: impl Fn(&Recorded) -> bool) -> usize {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().filter(|event| wanted(event)).count()
    }
}

impl Reporter for Recording {
    fn report(&self, event: &Event<'_>) {
        if let Event::RunFinished { summary } = event {
            *self.summary.lock().unwrap_or_else(PoisonError::into_inner) = Some((*summary).clone());
        }
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(Recorded::of(event));
    }
}
