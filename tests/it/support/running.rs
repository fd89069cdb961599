//! A program that runs: what it tells is heard as it tells it, and it can be sent signals.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::process::{Pid, kill_process};
use serde_json::Value;
use tokio::time::Instant;

use super::{DEADLINE, Ended, wait_until};

pub(crate) use rustix::process::Signal;

/// A running program. It is killed when dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
    said: Arc<Mutex<String>>,
    listener: Option<JoinHandle<()>>,
    place: PathBuf,
}

impl Running {
    /// Starts `command`, whose output must be piped; `place` is the folder that has another name in every run.
    pub(crate) fn start(mut command: Command, place: &Path) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            // Who waits for a line may have stopped listening.
            stdout
                .lines()
                .map_while(Result::ok)
                .all(|line| sender.send(line).is_ok())
        });
        let said = Arc::<Mutex<String>>::default();
        let (stderr, notes) = (child.stderr.take().unwrap(), Arc::clone(&said));
        let listener = std::thread::spawn(move || listen(stderr, &notes));
        Self {
            child,
            lines,
            heard: Vec::new(),
            said,
            listener: Some(listener),
            place: place.to_owned(),
        }
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a JSON event of this type.
    pub(crate) fn until(&mut self, kind: &str) -> Value {
        self.until_event(kind, |event| event["type"] == kind)
    }

    /// Waits for a JSON event that is wanted. `what` says which, should it never come.
    pub(crate) fn until_event(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let event = serde_json::from_str(&line).unwrap_or_default();
                    self.heard.push(line);
                    if wanted(&event) {
                        return event;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("never came: {what}"),
                Err(RecvTimeoutError::Disconnected) => panic!("ended before {what}:\n{}", self.story()),
            }
        }
    }

    /// Waits until its standard error says this, and returns all of it so far.
    pub(crate) fn until_said(&mut self, words: &str) -> String {
        wait_until(words, || self.said.lock().unwrap().contains(words));
        self.said.lock().unwrap().clone()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// True while it runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it ends, and not for ever.
    pub(crate) fn end(mut self) -> Ended {
        drop(self.child.stdin.take());
        self.hear_out();
        self.listener.take().unwrap().join().unwrap();
        wait_until("the end of the program", || !self.is_running());
        let status = self.child.wait().unwrap();
        let stderr = std::mem::take(&mut *self.said.lock().unwrap());
        Ended::new(status, &std::mem::take(&mut self.heard), stderr, &self.place)
    }

    /// Listens until standard output is closed.
    fn hear_out(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.story()),
            }
        }
    }

    /// Everything it told so far, after which it is of no more use.
    fn story(&mut self) -> String {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        if let Some(listener) = self.listener.take() {
            listener.join().unwrap();
        }
        format!("{}\n{}", self.heard.join("\n"), self.said.lock().unwrap())
    }
}

/// Notes what comes, as it comes.
fn listen(mut stream: impl Read, notes: &Mutex<String>) {
    let mut buffer = [0; 4096];
    // What came before an error is worth showing.
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        notes
            .lock()
            .unwrap()
            .push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
