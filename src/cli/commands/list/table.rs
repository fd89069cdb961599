//! One item as a line of a table: when, how much, where, and what is known of it. Lines are written as they come, so the
//! columns are as wide as nearly all need them.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::as_json::bucket;
use crate::library::index::State;
use crate::library::index::listing::Listed;
use crate::media::Role;
use crate::report::{numbers, printable};
use crate::told::Precision;

/// The item's line and its end.
pub(super) fn line(listed: &Listed) -> String {
    let bytes: u64 = listed.files.iter().map(|file| file.size).sum();
    let mut text = format!(
        "{:<16}  {:>7}  {}",
        when(listed),
        if listed.files.is_empty() {
            "-".to_owned()
        } else {
            numbers::bytes(bytes)
        },
        path(listed)
    );
    let notes = notes(listed);
    if !notes.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(text, "  [{}]", notes.join("; "));
    }
    text.push('\n');
    text
}

/// The local time where it is known, else UTC.
fn when(listed: &Listed) -> String {
    let Some(taken) = listed.item.taken else {
        return "undated".to_owned();
    };
    let time = listed.told.time;
    let offset = time.and_then(|time| time.offset).unwrap_or(0);
    let local = taken.naive_utc() + chrono::TimeDelta::seconds(offset.into());
    let format = match time.map(|time| time.precision) {
        Some(Precision::Year) => "%Y",
        Some(Precision::Day) => "%Y-%m-%d",
        _ => "%Y-%m-%d %H:%M",
    };
    local.format(format).to_string()
}

fn path(listed: &Listed) -> Cow<'_, str> {
    let main = listed.files.iter().find(|file| file.role == Role::Main);
    printable::printable(main.map_or(&listed.item.file_name, |file| &file.path))
}

fn notes(listed: &Listed) -> Vec<String> {
    let told = &listed.told;
    let marks = [
        (listed.item.state != State::Stored, bucket(listed.item.state)),
        (told.marks.favourite, "favourite"),
        (told.marks.archived, "archived"),
        (told.marks.trashed, "trashed"),
        (told.marks.locked, "locked"),
        (told.is_partners, "partner"),
    ];
    let mut notes: Vec<String> = marks
        .iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, word)| (*word).to_owned())
        .collect();
    let others = listed.files.iter().filter(|file| file.role != Role::Main);
    notes.extend(others.map(|file| format!("with {}", file.role.word())));
    for (word, names) in [("in", &listed.albums), ("shows", &told.people)] {
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|name| printable::printable(name)).collect();
            notes.push(format!("{word} {}", names.join(", ")));
        }
    }
    notes
}
