//! Which entry of which part of an export a file came from, and what ties it to the sidecar that tells of it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::files::{role_number, role_of};
use crate::told::{Entry, FileOrigin};

/// Remembers where a file of an item comes from, in the place of what was known before.
pub(crate) fn put(db: &Connection, item: i64, origin: &FileOrigin) -> rusqlite::Result<()> {
    let (path, name) = split(&origin.entry.path);
    let folder = folder_number(db, &origin.entry.part, path)?;
    let sidecar = origin.sidecar.as_ref().map(|entry| split(&entry.path));
    let sidecar_folder = match (&origin.sidecar, sidecar) {
        (Some(entry), Some((path, _))) => Some(folder_number(db, &entry.part, path)?),
        _ => None,
    };
    db.prepare_cached(
        "INSERT OR REPLACE INTO origin (item, role, folder, entry, tie, sidecar_folder, sidecar)
         VALUES (?1, ?2, ?3, nullif(?4, (SELECT file_name FROM item WHERE seq = ?1)), ?5, nullif(?6, ?3), ?7)",
    )?
    .execute(params![
        item,
        role_number(origin.role),
        folder,
        name,
        tie_number(db, &origin.rule, &origin.certainty)?,
        sidecar_folder,
        sidecar.map(|(_, sidecar)| shortened(sidecar, name)),
    ])?;
    Ok(())
}

/// Where the files of an item come from, the main one first.
pub(crate) fn of_item(db: &Connection, item: i64) -> rusqlite::Result<Vec<FileOrigin>> {
    db.prepare_cached(
        "SELECT role, f.part, f.path, coalesce(entry, file_name), s.part, s.path, sidecar, rule, certainty
         FROM origin JOIN item ON seq = item JOIN folder f ON f.no = folder JOIN tie ON tie.no = tie
         LEFT JOIN folder s ON s.no = coalesce(sidecar_folder, folder)
         WHERE item = ?1 ORDER BY role",
    )?
    .query_map([item], read)?
    .collect()
}

/// The items of which a file or a sidecar has this path in any part, or a path that ends in it. Looks at every row.
pub(crate) fn items_from(db: &Connection, path: &str, most: usize) -> rusqlite::Result<Vec<i64>> {
    let (folder, name) = split(path);
    let ending = format!("/{folder}");
    // Some say where an entry is from `Takeout` on, and some only the end of it.
    let is_in = "SELECT no FROM folder WHERE ?1 = '' OR path = ?1 OR substr(path, -length(?2)) = ?2
                 OR substr(?1, -length(path) - 1) = '/' || path";
    let sql = format!(
        "SELECT DISTINCT item FROM origin JOIN item ON seq = item
         WHERE (coalesce(entry, file_name) = ?3 AND folder IN ({is_in}))
            OR (sidecar IS NOT NULL AND coalesce(sidecar_folder, folder) IN ({is_in})
                AND CASE WHEN substr(sidecar, 1, 1) = '/' THEN coalesce(entry, file_name) || substr(sidecar, 2)
                    ELSE sidecar END = ?3)
         ORDER BY item LIMIT ?4"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    db.prepare(&sql)?
        .query_map(params![folder, ending, name, most], |row| row.get(0))?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<FileOrigin> {
    let name: String = row.get(3)?;
    let sidecar = row
        .get::<_, Option<String>>(6)?
        .map(|sidecar| whole(&sidecar, &name));
    let sidecar = match sidecar {
        Some(sidecar) => Some(Entry {
            part: row.get(4)?,
            path: joined(&row.get::<_, String>(5)?, &sidecar),
        }),
        None => None,
    };
    Ok(FileOrigin {
        role: role_of(row.get(0)?),
        entry: Entry {
            part: row.get(1)?,
            path: joined(&row.get::<_, String>(2)?, &name),
        },
        sidecar,
        rule: row.get(7)?,
        certainty: row.get(8)?,
    })
}

/// Folder and name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Nearly every sidecar is called after its photo; no name of a file holds a slash, so one can stand for the photo's.
fn shortened(sidecar: &str, name: &str) -> String {
    match sidecar.strip_prefix(name) {
        Some(rest) => format!("/{rest}"),
        None => sidecar.to_owned(),
    }
}

fn whole(sidecar: &str, name: &str) -> String {
    match sidecar.strip_prefix('/') {
        Some(rest) => format!("{name}{rest}"),
        None => sidecar.to_owned(),
    }
}

fn folder_number(db: &Connection, part: &str, path: &str) -> rusqlite::Result<i64> {
    let known = db
        .prepare_cached("SELECT no FROM folder WHERE part = ?1 AND path = ?2")?
        .query_row([part, path], |row| row.get(0))
        .optional()?;
    let make = || {
        db.prepare_cached("INSERT INTO folder (part, path) VALUES (?1, ?2)")?
            .insert([part, path])
    };
    known.map_or_else(make, Ok)
}

fn tie_number(db: &Connection, rule: &str, certainty: &str) -> rusqlite::Result<i64> {
    let known = db
        .prepare_cached("SELECT no FROM tie WHERE rule = ?1 AND certainty = ?2")?
        .query_row([rule, certainty], |row| row.get(0))
        .optional()?;
    let make = || {
        db.prepare_cached("INSERT INTO tie (rule, certainty) VALUES (?1, ?2)")?
            .insert([rule, certainty])
    };
    known.map_or_else(make, Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::index::{Durability, Index, files, items, told};
    use crate::media::{MediaId, MediaItem, MediaKind, Readiness, Role};
    use crate::told::{Precision, TakenSource, TimeKnown, Told};

    const YEAR: &str = "Takeout/Google Photos/Photos from 2019";

    fn item(name: &str) -> MediaItem {
        MediaItem {
            id: MediaId::new(name),
            file_name: name.to_owned(),
            mime_type: "image/jpeg".to_owned(),
            taken: None,
            kind: MediaKind::Photo,
            readiness: Readiness::Ready,
            locator: None,
            files: Vec::new(),
        }
    }

    fn entry(part: u32, path: &str) -> Entry {
        Entry {
            part: format!("takeout-20261101T000000Z-00{part}.zip"),
            path: path.to_owned(),
        }
    }

    fn origin(role: Role, entry: Entry, sidecar: Option<Entry>) -> FileOrigin {
        FileOrigin {
            role,
            entry,
            sidecar,
            rule: "its exact name".to_owned(),
            certainty: "certain".to_owned(),
        }
    }

    #[test]
    fn origins_come_back_as_they_were_told() {
        let mut index = Index::in_memory().unwrap();
        let shapes = [
            (
                format!("{YEAR}/a.jpg"),
                Some(entry(1, &format!("{YEAR}/a.jpg.supplemental-metadata.json"))),
            ),
            (
                format!("{YEAR}/a(1).jpg"),
                Some(entry(2, &format!("{YEAR}/a.jpg(1).json"))),
            ),
            (
                format!("{YEAR}/b.jpg"),
                Some(entry(2, "Takeout/Google Photos/Rome/b.jpg.json")),
            ),
            ("c.jpg".to_owned(), Some(entry(1, "c.jpg.json"))),
            ("d.jpg".to_owned(), None),
        ];
        for (path, sidecar) in shapes {
            let told = [
                origin(Role::Main, entry(1, &path), sidecar.clone()),
                origin(Role::Clip, entry(2, &path.replace(".jpg", ".mp4")), sidecar),
            ];
            let found = index.change(Durability::Process, |db| {
                let source = items::source_number(db, "takeout")?;
                let seq = items::insert(db, source, 0, &item("a.jpg"))?;
                told.iter().try_for_each(|one| put(db, seq, one))?;
                // Twice, since a second export may tell the same.
                told.iter().try_for_each(|one| put(db, seq, one))?;
                let by_entry = items_from(db, &path, 10)?;
                assert!(by_entry.contains(&seq), "{path}");
                if let Some(sidecar) = &told[0].sidecar {
                    assert!(items_from(db, &sidecar.path, 10)?.contains(&seq), "{sidecar:?}");
                    let name = split(&sidecar.path).1;
                    assert!(items_from(db, name, 10)?.contains(&seq), "{name}");
                }
                of_item(db, seq)
            });
            assert_eq!(found.unwrap(), told);
        }
    }

    #[test]
    fn an_entry_is_found_by_the_end_of_its_path() {
        let mut index = Index::in_memory().unwrap();
        let counts = index.change(Durability::Process, |db| {
            let source = items::source_number(db, "takeout")?;
            let seq = items::insert(db, source, 0, &item("x.jpg"))?;
            put(
                db,
                seq,
                &origin(Role::Main, entry(1, &format!("{YEAR}/x.jpg")), None),
            )?;
            let count = |path: &str| items_from(db, path, 10).map(|found| found.len());
            Ok([
                count("x.jpg")?,
                count("Photos from 2019/x.jpg")?,
                count("from 2019/x.jpg")?,
                count("y.jpg")?,
                count(&format!("takeout-1/{YEAR}/x.jpg"))?,
            ])
        });
        assert_eq!(counts.unwrap(), [1, 1, 0, 0, 1]);
    }

    /// What an item of an export costs that has nothing but its time, its file and where that comes from.
    #[test]
    fn an_item_costs_less_than_four_hundred_bytes() {
        const ITEMS: u32 = 20_000;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("index.db");
        let mut index = Index::open(&path).unwrap();
        let filled = index.change(Durability::Power, |db| {
            let source = items::source_number(db, "takeout")?;
            (0..ITEMS).try_for_each(|number| fill(db, source, number))
        });
        filled.unwrap();
        index.flush().unwrap();
        drop(index);
        let bytes = path.metadata().unwrap().len();
        assert!(
            bytes < u64::from(ITEMS) * 400,
            "{} bytes an item",
            bytes / u64::from(ITEMS)
        );
    }

    /// Long names, and all numbers as large as they get.
    fn fill(db: &Connection, source: i64, number: u32) -> rusqlite::Result<()> {
        let name = format!("PXL_20190608_1034{number:06}.jpg");
        let told = MediaItem {
            id: MediaId::new(format!(
                "{:08x}-4123{number:05}",
                number.wrapping_mul(0x9e37_79b9)
            )),
            taken: chrono::DateTime::from_timestamp(1_559_990_096 + i64::from(number), 0),
            ..item(&name)
        };
        let seq = items::insert(db, source, items::short_hash(&[&name]), &told)?;
        let file = files::FileRow {
            item: seq,
            role: Role::Main,
            path: format!("2019/06/{name}"),
            size: 4_123_456,
            sha256: Some([7; 32]),
            placing: files::Placing::InPlace,
        };
        files::put(db, &file)?;
        let time = TimeKnown {
            source: TakenSource::Sidecar,
            precision: Precision::Second,
            offset: Some(7_200),
            is_instant: true,
        };
        let facts = Told {
            time: Some(time),
            ..Told::default()
        };
        told::put(db, seq, &facts)?;
        let entry = |number, path: String| entry(number, &format!("{YEAR}/{path}"));
        let sidecar = entry(number % 5, format!("{name}.supplemental-metadata.json"));
        put(
            db,
            seq,
            &origin(Role::Main, entry(number % 4, name), Some(sidecar)),
        )
    }
}
