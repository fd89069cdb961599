//! Looking an entry up in all ledgers, line by line.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use unicode_normalization::UnicodeNormalization as _;

use super::file_name::ENDING;
use super::{FORMAT, Header, Line, folder};

/// An entry as the ledger of a part knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// The part that holds it.
    pub(crate) part: String,
    pub(crate) line: Line<'static>,
}

/// What the ledgers know of the entry of this path, at most `most` of its parts: with or without `Takeout/` before it,
/// or else of the only path that ends in it, unless `whole` paths alone count. A library without ledgers knows nothing.
pub(crate) fn find(root: &Path, path: &str, whole: bool, most: usize) -> Vec<Known> {
    let mut search = Search {
        wanted: Wanted::of(path, whole),
        most,
        exact: Vec::new(),
        ending: Vec::new(),
        is_unique: true,
    };
    for ledger in ledgers(root) {
        if let Err(error) = search.look_through(&ledger) {
            tracing::warn!(
                "{} could not be read ({error}); the next import of that part writes it anew",
                ledger.display()
            );
        }
    }
    search.finish()
}

/// All ledgers, in the order of their names.
fn ledgers(root: &Path) -> Vec<PathBuf> {
    // No folder, no ledgers: nothing was imported, or by a version that wrote none.
    let entries = fs::read_dir(folder(root)).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut ledgers: Vec<_> = paths
        .filter(|path| path.to_string_lossy().ends_with(ENDING))
        .collect();
    ledgers.sort();
    ledgers
}

struct Search {
    wanted: Wanted,
    most: usize,
    exact: Vec<Known>,
    /// Entries of which the path ends in what is wanted, all of one path.
    ending: Vec<Known>,
    is_unique: bool,
}

impl Search {
    fn look_through(&mut self, ledger: &Path) -> io::Result<()> {
        let packed = BufReader::new(File::open(ledger)?);
        let mut text = BufReader::new(GzDecoder::new(packed));
        let mut line = String::new();
        text.read_line(&mut line)?;
        let header: Header = serde_json::from_str(&line)?;
        if header.format > FORMAT {
            return Err(io::Error::other("a newer gphotosync wrote it"));
        }
        loop {
            line.clear();
            if text.read_line(&mut line)? == 0 {
                return Ok(());
            }
            self.take_in(&header.part, serde_json::from_str(&line)?);
        }
    }

    fn take_in(&mut self, part: &str, line: Line<'_>) {
        let found = match self.wanted.fit(&line.entry) {
            Fit::Not => return,
            Fit::Exact => &mut self.exact,
            Fit::Ending => {
                let first = self.ending.first();
                self.is_unique &= first.is_none_or(|first| first.line.entry == line.entry);
                &mut self.ending
            }
        };
        if found.len() < self.most {
            found.push(Known {
                part: part.to_owned(),
                line: line.into_owned(),
            });
        }
    }

    fn finish(self) -> Vec<Known> {
        if self.exact.is_empty() && self.is_unique {
            self.ending
        } else {
            self.exact
        }
    }
}

/// A path that somebody typed.
#[derive(Debug)]
struct Wanted {
    /// As it is, and from behind `Takeout/` on.
    paths: Vec<String>,
    ending: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Exact,
    Ending,
    Not,
}

/// The folder in which every export begins.
const TOP: &str = "takeout";

impl Wanted {
    fn of(path: &str, whole: bool) -> Self {
        // As paths of entries are written: composed, and without the slash of a folder's own entry.
        let path: String = path
            .trim_start_matches("./")
            .trim_end_matches('/')
            .nfc()
            .collect();
        let mut rest = path.as_str();
        let mut below_top = None;
        while let Some((folder, below)) = rest.split_once('/') {
            if folder.eq_ignore_ascii_case(TOP) {
                below_top = Some(below.to_owned());
                break;
            }
            rest = below;
        }
        Self {
            ending: (!whole && !path.is_empty()).then(|| format!("/{path}")),
            paths: std::iter::once(path.clone()).chain(below_top).collect(),
        }
    }

    fn fit(&self, entry: &str) -> Fit {
        let entry = entry.trim_end_matches('/');
        if self.paths.iter().any(|path| path == entry) {
            return Fit::Exact;
        }
        match &self.ending {
            Some(ending) if entry.ends_with(ending.as_str()) => Fit::Ending,
            _ => Fit::Not,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_known_whole_and_by_their_ends() {
        for (typed, entry, fit) in [
            ("Google Photos/a.jpg", "Google Photos/a.jpg", Fit::Exact),
            ("Takeout/Google Photos/a.jpg", "Google Photos/a.jpg", Fit::Exact),
            ("./takeout/Google Photos/a.jpg", "Google Photos/a.jpg", Fit::Exact),
            ("/home/x/takeout-1/Takeout/Drive/a", "Drive/a", Fit::Exact),
            ("Google Photos/Rome/", "Google Photos/Rome/", Fit::Exact),
            (
                "Google Photos/e\u{301}.jpg",
                "Google Photos/\u{e9}.jpg",
                Fit::Exact,
            ),
            ("Rome/a.jpg", "Google Photos/Rome/a.jpg", Fit::Ending),
            ("ome/a.jpg", "Google Photos/Rome/a.jpg", Fit::Not),
            ("Google Photos/A.jpg", "Google Photos/a.jpg", Fit::Not),
            ("", "a.jpg", Fit::Not),
            ("Takeout/a.jpg", "Google Photos/a.jpg", Fit::Not),
        ] {
            assert_eq!(Wanted::of(typed, false).fit(entry), fit, "{typed}");
            let whole = if fit == Fit::Ending { Fit::Not } else { fit };
            assert_eq!(Wanted::of(typed, true).fit(entry), whole, "{typed}");
        }
    }
}
