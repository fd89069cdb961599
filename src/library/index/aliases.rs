//! Items that more than one source tells of: each has one row, under the id of the source that told of it first, and
//! an alias for every other one.
//!
//! No two of Google's routes share their ids, sizes or hashes: each delivers other bytes of the same photo. What they
//! share is the name, the kind and the second in which it was taken.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::items;
use crate::media::{MediaItem, MediaKind};

/// The item that `source` (a source's number) calls `id` without being the first to tell of it.
pub(crate) fn item_of(db: &Connection, source: i64, id: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT item FROM alias WHERE source = ?1 AND id = ?2")?
        .query_row(params![source, id], |row| row.get(0))
        .optional()
}

/// The item that `source` (a source's number) calls `id`, be it the first to tell of it or not.
pub(crate) fn known_as(db: &Connection, source: i64, id: &str) -> rusqlite::Result<Option<i64>> {
    match items::find(db, source, id)? {
        Some(row) => Ok(Some(row.seq)),
        None => item_of(db, source, id),
    }
}

/// Remembers that `source` calls an item of another source `id`.
pub(crate) fn put(db: &Connection, source: i64, id: &str, item: i64) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO alias (source, id, item) VALUES (?1, ?2, ?3)")?
        .execute(params![source, id, item])?;
    Ok(())
}

/// What other sources call an item, as source and id.
pub(crate) fn of_item(db: &Connection, item: i64) -> rusqlite::Result<Vec<(String, String)>> {
    db.prepare_cached(
        "SELECT name, id FROM alias JOIN source ON no = source WHERE item = ?1 ORDER BY name, id",
    )?
    .query_map([item], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

/// The one item of another source that is `item`, as far as name, kind and time tell. Where several could be meant, or
/// the time is unknown, none is: to store a photo twice is better than to lose one. One that is not here yet, because
/// it waits or failed, counts too: whichever source delivers it first, it is here.
pub(crate) fn twin_of(
    db: &Connection,
    source: i64,
    family: i64,
    item: &MediaItem,
) -> rusqlite::Result<Option<i64>> {
    let Some(taken) = item.taken.filter(|_| !item.file_name.is_empty()) else {
        return Ok(None);
    };
    let second = taken.timestamp();
    let (Some(from), Some(to)) = (nanoseconds(second), nanoseconds(second.saturating_add(1))) else {
        return Ok(None);
    };
    let twins: Vec<i64> = db
        .prepare_cached(
            "SELECT seq FROM item WHERE family = ?1 AND source <> ?2 AND file_name = ?3 AND kind = ?4
                AND taken >= ?5 AND taken < ?6
                AND NOT EXISTS (SELECT 1 FROM alias WHERE alias.item = seq AND alias.source = ?2)
             LIMIT 2",
        )?
        .query_map(
            params![
                family,
                source,
                item.file_name,
                i64::from(item.kind == MediaKind::Video),
                from,
                to
            ],
            |row| row.get(0),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(match twins.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

const fn nanoseconds(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::library::index::{Index, items};
    use crate::media::{MediaId, Readiness};

    const FAMILY: i64 = 5;

    fn item(id: &str, millis: i64) -> MediaItem {
        MediaItem {
            id: MediaId::new(id),
            file_name: "a.jpg".to_owned(),
            mime_type: "image/jpeg".to_owned(),
            taken: Some(DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)),
            kind: MediaKind::Photo,
            readiness: Readiness::Ready,
            locator: None,
            files: Vec::new(),
        }
    }

    /// The twin of what another source calls "theirs", of items that the first source told of at these times.
    fn twin(stored: &[i64], theirs: &MediaItem) -> Option<i64> {
        let index = Index::in_memory().unwrap();
        let found = index.read(|db| {
            let (ours, other) = (items::source_number(db, "one")?, items::source_number(db, "two")?);
            for (n, millis) in stored.iter().enumerate() {
                items::insert(db, ours, FAMILY, &item(&n.to_string(), *millis))?;
            }
            assert_eq!(
                twin_of(db, ours, FAMILY, theirs)?,
                None,
                "nobody is a twin of its own source"
            );
            twin_of(db, other, FAMILY, theirs)
        });
        found.unwrap()
    }

    #[test]
    fn name_kind_and_second_make_a_twin_and_doubt_makes_none() {
        assert_eq!(twin(&[1_000], &item("theirs", 1_500)), Some(1));
        assert_eq!(twin(&[-1_000], &item("theirs", -500)), Some(1), "before 1970 too");
        assert_eq!(twin(&[1_000], &item("theirs", 2_000)), None, "another second");
        assert_eq!(
            twin(&[1_000, 1_200], &item("theirs", 1_000)),
            None,
            "two could be meant"
        );
        let video = MediaItem {
            kind: MediaKind::Video,
            ..item("theirs", 1_000)
        };
        let undated = MediaItem {
            taken: None,
            ..item("theirs", 0)
        };
        let renamed = MediaItem {
            file_name: "b.jpg".to_owned(),
            ..item("theirs", 1_000)
        };
        for other in [video, undated, renamed] {
            assert_eq!(twin(&[1_000], &other), None, "{other:?}");
        }
    }

    #[test]
    fn an_item_has_one_twin_in_each_source() {
        let index = Index::in_memory().unwrap();
        let found = index.read(|db| {
            let (ours, other) = (items::source_number(db, "one")?, items::source_number(db, "two")?);
            let seq = items::insert(db, ours, FAMILY, &item("a", 0))?;
            assert_eq!(twin_of(db, other, FAMILY, &item("b", 0))?, Some(seq));
            put(db, other, "b", seq)?;
            assert_eq!(twin_of(db, other, FAMILY, &item("c", 0))?, None);
            assert_eq!(of_item(db, seq)?, [("two".to_owned(), "b".to_owned())]);
            item_of(db, other, "b")
        });
        assert_eq!(found.unwrap(), Some(1));
    }
}
