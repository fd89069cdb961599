//! A program that has ended: its exit code, what it told, and its summary as numbers.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use serde_json::Value;

/// What a run of the program left behind.
pub(crate) struct Ended {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    place: PathBuf,
}

/// All buckets of a summary.
const BUCKETS: [&str; 7] = [
    "stored",
    "present",
    "waiting",
    "unavailable",
    "filtered",
    "failed",
    "not_reached",
];

impl Ended {
    pub(crate) fn new(status: ExitStatus, stdout: &[String], stderr: String, place: &Path) -> Self {
        Self {
            code: status.code(),
            stdout: stdout.join("\n"),
            stderr,
            place: place.to_owned(),
        }
    }

    /// The same, if it ended with this code.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n── stdout ──\n{}\n── stderr ──\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// The JSON events, in order.
    pub(crate) fn events(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The JSON events of one type.
    pub(crate) fn events_of(&self, kind: &str) -> Vec<Value> {
        let mut events = self.events();
        events.retain(|event| event["type"] == kind);
        events
    }

    /// The last event, whose buckets must add up.
    #[track_caller]
    pub(crate) fn summary(&self) -> Summary {
        let events = self.events();
        let last = events.last().expect("a run tells how it ended").clone();
        assert_eq!(last["type"], "run_finished", "{}", self.stdout);
        let summary = Summary(last);
        let total: u64 = BUCKETS.iter().map(|bucket| summary.count(bucket)).sum();
        assert_eq!(
            total,
            summary.number("found"),
            "the buckets add up: {}",
            summary.0
        );
        summary
    }

    /// Everything it told, on either stream.
    pub(crate) fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// Standard error with everything replaced that differs from run to run: folders, ports, numbers of processes.
    pub(crate) fn shown(&self) -> String {
        self.masked(&self.stderr)
    }

    /// A text with everything replaced that differs from run to run.
    pub(crate) fn masked(&self, text: &str) -> String {
        let place = self.place.canonicalize().unwrap_or_else(|_| self.place.clone());
        let text = text
            .replace(&*place.to_string_lossy(), "[PLACE]")
            .replace(&*self.place.to_string_lossy(), "[PLACE]");
        let text = digits_after(&text, "127.0.0.1:", "[PORT]");
        digits_after(&text, "process ", "[PID]")
    }
}

/// Replaces the digits that follow `before`, wherever it is.
fn digits_after(text: &str, before: &str, mask: &str) -> String {
    let mut parts = text.split(before);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |masked, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let shown = if rest.len() < part.len() { mask } else { "" };
        masked + before + shown + rest
    })
}

/// The `run_finished` event.
pub(crate) struct Summary(Value);

impl Summary {
    /// The items in a bucket.
    pub(crate) fn count(&self, bucket: &str) -> u64 {
        self.0["counts"][bucket]
            .as_u64()
            .unwrap_or_else(|| panic!("no bucket {bucket}: {}", self.0))
    }

    /// A number, such as `found` or `bytes`.
    pub(crate) fn number(&self, field: &str) -> u64 {
        self.0[field]
            .as_u64()
            .unwrap_or_else(|| panic!("no number {field}: {}", self.0))
    }

    /// How the run ended.
    pub(crate) fn ending(&self) -> String {
        self.0["ending"].as_str().unwrap().to_owned()
    }

    /// The buckets that are not empty.
    pub(crate) fn counts(&self) -> Vec<(&'static str, u64)> {
        let counts = BUCKETS.map(|bucket| (bucket, self.count(bucket)));
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}
