//! Files: which are here, which are on their way, which were begun.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::checksums;
use super::items::short_hash;
use crate::media::Role;

/// Whether a file is where its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placing {
    /// It is, durably.
    InPlace = 0,
    /// It is whole, but may still have its staged name.
    Sealed = 1,
    /// It is being renamed to where the layout wants it.
    Moving = 2,
    /// What is there is not the file any more, or never was; the file is fetched afresh and takes its place.
    Damaged = 3,
    /// It is where another tool put it, and stays there.
    Elsewhere = 4,
}

impl Placing {
    const fn of(number: i64) -> Self {
        match number {
            0 => Self::InPlace,
            1 => Self::Sealed,
            3 => Self::Damaged,
            4 => Self::Elsewhere,
            _ => Self::Moving,
        }
    }
}

/// A row of the file table.
#[derive(Clone, Debug)]
pub(crate) struct FileRow {
    pub(crate) item: i64,
    pub(crate) role: Role,
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) placing: Placing,
}

pub(super) const COLUMNS: &str = "item, role, path, size, sha256, placing";

pub(super) const fn role_of(number: i64) -> Role {
    match number {
        0 => Role::Main,
        1 => Role::Clip,
        _ => Role::Edited,
    }
}

/// A role as the index numbers it.
pub(crate) const fn role_number(role: Role) -> i64 {
    match role {
        Role::Main => 0,
        Role::Clip => 1,
        Role::Edited => 2,
    }
}

impl FileRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            item: row.get(0)?,
            role: role_of(row.get(1)?),
            path: row.get(2)?,
            size: row.get::<_, i64>(3)?.try_into().unwrap_or(0),
            sha256: row.get(4)?,
            placing: Placing::of(row.get(5)?),
        })
    }
}

/// All files of an item, the main one first.
pub(crate) fn of_item(db: &Connection, item: i64) -> rusqlite::Result<Vec<FileRow>> {
    let sql = format!("SELECT {COLUMNS} FROM file WHERE item = ?1 ORDER BY role");
    db.prepare_cached(&sql)?
        .query_map([item], FileRow::read)?
        .collect()
}

/// One file of an item.
pub(crate) fn get(db: &Connection, item: i64, role: Role) -> rusqlite::Result<Option<FileRow>> {
    let sql = format!("SELECT {COLUMNS} FROM file WHERE item = ?1 AND role = ?2");
    db.prepare_cached(&sql)?
        .query_row(params![item, role_number(role)], FileRow::read)
        .optional()
}

/// Files that a crash may have left half-placed.
pub(crate) fn unsettled(db: &Connection) -> rusqlite::Result<Vec<FileRow>> {
    let sql = format!("SELECT {COLUMNS} FROM file WHERE placing IN (1, 2)");
    db.prepare_cached(&sql)?.query_map([], FileRow::read)?.collect()
}

/// Writes a row, replacing an earlier one of the same file.
pub(crate) fn put(db: &Connection, file: &FileRow) -> rusqlite::Result<()> {
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    db.prepare_cached("INSERT OR REPLACE INTO file (item, role, path, size, sha256, placing) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![file.item, role_number(file.role), file.path, size, file.sha256, file.placing as i64])?;
    Ok(())
}

/// Makes the main file of an item a file of another item.
pub(crate) fn hand_over(db: &Connection, from: i64, (to, role): (i64, Role)) -> rusqlite::Result<()> {
    for table in ["file", "checksum"] {
        db.prepare_cached(&format!(
            "UPDATE {table} SET item = ?2, role = ?3 WHERE item = ?1 AND role = 0"
        ))?
        .execute(params![from, to, role_number(role)])?;
    }
    Ok(())
}

/// Forgets a file.
pub(crate) fn forget(db: &Connection, item: i64, role: Role) -> rusqlite::Result<()> {
    checksums::forget(db, item, role)?;
    db.prepare_cached("DELETE FROM file WHERE item = ?1 AND role = ?2")?
        .execute(params![item, role_number(role)])?;
    Ok(())
}

/// Sets how settled a file is.
pub(crate) fn set_placing(db: &Connection, item: i64, role: Role, placing: Placing) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE file SET placing = ?3 WHERE item = ?1 AND role = ?2")?
        .execute(params![item, role_number(role), placing as i64])?;
    Ok(())
}

/// Records that a sealed file has its name durably. One that is on its way again by now stays so.
pub(crate) fn settle(db: &Connection, item: i64, role: Role) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE file SET placing = 0 WHERE item = ?1 AND role = ?2 AND placing = 1")?
        .execute(params![item, role_number(role)])?;
    Ok(())
}

/// Records that a whole file, which has no final name at present, is to be at `path`.
pub(crate) fn seal(db: &Connection, item: i64, role: Role, path: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE file SET path = ?3, placing = 1 WHERE item = ?1 AND role = ?2")?
        .execute(params![item, role_number(role), path])?;
    Ok(())
}

/// The damaged file at `path`, if there is one. Looks at every row.
pub(crate) fn damaged_at(db: &Connection, path: &str) -> rusqlite::Result<Option<FileRow>> {
    let sql = format!("SELECT {COLUMNS} FROM file WHERE placing = 3 AND path = ?1");
    db.prepare_cached(&sql)?
        .query_row([path], FileRow::read)
        .optional()
}

/// Whether another file's row says that it is at `path`. Looks at every row.
pub(crate) fn is_anothers(db: &Connection, path: &str, item: i64, role: Role) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM file WHERE path = ?1 AND NOT (item = ?2 AND role = ?3))")?
        .query_row(params![path, item, role_number(role)], |row| row.get(0))
}

/// A file begun but not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartialRow {
    pub(crate) bytes: u64,
    pub(crate) length: Option<u64>,
    pub(crate) etag: Option<String>,
}

/// What is known of a file begun earlier.
pub(crate) fn partial(db: &Connection, item: i64, role: Role) -> rusqlite::Result<Option<PartialRow>> {
    db.prepare_cached("SELECT bytes, length, etag FROM partial WHERE item = ?1 AND role = ?2")?
        .query_row(params![item, role_number(role)], |row| {
            Ok(PartialRow {
                bytes: row.get::<_, i64>(0)?.try_into().unwrap_or(0),
                length: row
                    .get::<_, Option<i64>>(1)?
                    .and_then(|length| length.try_into().ok()),
                etag: row.get(2)?,
            })
        })
        .optional()
}

/// Remembers how much of a file is safe on disk.
pub(crate) fn put_partial(db: &Connection, item: i64, role: Role, row: &PartialRow) -> rusqlite::Result<()> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    db.prepare_cached(
        "INSERT OR REPLACE INTO partial (item, role, bytes, length, etag) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        item,
        role_number(role),
        number(row.bytes),
        row.length.map(number),
        row.etag
    ])?;
    Ok(())
}

/// Forgets a file begun earlier.
pub(crate) fn forget_partial(db: &Connection, item: i64, role: Role) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM partial WHERE item = ?1 AND role = ?2")?
        .execute(params![item, role_number(role)])?;
    Ok(())
}

/// All files begun but not finished.
pub(crate) fn partials(db: &Connection) -> rusqlite::Result<Vec<(i64, Role)>> {
    db.prepare_cached("SELECT item, role FROM partial")?
        .query_map([], |row| Ok((row.get(0)?, role_of(row.get(1)?))))?
        .collect()
}

/// The short hashes of all paths.
pub(crate) fn path_hashes(db: &Connection) -> rusqlite::Result<HashSet<i64>> {
    db.prepare("SELECT path FROM file")?
        .query_map([], |row| Ok(short_hash(&[row.get_ref(0)?.as_str()?])))?
        .collect()
}
