//! The CRC-32 of files that came from an archive: by it, a later export is recognised without being read, and an
//! original is told from what an API made of it.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::files::role_number;
use crate::media::Role;

/// The checksum of a file, if it is known.
pub(crate) fn get(db: &Connection, item: i64, role: Role) -> rusqlite::Result<Option<u32>> {
    let number: Option<i64> = db
        .prepare_cached("SELECT crc32 FROM checksum WHERE item = ?1 AND role = ?2")?
        .query_row(params![item, role_number(role)], |row| row.get(0))
        .optional()?;
    Ok(number.and_then(|number| number.try_into().ok()))
}

/// Remembers the checksum of a file.
pub(crate) fn put(db: &Connection, item: i64, role: Role, crc32: u32) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO checksum (item, role, crc32) VALUES (?1, ?2, ?3)")?
        .execute(params![item, role_number(role), crc32])?;
    Ok(())
}

/// Forgets the checksum of a file that is gone, or another by now.
pub(crate) fn forget(db: &Connection, item: i64, role: Role) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM checksum WHERE item = ?1 AND role = ?2")?
        .execute(params![item, role_number(role)])?;
    Ok(())
}
