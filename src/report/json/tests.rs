//! The lines a script would read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use insta::assert_snapshot;
use serde_json::Value;

use super::*;
use crate::media::{MediaKind, Role};
use crate::pipeline::summary::{Ending, Summary};
use crate::report::sample::{Sink, begin, item, morning, summary, tell};

fn parsed(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_event_is_one_versioned_object_except_bytes() {
    let sink = Sink::default();
    let json = Json::new(Box::new(sink.clone()));
    let ending = Ending::QuotaSpent {
        resets: Some(morning()),
    };
    tell(&json, &Summary { ending, ..summary() });
    let mut lines = Vec::new();
    for mut object in parsed(&sink.text()) {
        assert_eq!(object["v"], 1);
        let time = object.as_object_mut().unwrap().remove("time").unwrap();
        assert!(time.as_str().unwrap().parse::<chrono::DateTime<Utc>>().is_ok());
        lines.push(object.to_string().replace('\u{202e}', "<RLO>"));
    }
    assert_snapshot!(lines.join("\n"), @r#"
    {"dry_run":false,"library":"/photos","source":"library-api","type":"run_started","v":1}
    {"seconds":31.0,"type":"start_delay","v":1}
    {"found":100,"settled":30,"type":"listed","v":1,"videos":2}
    {"attempt":1,"delay_seconds":1.5,"error":"503","type":"listing_retrying","v":1}
    {"type":"listing_restarted","v":1}
    {"found":1234,"type":"listing_finished","v":1}
    {"type":"pool_sized","v":1,"workers":4}
    {"cause":"throttled","seconds":2.0,"type":"paused","until":"2026-11-22T08:00:00.000Z","v":1}
    {"type":"resumed","v":1}
    {"cause":"throttled","seconds":60.0,"type":"paused","until":"2026-11-22T08:00:00.000Z","v":1}
    {"cause":"throttled","seconds":61.0,"type":"paused","until":"2026-11-22T08:00:00.000Z","v":1}
    {"cause":"throttled","seconds":120.0,"type":"paused","until":"2026-11-22T08:00:00.000Z","v":1}
    {"type":"resumed","v":1}
    {"item":{"id":"id-IMG \"1\"<RLO>.jpg","kind":"video","name":"IMG \"1\"<RLO>.jpg","taken":"2006-01-02T15:04:05.000Z"},"length":null,"resumed_from":5,"role":"clip","type":"transfer_started","v":1,"worker":0}
    {"attempt":1,"delay_seconds":1.5,"error":"reset","item":{"id":"id-IMG \"1\"<RLO>.jpg","kind":"video","name":"IMG \"1\"<RLO>.jpg","taken":"2006-01-02T15:04:05.000Z"},"type":"transfer_retrying","v":1,"worker":0}
    {"bucket":"stored","bytes":7,"item":{"id":"id-IMG \"1\"<RLO>.jpg","kind":"video","name":"IMG \"1\"<RLO>.jpg","taken":"2006-01-02T15:04:05.000Z"},"path":"2006/01/x.jpg","type":"item_finished","v":1,"worker":0}
    {"bucket":"failed","item":{"id":"id-IMG \"1\"<RLO>.jpg","kind":"video","name":"IMG \"1\"<RLO>.jpg","taken":"2006-01-02T15:04:05.000Z"},"reason":"no answer","type":"item_finished","v":1,"worker":null}
    {"from":"a.jpg","to":"b.jpg","type":"renamed","v":1}
    {"text":"Something to know.","type":"notice","v":1}
    {"in_flight":3,"patience_seconds":30.0,"type":"draining","v":1}
    {"bytes":1234000000,"counts":{"failed":0,"filtered":0,"not_reached":0,"present":1030,"stored":204,"unavailable":0,"waiting":0},"dry_run":false,"elapsed_seconds":200.0,"ending":"quota_spent","found":1234,"renamed":0,"resets":"2026-11-22T08:00:00.000Z","source":"library-api","type":"run_finished","v":1}
    "#);
}

#[test]
fn a_million_chunks_make_a_handful_of_lines() {
    let sink = Sink::default();
    let json = Json::new(Box::new(sink.clone()));
    let item = item("a.jpg", MediaKind::Photo);
    begin(&json);
    json.report(&Event::TransferStarted {
        worker: 0,
        item: &item,
        role: Role::Main,
        resumed_from: 0,
        length: Some(9),
    });
    for _ in 0..1_000_000 {
        json.report(&Event::BytesReceived { worker: 0, bytes: 1 });
    }
    let took = json.watch.elapsed().as_secs();
    drop(json);
    assert!(parsed(&sink.text()).len() as u64 <= took + 2);
}

#[test]
fn a_progress_object_comes_by_the_clock() {
    struct Wire(mpsc::Sender<Vec<u8>>);
    impl Write for Wire {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(text.to_owned());
            Ok(text.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (wire, lines) = mpsc::channel();
    let json = Json::beating(Box::new(Wire(wire)), Duration::from_millis(5));
    json.progress.hear(
        &Event::Listed {
            found: 100,
            settled: 30,
            videos: 2,
        },
        &json.watch,
    );
    json.watch.start();
    let line = lines.recv_timeout(Duration::from_secs(30)).unwrap();
    let object: Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(
        (&object["type"], &object["found"], &object["done"]),
        (&"progress".into(), &100.into(), &30.into())
    );
}

#[test]
fn progress_is_told_when_something_moved_or_ten_seconds_passed() {
    let mut told = Told::default();
    let at = |secs, bytes| View {
        elapsed: Duration::from_secs(secs),
        bytes,
        ..View::default()
    };
    let news =
        [at(1, 0), at(2, 5), at(3, 5), at(12, 5), at(13, 5), at(14, 6)].map(|view| told.is_news(&view));
    assert_eq!(news, [false, true, false, true, false, true]);
}

#[test]
fn a_closed_pipe_is_written_to_once() {
    struct Closed(Arc<AtomicUsize>);
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let writes = Arc::new(AtomicUsize::new(0));
    tell(&Json::new(Box::new(Closed(Arc::clone(&writes)))), &summary());
    assert_eq!(writes.load(Ordering::Relaxed), 1);
}
