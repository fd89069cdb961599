//! Keeps what was expensive to make: pictures are encoded once and shared by all requests.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bytes::Bytes;

use crate::locking::held;

/// How many pieces are kept before the store is emptied and begun anew; at some 100 kB each, a few tens of
/// megabytes at the worst.
const CAPACITY: usize = 256;

#[derive(Debug)]
pub(crate) struct Press<K> {
    made: Mutex<BTreeMap<K, Bytes>>,
}

impl<K: Ord> Press<K> {
    pub(crate) const fn new() -> Self {
        Self {
            made: Mutex::new(BTreeMap::new()),
        }
    }

    pub(crate) fn get_or_make(&self, key: K, make: impl FnOnce() -> Bytes) -> Bytes {
        if let Some(found) = held(&self.made).get(&key) {
            return found.clone();
        }
        let fresh = make();
        let mut store = held(&self.made);
        if store.len() >= CAPACITY {
            store.clear();
        }
        store.insert(key, fresh.clone());
        fresh
    }
}
