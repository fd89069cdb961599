//! Albums, and which items are in them.

use rusqlite::{Connection, params};

use super::items::short_hash;

/// The number of the album that `source` (a source's number) knows by `key`, made or given its present title.
pub(crate) fn put(
    db: &Connection,
    source: i64,
    key: &str,
    title: &str,
    description: Option<&str>,
) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO album (source, key, title, description) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (source, key) DO UPDATE SET title = excluded.title, description = excluded.description
         RETURNING no",
    )?
    .query_row(params![source, key, title, description], |row| row.get(0))
}

/// Files the items that `source` knows by `ids` in an album; those that it never told of are passed over. Returns how
/// many were not in it before.
pub(crate) fn file(db: &Connection, album: i64, source: i64, ids: &[String]) -> rusqlite::Result<usize> {
    let mut statement = db.prepare_cached(
        "SELECT seq FROM item WHERE key = ?1 AND id = ?2 AND source = ?3
         UNION SELECT item FROM alias WHERE source = ?3 AND id = ?2",
    )?;
    let mut filed = 0;
    for id in ids {
        let items = statement.query_map(params![short_hash(&[id]), id, source], |row| row.get(0))?;
        for item in items.collect::<rusqlite::Result<Vec<i64>>>()? {
            filed += usize::from(add(db, album, item)?);
        }
    }
    Ok(filed)
}

/// Files one item in an album. Returns whether it was not in it before.
pub(super) fn add(db: &Connection, album: i64, item: i64) -> rusqlite::Result<bool> {
    let is_new = db
        .prepare_cached("INSERT OR IGNORE INTO member (album, item) VALUES (?1, ?2)")?
        .execute([album, item])?
        > 0;
    if is_new {
        // Its sidecar names its albums.
        db.prepare_cached("INSERT OR IGNORE INTO untold SELECT item FROM told WHERE item = ?1")?
            .execute([item])?;
    }
    Ok(is_new)
}

/// The titles of the albums an item is in, in alphabetical order; those without a title are left out.
pub(crate) fn titles_of(db: &Connection, item: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(
        "SELECT DISTINCT title FROM member JOIN album ON no = album WHERE item = ?1 AND title <> '' ORDER BY title",
    )?
    .query_map([item], |row| row.get(0))?
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::index::{Index, items};
    use crate::media::{MediaId, MediaItem, MediaKind, Readiness};

    fn item(id: &str) -> MediaItem {
        MediaItem {
            id: MediaId::new(id),
            file_name: format!("{id}.jpg"),
            mime_type: "image/jpeg".to_owned(),
            taken: None,
            kind: MediaKind::Photo,
            readiness: Readiness::Ready,
            locator: None,
            files: Vec::new(),
        }
    }

    #[test]
    fn an_album_is_known_by_its_key_and_an_item_is_filed_once() {
        let index = Index::in_memory().unwrap();
        let counted = index.read(|db| {
            let [one, other] = ["one", "other"].map(|name| items::source_number(db, name));
            let (one, other) = (one?, other?);
            items::insert(db, one, 0, &item("a"))?;
            items::insert(db, other, 0, &item("a"))?;
            let album = put(db, one, "key", "Title", None)?;
            assert_eq!(album, put(db, one, "key", "New title", Some("text"))?);
            assert_ne!(album, put(db, other, "key", "Title", None)?);
            let ids = ["a".to_owned(), "never listed".to_owned()];
            Ok((file(db, album, one, &ids)?, file(db, album, one, &ids)?))
        });
        assert_eq!(counted.unwrap(), (1, 0));
    }
}
