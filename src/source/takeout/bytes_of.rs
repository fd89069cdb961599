//! Bringing the bytes of entries: unpacked and checked on threads that may block, handed over in pieces.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;

use super::archive::{EntryFault, Part};
use super::import::Import;
use super::listed::Wanted;
use super::passes::Passes;
use crate::source::{SourceError, SourceErrorKind};

/// Entries are read in pieces of this size: larger ones leave the processor's cache before they are written.
const PIECE: u64 = 1 << 18;

/// Pieces that wait to be written. One is written while the next is unpacked.
const WAITING: usize = 2;

/// A piece of a file, or why there is none.
pub(super) type Piece = Result<Bytes, SourceError>;

/// Opens files of all parts.
pub(super) struct Opener {
    import: Arc<Import>,
    passes: Passes,
}

impl Opener {
    pub(super) fn new(import: Arc<Import>, spool: &Path) -> Self {
        let passes = Passes::new(&import, spool);
        Self { import, passes }
    }

    /// Nothing more will be asked of this item.
    pub(super) fn is_done_with(&self, at: usize) {
        self.passes.is_done_with(at);
    }

    /// The bytes of a file. What is wrong with them is told where they should come.
    pub(super) fn open(&self, file: Wanted) -> BoxStream<'static, Piece> {
        let at_will = self
            .import
            .inventory
            .part(file.spot.0)
            .is_some_and(Part::opens_at_will);
        let pieces = if at_will {
            self.open_at_will(file)
        } else {
            self.passes.open(file)
        };
        stream::unfold(pieces, |mut pieces| async move {
            let piece = pieces.recv().await?;
            Some((piece, pieces))
        })
        .boxed()
    }

    fn open_at_will(&self, file: Wanted) -> mpsc::Receiver<Piece> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let import = Arc::clone(&self.import);
        tokio::task::spawn_blocking(move || {
            let part = import.inventory.part(file.spot.0);
            let opened = part.and_then(|part| Some((part, part.table().get(file.spot.1)?)));
            match opened.map(|(part, entry)| part.open(entry)) {
                Some(Ok(mut bytes)) => hand_over(&mut bytes, file, &sender, &import),
                Some(Err(error)) => drop(sender.blocking_send(Err(fault(&error, file, &import)))),
                None => {}
            }
        });
        receiver
    }
}

/// Hands over all bytes, piece by piece. Whoever wanted them may have stopped wanting.
pub(super) fn hand_over(bytes: &mut dyn Read, file: Wanted, to: &mpsc::Sender<Piece>, import: &Import) {
    let room = usize::try_from(file.size.min(PIECE)).unwrap_or(0);
    loop {
        let mut piece = Vec::with_capacity(room);
        let read = bytes.take(PIECE).read_to_end(&mut piece);
        if !piece.is_empty() && to.blocking_send(Ok(piece.into())).is_err() {
            return;
        }
        match read {
            Ok(count) if count as u64 == PIECE => {}
            Ok(_) => return,
            Err(error) => return drop(to.blocking_send(Err(fault(&error, file, import)))),
        }
    }
}

/// Why an entry's bytes do not come. Another attempt would meet the same bytes.
pub(super) fn fault(error: &io::Error, file: Wanted, import: &Import) -> SourceError {
    let part = import.inventory.part(file.spot.0);
    let name = part.map(Part::name).unwrap_or_default();
    let path = part.and_then(|part| Some(part.table().get(file.spot.1)?.path()));
    let path = path.unwrap_or_default();
    let message = match EntryFault::of(error) {
        Some(fault) => format!("{fault} ({path} in {name}; download that part again)"),
        None => format!("{name} could not be read: {error} ({path})"),
    };
    SourceError::new(SourceErrorKind::Unexpected, message)
}
