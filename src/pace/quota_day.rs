//! When Google's daily quotas reset: midnight Pacific time, daylight saving included.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::America::Los_Angeles;

/// A quota day never lasts longer than this; a fallback for times no calendar knows.
const LONGEST_DAY: Duration = Duration::from_hours(25);

/// The Pacific calendar day that `now` belongs to.
pub fn day_of(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&Los_Angeles).date_naive()
}

/// When the quota of `now`'s day is full again.
pub fn reset_after(now: DateTime<Utc>) -> DateTime<Utc> {
    next_midnight(now).unwrap_or(now + LONGEST_DAY)
}

/// How long that is from `now`.
pub fn until_reset(now: DateTime<Utc>) -> Duration {
    (reset_after(now) - now).to_std().unwrap_or(LONGEST_DAY)
}

fn next_midnight(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let tomorrow = day_of(now)
        .checked_add_days(Days::new(1))?
        .and_time(NaiveTime::MIN);
    // Los Angeles changes its clocks at 2 o'clock, so midnight exists exactly once on every day.
    Los_Angeles
        .from_local_datetime(&tomorrow)
        .earliest()
        .map(|midnight| midnight.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn midnight_moves_with_daylight_saving() {
        assert_eq!(
            reset_after(utc("2026-01-10T12:00:00Z")),
            utc("2026-01-11T08:00:00Z")
        );
        assert_eq!(
            reset_after(utc("2026-07-10T12:00:00Z")),
            utc("2026-07-11T07:00:00Z")
        );
    }

    #[test]
    fn the_short_and_the_long_day_have_23_and_25_hours() {
        assert_eq!(until_reset(utc("2026-03-08T08:00:00Z")), Duration::from_hours(23));
        assert_eq!(until_reset(utc("2026-11-01T07:00:00Z")), Duration::from_hours(25));
    }

    #[test]
    fn midnight_itself_begins_the_next_day() {
        assert_eq!(until_reset(utc("2026-01-11T08:00:00Z")), Duration::from_hours(24));
        assert_eq!(day_of(utc("2026-01-11T07:59:59Z")), "2026-01-10".parse().unwrap());
    }
}
