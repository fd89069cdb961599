//! How much room there is, and which characters and colours may be used.

use std::time::Duration;

use console::{Style, measure_text_width, truncate_str};

use crate::report::numbers::LocalClock;
use crate::report::printable::{ascii, shortened};

/// A braille dot on its way round; ten frames a second.
const UNICODE_SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ASCII_SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

/// One spinner frame lasts this long: one tick.
const FRAME_MILLIS: u128 = 100;

/// The room for one picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Canvas {
    /// Columns that may be used.
    pub(super) width: usize,
    /// Rows that may be used.
    pub(super) height: usize,
    pub(super) color: bool,
    pub(super) unicode: bool,
    pub(super) clock: LocalClock,
}

impl Canvas {
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if text.is_empty() || !self.color {
            return text.to_owned();
        }
        style.force_styling(true).apply_to(text).to_string()
    }

    pub(super) fn dim(&self, text: &str) -> String {
        self.paint(Style::new().dim(), text)
    }

    pub(super) const fn gap(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// A bar of `width` columns, `part` of `whole` filled. What lies ahead is drawn broken while the whole is not known.
    pub(super) fn bar(&self, part: u64, whole: u64, width: usize, open_end: bool) -> String {
        let filled = filled(part, whole, width);
        let (full, rest) = match (self.unicode, open_end) {
            (true, false) => ("━", "─"),
            (true, true) => ("━", "╌"),
            (false, false) => ("#", "-"),
            (false, true) => ("#", "."),
        };
        let head = self.paint(Style::new().green(), &full.repeat(filled));
        head + &self.dim(&rest.repeat(width - filled))
    }

    pub(super) fn spinner(&self, elapsed: Duration) -> String {
        let frames: &[&str] = if self.unicode {
            &UNICODE_SPINNER
        } else {
            &ASCII_SPINNER
        };
        let frame = usize::try_from(elapsed.as_millis() / FRAME_MILLIS % frames.len() as u128).unwrap_or(0);
        self.paint(Style::new().cyan(), frames[frame])
    }

    /// A text from outside, already harmless, in `width` columns: shortened in the middle, filled with spaces.
    pub(super) fn cell(&self, text: &str, width: usize) -> String {
        let text = if self.unicode {
            shortened(text, width, self.gap())
        } else {
            shortened(&ascii(text), width, self.gap())
        };
        let fill = width.saturating_sub(measure_text_width(&text));
        text + &" ".repeat(fill)
    }

    /// The first of several wordings that fits, from the fullest to the shortest.
    pub(super) fn fitting(&self, mut wordings: Vec<String>) -> String {
        let fits = wordings
            .iter()
            .position(|wording| measure_text_width(wording) <= self.width);
        wordings.swap_remove(fits.unwrap_or(wordings.len() - 1))
    }

    /// A line that fits, cut at its end if it must be. Our own words are put into ASCII where nothing else is known.
    pub(super) fn fit(&self, line: &str) -> String {
        let line = if self.unicode {
            line.to_owned()
        } else {
            ascii(&line.replace('—', "-").replace('…', "..."))
        };
        truncate_str(&line, self.width, self.gap()).into_owned()
    }
}

fn filled(part: u64, whole: u64, width: usize) -> usize {
    let filled = (u128::from(part) * width as u128)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    usize::try_from(filled).unwrap_or(width).min(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(color: bool, unicode: bool) -> Canvas {
        Canvas {
            width: 20,
            height: 10,
            color,
            unicode,
            clock: |t| t.fixed_offset(),
        }
    }

    #[test]
    fn a_bar_is_full_only_at_the_end() {
        let bars = [(0, 3), (1, 3), (2_999, 3_000), (3, 3), (9, 3), (0, 0)]
            .map(|(part, whole)| canvas(false, false).bar(part, whole, 6, false));
        assert_eq!(bars, ["------", "##----", "#####-", "######", "######", "------"]);
    }

    #[test]
    fn the_two_halves_of_a_bar_differ_without_colour() {
        assert_eq!(canvas(false, true).bar(1, 2, 4, false), "━━──");
        assert_eq!(canvas(false, true).bar(1, 2, 4, true), "━━╌╌");
    }

    #[test]
    fn ascii_terminals_get_ascii() {
        let canvas = canvas(false, false);
        let parts = [
            canvas.spinner(Duration::from_millis(250)),
            canvas.cell("Übergröße.jpg", 8),
            canvas.fit("a — b…"),
        ];
        assert_eq!(parts, ["-", "?be...pg", "a - b..."]);
    }

    #[test]
    fn lines_are_cut_to_the_width() {
        let line = canvas(true, true).fit(&canvas(true, true).dim(&"x".repeat(50)));
        assert_eq!(measure_text_width(&line), 20);
    }
}
