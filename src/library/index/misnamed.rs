//! Files whose extension says something else than their content, and whether their names were corrected.

use rusqlite::{Connection, params};

use super::files::{role_number, role_of};
use crate::library::sniff::Misnamed;
use crate::media::Role;

/// A file that is called what it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MisnamedRow {
    pub(crate) role: Role,
    pub(crate) what: Misnamed,
    /// It bears the right extension in the library.
    pub(crate) is_corrected: bool,
}

/// Takes note of what was seen of a file. One that was corrected stays so: its name does not lie any more.
pub(crate) fn put(db: &Connection, item: i64, role: Role, seen: Option<&Misnamed>) -> rusqlite::Result<()> {
    match seen {
        Some(what) => db
            .prepare_cached(
                "INSERT INTO misnamed (item, role, content, extension, corrected) VALUES (?1, ?2, ?3, ?4, 0)
                 ON CONFLICT DO UPDATE SET content = excluded.content, extension = excluded.extension",
            )?
            .execute(params![item, role_number(role), what.content, what.extension])?,
        None => db
            .prepare_cached("DELETE FROM misnamed WHERE item = ?1 AND role = ?2 AND NOT corrected")?
            .execute(params![item, role_number(role)])?,
    };
    Ok(())
}

/// The files of an item that are called what they are not.
pub(crate) fn of_item(db: &Connection, item: i64) -> rusqlite::Result<Vec<MisnamedRow>> {
    db.prepare_cached(
        "SELECT role, content, extension, corrected FROM misnamed WHERE item = ?1 ORDER BY role",
    )?
    .query_map([item], |row| {
        Ok(MisnamedRow {
            role: role_of(row.get(0)?),
            what: Misnamed {
                content: row.get(1)?,
                extension: row.get(2)?,
            },
            is_corrected: row.get(3)?,
        })
    })?
    .collect()
}

/// Marks every file of which the right extension is known as one to be called by it. Returns the families of those that
/// were not yet, and how many files they are.
pub(crate) fn correct_all(db: &Connection) -> rusqlite::Result<(Vec<i64>, usize)> {
    let families = db
        .prepare(
            "SELECT DISTINCT family FROM misnamed JOIN item ON seq = misnamed.item
             WHERE NOT corrected AND extension IS NOT NULL",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let sql = "UPDATE misnamed SET corrected = 1 WHERE NOT corrected AND extension IS NOT NULL";
    Ok((families, db.execute(sql, [])?))
}
