//! Runs that ended, and what the library holds: what `status` shows.

use rusqlite::{Connection, OptionalExtension as _, params};

/// A run that ended by itself.
#[derive(Clone, Debug)]
pub(crate) struct RunRow {
    /// Seconds since 1970.
    pub(crate) started: i64,
    /// Seconds since 1970.
    pub(crate) ended: i64,
    pub(crate) source: String,
    /// `complete`, `interrupted`, `quota_spent`, `sign_in_needed` or `stopped`.
    pub(crate) ending: String,
    /// JSON.
    pub(crate) summary: String,
}

/// Remembers a run.
pub(crate) fn put(db: &Connection, run: &RunRow) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO run (started, ended, source, ending, summary) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        run.started,
        run.ended,
        run.source,
        run.ending,
        run.summary
    ])?;
    Ok(())
}

/// The last run, if there was one.
pub(crate) fn last(db: &Connection) -> rusqlite::Result<Option<RunRow>> {
    db.prepare_cached("SELECT started, ended, source, ending, summary FROM run ORDER BY no DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(RunRow {
                started: row.get(0)?,
                ended: row.get(1)?,
                source: row.get(2)?,
                ending: row.get(3)?,
                summary: row.get(4)?,
            })
        })
        .optional()
}
