//! Albums as an export tells of them: recognised from one export to the next, and united with what is known.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::albums;
use crate::told::{AlbumTold, Comment};

/// The kinds of notes.
const COMMENT: i64 = 0;
const NARRATIVE: i64 = 1;
const LOCATION: i64 = 2;

/// Takes up the albums of one export, all of them at once: two of one title are told apart by each other. Returns their
/// numbers, one for one.
///
/// An album is the same as a known one of its title with which it shares photos; else the one of its key, unless both
/// say when they began and differ. Nothing is ever taken out of an album.
pub(crate) fn put_all(db: &Connection, source: i64, told: &[AlbumTold]) -> rusqlite::Result<Vec<i64>> {
    let mut by_title: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, album) in told.iter().enumerate() {
        by_title.entry(&album.title).or_default().push(position);
    }
    let mut numbers = vec![0; told.len()];
    for (title, positions) in by_title {
        let known = known(db, source, title)?;
        let same = recognised(db, &known, told, &positions)?;
        for (position, same) in positions.into_iter().zip(same) {
            let album = &told[position];
            let number = same.map_or_else(|| make(db, source, album), Ok)?;
            unite(db, number, album)?;
            numbers[position] = number;
        }
    }
    Ok(numbers)
}

/// An album in the index.
struct Known {
    no: i64,
    key: String,
    date: Option<i64>,
}

fn known(db: &Connection, source: i64, title: &str) -> rusqlite::Result<Vec<Known>> {
    db.prepare_cached("SELECT no, key, date FROM album WHERE source = ?1 AND title = ?2 ORDER BY no")?
        .query_map(params![source, title], |row| {
            Ok(Known {
                no: row.get(0)?,
                key: row.get(1)?,
                date: row.get(2)?,
            })
        })?
        .collect()
}

/// Which known album each of these is; the pairs that share most photos come first.
fn recognised(
    db: &Connection,
    known: &[Known],
    told: &[AlbumTold],
    positions: &[usize],
) -> rusqlite::Result<Vec<Option<i64>>> {
    let mut pairs = Vec::new();
    for (mine, position) in positions.iter().enumerate() {
        for (theirs, one) in known.iter().enumerate() {
            let album = &told[*position];
            let shared = shared(db, one.no, album)?;
            let has_key = one.key == album.key;
            let differ = matches!((one.date, album.date), (Some(date), Some(other)) if date != other);
            if shared > 0 || (has_key && !differ) {
                pairs.push((std::cmp::Reverse((shared, has_key, !differ)), mine, theirs));
            }
        }
    }
    pairs.sort_unstable();
    let mut found = vec![None; positions.len()];
    let mut is_claimed = vec![false; known.len()];
    for (_, mine, theirs) in pairs {
        if found[mine].is_none() && !is_claimed[theirs] {
            found[mine] = Some(known[theirs].no);
            is_claimed[theirs] = true;
        }
    }
    Ok(found)
}

/// How many members both have.
fn shared(db: &Connection, number: i64, album: &AlbumTold) -> rusqlite::Result<usize> {
    let mut is_member = db.prepare_cached("SELECT 1 FROM member WHERE album = ?1 AND item = ?2")?;
    let mut shared = 0;
    for member in &album.members {
        shared += usize::from(is_member.exists([number, member.0])?);
    }
    Ok(shared)
}

/// A new album. Should another one have its key, its own is made unlike it.
fn make(db: &Connection, source: i64, album: &AlbumTold) -> rusqlite::Result<i64> {
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO album (source, key, title) VALUES (?1, ?2, ?3) RETURNING no",
    )?;
    for number in 1_u64.. {
        let key = if number == 1 {
            album.key.clone()
        } else {
            format!("{} #{number}", album.key)
        };
        let made = insert
            .query_row(params![source, key, album.title], |row| row.get(0))
            .optional()?;
        if let Some(no) = made {
            return Ok(no);
        }
    }
    Err(rusqlite::Error::QueryReturnedNoRows)
}

fn unite(db: &Connection, number: i64, album: &AlbumTold) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE album SET description = coalesce(nullif(?2, ''), description), date = coalesce(?3, date),
            access = coalesce(nullif(?4, ''), access), location = coalesce(nullif(?5, ''), location) WHERE no = ?1",
    )?
    .execute(params![
        number,
        album.description,
        album.date,
        album.access,
        album.location
    ])?;
    for comment in &album.comments {
        note(db, number, COMMENT, comment)?;
    }
    for (kind, texts) in [(NARRATIVE, &album.narratives), (LOCATION, &album.locations)] {
        for text in texts {
            let text = text.clone();
            note(
                db,
                number,
                kind,
                &Comment {
                    text,
                    ..Comment::default()
                },
            )?;
        }
    }
    for member in &album.members {
        albums::add(db, number, member.0)?;
    }
    Ok(())
}

fn note(db: &Connection, album: i64, kind: i64, comment: &Comment) -> rusqlite::Result<()> {
    let Comment {
        text,
        author,
        written,
        liked,
    } = comment;
    db.prepare_cached(
        "INSERT OR IGNORE INTO album_note (album, kind, written, author, text, liked) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![album, kind, written.unwrap_or(0), author, text, liked])?;
    Ok(())
}

/// An album with all that is known of it but its members, and the name of its source.
#[derive(Clone, Debug)]
pub(crate) struct AlbumRow {
    pub(crate) no: i64,
    pub(crate) source: String,
    pub(crate) told: AlbumTold,
}

/// All albums that have members.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<AlbumRow>> {
    let mut rows: Vec<AlbumRow> = db
        .prepare_cached(
            "SELECT album.no, source.name, key, title, description, date, access, location
             FROM album JOIN source ON source.no = source
             WHERE EXISTS (SELECT 1 FROM member WHERE member.album = album.no) ORDER BY album.no",
        )?
        .query_map([], |row| {
            let text = |column| {
                row.get::<_, Option<String>>(column)
                    .map(Option::unwrap_or_default)
            };
            Ok(AlbumRow {
                no: row.get(0)?,
                source: row.get(1)?,
                told: AlbumTold {
                    key: row.get(2)?,
                    title: row.get(3)?,
                    description: text(4)?,
                    date: row.get(5)?,
                    access: text(6)?,
                    location: text(7)?,
                    ..AlbumTold::default()
                },
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for row in &mut rows {
        add_notes(db, row)?;
    }
    Ok(rows)
}

fn add_notes(db: &Connection, album: &mut AlbumRow) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT kind, nullif(written, 0), author, text, liked FROM album_note WHERE album = ?1
         ORDER BY kind, written, author, text",
    )?;
    let mut notes = statement.query([album.no])?;
    while let Some(row) = notes.next()? {
        let comment = Comment {
            written: row.get(1)?,
            author: row.get(2)?,
            text: row.get(3)?,
            liked: row.get(4)?,
        };
        match row.get(0)? {
            COMMENT => album.told.comments.push(comment),
            NARRATIVE => album.told.narratives.push(comment.text),
            _ => album.told.locations.push(comment.text),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::ItemKey;
    use crate::library::index::{Durability, Index, items};

    fn album(key: &str, title: &str, members: &[i64]) -> AlbumTold {
        AlbumTold {
            key: key.to_owned(),
            title: title.to_owned(),
            members: members.iter().copied().map(ItemKey).collect(),
            ..AlbumTold::default()
        }
    }

    /// Takes up exports one after another; returns the numbers each gave.
    fn put(exports: &[Vec<AlbumTold>]) -> (Vec<Vec<i64>>, Vec<AlbumRow>) {
        let mut index = Index::in_memory().unwrap();
        let change = |db: &Connection| {
            let source = items::source_number(db, "takeout")?;
            let numbers = exports.iter().map(|export| put_all(db, source, export));
            Ok((numbers.collect::<rusqlite::Result<_>>()?, all(db)?))
        };
        index.change(Durability::Process, change).unwrap()
    }

    #[test]
    fn two_of_one_title_stay_two_whatever_the_next_export_calls_them() {
        let (numbers, rows) = put(&[
            vec![
                album("Rome", "Rome", &[1, 2, 3]),
                album("Rome(1)", "Rome", &[3, 4]),
            ],
            vec![
                album("Rome", "Rome", &[3, 4, 5]),
                album("Rome(1)", "Rome", &[1, 2, 3]),
            ],
        ]);
        assert_eq!(numbers, [[1, 2], [2, 1]]);
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn an_export_with_only_what_is_new_goes_by_the_folder_and_the_date() {
        let dated = |date, members: &[i64]| AlbumTold {
            date: Some(date),
            ..album("Rome", "Rome", members)
        };
        let (numbers, _) = put(&[
            vec![dated(1_000, &[1])],
            vec![dated(1_000, &[2])],
            vec![album("Rome", "Rome", &[3])],
            vec![dated(2_000, &[4])],
            vec![dated(2_000, &[5, 4])],
        ]);
        assert_eq!(numbers, [[1], [1], [1], [2], [2]]);
    }

    #[test]
    fn what_was_told_of_an_album_stays() {
        let comment = |text: &str| Comment {
            text: text.to_owned(),
            author: "Bea".to_owned(),
            written: Some(5),
            liked: false,
        };
        let first = AlbumTold {
            description: "A week".to_owned(),
            date: Some(1_000),
            comments: vec![comment("nice"), comment("where?")],
            narratives: vec!["Day one".to_owned()],
            locations: vec!["Roma".to_owned()],
            ..album("Rome", "Rome", &[1])
        };
        let second = AlbumTold {
            comments: vec![comment("late")],
            access: "shared".to_owned(),
            ..album("Rome", "Rome", &[1])
        };
        let (_, rows) = put(&[vec![first.clone()], vec![second], vec![first.clone()]]);
        let [row] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        let texts: Vec<_> = row.told.comments.iter().map(|comment| &*comment.text).collect();
        assert_eq!(texts, ["late", "nice", "where?"]);
        assert_eq!(
            row.told,
            AlbumTold {
                access: "shared".to_owned(),
                comments: row.told.comments.clone(),
                members: Vec::new(),
                ..first
            }
        );
    }
}
