//! `gphotosync explain`: one item's whole story.

mod entries;
mod told;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, SecondsFormat, Utc};

use crate::cli::console::to_stdout;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::library::disk::INDEX_FILE;
use crate::library::disk::desk::{OWN_FOLDER, staged_path};
use crate::library::index::misnamed::{self, MisnamedRow};
use crate::library::index::{FileRow, Index, ItemRow, Placing, State, aliases, audit, files, items, origins};
use crate::library::layout::folder;
use crate::library::safe_name::SafeName;
use crate::library::scrub::slashed;
use crate::media::Role;
use crate::report::{numbers, printable};
use crate::source::takeout;

/// A word that fits more items than this is no description of one.
const MOST: usize = 20;

/// Tells of the item that `word` names: a file, an id, a file name, or an entry of an export.
pub(crate) fn explain(settings: &Settings, word: &Path) -> Result<(), Failure> {
    let root = library_folder::existing(&settings.lib.value)?;
    let path = root.join(OWN_FOLDER).join(INDEX_FILE);
    if !path.exists() {
        return Err(Failure::stopped(format!("{} holds no library", root.display())));
    }
    let index = Index::read_only(&path)?;
    let (entries, found) = find(&index, &root, word)?;
    if entries.is_none() && found.is_empty() {
        return Err(unknown(&root, word));
    }
    let items = found.iter().map(|row| story(&index, &root, row));
    let stories = entries
        .map(Ok)
        .into_iter()
        .chain(items)
        .collect::<Result<Vec<_>, _>>()?;
    to_stdout(&stories.join("\n"));
    Ok(())
}

/// What is to be told of entries, if `word` is one that no file came from, and the items.
type Found = (Option<String>, Vec<ItemRow>);

fn find(index: &Index, root: &Path, word: &Path) -> Result<Found, Failure> {
    let found = known(index, root, word)?;
    if !found.is_empty() {
        return Ok((None, found));
    }
    let word = word.to_string_lossy();
    let is_file = root.join(&*word).exists() || Path::new(&*word).exists();
    if let Some((entries, items)) = entries::story(index, root, &word, is_file)? {
        return Ok((Some(entries), items));
    }
    // Imports once wrote no ledgers: copies in albums bear the name of the one that was kept.
    let name = word.rsplit('/').next().filter(|name| *name != word && !is_file);
    let named = |name| index.read(|db| audit::items_called(db, name, MOST));
    Ok((None, name.map(named).transpose()?.unwrap_or_default()))
}

/// The items that the index itself knows by this word.
fn known(index: &Index, root: &Path, word: &Path) -> Result<Vec<ItemRow>, Failure> {
    for relative in relatives(root, word) {
        if let Some(row) = index.read(|db| audit::item_at(db, &relative))? {
            return Ok(vec![row]);
        }
    }
    let word = word.to_string_lossy();
    let called = index.read(|db| audit::items_called(db, &word, MOST))?;
    if !called.is_empty() {
        return Ok(called);
    }
    // Perhaps an entry of an export, as the archive calls it.
    Ok(index.read(|db| {
        let items = origins::items_from(db, &word, MOST)?;
        items.into_iter().map(|item| items::get(db, item)).collect()
    })?)
}

/// What a path the user typed may be called in the index: seen from here, or from the library.
fn relatives(root: &Path, word: &Path) -> Vec<String> {
    let absolute = std::path::absolute(word).ok();
    let resolved = word.canonicalize().ok();
    let inside = |path: PathBuf| path.strip_prefix(root).ok().map(slashed);
    [resolved, absolute]
        .into_iter()
        .flatten()
        .filter_map(inside)
        .chain([slashed(word)])
        .collect()
}

fn unknown(root: &Path, word: &Path) -> Failure {
    let shown = printable::printable(&word.to_string_lossy()).into_owned();
    let is_there = word.exists() || root.join(word).exists();
    let message = if is_there {
        format!("{shown} is not gphotosync's: no run stored it, and none will touch it")
    } else {
        format!("nothing here is called {shown}")
    };
    Failure::stopped(message).advise(
        "Give a file of the library, an entry of an export, an item's id, or a file name as Google shows it.",
    )
}

fn story(index: &Index, root: &Path, row: &ItemRow) -> Result<String, Failure> {
    let (source, is_video) = index.read(|db| audit::origin(db, row.seq))?;
    let family = index.read(|db| items::family(db, row.family))?;
    let kept = index.read(|db| files::of_item(db, row.seq))?;
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<11} {value}");
    };
    line("Item", printable::printable(&row.id).into_owned());
    line(
        "Source",
        format!("{source}, {}", if is_video { "video" } else { "photo" }),
    );
    for (source, id) in index.read(|db| aliases::of_item(db, row.seq))? {
        line("Also", format!("{} of {source}", printable::printable(&id)));
    }
    line(
        "Name",
        format!(
            "{} as Google shows it ({})",
            quoted(&row.file_name),
            printable::printable(&row.mime)
        ),
    );
    line("Taken", taken(row.taken));
    line("Path", format!("{}/{}", folder(row.taken), row.layout_name()));
    let misnamed = index.read(|db| misnamed::of_item(db, row.seq))?;
    line("Why so", why(row, &family, &misnamed));
    for file in &kept {
        line(
            match file.role {
                Role::Main => "File",
                Role::Clip => "Clip",
                Role::Edited => "Edited",
            },
            describe(root, file),
        );
        line(
            "SHA-256",
            file.sha256.map_or_else(
                || "not known yet; `gphotosync verify` finds it out".to_owned(),
                hex,
            ),
        );
        for wrong in misnamed.iter().filter(|wrong| wrong.role == file.role) {
            line("Extension", extension(wrong));
        }
    }
    for (name, text) in told::lines(index, row)? {
        line(name, text);
    }
    line("State", state(row));
    if let Some(partial) = index.read(|db| files::partial(db, row.seq, Role::Main))? {
        let part = staged_path(root, row.seq, Role::Main);
        line(
            "Begun",
            format!("{} are in {}", numbers::bytes(partial.bytes), part.display()),
        );
    }
    line("Next", next(row, &kept, &source));
    Ok(text)
}

fn quoted(name: &str) -> String {
    if name.is_empty() {
        "no name".to_owned()
    } else {
        format!("\"{}\"", printable::printable(name))
    }
}

fn taken(taken: Option<DateTime<Utc>>) -> String {
    taken.map_or_else(
        || "not known; so it is in undated/".to_owned(),
        |time| {
            format!(
                "{} (folders go by UTC)",
                time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
            )
        },
    )
}

/// Which rule gave the item its name.
fn why(row: &ItemRow, family: &[ItemRow], misnamed: &[MisnamedRow]) -> String {
    let mut natural = SafeName::new(&row.file_name, Some(&row.mime)).natural().main;
    let name = row.layout_name();
    let mut corrected = misnamed
        .iter()
        .filter(|wrong| wrong.role == Role::Main && wrong.is_corrected);
    if let Some(right) = corrected.find_map(|wrong| wrong.what.extension.as_deref()) {
        natural = SafeName::corrected(&row.file_name, Some(&row.mime), right);
        if name == natural {
            return "its own name, with the extension of what it is".to_owned();
        }
    }
    if name == natural && natural == row.file_name {
        return "its own name; no newer item of that name is in the month".to_owned();
    }
    if name == natural {
        return "its own name, made safe for every file system".to_owned();
    }
    let newer = family
        .iter()
        .filter(|other| (other.taken, &other.id) > (row.taken, &row.id))
        .filter(|other| {
            SafeName::new(&other.file_name, Some(&other.mime))
                .natural()
                .main
                .eq_ignore_ascii_case(&natural)
        })
        .min_by_key(|other| (other.taken, &other.id));
    match newer {
        Some(other) => format!(
            "a newer item ({}) has the name {}; the newest keeps it",
            printable::printable(&other.id),
            quoted(&natural)
        ),
        None => format!(
            "a file that is not gphotosync's has the name {}",
            quoted(&natural)
        ),
    }
}

/// What is to be said of an extension that lies.
fn extension(wrong: &MisnamedRow) -> String {
    let what = &wrong.what.content;
    match &wrong.what.extension {
        Some(right) if wrong.is_corrected => format!("corrected to {right}, for it is {what}"),
        Some(right) => {
            format!("wrong, for it is {what}; the next `takeout` with --fix-extensions makes it {right}")
        }
        None => format!("wrong, for it is {what}; it stays, for the right one is not sure"),
    }
}

fn describe(root: &Path, file: &FileRow) -> String {
    let place = match file.placing {
        Placing::InPlace => "",
        Placing::Sealed | Placing::Moving => ", being placed",
        Placing::Damaged => ", damaged; it will be fetched afresh",
        Placing::Elsewhere => ", where another tool put it",
    };
    let there = if root.join(&file.path).exists() {
        ""
    } else {
        ", not there any more"
    };
    format!(
        "{}, {}{place}{there}",
        printable::printable(&file.path),
        numbers::bytes(file.size)
    )
}

fn hex(hash: [u8; 32]) -> String {
    hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn state(row: &ItemRow) -> String {
    let word = match row.state {
        State::Found => "found, not fetched yet",
        State::Stored => "stored",
        State::Waiting => "waiting: Google is still processing it",
        State::Unavailable => "unavailable: Google cannot deliver it",
        State::Failed => "failed",
    };
    let reason = row
        .reason
        .as_deref()
        .map(|reason| format!(" – {}", printable::printable(reason)))
        .unwrap_or_default();
    let last = row
        .tried
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(|time| time.with_timezone(&Local));
    let tries = last.map(|time| {
        format!(
            " ({} tries, last {})",
            row.attempts,
            time.format("%Y-%m-%d %H:%M")
        )
    });
    format!("{word}{reason}{}", tries.unwrap_or_default())
}

fn next(row: &ItemRow, kept: &[FileRow], source: &str) -> String {
    let brought = if source == takeout::NAME {
        "the next import of an export that holds it brings it"
    } else {
        "the next sync fetches it"
    };
    match row.state {
        State::Stored if kept.iter().any(|file| file.placing == Placing::Damaged) => {
            format!("{brought} afresh")
        }
        State::Stored => format!("nothing; if the file goes missing, {brought} again"),
        State::Found | State::Failed => brought.to_owned(),
        State::Waiting => "the next sync asks whether Google is done with it".to_owned(),
        State::Unavailable => "the next sync asks again; after five vain runs only once a week".to_owned(),
    }
}
