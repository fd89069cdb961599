//! Keeps README.md honest: every command, option, exit code, link, schedule and licence it names is compared with
//! the real program, the real files and the real dependencies.
//!
//! What it says in prose about behaviour is the business of the other tests.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod commands;
mod exit_codes;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod licences;
mod links;
mod markdown;
mod options;
mod program;
mod schedule;
mod units;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the repository.
fn text_of(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
