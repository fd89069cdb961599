//! When two file names are the same name, and which names may ever meet.
//!
//! Pure string functions: no file system is asked. What a name must look like to be written at all is
//! `safe_name`'s business; who keeps a contested name is `layout`'s.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// What separates a stem from the tag of an item that could not keep its natural name: `stem-gphotosync-x.ext`.
///
/// It has its only hyphen-minus at the front, so no occurrence overlaps another: whatever precedes an
/// appended marker, the first occurrence in the result is either one that was there before or the new one.
/// [`family_key`] relies on that.
pub(crate) const MARKER: &str = "-gphotosync";

/// What stands between the stem and the extension of an edited version: `stem-edited.ext`, in every language.
pub(crate) const EDITED: &str = "-edited";

/// The longest extension that counts as one, in bytes and without its dot. Longer "extensions" are
/// sentences with a full stop in them; the longest one photographs really have is about half of this.
pub(crate) const MAX_EXTENSION_BYTES: usize = 16;

/// Families are told apart by this many bytes of their folded stem.
///
/// Folding never shrinks a text to less than half its bytes, and a tagged name keeps at least
/// `safe_name::KEPT_STEM_BYTES` (64) of its stem, less at most 3 to end on a whole character:
/// (64 - 3) / 2 > 30. So what a cut removes lies beyond what a family looks at.
pub(super) const FAMILY_BYTES: usize = 30;

/// The form in which names are compared: two names collide exactly when their keys are equal.
///
/// Guarantees: equal for names that differ only in case or in Unicode form (NFC, NFD); idempotent;
/// independent of the platform and its locale. It is coarser than any one file system: `ß` and `ss`,
/// `ı` and `i`, `ſ` and `s` collide, as some file systems hold them equal, and an unneeded tag costs
/// less than an overwritten photo. Compatibility forms (`ﷺ`, `①`) stay apart.
///
/// The tables follow the Unicode version of the build; compute keys anew rather than storing them.
pub(crate) fn collision_key(name: &str) -> String {
    let folded = folded(name);
    if folded.is_ascii() {
        // Composed as it is.
        return folded;
    }
    folded.nfc().collect()
}

/// A key shared by all names that may ever meet: the folded stem up to its first [`MARKER`], without any [`EDITED`] at
/// its end, cut to [`FAMILY_BYTES`].
///
/// Guarantees: names with equal [`collision_key`]s have equal family keys, and every name an item can get
/// has the family key of its natural name (`safe_name` sees to that where it cuts). So items of different
/// families never collide, and a family can be arranged without looking at the rest of its folder.
pub(crate) fn family_key(name: &str) -> String {
    let folded = folded(name);
    let (stem, _) = split_extension(&folded);
    let untagged = stem.split_once(MARKER).map_or(stem, |(before, _)| before);
    whole_characters(untagged.trim_end_matches(EDITED), FAMILY_BYTES).to_owned()
}

/// Splits a name into stem and extension, the latter with its dot, or empty if there is none.
///
/// An extension is what follows the last dot, if that is short and, once folded, ASCII letters and digits
/// only. Deciding on the folded form makes the split the same for all names that collide.
pub(crate) fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if is_extension(&name[dot + 1..]) => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Whether this text, without a dot, can be an extension.
pub(crate) fn is_extension(text: &str) -> bool {
    let key = collision_key(text);
    (1..=MAX_EXTENSION_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Case folded and canonically decomposed, repeated until nothing changes any more.
///
/// Characters are folded one by one, without regard to their neighbours (no final sigma rule), so that the
/// folded form of a beginning is the beginning of the folded form, up to its last base character.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let mut current: String = name.nfd().collect();
    loop {
        let next: String = current.chars().flat_map(fold).nfd().collect();
        if next == current {
            return current;
        }
        current = next;
    }
}

/// By way of the upper case, which is what unites `ς` with `σ` and `ß` with `ss`.
fn fold(character: char) -> impl Iterator<Item = char> {
    character.to_uppercase().flat_map(char::to_lowercase)
}

/// The longest beginning of at most `max` bytes that does not separate a mark from its base character.
fn whole_characters(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let starts = text.char_indices().take_while(|(at, _)| *at <= max);
    let end = starts
        .filter(|(_, character)| canonical_combining_class(*character) == 0)
        .last();
    &text[..end.map_or(0, |(at, _)| at)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_equal_but_for_case_or_form_share_a_key() {
        let same = [
            ("IMG_1.JPG", "img_1.jpg"),
            ("é.jpg", "e\u{301}.jpg"),
            ("É.jpg", "e\u{301}.JPG"),
            ("Straße.jpg", "STRASSE.jpg"),
            ("STRAẞE.jpg", "straße.jpg"),
            ("İzmir.jpg", "i\u{307}zmir.jpg"),
            ("ΟΔΟΣ.jpg", "οδος.jpg"),
            ("οδος.jpg", "οδοσ.jpg"),
            ("\u{212A}.jpg", "k.jpg"),
            ("ᾳ.jpg", "ᾼ.jpg"),
            ("ǰ.jpg", "J\u{30C}.jpg"),
            ("한.jpg", "\u{1112}\u{1161}\u{11AB}.jpg"),
            ("a\u{323}\u{301}.jpg", "a\u{301}\u{323}.jpg"),
        ];
        for (left, right) in same {
            assert_eq!(collision_key(left), collision_key(right), "{left} and {right}");
        }
    }

    #[test]
    fn names_that_differ_otherwise_keep_different_keys() {
        for (left, right) in [
            ("a.jpg", "b.jpg"),
            ("①.jpg", "1.jpg"),
            ("é.jpg", "e.jpg"),
            ("ﷺ", "صلى"),
            ("a", "a "),
        ] {
            assert_ne!(collision_key(left), collision_key(right), "{left} and {right}");
        }
    }

    #[test]
    fn tags_do_not_change_the_family() {
        let tagged = [
            "IMG_1.jpg",
            "img_1-gphotosync-fc.jpg",
            "IMG_1-gphotosync-a-gphotosync-b.MP4",
            "IMG_1-gphotosync",
            "IMG_1-edited.jpg",
            "IMG_1-edited-Edited.jpg",
            "IMG_1-gphotosync-fc-edited.jpg",
        ];
        for name in tagged {
            assert_eq!(family_key(name), "img_1", "{name}");
        }
        assert_ne!(family_key("IMG_1.jpg"), family_key("IMG_2.jpg"));
    }

    #[test]
    fn an_extension_is_short_and_plain() {
        assert_eq!(split_extension("a.b.JPG"), ("a.b", ".JPG"));
        assert_eq!(split_extension("Dr. No was here"), ("Dr. No was here", ""));
        assert_eq!(
            split_extension("a.12345678901234567"),
            ("a.12345678901234567", "")
        );
        assert_eq!(split_extension("a."), ("a.", ""));
        assert_eq!(
            split_extension("a.ſſ"),
            ("a", ".ſſ"),
            "as for a.ss, with which it collides"
        );
    }

    /// The two facts about Unicode that the family guarantee rests on, checked for every character of the
    /// planes that have letters with case, or that decompose other than to a single character.
    #[test]
    fn no_character_folds_to_less_than_half_its_bytes_or_yields_a_dot_or_hyphen() {
        for character in ('\u{80}'..='\u{1FFFF}').filter(|c| c.to_string().nfc().eq([*c])) {
            let key = folded(&character.to_string());
            assert!(
                key.len() * 2 >= character.len_utf8(),
                "{character:?} becomes {key:?}"
            );
            assert!(!key.contains(['.', '-', '/']), "{character:?} becomes {key:?}");
        }
    }

    proptest! {
        #[test]
        fn keys_are_stable_and_blind_to_case_and_form(name in "\\PC{0,40}") {
            let key = collision_key(&name);
            prop_assert_eq!(&collision_key(&key), &key);
            // The case is changed in the decomposed form, where no iota subscript has marks behind it that
            // the letter it becomes would take over.
            let decomposed: String = name.nfd().collect();
            for same in [&decomposed, &decomposed.to_uppercase(), &decomposed.to_lowercase()] {
                prop_assert_eq!(&collision_key(same), &key);
            }
            prop_assert_eq!(family_key(&key), family_key(&name));
            prop_assert!(family_key(&name).len() <= FAMILY_BYTES);
        }
    }
}
