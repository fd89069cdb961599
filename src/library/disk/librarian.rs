//! The one thread that owns the index and the names on disk, so that no two tasks ever race for a name.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::desk::Desk;
use super::placing::PlaceRequest;
use crate::library::LibraryError;
use crate::library::index::Durability;

/// Files that got their names are made durable together; nobody waits for that but a power cut.
const SETTLE_AFTER: Duration = Duration::from_secs(1);

/// At most this many commands are served as one batch: one sync serves all files that became whole meanwhile.
const BATCH: usize = 256;

type Work = Box<dyn FnOnce(&mut Desk) + Send>;

type Change = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// A small change of the index that can share a transaction with others.
pub(super) struct Note {
    change: Change,
    reply: oneshot::Sender<Result<(), LibraryError>>,
}

enum Command {
    Place(PlaceRequest),
    Note(Note),
    Work(Work),
    /// Settle, close the index, and end.
    End,
}

/// The thread itself; dropping this waits until the index is closed.
#[derive(Debug)]
pub(super) struct Employment {
    librarian: Librarian,
    thread: Option<thread::JoinHandle<()>>,
}

impl Drop for Employment {
    fn drop(&mut self) {
        // Both fail only if the thread is gone already.
        drop(self.librarian.send(Command::End));
        drop(self.thread.take().map(thread::JoinHandle::join));
    }
}

/// A handle to the thread.
#[derive(Clone, Debug)]
pub(super) struct Librarian {
    inbox: mpsc::Sender<Command>,
}

impl Librarian {
    /// Starts the thread.
    pub(super) fn start(desk: Desk) -> Result<(Self, Employment), LibraryError> {
        let (inbox, commands) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("librarian".to_owned())
            .spawn(move || serve(desk, &commands))
            .map_err(LibraryError::disk(
                "start a thread for",
                std::path::Path::new("the index"),
            ))?;
        let librarian = Self { inbox };
        let employment = Employment {
            librarian: librarian.clone(),
            thread: Some(thread),
        };
        Ok((librarian, employment))
    }

    /// Has `work` done and returns its result.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> Result<T, LibraryError> + Send + 'static,
    ) -> Result<T, LibraryError> {
        let (reply, answer) = oneshot::channel();
        // Whoever asked may have been cancelled; the work is done all the same.
        let work = move |desk: &mut Desk| drop(reply.send(work(desk)));
        self.send(Command::Work(Box::new(work)))?;
        answer.await.map_err(|_| LibraryError::Closed)?
    }

    /// Has a small change written down, together with those that wait with it.
    pub(super) async fn note(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), LibraryError> {
        let (reply, answer) = oneshot::channel();
        let change = Box::new(change);
        self.send(Command::Note(Note { change, reply }))?;
        answer.await.map_err(|_| LibraryError::Closed)?
    }

    /// Has a sealed file named, and returns its path.
    pub(super) async fn place(
        &self,
        request: impl FnOnce(super::placing::Reply) -> PlaceRequest,
    ) -> Result<String, LibraryError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Place(request(reply)))?;
        answer.await.map_err(|_| LibraryError::Closed)?
    }

    fn send(&self, command: Command) -> Result<(), LibraryError> {
        self.inbox.send(command).map_err(|_| LibraryError::Closed)
    }
}

fn serve(mut desk: Desk, commands: &mpsc::Receiver<Command>) {
    loop {
        let goes_on = match commands.recv_timeout(SETTLE_AFTER) {
            Ok(first) => serve_batch(&mut desk, first, commands),
            Err(RecvTimeoutError::Timeout) => {
                settle(&mut desk);
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
        };
        if !goes_on {
            return settle(&mut desk);
        }
    }
}

fn settle(desk: &mut Desk) {
    if let Err(error) = desk.settle() {
        // The rows stay marked; the next opening of the library settles them.
        tracing::warn!("{}", error.explained());
    }
}

/// `false` when the thread shall end.
fn serve_batch(desk: &mut Desk, first: Command, commands: &mpsc::Receiver<Command>) -> bool {
    let (mut requests, mut notes, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let mut goes_on = true;
    for command in std::iter::once(first).chain(commands.try_iter().take(BATCH - 1)) {
        match command {
            Command::Place(request) => requests.push(request),
            Command::Note(note) => notes.push(note),
            Command::Work(work) => others.push(work),
            Command::End => goes_on = false,
        }
    }
    desk.place_all(requests);
    desk.write_down(notes);
    for work in others {
        work(desk);
    }
    goes_on
}

impl Desk {
    /// Makes all these changes in one transaction, which costs hardly more than one of them alone.
    fn write_down(&mut self, notes: Vec<Note>) {
        if notes.is_empty() {
            return;
        }
        let (changes, replies): (Vec<_>, Vec<_>) =
            notes.into_iter().map(|note| (note.change, note.reply)).unzip();
        let written = self.index.change(Durability::Process, |db| {
            changes.into_iter().try_for_each(|change| change(db))
        });
        match written {
            Ok(()) => replies.into_iter().for_each(|reply| drop(reply.send(Ok(())))),
            Err(error) => refuse(replies.into_iter(), error),
        }
    }
}

/// Tells all that it did not work; the error itself goes to the first, its words to the others.
pub(super) fn refuse<T>(
    replies: impl Iterator<Item = oneshot::Sender<Result<T, LibraryError>>>,
    error: LibraryError,
) {
    let words = error.explained();
    let mut error = Some(error);
    for reply in replies {
        let told = error.take().unwrap_or_else(|| LibraryError::Refused {
            reason: words.clone(),
        });
        drop(reply.send(Err(told)));
    }
}
