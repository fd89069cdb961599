//! From a file name as Google shows it to one that is safe on Linux, macOS and Windows alike.
//!
//! Responsible for every single name being writable, harmless and short enough, with or without a tag.
//! Not responsible for names being distinct within a folder: that is `layout`.

use super::name_key::{
    EDITED, MARKER, MAX_EXTENSION_BYTES, collision_key, family_key, is_extension, split_extension,
};
use unicode_normalization::UnicodeNormalization;

/// The longest file name, in bytes of UTF-8: the limit of ext4, XFS, Btrfs and APFS. NTFS and exFAT allow 255
/// UTF-16 units, which is never less.
pub(crate) const MAX_NAME_BYTES: usize = 255;

/// What a tagged name keeps of its stem at least, in bytes: enough that `name_key` recognises the family,
/// and little enough that an identifier of 150 bytes fits beside it whole.
pub(crate) const KEPT_STEM_BYTES: usize = 64;

/// The stem of items that come without a usable name.
const UNNAMED: &str = "unnamed";

/// Names that Windows takes for devices, whatever extension follows.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// The extension Google Photos' usual MIME types go by, for items that have no name at all.
const EXTENSIONS: [(&str, &str); 22] = [
    ("image/jpeg", "jpg"),
    ("image/jpg", "jpeg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/tiff", "tiff"),
    ("image/x-adobe-dng", "dng"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
    ("video/x-m4v", "m4v"),
    ("video/3gpp", "3gp"),
    ("video/x-msvideo", "avi"),
    ("video/x-matroska", "mkv"),
    ("video/webm", "webm"),
    ("video/mpeg", "mpg"),
    ("video/mp2t", "mts"),
    ("video/x-ms-wmv", "wmv"),
    ("video/x-flv", "flv"),
];

/// The natural name of an item, in the parts from which its other names are made.
///
/// Guarantees for every name it gives out: not empty, no path separator, no character that is forbidden or
/// invisible, no leading dot or blank, no trailing one, no device name, NFC, at most [`MAX_NAME_BYTES`]; and
/// the [`family_key`] of all of them is that of the natural name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SafeName {
    stem: String,
    /// With its dot, or empty.
    extension: String,
    /// The extension of the item's second file (the clip of a motion photo), with its dot.
    companion: Option<String>,
    /// The extension of the item's edited version, with its dot, or empty.
    edited: Option<String>,
}

/// The files of one item: they share their stem, tag included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) main: String,
    pub(crate) companion: Option<String>,
    pub(crate) edited: Option<String>,
}

impl Names {
    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        let others = [self.companion.as_deref(), self.edited.as_deref()];
        std::iter::once(&*self.main).chain(others.into_iter().flatten())
    }
}

impl SafeName {
    /// The safe form of a name. Without one, it is `unnamed` and the extension that fits `mime`.
    ///
    /// Blanks at both ends and dots at the end go; dots at the start become `_`, so that no item is hidden
    /// or taken for one of the program's own files. A missing extension stays missing, as Google shows it.
    pub(crate) fn new(raw: &str, mime: Option<&str>) -> Self {
        Self::with_companions(raw, mime, None, None)
    }

    /// As [`SafeName::new`], for an item that owns a second file with extension `companion`.
    #[cfg(test)]
    pub(crate) fn with_companion(raw: &str, mime: Option<&str>, companion: &str) -> Self {
        Self::with_companions(raw, mime, Some(companion), None)
    }

    /// As [`SafeName::new`], for an item that owns a second file with extension `companion` (dot optional), an edited
    /// version with extension `edited`, or both.
    ///
    /// Should the item itself bear the companion's extension, that is renamed to a sister of it (`.m4v`, or `.mp4`); an
    /// edited version without a fit extension has none. No two files of one item collide.
    pub(crate) fn with_companions(
        raw: &str,
        mime: Option<&str>,
        companion: Option<&str>,
        edited: Option<&str>,
    ) -> Self {
        Self::from_cleaned(&cleaned(raw, mime), companion, edited)
    }

    /// The same with the extension that fits what the item is, where its own does not.
    pub(crate) fn corrected(raw: &str, mime: Option<&str>, right: &str) -> String {
        let natural = Self::new(raw, mime).natural().main;
        let (stem, _) = split_extension(&natural);
        format!("{stem}{right}")
    }

    /// The names as Google shows them.
    pub(crate) fn natural(&self) -> Names {
        self.names(&self.stem)
    }

    /// The names for when the natural ones are taken: `stem-gphotosync-<value><distinction>.ext`.
    ///
    /// What is not an ASCII letter, digit, `-` or `_` in `value` becomes `_`. If all does not fit, the stem is
    /// cut, down to [`KEPT_STEM_BYTES`] and there to the next place that keeps the family; then the value.
    /// `distinction` must be plain ASCII of at most 65 bytes (a hyphen and a SHA-256 in hexadecimal) and is
    /// never cut.
    pub(crate) fn tagged(&self, value: &str, distinction: &str) -> Names {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '_'
            }
        };
        let kept = self.stem.len().min(KEPT_STEM_BYTES);
        let others = self.longest_extension() + MARKER.len() + 1 + distinction.len();
        let room = MAX_NAME_BYTES.saturating_sub(kept + others);
        let value: String = value.chars().map(plain).take(room).collect();
        let tag = format!("{MARKER}-{value}{distinction}");
        self.names(&format!("{}{tag}", self.stem_before(&tag)))
    }

    /// What all names of this item have in common, and no name of another family has.
    pub(crate) fn family(&self) -> String {
        family_key(&self.natural().main)
    }

    fn from_cleaned(cleaned: &str, companion: Option<&str>, edited: Option<&str>) -> Self {
        let (mut stem, mut extension) = split_extension(cleaned);
        let edited = edited.map(edited_extension);
        let reserve = companion.map_or(0, |wish| companion_extension(wish, extension).len());
        let reserve = reserve.max(
            edited
                .as_ref()
                .map_or(0, |extension| EDITED.len() + extension.len()),
        );
        let room = MAX_NAME_BYTES - reserve.max(extension.len());
        if stem.len() > room {
            stem = beginning(stem, room);
            if extension.is_empty() {
                // The cut may have brought a dot or a blank to the end, or made a late word an extension.
                (stem, extension) = split_extension(trimmed(stem));
            }
        }
        Self {
            stem: stem.to_owned(),
            extension: extension.to_owned(),
            companion: companion.map(|wish| companion_extension(wish, extension)),
            edited,
        }
    }

    fn names(&self, stem: &str) -> Names {
        Names {
            main: format!("{stem}{}", self.extension),
            companion: self
                .companion
                .as_ref()
                .map(|extension| format!("{stem}{extension}")),
            edited: self
                .edited
                .as_ref()
                .map(|extension| format!("{stem}{EDITED}{extension}")),
        }
    }

    fn longest_extension(&self) -> usize {
        self.extension
            .len()
            .max(self.companion.as_ref().map_or(0, String::len))
            .max(
                self.edited
                    .as_ref()
                    .map_or(0, |extension| EDITED.len() + extension.len()),
            )
    }

    /// The longest beginning of the stem that leaves room for the tag and does not change the family.
    ///
    /// Only a cut through a marker the name brought along, or through a pile of combining marks, is refused;
    /// the cut before that is then good, so the search is short and never empty-handed: without its tail
    /// that no family looks at, a stem always fits.
    fn stem_before(&self, tag: &str) -> &str {
        let room = MAX_NAME_BYTES.saturating_sub(self.longest_extension() + tag.len());
        if self.stem.len() <= room {
            return &self.stem;
        }
        let family = self.family();
        let keeps_family = |stem: &&str| family_key(&format!("{stem}{tag}{}", self.extension)) == family;
        let mut cuts = (0..=room)
            .rev()
            .filter(|at| self.stem.is_char_boundary(*at))
            .map(|at| &self.stem[..at]);
        cuts.find(keeps_family).unwrap_or_default()
    }
}

/// The whole name, safe but of any length.
fn cleaned(raw: &str, mime: Option<&str>) -> String {
    let replaced: String = raw.nfc().map(|c| if is_unwelcome(c) { '_' } else { c }).collect();
    let name = trimmed(&replaced);
    match name.strip_prefix('.') {
        None if name.is_empty() => unnamed(extension_for(mime)),
        Some(extension) if is_media_extension(extension) => unnamed(Some(extension)),
        _ => without_device_name(&without_leading_dots(name)),
    }
}

fn unnamed(extension: Option<&str>) -> String {
    extension.map_or_else(
        || UNNAMED.to_owned(),
        |extension| format!("{UNNAMED}.{extension}"),
    )
}

fn extension_for(mime: Option<&str>) -> Option<&'static str> {
    let mime = mime?.split(';').next()?.trim();
    EXTENSIONS
        .iter()
        .find(|(known, _)| mime.eq_ignore_ascii_case(known))
        .map(|(_, extension)| *extension)
}

/// The MIME type that the extension of a name stands for.
pub(crate) fn mime_for(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let extension = if extension.eq_ignore_ascii_case("jpeg") {
        "jpg"
    } else {
        extension
    };
    EXTENSIONS
        .iter()
        .find(|(_, known)| extension.eq_ignore_ascii_case(known))
        .map(|(mime, _)| *mime)
}

fn is_media_extension(text: &str) -> bool {
    EXTENSIONS
        .iter()
        .any(|(_, extension)| text.eq_ignore_ascii_case(extension))
}

/// Without blanks at the start, and without blanks and dots at the end, which Windows would drop by itself.
fn trimmed(name: &str) -> &str {
    name.trim_start()
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

fn without_leading_dots(name: &str) -> String {
    let rest = name.trim_start_matches('.');
    format!("{}{rest}", "_".repeat(name.len() - rest.len()))
}

/// Windows looks only at what precedes the first dot, less its trailing blanks: `CON .tar.gz` is a console.
fn without_device_name(name: &str) -> String {
    let base = name.split('.').next().unwrap_or_default().trim_end();
    if is_device(base) {
        format!("{base}_{}", &name[base.len()..])
    } else {
        name.to_owned()
    }
}

fn is_device(base: &str) -> bool {
    DEVICES.iter().any(|device| base.eq_ignore_ascii_case(device)) || is_port(base)
}

/// `COM0` to `COM9` and `LPT0` to `LPT9`; Windows also reads the superscript digits of Latin-1.
fn is_port(base: &str) -> bool {
    let Some((letters, number)) = base.split_at_checked(3) else {
        return false;
    };
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
    let is_letters = letters.eq_ignore_ascii_case("COM") || letters.eq_ignore_ascii_case("LPT");
    is_letters && number.chars().count() == 1 && number.chars().all(is_number)
}

/// Characters that some system forbids in names, that act on a terminal, or that nobody can see.
fn is_unwelcome(c: char) -> bool {
    c.is_control() || is_forbidden(c) || is_invisible(c) || is_noncharacter(c)
}

/// `≮` and `≯` are among them because file systems that decompose names store a `<` and a `>` for them.
fn is_forbidden(c: char) -> bool {
    matches!(
        c,
        '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '≮' | '≯'
    )
}

/// Direction overrides, isolates and marks, zero-width characters, fillers, line and paragraph separators:
/// they make one name look like another, and HFS+ ignores several when it compares names.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The 66 code points that Unicode promises never to assign.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The companion's extension, with its dot: the wish, if it is one, and never the extension of the item.
fn companion_extension(wish: &str, own: &str) -> String {
    let bare = wish.trim_start_matches('.');
    let wished = if is_extension(bare) && bare.len() <= MAX_EXTENSION_BYTES {
        bare
    } else {
        "mp4"
    };
    let extension = format!(".{}", wished.nfc());
    match collision_key(own) {
        key if key != collision_key(&extension) => extension,
        key if key == ".m4v" => ".mp4".to_owned(),
        _ => ".m4v".to_owned(),
    }
}

/// The extension of an edited version, with its dot; empty if the wish is none.
fn edited_extension(wish: &str) -> String {
    let bare = wish.trim_start_matches('.');
    if is_extension(bare) && bare.len() <= MAX_EXTENSION_BYTES {
        format!(".{}", bare.nfc())
    } else {
        String::new()
    }
}

/// The longest beginning of at most `max` bytes that ends with a whole character.
fn beginning(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
pub(in crate::library) mod tests;
