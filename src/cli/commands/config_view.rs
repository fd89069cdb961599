//! `gphotosync config`: the settings that hold, and where each comes from.

use std::fmt::{self, Write as _};
use std::path::PathBuf;

use crate::cli::console::to_stdout;
use crate::cli::settings::config_file::usual_path;
use crate::cli::settings::{Origin, Setting, Settings};

/// Shows the settings.
pub(crate) fn config(settings: &Settings) {
    to_stdout(&as_text(settings));
}

pub(crate) fn as_text(settings: &Settings) -> String {
    let mut text = match (&settings.file, usual_path()) {
        (Some(path), _) => format!("Configuration file: {}\n", path.display()),
        (None, Some(path)) => format!("Configuration file: none ({} does not exist)\n", path.display()),
        (None, None) => "Configuration file: none\n".to_owned(),
    };
    let rows = rows(settings);
    let width = rows
        .iter()
        .map(|(_, value, _)| value.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value, origin) in rows {
        let _ = writeln!(text, "  {name:<16} {value:<width$}  {origin}");
    }
    text
}

/// A setting's name, value and origin.
type Row = (&'static str, String, Origin);

/// Every setting, for people.
pub(crate) fn rows(settings: &Settings) -> Vec<Row> {
    [common(settings), of_sync(settings), switches(settings)].concat()
}

fn common(settings: &Settings) -> Vec<Row> {
    vec![
        row("lib", &settings.lib, |path| path.display().to_string()),
        row("client_secret", &settings.client_secret, path),
        row("progress", &settings.progress, word),
        row("color", &settings.color, word),
        row("quiet", &settings.quiet, u8::to_string),
        row("verbose", &settings.verbose, u8::to_string),
        row("google_endpoint", &settings.google_endpoint, maybe),
    ]
}

fn of_sync(settings: &Settings) -> Vec<Row> {
    vec![
        row("strategy", &settings.strategy, word),
        row("workers", &settings.workers, ToString::to_string),
        row("delay", &settings.delay, ToString::to_string),
        row("retry_pause", &settings.retry_pause, ToString::to_string),
        row("quota", &settings.quota, word),
        row("stall_timeout", &settings.stall_timeout, ToString::to_string),
        row("report", &settings.report, path),
        row("on_finish", &settings.on_finish, maybe),
    ]
}

fn switches(settings: &Settings) -> Vec<Row> {
    vec![
        row("dry_run", &settings.dry_run, bool::to_string),
        row("wait", &settings.wait, bool::to_string),
        row("no_browser", &settings.no_browser, bool::to_string),
        row("local_only", &settings.local_only, bool::to_string),
        row("max", &settings.max, u32::to_string),
        row("again", &settings.again, bool::to_string),
        row("album", &settings.album, maybe),
        row("since", &settings.since, maybe),
        row("bucket", &settings.bucket, |bucket| {
            bucket.as_ref().map_or_else(|| "-".to_owned(), word)
        }),
        row("edited", &settings.edited, word),
        row("trashed", &settings.trashed, bool::to_string),
        row("locked", &settings.locked, bool::to_string),
        row("no_archived", &settings.no_archived, bool::to_string),
        row("albums", &settings.albums, word),
        row("sidecars", &settings.sidecars, word),
        row("partial", &settings.partial, bool::to_string),
        row("fix_extensions", &settings.fix_extensions, bool::to_string),
        row("failed", &settings.failed, bool::to_string),
        row("json", &settings.json, bool::to_string),
        row("quick", &settings.quick, bool::to_string),
        row("repair", &settings.repair, bool::to_string),
    ]
}

fn row<T>(name: &'static str, setting: &Setting<T>, show: impl FnOnce(&T) -> String) -> Row {
    (name, show(&setting.value), setting.origin)
}

/// The word that would be typed.
fn word(value: &impl fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

#[expect(clippy::ref_option, reason = "it is handed to `row`, which borrows settings")]
fn maybe<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
}

#[expect(clippy::ref_option, reason = "it is handed to `row`, which borrows settings")]
fn path(value: &Option<PathBuf>) -> String {
    value
        .as_ref()
        .map_or_else(|| "-".to_owned(), |path| path.display().to_string())
}
