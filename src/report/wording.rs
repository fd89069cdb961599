//! The sentences that the reporters for people share.

use std::time::Duration;

use super::numbers::{LocalClock, bytes, clock_time, count, countdown, counted, estimate};
use super::printable::printable;
use super::progress::{
    DrainView, Eta, FileState, FileView, Listing, PauseView, RetryView, STILL_AFTER, View,
};
use super::{Event, PauseCause};
use crate::media::MediaItem;
use crate::pipeline::summary::Outcome;

/// Why nobody sends anything, as the start of a sentence.
pub(crate) const fn pause_cause(cause: PauseCause) -> &'static str {
    match cause {
        PauseCause::DailyQuota => "Google's quota for today is used up",
        PauseCause::Throttled => "Google asked to slow down (quota)",
        PauseCause::ServerTrouble => "Google's servers have trouble",
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
    let silent = view.pause.is_none() && view.delay.is_none() && view.still >= STILL_AFTER;
    silent.then(|| {
        format!(
            "nothing moved for {}: {}",
            countdown(view.still),
            still_cause(view)
        )
    })
}

fn still_cause(view: &View) -> String {
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
            let retry = RetryView {
                attempt,
                left: delay,
                error: error.to_owned(),
            };
            Some(format!("{} {}", item_name(item), file_retry(&retry)))
        }
        Event::ListingRetrying {
            attempt,
            delay,
            error,
        } => {
            let retry = RetryView {
                attempt,
                left: delay,
                error: error.to_owned(),
            };
            Some(listing_retry(&retry))
        }
        Event::Renamed { from, to } => Some(format!(
            "renamed: {} is now {}, because a newer item claims its name",
            printable(from),
            printable(to)
        )),
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
    let mut parts = vec![format!("{}: {}", phase(view), progress(view))];
    if view.bytes > 0 {
        parts.push(bytes(view.bytes));
    }
    if view.pause.is_none() {
        parts.extend(view.rate.filter(|&rate| rate > 0).map(super::numbers::rate));
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

fn phase(view: &View) -> &'static str {
    match (view.draining, view.listing) {
        (Some(_), _) => "stopping",
        (None, Listing::Done) if view.dry_run => "planning",
        (None, Listing::Done) => "fetching",
        (None, Listing::Begun) => "asking for the list",
        (None, Listing::Running) => "listing",
    }
}

fn progress(view: &View) -> String {
    let (done, found) = (count(view.done), counted(view.found, "item"));
    match view.listing {
        Listing::Done => {
            let percent = super::numbers::percent(view.done, view.found);
            format!("{done} of {found} done ({percent} %)")
        }
        Listing::Running => format!("{found} found so far, {done} done"),
        Listing::Begun => "no answer yet".to_owned(),
    }
}

/// `2 failed`, once there are some.
pub(crate) fn problems(view: &View) -> Option<String> {
    let failed = view.counts.of(crate::pipeline::summary::Bucket::Failed);
    (failed > 0).then(|| format!("{} failed", count(failed)))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::pipeline::summary::Bucket;
    use crate::report::sample::{counts, file, item, morning, retry, stored, view};

    fn beat(view: &View) -> String {
        heartbeat(view, |t| t.fixed_offset())
    }

    #[test]
    fn a_heartbeat_in_every_phase() {
        let listing = View {
            listing: Listing::Running,
            rate: Some(0),
            bytes: 0,
            ..view()
        };
        let eta = Some(Eta {
            left: Duration::from_secs(242),
            at_least: true,
        });
        let counts = counts(&[(Bucket::Failed, 2)]);
        let fetching = View {
            files: vec![file(0, "a.jpg", 5, None)],
            eta,
            counts,
            ..view()
        };
        let drain = DrainView {
            in_flight: 3,
            left: Duration::from_secs(28),
        };
        let stopping = View {
            draining: Some(drain),
            ..fetching.clone()
        };
        let delayed = View {
            delay: Some(Duration::from_secs(31)),
            ..View::default()
        };
        let phases = [&delayed, &View::default(), &listing, &fetching, &stopping].map(beat);
        assert_snapshot!(phases.join("\n"), @r#"
        starting in 31 s (random delay of unattended runs)
        asking for the list: no answer yet
        listing: 2,400 items found so far, 1,234 done
        fetching: 1,234 of 2,400 items done (51 %), 3.4 GB, 12.3 MB/s, 1 file in flight, ETA > 4 min, 2 failed
        stopping: 1,234 of 2,400 items done (51 %), 3.4 GB, 12.3 MB/s, 1 file in flight, ETA > 4 min, 2 failed
        "#);
        assert_snapshot!(draining(&stopping, &drain), @r#"Stopping: 1 file in flight, at most 28 s more; Ctrl-C again stops now"#);
    }

    #[test]
    fn a_pause_says_why_and_until_when() {
        let long = PauseView {
            cause: PauseCause::DailyQuota,
            left: Duration::from_secs(7_500),
            until: morning(),
        };
        let short = PauseView {
            cause: PauseCause::Throttled,
            left: Duration::from_secs(42),
            ..long
        };
        let over = PauseView {
            cause: PauseCause::ServerTrouble,
            left: Duration::ZERO,
            ..long
        };
        let pauses = [long, short, over].map(|pause| {
            beat(&View {
                pause: Some(pause),
                ..view()
            })
        });
        assert_snapshot!(pauses.join("\n"), @r#"
        paused: Google's quota for today is used up — 2 h 5 min left, until 08:00; fetching: 1,234 of 2,400 items done (51 %), 3.4 GB
        paused: Google asked to slow down (quota) — 42 s left, until 08:00:00; fetching: 1,234 of 2,400 items done (51 %), 3.4 GB
        paused: Google's servers have trouble — going on; fetching: 1,234 of 2,400 items done (51 %), 3.4 GB
        "#);
    }

    #[test]
    fn a_stall_has_a_named_cause() {
        let stalled = View {
            still: Duration::from_secs(42),
            ..view()
        };
        let mut waiting = file(1, "b\u{202e}.jpg", 5, None);
        waiting.state = FileState::Retrying(retry("connection reset"));
        let two = vec![file(0, "a.jpg", 5, Some(9)), file(1, "b.jpg", 5, None)];
        let views = [
            View {
                listing_retry: Some(retry("503 from the host")),
                ..stalled.clone()
            },
            View {
                files: vec![two[0].clone(), waiting],
                ..stalled.clone()
            },
            View {
                files: two[..1].to_vec(),
                ..stalled.clone()
            },
            View {
                files: two,
                ..stalled.clone()
            },
            View {
                listing: Listing::Running,
                ..stalled.clone()
            },
            View {
                listing: Listing::Begun,
                ..stalled.clone()
            },
            stalled.clone(),
        ];
        assert_snapshot!(views.map(|view| still(&view).unwrap()).join("\n"), @r#"
        nothing moved for 42 s: the list is asked for again in 3 s (attempt 2 failed: 503 from the host)
        nothing moved for 42 s: b�.jpg is tried again in 3 s (attempt 2 failed: connection reset)
        nothing moved for 42 s: no byte of a.jpg comes
        nothing moved for 42 s: no byte of a.jpg or 1 other file comes
        nothing moved for 42 s: waiting for the next page of the list
        nothing moved for 42 s: waiting for the first page of the list
        nothing moved for 42 s: waiting for the disk to keep what was fetched
        "#);
        assert_eq!(
            still(&View {
                still: Duration::from_secs(29),
                ..view()
            }),
            None
        );
    }

    #[test]
    fn problems_and_details_are_harmless_lines() {
        let item = item("a\x1b[31m.jpg", crate::media::MediaKind::Photo);
        let failed = Outcome::Failed {
            reason: "the body\nis HTML".to_owned(),
        };
        let finished = |outcome| {
            problem(&Event::ItemFinished {
                worker: None,
                item: &item,
                outcome,
            })
        };
        let fine = stored(5);
        assert_eq!(finished(&fine), None);
        let renamed = detail(&Event::Renamed {
            from: "2006/01/a.jpg",
            to: "2006/01/a-gphotosync-1.jpg",
        });
        let retrying = detail(&Event::TransferRetrying {
            worker: 0,
            item: &item,
            attempt: 1,
            delay: Duration::from_secs(4),
            error: "reset",
        });
        let lines = [finished(&failed), renamed, retrying].map(Option::unwrap);
        assert_snapshot!(lines.join("\n"), @r#"
        failed: a�[31m.jpg: the body is HTML
        renamed: 2006/01/a.jpg is now 2006/01/a-gphotosync-1.jpg, because a newer item claims its name
        a�[31m.jpg is tried again in 4 s (attempt 1 failed: reset)
        "#);
    }
}
