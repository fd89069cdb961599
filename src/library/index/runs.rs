//! Runs that ended, and what the library holds: what `status` shows.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::State;

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

/// How many items are in a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateCount {
    pub(crate) state: State,
    pub(crate) count: u64,
}

/// An item that is not stored, and why.
#[derive(Clone, Debug)]
pub(crate) struct OpenItem {
    pub(crate) id: String,
    pub(crate) file_name: String,
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
    pub(crate) attempts: u32,
}

/// How many items are in each state that has any.
pub(crate) fn states(db: &Connection) -> rusqlite::Result<Vec<StateCount>> {
    db.prepare_cached("SELECT state, count(*) FROM item GROUP BY state ORDER BY state")?
        .query_map([], |row| {
            let count = row.get::<_, i64>(1)?.try_into().unwrap_or(0);
            Ok(StateCount {
                state: State::of(row.get(0)?),
                count,
            })
        })?
        .collect()
}

/// Bytes of all files together.
pub(crate) fn bytes(db: &Connection) -> rusqlite::Result<u64> {
    let bytes: i64 = db
        .prepare_cached("SELECT coalesce(sum(size), 0) FROM file")?
        .query_row([], |row| row.get(0))?;
    Ok(bytes.try_into().unwrap_or(0))
}

/// Items that wait, failed or are unavailable, those of one cause together, the worst first.
pub(crate) fn open_items(db: &Connection) -> rusqlite::Result<Vec<OpenItem>> {
    db.prepare_cached(
        "SELECT id, file_name, state, reason, attempts FROM item WHERE state <> 1 AND state <> 0
         ORDER BY state DESC, reason, seq",
    )?
    .query_map([], |row| {
        Ok(OpenItem {
            id: row.get(0)?,
            file_name: row.get(1)?,
            state: State::of(row.get(2)?),
            reason: row.get(3)?,
            attempts: row.get(4)?,
        })
    })?
    .collect()
}
