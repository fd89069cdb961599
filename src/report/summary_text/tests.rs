//! End blocks, from the happy one to the desperate.

use chrono::FixedOffset;
use insta::assert_snapshot;

use super::*;
use crate::report::sample::{counts, morning, summary};

fn text_in(summary: &Summary, library: &str) -> String {
    let clock: LocalClock = |t| t.with_timezone(&FixedOffset::east_opt(3600).unwrap());
    summary_text(
        summary,
        &SummaryContext {
            library: Path::new(library),
            color: false,
            clock,
        },
    )
}

fn text(summary: &Summary) -> String {
    text_in(summary, "/photos")
}

#[test]
fn a_complete_run_is_short() {
    assert_snapshot!(text(&summary()), @r#"
    Complete.

      Found     1,234 = 204 stored + 1,030 present
      Received  1.2 GB in 3 min 20 s (6.2 MB/s)
      Library   /photos
    "#);
}

#[test]
fn the_second_run_received_nothing() {
    let counts = counts(&[(Bucket::Present, 1_234)]);
    assert_snapshot!(text(&Summary { counts, bytes: 0, ..summary() }), @r#"
    Complete; nothing new.

      Found     1,234 = 1,234 present
      Time      3 min 20 s
      Library   /photos
    "#);
}

#[test]
fn what_is_left_out_each_time_is_nothing_new() {
    let counts = counts(&[(Bucket::Present, 1_200), (Bucket::Filtered, 34)]);
    let again = text(&Summary {
        counts,
        bytes: 0,
        ..summary()
    });
    assert!(again.starts_with("Complete; nothing new."), "{again}");
}

#[test]
fn everything_at_once() {
    let all = Summary {
        counts: counts(&[
            (Bucket::Stored, 200),
            (Bucket::Present, 1_000),
            (Bucket::Waiting, 3),
            (Bucket::Unavailable, 1),
            (Bucket::Filtered, 20),
            (Bucket::Failed, 10),
        ]),
        renamed: 2,
        ..summary()
    };
    assert_snapshot!(text_in(&all, "/my photos/it's"), @r#"
    Finished, but 10 items failed.

      Found     1,234 = 200 stored + 1,000 present + 3 waiting + 1 unavailable
                      + 20 filtered + 10 failed
      Received  1.2 GB in 3 min 20 s (6.2 MB/s)
      Renamed   2 files: newer items claimed their names, or their dates changed
      Library   /my photos/it's

      Failed:       10 items; the next run tries again
      Waiting:      3 items, not ready at Google yet; a later run fetches what is ready
      Unavailable:  1 item that Google cannot deliver
      See why:      gphotosync status --failed --lib '/my photos/it'\''s'
      Go on:        gphotosync sync --lib '/my photos/it'\''s'
    "#);
}

#[test]
fn nothing_found_is_not_done() {
    let none = Summary {
        found: 0,
        counts: counts(&[]),
        bytes: 0,
        ..summary()
    };
    assert_snapshot!(text(&none), @r#"
    Nothing found.

      Found     0
      Time      3 min 20 s
      Library   /photos

    Google listed nothing. That does not mean that your library is empty: since 31 March 2025
    Google shows an app only the photos and videos that this very app has uploaded.
    Other routes to the rest:
      Google Takeout (takeout.google.com)      the whole library, in original quality
      Google Photos Picker (gphotosync pick)   what you pick by hand
    "#);
    assert!(
        text(&Summary {
            source: "takeout",
            ..none
        })
        .contains("The source listed nothing.")
    );
}

#[test]
fn an_interrupted_run_says_how_to_go_on() {
    let counts = counts(&[(Bucket::Stored, 34), (Bucket::NotReached, 1_200)]);
    assert_snapshot!(text_in(&Summary { counts, ending: Ending::Interrupted, ..summary() }, "."), @r#"
    Stopped, as you asked. Nothing is lost.

      Found     1,234 = 34 stored + 1,200 not reached
      Received  1.2 GB in 3 min 20 s (6.2 MB/s)
      Library   .

      Go on:        gphotosync sync
    "#);
}

#[test]
fn a_spent_quota_says_when_it_is_full_in_local_time() {
    let ending = Ending::QuotaSpent {
        resets: Some(morning()),
    };
    assert_snapshot!(text(&Summary { ending, ..summary() }), @r#"
    Stopped: Google's quota is used up. It is full again at 09:00.

      Found     1,234 = 204 stored + 1,030 present
      Received  1.2 GB in 3 min 20 s (6.2 MB/s)
      Library   /photos

      Go on:        gphotosync sync --lib /photos
    "#);
}

#[test]
fn a_missing_grant_names_the_command() {
    let ending = Ending::SignInNeeded {
        reason: "the grant was revoked\nat Google".to_owned(),
    };
    let lost = Summary {
        found: 0,
        counts: counts(&[]),
        bytes: 0,
        ending,
        ..summary()
    };
    assert_snapshot!(text(&lost), @r#"
    Sign-in needed: the grant was revoked
    at Google

      Found     0
      Time      3 min 20 s
      Library   /photos

      Sign in:      gphotosync login --lib /photos
    "#);
}

#[test]
fn a_fatal_error_is_all_that_is_left_in_silence() {
    let context = SummaryContext {
        library: Path::new("-odd"),
        color: false,
        clock: |t| t.fixed_offset(),
    };
    assert_eq!(fatal(&summary(), &context), None);
    let ending = Ending::Stopped {
        reason: "the disk is full\x1b[2J".to_owned(),
    };
    assert_snapshot!(fatal(&Summary { ending, ..summary() }, &context).unwrap(), @r#"
    Stopped by an error: the disk is full�[2J
      Go on:        gphotosync sync --lib=-odd
    "#);
}

#[test]
fn a_plan_leads_to_the_run() {
    let counts = counts(&[(Bucket::Present, 1_000), (Bucket::NotReached, 234)]);
    assert_snapshot!(text(&Summary { counts, bytes: 0, dry_run: true, ..summary() }), @r#"
    Planned; nothing was fetched.

      Found     1,234 = 1,000 present + 234 to fetch
      Time      3 min 20 s
      Library   /photos

      Fetch:        gphotosync sync --lib /photos
    "#);
}

#[test]
fn a_sum_that_does_not_hold_is_said() {
    assert!(
        text(&Summary {
            found: 1_235,
            ..summary()
        })
        .contains("1,235 ≠ 204 stored + 1,030 present")
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    let context = SummaryContext {
        library: Path::new("/photos"),
        color: true,
        clock: |t| t.fixed_offset(),
    };
    let colored = summary_text(&summary(), &context);
    assert!(colored.contains("\x1b[32m"));
    assert_eq!(console::strip_ansi_codes(&colored), text(&summary()));
}

#[test]
fn only_runs_without_trouble_can_be_passed_over() {
    assert!(!needs_attention(&summary()));
    assert!(needs_attention(&Summary {
        found: 0,
        ..summary()
    }));
    assert!(needs_attention(&Summary {
        ending: Ending::Interrupted,
        ..summary()
    }));
    assert!(needs_attention(&Summary {
        counts: counts(&[(Bucket::Waiting, 1)]),
        ..summary()
    }));
}

#[test]
fn an_import_counts_entries_and_fetches_nothing() {
    let import = Summary {
        source: crate::source::takeout::NAME,
        entries: [("failed", 2), ("sidecar", 1_000), ("stored", 204)].into(),
        ..summary()
    };
    assert_snapshot!(text(&import), @r#"
    Complete, but for 2 entries that cannot be read.

      Found     1,234 = 204 stored + 1,030 present
      Imported  1.2 GB in 3 min 20 s (6.2 MB/s)
      Entries   1,206 = 2 failed + 1,000 sidecar + 204 stored
      Library   /photos
    "#);
    assert!(needs_attention(&import));
    let plan = Summary {
        dry_run: true,
        bytes: 0,
        counts: counts(&[(Bucket::NotReached, 1_234)]),
        entries: [("not_reached", 1_234)].into(),
        ..import
    };
    assert_snapshot!(text(&plan), @r#"
    Planned; nothing was imported.

      Found     1,234 = 1,234 to import
      Time      3 min 20 s
      Entries   1,234 = 1,234 to import
      Library   /photos
    "#);
}
