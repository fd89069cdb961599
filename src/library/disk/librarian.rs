//! The one thread that owns the index and the names on disk, so that no two tasks ever race for a name.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::desk::Desk;
use super::placing::PlaceRequest;
use crate::library::LibraryError;

/// Files that got their names are made durable together; nobody waits for that but a power cut.
const SETTLE_AFTER: Duration = Duration::from_secs(1);

/// At most this many commands are served as one batch: one sync serves all files that became whole meanwhile.
const BATCH: usize = 256;

type Work = Box<dyn FnOnce(&mut Desk) + Send>;

enum Command {
    Place(PlaceRequest),
    Work(Work),
}

/// A handle to the thread; the thread ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub(super) struct Librarian {
    inbox: mpsc::Sender<Command>,
}

impl Librarian {
    /// Starts the thread.
    pub(super) fn start(desk: Desk) -> Result<Self, LibraryError> {
        let (inbox, commands) = mpsc::channel();
        thread::Builder::new()
            .name("librarian".to_owned())
            .spawn(move || serve(desk, &commands))
            .map_err(LibraryError::disk(
                "start a thread for",
                std::path::Path::new("the index"),
            ))?;
        Ok(Self { inbox })
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
        match commands.recv_timeout(SETTLE_AFTER) {
            Ok(first) => serve_batch(&mut desk, first, commands),
            Err(RecvTimeoutError::Timeout) => settle(&mut desk),
            Err(RecvTimeoutError::Disconnected) => return settle(&mut desk),
        }
    }
}

fn settle(desk: &mut Desk) {
    if let Err(error) = desk.settle() {
        // The rows stay marked; the next opening of the library settles them.
        tracing::warn!("{}", error.explained());
    }
}

fn serve_batch(desk: &mut Desk, first: Command, commands: &mpsc::Receiver<Command>) {
    let mut requests = Vec::new();
    let mut others = Vec::new();
    for command in std::iter::once(first).chain(commands.try_iter().take(BATCH - 1)) {
        match command {
            Command::Place(request) => requests.push(request),
            Command::Work(work) => others.push(work),
        }
    }
    desk.place_all(requests);
    others.into_iter().for_each(|work| work(desk));
}
