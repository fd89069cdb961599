//! What a source can tell about an item and its albums besides name, kind and time.

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::library::ItemKey;
use crate::library::sniff::Misnamed;
use crate::media::Role;

/// All that a source tells about one item. What is empty says nothing, and never takes away what was told before.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// As the user wrote it; may have several lines.
    pub(crate) description: String,
    pub(crate) people: Vec<String>,
    pub(crate) place: Option<Place>,
    pub(crate) marks: Marks,
    /// It came from the library of a partner.
    pub(crate) is_partners: bool,
    /// Who says when it was taken, and how exactly; the instant itself is the item's.
    pub(crate) time: Option<TimeKnown>,
    /// Time and place stand in the photo itself, as they are told here.
    pub(crate) in_file: InFile,
    /// Where its files come from.
    pub(crate) origins: Vec<FileOrigin>,
    /// What was seen of files that were looked into: whether they are what they are called.
    pub(crate) misnamed: Vec<(Role, Option<Misnamed>)>,
}

/// What the photo itself says, so that no sidecar has to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InFile {
    pub(crate) time: bool,
    pub(crate) place: bool,
}

/// How the time of an item is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeKnown {
    pub(crate) source: TakenSource,
    pub(crate) precision: Precision,
    /// How far the local clock was ahead of UTC, in seconds, if that is known.
    pub(crate) offset: Option<i32>,
    /// Whether it is an instant, and not a clock of unknown zone.
    pub(crate) is_instant: bool,
}

impl TimeKnown {
    /// The time of an item that was taken at `utc`.
    pub(crate) const fn at(self, utc: DateTime<Utc>) -> Taken {
        Taken {
            utc,
            offset: self.offset,
            source: self.source,
            precision: self.precision,
            is_instant: self.is_instant,
        }
    }
}

impl From<&Taken> for TimeKnown {
    fn from(taken: &Taken) -> Self {
        Self {
            source: taken.source,
            precision: taken.precision,
            offset: taken.offset,
            is_instant: taken.is_instant,
        }
    }
}

/// Where a file of an item comes from, and what ties it to its sidecar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileOrigin {
    pub(crate) role: Role,
    pub(crate) entry: Entry,
    /// The sidecar that tells of it.
    pub(crate) sidecar: Option<Entry>,
    /// By which rule they belong together, to stand after "by".
    pub(crate) rule: String,
    /// How sure that is, in a word or two.
    pub(crate) certainty: String,
}

/// A file in a part of an export.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The name of the archive or folder.
    pub(crate) part: String,
    /// The path in it, below `Takeout/` if there is such a folder, separated by `/`.
    pub(crate) path: String,
}

/// All that a source tells about one album.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AlbumTold {
    /// What tells it from the source's other albums of the same title, such as its folder's name. Another export of
    /// the same account may call it otherwise.
    pub(crate) key: String,
    /// Empty for an album without a name.
    pub(crate) title: String,
    pub(crate) description: String,
    /// When it was made, or its first item was taken; in seconds since 1970.
    pub(crate) date: Option<i64>,
    /// `protected`, `shared`, or empty.
    pub(crate) access: String,
    pub(crate) location: String,
    /// The texts that the user put between the photos.
    pub(crate) narratives: Vec<String>,
    /// The places that the user put between the photos.
    pub(crate) locations: Vec<String>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) members: Vec<ItemKey>,
}

/// Where something was taken. Coordinates are kept in units of 1e-7 degrees, about a centimetre: finer than
/// any camera, and half the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    latitude: i32,
    longitude: i32,
    /// In centimetres; `i32::MIN` when not known.
    altitude: i32,
}

/// Units of coordinates in a degree.
const PER_DEGREE: f64 = 1e7;

/// The deepest and highest place that is believed, in metres: beyond the deepest sea and any airliner.
const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=100_000.0;

impl Place {
    /// The place of these degrees, if they are on Earth and not both zero, which stands for none.
    pub(crate) fn new(latitude: f64, longitude: f64, altitude: Option<f64>) -> Option<Self> {
        let is_on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        if !is_on_earth || (latitude == 0.0 && longitude == 0.0) {
            return None;
        }
        let altitude = altitude.filter(|metres| ALTITUDES.contains(metres));
        Some(Self {
            latitude: units(latitude * PER_DEGREE),
            longitude: units(longitude * PER_DEGREE),
            altitude: altitude.map_or(i32::MIN, |metres| units(metres * 100.0)),
        })
    }

    /// The place of these numbers, see [`Place::units`].
    pub(crate) const fn of_units((latitude, longitude, altitude): (i32, i32, Option<i32>)) -> Self {
        let altitude = match altitude {
            Some(altitude) => altitude,
            None => i32::MIN,
        };
        Self {
            latitude,
            longitude,
            altitude,
        }
    }

    /// Latitude and longitude in units of 1e-7 degrees, and the altitude in centimetres.
    pub(crate) const fn units(self) -> (i32, i32, Option<i32>) {
        let altitude = if self.altitude == i32::MIN {
            None
        } else {
            Some(self.altitude)
        };
        (self.latitude, self.longitude, altitude)
    }

    /// Degrees north of the equator.
    pub(crate) fn latitude(self) -> f64 {
        f64::from(self.latitude) / PER_DEGREE
    }

    /// Degrees east of Greenwich.
    pub(crate) fn longitude(self) -> f64 {
        f64::from(self.longitude) / PER_DEGREE
    }

    /// Metres above the sea.
    pub(crate) fn altitude(self) -> Option<f64> {
        (self.altitude != i32::MIN).then(|| f64::from(self.altitude) / 100.0)
    }

    /// Whether both are the same spot, as far as a camera and Google may round it: within about ten metres.
    pub(crate) fn is_near(self, other: Self) -> bool {
        const ABOUT_TEN_METRES: u32 = 1_000;
        self.latitude.abs_diff(other.latitude) <= ABOUT_TEN_METRES
            && self.longitude.abs_diff(other.longitude) <= ABOUT_TEN_METRES
    }
}

/// The callers hand in numbers within the range of `i32`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "coordinates and altitudes were checked"
)]
fn units(number: f64) -> i32 {
    number.round() as i32
}

/// What the user, or Google, marked an item with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the marks are independent of each other"
)]
pub(crate) struct Marks {
    pub(crate) favourite: bool,
    pub(crate) archived: bool,
    pub(crate) trashed: bool,
    pub(crate) locked: bool,
}

/// A comment below a shared album.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) written: Option<i64>,
    pub(crate) liked: bool,
}

/// How exact a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    Year,
    Day,
    Second,
}

/// Who says when a photo was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TakenSource {
    /// `photoTakenTime` of the sidecar, which carries the user's own corrections.
    Sidecar,
    File,
    Name,
    Folder,
}

impl TakenSource {
    /// The word shown in JSON.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sidecar => "sidecar",
            Self::File => "file",
            Self::Name => "name",
            Self::Folder => "folder",
        }
    }
}

/// When a photo was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The instant. Where only a clock is known and not its zone, the clock is read as UTC.
    pub(crate) utc: DateTime<Utc>,
    /// How far the local clock was ahead of UTC, in seconds, if that is known.
    pub(crate) offset: Option<i32>,
    pub(crate) source: TakenSource,
    pub(crate) precision: Precision,
    /// Whether `utc` is an instant, and not a clock of unknown zone.
    pub(crate) is_instant: bool,
}

impl Taken {
    /// The local time, if the offset is known.
    pub(crate) fn local(&self) -> Option<NaiveDateTime> {
        let offset = chrono::TimeDelta::seconds(self.offset?.into());
        self.utc.naive_utc().checked_add_signed(offset)
    }
}
