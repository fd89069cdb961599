//! The person at the terminal, as far as there is one; the only place that prints for commands that are no run.

use std::io::{self, IsTerminal as _, Write};
use std::ops::ControlFlow;

use async_trait::async_trait;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines, Stdin};
use tokio::sync::Mutex;

use super::failure::Failure;
use crate::source::google::sign_in::{Prompt, open_browser};

/// Speaks on standard error and reads standard input.
pub(super) struct Console {
    input: Mutex<Lines<BufReader<Stdin>>>,
}

impl Console {
    pub(super) fn new() -> Self {
        Self {
            input: Mutex::new(BufReader::new(tokio::io::stdin()).lines()),
        }
    }
}

#[async_trait]
impl Prompt for Console {
    fn say(&self, line: &str) {
        to_stderr(line);
    }

    async fn read_line(&self) -> Option<String> {
        self.input.lock().await.next_line().await.ok().flatten()
    }

    fn open_browser(&self, url: &str) -> bool {
        open_browser(url)
    }
}

/// Whether somebody can answer.
pub(super) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Writes lines to standard error. When that is gone there is nobody to tell.
pub(super) fn to_stderr(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}

/// Writes a result to standard output. A reader who has seen enough is no error.
pub(super) fn to_stdout(text: &str) {
    drop(io::stdout().write_all(text.as_bytes()));
}

/// Writes a long result to standard output, piece by piece.
pub(super) struct Pages(io::BufWriter<io::Stdout>);

impl Pages {
    pub(super) fn new() -> Self {
        Self(io::BufWriter::new(io::stdout()))
    }

    /// Writes a piece, unless the reader has seen enough.
    pub(super) fn write(&mut self, text: &str) -> ControlFlow<()> {
        match self.0.write_all(text.as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) {
        drop(self.0.flush());
    }
}

/// Tells of a failure and what to do about it.
pub(super) fn complain(failure: &Failure, color: bool) {
    let (red, plain) = if color {
        ("\u{1b}[1;31m", "\u{1b}[0m")
    } else {
        ("", "")
    };
    to_stderr(&format!("{red}error:{plain} {}", failure.message));
    if let Some(advice) = &failure.advice {
        to_stderr(&format!("\n{advice}"));
    }
}
