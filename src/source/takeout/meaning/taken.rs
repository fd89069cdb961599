//! When a photo was taken: the best that anybody says about it, and who said it.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::clues::{self, FileTime, NameTime, Precision, TimeBasis};
use super::folders::FolderDate;
use super::pairing::may_be_offset;
pub(crate) use crate::told::{Taken, TakenSource};

/// All that is said about the time of one photo.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeTold<'a> {
    /// `photoTakenTime`, in seconds since 1970.
    pub(crate) sidecar: Option<i64>,
    pub(crate) file: Option<FileTime>,
    /// The name under which it was uploaded.
    pub(crate) name: &'a str,
    pub(crate) folder: Option<FolderDate>,
}

/// Decides: the sidecar, else the file, else the name, else the folder; `None` if nobody says anything.
pub(crate) fn decide(told: &TimeTold<'_>) -> Option<Taken> {
    by_sidecar(told)
        .or_else(|| told.file.and_then(by_file))
        .or_else(|| clues::of_name(told.name).map(by_name))
        .or_else(|| told.folder.and_then(by_folder))
}

/// The beginning of 1904 in seconds since 1970, from which films count: what an unset film says.
const START_OF_1904: i64 = -2_082_844_800;

/// The instant of a sidecar, unless it only says that nobody knows. Other instants of these days may be true: old
/// prints are dated by hand.
pub(crate) fn instant(seconds: i64) -> Option<DateTime<Utc>> {
    let instant = DateTime::from_timestamp(seconds, 0)?;
    let is_known = !matches!(seconds, 0 | START_OF_1904) && clues::YEARS.contains(&instant.year());
    is_known.then_some(instant)
}

fn by_sidecar(told: &TimeTold<'_>) -> Option<Taken> {
    let utc = instant(told.sidecar?)?;
    let seen = told.file.and_then(|file| offset_and_fraction(file, utc));
    let (offset, nanoseconds) = seen.unwrap_or_default();
    Some(Taken {
        utc: utc + chrono::TimeDelta::nanoseconds(nanoseconds),
        offset,
        source: TakenSource::Sidecar,
        precision: Precision::Second,
        is_instant: true,
    })
}

/// The offset of the clock in the file, if it shows the same moment: as the file says, or as the difference tells.
/// If it does not, the user corrected the time at Google, and nothing of the file's counts.
fn offset_and_fraction(file: FileTime, utc: DateTime<Utc>) -> Option<(Option<i32>, i64)> {
    let ahead = file.clock.and_utc().timestamp() - utc.timestamp();
    let offset = match file.offset {
        Some(offset) if i64::from(offset) == ahead => Some(offset),
        Some(_) if file.basis == TimeBasis::Clock => return None,
        _ if may_be_offset(ahead) => i32::try_from(ahead).ok(),
        _ => return None,
    };
    // A film's header that is in UTC tells no offset: it says nothing of the local clock.
    let offset = offset.filter(|offset| file.basis == TimeBasis::Clock || *offset != 0);
    let offset = offset.map(|offset| offset.div_euclid(60) * 60 + round_to_minute(offset));
    let fraction = i64::from(file.clock.and_utc().timestamp_subsec_nanos());
    Some((offset, if ahead % 60 == 0 { fraction } else { 0 }))
}

/// Sidecars and files may round differently by a second or two, which is no part of an offset.
fn round_to_minute(offset: i32) -> i32 {
    if offset.rem_euclid(60) >= 30 { 60 } else { 0 }
}

fn by_file(file: FileTime) -> Option<Taken> {
    let offset = chrono::TimeDelta::seconds(file.offset.unwrap_or_default().into());
    Some(Taken {
        utc: file.clock.checked_sub_signed(offset)?.and_utc(),
        offset: file.offset.filter(|_| file.basis == TimeBasis::Clock),
        source: TakenSource::File,
        precision: Precision::Second,
        is_instant: file.offset.is_some(),
    })
}

fn by_name(name: NameTime) -> Taken {
    Taken {
        utc: name.clock.and_utc(),
        offset: None,
        source: TakenSource::Name,
        precision: name.precision,
        is_instant: name.is_utc,
    }
}

fn by_folder(folder: FolderDate) -> Option<Taken> {
    let (date, precision) = match folder {
        FolderDate::Year(year) => (NaiveDate::from_ymd_opt(year, 1, 1)?, Precision::Year),
        FolderDate::Day(day) => (day, Precision::Day),
    };
    let utc = date.and_time(chrono::NaiveTime::MIN).and_utc();
    // The folder of the first of January 1970 holds what has no time at all.
    (!clues::is_default(utc.naive_utc()) || precision == Precision::Year).then_some(Taken {
        utc,
        offset: None,
        source: TakenSource::Folder,
        precision,
        is_instant: false,
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;

    use super::*;

    const MOMENT: i64 = 1_559_990_096; // 2019-06-08T10:34:56Z

    fn file(clock: &str, offset: Option<i32>, basis: TimeBasis) -> Option<FileTime> {
        let clock = NaiveDateTime::parse_from_str(clock, "%Y-%m-%d %H:%M:%S%.f").ok()?;
        Some(FileTime { clock, offset, basis })
    }

    fn told<'a>(sidecar: i64, file: Option<FileTime>) -> TimeTold<'a> {
        TimeTold {
            sidecar: Some(sidecar),
            file,
            name: "IMG_20200102_030405.jpg",
            folder: Some(FolderDate::Year(2018)),
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn the_sidecar_gives_the_instant_and_the_file_the_offset() {
        use TimeBasis::{Clock, MovieHeader};
        let cases = [
            (
                "the file says the offset",
                file("2019-06-08 12:34:56", Some(7200), Clock),
                Some(7200),
            ),
            (
                "the difference tells it",
                file("2019-06-08 12:34:56", None, Clock),
                Some(7200),
            ),
            (
                "to the west",
                file("2019-06-08 01:04:56", None, Clock),
                Some(-34_200),
            ),
            (
                "by a second off",
                file("2019-06-08 12:34:57", None, Clock),
                Some(7200),
            ),
            (
                "by a second off, the other way",
                file("2019-06-08 12:34:55", None, Clock),
                Some(7200),
            ),
            (
                "corrected by the user",
                file("2019-06-08 12:40:56", None, Clock),
                None,
            ),
            ("a day apart", file("2019-06-09 12:34:56", None, Clock), None),
            (
                "another instant",
                file("2019-06-08 12:34:56", Some(3600), Clock),
                None,
            ),
            (
                "a film in UTC",
                file("2019-06-08 10:34:56", Some(0), MovieHeader),
                None,
            ),
            (
                "a film in local time",
                file("2019-06-08 12:34:56", Some(0), MovieHeader),
                Some(7200),
            ),
            ("nothing in the file", None, None),
        ];
        for (why, file, offset) in cases {
            let taken = decide(&told(MOMENT, file)).unwrap();
            assert_eq!((taken.utc.timestamp(), taken.offset), (MOMENT, offset), "{why}");
            assert_eq!(taken.source, TakenSource::Sidecar, "{why}");
        }
        let with_fraction = decide(&told(MOMENT, file("2019-06-08 12:34:56.789", None, Clock))).unwrap();
        assert_eq!(with_fraction.utc.timestamp_subsec_millis(), 789);
        assert_eq!(
            with_fraction.local().unwrap().to_string(),
            "2019-06-08 12:34:56.789"
        );
    }

    #[test]
    fn times_before_1970_are_times() {
        for seconds in [
            1,
            -1,
            3600,
            -86_400 * 365,
            -2_082_844_800 + 86_400 * 200,
            -3_000_000_000,
        ] {
            assert_eq!(decide(&told(seconds, None)).unwrap().utc.timestamp(), seconds);
        }
    }

    #[test]
    fn what_stands_for_no_time_is_none() {
        for seconds in [0, -2_082_844_800, 99_999_999_999_999, i64::MIN, i64::MAX] {
            assert_eq!(
                decide(&told(seconds, None)).unwrap().source,
                TakenSource::Name,
                "{seconds}"
            );
        }
    }

    #[test]
    fn each_steps_in_for_the_one_before() {
        let all = TimeTold {
            sidecar: None,
            ..told(0, file("2019-06-08 12:34:56", Some(7200), TimeBasis::Clock))
        };
        let by_file = decide(&all).unwrap();
        assert_eq!(
            (by_file.source, by_file.utc.timestamp()),
            (TakenSource::File, MOMENT)
        );
        assert_eq!((by_file.offset, by_file.is_instant), (Some(7200), true));

        let by_name = decide(&TimeTold { file: None, ..all }).unwrap();
        assert_eq!(by_name.source, TakenSource::Name);
        assert_eq!(by_name.utc.to_rfc3339(), "2020-01-02T03:04:05+00:00");
        assert!(!by_name.is_instant);

        let nameless = TimeTold {
            file: None,
            name: "a.jpg",
            ..all
        };
        let by_folder = decide(&nameless).unwrap();
        assert_eq!(
            (by_folder.source, by_folder.precision),
            (TakenSource::Folder, Precision::Year)
        );
        assert_eq!(by_folder.utc.to_rfc3339(), "2018-01-01T00:00:00+00:00");

        assert_eq!(
            decide(&TimeTold {
                folder: None,
                ..nameless
            }),
            None
        );
        let day = |day| TimeTold {
            folder: NaiveDate::from_ymd_opt(day, 1, 1).map(FolderDate::Day),
            ..nameless
        };
        assert_eq!(decide(&day(1970)), None, "the folder of what has no time");
        assert_eq!(decide(&day(2013)).unwrap().precision, Precision::Day);
    }
}
