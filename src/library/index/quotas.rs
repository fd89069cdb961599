//! How much of a day's quota each OAuth client has used, as far as this library saw.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension as _, params};

/// What a client used on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct QuotaUse {
    /// Calls of the API.
    pub(crate) calls: u64,
    /// Requests for bytes.
    pub(crate) bytes: u64,
    /// Google said that there is no more.
    pub(crate) spent: bool,
}

/// What `client` used on `day` (Pacific time).
pub(crate) fn used(db: &Connection, client: &str, day: NaiveDate) -> rusqlite::Result<QuotaUse> {
    let found = db
        .prepare_cached("SELECT calls, bytes, spent FROM quota WHERE client = ?1 AND day = ?2")?
        .query_row(params![client, day.to_string()], |row| {
            let number = |column| row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or(0));
            Ok(QuotaUse {
                calls: number(0)?,
                bytes: number(1)?,
                spent: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Adds to what `client` used on `day`. Days long past are forgotten.
pub(crate) fn add(db: &Connection, client: &str, day: NaiveDate, more: QuotaUse) -> rusqlite::Result<()> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    db.prepare_cached(
        "INSERT INTO quota (client, day, calls, bytes, spent) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, bytes = bytes + excluded.bytes,
                                   spent = max(spent, excluded.spent)",
    )?
    .execute(params![
        client,
        day.to_string(),
        number(more.calls),
        number(more.bytes),
        more.spent
    ])?;
    db.prepare_cached("DELETE FROM quota WHERE day < date(?1, '-30 days')")?
        .execute([day.to_string()])?;
    Ok(())
}
