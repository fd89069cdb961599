//! How numbers look wherever a person reads them: thousands separators, decimal units, short durations.
//!
//! Sizes are decimal (1 kB = 1,000 B) everywhere, as in file managers and on disk labels.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};

/// Turns an instant into the wall clock of the person who reads it.
pub type LocalClock = fn(DateTime<Utc>) -> DateTime<FixedOffset>;

/// Decimal units; 2⁶⁴ bytes are 18 EB, so the list never runs out.
const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/// Below this much of a wait, a clock time without seconds would seem to lie in the past.
const SECONDS_MATTER: Duration = Duration::from_mins(10);

/// `1234567` as `1,234,567`.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count and its noun: `1 item`, `2,400 items`.
pub(crate) fn counted(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// Bytes with three digits at most: `999 B`, `1.2 kB`, `34.5 MB`, `812 MB`.
pub(crate) fn bytes(n: u64) -> String {
    let unit = unit_for(n);
    format!("{} {}", in_unit(n, unit), UNITS[unit])
}

/// Part of a size, in the unit of the whole: `3.4/5.1 MB`.
pub(crate) fn bytes_of(part: u64, whole: u64) -> String {
    let unit = unit_for(whole);
    format!("{}/{} {}", in_unit(part, unit), in_unit(whole, unit), UNITS[unit])
}

/// Bytes per second.
pub(crate) fn rate(per_second: u64) -> String {
    format!("{}/s", bytes(per_second))
}

/// The unit in which `n`, rounded, has at most three digits before the point.
fn unit_for(n: u64) -> usize {
    (0..UNITS.len())
        .find(|&unit| whole_units(n, unit) < 1000)
        .unwrap_or(UNITS.len() - 1)
}

fn in_unit(n: u64, unit: usize) -> String {
    let tenths = tenths(n, unit);
    if unit == 0 || tenths >= 1000 {
        whole_units(n, unit).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

fn tenths(n: u64, unit: usize) -> u128 {
    rounded(u128::from(n) * 10, unit)
}

fn whole_units(n: u64, unit: usize) -> u128 {
    rounded(u128::from(n), unit)
}

fn rounded(n: u128, unit: usize) -> u128 {
    let size = UNITS[..unit].iter().fold(1, |size, _| size * 1000_u128);
    (n + size / 2) / size
}

/// How long something took: `0.4 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
pub(crate) fn duration(d: Duration) -> String {
    if d < Duration::from_secs(10) {
        let tenths = (d.as_millis() + 50) / 100;
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    two_units(d.as_secs())
}

/// How long something still takes: whole seconds, rounded up, so that it reaches zero when it is over.
pub(crate) fn countdown(d: Duration) -> String {
    two_units(d.as_secs() + u64::from(d.subsec_nanos() > 0))
}

/// An estimate, without more digits than it deserves: `42 s`, `4 min`, `2 h 10 min`.
pub(crate) fn estimate(d: Duration) -> String {
    let secs = d.as_secs();
    match secs {
        0..10 => format!("{secs} s"),
        10..60 => format!("{} s", secs / 5 * 5),
        60..3600 => format!("{} min", (secs + 30) / 60),
        _ => two_units((secs + 150) / 300 * 300),
    }
}

fn two_units(secs: u64) -> String {
    let (large, small) = match secs {
        0..60 => ((secs, "s"), (0, "")),
        60..3600 => ((secs / 60, "min"), (secs % 60, "s")),
        3600..86_400 => ((secs / 3600, "h"), (secs % 3600 / 60, "min")),
        _ => ((secs / 86_400, "d"), (secs % 86_400 / 3600, "h")),
    };
    if small.0 == 0 {
        format!("{} {}", large.0, large.1)
    } else {
        format!("{} {} {} {}", large.0, large.1, small.0, small.1)
    }
}

/// Time since the start, for the margin of a log: `0:07`, `12:34`, `1:02:03`.
pub(crate) fn stopwatch(d: Duration) -> String {
    let secs = d.as_secs();
    let (hours, minutes, seconds) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours == 0 {
        format!("{minutes}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// The wall-clock time at which a wait of `left` ends: `09:00`, or `14:03:20` when it is near.
pub(crate) fn clock_time(until: DateTime<FixedOffset>, left: Duration) -> String {
    let form = if left < SECONDS_MATTER {
        "%H:%M:%S"
    } else {
        "%H:%M"
    };
    until.format(form).to_string()
}

/// Whole percent, rounded down, so that 100 means all of it.
pub(crate) fn percent(part: u64, whole: u64) -> u64 {
    let percent = (u128::from(part) * 100)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    u64::try_from(percent.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators() {
        let shown: Vec<_> = [0, 7, 999, 1000, 12_345, 1_234_567].map(count).into();
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(counted(1, "item"), "1 item");
        assert_eq!(counted(1_000, "item"), "1,000 items");
    }

    #[test]
    fn bytes_never_show_four_digits() {
        let sizes = [
            0,
            999,
            1_000,
            1_249,
            99_949,
            99_951,
            999_499,
            999_500,
            5_130_000,
            12_300_000_000,
        ];
        let shown: Vec<_> = sizes.map(bytes).into();
        assert_eq!(
            shown,
            [
                "0 B", "999 B", "1.0 kB", "1.2 kB", "99.9 kB", "100 kB", "999 kB", "1.0 MB", "5.1 MB",
                "12.3 GB"
            ]
        );
        assert_eq!(bytes(u64::MAX), "18.4 EB");
    }

    #[test]
    fn a_part_is_shown_in_the_unit_of_the_whole() {
        assert_eq!(bytes_of(400_000, 5_100_000), "0.4/5.1 MB");
        assert_eq!(bytes_of(0, 800), "0/800 B");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        let shown: Vec<_> = [0, 42, 60, 200, 3_600, 7_500, 90_000]
            .map(|s| duration(Duration::from_secs(s)))
            .into();
        assert_eq!(
            shown,
            [
                "0.0 s",
                "42 s",
                "1 min",
                "3 min 20 s",
                "1 h",
                "2 h 5 min",
                "1 d 1 h"
            ]
        );
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
    }

    #[test]
    fn a_countdown_says_zero_only_at_the_end() {
        assert_eq!(countdown(Duration::from_millis(1)), "1 s");
        assert_eq!(countdown(Duration::ZERO), "0 s");
        assert_eq!(countdown(Duration::from_millis(59_200)), "1 min");
    }

    #[test]
    fn estimates_are_coarse() {
        let shown: Vec<_> = [7, 44, 100, 3_599, 7_600]
            .map(|s| estimate(Duration::from_secs(s)))
            .into();
        assert_eq!(shown, ["7 s", "40 s", "2 min", "60 min", "2 h 5 min"]);
    }

    #[test]
    fn all_of_it_and_only_that_is_hundred_percent() {
        assert_eq!(
            (percent(0, 0), percent(999, 1000), percent(5, 5), percent(9, 5)),
            (0, 99, 100, 100)
        );
    }

    #[test]
    fn a_margin_grows_hours_when_it_needs_them() {
        assert_eq!(stopwatch(Duration::from_secs(7)), "0:07");
        assert_eq!(stopwatch(Duration::from_secs(3_723)), "1:02:03");
    }
}
