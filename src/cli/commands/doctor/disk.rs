//! What `doctor` checks on this machine: the folder, the disk, the index, the lock.

use std::path::Path;
use std::time::Duration;

use super::Finding;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::library::LibraryError;
use crate::library::disk::INDEX_FILE;
use crate::library::disk::abilities::{self, Abilities};
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::disk::lock::Lock;
use crate::library::disk::place::free_bytes;
use crate::library::index::{Index, runs};
use crate::report::numbers;

/// With less room than this the next run may well fill the disk.
const LITTLE_ROOM: u64 = 1_000_000_000;

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let root = match library_folder::existing(&settings.lib.value) {
        Ok(root) => root,
        Err(failure) => {
            return vec![Finding::bad(
                "library",
                failure.advise("`gphotosync sync` makes it if its parent folder is there."),
            )];
        }
    };
    let own = root.join(OWN_FOLDER);
    if !own.exists() {
        // Nothing is made where nobody has made a library, be it to try the disk out.
        return vec![
            Finding::good("library", root.display().to_string()),
            room(&root),
            index(&own.join(INDEX_FILE)),
        ];
    }
    vec![
        Finding::good("library", root.display().to_string()),
        room(&root),
        able(&own),
        index(&own.join(INDEX_FILE)),
        lock(&own),
    ]
}

fn room(root: &Path) -> Finding {
    match free_bytes(root) {
        Some(free) if free < LITTLE_ROOM => Finding::note(
            "room",
            format!("{} are free", numbers::bytes(free)),
            "Make room before the next run, or it stops when the disk is full (nothing is lost then).",
        ),
        Some(free) => Finding::good("room", format!("{} are free", numbers::bytes(free))),
        None => Finding::good("room", "the system does not tell"),
    }
}

fn able(own: &Path) -> Finding {
    let found = match abilities::probe(own) {
        Ok(found) => found,
        Err(error) => return Finding::bad("disk", LibraryError::disk("write to", own)(error).into()),
    };
    let words = in_words(&found);
    if !found.long_names {
        return Finding::note(
            "disk",
            words,
            "It takes no names of 255 bytes; items with very long names will stop the run.",
        );
    }
    Finding::good("disk", words)
}

fn in_words(found: &Abilities) -> String {
    let yes = |is: bool, what: &str| format!("{}{what}", if is { "" } else { "no " });
    let step = match found.time_step {
        step if step < Duration::from_micros(1) => "exact times",
        step if step < Duration::from_secs(1) => "times to the microsecond",
        step if step < Duration::from_secs(2) => "times to the second",
        _ => "times to two seconds",
    };
    let case = if found.tells_case {
        "tells upper from lower case"
    } else {
        "does not tell upper from lower case"
    };
    format!(
        "{case}, {}, {}, {step}",
        yes(found.hard_links, "hard links"),
        yes(found.symbolic_links, "symbolic links")
    )
}

fn index(path: &Path) -> Finding {
    if !path.exists() {
        return Finding::note(
            "index",
            "none yet",
            "The first sync makes it. If this folder was filled before, run `gphotosync adopt` first.",
        );
    }
    let looked = Index::read_only(path).and_then(|index| {
        index.check()?;
        index.read(runs::states)
    });
    match looked {
        Ok(states) => {
            let items: u64 = states.iter().map(|state| state.count).sum();
            Finding::good("index", format!("sound, {} known", numbers::counted(items, "item")))
        }
        Err(error) => Finding::bad("index", Failure::from(error).advise(
            "Move .gphotosync/index.db* away and run `gphotosync adopt`: it rebuilds the index from the files.",
        )),
    }
}

fn lock(own: &Path) -> Finding {
    match Lock::take(&own.join("lock")) {
        Ok(_) => Finding::good("lock", "free"),
        Err(LibraryError::InUse { holder }) => Finding::note(
            "lock",
            format!("held by {holder}"),
            "That is normal while a sync runs.",
        ),
        Err(error) => Finding::bad("lock", error.into()),
    }
}
