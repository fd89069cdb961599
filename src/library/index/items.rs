//! Items: finding, remembering and naming them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use sha2::{Digest as _, Sha256};

use crate::media::{MediaItem, MediaKind};

/// What became of an item so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing yet.
    Found = 0,
    /// All its files are here.
    Stored = 1,
    /// Not ready at Google yet.
    Waiting = 2,
    /// Google cannot deliver it.
    Unavailable = 3,
    /// It could not be fetched.
    Failed = 4,
}

impl State {
    pub(super) const fn of(number: i64) -> Self {
        match number {
            1 => Self::Stored,
            2 => Self::Waiting,
            3 => Self::Unavailable,
            4 => Self::Failed,
            _ => Self::Found,
        }
    }
}

/// A row of the item table, without what is not needed to decide about it.
#[derive(Clone, Debug)]
pub(crate) struct ItemRow {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) file_name: String,
    pub(crate) mime: String,
    pub(crate) taken: Option<DateTime<Utc>>,
    pub(crate) family: i64,
    /// `None` when it is `file_name`.
    pub(crate) name: Option<String>,
    pub(crate) clip_ext: Option<String>,
    /// The name its moving half has by the layout rules.
    pub(crate) clip_name: Option<String>,
    /// The extension of its edited version, if it has one.
    pub(crate) edited_ext: Option<String>,
    /// The name that version has by the layout rules.
    pub(crate) edited_name: Option<String>,
    pub(crate) state: State,
    pub(crate) attempts: u32,
    pub(crate) tried: Option<i64>,
    pub(crate) reason: Option<String>,
}

const COLUMNS: &str = "seq, id, file_name, mime, taken, family, name, clip_ext, clip_name, state, attempts, tried, reason, \
     edited_ext, edited_name";

impl ItemRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            id: row.get(1)?,
            file_name: row.get(2)?,
            mime: row.get(3)?,
            taken: row.get::<_, Option<i64>>(4)?.map(DateTime::from_timestamp_nanos),
            family: row.get(5)?,
            name: row.get(6)?,
            clip_ext: row.get(7)?,
            clip_name: row.get(8)?,
            state: State::of(row.get(9)?),
            attempts: row.get(10)?,
            tried: row.get(11)?,
            reason: row.get(12)?,
            edited_ext: row.get(13)?,
            edited_name: row.get(14)?,
        })
    }

    /// The name it has by the layout rules.
    pub(crate) fn layout_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.file_name)
    }

    /// Whether the source now tells another name, time or type.
    pub(crate) fn differs_from(&self, item: &MediaItem) -> bool {
        self.file_name != item.file_name || self.taken != item.taken || self.mime != item.mime_type
    }
}

/// The first eight bytes of a hash, as `SQLite` stores integers.
pub(crate) fn short_hash(parts: &[&str]) -> i64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize()[..8]);
    i64::from_be_bytes(first)
}

fn nanoseconds(taken: Option<DateTime<Utc>>) -> Option<i64> {
    taken.and_then(|taken| taken.timestamp_nanos_opt())
}

/// The number of a source, given out at its first use.
pub(crate) fn source_number(db: &Connection, name: &str) -> rusqlite::Result<i64> {
    db.prepare_cached("INSERT INTO source (name) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([name])?;
    db.prepare_cached("SELECT no FROM source WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
}

/// The names of the sources that ever brought anything.
pub(crate) fn sources(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT name FROM source ORDER BY no")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// The item that `source` calls `id`.
pub(crate) fn find(db: &Connection, source: i64, id: &str) -> rusqlite::Result<Option<ItemRow>> {
    let sql = format!("SELECT {COLUMNS} FROM item WHERE key = ?1 AND id = ?2 AND source = ?3");
    db.prepare_cached(&sql)?
        .query_row(params![short_hash(&[id]), id, source], ItemRow::read)
        .optional()
}

/// Whether there is a file of the item that the source of this name calls `id`, first or second.
pub(crate) fn is_here(db: &Connection, source: &str, id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM item JOIN file ON item = seq AND role = 0
                        WHERE key = ?1 AND id = ?2 AND source = (SELECT no FROM source WHERE name = ?3))
             OR EXISTS (SELECT 1 FROM alias JOIN file ON file.item = alias.item AND role = 0
                        WHERE id = ?2 AND source = (SELECT no FROM source WHERE name = ?3))",
    )?
    .query_row(params![short_hash(&[id]), id, source], |row| row.get(0))
}

/// The item numbered `seq`.
pub(crate) fn get(db: &Connection, seq: i64) -> rusqlite::Result<ItemRow> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM item WHERE seq = ?1"))?
        .query_row([seq], ItemRow::read)
}

/// Remembers a new item and returns its number.
pub(crate) fn insert(db: &Connection, source: i64, family: i64, item: &MediaItem) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO item (source, key, id, file_name, mime, kind, taken, family, state)
         VALUES (:source, :key, :id, :file_name, :mime, :kind, :taken, :family, 0)",
    )?
    .insert(named_params! {
        ":source": source,
        ":key": short_hash(&[item.id.as_str()]),
        ":id": item.id.as_str(),
        ":file_name": item.file_name,
        ":mime": item.mime_type,
        ":kind": i64::from(item.kind == MediaKind::Video),
        ":taken": nanoseconds(item.taken),
        ":family": family,
    })
}

/// Takes over what the source now tells of a known item.
pub(crate) fn update(db: &Connection, seq: i64, family: i64, item: &MediaItem) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE item SET file_name = ?2, mime = ?3, taken = ?4, family = ?5, name = NULL WHERE seq = ?1",
    )?
    .execute(params![
        seq,
        item.file_name,
        item.mime_type,
        nanoseconds(item.taken),
        family
    ])?;
    Ok(())
}

/// All items of a family.
pub(crate) fn family(db: &Connection, family: i64) -> rusqlite::Result<Vec<ItemRow>> {
    let sql = format!("SELECT {COLUMNS} FROM item WHERE family = ?1");
    db.prepare_cached(&sql)?
        .query_map([family], ItemRow::read)?
        .collect()
}

/// The families in which any item has another name than Google shows.
pub(crate) fn renamed_families(db: &Connection) -> rusqlite::Result<Vec<i64>> {
    db.prepare("SELECT DISTINCT family FROM item WHERE name IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Names an item's files; `None` for the main one stands for the name Google shows.
pub(crate) fn set_names(
    db: &Connection,
    seq: i64,
    main: Option<&str>,
    (clip, edited): (Option<&str>, Option<&str>),
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE item SET name = ?2, clip_name = ?3, edited_name = ?4 WHERE seq = ?1")?
        .execute(params![seq, main, clip, edited])?;
    Ok(())
}

/// Remembers that an item has an edited version.
pub(crate) fn set_edited(db: &Connection, seq: i64, ext: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE item SET edited_ext = ?2 WHERE seq = ?1")?
        .execute(params![seq, ext])?;
    Ok(())
}

/// An item's number, name, type and time.
type Called = (i64, String, String, Option<DateTime<Utc>>);

/// Items whose names may belong to another family since edited versions count as of one family with their
/// originals.
pub(crate) fn called_edited(db: &Connection) -> rusqlite::Result<Vec<Called>> {
    db.prepare("SELECT seq, file_name, mime, taken FROM item WHERE file_name LIKE '%-edited%'")?
        .query_map([], |row| {
            let taken = row.get::<_, Option<i64>>(3)?.map(DateTime::from_timestamp_nanos);
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, taken))
        })?
        .collect()
}

/// Makes one item of two: what was known of `from` is known of `to`.
pub(crate) fn absorb(db: &Connection, from: i64, to: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE OR IGNORE member SET item = ?2 WHERE item = ?1")?
        .execute(params![from, to])?;
    db.prepare_cached("DELETE FROM member WHERE item = ?1")?
        .execute([from])?;
    for table in ["alias", "retime"] {
        db.prepare_cached(&format!("UPDATE {table} SET item = ?2 WHERE item = ?1"))?
            .execute(params![from, to])?;
    }
    // Its sidecar is known until that is gone from the disk.
    for (table, column) in [
        ("told", "item"),
        ("portrait", "item"),
        ("origin", "item"),
        ("untold", "item"),
        ("misnamed", "item"),
        ("item", "seq"),
    ] {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE {column} = ?1"))?
            .execute([from])?;
    }
    Ok(())
}

/// Moves an item to a family.
pub(crate) fn set_family(db: &Connection, seq: i64, family: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE item SET family = ?2 WHERE seq = ?1")?
        .execute(params![seq, family])?;
    Ok(())
}

/// Remembers that an item has a moving half.
pub(crate) fn set_clip(db: &Connection, seq: i64, ext: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE item SET clip_ext = ?2 WHERE seq = ?1")?
        .execute(params![seq, ext])?;
    Ok(())
}

/// Remembers what became of an item. A failure counts one more attempt at `now` (seconds since 1970).
pub(crate) fn set_state(
    db: &Connection,
    seq: i64,
    state: State,
    reason: Option<&str>,
    now: i64,
) -> rusqlite::Result<()> {
    let failed = matches!(state, State::Unavailable | State::Failed);
    let sql = "UPDATE item SET state = ?2, reason = ?3,
               attempts = CASE WHEN ?4 THEN attempts + 1 ELSE 0 END, tried = CASE WHEN ?4 THEN ?5 END WHERE seq = ?1";
    db.prepare_cached(sql)?
        .execute(params![seq, state as i64, reason, failed, now])?;
    Ok(())
}
