//! The picture of a run: a pure function from a view and the room there is to lines that fit.
//!
//! From top to bottom: files in flight, what holds the run up, the listing, the whole. The line for the whole is the
//! last one, so that it stays in its place while files come and go.

use console::{Style, measure_text_width};

use super::canvas::Canvas;
use super::files::file_lines;
use crate::report::numbers::{bytes, clock_time, count, countdown, percent, rate};
use crate::report::progress::{Listing, View};
use crate::report::wording;

/// Between two columns.
const GAP: &str = "  ";

/// A bar shorter than this says nothing; longer than that it only pushes the numbers away.
const BAR: std::ops::RangeInclusive<usize> = 8..=36;

/// All lines of one picture, none wider than the canvas, not more than it is high.
pub(super) fn compose(view: &View, canvas: &Canvas) -> Vec<String> {
    if let Some(delay) = view.delay {
        let line = format!("Starting in {}", countdown(delay));
        return vec![canvas.fit(&format!("{} {line}", canvas.spinner(view.elapsed)))];
    }
    let mut foot = hindrances(view, canvas);
    match view.indexing {
        Some(read) => foot.extend(indexing(view, read, canvas)),
        None => foot.extend(listing(view, canvas)),
    }
    if view.tending {
        let text = format!("{}{}", capitalised(wording::TENDING), canvas.gap());
        foot.push(format!("{} {text}", canvas.spinner(view.elapsed)));
    }
    if view.indexing.is_none() && (view.found > 0 || view.listing == Listing::Done) {
        foot.push(whole(view, canvas));
    }
    let surplus = foot.len().saturating_sub(canvas.height);
    foot.drain(..surplus);
    let mut lines = file_lines(&view.files, canvas, canvas.height - foot.len(), view.elapsed);
    lines.extend(foot);
    lines.iter().map(|line| canvas.fit(line)).collect()
}

/// What keeps the run from going on, or from going on for long.
fn hindrances(view: &View, canvas: &Canvas) -> Vec<String> {
    [pause(view, canvas), still(view), draining(view)]
        .into_iter()
        .flatten()
        .map(|wordings| canvas.paint(Style::new().yellow(), &canvas.fitting(wordings)))
        .collect()
}

fn pause(view: &View, canvas: &Canvas) -> Option<Vec<String>> {
    let pause = view.pause.as_ref()?;
    let left = countdown(pause.left);
    let until = clock_time((canvas.clock)(pause.until), pause.left);
    Some(vec![
        wording::pause(pause, canvas.clock),
        format!("Paused: {left} left, until {until}"),
        format!("Paused: {left}"),
    ])
}

fn still(view: &View) -> Option<Vec<String>> {
    let full = wording::still(view)?;
    Some(vec![
        capitalised(&full),
        format!("Still for {}", countdown(view.still)),
    ])
}

fn draining(view: &View) -> Option<Vec<String>> {
    let drain = view.draining.as_ref()?;
    let left = countdown(drain.left);
    Some(vec![
        wording::draining(view, drain),
        format!("Stopping, at most {left} more"),
        format!("Stopping: {left}"),
    ])
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What archives hold is found out before anything is listed.
fn indexing(view: &View, (read, total): (u64, u64), canvas: &Canvas) -> [String; 2] {
    let text = if read < total {
        "Looking through the archives".to_owned()
    } else {
        capitalised(wording::UNDERSTANDING)
    };
    let column = |text: String, expendable| Column { text, expendable };
    let percent = format!("{:>3} %", percent(read, total));
    let amount = format!("{}/{}", bytes(read), bytes(total));
    let mut columns = vec![
        column(canvas.paint(Style::new().bold(), &percent), 0),
        column(amount, 4),
    ];
    columns.extend(view.eta.as_ref().map(|eta| column(wording::eta(eta), 3)));
    let title = format!("{} {text}{}", canvas.spinner(view.elapsed), canvas.gap());
    [title, with_bar(columns, (read, total), false, canvas)]
}

fn listing(view: &View, canvas: &Canvas) -> Option<String> {
    let text = match view.listing {
        _ if view.sized.is_some() => return None,
        Listing::Done => return None,
        Listing::Begun => format!("Asking for the list{}", canvas.gap()),
        Listing::Running => format!("Listing{} {} found", canvas.gap(), count(view.found)),
    };
    let retry = view.listing_retry.as_ref().map_or_else(String::new, |retry| {
        let text = format!("; {}", wording::listing_retry(retry));
        canvas.paint(Style::new().yellow(), &text)
    });
    Some(format!("{} {text}{retry}", canvas.spinner(view.elapsed)))
}

/// A column of the line for the whole, and how soon it has to go when there is no room for all: 0 stays longest.
struct Column {
    text: String,
    expendable: u8,
}

/// The line for the whole run.
fn whole(view: &View, canvas: &Canvas) -> String {
    let is_open = view.listing != Listing::Done && view.sized.is_none();
    with_bar(columns(view, canvas), reached(view), is_open, canvas)
}

/// How far the run has come, and what that is a part of: bytes where they are known beforehand, else items.
fn reached(view: &View) -> (u64, u64) {
    view.sized.unwrap_or((view.done, view.found))
}

/// Columns leave one by one until the rest fits; the bar takes what room is left.
fn with_bar(mut columns: Vec<Column>, (part, whole): (u64, u64), open_end: bool, canvas: &Canvas) -> String {
    let taken = |columns: &[Column]| -> usize {
        columns
            .iter()
            .map(|column| measure_text_width(&column.text) + GAP.len())
            .sum()
    };
    while taken(&columns) > canvas.width + GAP.len() && columns.len() > 1 {
        let last = columns.iter().map(|column| column.expendable).max();
        columns.retain(|column| Some(column.expendable) != last);
    }
    // The bar is worth more than the columns that only add comfort.
    while taken(&columns) + BAR.start() > canvas.width && columns.iter().any(|column| column.expendable > 3) {
        let last = columns.iter().map(|column| column.expendable).max();
        columns.retain(|column| Some(column.expendable) != last);
    }
    let room = canvas.width.saturating_sub(taken(&columns)).min(*BAR.end());
    let mut parts: Vec<_> = columns.into_iter().map(|column| column.text).collect();
    if BAR.contains(&room) {
        parts.insert(0, canvas.bar(part, whole, room, open_end));
    }
    parts.join(GAP)
}

fn columns(view: &View, canvas: &Canvas) -> Vec<Column> {
    let column = |text: String, expendable| Column { text, expendable };
    let bold = Style::new().bold();
    let done = format!("{}/{}", count(view.done), count(view.found));
    let mut columns = Vec::new();
    if (view.listing == Listing::Done || view.sized.is_some()) && view.found > 0 {
        let (part, whole) = reached(view);
        let percent = format!("{:>3} %", percent(part, whole));
        columns.push(column(canvas.paint(bold.clone(), &percent), 4));
    }
    columns.push(column(canvas.paint(bold, &done), 0));
    match view.sized {
        Some((part, whole)) => columns.push(column(format!("{}/{}", bytes(part), bytes(whole)), 5)),
        None if view.bytes > 0 => columns.push(column(bytes(view.bytes), 5)),
        None => {}
    }
    if let Some(speed) = view.rate.filter(|&rate| rate > 0 && view.pause.is_none()) {
        columns.push(column(rate(speed), 2));
    }
    columns.extend(view.eta.as_ref().map(|eta| column(wording::eta(eta), 3)));
    columns.extend(wording::problems(view).map(|text| column(canvas.paint(Style::new().red(), &text), 1)));
    columns
}

/// The line in place of files there is no room for.
pub(super) fn more(hidden: usize, canvas: &Canvas) -> String {
    canvas.dim(&format!("  {} and {hidden} more", canvas.gap()))
}

#[cfg(test)]
mod tests;
