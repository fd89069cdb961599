//! The whole of it: events in, views out, at times of our choosing.

use std::path::Path;

use chrono::DateTime;

use super::*;
use crate::media::{MediaKind, Role};
use crate::pipeline::summary::{Bucket, Outcome};
use crate::report::PauseCause;
use crate::report::sample::{item, stored};

const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn start(progress: &Progress, worker: WorkerId, name: &str, length: Option<u64>, at: u64) {
    let item = item(name, MediaKind::Photo);
    let event = Event::TransferStarted {
        worker,
        item: &item,
        role: Role::Main,
        resumed_from: 0,
        length,
    };
    progress.hear_at(&event, secs(at));
}

fn receive(progress: &Progress, worker: WorkerId, bytes: u64, at: u64) {
    progress.hear_at(&Event::BytesReceived { worker, bytes }, secs(at));
}

fn finish(progress: &Progress, worker: Option<WorkerId>, outcome: &Outcome, at: u64) {
    let item = item("x.jpg", MediaKind::Photo);
    progress.hear_at(
        &Event::ItemFinished {
            worker,
            item: &item,
            outcome,
        },
        secs(at),
    );
}

#[test]
fn settled_items_count_once_whether_told_by_page_or_one_by_one() {
    for one_by_one in [0, 30] {
        let progress = Progress::default();
        for _ in 0..one_by_one {
            finish(&progress, None, &Outcome::Present, 1);
        }
        progress.hear_at(
            &Event::Listed {
                found: 100,
                settled: 30,
                videos: 0,
            },
            secs(1),
        );
        finish(&progress, Some(0), &stored(5), 2);
        let view = progress.look(secs(3));
        assert_eq!((view.found, view.done), (100, 31));
    }
}

#[test]
fn a_file_is_followed_from_its_opening_to_a_moment_after_its_end() {
    let progress = Progress::default();
    start(&progress, 3, "a.jpg", Some(1_000), 1);
    receive(&progress, 3, 400, 1);
    let file = progress.look(secs(1)).files.remove(0);
    assert_eq!(
        (file.worker, file.name.as_str(), file.got, file.length),
        (3, "a.jpg", 400, Some(1_000))
    );
    finish(&progress, Some(3), &stored(1_000), 2);
    let view = progress.look(secs(2));
    assert!(matches!(view.files[0].state, FileState::Finished(Bucket::Stored)));
    assert_eq!(view.in_flight(), 0);
    assert!(progress.look(secs(3)).files.is_empty());
}

#[test]
fn the_first_look_knows_a_rate() {
    let progress = Progress::default();
    receive(&progress, 0, 5_000_000, 1);
    assert_eq!(progress.look(secs(10)).rate, Some(500_000));
}

#[test]
fn a_retry_waits_visibly_and_starts_from_what_is_held() {
    let progress = Progress::default();
    start(&progress, 0, "a.jpg", Some(1_000), 0);
    receive(&progress, 0, 400, 1);
    let item = item("a.jpg", MediaKind::Photo);
    let event = Event::TransferRetrying {
        worker: 0,
        item: &item,
        attempt: 2,
        delay: secs(8),
        error: "reset",
    };
    progress.hear_at(&event, secs(2));
    let FileState::Retrying(retry) = progress.look(secs(5)).files.remove(0).state else {
        panic!("it must wait");
    };
    assert_eq!(
        (retry.attempt, retry.left, retry.error.as_str()),
        (2, secs(5), "reset")
    );
    let again = Event::TransferStarted {
        worker: 0,
        item: &item,
        role: Role::Clip,
        resumed_from: 400,
        length: None,
    };
    progress.hear_at(&again, secs(10));
    receive(&progress, 0, 1, 10);
    let file = progress.look(secs(10)).files.remove(0);
    assert_eq!(
        (file.name.as_str(), file.got, file.length),
        ("a.jpg (clip)", 401, None)
    );
    assert_eq!(progress.look(secs(10)).bytes, 401);
}

#[test]
fn nothing_moving_is_noticed_but_not_in_a_pause() {
    let progress = Progress::default();
    progress.hear_at(
        &Event::Listed {
            found: 1,
            settled: 0,
            videos: 0,
        },
        secs(1),
    );
    assert_eq!(progress.look(secs(1)).still, Duration::ZERO);
    assert_eq!(progress.look(secs(41)).still, secs(40));
    pause(&progress, 41, 60);
    assert_eq!(progress.look(secs(90)).still, Duration::ZERO);
    progress.hear_at(&Event::Resumed, secs(101));
    assert_eq!(progress.look(secs(101)).still, secs(11));
    receive(&progress, 0, 1, 102);
    assert_eq!(progress.look(secs(102)).still, Duration::ZERO);
}

fn pause(progress: &Progress, at: u64, length: u64) {
    let event = Event::Paused {
        cause: PauseCause::Throttled,
        length: secs(length),
        until: DateTime::UNIX_EPOCH,
    };
    progress.hear_at(&event, secs(at));
}

#[test]
fn a_pause_counts_down_and_grows() {
    let progress = Progress::default();
    pause(&progress, 10, 60);
    assert_eq!(
        progress.look(secs(28)).pause.map(|pause| pause.left),
        Some(secs(42))
    );
    pause(&progress, 30, 120);
    assert_eq!(
        progress.pause(),
        Some(PauseSpan {
            began: secs(10),
            ends: secs(150)
        })
    );
    assert_eq!(
        progress.look(secs(500)).pause.map(|pause| pause.left),
        Some(Duration::ZERO)
    );
    progress.hear_at(&Event::Resumed, secs(150));
    assert!(progress.look(secs(151)).pause.is_none());
}

#[test]
fn an_estimate_comes_from_the_items_that_came() {
    let progress = Progress::default();
    progress.hear_at(
        &Event::Listed {
            found: 140,
            settled: 0,
            videos: 0,
        },
        secs(0),
    );
    progress.look(secs(0));
    for n in 0..40 {
        start(&progress, 0, "a.jpg", Some(1_000_000), n);
        receive(&progress, 0, 1_000_000, n);
        finish(&progress, Some(0), &stored(1_000_000), n);
        progress.look(secs(n + 1));
    }
    let at_least = progress.look(secs(40)).eta.map(|eta| eta.at_least);
    assert_eq!(at_least, Some(true));
    progress.hear_at(&Event::ListingFinished { found: 140 }, secs(40));
    let eta = progress.look(secs(40)).eta.expect("everything is known");
    assert!(
        !eta.at_least && (99..=101).contains(&eta.left.as_secs()),
        "{eta:?}"
    );
}

#[test]
fn where_all_bytes_are_known_an_estimate_comes_within_the_first_second() {
    let progress = Progress::default();
    let millis = Duration::from_millis;
    // What was slow before says nothing about the import.
    progress.hear_at(
        &Event::Indexing {
            read: 0,
            total: 4_000,
        },
        secs(0),
    );
    progress.look(secs(0));
    progress.hear_at(
        &Event::Indexing {
            read: 1_000,
            total: 4_000,
        },
        secs(10),
    );
    let view = progress.look(secs(10));
    assert_eq!(view.indexing, Some((1_000, 4_000)));
    assert_eq!(view.eta.map(|eta| eta.left), Some(secs(30)));
    let sized = Event::Sized {
        items: 100,
        bytes: 100_000_000,
    };
    progress.hear_at(&sized, secs(20));
    progress.look(secs(20));
    start(&progress, 0, "a.jpg", Some(1_000_000), 20);
    receive(&progress, 0, 500_000, 20);
    let view = progress.look(secs(20) + millis(500));
    assert_eq!((view.found, view.sized), (100, Some((500_000, 100_000_000))));
    let eta = view.eta.expect("all bytes are known");
    assert!(
        !eta.at_least && (98..=100).contains(&eta.left.as_secs()),
        "{eta:?}"
    );
}

#[test]
fn the_run_remembers_how_it_was_started() {
    let progress = Progress::default();
    let event = Event::RunStarted {
        source: "s",
        library: Path::new("/photos"),
        dry_run: true,
    };
    progress.hear_at(&event, secs(0));
    progress.hear_at(&Event::StartDelay { delay: secs(20) }, secs(0));
    let view = progress.look(secs(5));
    assert!(view.dry_run);
    assert_eq!(
        (progress.library().as_path(), view.delay),
        (Path::new("/photos"), Some(secs(15)))
    );
    progress.hear_at(&Event::ListingRestarted, secs(21));
    assert_eq!(progress.look(secs(21)).delay, None);
}
