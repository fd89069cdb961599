//! A library made to collide: few names in few months, equal times, motion photos and videos of the same stem; and
//! what happens to it while it is fetched: newer items that claim names, and times that are edited.

use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use stand_in_google::{Body, Item, StandIn};

/// So many stems share a month; with the months below, some eight of 2,000 items meet in each name.
const STEMS: usize = 40;

/// Months that times are taken from; one lies before 1970.
const MONTHS: [(i32, u32); 6] = [(1969, 12), (2019, 2), (2020, 1), (2020, 2), (2023, 12), (2024, 1)];

/// The sizes of nearly all bodies, in bytes: what matters is how many there are.
const SMALL: RangeInclusive<u64> = 2_000..=12_000;

/// The sizes of the others, which are killed half-way.
const LARGE: RangeInclusive<u64> = 1_000_000..=3_000_000;

/// One in so many is large.
const ONE_LARGE_IN: usize = 60;

/// The pretend user's items, and what will become of them.
pub(crate) struct Population {
    rng: Rng,
    items: Vec<Item>,
}

impl Population {
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let mut population = Self {
            rng: Rng::with_seed(seed),
            items: Vec::new(),
        };
        for _ in 0..count {
            population.invent();
        }
        population
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// Adds up to `most` newer items and edits up to as many, at Google too. Returns what it did, in words.
    pub(crate) fn change(&mut self, google: &StandIn, most: usize) -> String {
        let (new, edited) = (self.rng.usize(0..=most), self.rng.usize(0..=most));
        for _ in 0..new {
            let number = self.invent();
            google.add_item(self.items[number].clone());
        }
        for _ in 0..edited {
            for number in self.edit() {
                google.add_item(self.items[number].clone());
            }
        }
        format!("{new} new, {edited} edited")
    }

    /// Adds an item and returns its number.
    fn invent(&mut self) -> usize {
        let number = self.items.len();
        let name = self.name();
        let taken = self.time_for(&name);
        let item = self.with_bytes(number as u64, &name).named(&name).taken_at(taken);
        self.items.push(item);
        number
    }

    fn name(&mut self) -> String {
        let number = self.rng.usize(0..STEMS);
        match self.rng.u8(0..10) {
            0 => format!("img_{number:04}.JPG"),
            1 => format!("IMG_{number:04}.mp4"),
            2 => format!("IMG_{number:04}.png"),
            _ => format!("IMG_{number:04}.jpg"),
        }
    }

    fn with_bytes(&mut self, number: u64, name: &str) -> Item {
        let range = if self.rng.usize(0..ONE_LARGE_IN) == 0 {
            LARGE
        } else {
            SMALL
        };
        let size = self.rng.u64(range);
        let filled = |mime| Body::Filled {
            mime,
            size,
            seed: number,
        };
        if name.ends_with("mp4") {
            Item::video(number).with_body(filled("video/mp4"))
        } else if name.ends_with("png") {
            Item::photo(number).with_body(filled("image/png"))
        } else if self.rng.u8(0..6) == 0 {
            let seed = number + (1 << 32);
            Item::photo(number)
                .with_body(filled("image/jpeg"))
                .with_clip(Body::Mp4 { size, seed })
        } else {
            Item::photo(number).with_body(filled("image/jpeg"))
        }
    }

    /// Often exactly the time of another item of that name; rarely none at all.
    fn time_for(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let twin = self.items.iter().rev().find(|item| item.filename == name);
        match (self.rng.u8(0..20), twin) {
            (0, _) => None,
            (1..5, Some(twin)) => twin.taken,
            _ => Some(self.time()),
        }
    }

    fn time(&mut self) -> DateTime<Utc> {
        let (year, month) = MONTHS[self.rng.usize(0..MONTHS.len())];
        let first: DateTime<Utc> = format!("{year}-{month:02}-01T00:00:00Z")
            .parse()
            .unwrap_or_default();
        // Every month has 27 days.
        first + TimeDelta::milliseconds(self.rng.i64(0..27 * 86_400_000))
    }

    /// Edits one item's time, or exchanges those of two that share a name; returns whom it concerns.
    fn edit(&mut self) -> Vec<usize> {
        let one = self.rng.usize(0..self.items.len());
        let namesakes: Vec<usize> = (0..self.items.len())
            .filter(|other| *other != one && self.items[*other].filename == self.items[one].filename)
            .collect();
        match self.rng.choice(&namesakes) {
            Some(&other) if self.rng.u8(0..3) == 0 => {
                let taken = self.items[one].taken;
                self.items[one].taken = self.items[other].taken;
                self.items[other].taken = taken;
                vec![one, other]
            }
            _ => {
                self.items[one].taken = Some(self.time());
                vec![one]
            }
        }
    }
}
