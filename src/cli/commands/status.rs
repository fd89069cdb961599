//! `gphotosync status`: what the library holds, the last run, and what waits or failed and why. Reads only.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Local};
use serde_json::json;

use crate::cli::commands::config_view;
use crate::cli::connect;
use crate::cli::console::to_stdout;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::library::disk::INDEX_FILE;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::index::{Index, OpenItem, RunRow, State, StateCount, runs};
use crate::report::{numbers, printable};
use crate::source::google::sign_in::{LIBRARY_SCOPE, PICKER_SCOPE, command, stored_grant};

/// As many names are shown for each cause, unless all are asked for.
const FEW: usize = 5;

/// What the index tells.
struct Picture {
    states: Vec<StateCount>,
    bytes: u64,
    last: Option<RunRow>,
    open: Vec<OpenItem>,
}

/// Shows the library's state.
pub(crate) fn status(settings: &Settings) -> Result<(), Failure> {
    // A relative path says little in a report that may be read elsewhere.
    let root = &std::path::absolute(&settings.lib.value).unwrap_or_else(|_| settings.lib.value.clone());
    let path = root.join(OWN_FOLDER).join(INDEX_FILE);
    let picture = if path.exists() {
        Some(look(&Index::read_only(&path)?)?)
    } else {
        None
    };
    if settings.json.value {
        to_stdout(&format!("{}\n", as_json(root, picture.as_ref())));
        return Ok(());
    }
    let mut text = match &picture {
        Some(picture) => as_text(root, picture, settings.failed.value),
        None => format!(
            "There is no library in {} yet; `gphotosync sync` makes one.\n",
            root.display()
        ),
    };
    let _ = writeln!(text, "\nSign-in: {}", sign_in_state(settings));
    if settings.verbose.value > 0 {
        let _ = write!(text, "\n{}", config_view::as_text(settings));
    }
    to_stdout(&text);
    Ok(())
}

fn look(index: &Index) -> Result<Picture, Failure> {
    Ok(index.read(|db| {
        Ok(Picture {
            states: runs::states(db)?,
            bytes: runs::bytes(db)?,
            last: runs::last(db)?,
            open: runs::open_items(db)?,
        })
    })?)
}

const fn word(state: State) -> &'static str {
    match state {
        State::Found => "to be fetched",
        State::Stored => "stored",
        State::Waiting => "waiting (Google is still processing them)",
        State::Unavailable => "unavailable (Google cannot deliver them)",
        State::Failed => "failed (the next run tries again)",
    }
}

const fn key(state: State) -> &'static str {
    match state {
        State::Found => "found",
        State::Stored => "stored",
        State::Waiting => "waiting",
        State::Unavailable => "unavailable",
        State::Failed => "failed",
    }
}

fn as_text(root: &Path, picture: &Picture, all: bool) -> String {
    let total: u64 = picture.states.iter().map(|state| state.count).sum();
    let mut text = format!(
        "Library {}: {} items known, {} on disk\n",
        root.display(),
        numbers::count(total),
        numbers::bytes(picture.bytes)
    );
    for state in &picture.states {
        let _ = writeln!(
            text,
            "  {:>12}  {}",
            numbers::count(state.count),
            word(state.state)
        );
    }
    text.push_str(&last_run(picture.last.as_ref()));
    text.push_str(&causes(&picture.open, if all { usize::MAX } else { FEW }, root));
    text
}

fn last_run(run: Option<&RunRow>) -> String {
    let Some(run) = run else {
        return "\nNo run has ended here yet.\n".to_owned();
    };
    let ended = DateTime::from_timestamp(run.ended, 0).map(|time| time.with_timezone(&Local));
    let ended = ended.map_or_else(
        || "?".to_owned(),
        |time| time.format("%Y-%m-%d %H:%M:%S %z").to_string(),
    );
    let summary: serde_json::Value = serde_json::from_str(&run.summary).unwrap_or_default();
    let number = |pointer: &str| {
        numbers::count(
            summary
                .pointer(pointer)
                .and_then(serde_json::Value::as_u64)
                .unwrap_or(0),
        )
    };
    let reason = summary.get("reason").and_then(serde_json::Value::as_str);
    let reason = reason
        .map(|reason| format!(": {}", printable::printable(reason)))
        .unwrap_or_default();
    format!(
        "\nLast run: {ended}, {}{reason}\n  {} found, {} stored, {} present, {} failed\n",
        run.ending.replace('_', " "),
        number("/found"),
        number("/buckets/stored"),
        number("/buckets/present"),
        number("/buckets/failed"),
    )
}

fn causes(open: &[OpenItem], most: usize, root: &Path) -> String {
    let mut text = String::new();
    for group in open.chunk_by(|a, b| (a.state, &a.reason) == (b.state, &b.reason)) {
        let OpenItem { state, reason, .. } = &group[0];
        let reason = reason
            .as_deref()
            .map(|reason| format!(" – {}", printable::printable(reason)))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "\n{} {}{reason}",
            numbers::count(group.len() as u64),
            key(*state)
        );
        for item in group.iter().take(most) {
            let _ = writeln!(
                text,
                "  {}  ({})",
                printable::printable(&item.file_name),
                printable::printable(&item.id)
            );
        }
        if group.len() > most {
            let _ = writeln!(
                text,
                "  … and {} more: {}",
                numbers::count((group.len() - most) as u64),
                command("status --failed", root)
            );
        }
    }
    text
}

fn sign_in_state(settings: &Settings) -> String {
    let client = match connect::client(settings) {
        Ok(client) => client,
        Err(failure) => return failure.message,
    };
    let grant = |scope| stored_grant(&settings.lib.value, &client, scope);
    let of = match (grant(LIBRARY_SCOPE), grant(PICKER_SCOPE)) {
        (Ok(_), Ok(_)) => "are tokens for the Library API and for the Picker",
        (Ok(_), Err(_)) => "is a token for the Library API",
        (Err(_), Ok(_)) => "is a token for the Picker",
        (Err(error), Err(_)) => return Failure::from(error).message,
    };
    format!("there {of}; whether Google still accepts it shows at the next run")
}

fn as_json(root: &Path, picture: Option<&Picture>) -> serde_json::Value {
    let Some(picture) = picture else {
        return json!({"v": 1, "library": root.display().to_string(), "exists": false});
    };
    let states: serde_json::Map<_, _> = picture
        .states
        .iter()
        .map(|state| (key(state.state).to_owned(), state.count.into()))
        .collect();
    let open: Vec<_> = picture
        .open
        .iter()
        .map(|item| {
            json!({"id": item.id, "file_name": item.file_name, "state": key(item.state), "reason": item.reason,
                "attempts": item.attempts})
        })
        .collect();
    json!({
        "v": 1,
        "library": root.display().to_string(),
        "exists": true,
        "items": states,
        "bytes": picture.bytes,
        "last_run": picture.last.as_ref().map(run_json),
        "open": open,
    })
}

fn run_json(run: &RunRow) -> serde_json::Value {
    let time = |seconds| DateTime::from_timestamp(seconds, 0).map(|time| time.to_rfc3339());
    json!({
        "started": time(run.started),
        "ended": time(run.ended),
        "source": run.source,
        "ending": run.ending,
        "summary": serde_json::from_str::<serde_json::Value>(&run.summary).unwrap_or_default(),
    })
}
