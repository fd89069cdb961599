//! What happens when a run is over: a report for scripts, and a command of the user's.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::pipeline::summary::{Bucket, Ending, Summary};

/// The report's version; it grows when a field changes its meaning.
const VERSION: u32 = 1;

/// What is known of a run that is over, however far it came.
struct Account<'a> {
    started: DateTime<Utc>,
    /// `None` when it ended before it began.
    summary: Option<&'a Summary>,
    failure: Option<&'a Failure>,
    status: ExitStatus,
}

/// Lets a run end, and does afterwards what the user wants done whatever came of it.
pub(crate) async fn tended(
    settings: &Settings,
    run: impl Future<Output = Result<Summary, Failure>>,
) -> Result<ExitStatus, Failure> {
    let started = Utc::now();
    let ran = run.await;
    let status = ran
        .as_ref()
        .map_or_else(|failure| failure.status, ExitStatus::from);
    tend(
        settings,
        &Account {
            started,
            summary: ran.as_ref().ok(),
            failure: ran.as_ref().err(),
            status,
        },
    );
    ran.map(|_| status)
}

/// Writes the report and starts the command, if the user asked for them.
fn tend(settings: &Settings, account: &Account<'_>) {
    if let Some(path) = &settings.report.value
        && let Err(error) = write_report(path, &report(settings, account))
    {
        tracing::error!("could not write the report {}: {error}", path.display());
    }
    if let Some(command) = &settings.on_finish.value {
        run_command(command, settings, account);
    }
}

/// The word for how a run ended, in the report, the index and the environment.
pub(crate) const fn ending_word(ending: &Ending) -> &'static str {
    match ending {
        Ending::Complete => "complete",
        Ending::Interrupted => "interrupted",
        Ending::QuotaSpent { .. } => "quota_spent",
        Ending::SignInNeeded { .. } => "sign_in_needed",
        Ending::Stopped { .. } => "stopped",
    }
}

/// The buckets by name.
pub(crate) fn buckets(summary: &Summary) -> Value {
    let each = Bucket::ALL
        .iter()
        .map(|bucket| (bucket.word().to_owned(), summary.counts.of(*bucket).into()));
    Value::Object(each.collect())
}

/// Why a run ended, where the ending alone does not say.
pub(crate) fn reason(ending: &Ending) -> Option<&str> {
    match ending {
        Ending::SignInNeeded { reason } | Ending::Stopped { reason } => Some(reason),
        _ => None,
    }
}

fn ending_of(account: &Account<'_>) -> &'static str {
    match (account.summary, account.status) {
        (Some(summary), _) => ending_word(&summary.ending),
        (None, ExitStatus::SignInNeeded) => "sign_in_needed",
        (None, ExitStatus::InUse) => "in_use",
        (None, _) => "stopped",
    }
}

fn report(settings: &Settings, account: &Account<'_>) -> Value {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let summary = account.summary;
    let told = account.failure.map(|failure| failure.message.as_str());
    json!({
        "v": VERSION,
        "type": "report",
        "library": settings.lib.value.display().to_string(),
        "started": time(account.started),
        "ended": time(Utc::now()),
        "exit_code": account.status as u8,
        "ending": ending_of(account),
        "reason": summary.and_then(|summary| reason(&summary.ending)).or(told),
        "found": summary.map(|summary| summary.found),
        "buckets": summary.map(buckets),
        "bytes": summary.map(|summary| summary.bytes),
        "renamed": summary.map(|summary| summary.renamed),
        "dry_run": summary.map(|summary| summary.dry_run),
        "entries": summary.map(|summary| &summary.entries).filter(|entries| !entries.is_empty()),
    })
}

/// A reader finds the old report or the new one, never half of one.
fn write_report(path: &Path, report: &Value) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let mut file = std::fs::File::create(&part)?;
    writeln!(file, "{report}")?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

/// Runs the user's command and waits for it. What it prints goes where our output goes; its failure is told, but
/// does not change how the run ended.
fn run_command(command: &str, settings: &Settings, account: &Account<'_>) {
    let mut shell = shell(command);
    shell.env("GPHOTOSYNC_EXIT_CODE", (account.status as u8).to_string());
    shell.env("GPHOTOSYNC_ENDING", ending_of(account));
    shell.env("GPHOTOSYNC_LIBRARY", &settings.lib.value);
    if let Some(path) = &settings.report.value {
        shell.env("GPHOTOSYNC_REPORT_FILE", path);
    }
    if let Some(summary) = account.summary {
        shell.env("GPHOTOSYNC_FOUND", summary.found.to_string());
        shell.env("GPHOTOSYNC_BYTES", summary.bytes.to_string());
        for bucket in Bucket::ALL {
            let name = format!("GPHOTOSYNC_{}", bucket.word().to_uppercase());
            shell.env(name, summary.counts.of(bucket).to_string());
        }
    }
    match shell.status() {
        Ok(status) if status.success() => {}
        Ok(status) => tracing::error!("the command given by --on-finish ended with {status}"),
        Err(error) => tracing::error!("the command given by --on-finish could not be started: {error}"),
    }
}

fn shell(command: &str) -> Command {
    let (program, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("/bin/sh", "-c")
    };
    let mut shell = Command::new(program);
    shell.args([flag, command]);
    shell
}
