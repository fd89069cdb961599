//! The parts of exports as they lie there: opened, grouped by export, and looked over for what is missing or broken.
//! Nothing is read yet but the ends of files.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::PartFault;
use super::finding::Finding;
use super::part_name::{ExportTime, PartName};
use super::places::{self, Place};
use super::read_at::{Bytes, LocalFile, beginning};
use super::zip::ZipPart;

/// A file's end that is compared to tell whether two files are one: the end of gzip is its checksum.
const COMPARED_END: u64 = 1 << 16;

/// Parts that can be read, and what was found about all of them.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(super) parts: Vec<FoundPart>,
    findings: Vec<Finding>,
}

/// A part that can be read.
#[derive(Debug)]
pub(super) struct FoundPart {
    pub(super) path: PathBuf,
    pub(super) name: Option<PartName>,
    pub(super) export: Option<ExportTime>,
    pub(super) content: Opened,
}

/// An opened part.
#[derive(Debug)]
pub(super) enum Opened {
    Zip(ZipPart),
    Tgz(Bytes),
    Tree(Vec<String>),
}

/// One part of one group of one export.
type Seat = (ExportTime, Option<u32>, Option<u32>);

fn seat(name: &PartName) -> Seat {
    (name.export.clone(), name.group, name.number)
}

impl Found {
    /// Looks for parts at `paths`. Whatever is wrong becomes a finding: this never fails.
    pub(crate) fn look(paths: &[PathBuf]) -> Self {
        let mut found = Self::default();
        let mut all = Vec::new();
        for path in paths {
            match places::at(path) {
                Ok(places) if places.is_empty() => found.findings.push(Finding::nothing_there(path)),
                Ok(places) => all.extend(places),
                Err(error) => found.findings.push(Finding::unreadable(path, &error.into())),
            }
        }
        let mut search = Search::default();
        for place in places::without_repeats(all) {
            search.take_in(place);
        }
        search.finish(found)
    }

    /// What was found about the parts, in the order of their names.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What indexing will read, in bytes, as its `watch` hears of them.
    pub(crate) fn index_cost(&self) -> u64 {
        self.parts
            .iter()
            .map(|part| match &part.content {
                Opened::Zip(zip) => zip.directory_len(),
                Opened::Tgz(bytes) => bytes.len(),
                Opened::Tree(_) => 0,
            })
            .sum()
    }

    pub(super) fn into_parts(self) -> (Vec<FoundPart>, Vec<Finding>) {
        (self.parts, self.findings)
    }
}

#[derive(Default)]
struct Search {
    parts: Vec<FoundPart>,
    findings: Vec<Finding>,
    unfinished: Vec<PathBuf>,
    broken: Vec<(PathBuf, Option<PartName>, PartFault)>,
    /// Every part that there is in any state.
    seats: BTreeSet<Seat>,
}

impl Search {
    fn take_in(&mut self, place: Place) {
        let name = place.part_name();
        self.seats.extend(name.as_ref().map(seat));
        let (path, content) = match place {
            Place::Unfinished(path) => return self.unfinished.push(path),
            Place::Tree { root, below } => (root, Ok(Some(Opened::Tree(below)))),
            Place::Archive { path, was_named } => {
                let is_called_so = was_named || name.is_some();
                let content = open(&path, is_called_so);
                (path, content)
            }
        };
        match content {
            Ok(Some(content)) => self.parts.push(FoundPart {
                export: name.as_ref().map(|name| name.export.clone()),
                path,
                name,
                content,
            }),
            Ok(None) => self.findings.push(Finding::foreign(&path)),
            Err(fault) => self.broken.push((path, name, fault)),
        }
    }

    fn finish(mut self, mut found: Found) -> Found {
        self.parts.sort_by_cached_key(|part| {
            let is_second = part.name.as_ref().is_some_and(|name| name.is_second);
            (part.name.as_ref().map(seat), is_second, part.path.clone())
        });
        self.drop_copies();
        self.tell_broken();
        self.tell_gaps();
        self.assign_unnamed();
        found.findings.append(&mut self.findings);
        found.parts = self.parts;
        found
    }

    /// Of two files of one part, one is enough if they are alike.
    fn drop_copies(&mut self) {
        let mut kept: Vec<FoundPart> = Vec::new();
        for part in std::mem::take(&mut self.parts) {
            let is_archive = |part: &FoundPart| !matches!(part.content, Opened::Tree(_));
            let sister = kept.last().filter(|sister| {
                is_archive(sister)
                    && is_archive(&part)
                    && part.name.is_some()
                    && part.name.as_ref().map(seat) == sister.name.as_ref().map(seat)
            });
            match sister.map(|sister| (sister, are_alike(&sister.content, &part.content))) {
                Some((sister, Ok(true))) => {
                    self.findings.push(Finding::second_copy(&part.path, &sister.path));
                    continue;
                }
                Some((sister, _)) => self
                    .findings
                    .push(Finding::two_versions(&sister.path, &part.path)),
                None => {}
            }
            kept.push(part);
        }
        self.parts = kept;
    }

    fn good_one(&self, name: Option<&PartName>) -> Option<&FoundPart> {
        let wanted = seat(name?);
        self.parts
            .iter()
            .find(|part| part.name.as_ref().is_some_and(|name| seat(name) == wanted))
    }

    fn tell_broken(&mut self) {
        for (path, name, fault) in std::mem::take(&mut self.broken) {
            let finding = match self.good_one(name.as_ref()) {
                Some(good) => Finding::bad_copy(&path, &good.path, &fault),
                None => Finding::unreadable(&path, &fault),
            };
            self.findings.push(finding);
        }
        for path in std::mem::take(&mut self.unfinished) {
            let name = PartName::parse(&places::name_of(&path));
            let mut finding = Finding::unfinished(&path, name.as_ref());
            finding.is_blocking &= self.good_one(name.as_ref()).is_none();
            self.findings.push(finding);
        }
    }

    /// Parts are numbered without gaps, in each group from 1 on.
    fn tell_gaps(&mut self) {
        let mut groups: BTreeMap<(&ExportTime, Option<u32>), BTreeSet<u32>> = BTreeMap::new();
        for (export, group, number) in &self.seats {
            groups.entry((export, *group)).or_default().extend(number);
        }
        let has_loose_tree = self
            .parts
            .iter()
            .any(|part| part.name.is_none() && matches!(part.content, Opened::Tree(_)));
        let ending = if self
            .parts
            .iter()
            .any(|part| matches!(part.content, Opened::Zip(_)))
        {
            ".zip"
        } else {
            ".tgz"
        };
        for ((export, group), numbers) in groups {
            let last = numbers.last().copied().unwrap_or(0);
            let missing: Vec<u32> = (1..last).filter(|number| !numbers.contains(number)).collect();
            if !missing.is_empty() {
                let like = PartName {
                    export: export.clone(),
                    group,
                    number: None,
                    is_unfinished: false,
                    is_second: false,
                    ending,
                };
                self.findings
                    .push(Finding::missing(&like, &missing, has_loose_tree));
            }
        }
    }

    /// What does not say which export it is of belongs to the only one there is.
    fn assign_unnamed(&mut self) {
        let exports: BTreeSet<_> = self.seats.iter().map(|(export, ..)| export).collect();
        let Some(only) = exports.first().filter(|_| exports.len() == 1) else {
            return;
        };
        for part in self.parts.iter_mut().filter(|part| part.export.is_none()) {
            self.findings
                .push(Finding::taken_to_belong(&part.path, &only.day()));
            part.export = Some((*only).clone());
        }
    }
}

/// Opens an archive, by what it is and not by what it is called. None: a whole archive that has nothing of an export
/// in it, and is not called as if it had.
fn open(path: &Path, is_called_so: bool) -> Result<Option<Opened>, PartFault> {
    let bytes: Bytes = Arc::new(LocalFile::open(path)?);
    let (head, count) = beginning::<512>(&*bytes)?;
    match &head[..count] {
        [] => Err(PartFault::Empty),
        [0x1F, 0x8B, ..] => Ok(Some(Opened::Tgz(bytes))),
        head => match ZipPart::open(&bytes) {
            Ok(zip) if is_called_so || zip.is_of_takeout() => Ok(Some(Opened::Zip(zip))),
            Ok(_) => Ok(None),
            Err(fault @ PartFault::Io(_)) => Err(fault),
            Err(fault) if head.starts_with(b"PK\x03\x04") => Err(fault),
            Err(_) if looks_like_page(head) => Err(PartFault::WebPage),
            Err(_) => Err(PartFault::NotAnArchive),
        },
    }
}

fn looks_like_page(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"<")
}

fn are_alike(one: &Opened, other: &Opened) -> io::Result<bool> {
    match (one, other) {
        (Opened::Zip(one), Opened::Zip(other)) => one.is_same_as(other),
        (Opened::Tgz(one), Opened::Tgz(other)) if one.len() == other.len() => {
            Ok(end_of(one)? == end_of(other)?)
        }
        _ => Ok(false),
    }
}

fn end_of(bytes: &Bytes) -> io::Result<Vec<u8>> {
    let start = bytes.len().saturating_sub(COMPARED_END);
    let mut end = vec![0; usize::try_from(bytes.len() - start).unwrap_or(0)];
    let mut have = 0;
    while have < end.len() {
        match bytes.read_at(&mut end[have..], start + have as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => have += count,
        }
    }
    Ok(end)
}
