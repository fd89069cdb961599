//! The whole reporter on a terminal made of memory.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::*;
use crate::media::{MediaKind, Role};
use crate::pipeline::summary::Outcome;
use crate::report::sample::{begin, glass, item, stored, summary};

/// A terminal that can be looked at.
#[derive(Clone)]
struct Glass(Arc<Mutex<vt100::Parser>>);

impl Glass {
    fn new(width: u16, height: u16) -> Self {
        Self(Arc::new(Mutex::new(glass(width, height))))
    }

    fn contents(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .screen()
            .contents()
    }

    fn terminal(&self) -> Terminal {
        let glass = self.clone();
        let size = move || {
            let (height, width) = glass
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .screen()
                .size();
            Size {
                width: width.get(),
                height: height.get(),
            }
        };
        let options = TerminalOptions {
            color: true,
            unicode: true,
            verbose: true,
            clock: |t| t.fixed_offset(),
        };
        Terminal::new(Box::new(self.clone()), Arc::new(size), options)
    }

    /// Looks until `seen` is content. A terminal that never shows it fails the test after half a minute.
    fn wait_for(&self, seen: impl Fn(&str) -> bool) -> String {
        let began = tokio::time::Instant::now();
        loop {
            let contents = self.contents();
            if seen(&contents) {
                return contents;
            }
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "never seen; last was:\n{contents}"
            );
            std::thread::yield_now();
        }
    }
}

impl Write for Glass {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        // The kernel turns line feeds into new lines.
        let text = String::from_utf8_lossy(text)
            .replace("\r\n", "\n")
            .replace('\n', "\r\n");
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .process(text.as_bytes());
        Ok(text.len())
    }

    fn write_all(&mut self, text: &[u8]) -> io::Result<()> {
        self.write(text).map(drop)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fetch_one(terminal: &Terminal) {
    let item = item("IMG_1.jpg", MediaKind::Photo);
    begin(terminal);
    terminal.report(&Event::Listed {
        found: 1_234,
        settled: 1_030,
        videos: 0,
    });
    terminal.report(&Event::TransferStarted {
        worker: 0,
        item: &item,
        role: Role::Main,
        resumed_from: 0,
        length: Some(5_100_000),
    });
    terminal.report(&Event::BytesReceived {
        worker: 0,
        bytes: 3_400_000,
    });
}

#[test]
fn bars_are_drawn_logs_stay_whole_and_the_summary_remains() {
    let glass = Glass::new(80, 24);
    let terminal = glass.terminal();
    let log = terminal.log_target();
    fetch_one(&terminal);
    glass.wait_for(|screen| screen.contains("3.4/5.1 MB") && screen.contains("1,030/1,234"));

    let writing = std::thread::spawn(move || {
        for n in 0..100 {
            use tracing_subscriber::fmt::MakeWriter;
            let _ = log.make_writer().write_all(format!("log line {n}\n").as_bytes());
        }
    });
    terminal.report(&Event::Notice {
        text: "Something to know.",
    });
    writing.join().unwrap();
    let item = item("IMG_1.jpg", MediaKind::Photo);
    terminal.report(&Event::ItemFinished {
        worker: Some(0),
        item: &item,
        outcome: &stored(5_100_000),
    });
    terminal.report(&Event::RunFinished { summary: &summary() });

    let screen = glass.contents();
    assert!(
        !screen.contains("MB ") && !screen.contains("1,030/1,234"),
        "bars remain:\n{screen}"
    );
    assert!(screen.contains("1,234 = 204 stored + 1,030 present"), "{screen}");
    let logs: Vec<_> = screen
        .lines()
        .filter(|line| line.starts_with("log line"))
        .collect();
    assert_eq!(logs.last(), Some(&"log line 99"));
    assert!(logs.len() >= 15, "{screen}");
}

#[test]
fn a_failed_item_and_a_notice_scroll_past_the_bars() {
    let glass = Glass::new(60, 10);
    let terminal = glass.terminal();
    fetch_one(&terminal);
    let item = item("IMG_2\x1b[2J.jpg", MediaKind::Photo);
    let failed = Outcome::Failed {
        reason: "no answer".to_owned(),
    };
    terminal.report(&Event::ItemFinished {
        worker: Some(1),
        item: &item,
        outcome: &failed,
    });
    terminal.report(&Event::Notice {
        text: "Something to know.",
    });
    let screen = glass.wait_for(|screen| screen.contains("Something") && screen.contains("1 failed"));
    let mut lines = screen.lines();
    let failed = lines.next().unwrap_or_default();
    // The memory terminal does not show replacement characters; real ones do.
    assert_eq!(failed.replace('\u{fffd}', ""), "failed: IMG_2[2J.jpg: no answer");
    assert_eq!(lines.next(), Some("Something to know."));
}

#[test]
fn a_run_that_breaks_off_leaves_no_bars() {
    let glass = Glass::new(80, 24);
    let terminal = glass.terminal();
    fetch_one(&terminal);
    glass.wait_for(|screen| screen.contains("1,030/1,234"));
    drop(terminal);
    assert_eq!(glass.contents().trim(), "");
}

#[test]
fn nothing_is_drawn_before_the_run_begins() {
    let glass = Glass::new(80, 24);
    let terminal = glass.terminal();
    terminal.report(&Event::Notice {
        text: "Open this address in a browser.",
    });
    let notice = glass.wait_for(|screen| !screen.is_empty());
    assert_eq!(notice.trim_end(), "Open this address in a browser.");
    drop(terminal);
    assert_eq!(glass.contents().trim_end(), "Open this address in a browser.");
}
