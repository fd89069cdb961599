//! What sources tell about items besides name, kind and time. Tellings unite: a later one adds and corrects, and never
//! takes away.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::own_texts;
use crate::told::{InFile, Marks, Place, Precision, TakenSource, TimeKnown, Told};

const FAVOURITE: i64 = 1;
const ARCHIVED: i64 = 2;
const TRASHED: i64 = 4;
const LOCKED: i64 = 8;
const PARTNERS: i64 = 16;
const TIME_IN_FILE: i64 = 32;
const PLACE_IN_FILE: i64 = 64;

/// Takes up what is told about an item. Returns whether anything of it was news.
pub(crate) fn put(db: &Connection, item: i64, told: &Told) -> rusqlite::Result<bool> {
    let known = facts(db, item)?;
    let is_first = known.is_none() && !told.people.is_empty();
    let before = known.unwrap_or_default();
    let after = united(&before, told);
    let mut is_news = after != before;
    if is_news || is_first {
        write(db, item, &after)?;
    }
    for name in &told.people {
        is_news |= put_person(db, item, name)?;
    }
    if is_news {
        own_texts::note_untold(db, item)?;
    }
    Ok(is_news)
}

/// What is told about an item, without people and origins; `None` if nothing is.
pub(crate) fn facts(db: &Connection, item: i64) -> rusqlite::Result<Option<Told>> {
    db.prepare_cached(
        "SELECT marks, time_by, exactness, utc_offset, latitude, longitude, altitude, description
         FROM told WHERE item = ?1",
    )?
    .query_row([item], read)
    .optional()
}

/// Who is in a photo, in alphabetical order.
pub(crate) fn people(db: &Connection, item: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT name FROM portrait JOIN person ON no = person WHERE item = ?1 ORDER BY name")?
        .query_map([item], |row| row.get(0))?
        .collect()
}

fn united(before: &Told, told: &Told) -> Told {
    let (old, new) = (before.marks, told.marks);
    Told {
        description: match told.description.trim() {
            "" => before.description.clone(),
            _ => told.description.clone(),
        },
        place: told.place.or(before.place),
        marks: Marks {
            favourite: old.favourite || new.favourite,
            archived: old.archived || new.archived,
            trashed: old.trashed || new.trashed,
            locked: old.locked || new.locked,
        },
        is_partners: before.is_partners || told.is_partners,
        time: told.time.or(before.time),
        in_file: InFile {
            time: stands_in_file((before.time, before.in_file.time), (told.time, told.in_file.time)),
            place: stands_in_file(
                (before.place, before.in_file.place),
                (told.place, told.in_file.place),
            ),
        },
        ..Told::default()
    }
}

/// Whether the file itself tells what is known now. Whoever tells the same again need not have looked.
fn stands_in_file<T: Copy + PartialEq>(before: (Option<T>, bool), told: (Option<T>, bool)) -> bool {
    match told {
        (None, _) => before.1,
        (now, in_file) if now == before.0 => in_file || before.1,
        (Some(_), in_file) => in_file,
    }
}

fn write(db: &Connection, item: i64, told: &Told) -> rusqlite::Result<()> {
    let place = told.place.map(Place::units);
    let description = Some(&told.description).filter(|text| !text.is_empty());
    db.prepare_cached(
        "INSERT OR REPLACE INTO told
         (item, marks, time_by, exactness, utc_offset, latitude, longitude, altitude, description)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        item,
        marks(told),
        told.time.map(|time| source_number(time.source)),
        told.time.map(exactness),
        told.time.and_then(|time| time.offset),
        place.map(|(latitude, ..)| latitude),
        place.map(|(_, longitude, _)| longitude),
        place.and_then(|(_, _, altitude)| altitude),
        description,
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Told> {
    let marks: i64 = row.get(0)?;
    let is = |mark: i64| marks & mark != 0;
    let (latitude, longitude): (Option<i32>, Option<i32>) = (row.get(4)?, row.get(5)?);
    let altitude: Option<i32> = row.get(6)?;
    Ok(Told {
        description: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
        place: latitude
            .zip(longitude)
            .map(|(latitude, longitude)| Place::of_units((latitude, longitude, altitude))),
        marks: Marks {
            favourite: is(FAVOURITE),
            archived: is(ARCHIVED),
            trashed: is(TRASHED),
            locked: is(LOCKED),
        },
        is_partners: is(PARTNERS),
        time: time(row)?,
        in_file: InFile {
            time: is(TIME_IN_FILE),
            place: is(PLACE_IN_FILE),
        },
        ..Told::default()
    })
}

fn time(row: &Row<'_>) -> rusqlite::Result<Option<TimeKnown>> {
    let Some(source) = row.get::<_, Option<i64>>(1)? else {
        return Ok(None);
    };
    let exactness = row.get::<_, Option<i64>>(2)?.unwrap_or(0);
    Ok(Some(TimeKnown {
        source: match source {
            0 => TakenSource::Sidecar,
            1 => TakenSource::File,
            2 => TakenSource::Name,
            _ => TakenSource::Folder,
        },
        precision: match exactness {
            0 | 1 => Precision::Second,
            2 => Precision::Day,
            _ => Precision::Year,
        },
        offset: row.get(3)?,
        is_instant: exactness == 0,
    }))
}

fn marks(told: &Told) -> i64 {
    let marks = [
        (told.marks.favourite, FAVOURITE),
        (told.marks.archived, ARCHIVED),
        (told.marks.trashed, TRASHED),
        (told.marks.locked, LOCKED),
        (told.is_partners, PARTNERS),
        (told.in_file.time, TIME_IN_FILE),
        (told.in_file.place, PLACE_IN_FILE),
    ];
    marks
        .iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, mark)| mark)
        .sum()
}

const fn source_number(source: TakenSource) -> i64 {
    match source {
        TakenSource::Sidecar => 0,
        TakenSource::File => 1,
        TakenSource::Name => 2,
        TakenSource::Folder => 3,
    }
}

const fn exactness(time: TimeKnown) -> i64 {
    match time.precision {
        Precision::Second if time.is_instant => 0,
        Precision::Second => 1,
        Precision::Day => 2,
        Precision::Year => 3,
    }
}

fn put_person(db: &Connection, item: i64, name: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("INSERT INTO person (name) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([name])?;
    let filed = db
        .prepare_cached(
            "INSERT OR IGNORE INTO portrait (item, person) SELECT ?1, no FROM person WHERE name = ?2",
        )?
        .execute(params![item, name])?;
    Ok(filed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::index::{Durability, Index};

    fn first() -> Told {
        Told {
            description: "By the sea".to_owned(),
            people: vec!["Bea".to_owned(), "Al".to_owned()],
            place: Place::new(-33.9, 151.2, Some(-3.5)),
            marks: Marks {
                favourite: true,
                ..Marks::default()
            },
            time: Some(TimeKnown {
                source: TakenSource::Sidecar,
                precision: Precision::Second,
                offset: Some(-34_200),
                is_instant: true,
            }),
            in_file: InFile {
                time: true,
                place: false,
            },
            ..Told::default()
        }
    }

    fn put_all(tellings: &[Told]) -> (Vec<bool>, Told, Vec<String>) {
        let mut index = Index::in_memory().unwrap();
        let change = |db: &Connection| {
            let news = tellings.iter().map(|told| put(db, 7, told));
            let news = news.collect::<rusqlite::Result<_>>()?;
            Ok((news, facts(db, 7)?.unwrap_or_default(), people(db, 7)?))
        };
        index.change(Durability::Process, change).unwrap()
    }

    #[test]
    fn all_that_is_told_is_remembered() {
        let told = first();
        let (news, kept, people) = put_all(&[told.clone(), told.clone()]);
        assert_eq!(news, [true, false]);
        assert_eq!(people, ["Al", "Bea"]);
        assert_eq!(
            kept,
            Told {
                people: Vec::new(),
                ..told
            }
        );
    }

    #[test]
    fn a_later_telling_adds_and_corrects_and_takes_nothing_away() {
        let later = Told {
            description: " ".to_owned(),
            people: vec!["Cy".to_owned()],
            marks: Marks {
                archived: true,
                ..Marks::default()
            },
            is_partners: true,
            time: Some(TimeKnown {
                source: TakenSource::Name,
                precision: Precision::Day,
                offset: None,
                is_instant: false,
            }),
            ..Told::default()
        };
        let (news, kept, people) = put_all(&[first(), later.clone(), later.clone(), Told::default()]);
        assert_eq!(news, [true, true, false, false]);
        assert_eq!(people, ["Al", "Bea", "Cy"]);
        assert_eq!((&*kept.description, kept.place), ("By the sea", first().place));
        assert!(kept.marks.favourite && kept.marks.archived && kept.is_partners);
        assert_eq!((kept.time, kept.in_file.time), (later.time, false));
    }

    #[test]
    fn who_tells_the_same_without_a_look_into_the_file_brings_no_news() {
        let looked = Told {
            in_file: InFile {
                time: true,
                place: true,
            },
            ..first()
        };
        let unlooked = Told {
            time: None,
            in_file: InFile::default(),
            ..first()
        };
        let elsewhere = Told {
            place: Place::new(1.0, 1.0, None),
            ..unlooked.clone()
        };
        let (news, kept, _) = put_all(&[looked.clone(), unlooked]);
        assert_eq!((news, kept.in_file), (vec![true, false], looked.in_file));
        let (news, kept, _) = put_all(&[looked, elsewhere]);
        assert_eq!((news, kept.in_file.place), (vec![true, true], false));
    }

    #[test]
    fn every_way_to_know_a_time_is_kept() {
        use Precision::{Day, Second, Year};
        for source in [
            TakenSource::Sidecar,
            TakenSource::File,
            TakenSource::Name,
            TakenSource::Folder,
        ] {
            for (precision, is_instant) in [(Second, true), (Second, false), (Day, false), (Year, false)] {
                let time = Some(TimeKnown {
                    source,
                    precision,
                    offset: None,
                    is_instant,
                });
                let told = Told {
                    time,
                    ..Told::default()
                };
                assert_eq!(put_all(&[told]).1.time, time);
            }
        }
    }

    #[test]
    fn who_tells_nothing_costs_nothing() {
        let mut index = Index::in_memory().unwrap();
        let rows = index.change(Durability::Process, |db| {
            assert!(!put(db, 7, &Told::default())?);
            db.query_row(
                "SELECT (SELECT count(*) FROM told) + (SELECT count(*) FROM untold)",
                [],
                |row| row.get::<_, i64>(0),
            )
        });
        assert_eq!(rows.unwrap(), 0);
    }
}
