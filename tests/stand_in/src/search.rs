//! `mediaItems.search`: which combinations of filters Google takes, and those that can be applied to pretend items
//! (time, photo or video). Content categories and favourites are checked but select nothing, since pretend items
//! show nothing and are nobody's favourites.

use chrono::{Datelike, Utc};
use serde_json::{Map, Value};

use crate::answer::{Answer, Refused};
use crate::asked::Asked;
use crate::chance::stable_hash;
use crate::envelope;
use crate::google::Google;
use crate::item::{Item, Kind};
use crate::library_api::{lawful_page_size, listed, position};

/// The most dates, and the most ranges, of a date filter.
const MOST_DATES: usize = 5;

/// The most categories on either side of a content filter.
const MOST_CATEGORIES: usize = 10;

pub(crate) fn search(google: &Google, asked: &Asked) -> Result<Answer, Refused> {
    if !asked.is_post() {
        return Err(envelope::method_not_allowed().into());
    }
    let body = body_of(asked)?;
    only(&body, &["albumId", "pageSize", "pageToken", "filters", "orderBy"])?;
    let filters = Filters::read(&body)?;
    let size = lawful_page_size(integer(&body, "pageSize")?.unwrap_or(0), 25, 100)?;
    let mut listing = body.clone();
    listing.remove("pageToken");
    let listing = stable_hash(&format!("search {}", Value::Object(listing)));
    let position = position(google, listing, body.get("pageToken").and_then(Value::as_str))?;
    Ok(listed(google, &position, size, &|item| filters.keep(item)))
}

fn wrong(message: &str) -> Refused {
    envelope::invalid_argument(message).into()
}

fn body_of(asked: &Asked) -> Result<Map<String, Value>, Refused> {
    if asked.body.is_empty() {
        return Ok(Map::new());
    }
    if !asked.has_type("application/json") {
        return Err(wrong(
            "Invalid JSON payload received: the request body must be application/json.",
        ));
    }
    match serde_json::from_slice(&asked.body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(wrong("Invalid JSON payload received.")),
    }
}

/// Refuses fields other than these.
fn only(object: &Map<String, Value>, names: &[&str]) -> Result<(), Refused> {
    match object.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) => Err(wrong(&format!(
            "Invalid JSON payload received. Unknown name \"{key}\": Cannot find field."
        ))),
        None => Ok(()),
    }
}

fn integer(object: &Map<String, Value>, name: &str) -> Result<Option<i64>, Refused> {
    match object.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_i64()
            .map(Some)
            .ok_or_else(|| wrong(&format!("Invalid value at '{name}'."))),
    }
}

fn list<'a>(object: &'a Value, name: &str, most: usize) -> Result<&'a [Value], Refused> {
    match object.get(name) {
        None => Ok(&[]),
        Some(Value::Array(values)) if values.len() <= most => Ok(values),
        Some(_) => Err(wrong(&format!("'{name}' must be a list of at most {most}."))),
    }
}

/// Year, month, day; 0 stands for any.
type Date = [i64; 3];

#[derive(Debug, Default)]
struct Filters {
    none: bool,
    wants: Option<Wants>,
    dates: Vec<Date>,
    ranges: Vec<(Date, Date)>,
}

#[derive(Debug, PartialEq)]
enum Wants {
    Photos,
    Videos,
}

impl Filters {
    fn read(body: &Map<String, Value>) -> Result<Self, Refused> {
        let album = body
            .get("albumId")
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty());
        match (album, body.get("filters")) {
            (Some(_), Some(_)) => Err(wrong("The album ID cannot be set if filters are used.")),
            (Some(_), None) => Err(wrong("Invalid album ID.")),
            (None, None) if body.contains_key("orderBy") => Err(wrong("orderBy needs a date filter.")),
            (None, None) => Ok(Self::default()),
            (None, Some(Value::Object(filters))) => Self::of(filters, body.get("orderBy")),
            (None, Some(_)) => Err(wrong("Invalid value at 'filters'.")),
        }
    }

    fn of(filters: &Map<String, Value>, order: Option<&Value>) -> Result<Self, Refused> {
        const PLAIN: [&str; 3] = ["dateFilter", "includeArchivedMedia", "excludeNonAppCreatedData"];
        only(
            filters,
            &[&PLAIN[..], &["contentFilter", "mediaTypeFilter", "featureFilter"]].concat(),
        )?;
        if order.is_some() && (only(filters, &PLAIN).is_err() || !filters.contains_key("dateFilter")) {
            return Err(wrong("orderBy can only be used with a date filter and no other."));
        }
        let mut read = Self::default();
        read.content(filters.get("contentFilter"))?;
        read.features(filters.get("featureFilter"))?;
        read.media_type(filters.get("mediaTypeFilter"))?;
        read.date(filters.get("dateFilter"))?;
        Ok(read)
    }

    fn content(&mut self, filter: Option<&Value>) -> Result<(), Refused> {
        let Some(filter) = filter else { return Ok(()) };
        let included = list(filter, "includedContentCategories", MOST_CATEGORIES)?;
        list(filter, "excludedContentCategories", MOST_CATEGORIES)?;
        self.none |= included.iter().any(|category| category != "NONE");
        Ok(())
    }

    fn features(&mut self, filter: Option<&Value>) -> Result<(), Refused> {
        let Some(filter) = filter else { return Ok(()) };
        let features = list(filter, "includedFeatures", 1)?;
        self.none |= features.iter().any(|feature| feature == "FAVORITES");
        Ok(())
    }

    fn media_type(&mut self, filter: Option<&Value>) -> Result<(), Refused> {
        let Some(filter) = filter else { return Ok(()) };
        self.wants = match list(filter, "mediaTypes", 1)? {
            [kind] if kind == "ALL_MEDIA" => None,
            [kind] if kind == "PHOTO" => Some(Wants::Photos),
            [kind] if kind == "VIDEO" => Some(Wants::Videos),
            _ => return Err(wrong("Exactly one media type must be given.")),
        };
        Ok(())
    }

    fn date(&mut self, filter: Option<&Value>) -> Result<(), Refused> {
        let Some(filter) = filter else { return Ok(()) };
        for value in list(filter, "dates", MOST_DATES)? {
            self.dates.push(date(Some(value))?);
        }
        for value in list(filter, "ranges", MOST_DATES)? {
            let (start, end) = (date(value.get("startDate"))?, date(value.get("endDate"))?);
            if start.map(|part| part == 0) != end.map(|part| part == 0) || start > end {
                return Err(wrong(
                    "Both ends of a date range must have the same precision and be in order.",
                ));
            }
            self.ranges.push((start, end));
        }
        Ok(())
    }

    fn keep(&self, item: &Item) -> bool {
        let kind = match self.wants {
            None => true,
            Some(Wants::Photos) => item.kind == Kind::Photo,
            Some(Wants::Videos) => item.kind != Kind::Photo,
        };
        kind && !self.none && self.keeps_time(item)
    }

    fn keeps_time(&self, item: &Item) -> bool {
        if self.dates.is_empty() && self.ranges.is_empty() {
            return true;
        }
        let taken = item.taken.unwrap_or(chrono::DateTime::<Utc>::UNIX_EPOCH);
        let day = [
            i64::from(taken.year()),
            i64::from(taken.month()),
            i64::from(taken.day()),
        ];
        self.dates.iter().any(|date| masked(day, *date) == *date)
            || self
                .ranges
                .iter()
                .any(|(start, end)| masked(day, *start) >= *start && masked(day, *end) <= *end)
    }
}

/// The day with 0 wherever the pattern has 0.
fn masked(day: Date, pattern: Date) -> Date {
    std::array::from_fn(|part| if pattern[part] == 0 { 0 } else { day[part] })
}

fn date(value: Option<&Value>) -> Result<Date, Refused> {
    let object = value
        .and_then(Value::as_object)
        .ok_or_else(|| wrong("Invalid date."))?;
    only(object, &["year", "month", "day"])?;
    let part = |name| integer(object, name).map(Option::unwrap_or_default);
    let date = [part("year")?, part("month")?, part("day")?];
    let lawful = (0..=9999).contains(&date[0]) && (0..=12).contains(&date[1]) && (0..=31).contains(&date[2]);
    if lawful && date != [0; 3] {
        Ok(date)
    } else {
        Err(wrong("Invalid date."))
    }
}
