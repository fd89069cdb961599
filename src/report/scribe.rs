//! A thread that does the writing, so that no task of the engine waits for a terminal or a pipe, and that beats by the
//! clock, so that something is seen even when nothing happens.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::time::Instant;

/// Lines that may wait to be written. Enough for the burst of a page of a thousand items; when a reader stops
/// reading for longer than that, the run waits for it, and memory stays flat.
const QUEUE: usize = 1024;

/// What the thread works on. All of it is called from the one thread.
pub(crate) trait Desk: Send {
    /// Writes one line, given without its line end.
    fn line(&mut self, line: &str);

    /// The clock ticked.
    fn beat(&mut self);

    /// No line waits: what was written should become visible.
    fn settle(&mut self);
}

enum Message {
    Line(String),
    Stop,
}

/// A desk at work. Dropping or closing it writes what is queued, and returns at once.
#[derive(Debug)]
pub(crate) struct Scribe {
    queue: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Scribe {
    /// Starts the thread; it beats every `period`. Without a thread (none could be had) lines are lost, not waited for.
    pub(crate) fn start(period: Duration, desk: impl Desk + 'static) -> Self {
        let (queue, lines) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("report".to_owned())
            .spawn(move || work(&lines, period, desk));
        Self {
            queue,
            thread: Mutex::new(thread.ok()),
        }
    }

    /// Queues a line. After `close` it goes nowhere.
    pub(crate) fn say(&self, line: impl Into<String>) {
        // An error means that the thread is gone, and with it everybody who could be told.
        let _ = self.queue.send(Message::Line(line.into()));
    }

    /// Returns when all queued lines are written and the thread has ended.
    pub(crate) fn close(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = self.queue.send(Message::Stop);
            // A panic of the thread has been printed by the panic hook; the run goes on without a screen.
            let _ = thread.join();
        }
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        self.close();
    }
}

fn work(queue: &Receiver<Message>, period: Duration, mut desk: impl Desk) {
    let mut next_beat = Instant::now() + period;
    while let Ok(message) = next(queue, next_beat, &mut desk) {
        match message {
            Some(Message::Line(line)) => desk.line(&line),
            Some(Message::Stop) => break,
            None => {}
        }
        if Instant::now() >= next_beat {
            desk.beat();
            next_beat = Instant::now() + period;
        }
    }
    desk.settle();
}

/// The next message, `None` when it is time to beat, or an error when nobody can send any more.
fn next(
    queue: &Receiver<Message>,
    next_beat: Instant,
    desk: &mut impl Desk,
) -> Result<Option<Message>, RecvTimeoutError> {
    match queue.try_recv() {
        Ok(message) => return Ok(Some(message)),
        Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
        Err(TryRecvError::Empty) => desk.settle(),
    }
    match queue.recv_timeout(next_beat.saturating_duration_since(Instant::now())) {
        Ok(message) => Ok(Some(message)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(RecvTimeoutError::Disconnected),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    #[derive(Default)]
    struct Notes(Arc<Mutex<Vec<String>>>, Option<Sender<()>>);

    impl Desk for Notes {
        fn line(&mut self, line: &str) {
            self.0.lock().unwrap().push(line.to_owned());
        }

        fn beat(&mut self) {
            if let Some(beats) = &self.1 {
                let _ = beats.send(());
            }
        }

        fn settle(&mut self) {}
    }

    #[test]
    fn closing_writes_everything_in_order_and_does_not_wait_for_the_beat() {
        let notes = Notes::default();
        let written = Arc::clone(&notes.0);
        let scribe = Scribe::start(Duration::from_hours(1), notes);
        let all: Vec<_> = (0..5_000).map(|n| n.to_string()).collect();
        for line in &all {
            scribe.say(line.as_str());
        }
        scribe.close();
        scribe.say("too late");
        assert_eq!(*written.lock().unwrap(), all);
    }

    #[test]
    fn it_beats_when_nothing_happens() {
        let (beats, beaten) = channel();
        let scribe = Scribe::start(Duration::from_millis(5), Notes(Arc::default(), Some(beats)));
        for _ in 0..3 {
            beaten.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        drop(scribe);
        assert!(
            beaten.iter().count() < 1_000,
            "the channel must close, because the desk is gone"
        );
    }
}
