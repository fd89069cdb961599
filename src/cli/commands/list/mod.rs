//! `gphotosync list`: every item with all that is known of it, for people and for programs. Reads only.

mod as_json;
mod table;

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use crate::cli::console::Pages;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::library::disk::INDEX_FILE;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::index::listing::{self, Filter, Listed};
use crate::library::index::{Index, State};
use crate::report::{numbers, printable};

/// As many albums are named to somebody who asked for another.
const FEW: usize = 10;

/// Shows the items that are asked for.
pub(crate) fn list(settings: &Settings) -> Result<(), Failure> {
    let root = library_folder::existing(&settings.lib.value)?;
    let path = root.join(OWN_FOLDER).join(INDEX_FILE);
    if !path.exists() {
        return Err(Failure::stopped(format!("{} holds no library", root.display()))
            .advise("`gphotosync` fetches your photos into it; --lib names another folder."));
    }
    let index = Index::read_only(&path)?;
    let filter = Filter {
        album: settings.album.value.clone(),
        since: settings.since.value.as_ref().map(|since| since.0),
        state: settings.bucket.value.map(State::from),
    };
    if let Some(album) = &filter.album {
        check_album(&index, album)?;
    }
    let mut pages = Pages::new();
    let (mut count, mut bytes) = (0_u64, 0_u64);
    let is_json = settings.json.value;
    let show = |listed: &Listed| -> ControlFlow<()> {
        count += 1;
        bytes += listed.files.iter().map(|file| file.size).sum::<u64>();
        let line = if is_json {
            as_json::line(listed)
        } else {
            table::line(listed)
        };
        pages.write(&line)
    };
    index.read(|db| listing::each(db, &filter, show))?;
    if !is_json {
        let total = format!("{}, {}\n", numbers::counted(count, "item"), numbers::bytes(bytes));
        // Whoever has seen enough does not want to know.
        let _ = pages.write(&total);
    }
    pages.finish();
    Ok(())
}

/// A name that no album has is more likely mistyped than asked for.
fn check_album(index: &Index, name: &str) -> Result<(), Failure> {
    if index.read(|db| listing::has_album(db, name))? {
        return Ok(());
    }
    let titles = index.read(listing::album_titles)?;
    let mut shown: Vec<_> = titles
        .iter()
        .take(FEW)
        .map(|title| printable::printable(title))
        .collect();
    if titles.len() > FEW {
        shown.push(format!("and {} more", titles.len() - FEW).into());
    }
    let advice = if shown.is_empty() {
        "There are no albums here yet.".to_owned()
    } else {
        format!("There are: {}", shown.join(", "))
    };
    Err(Failure::stopped(format!("there is no album called {}", printable::printable(name))).advise(advice))
}

/// A time as both forms show it where nothing is known of the local clock.
fn utc(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
