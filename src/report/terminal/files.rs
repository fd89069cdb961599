//! The lines of the files in flight, in columns that line up.

use std::time::Duration;

use console::{Style, measure_text_width};

use super::canvas::Canvas;
use super::screen::more;
use crate::pipeline::summary::Bucket;
use crate::report::numbers::{bytes, bytes_of, rate};
use crate::report::printable::printable;
use crate::report::progress::{FileState, FileView};
use crate::report::wording;

/// `812/999 MB` and the like.
const AMOUNT_WIDTH: usize = 13;

/// `12.3 MB/s` and the like.
const RATE_WIDTH: usize = 9;

/// Wide enough to see a photo grow.
const BAR_WIDTH: usize = 12;

/// A name in fewer columns cannot be told from its neighbours.
const LEAST_NAME: usize = 14;

/// `IMG_20230102_123456.jpg`: what most names are like.
const WHOLE_NAME: usize = 23;

/// Cameras and phones make names of up to about thirty characters; more room would only part them from their numbers.
/// The column has one width whatever the names are, so that nothing jumps when they change.
const MOST_NAME: usize = 30;

/// Which columns there are, and how wide the name may be.
#[derive(Clone, Copy, Debug)]
struct Columns {
    name: usize,
    bar: bool,
    amount: bool,
    rate: bool,
}

impl Columns {
    /// The richest set that leaves room for the names. A bar has to leave room for most of them in full.
    fn for_width(width: usize) -> Self {
        let sets = [
            ((true, true, true), WHOLE_NAME),
            ((false, true, true), LEAST_NAME),
            ((false, true, false), LEAST_NAME),
        ];
        let fitting = sets.into_iter().find(|&(set, name)| width >= taken(set) + name);
        let (bar, amount, rate) = fitting.map_or((false, false, false), |(set, _)| set);
        let room = width.saturating_sub(taken((bar, amount, rate)));
        Self {
            name: room.min(MOST_NAME),
            bar,
            amount,
            rate,
        }
    }
}

/// The columns beside the name, with the margin and the gaps.
const fn taken((bar, amount, rate): (bool, bool, bool)) -> usize {
    let bar = if bar { BAR_WIDTH + 2 } else { 0 };
    let amount = if amount { AMOUNT_WIDTH + 2 } else { 0 };
    let rate = if rate { RATE_WIDTH + 2 } else { 0 };
    2 + bar + amount + rate
}

/// At most `room` lines.
pub(super) fn file_lines(files: &[FileView], canvas: &Canvas, room: usize, elapsed: Duration) -> Vec<String> {
    let spinner = &canvas.spinner(elapsed);
    let shown = if files.len() > room {
        room.saturating_sub(1)
    } else {
        files.len()
    };
    let (shown, hidden) = files.split_at(shown);
    let columns = Columns::for_width(canvas.width);
    let mut lines: Vec<_> = shown
        .iter()
        .map(|file| line(file, columns, canvas, spinner))
        .collect();
    if !hidden.is_empty() && room > 0 {
        lines.push(more(hidden.len(), canvas));
    }
    lines
}

fn line(file: &FileView, columns: Columns, canvas: &Canvas, spinner: &str) -> String {
    match &file.state {
        FileState::Open => {
            // A bar moves by itself; what has none shows otherwise that somebody is at work.
            let margin = if file.length.is_none() || file.got == 0 {
                spinner
            } else {
                " "
            };
            let name = canvas.cell(&printable(&file.name), columns.name);
            format!("{margin} {name}{}", numbers(file, columns, canvas))
        }
        FileState::Retrying(retry) => {
            let why = format!("retry {}: {}", wording::soon(retry.left), printable(&retry.error));
            let name = name_beside(file, &why, columns, canvas);
            format!("  {name}  {}", canvas.paint(Style::new().yellow(), &why))
        }
        FileState::Finished(bucket) => finished(file, *bucket, columns, canvas),
    }
}

/// The name in its column, which gives way to `words` where both cannot have what they want.
fn name_beside(file: &FileView, words: &str, columns: Columns, canvas: &Canvas) -> String {
    let room = canvas.width.saturating_sub(measure_text_width(words) + 4);
    canvas.cell(&printable(&file.name), columns.name.min(room.max(LEAST_NAME)))
}

fn finished(file: &FileView, bucket: Bucket, columns: Columns, canvas: &Canvas) -> String {
    let (style, words) = match bucket {
        Bucket::Stored => (Style::new().green(), format!("stored, {}", bytes(file.got))),
        Bucket::Failed => (Style::new().red(), "failed".to_owned()),
        Bucket::Unavailable => (Style::new().yellow(), "unavailable".to_owned()),
        other => (Style::new().dim(), other.word().to_owned()),
    };
    let name = name_beside(file, &words, columns, canvas);
    format!("  {}  {}", canvas.dim(&name), canvas.paint(style, &words))
}

fn numbers(file: &FileView, columns: Columns, canvas: &Canvas) -> String {
    let bar = columns.bar.then(|| {
        let bar = file
            .length
            .map(|length| canvas.bar(file.got, length, BAR_WIDTH, false));
        format!("  {}", bar.unwrap_or_else(|| " ".repeat(BAR_WIDTH)))
    });
    let amount = columns.amount.then(|| {
        let amount = file
            .length
            .map_or_else(|| bytes(file.got), |length| bytes_of(file.got, length));
        format!("  {amount:>AMOUNT_WIDTH$}")
    });
    let speed = columns.rate.then(|| {
        let speed = file.rate.filter(|_| file.got > 0).map_or_else(String::new, rate);
        format!("  {speed:>RATE_WIDTH$}")
    });
    let columns: String = [bar, amount, speed].into_iter().flatten().collect();
    columns.trim_end().to_owned()
}
