//! Entries of one export that have the same path: the same file once more, or two that differ.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::ControlFlow;

use super::fault::PartFault;
use super::inventory::{Part, PartId};
use super::table::{EntryId, Standing};

/// A path at which parts hold different bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// The path below `Takeout/`.
    pub(crate) path: String,
    /// One entry of each version.
    pub(crate) versions: Vec<(PartId, EntryId)>,
}

/// An entry by the hash of its path: 16 bytes, so that a million entries can be sorted in memory.
type Keyed = (u64, PartId, EntryId);

/// Marks every second entry of one path and one content as a copy, and tells where contents differ. Files of trees
/// are read for it where they have a twin; `watch` hears of those bytes as of nothing, but may end it.
pub(super) fn find(
    parts: &mut [Part],
    members: &[PartId],
    watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Vec<Conflict>, PartFault> {
    let keyed = sorted(parts, members);
    let mut conflicts = Vec::new();
    for alike in keyed
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|alike| alike.len() > 1)
    {
        if watch(0).is_break() {
            return Err(PartFault::Stopped);
        }
        compare(parts, alike, &mut conflicts);
    }
    Ok(conflicts)
}

fn sorted(parts: &[Part], members: &[PartId]) -> Vec<Keyed> {
    let mut keyed: Vec<Keyed> = Vec::new();
    for id in members {
        let table = parts[usize::from(id.0)].table();
        keyed.extend(
            table
                .iter()
                .filter(|entry| entry.standing() == Standing::File)
                .map(|entry| (hash(entry.folder(), entry.name()), *id, entry.id())),
        );
    }
    keyed.sort_unstable();
    keyed
}

fn hash(folder: &str, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (folder, name).hash(&mut hasher);
    hasher.finish()
}

/// Of all files with this hash, finds those of one path, and in them those of one content.
fn compare(parts: &mut [Part], alike: &[Keyed], conflicts: &mut Vec<Conflict>) {
    let mut versions: Vec<(String, u64, Option<u32>, PartId, EntryId)> = alike
        .iter()
        .filter_map(|(_, part, id)| {
            let entry = parts[usize::from(part.0)].table().get(*id)?;
            Some((entry.path(), entry.size(), entry.crc32(), *part, *id))
        })
        .collect();
    for (_, _, crc, part, id) in &mut versions {
        if crc.is_none() {
            // What cannot be read is no copy of anything; it fails when its turn comes.
            *crc = parts[usize::from(part.0)].checksum(*id).ok().flatten();
        }
    }
    versions.sort();
    for (_, _, crc, part, id) in &versions {
        if let Some(crc) = crc {
            parts[usize::from(part.0)].table_mut().set_crc(*id, *crc);
        }
    }
    for same_path in versions.chunk_by(|one, other| one.0 == other.0) {
        let mut kept = Vec::new();
        for same in same_path.chunk_by(|one, other| (one.1, one.2) == (other.1, other.2) && one.2.is_some()) {
            kept.push((same[0].3, same[0].4));
            for (_, _, _, part, id) in &same[1..] {
                parts[usize::from(part.0)]
                    .table_mut()
                    .set_standing(*id, Standing::Copy);
            }
        }
        if kept.len() > 1 {
            kept.sort_unstable();
            conflicts.push(Conflict {
                path: same_path[0].0.clone(),
                versions: kept,
            });
        }
    }
}
