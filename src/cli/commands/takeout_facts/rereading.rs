//! Texts of an export that are read again: they are many and may be long, so they are handed over as they come.

use std::ops::ControlFlow;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::source::takeout::archive::PartFault;

/// As many texts are handed over at once: enough that it costs little …
const MOST: usize = 512;

/// … but no more bytes, for a sidecar may have up to a mebibyte.
const MOST_BYTES: usize = 4 << 20;

/// Texts on their way.
pub(super) struct Rereading<T> {
    batches: mpsc::Receiver<Vec<T>>,
    reader: JoinHandle<Result<(), PartFault>>,
}

impl<T: Send + 'static> Rereading<T> {
    /// Begins. `read` gives each text away, with its length, until it hears that nobody wants more.
    pub(super) fn begin(
        read: impl FnOnce(&mut dyn FnMut(T, usize) -> ControlFlow<()>) -> Result<(), PartFault> + Send + 'static,
    ) -> Self {
        let (sender, batches) = mpsc::channel(1);
        let reader = tokio::task::spawn_blocking(move || {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            let read = read(&mut |text, length| {
                batch.push(text);
                bytes += length;
                if batch.len() < MOST && bytes < MOST_BYTES {
                    return ControlFlow::Continue(());
                }
                bytes = 0;
                match sender.blocking_send(std::mem::take(&mut batch)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            });
            // Nobody listens any more when the library failed, which is told elsewhere.
            drop(sender.blocking_send(batch));
            read
        });
        Self { batches, reader }
    }

    /// The next texts.
    pub(super) async fn next(&mut self) -> Option<Vec<T>> {
        self.batches.recv().await
    }

    /// Ends. `what` they are is said if not all of them could be read.
    pub(super) async fn end(self, what: &str) {
        if let Ok(Err(fault)) = self.reader.await {
            tracing::error!(
                "some {what} could not be read again, for a part {fault}; the next import tries again"
            );
        }
    }
}
