//! What sources tell of items and albums that are in the library.

use super::DiskLibrary;
use super::families::{Disturbed, Orphans};
use crate::library::index::{Durability, album_facts, aliases, files, items, misnamed, origins, told};
use crate::library::{ItemKey, LibraryError};
use crate::media::{MediaId, Role};
use crate::told::{AlbumTold, TakenSource, Told};

/// What the library knows of an item that somebody is going to tell of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acquaintance {
    pub(crate) key: ItemKey,
    /// Where its photo or video is, and its edited version, relative to the library.
    pub(crate) files: Vec<(Role, String)>,
    /// Who told its time before.
    pub(crate) time_by: Option<TakenSource>,
}

impl DiskLibrary {
    /// The items that `source` calls so, one for one; `None` for those that it never told of.
    pub(crate) async fn acquaintances(
        &self,
        source: &'static str,
        ids: Vec<MediaId>,
    ) -> Result<Vec<Option<Acquaintance>>, LibraryError> {
        let look = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            let all = ids.iter().map(|id| acquaintance(db, source, id.as_str()));
            all.collect()
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, look))
            .await
    }

    /// Takes up what is told of items, as one transaction; callers hand it over in batches.
    pub(crate) async fn tell(&self, batch: Vec<(ItemKey, Told)>) -> Result<(), LibraryError> {
        let put = move |db: &rusqlite::Connection| {
            for (ItemKey(item), told) in &batch {
                told::put(db, *item, told)?;
                for origin in &told.origins {
                    origins::put(db, *item, origin)?;
                }
                for (role, seen) in &told.misnamed {
                    misnamed::put(db, *item, *role, seen.as_ref())?;
                }
            }
            Ok(())
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, put))
            .await
    }

    /// Gives every file whose extension is known to lie the right one. It stays so, whatever later runs want. Returns how
    /// many files that were.
    pub(crate) async fn correct_extensions(&self) -> Result<usize, LibraryError> {
        let correct = |db: &rusqlite::Connection| {
            let (families, count) = misnamed::correct_all(db)?;
            let disturbed = Disturbed {
                families: families.into_iter().collect(),
                leaving: Vec::new(),
            };
            Ok((count, disturbed))
        };
        self.librarian
            .ask(move |desk| desk.disturb(Orphans::MayBeTheirs, correct))
            .await
    }

    /// Takes up all albums of one export of `source`. They must come together: two of one title are told apart by each
    /// other. Members that the library does not hold must be left out.
    pub(crate) async fn tell_albums(
        &self,
        source: &'static str,
        albums: Vec<AlbumTold>,
    ) -> Result<(), LibraryError> {
        let put = move |db: &rusqlite::Connection| {
            let source = items::source_number(db, source)?;
            album_facts::put_all(db, source, &albums).map(drop)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, put))
            .await
    }
}

fn acquaintance(db: &rusqlite::Connection, source: i64, id: &str) -> rusqlite::Result<Option<Acquaintance>> {
    let Some(item) = aliases::known_as(db, source, id)? else {
        return Ok(None);
    };
    let files = files::of_item(db, item)?.into_iter();
    let time_by = told::facts(db, item)?
        .and_then(|told| told.time)
        .map(|time| time.source);
    Ok(Some(Acquaintance {
        key: ItemKey(item),
        files: files
            .filter(|file| file.role != Role::Clip)
            .map(|file| (file.role, file.path))
            .collect(),
        time_by,
    }))
}
