//! `gphotosync verify`: the library read again and held against the index.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Utc;
use serde_json::json;

use crate::cli::commands::sync;
use crate::cli::console::to_stdout;
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::cli::{Purpose, open_screen};
use crate::library::disk::INDEX_FILE;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::disk::recovery::finish_interrupted;
use crate::library::index::{FileRow, Index, audit};
use crate::library::scrub::{self, Findings, Scrub, Verdict};
use crate::media::{MediaId, MediaItem, MediaKind, Readiness, Role};
use crate::pipeline::summary::Outcome;
use crate::report::{Event, Reporter, numbers, printable};
use crate::shutdown::Shutdown;

/// As many problems are listed for people; `--json` lists all.
const SHOWN: usize = 20;

/// Checks the library, and with `--repair` fetches afresh what is wrong.
pub(crate) async fn verify(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    let root = library_folder::existing(&settings.lib.value)?;
    let screen = open_screen(settings, Purpose::Check);
    let findings = check(settings, &root, &screen.reporter).await?;
    // The bars make room for the findings.
    drop(screen);
    tell(settings, &root, &findings);
    if findings.interrupted {
        return Ok(ExitStatus::Interrupted);
    }
    match findings.problems.is_empty() {
        true => Ok(ExitStatus::Complete),
        false if settings.repair.value => sync::sync(settings, reporter).await,
        false => Ok(ExitStatus::FailedItems),
    }
}

async fn check(settings: &Settings, root: &Path, reporter: &Arc<dyn Reporter>) -> Result<Findings, Failure> {
    let path = root.join(OWN_FOLDER).join(INDEX_FILE);
    if !path.exists() {
        return Err(Failure::stopped(format!("{} holds no library", root.display()))
            .advise("`gphotosync adopt` takes over a folder of another tool, or one whose index was lost."));
    }
    let _lock = library_folder::lock(root, settings.wait.value).await?;
    // A file that a killed run left between two names is not missing.
    finish_interrupted(root, Arc::clone(reporter))?;
    let mut index = Index::open(&path)?;
    let shutdown = Shutdown::on_signals().map_err(|error| Failure::no_signals(&error))?;
    let (count, _) = index.read(audit::totals)?;
    let progress = Progress {
        reporter: reporter.as_ref(),
        next: AtomicUsize::new(0),
    };
    progress.begin(root, count);
    let heard = |file: &FileRow, verdict: &Verdict| progress.heard(file, verdict);
    let scrub = Scrub {
        root,
        quick: settings.quick.value,
        shutdown: &shutdown,
        heard: &heard,
    };
    let findings = scrub.run(&mut index).await?;
    if settings.repair.value {
        scrub::condemn(&mut index, &findings.problems, Utc::now().timestamp())?;
    }
    Ok(findings)
}

/// Tells of a check in the words of a run, so that every screen can show it.
struct Progress<'a> {
    reporter: &'a dyn Reporter,
    next: AtomicUsize,
}

impl Progress<'_> {
    fn begin(&self, library: &Path, files: u64) {
        self.reporter.report(&Event::RunStarted {
            source: "verify",
            library,
            dry_run: false,
        });
        self.reporter.report(&Event::Listed {
            found: files,
            settled: 0,
            videos: 0,
        });
        self.reporter.report(&Event::ListingFinished { found: files });
    }

    fn heard(&self, file: &FileRow, verdict: &Verdict) {
        let worker = self.next.fetch_add(1, Ordering::Relaxed) % 2;
        let item = shown_as_item(file);
        let (role, length) = (file.role, Some(file.size));
        self.reporter.report(&Event::TransferStarted {
            worker,
            item: &item,
            role,
            resumed_from: 0,
            length,
        });
        self.reporter.report(&Event::BytesReceived {
            worker,
            bytes: file.size,
        });
        let outcome = match verdict {
            Verdict::Whole | Verdict::Recorded(_) => Outcome::Stored {
                path: (&file.path).into(),
                bytes: file.size,
            },
            problem => Outcome::Failed {
                reason: problem.word().to_owned(),
            },
        };
        self.reporter.report(&Event::ItemFinished {
            worker: Some(worker),
            item: &item,
            outcome: &outcome,
        });
    }
}

fn shown_as_item(file: &FileRow) -> MediaItem {
    MediaItem {
        id: MediaId::new(file.path.as_str()),
        file_name: file.path.clone(),
        mime_type: String::new(),
        taken: None,
        kind: if file.role == Role::Clip {
            MediaKind::Video
        } else {
            MediaKind::Photo
        },
        readiness: Readiness::Ready,
        locator: None,
        files: Vec::new(),
    }
}

fn tell(settings: &Settings, root: &Path, findings: &Findings) {
    let text = if settings.json.value {
        as_json(root, findings)
    } else {
        as_text(findings)
    };
    to_stdout(&text);
}

fn as_text(findings: &Findings) -> String {
    let of = |word: &str| {
        findings
            .problems
            .iter()
            .filter(|problem| problem.verdict.word() == word)
            .count()
    };
    let mut text = format!(
        "Checked   {} = {} whole + {} recorded for the first time + {} missing + {} truncated + {} changed + {} unreadable\n\
         Unknown   {} that no run stored here; they are left alone\n",
        numbers::counted(findings.checked(), "file"),
        numbers::count(findings.whole),
        numbers::count(findings.recorded),
        of("missing"),
        of("truncated"),
        of("changed"),
        of("unreadable"),
        numbers::counted(findings.unknown.len() as u64, "file"),
    );
    for problem in findings.problems.iter().take(SHOWN) {
        let _ = writeln!(
            text,
            "  {:<10} {}",
            problem.verdict.word(),
            printable::printable(&problem.path)
        );
    }
    if findings.problems.len() > SHOWN {
        let _ = writeln!(
            text,
            "  … and {} more; --json lists all",
            findings.problems.len() - SHOWN
        );
    }
    if !findings.problems.is_empty() {
        text.push_str("To fetch them afresh: gphotosync verify --repair (what is there now is kept in .gphotosync/replaced)\n");
    }
    text
}

fn as_json(root: &Path, findings: &Findings) -> String {
    let problems: Vec<_> = findings
        .problems
        .iter()
        .map(|problem| {
            let detail = match &problem.verdict {
                Verdict::Unreadable(why) => Some(why.as_str()),
                _ => None,
            };
            json!({"path": problem.path, "verdict": problem.verdict.word(), "detail": detail})
        })
        .collect();
    let report = json!({
        "v": 1,
        "type": "verify",
        "library": root.display().to_string(),
        "checked": findings.checked(),
        "whole": findings.whole,
        "recorded": findings.recorded,
        "bytes": findings.bytes,
        "interrupted": findings.interrupted,
        "problems": problems,
        "unknown": findings.unknown,
    });
    format!("{report}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::scrub::Problem;

    #[test]
    fn the_numbers_add_up_in_words() {
        let problem = |verdict| Problem {
            item: 1,
            role: Role::Main,
            path: "2020/01/a\u{1b}.jpg".to_owned(),
            verdict,
        };
        let findings = Findings {
            whole: 1_200,
            recorded: 3,
            problems: vec![problem(Verdict::Missing), problem(Verdict::Changed)],
            unknown: vec!["notes.txt".into()],
            bytes: 5,
            interrupted: false,
        };
        insta::assert_snapshot!(as_text(&findings).replace('\u{fffd}', "?"), @r"
        Checked   1,205 files = 1,200 whole + 3 recorded for the first time + 1 missing + 0 truncated + 1 changed + 0 unreadable
        Unknown   1 file that no run stored here; they are left alone
          missing    2020/01/a?.jpg
          changed    2020/01/a?.jpg
        To fetch them afresh: gphotosync verify --repair (what is there now is kept in .gphotosync/replaced)
        ");
        let json: serde_json::Value =
            serde_json::from_str(&as_json(Path::new("/photos"), &findings)).unwrap();
        assert_eq!(
            (
                json["checked"].as_u64(),
                json["problems"].as_array().map(Vec::len)
            ),
            (Some(1_205), Some(2))
        );
    }
}
