//! Looking into files that are in the library by now: what they tell of themselves, and whether they are what they are
//! called.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use crate::library::sniff::{HEAD_BYTES, Misnamed, misnamed};
use crate::media::Role;
use crate::source::takeout::meaning::clues::{self, MediaClues};

/// The files of one item that are to be looked into, relative to the library; none if nothing of it is unknown.
pub(super) type ToLook = Vec<(Role, String)>;

/// What was seen of one item.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// What its main file tells.
    pub(super) clues: Option<MediaClues>,
    /// Whether its files are what they are called, each with its path.
    pub(super) names: Vec<(Role, String, Option<Misnamed>)>,
}

/// Looks into the files of all these items, on all cores.
pub(super) fn looked(root: &Path, items: &[ToLook]) -> Vec<Look> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let hands: Vec<_> = items
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(|files| look(root, files)).collect::<Vec<_>>()))
            .collect();
        hands
            .into_iter()
            .flat_map(|hand| hand.join().unwrap_or_default())
            .collect()
    })
}

fn look(root: &Path, files: &ToLook) -> Look {
    let mut look = Look::default();
    for (role, path) in files {
        // What cannot be read tells nothing.
        let Some((mut file, head)) = opened(&root.join(path)) else {
            continue;
        };
        look.names.push((*role, path.clone(), misnamed(&head, path)));
        if *role == Role::Main && file.seek(SeekFrom::Start(0)).is_ok() {
            look.clues = Some(clues::read(file));
        }
    }
    look
}

/// A file and how it begins.
fn opened(path: &PathBuf) -> Option<(File, Vec<u8>)> {
    let mut file = File::open(path).ok()?;
    let mut head = Vec::new();
    file.by_ref()
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .ok()?;
    Some((file, head))
}
