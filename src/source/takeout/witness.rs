//! Hears what becomes of each item, for whoever counts entries, and for whoever waits to serve the next one.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::bytes_of::Opener;
use super::import::Import;
use crate::pipeline::summary::Bucket;
use crate::report::{Event, Reporter};

/// A reporter that takes notes and passes everything on.
pub(crate) struct Witness {
    import: Arc<Import>,
    /// The buckets of items, by their place.
    buckets: Mutex<Vec<Option<Bucket>>>,
    opener: OnceLock<Arc<Opener>>,
    reporter: Arc<dyn Reporter>,
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Witness").finish_non_exhaustive()
    }
}

impl Witness {
    /// Notes what becomes of the items of `import`, and tells `reporter` everything.
    pub(crate) fn new(import: Arc<Import>, reporter: Arc<dyn Reporter>) -> Self {
        Self {
            buckets: Mutex::new(vec![None; import.len()]),
            import,
            opener: OnceLock::new(),
            reporter,
        }
    }

    pub(super) fn tell(&self, opener: &Arc<Opener>) {
        // There is one source to a run.
        drop(self.opener.set(Arc::clone(opener)));
    }

    /// The bucket of each item, by its place; none for those that had no turn.
    pub(super) fn buckets(&self) -> Vec<Option<Bucket>> {
        self.buckets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Reporter for Witness {
    fn report(&self, event: &Event<'_>) {
        if let Event::ItemFinished { item, outcome, .. } = event
            && let Some(at) = self.import.find(&item.id)
        {
            self.buckets.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(outcome.bucket());
            if let Some(opener) = self.opener.get() {
                opener.is_done_with(at);
            }
        }
        self.reporter.report(event);
    }
}
