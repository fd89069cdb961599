//! The tables, and how an index made by an older gphotosync becomes one of today's.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::LibraryError;

/// One step per format; a step is never changed once released. The format's number is `PRAGMA user_version`.
const STEPS: [(i64, &str); 6] = [(1, "
    -- Where items come from, by the name the program gives each source.
    CREATE TABLE source (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

    -- Every item ever found.
    CREATE TABLE item (
        seq       INTEGER PRIMARY KEY,  -- the order of discovery
        source    INTEGER NOT NULL,     -- source.no
        key       INTEGER NOT NULL,     -- the first 8 bytes of SHA-256(id): a shorter index than the id itself
        id        TEXT NOT NULL,        -- as the source gives it
        file_name TEXT NOT NULL,        -- as Google shows it
        mime      TEXT NOT NULL,
        kind      INTEGER NOT NULL,     -- 0 photo, 1 video
        taken     INTEGER,              -- nanoseconds since 1970 in UTC; NULL when unknown
        family    INTEGER NOT NULL,     -- hash of folder and name family: only items of one family can collide
        name      TEXT,                 -- the name it has by the layout rules; NULL when that is file_name
        clip_ext  TEXT,                 -- the extension of its moving half, if it has one
        clip_name TEXT,                 -- the name that half has by the layout rules
        state     INTEGER NOT NULL,     -- 0 found, 1 stored, 2 waiting, 3 unavailable, 4 failed
        attempts  INTEGER NOT NULL DEFAULT 0,  -- runs in which it could not be had
        tried     INTEGER,              -- when that was last, seconds since 1970
        reason    TEXT                  -- why it could not be had
    ) STRICT;
    CREATE INDEX item_key ON item (key);
    CREATE INDEX item_family ON item (family);
    CREATE INDEX item_open ON item (state) WHERE state <> 1;

    -- Every file that is here.
    CREATE TABLE file (
        item    INTEGER NOT NULL,   -- item.seq
        role    INTEGER NOT NULL,   -- 0 main, 1 clip
        path    TEXT NOT NULL,      -- relative to the library
        size    INTEGER NOT NULL,
        sha256  BLOB,               -- NULL until known (a file taken over from another tool)
        placing INTEGER NOT NULL,   -- 0 in place, 1 whole but perhaps still staged, 2 perhaps being
                                        -- renamed, 3 damaged and to be replaced, 4 where another tool put it
        PRIMARY KEY (item, role)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX file_placing ON file (item) WHERE placing IN (1, 2);

    -- Files begun but not finished; their bytes are in .gphotosync/staging.
    CREATE TABLE partial (
        item   INTEGER NOT NULL,
        role   INTEGER NOT NULL,
        bytes  INTEGER NOT NULL,    -- as many are safe on disk
        length INTEGER,             -- of the whole file
        etag   TEXT,
        PRIMARY KEY (item, role)
    ) STRICT, WITHOUT ROWID;

    -- What each OAuth client used of its daily quota, as far as this library saw.
    CREATE TABLE quota (
        client TEXT NOT NULL,
        day    TEXT NOT NULL,       -- in Pacific time
        calls  INTEGER NOT NULL,    -- of the API
        bytes  INTEGER NOT NULL,    -- requests for bytes
        spent  INTEGER NOT NULL,    -- 1 once Google said that there is no more
        PRIMARY KEY (client, day)
    ) STRICT, WITHOUT ROWID;

    -- What holds for the whole library: `strategy` is what its names were last chosen by.
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    -- Every run that ended by itself.
    CREATE TABLE run (
        no       INTEGER PRIMARY KEY,
        started  INTEGER NOT NULL,  -- seconds since 1970
        ended    INTEGER NOT NULL,
        source   TEXT NOT NULL,
        ending   TEXT NOT NULL,
        summary  TEXT NOT NULL      -- JSON: the buckets, bytes, and why it ended
    ) STRICT;
"), (2, "
    -- Albums: those a source tells of, and those the user names with `pick --album`.
    CREATE TABLE album (
        no          INTEGER PRIMARY KEY,
        source      INTEGER NOT NULL,   -- source.no
        key         TEXT NOT NULL,      -- what tells it from the source's other albums: an id, a folder, a title
        title       TEXT NOT NULL,      -- as it is shown
        description TEXT,
        UNIQUE (source, key)
    ) STRICT;

    -- Which items are in which albums; an item may be in many.
    CREATE TABLE member (
        album INTEGER NOT NULL,     -- album.no
        item  INTEGER NOT NULL,     -- item.seq
        PRIMARY KEY (album, item)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX member_item ON member (item);

    -- What other sources call items that one source told of first: the same photo comes by several routes.
    CREATE TABLE alias (
        source INTEGER NOT NULL,    -- source.no
        id     TEXT NOT NULL,       -- as that source gives it
        item   INTEGER NOT NULL,    -- item.seq, of another source
        PRIMARY KEY (source, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alias_item ON alias (item);

    -- Sessions of the Picker that are not done with: the next `pick` goes on with them.
    CREATE TABLE picking (
        session TEXT PRIMARY KEY,   -- the id it has at Google
        begun   INTEGER NOT NULL,   -- seconds since 1970
        state   INTEGER NOT NULL,   -- 0 the user is choosing, 1 being fetched, 2 fetched but for what waits or failed
        album   INTEGER             -- album.no, where what is picked is to be filed
    ) STRICT, WITHOUT ROWID;
"), (3, "
    -- Versions edited in Google Photos are files of their item, with role 2.
    ALTER TABLE item ADD COLUMN edited_ext TEXT;    -- the extension of its edited version, if it has one
    ALTER TABLE item ADD COLUMN edited_name TEXT;   -- the name that version has by the layout rules

    -- The CRC-32 of files whose bytes came from an archive and are originals.
    CREATE TABLE checksum (
        item  INTEGER NOT NULL,     -- item.seq
        role  INTEGER NOT NULL,     -- 0 main, 1 clip, 2 edited
        crc32 INTEGER NOT NULL,
        PRIMARY KEY (item, role)
    ) STRICT, WITHOUT ROWID;
"), (4, "
    -- What a source tells about an item besides name, kind and time; no row where it tells nothing.
    CREATE TABLE told (
        item        INTEGER PRIMARY KEY,    -- item.seq
        marks       INTEGER NOT NULL,   -- 1 favourite, 2 archived, 4 trashed, 8 locked, 16 a partner's,
                                        -- 32 the file itself tells the time, 64 the file itself tells the place
        time_by     INTEGER,            -- who tells the time: 0 a sidecar, 1 the file, 2 its name, 3 its folder
        exactness   INTEGER,            -- of the time: 0 an instant, 1 a clock of unknown zone, 2 a day, 3 a year
        utc_offset  INTEGER,            -- seconds that the local clock was ahead of UTC
        latitude    INTEGER,            -- in 1e-7 degrees
        longitude   INTEGER,
        altitude    INTEGER,            -- in centimetres
        description TEXT
    ) STRICT;

    -- Who is in which photo.
    CREATE TABLE person (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE portrait (
        item   INTEGER NOT NULL,    -- item.seq
        person INTEGER NOT NULL,    -- person.no
        PRIMARY KEY (item, person)
    ) STRICT, WITHOUT ROWID;

    -- Which entry of an export a file came from, and what ties it to the sidecar that tells of it.
    CREATE TABLE origin (
        item           INTEGER NOT NULL,    -- item.seq
        role           INTEGER NOT NULL,    -- 0 main, 1 clip, 2 edited
        folder         INTEGER NOT NULL,    -- folder.no
        entry          TEXT,                -- its name there; NULL when that is item.file_name
        tie            INTEGER NOT NULL,    -- tie.no
        sidecar_folder INTEGER,             -- folder.no; NULL when that is folder
        sidecar        TEXT,                -- its name; what follows a slash follows the entry's name
        PRIMARY KEY (item, role)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE folder (
        no   INTEGER PRIMARY KEY,
        part TEXT NOT NULL,     -- the archive
        path TEXT NOT NULL,     -- of the folder in it
        UNIQUE (part, path)
    ) STRICT;
    CREATE TABLE tie (
        no        INTEGER PRIMARY KEY,
        rule      TEXT NOT NULL,    -- by which a file and its sidecar belong together
        certainty TEXT NOT NULL,    -- how sure that is
        UNIQUE (rule, certainty)
    ) STRICT;

    -- What a source tells about an album besides its title and description.
    ALTER TABLE album ADD COLUMN date INTEGER;      -- when it was made or begins, seconds since 1970
    ALTER TABLE album ADD COLUMN access TEXT;       -- `protected`, `shared`
    ALTER TABLE album ADD COLUMN location TEXT;
    CREATE TABLE album_note (
        album   INTEGER NOT NULL,   -- album.no
        kind    INTEGER NOT NULL,   -- 0 comment, 1 text between the photos, 2 place between the photos
        written INTEGER NOT NULL,   -- seconds since 1970; 0 when unknown
        author  TEXT NOT NULL,
        text    TEXT NOT NULL,
        liked   INTEGER NOT NULL,   -- 1 where the comment is a heart
        PRIMARY KEY (album, kind, written, author, text, liked)
    ) STRICT, WITHOUT ROWID;

    -- The folders of albums in albums/, and the links in them. Nothing else in there is gphotosync's.
    CREATE TABLE album_folder (
        album INTEGER PRIMARY KEY,  -- album.no
        name  TEXT NOT NULL         -- below albums/
    ) STRICT;
    CREATE TABLE link (
        album  INTEGER NOT NULL,    -- album.no
        item   INTEGER NOT NULL,    -- item.seq
        role   INTEGER NOT NULL,    -- of the file it leads to
        name   TEXT,                -- in the album's folder; NULL when that is the name of the file
        target TEXT NOT NULL,       -- the path of the file, relative to the library
        inode  INTEGER,             -- of a hard link; NULL for one that names its target
        PRIMARY KEY (album, item, role)
    ) STRICT, WITHOUT ROWID;

    -- Which items have an XMP sidecar beside them.
    CREATE TABLE sidecar (
        item  INTEGER PRIMARY KEY,  -- item.seq
        photo TEXT NOT NULL         -- the path of the photo it is called after
    ) STRICT;
    -- Texts that gphotosync wrote beside photos and in albums. What has another SHA-256 is the user's.
    CREATE TABLE own_text (
        path   TEXT PRIMARY KEY,    -- relative to the library
        sha256 BLOB,                -- as it was last written
        coming BLOB                 -- of what may have taken its place by now
    ) STRICT, WITHOUT ROWID;
    -- Items of which more is known than their sidecar says.
    CREATE TABLE untold (item INTEGER PRIMARY KEY) STRICT;
"), (5, "
    -- Items whose times changed while their files may still bear the old ones.
    CREATE TABLE retime (
        item INTEGER NOT NULL,  -- item.seq
        was  INTEGER            -- nanoseconds since 1970 in UTC; NULL when unknown
    ) STRICT;
"), (6, "
    -- Files whose extension says something else than their content.
    CREATE TABLE misnamed (
        item      INTEGER NOT NULL,     -- item.seq
        role      INTEGER NOT NULL,     -- 0 main, 1 clip, 2 edited
        content   TEXT NOT NULL,        -- what it is, in words
        extension TEXT,                 -- the right one, with its dot, if it is known
        corrected INTEGER NOT NULL,     -- 1 where it is called by that one in the library
        PRIMARY KEY (item, role)
    ) STRICT, WITHOUT ROWID;

    -- Which items have a sidecar beside them, by now of either form.
    ALTER TABLE sidecar RENAME TO xmp_sidecar;
    CREATE TABLE sidecar (
        item   INTEGER NOT NULL,    -- item.seq
        form   INTEGER NOT NULL,    -- 0 XMP, 1 the JSON of an export
        photo  TEXT NOT NULL,       -- the path of the photo it is called after
        export TEXT,                -- when the export was made that the JSON is from, as its parts are called
        PRIMARY KEY (item, form)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO sidecar (item, form, photo) SELECT item, 0, photo FROM xmp_sidecar;
    DROP TABLE xmp_sidecar;
")];

/// The format this program writes.
const KNOWN: i64 = STEPS[STEPS.len() - 1].0;

/// Sets the connection up. Write-ahead logging lets `status` read while a run writes.
pub(super) fn configure(connection: &Connection, cache_kib: i64) -> Result<(), LibraryError> {
    let set = || {
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        // Refused where shared memory is missing (some network disks); the rollback journal serves there.
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "cache_size", -cache_kib)?;
        // Otherwise the planner compares bound values with the conditions of partial indices, and so plans each
        // statement anew for every value: most of the time of a run in which all is known.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(())
    };
    set().map_err(LibraryError::index("set up"))
}

/// Refuses an index that is newer than this program.
pub(super) fn check(connection: &Connection) -> Result<i64, LibraryError> {
    let found = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(LibraryError::index("read"))?;
    if found > KNOWN {
        return Err(LibraryError::NewerIndex { found, known: KNOWN });
    }
    Ok(found)
}

/// Whether the index has today's format.
pub(super) fn is_todays(connection: &Connection) -> Result<bool, LibraryError> {
    check(connection).map(|found| found == KNOWN)
}

/// Brings an index of any older format, or an empty one, to today's.
pub(super) fn upgrade(connection: &mut Connection) -> Result<(), LibraryError> {
    let found = check(connection)?;
    for (format, step) in STEPS.into_iter().filter(|(format, _)| *format > found) {
        apply(connection, format, step).map_err(LibraryError::index("upgrade"))?;
    }
    Ok(())
}

fn apply(connection: &mut Connection, format: i64, step: &str) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(step)?;
    transaction.pragma_update(None, "user_version", format)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(db: &Connection) -> Vec<String> {
        db.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap()
    }

    fn made_by(formats: usize) -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        for (format, step) in &STEPS[..formats] {
            apply(&mut db, *format, step).unwrap();
        }
        db
    }

    #[test]
    fn an_index_of_any_older_format_becomes_one_of_todays_and_keeps_what_it_held() {
        let mut today = made_by(0);
        upgrade(&mut today).unwrap();
        for formats in 1..=STEPS.len() {
            let mut old = made_by(formats);
            old.execute_batch(
                "INSERT INTO source (name) VALUES ('library-api');
                 INSERT INTO item (source, key, id, file_name, mime, kind, family, state)
                 VALUES (1, 7, 'id', 'a.jpg', 'image/jpeg', 0, 9, 1);
                 INSERT INTO file (item, role, path, size, placing) VALUES (1, 0, 'undated/a.jpg', 5, 0);",
            )
            .unwrap();
            upgrade(&mut old).unwrap();
            assert_eq!(check(&old).unwrap(), KNOWN);
            assert_eq!(names(&old), names(&today));
            let kept: String = old
                .query_row(
                    "SELECT path FROM file JOIN item ON seq = item WHERE id = 'id'",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(kept, "undated/a.jpg");
        }
    }

    #[test]
    fn sidecars_of_before_there_were_two_forms_are_still_known() {
        let mut old = made_by(5);
        old.execute("INSERT INTO sidecar VALUES (1, 'undated/a.jpg')", [])
            .unwrap();
        upgrade(&mut old).unwrap();
        let kept: (i64, String) = old
            .query_row("SELECT form, photo FROM sidecar WHERE item = 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(kept, (0, "undated/a.jpg".to_owned()));
    }

    #[test]
    fn an_index_of_the_future_is_left_alone() {
        let mut db = made_by(STEPS.len());
        db.pragma_update(None, "user_version", KNOWN + 1).unwrap();
        assert!(matches!(upgrade(&mut db), Err(LibraryError::NewerIndex { .. })));
    }
}
