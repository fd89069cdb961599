//! What there is to say about the parts before anything is imported: each a sentence a person can act on.

use std::path::Path;

use super::fault::PartFault;
use super::part_name::PartName;

/// One thing found about the parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Whether an import without `--partial` must not start.
    pub(crate) is_blocking: bool,
    /// A whole sentence without a full stop; names in it are as they are on the disk.
    pub(crate) sentence: String,
}

impl Finding {
    fn blocking(sentence: String) -> Self {
        Self {
            is_blocking: true,
            sentence,
        }
    }

    fn told(sentence: String) -> Self {
        Self {
            is_blocking: false,
            sentence,
        }
    }

    /// Parts that must exist, since later ones do.
    pub(super) fn missing(like: &PartName, numbers: &[u32], may_be_extracted: bool) -> Self {
        let names: Vec<_> = numbers.iter().map(|number| like.sister(*number)).collect();
        let (noun, is, it) = match numbers {
            [_] => ("part", "is", "it"),
            _ => ("parts", "are", "them"),
        };
        let which = enumerated(numbers);
        let day = like.export.day();
        let of_group = like
            .group
            .map(|group| format!(", group {group},"))
            .unwrap_or_default();
        let names = abridged(&names);
        if may_be_extracted {
            return Self::told(format!(
                "{noun} {which} of the export of {day}{of_group} {is} not among the archives ({names}); what {is} in \
                 the extracted folder is taken to be {it}"
            ));
        }
        Self::blocking(format!(
            "{noun} {which} of the export of {day}{of_group} {is} missing ({names}): download {it}, or go on without \
             {it} with --partial"
        ))
    }

    /// A part whose download is not over.
    pub(super) fn unfinished(path: &Path, name: Option<&PartName>) -> Self {
        let what = name
            .and_then(|name| {
                Some(format!(
                    "part {} of the export of {}",
                    name.number?,
                    name.export.day()
                ))
            })
            .unwrap_or_else(|| "a file that may be a part".to_owned());
        let way_on = if name.is_some() {
            ", or go on without it with --partial"
        } else {
            ""
        };
        let sentence = format!(
            "{} is {what}, still being downloaded or given up: finish the download{way_on}",
            path.display()
        );
        Self {
            is_blocking: name.is_some(),
            sentence,
        }
    }

    /// A part that cannot be read.
    pub(super) fn unreadable(path: &Path, fault: &PartFault) -> Self {
        if matches!(fault, PartFault::Io(error) if error.kind() == std::io::ErrorKind::NotFound) {
            let path = path.display();
            return Self::blocking(format!(
                "{path} is not there: check how it is written, and that its disk is attached"
            ));
        }
        let advice = match fault {
            PartFault::Io(_) | PartFault::Stopped => "check the disk and the file's permissions",
            PartFault::Changed => "let whatever writes to it finish, and run again",
            PartFault::NotAnArchive | PartFault::TooMany => {
                "leave it out if it does not belong to the export"
            }
            _ => "download it again (sign in to Google first), or go on without it with --partial",
        };
        Self::blocking(format!("{} {fault}: {advice}", path.display()))
    }

    /// A tgz that is broken somewhere on the way.
    pub(super) fn broken_on_the_way(path: &Path, fault: &PartFault, entries: usize) -> Self {
        Self::blocking(format!(
            "{} {fault}: only its first {entries} entries can be read; download it again, or take what there is with \
             --partial",
            path.display()
        ))
    }

    /// The same part twice.
    pub(super) fn second_copy(path: &Path, kept: &Path) -> Self {
        Self::told(format!(
            "{} is {} once more, and is left aside",
            path.display(),
            kept.display()
        ))
    }

    /// One of two files of one part is good.
    pub(super) fn bad_copy(path: &Path, kept: &Path, fault: &PartFault) -> Self {
        Self::told(format!(
            "{} {fault}; {} is taken instead",
            path.display(),
            kept.display()
        ))
    }

    /// Two files of one part that are not alike.
    pub(super) fn two_versions(path: &Path, other: &Path) -> Self {
        Self::told(format!(
            "{} and {} should be the same part and are not alike: both are read, and what differs is reported",
            path.display(),
            other.display()
        ))
    }

    /// An archive among the parts that holds nothing of an export.
    pub(super) fn foreign(path: &Path) -> Self {
        Self::told(format!(
            "{} holds no Takeout export and is left alone",
            path.display()
        ))
    }

    /// A path that was given and where nothing is.
    pub(super) fn nothing_there(path: &Path) -> Self {
        Self::blocking(format!(
            "no part of a Takeout export and no extracted one was found in {}: name the folder with the parts \
             (takeout-….zip or .tgz), the parts themselves, or the folder they were extracted to",
            path.display()
        ))
    }

    /// The list of contents that Google puts into one part of each export is not there.
    pub(super) fn no_contents_page(day: &str) -> Self {
        Self::told(format!(
            "the export of {day} is without its archive_browser.html, which lies in one of its parts: the last one may \
             be missing; compare with the list at https://takeout.google.com/manage"
        ))
    }

    /// A folder of an extracted tree that could not be listed.
    pub(super) fn unread_folder(path: &Path, error: &std::io::Error) -> Self {
        Self::blocking(format!(
            "the folder {} could not be read: {error}; check its permissions, or go on without it with --partial",
            path.display()
        ))
    }

    /// An unnamed part or tree was put to the one export there is.
    pub(super) fn taken_to_belong(path: &Path, day: &str) -> Self {
        Self::told(format!(
            "{} does not say which export it is of, and is taken to belong to that of {day}",
            path.display()
        ))
    }
}

/// `3`, `3 and 5`, `3 to 7 and 9`.
fn enumerated(numbers: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => spans.push((*number, *number)),
        }
    }
    let spans: Vec<_> = spans
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first} and {last}"),
            _ => format!("{first} to {last}"),
        })
        .collect();
    match spans.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => spans.concat(),
    }
}

fn abridged(names: &[String]) -> String {
    match names {
        [first, _, .., last] => format!("{first} … {last}"),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_told_by_number_and_name() {
        let like = PartName::parse("takeout-20240525T120000Z-004.zip").unwrap();
        assert_eq!(
            Finding::missing(&like, &[3], false).sentence,
            "part 3 of the export of 25 May 2024 is missing (takeout-20240525T120000Z-003.zip): download it, or go on \
             without it with --partial"
        );
        for (numbers, expected) in [
            (&[1, 2][..], "1 and 2"),
            (&[1, 3], "1 and 3"),
            (&[2, 3, 4, 9], "2 to 4 and 9"),
            (&[1, 5, 6, 7], "1 and 5 to 7"),
        ] {
            assert_eq!(enumerated(numbers), expected);
        }
    }
}
