//! The XMP sidecar `name.ext.xmp`: what Google Photos knows of an item, where digiKam, Immich, `PhotoPrism`, darktable
//! and Lightroom look for it. The photo itself is never rewritten.
//!
//! Who reads what, by their documentation: description, rating, `exif:DateTimeOriginal`, `exif:GPS*` and
//! `digiKam:TagsList` are what Immich reads; `lr:hierarchicalSubject` serves Lightroom and darktable, `dc:subject` the
//! rest; `fstop:favorite` is the one mark for favourites that `PhotoPrism` knows.

mod write;

use crate::told::{InFile, Place, Precision, Taken, TakenSource};
use write::Document;

/// What is to be said about an item. Texts are as Google gave them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Described<'a> {
    pub(crate) description: &'a str,
    pub(crate) people: &'a [&'a str],
    pub(crate) albums: &'a [&'a str],
    pub(crate) place: Option<Place>,
    pub(crate) taken: Option<Taken>,
    pub(crate) is_favourite: bool,
    pub(crate) is_archived: bool,
    /// What the photo itself says as well. It is repeated where there is a sidecar, but no reason for one.
    pub(crate) in_file: InFile,
}

/// The rating that stands for a favourite, the highest there is.
const FAVOURITE_RATING: &str = "5";

impl Described<'_> {
    /// Whether there is nothing to say that the file does not say itself.
    pub(crate) fn is_empty(self) -> bool {
        let has_words =
            !self.description.trim().is_empty() || !self.people.is_empty() || !self.albums.is_empty();
        let has_marks = self.is_favourite || self.is_archived;
        let has_place = self.place.is_some() && !self.in_file.place;
        let has_date = self.date().is_some() && !self.in_file.time;
        !has_words && !has_marks && !has_place && !has_date
    }

    /// The sidecar's text. The same facts always give the same bytes.
    pub(crate) fn to_xmp(self) -> String {
        let mut document = Document::new(self.is_favourite);
        if !self.description.trim().is_empty() {
            document.language_alternative("dc:description", self.description);
        }
        if let Some(date) = self.date() {
            document.text("exif:DateTimeOriginal", &date);
            document.text("photoshop:DateCreated", &date);
        }
        if let Some(place) = self.place {
            write_place(&mut document, place);
        }
        if self.is_favourite {
            document.text("xmp:Rating", FAVOURITE_RATING);
        }
        let tags = self.tags();
        document.bag("dc:subject", tags.iter().map(|(_, name)| (*name).to_owned()));
        document.bag(
            "Iptc4xmpExt:PersonInImage",
            self.people.iter().map(|&name| name.to_owned()),
        );
        document.sequence("digiKam:TagsList", tags.iter().map(|tag| path(tag, "/")));
        document.bag("lr:hierarchicalSubject", tags.iter().map(|tag| path(tag, "|")));
        document.finish()
    }

    /// The tags, each with the branch it belongs to.
    fn tags(&self) -> Vec<(&'static str, &str)> {
        let people = self.people.iter().map(|name| ("People", *name));
        let albums = self.albums.iter().map(|name| ("Albums", *name));
        let archived = self.is_archived.then_some(("Google Photos", "Archived"));
        people
            .chain(albums)
            .chain(archived)
            .filter(|(_, name)| !name.trim().is_empty())
            .collect()
    }

    /// The date, unless the file itself told it, or it is no more than a year.
    fn date(&self) -> Option<String> {
        let taken = self.taken?;
        let is_news = !matches!(taken.source, TakenSource::File | TakenSource::Folder);
        is_news.then(|| date(&taken))
    }
}

/// Branch and name of a tag; what separates branches is no part of a name.
fn path((branch, name): &(&str, &str), separator: &str) -> String {
    let name = name.replace(separator, "-");
    format!("{branch}{separator}{name}")
}

/// `2019-06-08T12:34:56+02:00`; in UTC where the offset is not known, without zone where not even that.
fn date(taken: &Taken) -> String {
    let fraction = if taken.utc.timestamp_subsec_nanos() == 0 {
        ""
    } else {
        "%.3f"
    };
    let format = match taken.precision {
        Precision::Second => format!("%Y-%m-%dT%H:%M:%S{fraction}"),
        Precision::Day | Precision::Year => "%Y-%m-%d".to_owned(),
    };
    let local = taken.local().unwrap_or(taken.utc.naive_utc());
    let zone = match taken.offset {
        Some(offset) => zone(offset),
        None if taken.is_instant && taken.precision == Precision::Second => "Z".to_owned(),
        None => String::new(),
    };
    format!("{}{zone}", local.format(&format))
}

fn zone(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn write_place(document: &mut Document, place: Place) {
    document.text("exif:GPSLatitude", &minutes(place.latitude(), ["N", "S"]));
    document.text("exif:GPSLongitude", &minutes(place.longitude(), ["E", "W"]));
    if let Some(altitude) = place.altitude() {
        let is_below = altitude < 0.0;
        document.text("exif:GPSAltitudeRef", if is_below { "1" } else { "0" });
        document.text("exif:GPSAltitude", &format!("{:.0}/100", altitude.abs() * 100.0));
    }
}

/// Degrees as XMP has them: `48,51.504000N`. Six digits of a minute are two millimetres.
fn minutes(degrees: f64, [positive, negative]: [&str; 2]) -> String {
    const MILLIONTHS: f64 = 60.0 * 1e6;
    let millionths = (degrees.abs() * MILLIONTHS).round();
    let whole = (millionths / MILLIONTHS).floor();
    let minutes = (millionths - whole * MILLIONTHS) / 1e6;
    let side = if degrees < 0.0 { negative } else { positive };
    format!("{whole},{minutes:.6}{side}")
}

#[cfg(test)]
mod tests;
