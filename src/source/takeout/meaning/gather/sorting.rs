//! Which entries are photos and which are sidecars, folder by folder; everything else gets its verdict here.

use std::collections::BTreeMap;

use super::{Export, FolderKind, Verdict};
use crate::source::takeout::meaning::clues::Clues;
use crate::source::takeout::meaning::entry::{ByEntry, EntryId, FolderId, has_extension, is_json, is_litter};

/// Extensions of files that people or programs put beside photos, and that no photo has.
const NOT_MEDIA: [&str; 9] = ["html", "htm", "txt", "csv", "zip", "tgz", "pdf", "xmp", "xml"];

/// The entries of an export, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// By folder: media, then sidecars.
    by_folder: BTreeMap<FolderId, (Vec<EntryId>, Vec<EntryId>)>,
    /// The verdicts that need no pairing.
    pub(super) verdicts: ByEntry<Verdict>,
    /// The folders' album files.
    pub(super) album_texts: Vec<EntryId>,
}

impl Sorted {
    pub(super) fn of(export: &Export, folders: &[FolderKind], clues: &mut dyn Clues) -> Self {
        let mut sorted = Self::default();
        sorted.find_repeated(export, clues);
        for (id, entry) in export.entries.iter() {
            if sorted.verdicts.has(id) {
                continue;
            }
            let kind = folders[entry.folder.0 as usize];
            if let Some(verdict) = plain_verdict(export, kind, id) {
                sorted.verdicts.set(id, verdict);
            } else if export.albums.contains_key(&id) {
                sorted.album_texts.push(id);
            } else {
                let (media, sidecars) = sorted.by_folder.entry(entry.folder).or_default();
                if is_json(entry.name) { sidecars } else { media }.push(id);
            }
        }
        sorted
    }

    /// Finds entries of one path: the same bytes count once, different bytes are both kept.
    fn find_repeated(&mut self, export: &Export, clues: &mut dyn Clues) {
        let entries = &export.entries;
        let mut ids: Vec<EntryId> = entries.iter().map(|(id, _)| id).collect();
        ids.sort_by_key(|id| {
            let entry = entries.get(*id);
            (entry.folder, entry.name, entry.size, entry.crc, *id)
        });
        let place = |id: EntryId| (entries.get(id).folder, entries.get(id).name);
        for namesakes in ids.chunk_by(|left, right| place(*left) == place(*right)) {
            let mut kept: Vec<EntryId> = Vec::new();
            for id in namesakes {
                match kept.iter().find(|first| is_same(export, clues, **first, *id)) {
                    Some(first) => self.verdicts.set(*id, Verdict::Repeated(*first)),
                    None => kept.push(*id),
                }
            }
        }
    }

    pub(super) fn folders(&self) -> impl Iterator<Item = FolderId> {
        self.by_folder.keys().copied()
    }

    pub(super) fn media(&self, folder: FolderId) -> &[EntryId] {
        self.by_folder.get(&folder).map_or(&[], |(media, _)| media)
    }

    pub(super) fn sidecars(&self, folder: FolderId) -> &[EntryId] {
        self.by_folder.get(&folder).map_or(&[], |(_, sidecars)| sidecars)
    }
}

fn is_same(export: &Export, clues: &mut dyn Clues, left: EntryId, right: EntryId) -> bool {
    let size = |id| export.entries.get(id).size;
    let mut crc = |id| export.entries.get(id).crc.or_else(|| clues.crc(id));
    size(left) == size(right) && crc(left).is_some_and(|left| crc(right) == Some(left))
}

/// The verdict on an entry that is neither photo, nor sidecar, nor an album's file.
fn plain_verdict(export: &Export, kind: FolderKind, id: EntryId) -> Option<Verdict> {
    let name = export.entries.get(id).name;
    let is_page = || NOT_MEDIA.iter().any(|extension| has_extension(name, extension));
    let is_text = export.facts.has(id) || export.albums.contains_key(&id);
    match kind {
        FolderKind::Litter => Some(Verdict::Litter),
        _ if is_litter(name) => Some(Verdict::Litter),
        FolderKind::Foreign if name == "archive_browser.html" => Some(Verdict::NotMedia),
        FolderKind::Foreign => Some(Verdict::OtherProduct),
        _ if is_json(name) && !is_text => {
            Some(export.others.get(&id).copied().unwrap_or(Verdict::UnreadJson))
        }
        FolderKind::Failed if !is_json(name) => Some(Verdict::FailedVideo),
        FolderKind::Failed if export.facts.has(id) => Some(Verdict::LoneSidecar),
        _ if is_page() => Some(Verdict::NotMedia),
        _ => None,
    }
}
