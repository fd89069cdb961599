//! The folders of albums below `albums/`, and the links in them that are gphotosync's.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::files::{role_number, role_of};
use super::items::short_hash;
use crate::media::Role;

/// The folder of all albums, below the library's.
pub(crate) const ALBUMS_FOLDER: &str = "albums";

/// A file of an item that is in an album.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberFile {
    pub(crate) item: i64,
    pub(crate) role: Role,
    /// Relative to the library.
    pub(crate) path: String,
    pub(crate) taken: Option<DateTime<Utc>>,
}

/// A link as it was last made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkRow {
    pub(crate) item: i64,
    pub(crate) role: Role,
    /// In the album's folder.
    pub(crate) name: String,
    /// The path of the file, relative to the library.
    pub(crate) target: String,
    /// Of a hard link.
    pub(crate) inode: Option<i64>,
}

/// The last part of a path.
pub(crate) fn name_in(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// All files of an album that are in their places, the newest item first.
pub(crate) fn files_of(db: &Connection, album: i64) -> rusqlite::Result<Vec<MemberFile>> {
    db.prepare_cached(
        "SELECT file.item, role, path, taken FROM member JOIN file ON file.item = member.item
         JOIN item ON seq = member.item WHERE album = ?1 AND placing IN (0, 1, 4)
         ORDER BY taken IS NULL, taken DESC, id DESC, seq, role",
    )?
    .query_map([album], |row| {
        Ok(MemberFile {
            item: row.get(0)?,
            role: role_of(row.get(1)?),
            path: row.get(2)?,
            taken: row.get::<_, Option<i64>>(3)?.map(DateTime::from_timestamp_nanos),
        })
    })?
    .collect()
}

/// The links in an album's folder.
pub(crate) fn of_album(db: &Connection, album: i64) -> rusqlite::Result<Vec<LinkRow>> {
    db.prepare_cached("SELECT item, role, name, target, inode FROM link WHERE album = ?1")?
        .query_map([album], |row| {
            let target: String = row.get(3)?;
            let name = row.get::<_, Option<String>>(2)?;
            Ok(LinkRow {
                item: row.get(0)?,
                role: role_of(row.get(1)?),
                name: name.unwrap_or_else(|| name_in(&target).to_owned()),
                target,
                inode: row.get(4)?,
            })
        })?
        .collect()
}

/// Writes a link down, in the place of an earlier one to the same file.
pub(crate) fn put(db: &Connection, album: i64, link: &LinkRow) -> rusqlite::Result<()> {
    let name = Some(&link.name).filter(|name| *name != name_in(&link.target));
    db.prepare_cached(
        "INSERT OR REPLACE INTO link (album, item, role, name, target, inode) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        album,
        link.item,
        role_number(link.role),
        name,
        link.target,
        link.inode
    ])?;
    Ok(())
}

/// The folders of albums that have one: number and name.
pub(crate) fn folders(db: &Connection) -> rusqlite::Result<Vec<(i64, String)>> {
    db.prepare_cached("SELECT album, name FROM album_folder ORDER BY album")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Gives an album a folder.
pub(crate) fn put_folder(db: &Connection, album: i64, name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO album_folder (album, name) VALUES (?1, ?2)")?
        .execute(params![album, name])?;
    Ok(())
}

/// Adds the short hashes of the paths of all links, and of all texts that gphotosync wrote.
pub(crate) fn add_path_hashes(db: &Connection, hashes: &mut HashSet<i64>) -> rusqlite::Result<()> {
    let mut links = db.prepare(
        "SELECT album_folder.name, coalesce(link.name, target) FROM link JOIN album_folder USING (album)",
    )?;
    let mut rows = links.query([])?;
    while let Some(row) = rows.next()? {
        let (folder, name) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
        let path = format!("{ALBUMS_FOLDER}/{folder}/{}", name_in(name));
        hashes.insert(short_hash(&[&path]));
    }
    let mut texts = db.prepare("SELECT path FROM own_text")?;
    let mut rows = texts.query([])?;
    while let Some(row) = rows.next()? {
        hashes.insert(short_hash(&[row.get_ref(0)?.as_str()?]));
    }
    Ok(())
}
