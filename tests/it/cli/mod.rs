//! The command line as its users read it: help, mistakes, settings, reports, and streams that break.

mod first_run;
mod help;
mod library;
mod mistakes;
mod settings;
mod status;
mod streams;

use std::process::Command;

use crate::support::{Ended, Sandbox};

/// A command line, how it ended, and what it told.
fn told(line: &str, ended: &Ended) -> String {
    let code = ended
        .code
        .map_or_else(|| "a signal".to_owned(), |code| code.to_string());
    let text = ended.masked(&format!("{}{}", ended.stdout, ended.stderr));
    format!("$ gphotosync {line}\n{}\n[exit {code}]\n", text.trim_end())
}

impl Sandbox {
    /// Runs the program with the words of `line` and nothing else.
    fn say(&self, line: &str) -> Ended {
        self.end_of(self.words(line))
    }

    fn words(&self, line: &str) -> Command {
        let words: Vec<_> = line.split_whitespace().collect();
        self.program(&words)
    }
}
