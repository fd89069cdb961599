//! What sources tell of items and albums that are in the library.

use super::DiskLibrary;
use crate::library::index::{Durability, album_facts, items, origins, told};
use crate::library::{ItemKey, LibraryError};
use crate::told::{AlbumTold, Told};

impl DiskLibrary {
    /// Takes up what is told of items, as one transaction; callers hand it over in batches. Returns of how many items
    /// anything was news.
    pub(crate) async fn tell(&self, batch: Vec<(ItemKey, Told)>) -> Result<usize, LibraryError> {
        let put = move |db: &rusqlite::Connection| {
            let mut news = 0;
            for (ItemKey(item), told) in &batch {
                news += usize::from(told::put(db, *item, told)?);
                for origin in &told.origins {
                    origins::put(db, *item, origin)?;
                }
            }
            Ok(news)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, put))
            .await
    }

    /// Takes up all albums of one export of `source`. They must come together: two of one title are told apart by each
    /// other. Members that the library does not hold must be left out. Returns the albums' numbers, one for one.
    pub(crate) async fn tell_albums(
        &self,
        source: &'static str,
        albums: Vec<AlbumTold>,
    ) -> Result<Vec<i64>, LibraryError> {
        let put = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            album_facts::put_all(db, source, &albums)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, put))
            .await
    }
}
