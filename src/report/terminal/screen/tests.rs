//! Pictures, in wide windows and in narrow ones.

use std::time::Duration;

use insta::assert_snapshot;

use super::*;
use crate::pipeline::summary::Bucket;
use crate::report::PauseCause;
use crate::report::progress::{DrainView, Eta, FileState, PauseView};
use crate::report::sample::{counts, file, morning, retry, view};

fn canvas(width: usize, height: usize) -> Canvas {
    Canvas {
        width,
        height,
        color: false,
        unicode: true,
        clock: |t| t.fixed_offset(),
    }
}

fn picture(view: &View, width: usize, height: usize) -> String {
    compose(view, &canvas(width, height)).join("\n")
}

/// A busy moment: many files, one of them failing, an estimate.
fn busy() -> View {
    let mut files = vec![
        file(0, "IMG_20230102_123456.jpg", 3_400_000, Some(5_100_000)),
        file(
            1,
            "VID_20230102_a_film_with_a_very_long_name_indeed.mp4",
            812_000_000,
            Some(1_204_000_000),
        ),
        file(2, "写真とても長い名前の写真ファイル.jpg", 0, None),
        file(3, "PXL_20240101_000001.jpg", 0, Some(2_000_000)),
        file(4, "PXL_20240101_000002.jpg", 2_000_000, Some(2_000_000)),
    ];
    files[3].state = FileState::Retrying(retry("connection reset by peer"));
    files[4].state = FileState::Finished(Bucket::Stored);
    let eta = Some(Eta {
        left: Duration::from_secs(242),
        at_least: false,
    });
    View {
        files,
        eta,
        counts: counts(&[(Bucket::Failed, 2)]),
        ..view()
    }
}

fn paused() -> View {
    let left = Duration::from_secs(42);
    let pause = PauseView {
        cause: PauseCause::Throttled,
        left,
        until: morning(),
    };
    View {
        pause: Some(pause),
        ..busy()
    }
}

#[test]
fn a_wide_window() {
    assert_snapshot!(picture(&busy(), 79, 23), @r#"
      IMG_20230102_123456.jpg         ━━━━━━━━────     3.4/5.1 MB   1.3 MB/s
      VID_20230102_a_…ame_indeed.mp4  ━━━━━━━━────     0.8/1.2 GB   1.3 MB/s
    ⠋ 写真とても長い…真ファイル.jpg                           0 B
      PXL_20240101_000001.jpg         retry in 3 s: connection reset by peer
      PXL_20240101_000002.jpg         stored, 2.0 MB
    ━━━━━━━━━──────────   51 %  1,234/2,400  3.4 GB  12.3 MB/s  ETA 4 min  2 failed
    "#);
}

#[test]
fn a_narrow_window() {
    assert_snapshot!(picture(&paused(), 39, 9), @r#"
      IMG_2023010…123456.jpg     3.4/5.1 MB
      VID_2023010…indeed.mp4     0.8/1.2 GB
    ⠋ 写真とても…ァイル.jpg             0 B
      PXL_202…01.jpg  retry in 3 s: connec…
      PXL_202401…000002.jpg  stored, 2.0 MB
    Paused: 42 s left, until 08:00:00
    1,234/2,400  ETA 4 min  2 failed
    "#);
}

#[test]
fn the_narrowest_window() {
    assert_snapshot!(picture(&paused(), 19, 5), @r#"
      IMG_2023…3456.jpg
      VID_2023…deed.mp4
      … and 3 more
    Paused: 42 s
    1,234/2,400
    "#);
}

#[test]
fn the_listing_runs_beside_the_fetching() {
    let listing = View {
        listing: Listing::Running,
        found: 1_300,
        ..view()
    };
    let asked = View {
        listing_retry: Some(retry("503 from the host")),
        ..View::default()
    };
    assert_snapshot!(picture(&listing, 79, 23), @r#"
    ⠋ Listing… 1,300 found
    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╌╌  1,234/1,300  3.4 GB  12.3 MB/s
    "#);
    assert_snapshot!(picture(&asked, 99, 23), @r#"⠋ Asking for the list…; the list is asked for again in 3 s (attempt 2 failed: 503 from the host)"#);
}

#[test]
fn an_import_is_measured_in_bytes_from_its_beginning() {
    let eta = |seconds| {
        let left = Duration::from_secs(seconds);
        Some(Eta {
            left,
            at_least: false,
        })
    };
    let indexing = View {
        indexing: Some((12_000_000, 40_000_000)),
        eta: eta(7),
        ..View::default()
    };
    let understanding = View {
        indexing: Some((40_000_000, 40_000_000)),
        still: Duration::from_secs(42),
        ..View::default()
    };
    let importing = View {
        listing: Listing::Running,
        sized: Some((1_000_000_000, 4_000_000_000)),
        eta: eta(242),
        ..view()
    };
    let tending = View {
        sized: Some((4_000_000_000, 4_000_000_000)),
        done: 2_400,
        rate: None,
        tending: true,
        still: Duration::from_secs(42),
        ..view()
    };
    assert_snapshot!(picture(&indexing, 79, 23), @r#"
    ⠋ Looking through the archives…
    ━━━━━━━━━━──────────────────────────   30 %  12.0 MB/40.0 MB  ETA 7 s
    "#);
    assert_snapshot!(picture(&understanding, 79, 23), @r#"
    ⠋ Finding out what belongs together…
    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100 %  40.0 MB/40.0 MB
    "#);
    assert_snapshot!(picture(&importing, 79, 23), @r#"━━━━━─────────────────   25 %  1,234/2,400  1.0 GB/4.0 GB  12.3 MB/s  ETA 4 min"#);
    assert_snapshot!(picture(&tending, 79, 23), @r#"
    ⠋ Writing sidecars and the folders of albums…
    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100 %  2,400/2,400  4.0 GB/4.0 GB
    "#);
}

#[test]
fn a_delay_a_stall_and_a_stop() {
    let delayed = View {
        delay: Some(Duration::from_secs(12)),
        ..View::default()
    };
    let stalled = View {
        still: Duration::from_secs(42),
        ..view()
    };
    let drain = DrainView {
        in_flight: 3,
        left: Duration::from_secs(28),
    };
    let stopping = View {
        draining: Some(drain),
        ..busy()
    };
    assert_snapshot!(picture(&delayed, 79, 23), @r#"⠋ Starting in 12 s"#);
    assert_snapshot!(picture(&stalled, 79, 23), @r#"
    Nothing moved for 42 s: waiting for the disk to keep what was fetched
    ━━━━━━━━━━━━━━━━━━──────────────────   51 %  1,234/2,400  3.4 GB  12.3 MB/s
    "#);
    assert_snapshot!(picture(&stopping, 79, 3), @r#"
      … and 5 more
    Stopping: 3 files in flight, at most 28 s more; Ctrl-C again stops now
    ━━━━━━━━━──────────   51 %  1,234/2,400  3.4 GB  12.3 MB/s  ETA 4 min  2 failed
    "#);
}

#[test]
fn no_line_is_wider_and_no_picture_higher_than_the_window() {
    for width in 1..130 {
        for height in 1..15 {
            for view in [busy(), paused(), View::default()] {
                let lines = compose(
                    &view,
                    &Canvas {
                        color: width % 2 == 0,
                        ..canvas(width, height)
                    },
                );
                assert!(lines.len() <= height, "{width}x{height}");
                assert!(
                    lines.iter().all(|line| measure_text_width(line) <= width),
                    "{width}: {lines:?}"
                );
            }
        }
    }
}

#[test]
fn from_twenty_columns_on_the_count_is_always_there() {
    for width in 19..130 {
        let last = compose(&busy(), &canvas(width, 9)).pop().unwrap();
        assert!(last.contains("1,234/2,400"), "{width}: {last}");
    }
}
