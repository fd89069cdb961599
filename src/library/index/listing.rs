//! All items with everything that is known of them, one after another: what `list` shows.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Statement, params};

use super::files::{self, FileRow};
use super::items::{self, ItemRow};
use super::misnamed::{self, MisnamedRow};
use super::{albums, told};
use crate::told::Told;

/// Which items are meant; `None` for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// In an album of this title, or in the folder of this name.
    pub(crate) album: Option<String>,
    /// Taken then or later.
    pub(crate) since: Option<DateTime<Utc>>,
    pub(crate) state: Option<items::State>,
}

/// An item with everything that is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) item: ItemRow,
    pub(crate) source: String,
    pub(crate) is_video: bool,
    pub(crate) files: Vec<FileRow>,
    pub(crate) misnamed: Vec<MisnamedRow>,
    pub(crate) albums: Vec<String>,
    /// With the people.
    pub(crate) told: Told,
}

/// Shows each item to `show`, in the order in which they were taken, until it has seen enough. Holds one at a time.
pub(crate) fn each(
    db: &Connection,
    filter: &Filter,
    mut show: impl FnMut(&Listed) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let mut statement = seqs(db, filter)?;
    let since = filter.since.and_then(|since| since.timestamp_nanos_opt());
    let state = filter.state.map(|state| state as i64);
    let mut rows = statement.query(params![since, state, filter.album])?;
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        if show(&listed(db, seq, row.get(1)?, row.get(2)?)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// Only numbers are sorted, and on disk where there are many.
fn seqs<'a>(db: &'a Connection, filter: &Filter) -> rusqlite::Result<Statement<'a>> {
    let album = if filter.album.is_some() {
        "seq IN (SELECT item FROM member WHERE album IN
            (SELECT no FROM album WHERE title = ?3 UNION SELECT album FROM album_folder WHERE name = ?3))"
    } else {
        "?3 IS NULL"
    };
    db.prepare(&format!(
        "SELECT seq, source.name, kind FROM item JOIN source ON source.no = source
         WHERE (?1 IS NULL OR taken >= ?1) AND (?2 IS NULL OR state = ?2) AND {album}
         ORDER BY taken IS NULL, taken, seq"
    ))
}

fn listed(db: &Connection, seq: i64, source: String, kind: i64) -> rusqlite::Result<Listed> {
    let told = told::facts(db, seq)?;
    let people = match &told {
        Some(_) => told::people(db, seq)?,
        None => Vec::new(),
    };
    Ok(Listed {
        item: items::get(db, seq)?,
        source,
        is_video: kind == 1,
        files: files::of_item(db, seq)?,
        misnamed: misnamed::of_item(db, seq)?,
        albums: albums::titles_of(db, seq)?,
        told: Told {
            people,
            ..told.unwrap_or_default()
        },
    })
}

/// The titles of all albums that have members, in alphabetical order.
pub(crate) fn album_titles(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare("SELECT DISTINCT title FROM album JOIN member ON album = no WHERE title <> '' ORDER BY title")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Whether there is an album of this title, or a folder of this name.
pub(crate) fn has_album(db: &Connection, name: &str) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT EXISTS (SELECT 1 FROM album WHERE title = ?1 UNION SELECT 1 FROM album_folder WHERE name = ?1)",
        [name],
        |row| row.get(0),
    )
}
