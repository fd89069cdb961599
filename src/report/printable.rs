//! Text from outside, made safe and short enough for a terminal.
//!
//! Names, error texts and reasons come from servers and archives: none of them may move the cursor, reorder the
//! line, or hide a part of itself. This is about showing only; what a file is called on disk is decided elsewhere.

use std::borrow::Cow;

use console::measure_text_width;

/// Stands for every character that may not reach a terminal.
const REPLACEMENT: char = '\u{fffd}';

/// More than anybody reads; it also bounds what a name made of zero-width marks can cost.
const MOST_CHARS: usize = 1000;

/// One line of text without control, formatting and direction characters.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().take(MOST_CHARS + 1).count() <= MOST_CHARS && !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(MOST_CHARS).map(harmless).collect())
}

/// The same for text that may have several lines; line ends stay.
pub(crate) fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

fn harmless(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => ' ',
        c if is_hostile(c) => REPLACEMENT,
        c => c,
    }
}

/// Control characters (C0, C1), line separators, direction marks, invisible format characters and tags. The
/// zero-width joiner is one of them in name only: without it, emoji of families fall apart.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` in at most `width` columns. What is left out is taken from the middle, so that a file name keeps both its
/// beginning and its extension.
pub(crate) fn shortened(text: &str, width: usize, gap: &str) -> String {
    if measure_text_width(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(measure_text_width(gap));
    if room < 4 {
        return taken(text.chars(), width);
    }
    let tail: String = taken(text.chars().rev(), room / 2).chars().rev().collect();
    let head = taken(text.chars(), room - measure_text_width(&tail));
    format!("{head}{gap}{tail}")
}

/// As many characters as fit into `width` columns.
fn taken(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += columns(*c);
            used <= width
        })
        .collect()
}

fn columns(c: char) -> usize {
    measure_text_width(c.encode_utf8(&mut [0; 4]))
}

/// Text for terminals whose character set is not Unicode.
pub(crate) fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass_untouched() {
        for name in ["IMG_0001.jpg", "Über Straße.jpeg", "写真 1.png", "👨‍👩‍👧.mp4"] {
            assert!(
                matches!(printable(name), Cow::Borrowed(same) if same == name),
                "{name}"
            );
        }
    }

    #[test]
    fn no_control_or_direction_character_survives() {
        let hostile = "a\x1b[2Jb\u{202e}gpj.exe\u{9b}31m\u{200b}\u{2066}\u{e0041}\n\tc";
        assert_eq!(
            printable(hostile),
            "a\u{fffd}[2Jb\u{fffd}gpj.exe\u{fffd}31m\u{fffd}\u{fffd}\u{fffd}  c"
        );
        assert_eq!(printable_lines("one\x07\ntwo"), "one\u{fffd}\ntwo");
    }

    #[test]
    fn endless_names_end() {
        assert_eq!(printable(&"a\u{301}".repeat(100_000)).chars().count(), MOST_CHARS);
    }

    #[test]
    fn long_names_keep_their_extension() {
        assert_eq!(shortened("VID_20230102_123456.mp4", 15, "…"), "VID_202…456.mp4");
        assert_eq!(shortened("short.jpg", 15, "…"), "short.jpg");
        assert_eq!(shortened("abcdef", 3, "…"), "abc");
    }

    #[test]
    fn wide_characters_count_twice() {
        let name = "写真写真写真写真写真.jpg";
        for width in 0..30 {
            assert!(
                measure_text_width(&shortened(name, width, "…")) <= width,
                "{width}"
            );
        }
    }
}
