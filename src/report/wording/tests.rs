//! The sentences, as people read them.

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
        left: Duration::from_mins(125),
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
    renamed: 2006/01/a.jpg is now 2006/01/a-gphotosync-1.jpg
    a�[31m.jpg is tried again in 4 s (attempt 1 failed: reset)
    "#);
}
