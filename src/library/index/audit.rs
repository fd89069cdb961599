//! Reading the whole index, or one item's whole story: for `verify` and `explain`.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::aliases;
use super::files::{self, FileRow, role_number};
use super::items::{self, ItemRow};
use crate::media::Role;

/// A file and what `verify` needs of its item.
#[derive(Clone, Debug)]
pub(crate) struct AuditRow {
    pub(crate) file: FileRow,
    pub(crate) taken: Option<DateTime<Utc>>,
}

/// How many files there are, and their bytes.
pub(crate) fn totals(db: &Connection) -> rusqlite::Result<(u64, u64)> {
    db.query_row("SELECT count(*), coalesce(sum(size), 0) FROM file", [], |row| {
        let number = |column| row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or(0));
        Ok((number(0)?, number(1)?))
    })
}

/// Up to `most` files after `(item, role)`, in the index's order.
pub(crate) fn files_after(
    db: &Connection,
    (item, role): (i64, Role),
    most: usize,
) -> rusqlite::Result<Vec<AuditRow>> {
    let sql = format!(
        "SELECT {}, (SELECT taken FROM item WHERE seq = file.item) FROM file
         WHERE (item, role) > (?1, ?2) ORDER BY item, role LIMIT ?3",
        files::COLUMNS
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    db.prepare_cached(&sql)?
        .query_map(params![item, role_number(role), most], |row| {
            let taken = row.get::<_, Option<i64>>(6)?.map(DateTime::from_timestamp_nanos);
            Ok(AuditRow {
                file: FileRow::read(row)?,
                taken,
            })
        })?
        .collect()
}

/// The item that owns the file at `path`, relative to the library.
pub(crate) fn item_at(db: &Connection, path: &str) -> rusqlite::Result<Option<ItemRow>> {
    let seq: Option<i64> = db
        .query_row("SELECT item FROM file WHERE path = ?1", [path], |row| row.get(0))
        .optional()?;
    seq.map(|seq| items::get(db, seq)).transpose()
}

/// The items that bear this id, to whichever source, or this file name, at most `most` of them.
pub(crate) fn items_called(db: &Connection, word: &str, most: usize) -> rusqlite::Result<Vec<ItemRow>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let seqs: Vec<i64> = db
        .prepare(
            "SELECT seq FROM item WHERE id = ?1 OR file_name = ?1 OR name = ?1
                OR seq IN (SELECT item FROM alias WHERE id = ?1) ORDER BY seq LIMIT ?2",
        )?
        .query_map(params![word, most], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    seqs.into_iter().map(|seq| items::get(db, seq)).collect()
}

/// The item that the source of this name calls `id`, first or second.
pub(crate) fn item_of(db: &Connection, source: &str, id: &str) -> rusqlite::Result<Option<ItemRow>> {
    let source = db
        .query_row("SELECT no FROM source WHERE name = ?1", [source], |row| {
            row.get(0)
        })
        .optional()?;
    let item = source
        .map(|source| aliases::known_as(db, source, id))
        .transpose()?;
    item.flatten().map(|seq| items::get(db, seq)).transpose()
}

/// The source an item comes from, and whether it is a video.
pub(crate) fn origin(db: &Connection, seq: i64) -> rusqlite::Result<(String, bool)> {
    db.query_row(
        "SELECT source.name, item.kind FROM item JOIN source ON source.no = item.source WHERE seq = ?1",
        [seq],
        |row| Ok((row.get(0)?, row.get::<_, i64>(1)? == 1)),
    )
}
