//! What the folders of an export are: decided by what lies in them, in any language; listed names make it certain.

mod names;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::entry::{Entries, EntryId, FolderId, is_litter_folder};
use names::{Special, TopName};

/// What a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FolderKind {
    /// It belongs to another Google product, or to none: its pictures are not photos of Google Photos.
    Foreign,
    /// Thumbnails and the like that another system left behind.
    Litter,
    /// Google Photos' own folder, which holds the others.
    Top,
    /// All items of a year.
    Year {
        year: i32,
        /// Whether the name is one that Google is known to give.
        is_certain: bool,
    },
    /// All items of some days, as until 2020.
    Day(NaiveDate),
    /// An album.
    Album,
    /// One folder for all albums without a name.
    Untitled,
    Archive,
    Trash,
    Locked,
    /// Videos that Google could not read.
    Failed,
}

/// What a folder holds, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holds {
    pub(crate) has_media: bool,
    pub(crate) has_sidecars: bool,
    /// Its album files and the titles they give.
    pub(crate) albums: Vec<(EntryId, Box<str>)>,
}

/// The longest name that Google gives a folder, in characters.
const MAX_FOLDER_CHARACTERS: usize = 50;

/// The kinds of all folders. `holds` has a place for each folder.
pub(crate) fn kinds(entries: &Entries, holds: &HashMap<FolderId, Holds>) -> Vec<FolderKind> {
    let tops = tops(entries, holds);
    let nothing = Holds::default();
    entries
        .folder_ids()
        .map(|id| {
            let levels = entries.levels(id);
            let is_photos = levels.first().is_some_and(|top| tops.contains(*top));
            match levels.as_slice() {
                _ if levels.iter().any(|name| is_litter_folder(name)) => FolderKind::Litter,
                [_, .., name] if is_photos => kind(name, holds.get(&id).unwrap_or(&nothing)),
                [_] if is_photos => FolderKind::Top,
                _ => FolderKind::Foreign,
            }
        })
        .collect()
}

/// The first folders of paths that lead into Google Photos.
///
/// An album file alone proves nothing: notes and lists of other products have titles too.
fn tops<'a>(entries: &'a Entries, holds: &HashMap<FolderId, Holds>) -> HashSet<&'a str> {
    let mut tops = HashSet::new();
    for id in entries.folder_ids() {
        let levels = entries.levels(id);
        let (Some(top), Some(held)) = (levels.first(), holds.get(&id)) else {
            continue;
        };
        let by_content = match levels.len() {
            1 => held.has_sidecars,
            2 => held.has_sidecars || (!held.albums.is_empty() && held.has_media),
            _ => false,
        };
        let by_name = match names::top(top) {
            TopName::Listed => true,
            TopName::Likely => levels.len() == 2 && held.has_media,
            TopName::Unknown => false,
        };
        if by_content || by_name {
            tops.insert(*top);
        }
    }
    tops
}

/// What a folder within Google Photos' is. An album file decides, whatever the name.
fn kind(name: &str, held: &Holds) -> FolderKind {
    let Some((_, title)) = held.albums.first() else {
        return kind_by_name(name);
    };
    match day(name) {
        Some(day) if held.albums.iter().any(|(_, title)| **title == *name) => FolderKind::Day(day),
        _ if title.is_empty() || names::special(name) == Some(Special::Untitled) => FolderKind::Untitled,
        _ => FolderKind::Album,
    }
}

fn kind_by_name(name: &str) -> FolderKind {
    if let Some(year) = names::listed_year(name) {
        return FolderKind::Year {
            year,
            is_certain: true,
        };
    }
    match names::special(name) {
        Some(Special::Archive) => FolderKind::Archive,
        Some(Special::Trash) => FolderKind::Trash,
        Some(Special::Locked) => FolderKind::Locked,
        Some(Special::Failed) => FolderKind::Failed,
        Some(Special::Untitled) => FolderKind::Untitled,
        None => match names::only_year(name) {
            Some(year) => FolderKind::Year {
                year,
                is_certain: false,
            },
            None => FolderKind::Album,
        },
    }
}

/// The first day of a day folder: `2013-04-12`, `2003-03-01-02`, `1970-01-01 #2`.
fn day(name: &str) -> Option<NaiveDate> {
    let (date, rest) = (name.get(..10)?, &name[10..]);
    let is_more = |rest: &str| {
        rest.bytes()
            .all(|byte| byte.is_ascii_digit() || b"-# ".contains(&byte))
    };
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    is_more(rest).then_some(date)
}

impl FolderKind {
    /// Whether what lies here belongs to an album of the user's.
    pub(crate) fn is_album(self) -> bool {
        matches!(self, Self::Album | Self::Untitled)
    }

    /// The day, or the first day of the year, that everything here is from.
    pub(crate) fn date(self) -> Option<FolderDate> {
        match self {
            Self::Year { year, .. } => Some(FolderDate::Year(year)),
            Self::Day(day) => Some(FolderDate::Day(day)),
            _ => None,
        }
    }
}

/// What a folder says about the time of what lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FolderDate {
    Year(i32),
    Day(NaiveDate),
}

/// Whether Google makes this folder's name of this title: some characters replaced, cut, perhaps numbered.
pub(crate) fn is_named_after(folder: &str, title: &str) -> bool {
    let replaced: String = title
        .chars()
        .map(|c| match c {
            '/' => '-',
            '\'' | '&' | '?' | '\\' | '"' | '<' | '>' | '|' | '*' | ':' => '_',
            other => other,
        })
        .take(MAX_FOLDER_CHARACTERS)
        .collect();
    let title = names::folded(replaced.trim_end_matches(['.', ' ']));
    let folder = names::folded(folder);
    folder == title || names::without_number(&folder) == title
}

#[cfg(test)]
mod tests;
