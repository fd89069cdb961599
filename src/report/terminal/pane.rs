//! The bottom of the terminal, as indicatif draws on it.
//!
//! indicatif fills each line with spaces so that the terminal wraps it, and remembers how many lines it drew. When a
//! window changes its width, terminals then join or split those lines, and the next drawing eats what stood above or
//! leaves pieces behind. The pane ends its lines itself, remembers their widths, and finds its first line by the width of
//! now. It writes each picture in one piece.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console::measure_text_width;
use indicatif::TermLike;

/// Rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Asks the terminal for its size; asked for each picture.
pub type SizeOf = Arc<dyn Fn() -> Size + Send + Sync>;

/// Erases from the cursor to the end of its line.
const CLEAR_LINE_END: &str = "\x1b[K";

/// Erases from the cursor to the end of the screen.
const CLEAR_BELOW: &str = "\x1b[J";

/// Where pictures and lines go. Errors are dropped: a terminal that went away must not end a run.
#[derive(Clone)]
pub(super) struct Out(Arc<Mutex<Box<dyn Write + Send>>>);

impl Out {
    pub(super) fn new(out: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(out)))
    }

    pub(super) fn write(&self, text: &[u8]) {
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(text).and_then(|()| out.flush());
    }
}

/// The part of the terminal that is drawn over and over.
pub(super) struct Pane {
    out: Out,
    size: SizeOf,
    picture: Mutex<Picture>,
}

#[derive(Default)]
struct Picture {
    /// The widths of the lines on the screen.
    drawn: Vec<usize>,
    /// The picture being made, if one is.
    next: Option<Next>,
}

#[derive(Default)]
struct Next {
    text: String,
    widths: Vec<usize>,
    /// indicatif gives each line and then the spaces behind it: is it time for the spaces?
    filler: bool,
}

impl Pane {
    pub(super) fn new(out: Out, size: SizeOf) -> Self {
        Self {
            out,
            size,
            picture: Mutex::default(),
        }
    }

    fn picture(&self) -> MutexGuard<'_, Picture> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks that a picture begins.
    fn begin(&self) {
        self.picture().next.get_or_insert_default();
    }
}

impl Picture {
    fn line(&mut self, line: &str) {
        let next = self.next.get_or_insert_default();
        if std::mem::replace(&mut next.filler, true) {
            next.filler = false;
            return;
        }
        if !next.widths.is_empty() {
            next.text.push_str("\r\n");
        }
        next.widths.push(measure_text_width(line));
        next.text.push_str(line);
        next.text.push_str(CLEAR_LINE_END);
    }

    /// What to write so that the terminal shows the next picture in the place of the last.
    fn turn(&mut self, width: usize) -> Option<String> {
        let next = self.next.take()?;
        if next.widths.is_empty() && self.drawn.is_empty() {
            return None;
        }
        let above: usize = self
            .drawn
            .iter()
            .map(|drawn| drawn.div_ceil(width.max(1)).max(1))
            .sum();
        self.drawn = next.widths;
        let up = match above.saturating_sub(1) {
            0 => String::new(),
            rows => format!("\x1b[{rows}A"),
        };
        Some(format!("{up}\r{}{CLEAR_BELOW}", next.text))
    }
}

impl fmt::Debug for Pane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pane")
            .field("size", &(self.size)())
            .finish_non_exhaustive()
    }
}

/// indicatif begins a picture by moving and clearing, writes its lines, and flushes. Where the cursor has to go is
/// known better here, so moves only mark the beginning.
impl TermLike for Pane {
    fn width(&self) -> u16 {
        (self.size)().width
    }

    fn height(&self) -> u16 {
        (self.size)().height
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        let mut picture = self.picture();
        picture.line(line);
        picture.line("");
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.picture().line(text);
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let text = self.picture().turn((self.size)().width.into());
        if let Some(text) = text {
            self.out.write(text.as_bytes());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sink, glass};

    fn pane(sink: &Sink, width: &Arc<Mutex<u16>>) -> Pane {
        let width = Arc::clone(width);
        let size = move || Size {
            width: *width.lock().unwrap(),
            height: 10,
        };
        Pane::new(Out::new(Box::new(sink.clone())), Arc::new(size))
    }

    fn contents(text: &str) -> String {
        let mut glass = glass(20, 10);
        glass.process(text.as_bytes());
        glass.screen().contents()
    }

    fn draw(pane: &Pane, lines: &[&str]) {
        pane.move_cursor_up(3).unwrap();
        pane.clear_line().unwrap();
        for line in lines {
            pane.write_str(line).unwrap();
            pane.write_str("     ").unwrap();
        }
        pane.flush().unwrap();
    }

    #[test]
    fn a_picture_takes_the_place_of_the_last() {
        let sink = Sink::default();
        let pane = pane(&sink, &Arc::new(Mutex::new(20)));
        draw(&pane, &["one", "two"]);
        draw(&pane, &["three"]);
        assert_eq!(contents(&sink.text()), "three");
    }

    #[test]
    fn a_narrowed_window_has_more_rows_to_replace() {
        let (sink, width) = (Sink::default(), Arc::new(Mutex::new(20)));
        let pane = pane(&sink, &width);
        draw(&pane, &["a line of 18 colum", "short"]);
        *width.lock().unwrap() = 8;
        draw(&pane, &["x"]);
        // 18 columns became three rows, and the cursor stands in the fourth.
        assert!(
            sink.text().ends_with("\x1b[3A\rx\x1b[K\x1b[J"),
            "{:?}",
            sink.text()
        );
    }

    #[test]
    fn drawing_nothing_on_nothing_writes_nothing() {
        let sink = Sink::default();
        let pane = pane(&sink, &Arc::new(Mutex::new(20)));
        draw(&pane, &[]);
        assert_eq!(sink.text(), "");
    }
}
