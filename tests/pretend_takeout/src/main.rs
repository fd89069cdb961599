//! `pretend-takeout FOLDER [ITEMS [PARTS [BYTES-EACH [zip|tgz [SEED [LANGUAGE [NEW]]]]]]]`: writes an export and `truth.json` beside it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use pretend_takeout::{Language, Packing, Settings, write};

const USAGE: &str =
    "usage: pretend-takeout FOLDER [ITEMS [PARTS [BYTES-EACH [zip|tgz [SEED [LANGUAGE [NEW]]]]]]]";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // There are no options: what looks like one is no folder either.
    let has_option = arguments.iter().any(|argument| argument.starts_with('-'));
    let Some((folder, rest)) = arguments.split_first().filter(|_| !has_option) else {
        return Err(io::Error::other(USAGE));
    };
    let folder = PathBuf::from(folder);
    let number = |at: usize, default: u64| match rest.get(at) {
        Some(text) => text
            .parse()
            .map_err(|_| io::Error::other(format!("{text} is no number"))),
        None => Ok(default),
    };
    let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let items = small(number(0, 1000)?);
    let settings = Settings {
        items,
        albums: items / 80,
        parts: small(number(1, 3)?),
        bytes_each: number(2, 0)?,
        packing: if rest.get(3).is_some_and(|packing| packing == "tgz") {
            Packing::Tgz
        } else {
            Packing::Zip
        },
        seed: number(4, 1)?,
        language: rest.get(5).map_or(Language::English, |name| language(name)),
        new_sidecars: small(number(6, 800)?),
        ..Settings::default()
    };
    fs::create_dir_all(&folder)?;
    let truth = write(&settings, &folder)?;
    truth.write(BufWriter::new(File::create_new(folder.join("truth.json"))?))?;
    let (entries, parts, bytes) = (truth.entries, truth.parts.len(), truth.bytes);
    writeln!(
        io::stdout(),
        "{} items, {entries} entries in {parts} parts, {bytes} bytes",
        truth.items
    )
}

fn language(name: &str) -> Language {
    let mut known = Language::ALL.into_iter();
    known
        .find(|language| format!("{language:?}").eq_ignore_ascii_case(name))
        .unwrap_or(Language::Unlisted)
}
