//! What the library remembers: every item, its files, and what became of it. All SQL is in this folder.
//!
//! The index is one `SQLite` file, meant to be looked at with `sqlite3`; the tables are described in `schema.rs`.

pub(crate) mod album_facts;
pub(crate) mod albums;
pub(crate) mod aliases;
pub(crate) mod audit;
pub(crate) mod checksums;
pub(crate) mod files;
pub(crate) mod items;
pub(crate) mod links;
pub(crate) mod listing;
pub(crate) mod misnamed;
pub(crate) mod origins;
pub(crate) mod own_texts;
pub(crate) mod pickings;
pub(crate) mod quotas;
pub(crate) mod retimes;
pub(crate) mod runs;
mod schema;
pub(crate) mod settings;
pub(crate) mod told;

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

pub(crate) use audit::AuditRow;
pub(crate) use files::{FileRow, Placing};
pub(crate) use items::{ItemRow, State};
pub(crate) use pickings::PickingRow;
pub(crate) use quotas::QuotaUse;
pub(crate) use runs::{OpenItem, RunRow, StateCount};

use super::LibraryError;

/// Pages kept in memory, in KiB: enough for the inner nodes of the indices over a million items.
const CACHE_KIB: i64 = 8 * 1024;

/// The index, for the one thread that owns it.
#[derive(Debug)]
pub(crate) struct Index {
    connection: Connection,
    /// Everything happens inside one transaction that is never committed.
    planning: bool,
    /// What the connection is set for; to set it costs about as much as a small change.
    prepared_for: Option<Durability>,
}

/// How safe a change must be before it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Survives a crash of the program; a power cut may undo it.
    Process,
    /// Survives a power cut.
    Power,
}

impl Index {
    /// Opens the index at `path`, creating or upgrading it as needed.
    pub(crate) fn open(path: &Path) -> Result<Self, LibraryError> {
        let index = Self::prepared(Connection::open(path).map_err(LibraryError::index("open"))?)?;
        #[cfg(test)]
        super::disk::fuse::opened(path);
        Ok(index)
    }

    /// Opens the index at `path` for reading only.
    pub(crate) fn read_only(path: &Path) -> Result<Self, LibraryError> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(LibraryError::index("open"))?;
        let connection = match schema::check(&connection) {
            Err(LibraryError::Index { source, .. }) if is_unopened(&source) => immutable(path)?,
            checked => checked.map(|_| connection)?,
        };
        if !schema::is_todays(&connection)? {
            // Questions are asked of today's tables. Where nothing can be written, some will find none.
            drop(Self::open(path));
        }
        Ok(Self {
            connection,
            planning: false,
            prepared_for: None,
        })
    }

    /// An index that is forgotten when dropped.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Result<Self, LibraryError> {
        Self::prepared(Connection::open_in_memory().map_err(LibraryError::index("make"))?)
    }

    /// An index that is forgotten when dropped, for any number of items: what does not fit into the cache lies in a
    /// temporary file of the system, not in the library.
    pub(crate) fn passing() -> Result<Self, LibraryError> {
        Self::prepared(Connection::open("").map_err(LibraryError::index("make"))?)
    }

    /// Opens the index at `path` for plans: what is changed is forgotten when this is dropped.
    pub(crate) fn for_planning(path: &Path) -> Result<Self, LibraryError> {
        let mut index = Self::open(path)?;
        index
            .connection
            .execute_batch("BEGIN")
            .map_err(LibraryError::index("read"))?;
        index.planning = true;
        Ok(index)
    }

    fn prepared(mut connection: Connection) -> Result<Self, LibraryError> {
        schema::configure(&connection, CACHE_KIB)?;
        schema::upgrade(&mut connection)?;
        Ok(Self {
            connection,
            planning: false,
            prepared_for: None,
        })
    }

    /// Runs `change` as one transaction: all of it happens or nothing.
    pub(crate) fn change<T>(
        &mut self,
        durability: Durability,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LibraryError> {
        #[cfg(test)]
        super::disk::fuse::burn().map_err(LibraryError::disk("write", Path::new("the index")))?;
        self.attempt(durability, change)
            .map_err(LibraryError::index("write"))
    }

    fn attempt<T>(
        &mut self,
        durability: Durability,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        if self.planning {
            let savepoint = self.connection.savepoint()?;
            let value = change(&savepoint)?;
            savepoint.commit()?;
            return Ok(value);
        }
        self.prepare_for(durability)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = change(&transaction)?;
        transaction.commit()?;
        #[cfg(test)]
        if durability == Durability::Power {
            super::disk::fuse::flushed(self.connection.path());
        }
        Ok(value)
    }

    fn prepare_for(&mut self, durability: Durability) -> rusqlite::Result<()> {
        if self.prepared_for != Some(durability) {
            let synchronous = match durability {
                Durability::Power => "FULL",
                Durability::Process => "NORMAL",
            };
            self.connection.pragma_update(None, "synchronous", synchronous)?;
            self.prepared_for = Some(durability);
        }
        Ok(())
    }

    /// Reads.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LibraryError> {
        read(&self.connection).map_err(LibraryError::index("read"))
    }

    /// Looks for damage in the file itself.
    pub(crate) fn check(&self) -> Result<(), LibraryError> {
        let verdict: String = self.read(|db| db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)))?;
        if verdict == "ok" {
            Ok(())
        } else {
            Err(LibraryError::DamagedIndex { detail: verdict })
        }
    }

    /// Makes all earlier changes survive a power cut.
    pub(crate) fn flush(&self) -> Result<(), LibraryError> {
        // A checkpoint syncs the log before it reads from it. A busy reader makes it partial, which is enough.
        self.connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            .map_err(LibraryError::index("sync"))?;
        #[cfg(test)]
        super::disk::fuse::flushed(self.connection.path());
        Ok(())
    }
}

/// `SQLite` makes a file beside the index even to read it, which a disk mounted read-only refuses.
fn is_unopened(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
    matches!(error.sqlite_error_code(), Some(CannotOpen | ReadOnly))
}

/// Opens an index that nobody can change meanwhile, because of where it is.
fn immutable(path: &Path) -> Result<Connection, LibraryError> {
    let refused = |()| LibraryError::index("open")(rusqlite::Error::InvalidPath(path.to_owned()));
    let absolute = std::path::absolute(path).map_err(LibraryError::disk("find", path))?;
    let mut address = url::Url::from_file_path(&absolute).map_err(refused)?;
    address.set_query(Some("immutable=1"));
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY
        | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX
        | rusqlite::OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(address.as_str(), flags).map_err(LibraryError::index("open"))
}
