//! How Google makes the names of an export from the name under which an item was uploaded.
//!
//! Every length is in UTF-16 units: an emoji counts two, and one that straddles a limit is kept whole.

use std::borrow::Cow;

use crate::library::name_key::collision_key;

/// A name without its number, and the extension `.json` beside it, have this many units at most.
pub(super) const NAME_UNITS: usize = 51;

/// What a sidecar's name keeps of the item's name and the suffix: the rest is `.json`.
pub(super) const SIDECAR_UNITS: usize = NAME_UNITS - ".json".len();

/// What sidecars are called since late 2024, before the cut.
pub(super) const SUFFIX: &str = ".supplemental-metadata";

/// Extensions of photos and videos have two to four letters and a dot; a motion photo's may have none. A name is cut
/// to a length that depends on it.
const EXTENSION_LENGTHS: [usize; 4] = [0, 3, 4, 5];

/// A name in the two parts between which Google puts a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Split<'a> {
    pub(super) stem: Cow<'a, str>,
    /// With its dot, or empty. Whatever follows the last dot is one, be it `.11 - 1`.
    pub(super) extension: Cow<'a, str>,
}

/// Splits at the last dot, as Google does.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.rfind('.').map_or((name, ""), |dot| name.split_at(dot))
}

/// The characters that Google replaces in file names; for some of these it is proven, for the rest likely.
pub(super) fn sanitized(title: &str) -> String {
    title
        .chars()
        .map(|c| match c {
            '&' | '?' | '\'' | '\\' | '"' | '<' | '>' | '|' | '*' | '/' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect()
}

/// The beginning of a text up to `units` UTF-16 units, and the whole of the character that reaches them.
pub(super) fn cut(text: &str, units: usize) -> &str {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return &text[..at];
        }
        seen += c.len_utf16();
    }
    text
}

pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// What remains for the stem beside an extension.
pub(super) fn stem_units(extension: &str) -> usize {
    NAME_UNITS.saturating_sub(units(extension))
}

/// What is left of a stem beside each extension, in loose form, each once.
pub(super) fn cut_stems(stem: &str) -> Vec<String> {
    let mut stems: Vec<&str> = EXTENSION_LENGTHS
        .iter()
        .map(|length| cut(stem, NAME_UNITS - length))
        .collect();
    stems.dedup();
    stems.into_iter().map(loose).collect()
}

/// The name of the media file of a title, without a number.
pub(super) fn media_name(title: &str) -> Split<'static> {
    let clean = sanitized(title);
    let (stem, extension) = split(&clean);
    Split {
        stem: Cow::Owned(cut(stem, stem_units(extension)).to_owned()),
        extension: Cow::Owned(extension.to_owned()),
    }
}

/// The name of a title's sidecar, without a number and `.json`.
pub(super) fn sidecar_base(title: &str, suffix: &str) -> String {
    let whole = sanitized(title) + suffix;
    cut(&whole, SIDECAR_UNITS).to_owned()
}

/// The form in which names are compared when they may have been through other systems: blind to case and Unicode
/// form, and to which of the doubtful characters were replaced.
pub(super) fn loose(name: &str) -> String {
    let is_doubtful = |c: char| {
        matches!(
            c,
            '&' | '?' | '\'' | '\\' | '"' | '<' | '>' | '|' | '*' | '/' | '%' | '#' | ';' | '=' | ':'
        ) || c.is_control()
    };
    let key = collision_key(name);
    if !key.contains(is_doubtful) {
        return key;
    }
    key.replace(is_doubtful, "_")
}

/// A stem without the number at its end, and that number: `IMG_1(2)` is `IMG_1` and 2.
pub(super) fn numbered(stem: &str) -> Option<(&str, u32)> {
    let (before, number) = stem.strip_suffix(')')?.rsplit_once('(')?;
    let is_plain = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| number.parse().ok().map(|number| (before, number)))?
}

/// Titles are as their owners' devices wrote them; some came with entities of HTML, and a slash may have become a
/// dash.
pub(super) fn spellings(title: &str) -> Vec<Cow<'_, str>> {
    let mut spellings = vec![Cow::Borrowed(title)];
    if title.contains('&') && title.contains(';') {
        spellings.push(Cow::Owned(unescaped(title)));
    }
    if title.contains('/') {
        spellings.push(Cow::Owned(title.replace('/', "-")));
    }
    spellings
}

fn unescaped(text: &str) -> String {
    const ENTITIES: [(&str, &str); 6] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        // Last, so that nothing is unescaped twice.
        ("&amp;", "&"),
    ];
    let replace = |text: String, (entity, plain): &(&str, &str)| text.replace(entity, plain);
    ENTITIES.iter().fold(text.to_owned(), replace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_utf16_units() {
        assert_eq!(cut("abc", 2), "ab");
        assert_eq!(cut("a😀b", 2), "a😀", "what straddles the limit is kept whole");
        assert_eq!(cut("a😀b", 3), "a😀");
        let title = format!("{}.jpg", "x".repeat(60));
        assert_eq!(media_name(&title).stem.len(), 47);
        assert_eq!(media_name(&title.replace("jpg", "HEIC")).stem.len(), 46);
        assert_eq!(sidecar_base(&title, SUFFIX).len(), 46);
    }

    #[test]
    fn the_suffix_is_cut_to_what_is_left() {
        for (length, base) in [
            (43, ".su"),
            (44, ".s"),
            (45, "."),
            (46, ""),
            (24, SUFFIX),
            (25, ".supplemental-metadat"),
        ] {
            let title = "x".repeat(length - 4) + ".jpg";
            assert_eq!(sidecar_base(&title, SUFFIX), title.clone() + base, "{length}");
        }
    }

    #[test]
    fn numbers_at_the_end_of_stems() {
        for (stem, expected) in [
            ("IMG_1(2)", Some(("IMG_1", 2))),
            ("(1)", Some(("", 1))),
            ("image(3).(2)(3)", Some(("image(3).(2)", 3))),
            ("IMG_1 (2)", Some(("IMG_1 ", 2))),
            ("IMG_1(02)", None),
            ("IMG_1()", None),
            ("IMG_1(2", None),
            ("IMG_1(99999999999)", None),
            ("IMG_1(+2)", None),
        ] {
            assert_eq!(numbered(stem), expected, "{stem}");
        }
    }

    #[test]
    fn loose_names() {
        for (left, right) in [
            ("modifie\u{301}.JPG", "modifié.jpg"),
            ("John & Sally's.jpg", "John _ Sally_s.JPG"),
            ("a:b%c.jpg", "a_b_c.jpg"),
        ] {
            assert_eq!(loose(left), loose(right), "{left}");
        }
    }
}
