//! The layout: the pure function from a set of items to their paths.
//!
//! Who gets which name, and nothing else: no disk, no index, no order of arrival. The names themselves are
//! made by `safe_name`, and compared by `name_key`.
//!
//! Items meet only within a folder (a month) and a family (see `name_key::family_key`), so a library is kept
//! arranged by calling [`arrange`] for the families that gained an item. Within a family, items choose in
//! turn, newest first, each the first of its candidate names that nobody before it has taken. What an item
//! gets therefore depends on newer items and on foreign files alone.

use super::name_key::collision_key;
use super::safe_name::{Names, SafeName};
use chrono::{DateTime, Datelike, Utc};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
#[cfg(test)]
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::fmt::Write;

/// The folder of items without a usable taken time.
pub(crate) const UNDATED: &str = "undated";

/// How many hexadecimal digits of an item's digest each further candidate shows: 32 bits, so that a second
/// one is hardly ever needed.
const DIGITS_PER_CANDIDATE: usize = 8;

/// The last candidate that shows a part of the digest, namely all of its 64 digits.
const LAST_PARTIAL: u64 = 9;

/// What tells items apart that cannot share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Strategy {
    /// The taken time, in hexadecimal nanoseconds since the epoch.
    #[default]
    UnixHex,
    /// The media item's id.
    Id,
}

impl Strategy {
    /// The word for it, as users type it and the index keeps it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::UnixHex => "unixhex",
            Self::Id => "id",
        }
    }
}

/// An item that wants a name. Ids are unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimant {
    pub(crate) id: String,
    pub(crate) name: SafeName,
    pub(crate) taken: Option<DateTime<Utc>>,
}

/// The names an item got, within its folder. The clip's and the edited version's share the stem of the main file's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placement {
    pub(crate) id: String,
    pub(crate) main: String,
    pub(crate) clip: Option<String>,
    pub(crate) edited: Option<String>,
}

#[cfg(test)]
/// Where the files of an item are, relative to the library, separated by `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paths {
    pub(crate) main: String,
    pub(crate) clip: Option<String>,
    pub(crate) edited: Option<String>,
}

impl Claimant {
    /// The folder this item belongs in.
    pub(crate) fn folder(&self) -> String {
        folder(self.taken)
    }

    /// The candidate names, best first: the natural one, the tagged one, and then the tagged one told apart by
    /// ever more of the SHA-256 of the id. The list has no end, and its candidates from the third on differ.
    fn candidates(&self, strategy: Strategy) -> impl Iterator<Item = Names> {
        (0_u64..).map(move |rank| match rank {
            0 => self.name.natural(),
            _ => self
                .name
                .tagged(&self.tag(strategy), &distinction(&self.id, rank)),
        })
    }

    /// An item without a taken time goes by its id, whatever the strategy.
    fn tag(&self, strategy: Strategy) -> String {
        match (strategy, self.taken) {
            (Strategy::UnixHex, Some(taken)) => hex_nanoseconds(taken),
            _ => self.id.clone(),
        }
    }
}

/// `YYYY/MM` in UTC; `undated` without a time, or for a year that four digits cannot express.
pub(crate) fn folder(taken: Option<DateTime<Utc>>) -> String {
    match taken {
        Some(time) if (0..=9999).contains(&time.year()) => format!("{:04}/{:02}", time.year(), time.month()),
        _ => UNDATED.to_owned(),
    }
}

/// The names of all items of one folder and one family, newest first, whatever the order they come in.
///
/// `is_foreign` is asked whether a file that is not the library's own keeps a claimant from a name: such
/// names are not the claimant's to take. Guarantees: no two names of the result collide with each other or
/// with a foreign one, and the newest item keeps its natural name unless a foreign file holds it.
/// Takes O(n log n) time for n claimants.
pub(crate) fn arrange<'a>(
    strategy: Strategy,
    claimants: impl IntoIterator<Item = &'a Claimant>,
    is_foreign: impl Fn(&Claimant, &str) -> bool,
) -> Vec<Placement> {
    let mut queue: Vec<&Claimant> = claimants.into_iter().collect();
    queue.sort_unstable_by_key(|claimant| Reverse((claimant.taken, claimant.id.as_str())));
    let mut taken = HashSet::new();
    let mut place = |claimant: &Claimant| {
        let names = first_free(claimant.candidates(strategy), &mut taken, |name| {
            is_foreign(claimant, name)
        })?;
        Some(Placement {
            id: claimant.id.clone(),
            main: names.main,
            clip: names.companion,
            edited: names.edited,
        })
    };
    // The candidates never run out, so nobody is left without a place.
    queue.into_iter().filter_map(&mut place).collect()
}

#[cfg(test)]
/// The paths of a whole set of items, by id. `is_foreign` is asked as in [`arrange`].
///
/// This is the meaning of [`arrange`], all at once: family by family, in any order, gives the same paths.
pub(crate) fn arrange_all<'a>(
    strategy: Strategy,
    claimants: impl IntoIterator<Item = &'a Claimant>,
    is_foreign: impl Fn(&Claimant, &str) -> bool,
) -> BTreeMap<String, Paths> {
    let mut families: BTreeMap<(String, String), Vec<&Claimant>> = BTreeMap::new();
    for claimant in claimants {
        families
            .entry((claimant.folder(), claimant.name.family()))
            .or_default()
            .push(claimant);
    }
    let place = |((folder, _), members): ((String, String), Vec<&'a Claimant>)| {
        let placements = arrange(strategy, members, &is_foreign);
        placements
            .into_iter()
            .map(move |placement| placement.inside(&folder))
    };
    families.into_iter().flat_map(place).collect()
}

#[cfg(test)]
impl Placement {
    fn inside(self, folder: &str) -> (String, Paths) {
        let path = |name: String| format!("{folder}/{name}");
        (
            self.id,
            Paths {
                main: path(self.main),
                clip: self.clip.map(path),
                edited: self.edited.map(path),
            },
        )
    }
}

/// Takes the first names of which none is taken.
fn first_free(
    mut candidates: impl Iterator<Item = Names>,
    taken: &mut HashSet<String>,
    is_foreign: impl Fn(&str) -> bool,
) -> Option<Names> {
    candidates.find(|names| {
        let keys: Vec<_> = names.all().map(collision_key).collect();
        let is_free = keys.iter().all(|key| !taken.contains(key)) && !names.all().any(&is_foreign);
        if is_free {
            taken.extend(keys);
        }
        is_free
    })
}

/// Nanoseconds since the epoch, in lower-case hexadecimal; before the epoch, a minus and those up to it.
///
/// Unlike the 64-bit count, which ends in 2262, this covers every time there is.
fn hex_nanoseconds(taken: DateTime<Utc>) -> String {
    let nanoseconds =
        i128::from(taken.timestamp()) * 1_000_000_000 + i128::from(taken.timestamp_subsec_nanos());
    let sign = if nanoseconds < 0 { "-" } else { "" };
    format!("{sign}{:x}", nanoseconds.unsigned_abs())
}

/// What is appended to the tag of candidate `rank`: nothing at first, then a growing part of the digest of the
/// id, and when that is used up, digests of id and rank together.
fn distinction(id: &str, rank: u64) -> String {
    match usize::try_from(rank) {
        Ok(0 | 1) => String::new(),
        Ok(few) if rank <= LAST_PARTIAL => {
            let digits = hex(&Sha256::digest(id));
            format!("-{}", &digits[..DIGITS_PER_CANDIDATE * (few - 1)])
        }
        _ => format!(
            "-{}",
            hex(&Sha256::new()
                .chain_update(id)
                .chain_update(rank.to_be_bytes())
                .finalize())
        ),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests;
