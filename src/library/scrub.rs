//! Reading the library again and comparing it with the index: what is missing, cut, changed, or not ours.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::StreamExt as _;
use sha2::{Digest as _, Sha256};

use super::LibraryError;
use super::disk::desk::OWN_FOLDER;
use super::disk::has_time_of;
use super::index::{AuditRow, Durability, FileRow, Index, Placing, State, audit, files, items, links};
use crate::media::Role;
use crate::shutdown::Shutdown;

/// Rows read from the index at a time.
const PAGE: usize = 512;

/// Files are read in pieces of this size.
const PIECE: usize = 1 << 20;

/// How a file compares with its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is as it was stored.
    Whole,
    /// It is there; its hash was not known before, and is now.
    Recorded([u8; 32]),
    /// It is not there.
    Missing,
    /// It is shorter than it was.
    Truncated,
    /// Its content, or in a quick check its length or time, is another one.
    Changed,
    /// The disk does not give it out.
    Unreadable(String),
}

impl Verdict {
    /// The word for reports.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Recorded(_) => "recorded",
            Self::Missing => "missing",
            Self::Truncated => "truncated",
            Self::Changed => "changed",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

/// A file that is not as it should be.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) item: i64,
    pub(crate) role: Role,
    pub(crate) path: String,
    pub(crate) verdict: Verdict,
}

/// What a check found. Every file of the index is in exactly one of the numbers.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) whole: u64,
    pub(crate) recorded: u64,
    pub(crate) problems: Vec<Problem>,
    /// Files in the library's folders that the index does not know. Nobody touches them.
    pub(crate) unknown: Vec<PathBuf>,
    pub(crate) bytes: u64,
    /// The user stopped it.
    pub(crate) interrupted: bool,
}

/// How to check, and who hears of it.
pub(crate) struct Scrub<'a> {
    pub(crate) root: &'a Path,
    /// Only compare lengths and times.
    pub(crate) quick: bool,
    pub(crate) shutdown: &'a Shutdown,
    /// Hears of each file checked: its path and its bytes.
    pub(crate) heard: &'a (dyn Fn(&FileRow, &Verdict) + Sync),
}

impl Scrub<'_> {
    /// Checks every file. Hashes that were unknown are written down.
    pub(crate) async fn run(&self, index: &mut Index) -> Result<Findings, LibraryError> {
        let mut findings = Findings::default();
        let mut known = HashSet::new();
        let mut after = (i64::MIN, Role::Main);
        loop {
            let page = index.read(|db| audit::files_after(db, after, PAGE))?;
            let Some(last) = page.last() else { break };
            after = (last.file.item, last.file.role);
            known.extend(page.iter().map(|row| items::short_hash(&[&row.file.path])));
            self.check_page(index, page, &mut findings).await?;
            if self.shutdown.is_draining() {
                findings.interrupted = true;
                return Ok(findings);
            }
        }
        index.read(|db| links::add_path_hashes(db, &mut known))?;
        findings.unknown = unknown_files(self.root, &known)?;
        Ok(findings)
    }

    async fn check_page(
        &self,
        index: &mut Index,
        page: Vec<AuditRow>,
        findings: &mut Findings,
    ) -> Result<(), LibraryError> {
        let hands = std::thread::available_parallelism()
            .map_or(2, NonZeroUsize::get)
            .clamp(2, 8);
        let (root, quick): (Arc<Path>, bool) = (self.root.into(), self.quick);
        let checks = page.into_iter().map(|row| {
            let root = Arc::clone(&root);
            // Spawned, so that several files are read at a time whoever waits for them.
            tokio::task::spawn_blocking(move || (check(&root, &row, quick), row.file))
        });
        let mut results = futures::stream::iter(checks).buffered(hands);
        let mut recorded = Vec::new();
        while let Some(result) = results.next().await {
            let (verdict, file) = result.map_err(|_| LibraryError::Closed)?;
            (self.heard)(&file, &verdict);
            if let Verdict::Recorded(sha256) = verdict {
                recorded.push(FileRow {
                    sha256: Some(sha256),
                    ..file.clone()
                });
            }
            findings.take_in(file, verdict);
        }
        index.change(Durability::Process, |db| {
            recorded.iter().try_for_each(|file| files::put(db, file))
        })
    }
}

impl Findings {
    fn take_in(&mut self, file: FileRow, verdict: Verdict) {
        match verdict {
            Verdict::Whole => self.whole += 1,
            Verdict::Recorded(_) => self.recorded += 1,
            _ => {
                self.problems.push(Problem {
                    item: file.item,
                    role: file.role,
                    path: file.path,
                    verdict,
                });
                return;
            }
        }
        self.bytes += file.size;
    }

    /// Files checked.
    pub(crate) const fn checked(&self) -> u64 {
        self.whole + self.recorded + self.problems.len() as u64
    }
}

/// Marks what is wrong, so that the next sync fetches it afresh. What is there is kept aside then, not lost.
pub(crate) fn condemn(index: &mut Index, problems: &[Problem], now: i64) -> Result<(), LibraryError> {
    index.change(Durability::Power, |db| {
        problems.iter().try_for_each(|problem| {
            files::set_placing(db, problem.item, problem.role, Placing::Damaged)?;
            items::set_state(db, problem.item, State::Found, None, now)
        })
    })
}

fn check(root: &Path, row: &AuditRow, quick: bool) -> Verdict {
    if row.file.placing == Placing::Damaged {
        return Verdict::Changed;
    }
    compare(&root.join(&row.file.path), row, quick).unwrap_or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Verdict::Missing,
        _ => Verdict::Unreadable(error.to_string()),
    })
}

fn compare(path: &Path, row: &AuditRow, quick: bool) -> io::Result<Verdict> {
    let found = path.symlink_metadata()?;
    if !found.is_file() {
        return Ok(Verdict::Changed);
    }
    if found.len() != row.file.size {
        return Ok(if found.len() < row.file.size {
            Verdict::Truncated
        } else {
            Verdict::Changed
        });
    }
    if quick {
        let keeps_time = row.taken.is_none() || has_time_of(found.modified().ok(), row.taken);
        return Ok(if keeps_time {
            Verdict::Whole
        } else {
            Verdict::Changed
        });
    }
    let actual = hash(path)?;
    Ok(match row.file.sha256 {
        None => Verdict::Recorded(actual),
        Some(expected) if expected == actual => Verdict::Whole,
        Some(_) => Verdict::Changed,
    })
}

fn hash(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finalize().into()),
            count => hasher.update(&piece[..count]),
        }
    }
}

/// The files below the library's folder that no row knows; what begins with a dot at its top is not looked at.
pub(crate) fn unknown_files(root: &Path, known: &HashSet<i64>) -> Result<Vec<PathBuf>, LibraryError> {
    let mut unknown = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(LibraryError::disk("read", &folder))?;
        for entry in entries {
            let entry = entry.map_err(LibraryError::disk("read", &folder))?;
            let path = entry.path();
            let Ok(relative) = path.strip_prefix(root) else {
                continue;
            };
            let is_own = folder == root && entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_own || relative.starts_with(OWN_FOLDER) {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if !known.contains(&items::short_hash(&[&slashed(relative)])) {
                unknown.push(relative.to_owned());
            }
        }
    }
    unknown.sort();
    Ok(unknown)
}

/// A relative path as the index writes it.
pub(crate) fn slashed(relative: &Path) -> String {
    let parts: Vec<_> = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
