//! What a log says about a whole run, voice by voice.

use std::path::Path;
use std::sync::{Mutex, mpsc};

use insta::assert_snapshot;

use super::*;
use crate::pipeline::summary::{Bucket, Ending};
use crate::report::sample::{Sink, begin, counts, summary, tell};

const fn options(voice: Voice) -> PlainOptions {
    PlainOptions {
        voice,
        color: false,
        clock: |t| t.fixed_offset(),
    }
}

fn said(voice: Voice, summary: &Summary) -> String {
    let sink = Sink::default();
    let plain = Plain::new(Box::new(sink.clone()), options(voice));
    tell(&plain, summary);
    // The first line tells the time of day.
    sink.text()
        .lines()
        .filter(|line| !line.contains(" syncing "))
        .fold(String::new(), |text, line| text + line + "\n")
}

fn troubled() -> Summary {
    Summary {
        counts: counts(&[(Bucket::Present, 1_233), (Bucket::Failed, 1)]),
        ..summary()
    }
}

#[test]
fn a_full_voice_tells_phases_problems_and_the_end() {
    assert_snapshot!(said(Voice::Full, &summary()), @r#"
    [0:00] starting in 31 s (random delay of unattended runs; --delay 0 turns it off)
    [0:00] Google rejected its own page token: the listing starts over
    [0:00] listing finished: 1,234 items found
    [0:00] paused: Google asked to slow down (quota) — 1 min left, until 08:00:00
    [0:00] paused: Google asked to slow down (quota) — 2 min left, until 08:00:00
    [0:00] failed: IMG "1"�.jpg: no answer
    [0:00] Something to know.
    [0:00] stopping: 3 files in flight, at most 30 s more
    Complete.

      Found     1,234 = 204 stored + 1,030 present
      Received  1.2 GB in 3 min 20 s (6.2 MB/s)
      Library   /photos
    "#);
}

#[test]
fn a_verbose_voice_adds_retries_and_short_pauses() {
    let full = said(Voice::Full, &summary());
    let verbose = said(Voice::Verbose, &summary());
    let added: Vec<_> = verbose.lines().filter(|line| !full.contains(line)).collect();
    assert_snapshot!(added.join("\n"), @r#"
    [0:00] the list is asked for again in 2 s (attempt 1 failed: 503)
    [0:00] 4 workers at work
    [0:00] paused: Google asked to slow down (quota) — 2 s left, until 08:00:00
    [0:00] going on after a pause of 1 s
    [0:00] going on after a pause of 1 s
    [0:00] IMG "1"�.jpg is tried again in 2 s (attempt 1 failed: reset)
    [0:00] renamed: a.jpg is now b.jpg
    "#);
}

#[test]
fn without_progress_problems_notices_and_the_summary_remain() {
    assert_snapshot!(said(Voice::Summary, &summary()), @r#"
    [0:00] Google rejected its own page token: the listing starts over
    [0:00] failed: IMG "1"�.jpg: no answer
    [0:00] Something to know.
    Complete.

      Found     1,234 = 204 stored + 1,030 present
      Received  1.2 GB in 3 min 20 s (6.2 MB/s)
      Library   /photos
    "#);
}

#[test]
fn a_quiet_voice_ends_with_a_summary_only_after_trouble() {
    assert_eq!(
        said(Voice::Problems, &summary()),
        "[0:00] failed: IMG \"1\"\u{fffd}.jpg: no answer\n"
    );
    assert!(said(Voice::Problems, &troubled()).contains("1,234 = 1,233 present + 1 failed"));
}

#[test]
fn a_silent_voice_says_only_what_was_fatal() {
    assert_eq!(said(Voice::Fatal, &troubled()), "");
    let ending = Ending::Stopped {
        reason: "the disk is full".to_owned(),
    };
    let stopped = said(Voice::Fatal, &Summary { ending, ..summary() });
    assert!(
        stopped.starts_with("Stopped by an error: the disk is full\n"),
        "{stopped}"
    );
}

#[test]
fn the_end_of_a_long_pause_is_told() {
    let secs = Duration::from_secs;
    let before = Some(PauseSpan {
        began: secs(10),
        ends: secs(70),
    });
    let told = |voice, at| line(&Event::Resumed, before, secs(at), &options(voice));
    assert_eq!(
        told(Voice::Full, 70).as_deref(),
        Some("going on after a pause of 1 min")
    );
    assert_eq!(told(Voice::Full, 12), None);
    assert_eq!(told(Voice::Summary, 70), None);
}

#[test]
fn the_first_line_says_what_begins_and_when() {
    let sink = Sink::default();
    let plain = Plain::new(Box::new(sink.clone()), options(Voice::Full));
    plain.report(&Event::RunStarted {
        source: "library-api",
        library: Path::new("/ph\x07otos"),
        dry_run: false,
    });
    drop(plain);
    let text = sink.text();
    assert!(
        text.ends_with(" +00:00 syncing library-api into /ph\u{fffd}otos\n"),
        "{text}"
    );
}

/// Passes each written line on.
struct Wire(Mutex<mpsc::Sender<String>>);

impl Write for Wire {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let _ = self
            .0
            .lock()
            .unwrap()
            .send(String::from_utf8_lossy(line).into_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_heart_beats_when_nothing_is_told() {
    let (wire, lines) = mpsc::channel();
    let plain = Plain::beating(
        Box::new(Wire(Mutex::new(wire))),
        options(Voice::Full),
        Duration::from_millis(10),
    );
    begin(&plain);
    lines.recv_timeout(Duration::from_secs(30)).unwrap();
    for _ in 0..2 {
        let line = lines.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(line, "[0:00] asking for the list: no answer yet\n");
    }
    drop(plain);
}

#[test]
fn a_closed_pipe_does_not_stop_the_run() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
    }
    tell(&Plain::new(Box::new(Closed), options(Voice::Verbose)), &summary());
}
