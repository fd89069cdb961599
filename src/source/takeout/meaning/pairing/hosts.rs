//! Those to whom second files may belong, by stem: sidecars with or without their original, and photos without a
//! sidecar.

use std::collections::HashMap;

use super::super::extension::{Class, same_format};
use super::board::{Board, Draft};
use super::contents::Evidence;
use super::forward::{cut_stems, loose, sanitized, split};

/// One who may own second files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    pub(super) draft: usize,
    /// The number behind the name of the original.
    pub(super) number: u32,
}

/// All hosts, by each stem that their second files may have, in loose form.
pub(super) struct Hosts {
    by_stem: HashMap<String, Vec<Host>>,
}

impl Hosts {
    pub(super) fn of(board: &Board<'_, '_>) -> Self {
        let mut by_stem: HashMap<String, Vec<Host>> = HashMap::new();
        for (at, draft) in board.drafts.iter().enumerate() {
            let mut stems = stems(board, draft);
            stems.sort_unstable();
            stems.dedup();
            for (stem, number) in stems {
                by_stem.entry(stem).or_default().push(Host { draft: at, number });
            }
        }
        Self { by_stem }
    }

    /// The hosts of a loose stem.
    pub(super) fn with_stem(&self, stem: &str) -> &[Host] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }
}

/// The stems, in loose form and without number, that second files may have, and the number beside each.
fn stems(board: &Board<'_, '_>, draft: &Draft) -> Vec<(String, u32)> {
    let original = draft.original.map(|hit| &board.media[hit.media]);
    let title = draft.side.and_then(|side| board.sides[side].title.as_deref());
    let mut stems = Vec::new();
    if let Some(title) = title {
        let number = number(board, draft, title);
        let clean = sanitized(title);
        let whole = (Class::of(title) == Class::Unknown).then_some(clean.as_str());
        for text in [Some(split(&clean).0), whole].into_iter().flatten() {
            stems.extend(cut_stems(text).into_iter().map(|stem| (stem, number)));
        }
    }
    if let Some(original) = original {
        stems.push((loose(original.stem), 0));
        let (stem, number) = original.unnumbered();
        if title.is_none() && number > 0 {
            stems.push((loose(stem), number));
        }
    }
    stems
}

/// The number behind the original's name, which counts for its second files too; without an original, the sidecar's.
fn number(board: &Board<'_, '_>, draft: &Draft, title: &str) -> u32 {
    let by_sidecar = draft.side.map_or(0, |side| board.sides[side].any_number());
    draft.original.map_or(by_sidecar, |hit| {
        let original = &board.media[hit.media];
        let clean = sanitized(title);
        let stem = loose(original.stem);
        let is_title = stem == loose(split(&clean).0) || stem == loose(&clean);
        if is_title { 0 } else { original.unnumbered().1 }
    })
}

impl Board<'_, '_> {
    /// What a host is: its original's class, or what the title says.
    pub(super) fn class_of(&self, host: Host) -> Class {
        Class::of(self.name_of(host))
    }

    /// Whether the host's original ends like `name`.
    pub(super) fn is_alike(&self, host: Host, name: &str) -> bool {
        same_format(self.name_of(host), name)
    }

    fn name_of(&self, host: Host) -> &str {
        let draft = &self.drafts[host.draft];
        let title = || draft.side.and_then(|side| self.sides[side].title.as_deref());
        let original = draft.original.map(|hit| self.media[hit.media].name);
        original
            .filter(|name| Class::of(name).is_media())
            .or_else(title)
            .or(original)
            .unwrap_or_default()
    }

    /// What a file says to the claim that it is a version of the host's photo.
    pub(super) fn host_evidence(&mut self, host: Host, media: usize) -> Evidence {
        match self.drafts[host.draft].side {
            Some(side) => self.evidence(side, media),
            None => Evidence::Silent,
        }
    }
}
