//! What the name of a file tells about its time.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

use crate::told::Precision;

/// A time as a name tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameTime {
    pub(crate) clock: NaiveDateTime,
    pub(crate) precision: Precision,
    /// Whether it is in UTC and not on the clock of wherever it was taken.
    pub(crate) is_utc: bool,
}

/// What names of photos from before this year begin with is something else.
const FIRST_YEAR: i32 = 1990;

/// What names of photos from after this year begin with is something else.
const LAST_YEAR: i32 = 2099;

/// The time in a name, if it has one: `IMG_20190102_030405.jpg`, `PXL_20210102_221126856.jpg`,
/// `Screenshot_2019-01-02-03-04-05.png`, `2019-01-02 03.04.05.jpg`, `IMG-20190102-WA0001.jpg`,
/// `signal-2019-01-02-030405.jpg`, `1571234567890.jpg`.
pub(crate) fn of_name(name: &str) -> Option<NameTime> {
    // Pixel phones write UTC.
    let is_utc = name.starts_with("PXL_");
    let runs = digit_runs(name);
    (0..runs.len())
        .find_map(|first| dated(name, &runs[first..], is_utc))
        .or_else(|| runs.iter().find_map(|(_, digits)| since_1970(digits)))
}

/// The runs of digits in a name, with the place of each.
fn digit_runs(name: &str) -> Vec<(usize, &str)> {
    let mut runs = Vec::new();
    let mut rest = name;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let at = name.len() - rest.len() + start;
        let tail = &rest[start..];
        let length = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        runs.push((at, &tail[..length]));
        rest = &tail[length..];
    }
    runs
}

fn dated(name: &str, runs: &[(usize, &str)], is_utc: bool) -> Option<NameTime> {
    let (date, time) = date(name, runs)?;
    let clock = time_of_day(name, &time);
    Some(NameTime {
        clock: date.and_time(clock.unwrap_or_default()),
        precision: if clock.is_some() {
            Precision::Second
        } else {
            Precision::Day
        },
        is_utc: is_utc && clock.is_some(),
    })
}

/// A date in one run or three, and the runs that follow it.
fn date<'a>(name: &str, runs: &[(usize, &'a str)]) -> Option<(NaiveDate, Vec<(usize, &'a str)>)> {
    let (at, first) = *runs.first()?;
    if first.len() == 14 {
        let (day, time) = first.split_at(8);
        return Some((compact_date(day)?, vec![(at + 8, time)]));
    }
    if first.len() == 8 {
        return Some((compact_date(first)?, runs[1..].to_vec()));
    }
    let [year, month, day, rest @ ..] = runs else {
        return None;
    };
    let are_near = is_joined(name, *year, *month, "-_.") && is_joined(name, *month, *day, "-_.");
    let lengths = [year.1.len(), month.1.len(), day.1.len()];
    let date = (are_near && lengths == [4, 2, 2]).then(|| ymd(year.1, month.1, day.1))??;
    Some((date, rest.to_vec()))
}

/// Whether one of these characters, and nothing else, is between two runs.
fn is_joined(name: &str, (at, first): (usize, &str), (next, _): (usize, &str), joints: &str) -> bool {
    let between = &name[at + first.len()..next];
    let mut characters = between.chars();
    matches!((characters.next(), characters.next()), (Some(joint), None) if joints.contains(joint))
}

fn compact_date(digits: &str) -> Option<NaiveDate> {
    ymd(digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let year = chrono::Datelike::year(&date);
    (FIRST_YEAR..=LAST_YEAR).contains(&year).then_some(date)
}

/// The time in the runs behind a date: one of six digits, or nine with milliseconds, or three of two.
fn time_of_day(name: &str, runs: &[(usize, &str)]) -> Option<NaiveTime> {
    match runs {
        [(_, time), ..] if matches!(time.len(), 6 | 9) => {
            hms(time.get(..2)?, time.get(2..4)?, time.get(4..6)?)
        }
        [hour, minute, second, ..] if [hour.1, minute.1, second.1].iter().all(|run| run.len() == 2) => {
            let are_near =
                is_joined(name, *hour, *minute, "-_.:h") && is_joined(name, *minute, *second, "-_.:m");
            are_near.then(|| hms(hour.1, minute.1, second.1))?
        }
        _ => None,
    }
}

fn hms(hour: &str, minute: &str, second: &str) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?)
}

/// Seconds or milliseconds since 1970, from 2001 on, as some apps name files.
fn since_1970(digits: &str) -> Option<NameTime> {
    let number: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        13 => number / 1000,
        10 => number,
        _ => return None,
    };
    let is_plausible = (978_307_200..4_102_444_800).contains(&seconds);
    let clock = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    is_plausible.then_some(NameTime {
        clock,
        precision: Precision::Second,
        is_utc: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn times_in_names() {
        let second = Precision::Second;
        let cases = [
            ("IMG_20190102_030405.jpg", "2019-01-02 03:04:05", second, false),
            (
                "PXL_20210102_221126856.MP.jpg",
                "2021-01-02 22:11:26",
                second,
                true,
            ),
            ("20161105_170829.jpg", "2016-11-05 17:08:29", second, false),
            (
                "VID-20190102-WA0001.mp4",
                "2019-01-02 00:00:00",
                Precision::Day,
                false,
            ),
            (
                "Screenshot_2019-01-02-03-04-05.png",
                "2019-01-02 03:04:05",
                second,
                false,
            ),
            (
                "Screenshot_20231027-123303_Facebook.jpg",
                "2023-10-27 12:33:03",
                second,
                false,
            ),
            ("2019-01-02 03.04.05.jpg", "2019-01-02 03:04:05", second, false),
            (
                "signal-2019-01-02-030405.jpg",
                "2019-01-02 03:04:05",
                second,
                false,
            ),
            (
                "WhatsApp Image 2019-01-02 at 03.04.05.jpeg",
                "2019-01-02 03:04:05",
                second,
                false,
            ),
            ("20190102030405.jpg", "2019-01-02 03:04:05", second, false),
            ("1571234567890.jpg", "2019-10-16 14:02:47", second, true),
            ("FB_IMG_1571234567890.jpg", "2019-10-16 14:02:47", second, true),
            (
                "00001IMG_00001_BURST20190102030405006_COVER.jpg",
                "",
                second,
                false,
            ),
            ("IMG_1234.jpg", "", second, false),
            ("20191332_030405.jpg", "", second, false),
            ("18990102_030405.jpg", "", second, false),
            (
                "IMG_20190102_990405.jpg",
                "2019-01-02 00:00:00",
                Precision::Day,
                false,
            ),
            (
                "46511597_2110580592498366_4387561098273491025_n.jpg",
                "",
                second,
                false,
            ),
            ("2019.jpg", "", second, false),
        ];
        for (name, clock, precision, is_utc) in cases {
            let clock = NaiveDateTime::parse_from_str(clock, "%Y-%m-%d %H:%M:%S").ok();
            let expected = clock.map(|clock| NameTime {
                clock,
                precision,
                is_utc,
            });
            assert_eq!(of_name(name), expected, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_read_safely(name in "[-_.0-9a-z é]{0,40}") {
            of_name(&name);
        }
    }
}
