//! What the name of a part tells: which export, which part of it, and whether its download is over.

use chrono::NaiveDate;

/// How Takeout begins the names of its parts.
const PREFIX: &str = "takeout-";

/// What browsers and download tools put behind the name of a file that is not whole yet.
const UNFINISHED: [&str; 7] = [
    ".crdownload",
    ".part",
    ".partial",
    ".download",
    ".tmp",
    ".opdownload",
    ".!ut",
];

/// What archives are called.
const PACKED: [&str; 3] = [".zip", ".tgz", ".tar.gz"];

/// No export comes near so many parts; a number beyond it belongs to something else.
const MOST_DIGITS: usize = 4;

/// The export a part belongs to: the time Google began it, as the names of its parts have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ExportTime(pub(crate) String);

impl ExportTime {
    /// The day, in words: `25 May 2024`.
    pub(crate) fn day(&self) -> String {
        self.0
            .get(..8)
            .and_then(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok())
            .map_or_else(|| self.0.clone(), |day| day.format("%-d %B %Y").to_string())
    }
}

/// The name of a part, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartName {
    /// Which export.
    pub(crate) export: ExportTime,
    /// The number between export and part that names have since 2025; parts are counted for each group alone.
    pub(crate) group: Option<u32>,
    /// Which part; none in exports of one part without number.
    pub(crate) number: Option<u32>,
    /// Its download is not over.
    pub(crate) is_unfinished: bool,
    /// It has what a browser or a person adds to a second file of one name: ` (1)`, `Copy of `.
    pub(crate) is_second: bool,
    /// `.zip`, `.tgz`, or nothing for an extracted folder.
    pub(crate) ending: &'static str,
}

impl PartName {
    /// Understands the name of a file or a folder; none if it is not called like a part.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (name, is_unfinished) =
            without_one_of(&name, &UNFINISHED).map_or((name.as_str(), false), |(name, _)| (name, true));
        let (stem, ending) = without_one_of(name, &PACKED).unwrap_or((name, ""));
        let start = stem.find(PREFIX)?;
        let (export, rest) = split_time(&stem[start + PREFIX.len()..])?;
        let (numbers, rest) = split_numbers(rest);
        if rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            // A third number, or one that is too long.
            return None;
        }
        Some(Self {
            export,
            group: numbers.0,
            number: numbers.1,
            is_unfinished,
            is_second: start > 0 || !rest.is_empty(),
            ending: if ending == ".tar.gz" { ".tgz" } else { ending },
        })
    }

    /// The name that another part of the same group has.
    pub(crate) fn sister(&self, number: u32) -> String {
        let group = self.group.map(|group| format!("-{group}")).unwrap_or_default();
        format!("{PREFIX}{}{group}-{number:03}{}", self.export.0, self.ending)
    }
}

/// Whether a file is called like an archive, whatever else is in its name.
pub(super) fn is_packed(name: &str) -> bool {
    without_one_of(&name.to_ascii_lowercase(), &PACKED).is_some()
}

/// Whether a file is called like a download that is not over.
pub(super) fn is_download(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".crdownload")
}

fn without_one_of<'a>(name: &'a str, endings: &[&'static str]) -> Option<(&'a str, &'static str)> {
    endings
        .iter()
        .find_map(|ending| Some((name.strip_suffix(ending)?, *ending)))
}

/// `20240525t120000z` and what follows. Google has been seen to write seven digits for the time of day.
fn split_time(text: &str) -> Option<(ExportTime, &str)> {
    let (time, rest) = text.split_at_checked(text.find('z')? + 1)?;
    let (day, clock) = time.strip_suffix('z')?.split_once('t')?;
    let is_time = day.len() == 8
        && matches!(clock.len(), 6 | 7)
        && (day.to_owned() + clock).bytes().all(|b| b.is_ascii_digit());
    is_time.then(|| (ExportTime(time.to_ascii_uppercase()), rest))
}

type Numbers = (Option<u32>, Option<u32>);

/// `-001` or `-3-001`, and what follows.
fn split_numbers(text: &str) -> (Numbers, &str) {
    let Some((first, rest)) = split_number(text) else {
        return ((None, None), text);
    };
    match split_number(rest) {
        Some((second, rest)) => ((Some(first), Some(second)), rest),
        None => ((None, Some(first)), rest),
    }
}

fn split_number(text: &str) -> Option<(u32, &str)> {
    let after = text.strip_prefix('-')?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let number = after[..digits].parse().ok()?;
    (digits <= MOST_DIGITS).then(|| (number, &after[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> String {
        PartName::parse(name).map_or_else(
            || "no".to_owned(),
            |part| {
                let mark = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
                let number = |n: Option<u32>| n.map_or_else(|| "_".to_owned(), |n| n.to_string());
                format!(
                    "{} {} {}{}{}{}",
                    part.export.0,
                    number(part.group),
                    number(part.number),
                    part.ending,
                    mark(part.is_second, " second"),
                    mark(part.is_unfinished, " unfinished")
                )
            },
        )
    }

    #[test]
    fn names_of_parts_are_understood() {
        for (name, expected) in [
            ("takeout-20240516T230250Z-001.zip", "20240516T230250Z _ 1.zip"),
            ("takeout-20250921T1994402Z-3-009.zip", "20250921T1994402Z 3 9.zip"),
            ("takeout-20240516T230250Z-012.tgz", "20240516T230250Z _ 12.tgz"),
            ("takeout-20240516T230250Z-001.tar.gz", "20240516T230250Z _ 1.tgz"),
            ("takeout-20240516T230250Z.zip", "20240516T230250Z _ _.zip"),
            ("takeout-20240516T230250Z-001", "20240516T230250Z _ 1"),
            ("Takeout-20240516T230250Z-001.ZIP", "20240516T230250Z _ 1.zip"),
            (
                "takeout-20240516T230250Z-001 (1).zip",
                "20240516T230250Z _ 1.zip second",
            ),
            (
                "takeout-20240516T230250Z-001(2).tgz",
                "20240516T230250Z _ 1.tgz second",
            ),
            (
                "takeout-20240516T230250Z-001 - Copy.zip",
                "20240516T230250Z _ 1.zip second",
            ),
            (
                "Copy of takeout-20240516T230250Z-3-001.zip",
                "20240516T230250Z 3 1.zip second",
            ),
            (
                "takeout-20240516T230250Z-001.zip.crdownload",
                "20240516T230250Z _ 1.zip unfinished",
            ),
            (
                "takeout-20240516T230250Z-2-007.zip.part",
                "20240516T230250Z 2 7.zip unfinished",
            ),
            (
                "takeout-20240516T230250Z-001.zip.tmp",
                "20240516T230250Z _ 1.zip unfinished",
            ),
            ("takeout-20240516T230250Z-4000000000.zip", "no"),
            ("takeout-2024-001.zip", "no"),
            ("takeout-20240516T2302Z-001.zip", "no"),
            ("holiday.zip", "no"),
            ("takeout-\u{e9}z.zip", "no"),
            ("", "no"),
        ] {
            assert_eq!(shown(name), expected, "{name}");
        }
    }

    #[test]
    fn an_export_is_called_by_its_day() {
        assert_eq!(ExportTime("20240525T120000Z".into()).day(), "25 May 2024");
        assert_eq!(ExportTime("20249925T120000Z".into()).day(), "20249925T120000Z");
    }

    #[test]
    fn a_missing_part_is_named_like_its_sisters() {
        let part = PartName::parse("takeout-20250921T199440Z-3-009.zip").unwrap();
        assert_eq!(part.sister(2), "takeout-20250921T199440Z-3-002.zip");
    }
}
