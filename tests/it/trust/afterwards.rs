//! `--report` and `--on-finish`: what a run leaves for scripts, however it ended.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use stand_in_google::{Endpoint, Faults, Item, Pace, Refusal, Target, Trigger, id_of};

use super::{filled, holiday};
use crate::support::{Sandbox, serving};

impl Sandbox {
    fn report_path(&self) -> PathBuf {
        self.home().join("report.json")
    }

    fn report(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.report_path()).unwrap()).unwrap()
    }

    /// Runs `sync` with a report.
    fn reporting(&self, code: i32) -> Value {
        let path = self.report_path();
        self.sync(&["--report", path.to_str().unwrap()]).with_code(code);
        let names: Vec<_> = fs::read_dir(self.home())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["report.json"], "nothing half-written is left");
        self.report()
    }
}

#[test]
fn a_report_tells_what_came_of_the_run() {
    let google = serving(holiday());
    let sandbox = Sandbox::signed_in(&google);
    google.faults().set(Faults::none().rule(
        Target::from(Endpoint::Photo).of_item(&id_of(2)),
        Trigger::Always,
        Refusal::NotFound,
    ));
    let report = sandbox.reporting(0);
    assert_eq!((&report["v"], &report["type"]), (&json!(1), &json!("report")));
    assert_eq!(
        (&report["exit_code"], &report["ending"]),
        (&json!(0), &json!("complete"))
    );
    assert_eq!((&report["found"], &report["dry_run"]), (&json!(6), &json!(false)));
    let buckets = &report["buckets"];
    assert_eq!(
        (&buckets["stored"], &buckets["unavailable"]),
        (&json!(5), &json!(1))
    );
    let total: u64 = buckets
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(total, 6);
    for time in ["started", "ended"] {
        let text = report[time].as_str().unwrap();
        assert!(text.parse::<chrono::DateTime<chrono::Utc>>().is_ok(), "{text}");
    }
}

#[test]
fn who_reads_the_old_report_is_not_disturbed_by_the_new_one() {
    let (_google, sandbox) = filled(&[Item::photo(1)]);
    fs::write(sandbox.report_path(), "the old report").unwrap();
    let mut reader = File::open(sandbox.report_path()).unwrap();
    assert_eq!(sandbox.reporting(0)["buckets"]["present"], 1);
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert_eq!(read, "the old report");
}

#[test]
fn a_run_that_never_began_has_a_report_too() {
    let sandbox = Sandbox::with_client(&serving(Vec::new()));
    let report = sandbox.reporting(4);
    assert_eq!(
        (&report["exit_code"], &report["ending"]),
        (&json!(4), &json!("sign_in_needed"))
    );
    assert_eq!(
        (&report["found"], &report["buckets"]),
        (&Value::Null, &Value::Null)
    );
    assert!(report["reason"].is_string(), "{report}");
}

#[test]
fn a_library_in_use_is_reported() {
    let (google, sandbox) = filled(&[Item::photo(1)]);
    google.faults().set(Faults::none().rule(
        Endpoint::ListMediaItems,
        Trigger::Always,
        Pace::Latency(Duration::from_mins(1)),
    ));
    let mut first = sandbox.start_sync(&[]);
    first.until("run_started");
    let report = sandbox.reporting(6);
    assert_eq!(
        (&report["exit_code"], &report["ending"]),
        (&json!(6), &json!("in_use"))
    );
}

#[test]
fn a_report_that_cannot_be_written_changes_nothing_else() {
    let (_google, sandbox) = filled(&[Item::photo(1)]);
    let ended = sandbox.sync(&["--report", "/nowhere/at/all.json"]).with_code(0);
    assert!(
        ended
            .stderr
            .contains("could not write the report /nowhere/at/all.json"),
        "{}",
        ended.stderr
    );
}

/// The variables that a command got, written down by itself.
fn told(sandbox: &Sandbox, args: &[&str], code: i32) -> Vec<String> {
    let file = sandbox.home().join("told");
    let command = format!("env | grep ^GPHOTOSYNC_ | sort > '{}'", file.display());
    sandbox
        .sync(&[&["--on-finish", &command], args].concat())
        .with_code(code);
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_command_hears_the_outcome() {
    let google = serving(holiday());
    let sandbox = Sandbox::signed_in(&google);
    let path = sandbox.report_path();
    let told = told(&sandbox, &["--report", path.to_str().unwrap()], 0);
    let bytes = holiday()
        .iter()
        .map(|item| item.original().len() + item.clip_bytes().map_or(0, |clip| clip.len()))
        .sum::<u64>();
    assert_eq!(
        told,
        [
            format!("GPHOTOSYNC_BYTES={bytes}"),
            "GPHOTOSYNC_ENDING=complete".to_owned(),
            "GPHOTOSYNC_EXIT_CODE=0".to_owned(),
            "GPHOTOSYNC_FAILED=0".to_owned(),
            "GPHOTOSYNC_FILTERED=0".to_owned(),
            "GPHOTOSYNC_FOUND=6".to_owned(),
            format!("GPHOTOSYNC_LIBRARY={}", sandbox.library().display()),
            "GPHOTOSYNC_NOT_REACHED=0".to_owned(),
            "GPHOTOSYNC_PRESENT=0".to_owned(),
            format!("GPHOTOSYNC_REPORT_FILE={}", path.display()),
            "GPHOTOSYNC_STORED=6".to_owned(),
            "GPHOTOSYNC_UNAVAILABLE=0".to_owned(),
            "GPHOTOSYNC_WAITING=0".to_owned(),
        ]
    );
}

#[test]
fn a_command_hears_of_a_run_that_never_began() {
    let sandbox = Sandbox::with_client(&serving(Vec::new()));
    assert_eq!(
        told(&sandbox, &[], 4),
        [
            "GPHOTOSYNC_ENDING=sign_in_needed".to_owned(),
            "GPHOTOSYNC_EXIT_CODE=4".to_owned(),
            format!("GPHOTOSYNC_LIBRARY={}", sandbox.library().display()),
        ]
    );
}

#[test]
fn a_command_that_fails_does_not_change_how_the_run_ended() {
    let (_google, sandbox) = filled(&[Item::photo(1)]);
    let ended = sandbox.sync(&["--on-finish", "exit 7"]).with_code(0);
    let told = "the command given by --on-finish ended with exit status: 7";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
}
