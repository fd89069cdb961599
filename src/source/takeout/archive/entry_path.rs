//! From the path an archive gives an entry to one that is compared, shown and paired: never one to write to.
//!
//! Names in archives are hostile: they may climb out, begin at the top of a disk, or be in any character set. What
//! comes out is below `Takeout/`, composed (NFC), with `/` between folders; or the entry is refused.

use unicode_normalization::UnicodeNormalization;

use super::fault::Refusal;

/// The longest path that Linux takes, in bytes (`PATH_MAX`); more is no name.
const MAX_PATH_BYTES: usize = 4096;

/// The folder in which every export begins.
const TOP: &str = "Takeout";

/// How deep the top folder may lie: people pack and unpack parts into a folder named after the part.
const TOP_DEPTH: usize = 2;

/// An entry's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryPath {
    /// Empty, or folders with `/` between them.
    pub(super) folder: String,
    /// Empty for a folder's own entry.
    pub(super) name: String,
}

/// The characters of a name: UTF-8 whether it says so or not, else what DOS used, which maps every byte.
pub(super) fn decoded(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => raw.iter().copied().map(code_page_437).collect(),
    }
}

/// The upper half of code page 437, in which zip writes names that are not marked as UTF-8.
const UPPER_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
                         αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

fn code_page_437(byte: u8) -> char {
    match byte {
        0..0x80 => char::from(byte),
        _ => UPPER_437
            .chars()
            .nth(usize::from(byte - 0x80))
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// The path of an entry of an archive.
pub(super) fn of_archived(raw: &[u8]) -> Result<EntryPath, Refusal> {
    if raw.len() > MAX_PATH_BYTES {
        return Err(Refusal::NameTooLong);
    }
    if raw.contains(&0) {
        return Err(Refusal::Nul);
    }
    // Google writes `_` for a backslash in a name: where one is met, a tool of Windows has packed folders so.
    let text = decoded(raw).replace('\\', "/");
    if text.starts_with('/') || begins_with_drive(&text) {
        return Err(Refusal::Absolute);
    }
    let is_folder = text.ends_with('/');
    let mut parts = steps(text.split('/'))?;
    below_top(&mut parts);
    assembled(parts, is_folder)
}

/// The path of a file in an extracted tree, from the names of its folders and its own.
pub(super) fn of_extracted<'a>(names: impl Iterator<Item = &'a str>) -> Result<EntryPath, Refusal> {
    assembled(steps(names)?, false)
}

fn begins_with_drive(text: &str) -> bool {
    let mut chars = text.chars();
    // A colon is lawful in names: `C:/x` and `C:` are drives, `C:x.jpg` and `ab:c.jpg` are not.
    chars.next().is_some_and(|first| first.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), None | Some('/'))
}

fn steps<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Refusal> {
    names
        .filter(|name| !matches!(*name, "" | "."))
        .map(|name| match name {
            ".." => Err(Refusal::ClimbsOut),
            _ => Ok(composed(name)),
        })
        .collect()
}

/// Composed, and `_` for each control character, as Google itself writes where a title holds one.
fn composed(name: &str) -> String {
    if name
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_control())
    {
        // Nearly all names are of this kind, and are what they are.
        return name.to_owned();
    }
    name.nfc().map(|c| if c.is_control() { '_' } else { c }).collect()
}

fn below_top(parts: &mut Vec<String>) {
    let top = parts
        .iter()
        .take(TOP_DEPTH)
        .position(|part| part.eq_ignore_ascii_case(TOP));
    if let Some(top) = top {
        parts.drain(..=top);
    }
}

fn assembled(mut parts: Vec<String>, is_folder: bool) -> Result<EntryPath, Refusal> {
    let name = if is_folder {
        Some(String::new())
    } else {
        parts.pop()
    };
    let path = EntryPath {
        folder: parts.join("/"),
        name: name.ok_or(Refusal::Nameless)?,
    };
    // Nothing that a fixed-size record cannot hold comes out, whatever composing did to the length.
    if path.folder.len() + path.name.len() > usize::from(u16::MAX) {
        return Err(Refusal::NameTooLong);
    }
    Ok(path)
}

/// Whether a folder is the top of an export.
pub(super) fn is_top(name: &str) -> bool {
    name.eq_ignore_ascii_case(TOP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(raw: &[u8]) -> String {
        match of_archived(raw) {
            Ok(path) => format!("{}|{}", path.folder, path.name),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn paths_are_read_below_the_top_folder() {
        for (raw, expected) in [
            (
                &b"Takeout/Google Photos/Trip/a.jpg"[..],
                "Google Photos/Trip|a.jpg",
            ),
            (
                b"takeout-20240525T120000Z-001/Takeout/Google Photos/a.jpg",
                "Google Photos|a.jpg",
            ),
            (b"Google Photos/Trip/a.jpg", "Google Photos/Trip|a.jpg"),
            (
                b"Takeout/Google Photos/Takeout/a.jpg",
                "Google Photos/Takeout|a.jpg",
            ),
            (b"Takeout/archive_browser.html", "|archive_browser.html"),
            (b"./Takeout//Google Photos/./a.jpg", "Google Photos|a.jpg"),
            (b"Takeout\\Google Photos\\a.jpg", "Google Photos|a.jpg"),
            (b"Takeout/Google Photos/Trip/", "Google Photos/Trip|"),
            (
                "Takeout/Google Fotos/modifie\u{301}.jpg".as_bytes(),
                "Google Fotos|modifi\u{e9}.jpg",
            ),
            (b"Takeout/G/caf\x82.jpg", "G|caf\u{e9}.jpg"),
            (
                b"Takeout/G/IMG_20150621_220038:nopm:.jpg",
                "G|IMG_20150621_220038:nopm:.jpg",
            ),
            (b"Takeout/G/tab\there\x1b.jpg", "G|tab_here_.jpg"),
            (b"Takeout/G/...jpg", "G|...jpg"),
            (b"../../etc/passwd", "ClimbsOut"),
            (b"Takeout/../../x", "ClimbsOut"),
            (b"a\\..\\..\\b", "ClimbsOut"),
            (b"/etc/passwd", "Absolute"),
            (b"C:\\x\\y", "Absolute"),
            (b"\\\\host\\share", "Absolute"),
            (b"Takeout/a\0.jpg", "Nul"),
            (b"", "Nameless"),
            (b".", "Nameless"),
            (b"Takeout", "Nameless"),
        ] {
            assert_eq!(shown(raw), expected, "{}", String::from_utf8_lossy(raw));
        }
        assert_eq!(shown(&[b'a'; 5000]), "NameTooLong");
    }

    proptest! {
        #[test]
        fn no_path_leaves_its_folder(raw in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(path) = of_archived(&raw) {
                let whole = format!("{}/{}", path.folder, path.name);
                prop_assert!(!whole.contains(char::is_control), "{whole:?}");
                prop_assert!(whole.split('/').all(|part| !matches!(part, "." | "..")), "{whole:?}");
                prop_assert!(!path.folder.starts_with('/') && !path.name.contains('/'), "{whole:?}");
            }
        }
    }
}
