//! What a library on disk remembers of picking: sessions that are not done with, and the albums of what was picked.

use super::DiskLibrary;
use crate::library::LibraryError;
use crate::library::index::{Durability, PickingRow, albums, items, pickings};

impl DiskLibrary {
    /// The sessions that are not done with, the oldest first.
    pub(crate) async fn pickings(&self) -> Result<Vec<PickingRow>, LibraryError> {
        self.librarian.ask(|desk| desk.index.read(pickings::all)).await
    }

    /// Remembers a session, so that it survives whatever happens to this process or this computer.
    pub(crate) async fn keep_picking(&self, row: PickingRow) -> Result<(), LibraryError> {
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Power, |db| pickings::put(db, &row)))
            .await
    }

    /// Forgets a session that is over.
    pub(crate) async fn forget_picking(&self, session: &str) -> Result<(), LibraryError> {
        let session = session.to_owned();
        let forget = move |db: &rusqlite::Connection| pickings::forget(db, &session);
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, forget))
            .await
    }

    /// Notes of the items of `source` that are not here that they are out of reach for `reason`; returns how many.
    pub(crate) async fn abandon(
        &self,
        source: &'static str,
        reason: &'static str,
    ) -> Result<usize, LibraryError> {
        let abandon = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            pickings::abandon(db, source, reason)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, abandon))
            .await
    }

    /// The number of the user's own album of this title.
    pub(crate) async fn album(&self, source: &'static str, title: &str) -> Result<i64, LibraryError> {
        let title = title.to_owned();
        let put = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            albums::put(db, source, &title, &title, None)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, put))
            .await
    }

    /// Files items of `source` in an album.
    pub(crate) async fn file_in_album(
        &self,
        album: i64,
        source: &'static str,
        ids: Vec<String>,
    ) -> Result<usize, LibraryError> {
        let file = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            albums::file(db, album, source, &ids)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, file))
            .await
    }
}
