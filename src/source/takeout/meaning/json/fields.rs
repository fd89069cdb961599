//! Fields of JSON objects, read one by one: what has the wrong type is as good as absent.

use serde_json::{Map, Value};

use super::Place;

pub(super) type Fields = Map<String, Value>;

pub(super) fn text(fields: &Fields, key: &str) -> Option<String> {
    fields.get(key)?.as_str().map(str::to_owned)
}

pub(super) fn flag(fields: &Fields, key: &str) -> bool {
    fields.get(key).and_then(Value::as_bool).unwrap_or_default()
}

pub(super) fn object<'a>(fields: &'a Fields, key: &str) -> Option<&'a Fields> {
    fields.get(key)?.as_object()
}

pub(super) fn list<'a>(fields: &'a Fields, key: &str) -> &'a [Value] {
    fields
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The seconds since 1970 of a time, before it negative. Google writes 0 where it does not know, so 0 is none.
pub(super) fn seconds(fields: &Fields, key: &str) -> Option<i64> {
    let time = fields.get(key)?;
    let stamp = time
        .as_object()
        .map_or(Some(time), |time| time.get("timestamp"))?;
    let seconds = match stamp {
        Value::String(digits) => digits.trim().parse().ok()?,
        Value::Number(number) => number.as_i64()?,
        _ => return None,
    };
    (seconds != 0).then_some(seconds)
}

/// A place, if there is one: Google writes both coordinates as 0 where there is none. One alone may well be 0, on
/// the equator or in Greenwich.
pub(super) fn place(fields: &Fields, key: &str) -> Option<Place> {
    let geo = object(fields, key)?;
    let latitude = number(geo, "latitude")?;
    let longitude = number(geo, "longitude")?;
    let altitude = number(geo, "altitude").filter(|metres| *metres != 0.0);
    Place::new(latitude, longitude, altitude)
}

/// Whether the place is there and says that there is none.
pub(super) fn is_nowhere(fields: &Fields, key: &str) -> bool {
    let zero = |name| object(fields, key).and_then(|geo| number(geo, name)) == Some(0.0);
    zero("latitude") && zero("longitude")
}

fn number(fields: &Fields, key: &str) -> Option<f64> {
    match fields.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}
