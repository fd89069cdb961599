//! What is kept in memory of each sidecar while an export is put together: little, for there may be half a million.
//! Long texts are left where they are, and read again when they are needed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::json::{Marks, Origin, Place, Sidecar};

/// A sidecar's facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    /// The name under which the item was uploaded.
    pub(crate) title: Option<Box<str>>,
    /// `photoTakenTime`, in seconds since 1970.
    pub(crate) taken: Option<i64>,
    /// The place to keep, see [`Sidecar::place`].
    pub(crate) place: Option<Place>,
    /// The place in the file, to recognise the file by.
    pub(crate) file_place: Option<Place>,
    /// Numbers of [`People`], in ascending order.
    pub(crate) people: Box<[u32]>,
    /// How long the description is, in bytes.
    pub(crate) description_bytes: u32,
    pub(crate) marks: Marks,
    pub(crate) origin: Option<Origin>,
    /// Stands for the address of the item, which is the same for the copies of one item.
    pub(crate) url: Option<u64>,
}

impl Facts {
    /// Keeps what is needed of a sidecar.
    pub(crate) fn of(sidecar: &Sidecar, people: &mut People) -> Self {
        Self {
            title: sidecar.title.as_deref().map(Box::from),
            taken: sidecar.taken,
            place: sidecar.place(),
            file_place: sidecar.file_place,
            people: people.numbers(&sidecar.people),
            description_bytes: u32::try_from(sidecar.description.len()).unwrap_or(u32::MAX),
            marks: sidecar.marks,
            origin: sidecar.origin,
            url: sidecar.url.as_deref().map(fingerprint),
        }
    }
}

/// Texts are equal if their fingerprints are, but for one chance in 10^19 a pair.
pub(super) fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The names of all people of an export, each held once.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl People {
    fn numbers(&mut self, names: &[String]) -> Box<[u32]> {
        let mut numbers: Vec<u32> = names.iter().map(|name| self.number(name)).collect();
        numbers.sort_unstable();
        numbers.into()
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    /// The names behind these numbers, in alphabetical order.
    pub(crate) fn names(&self, numbers: &[u32]) -> Vec<&str> {
        let mut names: Vec<&str> = numbers
            .iter()
            .filter_map(|number| self.names.get(*number as usize))
            .map(|name| &**name)
            .collect();
        names.sort_unstable();
        names
    }
}
