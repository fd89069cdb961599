//! What all tests hold in their hands: a sandbox to run the program in, a program that runs, one that has ended,
//! and a look at the tree it made.

mod ended;
mod running;
mod sandbox;
mod tree;

pub(crate) use ended::Ended;
pub(crate) use running::{Running, Signal};
pub(crate) use sandbox::{Sandbox, consent_address};
pub(crate) use tree::{Tree, contents, contents_of, expected, seen, sha256};

use std::time::Duration;

use stand_in_google::{Item, StandIn};

/// Nothing a test waits for takes this long, unless the machine is on its knees; more means that it never comes.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

/// A stand-in with these items and nothing unusual.
pub(crate) fn serving(items: Vec<Item>) -> StandIn {
    StandIn::builder().library(items).start().unwrap()
}

/// Waits until `done` says so.
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = tokio::time::Instant::now();
    while !done() {
        assert!(start.elapsed() < DEADLINE, "in vain: {what}");
        rest();
    }
}

/// A moment between two looks at something that cannot be waited for in any other way.
#[expect(
    clippy::disallowed_methods,
    reason = "other processes live in real time, and there is no runtime here"
)]
pub(crate) fn rest() {
    std::thread::sleep(Duration::from_millis(2));
}
