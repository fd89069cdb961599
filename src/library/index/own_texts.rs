//! Texts that gphotosync wrote beside photos and in albums: sidecars, lists, `album.json`. What has another SHA-256
//! than is written here is the user's.

use rusqlite::{Connection, OptionalExtension as _, params};

/// What is told beside a photo, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SidecarKind {
    /// All that is known, in XMP.
    Xmp = 0,
    /// What an export tells, byte for byte.
    Json = 1,
}

impl SidecarKind {
    /// Both of them.
    pub(crate) const ALL: [Self; 2] = [Self::Xmp, Self::Json];

    /// What follows the name of the photo.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Xmp => "xmp",
            Self::Json => "json",
        }
    }

    /// Where the sidecar of a photo belongs.
    pub(crate) fn path(self, photo: &str) -> String {
        format!("{photo}.{}", self.ending())
    }

    const fn of(number: i64) -> Self {
        if number == Self::Json as i64 {
            Self::Json
        } else {
            Self::Xmp
        }
    }
}

/// What is known of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextRow {
    /// As it was last written.
    pub(crate) sha256: Option<[u8; 32]>,
    /// What may have taken its place by now.
    pub(crate) coming: Option<[u8; 32]>,
}

impl TextRow {
    /// Whether gphotosync wrote what has this hash.
    pub(crate) fn is_ours(&self, sha256: &[u8; 32]) -> bool {
        self.sha256.as_ref() == Some(sha256) || self.coming.as_ref() == Some(sha256)
    }
}

/// What is known of the text at `path`.
pub(crate) fn get(db: &Connection, path: &str) -> rusqlite::Result<Option<TextRow>> {
    db.prepare_cached("SELECT sha256, coming FROM own_text WHERE path = ?1")?
        .query_row([path], |row| {
            Ok(TextRow {
                sha256: row.get(0)?,
                coming: row.get(1)?,
            })
        })
        .optional()
}

/// Notes that a text is about to be replaced, or made.
pub(crate) fn announce(db: &Connection, path: &str, sha256: &[u8; 32]) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO own_text (path, coming) VALUES (?1, ?2) ON CONFLICT (path) DO UPDATE SET coming = excluded.coming",
    )?
    .execute(params![path, sha256])?;
    Ok(())
}

/// Notes that a text is there.
pub(crate) fn settle(db: &Connection, path: &str, sha256: &[u8; 32]) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO own_text (path, sha256) VALUES (?1, ?2)")?
        .execute(params![path, sha256])?;
    Ok(())
}

/// Notes that a text has another name now.
pub(crate) fn rename(db: &Connection, from: &str, to: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE OR REPLACE own_text SET path = ?2 WHERE path = ?1")?
        .execute([from, to])?;
    Ok(())
}

/// A sidecar whose photo is called otherwise by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Displaced {
    pub(crate) item: i64,
    pub(crate) kind: SidecarKind,
    /// The path of the photo it is called after.
    pub(crate) from: String,
    /// Where that photo is now.
    pub(crate) to: String,
}

/// All sidecars whose photos moved.
pub(crate) fn displaced(db: &Connection) -> rusqlite::Result<Vec<Displaced>> {
    db.prepare_cached(
        "SELECT sidecar.item, form, photo, path FROM sidecar JOIN file ON file.item = sidecar.item AND role = 0
         WHERE path <> photo AND placing IN (0, 1, 4) ORDER BY sidecar.item, form",
    )?
    .query_map([], |row| {
        Ok(Displaced {
            item: row.get(0)?,
            kind: SidecarKind::of(row.get(1)?),
            from: row.get(2)?,
            to: row.get(3)?,
        })
    })?
    .collect()
}

/// The sidecars of items that turned out to be files of others, by the photos they were called after.
pub(crate) fn orphaned_sidecars(db: &Connection) -> rusqlite::Result<Vec<(i64, SidecarKind, String)>> {
    db.prepare_cached(
        "SELECT item, form, photo FROM sidecar WHERE NOT EXISTS (SELECT 1 FROM item WHERE seq = sidecar.item)",
    )?
    .query_map([], |row| {
        Ok((row.get(0)?, SidecarKind::of(row.get(1)?), row.get(2)?))
    })?
    .collect()
}

/// Forgets a sidecar of an item, and the text that it was.
pub(crate) fn forget_sidecar(
    db: &Connection,
    item: i64,
    kind: SidecarKind,
    path: &str,
) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM sidecar WHERE item = ?1 AND form = ?2")?
        .execute(params![item, kind as i64])?;
    db.prepare_cached("DELETE FROM own_text WHERE path = ?1")?
        .execute([path])?;
    Ok(())
}

/// Notes that an item has a sidecar, called after the photo at `photo`.
pub(crate) fn put_sidecar(
    db: &Connection,
    item: i64,
    kind: SidecarKind,
    photo: &str,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO sidecar (item, form, photo) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET photo = excluded.photo",
    )?
    .execute(params![item, kind as i64, photo])?;
    Ok(())
}

/// Notes when the export was made that the JSON beside an item is from.
pub(crate) fn put_export(db: &Connection, item: i64, export: Option<&str>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE sidecar SET export = ?3 WHERE item = ?1 AND form = ?2")?
        .execute(params![item, SidecarKind::Json as i64, export])?;
    Ok(())
}

/// Whether the JSON beside an item is from an export that was made after `export`, as far as that is known.
pub(crate) fn is_newer(db: &Connection, item: i64, export: Option<&str>) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM sidecar WHERE item = ?1 AND form = ?2 AND export > ?3)")?
        .query_row(params![item, SidecarKind::Json as i64, export], |row| row.get(0))
}

/// The photo that a sidecar of an item is called after, if it has one.
pub(crate) fn sidecar_of(db: &Connection, item: i64, kind: SidecarKind) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT photo FROM sidecar WHERE item = ?1 AND form = ?2")?
        .query_row(params![item, kind as i64], |row| row.get(0))
        .optional()
}

/// Notes that more is known of an item than its sidecar says.
pub(crate) fn note_untold(db: &Connection, item: i64) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO untold (item) VALUES (?1)")?
        .execute([item])?;
    Ok(())
}

/// Up to `most` items after `item` of which more is known than their sidecars say, and where their photos are; if only
/// those are wanted, of items that have an XMP sidecar.
pub(crate) fn untold_after(
    db: &Connection,
    item: i64,
    most: usize,
    only_with_xmp: bool,
) -> rusqlite::Result<Vec<(i64, String)>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    db.prepare_cached(
        "SELECT untold.item, path FROM untold JOIN file ON file.item = untold.item AND role = 0
         WHERE untold.item > ?1 AND placing IN (0, 1, 4)
         AND (NOT ?3 OR EXISTS (SELECT 1 FROM sidecar WHERE sidecar.item = untold.item AND form = 0))
         ORDER BY untold.item LIMIT ?2",
    )?
    .query_map(params![item, most, only_with_xmp], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .collect()
}

/// Notes that all that is known of an item is told.
pub(crate) fn note_told(db: &Connection, item: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM untold WHERE item = ?1")?
        .execute([item])?;
    Ok(())
}
