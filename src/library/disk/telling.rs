//! What sources tell of items and albums that are in the library.

use super::DiskLibrary;
use crate::library::index::{Durability, album_facts, aliases, items, origins, told};
use crate::library::{ItemKey, LibraryError};
use crate::media::MediaId;
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

    /// Takes up what `source` tells of items, by the ids it has for them. What is not in the library is left out.
    pub(crate) async fn tell_by_id(
        &self,
        source: &'static str,
        batch: Vec<(MediaId, Told)>,
    ) -> Result<(), LibraryError> {
        let (ids, told): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let keys = self.keys_of(source, ids).await?;
        let known = keys.into_iter().zip(told);
        let known = known.filter_map(|(key, told)| Some((key?, told)));
        self.tell(known.collect()).await.map(drop)
    }

    /// The items that `source` calls so, one for one.
    pub(crate) async fn keys_of(
        &self,
        source: &'static str,
        ids: Vec<MediaId>,
    ) -> Result<Vec<Option<ItemKey>>, LibraryError> {
        let find = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            let key = |id: &MediaId| {
                let own = items::find(db, source, id.as_str())?.map(|row| row.seq);
                let item = match own {
                    Some(seq) => Some(seq),
                    None => aliases::item_of(db, source, id.as_str())?,
                };
                Ok(item.map(ItemKey))
            };
            ids.iter().map(key).collect()
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, find))
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
