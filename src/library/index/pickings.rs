//! Sessions of the Picker that a later run must go on with.

use rusqlite::{Connection, params};

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PickingState {
    /// The user is choosing.
    Choosing = 0,
    /// What was chosen is being fetched.
    Fetching = 1,
    /// All was fetched but what was not ready or failed.
    Rest = 2,
}

impl PickingState {
    const fn of(number: i64) -> Self {
        match number {
            0 => Self::Choosing,
            1 => Self::Fetching,
            _ => Self::Rest,
        }
    }
}

/// A row of the picking table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PickingRow {
    /// The id it has at Google.
    pub(crate) session: String,
    /// Seconds since 1970.
    pub(crate) begun: i64,
    pub(crate) state: PickingState,
    /// Where what is picked is to be filed.
    pub(crate) album: Option<i64>,
}

/// All of them, the oldest first.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<PickingRow>> {
    db.prepare_cached("SELECT session, begun, state, album FROM picking ORDER BY begun, session")?
        .query_map([], |row| {
            Ok(PickingRow {
                session: row.get(0)?,
                begun: row.get(1)?,
                state: PickingState::of(row.get(2)?),
                album: row.get(3)?,
            })
        })?
        .collect()
}

/// Writes a row, in the place of an earlier one of the same session.
pub(crate) fn put(db: &Connection, row: &PickingRow) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO picking (session, begun, state, album) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![row.session, row.begun, row.state as i64, row.album])?;
    Ok(())
}

/// Forgets a session.
pub(crate) fn forget(db: &Connection, session: &str) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM picking WHERE session = ?1")?
        .execute([session])?;
    Ok(())
}

/// Notes of the items of `source` (a source's number) that are not here why they cannot be had any more, and returns
/// how many those are.
pub(crate) fn abandon(db: &Connection, source: i64, reason: &str) -> rusqlite::Result<usize> {
    // 3 is "unavailable", 1 "stored": see the item table.
    db.prepare_cached(
        "UPDATE item SET state = 3, reason = ?2 WHERE source = ?1 AND state <> 1 AND state <> 3",
    )?
    .execute(params![source, reason])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::index::Index;

    #[test]
    fn a_session_is_kept_until_it_is_forgotten() {
        let index = Index::in_memory().unwrap();
        let row = |session: &str, begun, state| PickingRow {
            session: session.to_owned(),
            begun,
            state,
            album: Some(4),
        };
        let kept = index.read(|db| {
            put(db, &row("late", 20, PickingState::Choosing))?;
            put(db, &row("early", 10, PickingState::Fetching))?;
            put(db, &row("late", 20, PickingState::Rest))?;
            let both = all(db)?;
            forget(db, "early")?;
            Ok((both, all(db)?))
        });
        let (early, late) = (
            row("early", 10, PickingState::Fetching),
            row("late", 20, PickingState::Rest),
        );
        assert_eq!(kept.unwrap(), (vec![early, late.clone()], vec![late]));
    }
}
