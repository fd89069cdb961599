//! A person who signs in: reads what the program says, answers Google's page in a browser, or pastes the address
//! the browser would have ended on.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use rustix::process::{Pid, Signal, kill_process};
use stand_in_google::visit;
use tokio::time::Instant;
use url::Url;

use crate::support::{DEADLINE, Ended, Sandbox, consent_address, wait_until};

/// A login that waits for its answer. It is killed when dropped.
pub(crate) struct Dialogue {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
    place: PathBuf,
    /// The address of the consent page.
    pub(crate) address: String,
}

impl Dialogue {
    /// Begins `login --no-browser` with these further arguments.
    pub(crate) fn begin(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut command = sandbox.command(&["login", "--no-browser"]);
        command.args(args);
        Self::with(sandbox, command)
    }

    /// Begins a login by `command`, and waits until it has said where to go.
    pub(crate) fn with(sandbox: &Sandbox, mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            // Who waits for a line may have stopped listening.
            stderr
                .lines()
                .map_while(Result::ok)
                .all(|line| sender.send(line).is_ok())
        });
        let mut dialogue = Self {
            child,
            lines,
            heard: Vec::new(),
            place: sandbox.library().parent().unwrap().to_owned(),
            address: String::new(),
        };
        let said = dialogue.hear("the address to open", |line| consent_address(line).is_some());
        dialogue.address = consent_address(&said).unwrap();
        dialogue.hear("the invitation to paste", |line| line.contains("paste it here"));
        dialogue
    }

    /// Waits for a line that is wanted. `what` says which, should it never come.
    #[track_caller]
    pub(crate) fn hear(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.heard.push(line.clone());
                    if wanted(&line) {
                        return line;
                    }
                }
                Err(error) => panic!("never heard {what}: {error}\n{}", self.heard.join("\n")),
            }
        }
    }

    /// Opens the address in a browser; gives the address it ends on and the page there.
    pub(crate) fn browse(&self) -> (Url, String) {
        visit(&self.address).unwrap()
    }

    /// What the browser's address line shows when Google has sent it back to a computer that is not this one.
    pub(crate) fn browse_elsewhere(&self) -> String {
        redirect_of(&self.address)
    }

    /// Types or pastes a line.
    pub(crate) fn paste(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
    }

    /// True while it waits.
    pub(crate) fn is_waiting(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let pid = i32::try_from(self.child.id())
            .ok()
            .and_then(Pid::from_raw)
            .unwrap();
        kill_process(pid, Signal::INT).unwrap();
    }

    /// Waits until it ends, its standard input still open, as that of a person at a terminal is.
    pub(crate) fn end(mut self) -> Ended {
        wait_until("the end of the login", || !self.is_waiting());
        while let Ok(line) = self.lines.recv_timeout(DEADLINE) {
            self.heard.push(line);
        }
        let status = self.child.wait().unwrap();
        let mut stdout = String::new();
        let mut pipe = self.child.stdout.take().unwrap();
        pipe.read_to_string(&mut stdout).unwrap();
        let stdout: Vec<_> = stdout.lines().map(str::to_owned).collect();
        Ended::new(status, &stdout, self.heard.join("\n"), &self.place)
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the page at `address` sends the browser, without going there.
pub(crate) fn redirect_of(address: &str) -> String {
    let url = Url::parse(address).unwrap();
    let mut stream = TcpStream::connect(url.socket_addrs(|| None).unwrap().as_slice()).unwrap();
    let (path, query, host) = (url.path(), url.query().unwrap(), url.authority());
    write!(
        stream,
        "GET {path}?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let location = answer
        .lines()
        .find_map(|line| line.to_lowercase().starts_with("location:").then(|| &line[9..]));
    location.unwrap_or_else(|| panic!("{answer}")).trim().to_owned()
}
