//! The sentences that the reporters for people share.

use std::time::Duration;

use crate::media::MediaItem;
use crate::pipeline::summary::Outcome;
use crate::report::numbers::{self, LocalClock, bytes, clock_time, count, countdown, counted, estimate};
use crate::report::printable::printable;
use crate::report::progress::{
    DrainView, Eta, FileState, FileView, Listing, PauseView, RetryView, STILL_AFTER, View, Work,
};
use crate::report::{Event, PauseCause};

/// Why nobody sends anything, as the start of a sentence.
pub(crate) const fn pause_cause(cause: PauseCause) -> &'static str {
    match cause {
        PauseCause::DailyQuota => "Google's quota for today is used up",
        PauseCause::Throttled => "Google asked to slow down (quota)",
        PauseCause::ServerTrouble => "Google's servers have trouble",
        PauseCause::Unreachable => "Google cannot be reached",
    }
}

/// `Google asked to slow down (quota) — 42 s left, until 14:03:20`
pub(crate) fn pause(pause: &PauseView, clock: LocalClock) -> String {
    let cause = pause_cause(pause.cause);
    if pause.left.is_zero() {
        return format!("{cause} — going on");
    }
    let until = clock_time(clock(pause.until), pause.left);
    format!("{cause} — {} left, until {until}", countdown(pause.left))
}

/// `Stopping: 3 files are being finished (at most 28 s more); Ctrl-C again stops now`
pub(crate) fn draining(view: &View, drain: &DrainView) -> String {
    let in_flight = view.in_flight().min(drain.in_flight);
    format!(
        "Stopping: {} in flight, at most {} more; Ctrl-C again stops now",
        counted(in_flight as u64, "file"),
        countdown(drain.left)
    )
}

/// What is being waited for, once nothing has moved for a while.
pub(crate) fn still(view: &View) -> Option<String> {
    let is_reading = view.indexing.is_none_or(|(read, total)| read < total);
    let moves = is_reading && !view.tending && view.pause.is_none() && view.delay.is_none();
    let silent = moves && view.still >= STILL_AFTER;
    silent.then(|| {
        format!(
            "nothing moved for {}: {}",
            countdown(view.still),
            still_cause(view)
        )
    })
}

fn still_cause(view: &View) -> String {
    if view.indexing.is_some() {
        return "waiting for the disk that the archives are on".to_owned();
    }
    if let Some(retry) = &view.listing_retry {
        return listing_retry(retry);
    }
    let retrying = view.files.iter().find_map(|file| match &file.state {
        FileState::Retrying(retry) => Some((file, retry)),
        _ => None,
    });
    if let Some((file, retry)) = retrying {
        return format!("{} {}", printable(&file.name), file_retry(retry));
    }
    let mut open = view
        .files
        .iter()
        .filter(|file| matches!(file.state, FileState::Open));
    match (open.next(), view.listing) {
        (Some(file), _) => no_byte(file, open.count()),
        (None, Listing::Begun) => "waiting for the first page of the list".to_owned(),
        (None, Listing::Running) => "waiting for the next page of the list".to_owned(),
        (None, Listing::Done) => "waiting for the disk to keep what was fetched".to_owned(),
    }
}

fn no_byte(file: &FileView, others: usize) -> String {
    let name = printable(&file.name);
    match others {
        0 => format!("no byte of {name} comes"),
        _ => format!(
            "no byte of {name} or {} comes",
            counted(others as u64, "other file")
        ),
    }
}

/// `is tried again in 3 s (attempt 2 failed: connection reset)`
pub(crate) fn file_retry(retry: &RetryView) -> String {
    let error = printable(&retry.error);
    format!(
        "is tried again {} (attempt {} failed: {error})",
        soon(retry.left),
        retry.attempt
    )
}

/// The same for a page of the list.
pub(crate) fn listing_retry(retry: &RetryView) -> String {
    let error = printable(&retry.error);
    format!(
        "the list is asked for again {} (attempt {} failed: {error})",
        soon(retry.left),
        retry.attempt
    )
}

/// `in 3 s`, or `now`.
pub(crate) fn soon(left: Duration) -> String {
    if left.is_zero() {
        "now".to_owned()
    } else {
        format!("in {}", countdown(left))
    }
}

/// `ETA 4 min`, with `>` when it is only a lower bound.
pub(crate) fn eta(eta: &Eta) -> String {
    format!(
        "ETA {}{}",
        if eta.at_least { "> " } else { "" },
        estimate(eta.left)
    )
}

/// What a person is called by: the name, or the id where there is none.
pub(crate) fn item_name(item: &MediaItem) -> String {
    let name = if item.file_name.is_empty() {
        item.id.as_str()
    } else {
        &item.file_name
    };
    printable(name).into_owned()
}

/// The line for an item that needs attention: failed, or out of Google's reach.
pub(crate) fn problem(event: &Event<'_>) -> Option<String> {
    let Event::ItemFinished { item, outcome, .. } = event else {
        return None;
    };
    let name = item_name(item);
    match outcome {
        Outcome::Failed { reason } => Some(format!("failed: {name}: {}", printable(reason))),
        Outcome::Unavailable { reason } => Some(format!("unavailable: {name}: {}", printable(reason))),
        _ => None,
    }
}

/// The line for what only those see who ask for more.
pub(crate) fn detail(event: &Event<'_>) -> Option<String> {
    match *event {
        Event::TransferRetrying {
            item,
            attempt,
            delay,
            error,
            ..
        } => {
            let retry = RetryView::new(attempt, delay, error);
            Some(format!("{} {}", item_name(item), file_retry(&retry)))
        }
        Event::ListingRetrying {
            attempt,
            delay,
            error,
        } => {
            let retry = RetryView::new(attempt, delay, error);
            Some(listing_retry(&retry))
        }
        Event::Renamed { from, to } => Some(format!("renamed: {} is now {}", printable(from), printable(to))),
        Event::PoolSized { workers } => Some(format!("{} at work", counted(workers as u64, "worker"))),
        _ => None,
    }
}

/// The line for what everybody should know.
pub(crate) fn notice(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Notice { text } => Some(printable(text).into_owned()),
        Event::ListingRestarted => {
            Some("Google rejected its own page token: the listing starts over".to_owned())
        }
        _ => None,
    }
}

/// The heartbeat: everything known, in one line.
pub(crate) fn heartbeat(view: &View, clock: LocalClock) -> String {
    if let Some(delay) = view.delay {
        return format!(
            "starting in {} (random delay of unattended runs)",
            countdown(delay)
        );
    }
    if let Some((read, total)) = view.indexing.filter(|_| view.draining.is_none()) {
        let eta = view.eta.as_ref().map(|left| format!(", {}", eta(left)));
        return format!("{}{}", indexing(read, total), eta.unwrap_or_default());
    }
    if view.tending {
        return TENDING.to_owned();
    }
    let mut parts = vec![format!("{}: {}", phase(view), progress(view))];
    match view.sized {
        Some((part, whole)) => parts.push(format!("{} of {}", bytes(part), bytes(whole))),
        None if view.bytes > 0 => parts.push(bytes(view.bytes)),
        None => {}
    }
    if view.pause.is_none() {
        parts.extend(view.rate.filter(|&rate| rate > 0).map(numbers::rate));
    }
    if view.in_flight() > 0 {
        parts.push(format!("{} in flight", counted(view.in_flight() as u64, "file")));
    }
    parts.extend(view.eta.as_ref().map(eta));
    parts.extend(problems(view));
    parts.extend(view.listing_retry.as_ref().map(listing_retry));
    parts.extend(still(view));
    let line = parts.join(", ");
    match &view.pause {
        Some(view) => format!("paused: {}; {line}", pause(view, clock)),
        None => line,
    }
}

/// What is left to do when all files had their turn.
pub(crate) const TENDING: &str = "writing sidecars and the folders of albums";

/// What is left to do when all archives were looked through.
pub(crate) const UNDERSTANDING: &str = "finding out what belongs together";

/// `looking through the archives: 12 MB of 40 MB (30 %)`
pub(crate) fn indexing(read: u64, total: u64) -> String {
    if read >= total {
        return UNDERSTANDING.to_owned();
    }
    let percent = numbers::percent(read, total);
    format!(
        "looking through the archives: {} of {} ({percent} %)",
        bytes(read),
        bytes(total)
    )
}

fn phase(view: &View) -> &'static str {
    match (view.draining, view.listing) {
        (Some(_), _) => "stopping",
        (None, Listing::Done) if view.dry_run => "planning",
        (None, Listing::Done) => match view.work {
            Work::Fetching => "fetching",
            Work::Importing => "importing",
            Work::Checking => "checking",
        },
        (None, _) if view.sized.is_some() => "importing",
        (None, Listing::Begun) => "asking for the list",
        (None, Listing::Running) => "listing",
    }
}

fn progress(view: &View) -> String {
    let (done, found) = (count(view.done), counted(view.found, "item"));
    match (view.listing, view.sized) {
        (Listing::Done, _) | (_, Some(_)) => {
            let (part, whole) = view.sized.unwrap_or((view.done, view.found));
            let percent = numbers::percent(part, whole);
            format!("{done} of {found} done ({percent} %)")
        }
        (Listing::Running, None) => format!("{found} found so far, {done} done"),
        (Listing::Begun, None) => "no answer yet".to_owned(),
    }
}

/// `2 failed`, once there are some.
pub(crate) fn problems(view: &View) -> Option<String> {
    let failed = view.counts.of(crate::pipeline::summary::Bucket::Failed);
    (failed > 0).then(|| format!("{} failed", count(failed)))
}

#[cfg(test)]
mod tests;
