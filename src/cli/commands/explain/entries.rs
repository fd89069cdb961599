//! What became of an entry of an export, as the ledger that its import left behind knows it.

use std::fmt::Write as _;
use std::path::Path;

use crate::cli::failure::Failure;
use crate::library::index::{Index, ItemRow, audit, files, origins};
use crate::library::ledger::{self, Known, Line};
use crate::media::Role;
use crate::report::printable::printable;
use crate::source::takeout;

/// The story of the entries that `word` names, and the items that they belong to; nothing if no ledger knows such an
/// entry. Of a file that is there, only the whole path is looked for.
pub(super) fn story(
    index: &Index,
    root: &Path,
    word: &str,
    is_file: bool,
) -> Result<Option<(String, Vec<ItemRow>)>, Failure> {
    let known = ledger::find(root, word, is_file, super::MOST);
    let mut text = String::new();
    let mut items: Vec<ItemRow> = Vec::new();
    for Known { part, line } in &known {
        let item = line
            .item
            .as_deref()
            .map(|id| item(index, id))
            .transpose()?
            .flatten();
        let path = item
            .as_ref()
            .map(|row| file_of(index, row, line))
            .transpose()?
            .flatten();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<11} {} in {}",
            "Entry",
            printable(&line.entry),
            printable(part)
        );
        let _ = writeln!(text, "{:<11} {}", "Became", became(line, path.as_deref()));
        items.extend(item.filter(|row| items.iter().all(|other| other.seq != row.seq)));
    }
    Ok((!known.is_empty()).then_some((text, items)))
}

/// The item of this id, if it still is in the library.
fn item(index: &Index, id: &str) -> Result<Option<ItemRow>, Failure> {
    Ok(index.read(|db| audit::item_of(db, takeout::NAME, id))?)
}

/// The file of an item that an entry is, is a copy of, or tells of; none if that is not sure.
fn file_of(index: &Index, row: &ItemRow, line: &Line<'_>) -> Result<Option<String>, Failure> {
    let (kept, origins) =
        index.read(|db| Ok((files::of_item(db, row.seq)?, origins::of_item(db, row.seq)?)))?;
    let stands_for = line.same_as.as_deref().unwrap_or(&line.entry);
    let origin = origins.iter().find(|origin| origin.entry.path == stands_for);
    let role = match origin {
        Some(origin) => Some(origin.role),
        None if line.bucket == "sidecar" || kept.len() == 1 => Some(Role::Main),
        None => None,
    };
    let mut kept = kept.into_iter();
    let file = role.and_then(|role| kept.find(|file| file.role == role));
    Ok(file.map(|file| file.path))
}

/// What became of it, in a sentence; with the bucket, by which it is found in the summary.
fn became(line: &Line<'_>, path: Option<&str>) -> String {
    let copied = line.same_as.as_deref().map(|path| match &line.same_as_in {
        Some(part) => format!("{} in {}", printable(path), printable(part)),
        None => printable(path).into_owned(),
    });
    let stored = |before: &str| path.map(|path| format!("{before}stored as {}", printable(path)));
    let mut sentence = match &*line.bucket {
        "stored" | "present" => stored("").unwrap_or_else(|| "in the library".to_owned()),
        "copy" => {
            let original = copied.unwrap_or_else(|| "a file that was imported".to_owned());
            format!("a copy of {original}{}", stored(", ").unwrap_or_default())
        }
        "repeated" => match copied {
            Some(original) => format!("the same once more as {original}"),
            None => "the same once more, path and bytes, as another entry".to_owned(),
        },
        "sidecar" => {
            let photo = stored(" that is ").unwrap_or_default();
            format!("what Google tells of the photo or video{photo}")
        }
        bucket => meaning(bucket).to_owned(),
    };
    if let Some(because) = &line.because {
        let _ = write!(sentence, ": {}", printable(because));
    }
    format!("{sentence} ({})", printable(&line.bucket))
}

/// What a bucket means for an entry that is no file of the library.
fn meaning(bucket: &str) -> &'static str {
    match bucket {
        "sidecar_without_media" => "what Google tells of a photo or video that was not imported",
        "album" => "what Google tells of an album",
        "comments" => "the comments of a shared album",
        "other_json" => "JSON that tells of no photo, video or album",
        "archive_browser" => "Google's page of contents",
        "other_file" => "no photo or video, and not imported",
        "other_product" => "of another product of Google's, and not imported",
        "debris" => "left behind by a computer, and not imported",
        "failed_at_google" => "a video that Google could not read, and not imported",
        "folder" => "a folder's own entry, which holds no bytes",
        "filtered" => "left out",
        "failed" => "not imported",
        _ => "not in the library yet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_is_a_sentence_that_no_name_can_disturb() {
        let line = |bucket: &'static str, because: Option<&str>, same_as: Option<&str>| Line {
            entry: "e".into(),
            bucket: bucket.into(),
            item: None,
            because: because.map(str::to_owned),
            same_as: same_as.map(str::to_owned),
            same_as_in: same_as.map(|_| "b.zip".to_owned()),
        };
        for (line, path, expected) in [
            (
                line("present", None, None),
                Some("2019/a.jpg"),
                "stored as 2019/a.jpg (present)",
            ),
            (
                line("copy", None, Some("P/a\u{1b}.jpg")),
                Some("2019/a.jpg"),
                "a copy of P/a\u{fffd}.jpg in b.zip, stored as 2019/a.jpg (copy)",
            ),
            (
                line("copy", None, None),
                None,
                "a copy of a file that was imported (copy)",
            ),
            (
                line("filtered", Some("it is in the trash"), None),
                None,
                "left out: it is in the trash (filtered)",
            ),
            (
                line("sidecar", None, None),
                Some("2019/a.jpg"),
                "what Google tells of the photo or video that is stored as 2019/a.jpg (sidecar)",
            ),
            (
                line("waiting", None, None),
                None,
                "not in the library yet (waiting)",
            ),
        ] {
            assert_eq!(became(&line, path), expected);
        }
    }
}
