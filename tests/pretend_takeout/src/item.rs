//! The items of a pretend account.

use crate::media::{Format, Snapshot};
use crate::naming::split;
use crate::titles::{Shape, Title};

/// Years that items are of: a few before Unix's own time, most of these years.
const FIRST_YEAR_SECONDS: i64 = 946_684_800;
const SPAN_SECONDS: i64 = 820_000_000;

/// Where an item lies apart from albums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    Year,
    Archive,
    Trash,
    Locked,
    Failed,
}

/// What the sidecar says about the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    At(i64),
    /// The user corrected the date in Google Photos: the file has another.
    Corrected(i64),
    Zero,
    Missing,
}

/// Who made an edited version, which has no sidecar of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edited {
    /// The user, once.
    Once,
    /// The user; the number of the version is not its original's.
    Again,
    /// Google, and it put this word behind the name in every language.
    ByGoogle(&'static str),
}

/// How a sidecar is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `photo.jpg.supplemental-metadata.json`, as since 2024.
    New,
    /// `photo.jpg.json`.
    Old,
    /// `photo.json`, as rarely and long ago.
    Bare,
}

/// How an item came to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Web,
    Partner,
}

/// The second file of a live or motion photo.
#[derive(Clone, Debug)]
pub(crate) struct Second {
    pub(crate) ending: &'static str,
    pub(crate) format: Format,
    /// The photo it belongs to is not in the export.
    pub(crate) is_alone: bool,
}

/// One item.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) title: Title,
    pub(crate) shape: Shape,
    pub(crate) home: Home,
    pub(crate) taken: i64,
    pub(crate) stated: Stated,
    pub(crate) snapshot: Snapshot,
    pub(crate) edited: Option<Edited>,
    pub(crate) second: Option<Second>,
    /// None: it has no sidecar.
    pub(crate) sidecar: Option<Style>,
    pub(crate) has_media: bool,
    pub(crate) description: String,
    pub(crate) people: Vec<&'static str>,
    pub(crate) is_favourite: bool,
    pub(crate) origin: Origin,
    pub(crate) albums: Vec<usize>,
}

/// Draws items.
pub(crate) struct Draw<'a> {
    pub(crate) dice: &'a mut fastrand::Rng,
    pub(crate) bytes_each: u64,
    pub(crate) albums: usize,
    /// Of a thousand sidecars, how many are of the newer kind.
    pub(crate) new_sidecars: u32,
}

impl Item {
    /// Whether the file tells what its sidecar tells of its time.
    pub(crate) fn is_told_by_its_file(&self) -> bool {
        matches!(self.stated, Stated::At(_))
            && self.snapshot.taken.is_some()
            && self.title.format != Format::Gif
    }
}

impl Draw<'_> {
    fn one_in(&mut self, many: u32) -> bool {
        self.dice.u32(0..many) == 0
    }

    pub(crate) fn item(&mut self, number: u32) -> Item {
        let taken = self.time();
        // Of those that collide, both of a pair have to be there, and of one kind.
        let shape = Shape::drawn(self.dice);
        let title = shape.title(number, taken, self.dice);
        let sidecar = (!self.one_in(200)).then(|| self.style());
        let stated = self.stated(taken, sidecar.is_some());
        let second = self.second(&title);
        let home = self.home(title.format);
        let albums = self.memberships(home);
        // By some days, minutes and seconds, which no zone explains.
        let is_corrected = matches!(stated, Stated::Corrected(_));
        let recorded = if is_corrected { taken - 5_000_507 } else { taken };
        Item {
            snapshot: self.snapshot(number, recorded, stated, second.is_some()),
            shape,
            home,
            taken,
            stated,
            edited: if second.is_none() && is_still(title.format) {
                self.edited()
            } else {
                None
            },
            second,
            sidecar,
            has_media: sidecar.is_none() || home != Home::Year || !self.one_in(300),
            description: self.description(),
            people: if self.one_in(4) {
                vec!["Ada", "Grace & Co"]
            } else {
                Vec::new()
            },
            is_favourite: self.one_in(12),
            origin: if self.one_in(40) {
                Origin::Partner
            } else {
                Origin::Web
            },
            albums,
            title,
        }
    }

    fn style(&mut self) -> Style {
        if self.dice.u32(0..1000) < self.new_sidecars {
            Style::New
        } else if self.one_in(50) {
            Style::Bare
        } else {
            Style::Old
        }
    }

    fn edited(&mut self) -> Option<Edited> {
        let word = ["EFFECTS", "SMILE", "MIX"][self.dice.usize(0..3)];
        match self.dice.u32(0..400) {
            0..18 => Some(Edited::Once),
            18..20 => Some(Edited::Again),
            20..23 => Some(Edited::ByGoogle(word)),
            _ => None,
        }
    }

    fn time(&mut self) -> i64 {
        if self.one_in(500) {
            // Scanned, from the fifties and sixties.
            return -self.dice.i64(1..600_000_000);
        }
        FIRST_YEAR_SECONDS + self.dice.i64(0..SPAN_SECONDS)
    }

    fn stated(&mut self, taken: i64, has_sidecar: bool) -> Stated {
        match self.dice.u32(0..400) {
            _ if !has_sidecar => Stated::Missing,
            0 => Stated::Zero,
            1 => Stated::Missing,
            2..7 => Stated::Corrected(taken),
            _ => Stated::At(taken),
        }
    }

    fn snapshot(&mut self, number: u32, taken: i64, stated: Stated, has_second: bool) -> Snapshot {
        let needs_file = matches!(stated, Stated::Zero | Stated::Missing);
        // Films and scans from before 1970 have no time of their own that their formats could hold.
        let says_time = taken >= 0 && (needs_file || !self.one_in(10));
        Snapshot {
            seed: u64::from(number),
            size: self.size(),
            taken: says_time.then_some(taken),
            offset_minutes: [0, 60, 120, -300, 330, 540][self.dice.usize(0..6)],
            tells_offset: needs_file || self.dice.bool(),
            place: self
                .dice
                .bool()
                .then(|| (self.dice.f64() * 160.0 - 80.0, self.dice.f64() * 340.0 - 170.0)),
            identifier: has_second
                .then(|| format!("{number:08X}-0000-4000-8000-{:012X}", taken.unsigned_abs())),
        }
    }

    /// Most are small and a few are large, with the wished mean.
    fn size(&mut self) -> u64 {
        let mean = self.bytes_each.max(1);
        if self.one_in(20) {
            self.dice.u64(0..mean * 20)
        } else {
            self.dice.u64(0..mean) + mean / 20
        }
    }

    fn second(&mut self, title: &Title) -> Option<Second> {
        let (is_live, is_alone) = (self.one_in(4), self.one_in(60));
        let clip = |ending, format| {
            let is_alone = is_alone && title.format == Format::Heic;
            Some(Second {
                ending,
                format,
                is_alone,
            })
        };
        match (title.format, title.ending.as_str(), split(&title.stem).1) {
            (Format::Heic, ..) if is_live => clip(".MP4", Format::Mp4),
            (Format::Jpeg, ".JPG", _) if is_live => clip(".MOV", Format::Mov),
            (Format::Jpeg, ".jpg", ".MP") => clip(".MP", Format::Mp4),
            (Format::Jpeg, ".jpg", ".MP~2") => clip(".MP~2", Format::Mp4),
            (Format::Jpeg, ".jpg", "") if title.stem.starts_with("MVIMG_") => {
                clip(["", ".mvimg"][self.dice.usize(0..2)], Format::Mp4)
            }
            _ => None,
        }
    }

    fn home(&mut self, format: Format) -> Home {
        match self.dice.u32(0..200) {
            0..4 => Home::Archive,
            4..8 => Home::Trash,
            8 => Home::Locked,
            9 if !is_still(format) => Home::Failed,
            _ => Home::Year,
        }
    }

    fn memberships(&mut self, home: Home) -> Vec<usize> {
        let count = match self.dice.u32(0..20) {
            _ if self.albums == 0 || home != Home::Year => 0,
            0 => 2,
            1..4 => 1,
            _ => 0,
        };
        let mut albums: Vec<_> = (0..count).map(|_| self.dice.usize(0..self.albums)).collect();
        albums.sort_unstable();
        albums.dedup();
        albums
    }

    fn description(&mut self) -> String {
        if self.one_in(8) {
            "Fish & chips at Sally's <pier>\nsecond line = more".to_owned()
        } else {
            String::new()
        }
    }
}

pub(crate) const fn is_still(format: Format) -> bool {
    !matches!(format, Format::Mp4 | Format::Mov)
}
