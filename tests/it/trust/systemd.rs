//! The word with systemd, the test playing its part.

use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use stand_in_google::{Endpoint, Faults, Item, Pace, Trigger};

use super::filled;
use crate::support::{DEADLINE, Ended, Running, Sandbox, Signal, serving};

/// A manager that asks for a sign of life every tenth of a second.
struct Manager(UnixDatagram);

impl Manager {
    fn start(sandbox: &Sandbox, args: &[&str]) -> (Self, Running) {
        let path = sandbox.home().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        let mut command = sandbox.command(&[&["sync", "--progress", "json"], args].concat());
        command.env("NOTIFY_SOCKET", path).env("WATCHDOG_USEC", "100000");
        (Self(socket), Running::start(command, &sandbox.library()))
    }

    /// Waits for the next message.
    fn hear(&self) -> String {
        let mut message = [0; 1024];
        let length = self.0.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).into_owned()
    }

    /// All messages that are here.
    fn heard(&self) -> Vec<String> {
        self.0.set_nonblocking(true).unwrap();
        let mut message = [0; 1024];
        std::iter::from_fn(|| match self.0.recv(&mut message) {
            Ok(length) => Some(String::from_utf8_lossy(&message[..length]).into_owned()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                None
            }
        })
        .collect()
    }
}

fn says(message: &str, word: &str) -> bool {
    message.lines().any(|line| line == word)
}

#[test]
fn it_is_ready_then_alive_then_stopping() {
    let google = serving((1..=4).map(Item::photo).collect());
    let sandbox = Sandbox::signed_in(&google);
    google.faults().set(Faults::none().rule(
        Endpoint::Photo,
        Trigger::Always,
        Pace::Latency(Duration::from_millis(400)),
    ));
    let (manager, run) = Manager::start(&sandbox, &["--delay", "0"]);
    run.end().with_code(0);
    let heard = manager.heard();
    assert!(says(&heard[0], "READY=1"), "{heard:?}");
    assert!(says(heard.last().unwrap(), "STOPPING=1"), "{heard:?}");
    let alive = &heard[1..heard.len() - 1];
    assert!(!alive.is_empty(), "{heard:?}");
    assert!(
        alive.iter().all(|message| says(message, "WATCHDOG=1")),
        "{heard:?}"
    );
}

#[test]
fn it_is_alive_while_it_waits_for_its_random_start() {
    let (_google, sandbox) = filled(&[Item::photo(1)]);
    // That the delay is over within the test has a chance of one in a thousand times a thousand.
    let (manager, run) = Manager::start(&sandbox, &["--delay", "500h"]);
    assert!(says(&manager.hear(), "READY=1"));
    assert!(says(&manager.hear(), "WATCHDOG=1"));
    run.signal(Signal::TERM);
    let ended: Ended = run.end().with_code(130);
    assert_eq!(ended.summary().ending(), "interrupted");
    assert!(says(manager.heard().last().unwrap(), "STOPPING=1"));
}
