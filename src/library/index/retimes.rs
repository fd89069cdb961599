//! Items whose times changed while their files still bear the old ones.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// Notes that the files of an item may still bear the time `was`, besides those noted already.
pub(crate) fn note(db: &Connection, item: i64, was: Option<DateTime<Utc>>) -> rusqlite::Result<()> {
    let was = was.and_then(|time| time.timestamp_nanos_opt());
    db.prepare_cached("INSERT INTO retime (item, was) VALUES (?1, ?2)")?
        .execute(params![item, was])?;
    Ok(())
}

/// All of them, with the times that their files may bear.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<(i64, Option<DateTime<Utc>>)>> {
    db.prepare_cached("SELECT item, was FROM retime")?
        .query_map([], |row| {
            let was: Option<i64> = row.get(1)?;
            Ok((row.get(0)?, was.map(DateTime::from_timestamp_nanos)))
        })?
        .collect()
}

/// Forgets them: the files bear the new times.
pub(crate) fn forget_all(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM retime")?.execute([]).map(drop)
}
