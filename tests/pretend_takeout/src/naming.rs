//! How Google names the files of an export: everything is cut, forbidden characters are replaced, and what collides
//! is numbered, media and sidecars each for themselves.

use std::collections::{HashMap, hash_map};

use crate::item::Style;

/// Names are cut so that they have at most this many UTF-16 units, before a number and without `.json`'s own five.
const MOST_UNITS: usize = 51;

/// The same for a sidecar without its `.json`.
const MOST_OF_SIDECAR: usize = 46;

/// The longest folder of an album.
const MOST_OF_FOLDER: usize = 50;

/// What newer sidecars have before `.json`.
const SUFFIX: &str = ".supplemental-metadata";

/// A title as it appears in names.
pub(crate) fn replaced(title: &str) -> String {
    title
        .chars()
        .map(|c| {
            if matches!(c, '&' | '?' | '\'' | '\\' | '"' | '<' | '>' | '|' | '*' | '/') || c.is_control() {
                '_'
            } else {
                c
            }
        })
        .collect()
}

/// At most `limit` UTF-16 units; a pair that straddles the limit is kept whole.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= limit {
            return &text[..at];
        }
        units += c.len_utf16();
    }
    text
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Stem and last ending of a name, the dot with the ending.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.rfind('.').map_or((name, ""), |dot| name.split_at(dot))
}

/// The folder of an album.
pub(crate) fn album_folder(title: &str) -> String {
    let title: String = title.chars().map(|c| if c == '/' { '-' } else { c }).collect();
    cut(&replaced(&title), MOST_OF_FOLDER).to_owned()
}

/// Hands out the names of one folder.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    taken: HashMap<String, u32>,
}

/// A name in its parts: the number goes between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    front: String,
    back: String,
}

impl Shape {
    /// A media file; `extra` is the word of an edited copy, with its hyphen.
    pub(crate) fn media(stem: &str, extra: &str, ending: &str) -> Self {
        let whole = format!("{}{extra}", replaced(stem));
        let ending = replaced(ending);
        Self {
            front: cut(&whole, MOST_UNITS.saturating_sub(units(&ending))).to_owned(),
            back: ending,
        }
    }

    /// A sidecar of a title.
    pub(crate) fn sidecar(title: &str, style: Style) -> Self {
        let whole = match style {
            Style::New => replaced(title) + SUFFIX,
            Style::Old => replaced(title),
            Style::Bare => replaced(split(title).0),
        };
        Self {
            front: cut(&whole, MOST_OF_SIDECAR).to_owned(),
            back: ".json".to_owned(),
        }
    }

    /// With a number, or without one if it is 0.
    pub(crate) fn numbered(&self, number: u32) -> String {
        match number {
            0 => format!("{}{}", self.front, self.back),
            _ => format!("{}({number}){}", self.front, self.back),
        }
    }
}

impl Folder {
    /// The number that makes a name the next of its like.
    pub(crate) fn number(&mut self, shape: &Shape) -> u32 {
        loop {
            let next = self.taken.entry(shape.numbered(0)).or_default();
            let number = *next;
            *next += 1;
            // A title may itself end in a number, and be there already.
            if number == 0 {
                return number;
            }
            if let hash_map::Entry::Vacant(free) = self.taken.entry(shape.numbered(number)) {
                free.insert(1);
                return number;
            }
        }
    }

    /// Takes a name with a number that another file of the same item has.
    pub(crate) fn claim(&mut self, shape: &Shape, number: u32) -> Option<String> {
        let name = shape.numbered(number);
        if number == 0 {
            let next = self.taken.entry(name.clone()).or_default();
            let is_free = *next == 0;
            *next = (*next).max(1);
            return is_free.then_some(name);
        }
        let is_free = !self.taken.contains_key(&name);
        self.taken.insert(name.clone(), 1);
        let next = self.taken.entry(shape.numbered(0)).or_insert(0);
        let is_next = *next <= number;
        *next = (*next).max(number + 1);
        (is_free && is_next).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(title: &str, style: Style) -> (String, String) {
        let (stem, ending) = split(title);
        (
            Shape::media(stem, "", ending).numbered(0),
            Shape::sidecar(title, style).numbered(0),
        )
    }

    #[test]
    fn names_are_cut_as_seen_in_real_exports() {
        for (title, style, media, sidecar) in [
            ("photo.jpg", Style::Bare, "photo.jpg", "photo.json"),
            ("IMG_1.jpg", Style::Old, "IMG_1.jpg", "IMG_1.jpg.json"),
            (
                "20161105_170829.jpg",
                Style::New,
                "20161105_170829.jpg",
                "20161105_170829.jpg.supplemental-metadata.json",
            ),
            (
                "Screenshot_20231027_123303_Facebook.jpg",
                Style::New,
                "Screenshot_20231027_123303_Facebook.jpg",
                "Screenshot_20231027_123303_Facebook.jpg.supple.json",
            ),
            (
                "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg",
                Style::New,
                "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg",
                "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg..json",
            ),
            (
                "123123\\.JPG",
                Style::New,
                "123123_.JPG",
                "123123_.JPG.supplemental-metadata.json",
            ),
        ] {
            assert_eq!(names(title, style), (media.to_owned(), sidecar.to_owned()));
        }
        let (media, _) = names(&format!("{}.jpg", "x".repeat(80)), Style::New);
        assert_eq!(media.len(), 51);
    }

    #[test]
    fn a_pair_of_units_is_not_torn() {
        assert_eq!(cut("ab😀cd", 3), "ab😀");
        assert_eq!(cut("ab😀cd", 4), "ab😀");
        assert_eq!(cut("abc", 9), "abc");
    }

    #[test]
    fn what_collides_is_numbered() {
        let mut folder = Folder::default();
        let shape = Shape::media("a", "", ".jpg");
        assert_eq!([folder.number(&shape), folder.number(&shape)], [0, 1]);
        let own = Shape::media("a(2)", "", ".jpg");
        assert_eq!(folder.number(&own), 0);
        assert_eq!(
            folder.number(&shape),
            3,
            "the second number is another item's title"
        );
        let late = Shape::media("a(3)", "", ".jpg");
        assert_eq!(folder.number(&late), 1, "and so is this title another's third");
    }
}
