//! The pretend user's library: which items there are, newest first, and how they change while it is read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use crate::item::{Item, Kind, VideoStatus, id_of, number_of};

/// Generated items are numbered from here on, so that their ids never meet those of listed ones.
const FIRST_GENERATED: u64 = 1 << 40;

/// Computes item `k` of a generated population; its id is then replaced by that of position `k`.
type Maker = Arc<dyn Fn(u64) -> Item + Send + Sync>;

/// Where an item stands among the listed ones: newest first, then by id. Items without a time come last.
type Place = (Reverse<i64>, String);

/// The items a library starts with.
#[derive(Clone)]
pub struct Population {
    listed: Vec<Item>,
    generated: u64,
    make: Maker,
}

impl std::fmt::Debug for Population {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Population({} listed, {} generated)",
            self.listed.len(),
            self.generated
        )
    }
}

impl Population {
    /// `count` items that are computed on demand and never kept, so that a million of them cost no memory. Item 0 is
    /// listed first; `make` should give older times for greater numbers. Its ids are replaced by
    /// [`Population::generated_id`].
    pub fn generated(count: u64, make: impl Fn(u64) -> Item + Send + Sync + 'static) -> Self {
        Self {
            listed: Vec::new(),
            generated: count,
            make: Arc::new(make),
        }
    }

    /// The id of generated item `number`.
    pub fn generated_id(number: u64) -> String {
        id_of(FIRST_GENERATED + number)
    }
}

impl From<Vec<Item>> for Population {
    fn from(listed: Vec<Item>) -> Self {
        Self {
            listed,
            generated: 0,
            make: Arc::new(Item::photo),
        }
    }
}

/// Where a listing stands between two pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cursor {
    Start,
    After(Place),
    /// All listed items and this many generated ones have been seen.
    Generated(u64),
}

/// A stretch of the library and where to go on, if there is more.
pub(crate) struct Stretch {
    pub(crate) items: Vec<Arc<Item>>,
    pub(crate) next: Option<Cursor>,
}

pub(crate) struct Library {
    listed: BTreeMap<Place, Arc<Item>>,
    places: HashMap<String, Place>,
    generated: u64,
    make: Maker,
    changed: HashMap<String, Arc<Item>>,
    removed: HashSet<String>,
}

impl Library {
    pub(crate) fn new(population: Population) -> Self {
        let mut library = Self {
            listed: BTreeMap::new(),
            places: HashMap::new(),
            generated: population.generated,
            make: population.make,
            changed: HashMap::new(),
            removed: HashSet::new(),
        };
        population.listed.into_iter().for_each(|item| library.put(item));
        library
    }

    /// Adds an item, or replaces the one that has its id. A new item takes its place among the listed ones, which
    /// all come before the generated ones.
    pub(crate) fn put(&mut self, item: Item) {
        self.removed.remove(&item.id);
        if self.generated_number(&item.id).is_some() {
            self.changed.insert(item.id.clone(), Arc::new(item));
            return;
        }
        let place = place_of(&item);
        if let Some(old) = self.places.insert(item.id.clone(), place.clone()) {
            self.listed.remove(&old);
        }
        self.listed.insert(place, Arc::new(item));
    }

    /// Takes an item away; true if it was there.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let present = self.get(id).is_some();
        if let Some(place) = self.places.remove(id) {
            self.listed.remove(&place);
        }
        if present {
            self.removed.insert(id.to_owned());
        }
        present
    }

    pub(crate) fn set_video_status(&mut self, id: &str, status: VideoStatus) {
        if let Some(found) = self.get(id) {
            let mut item = Item::clone(&found);
            item.kind = Kind::Video(status);
            self.put(item);
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Item>> {
        if self.removed.contains(id) {
            return None;
        }
        match self.places.get(id) {
            Some(place) => self.listed.get(place).map(Arc::clone),
            None => self
                .generated_number(id)
                .map(|number| self.generated_item(number)),
        }
    }

    /// True for an item that was here once and has been taken away.
    pub(crate) fn had(&self, id: &str) -> bool {
        self.removed.contains(id)
    }

    pub(crate) fn len(&self) -> u64 {
        let gone = self
            .removed
            .iter()
            .filter(|id| self.generated_number(id).is_some())
            .count();
        self.listed.len() as u64 + self.generated - gone as u64
    }

    /// Up to `limit` items after the cursor that pass the filter.
    pub(crate) fn stretch(&self, from: &Cursor, limit: usize, keep: &dyn Fn(&Item) -> bool) -> Stretch {
        let mut found: Vec<(Option<u64>, Arc<Item>)> = self
            .after(from)
            .filter(|(_, item)| keep(item))
            .take(limit + 1)
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = match found.last() {
            Some((Some(number), _)) if more => Some(Cursor::Generated(number + 1)),
            Some((None, item)) if more => Some(Cursor::After(place_of(item))),
            _ => None,
        };
        Stretch {
            items: found.into_iter().map(|(_, item)| item).collect(),
            next,
        }
    }

    /// The item just before the cursor, if it is still there.
    pub(crate) fn before(&self, cursor: &Cursor) -> Option<Arc<Item>> {
        match cursor {
            Cursor::Start => None,
            Cursor::After(place) => self.listed.get(place).map(Arc::clone),
            Cursor::Generated(number) => number.checked_sub(1).map(|last| self.generated_item(last)),
        }
    }

    /// All items after the cursor, generated ones with their number.
    fn after(&self, cursor: &Cursor) -> impl Iterator<Item = (Option<u64>, Arc<Item>)> {
        let (from, first) = match cursor {
            Cursor::Start => (Some(Bound::Unbounded), 0),
            Cursor::After(place) => (Some(Bound::Excluded(place.clone())), 0),
            Cursor::Generated(seen) => (None, *seen),
        };
        let listed = from
            .into_iter()
            .flat_map(|from| self.listed.range((from, Bound::Unbounded)));
        let generated = (first..self.generated)
            .map(|number| (Some(number), self.generated_item(number)))
            .filter(|(_, item)| !self.removed.contains(&item.id));
        listed.map(|(_, item)| (None, Arc::clone(item))).chain(generated)
    }

    fn generated_number(&self, id: &str) -> Option<u64> {
        if self.generated == 0 {
            return None;
        }
        number_of(id)?
            .checked_sub(FIRST_GENERATED)
            .filter(|number| *number < self.generated)
    }

    fn generated_item(&self, number: u64) -> Arc<Item> {
        let id = Population::generated_id(number);
        if let Some(item) = self.changed.get(&id) {
            return Arc::clone(item);
        }
        let mut item = (self.make)(number);
        item.id = id;
        Arc::new(item)
    }
}

fn place_of(item: &Item) -> Place {
    let nanos = item
        .taken
        .and_then(|taken| taken.timestamp_nanos_opt())
        .unwrap_or(i64::MIN);
    (Reverse(nanos), item.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(library: &Library, limit: usize) -> Vec<String> {
        let mut cursor = Some(Cursor::Start);
        let mut seen = Vec::new();
        while let Some(at) = cursor {
            let stretch = library.stretch(&at, limit, &|_| true);
            seen.extend(stretch.items.iter().map(|item| item.id.clone()));
            cursor = stretch.next;
        }
        seen
    }

    #[test]
    fn pages_of_any_size_show_every_item_once_and_newest_first() {
        let library = Library::new(vec![Item::photo(1), Item::photo(3), Item::photo(2)].into());
        let newest_first = [3, 2, 1].map(id_of);
        for limit in 1..5 {
            assert_eq!(ids(&library, limit), newest_first);
        }
    }

    #[test]
    fn a_listing_under_way_neither_skips_nor_repeats_when_items_come_and_go() {
        let mut library = Library::new((0..6).map(Item::photo).collect::<Vec<_>>().into());
        let first = library.stretch(&Cursor::Start, 2, &|_| true);
        assert!(library.remove(&id_of(4)) && !library.remove(&id_of(4)));
        library.put(Item::photo(99));
        let rest = library.stretch(&first.next.unwrap(), 9, &|_| true);
        let rest: Vec<_> = rest.items.iter().map(|item| item.id.clone()).collect();
        assert_eq!(rest, [3, 2, 1, 0].map(id_of));
        assert!(library.had(&id_of(4)) && library.get(&id_of(4)).is_none());
        assert_eq!(library.len(), 6);
    }

    #[test]
    fn generated_items_are_found_by_id_changed_and_removed() {
        let mut library = Library::new(Population::generated(10, |k| Item::video(1000 - k)));
        let id = Population::generated_id(3);
        assert_eq!(library.get(&id).unwrap().filename, "VID_0997.mp4");
        library.set_video_status(&id, VideoStatus::Failed);
        assert_eq!(library.get(&id).unwrap().kind, Kind::Video(VideoStatus::Failed));
        assert!(library.remove(&Population::generated_id(4)));
        assert_eq!(ids(&library, 4).len(), 9);
        assert_eq!(library.len(), 9);
        assert!(library.get(&Population::generated_id(10)).is_none());
    }
}
