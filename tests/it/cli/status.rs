//! `status`: what the library holds, the last run, and what failed and why.

use insta::assert_snapshot;
use serde_json::Value;
use stand_in_google::{Faults, Item, Refusal, Service, StandIn, Target, Trigger, VideoStatus};

use super::told;
use crate::support::{Ended, Sandbox, serving};

/// What was told, but for the time of the last run.
fn undated(line: &str, ended: &Ended) -> String {
    let text = told(line, ended);
    let lines = text.lines().map(|line| match line.strip_prefix("Last run: ") {
        Some(rest) => format!("Last run: [TIME]{}", &rest[rest.find(',').unwrap()..]),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn ids_masked(text: &str, items: &[Item]) -> String {
    items.iter().fold(text.to_owned(), |text, item| {
        text.replace(&item.id, &format!("[ID of {}]", item.filename))
    })
}

/// Eight photos that fail in two ways, a video that Google still works on, and one that came.
fn troubled() -> (StandIn, Vec<Item>) {
    let mut items: Vec<_> = (1..=9).map(Item::photo).collect();
    items.push(Item::video(10).with_status(VideoStatus::Processing));
    let google = serving(items.clone());
    let mut faults = Faults::none();
    for item in &items[..7] {
        faults = faults.rule(Target::item(&item.id), Trigger::Always, Refusal::Forbidden);
    }
    let faults = faults.rule(Target::item(&items[7].id), Trigger::Always, Refusal::NotFound);
    google.faults().set(faults);
    (google, items)
}

#[test]
fn nothing_there_yet() {
    let sandbox = Sandbox::empty();
    let before = std::fs::read_dir(sandbox.library()).unwrap().count();
    let ended = sandbox.run(&["status"]).with_code(0);
    assert!(
        ended.stdout.starts_with("There is no library in "),
        "{}",
        ended.stdout
    );
    let json: Value = serde_json::from_str(&sandbox.run(&["status", "--json"]).with_code(0).stdout).unwrap();
    assert_eq!(json["exists"], false);
    assert_eq!(
        std::fs::read_dir(sandbox.library()).unwrap().count(),
        before,
        "status makes nothing"
    );
}

#[test]
fn after_a_run() {
    let google = serving((1..=3).map(Item::photo).collect());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    google.journal().clear();
    let ended = sandbox.run(&["status"]).with_code(0);
    assert_snapshot!(undated("status", &ended));
    assert_eq!(google.journal().total(), 0, "it asks nobody");
    sandbox.sync(&[]).with_code(0);
    let again = sandbox.run(&["status"]).with_code(0);
    assert!(
        again.stdout.contains("3 found, 0 stored, 3 present, 0 failed"),
        "{}",
        again.stdout
    );
}

#[test]
fn with_failures() {
    let (google, items) = troubled();
    let sandbox = Sandbox::signed_in(&google);
    let sync = sandbox.run(&["sync", "--delay", "0"]).with_code(3);
    assert!(
        sync.stderr.contains("gphotosync status --failed --lib "),
        "{}",
        sync.stderr
    );
    let short = sandbox.run(&["status"]).with_code(0);
    assert_snapshot!("some_failed", ids_masked(&undated("status", &short), &items));
    let all = sandbox.run(&["status", "--failed"]).with_code(0);
    for item in &items[..7] {
        assert!(
            all.stdout.contains(&format!("{}  ({})", item.filename, item.id)),
            "{}",
            all.stdout
        );
    }
    assert!(!all.stdout.contains("more: gphotosync status --failed"));
}

#[test]
fn as_json() {
    let (google, items) = troubled();
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(3);
    let text = sandbox.run(&["status", "--json"]).with_code(0).stdout;
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&json["v"], &json["exists"]), (&1.into(), &true.into()));
    assert_eq!(
        json["items"],
        serde_json::json!({"stored": 1, "waiting": 1, "unavailable": 1, "failed": 7})
    );
    assert_eq!(json["last_run"]["ending"], "complete");
    assert_eq!(json["last_run"]["summary"]["found"], 10);
    let open = json["open"].as_array().unwrap();
    assert_eq!(open.len(), 9);
    let gone = open
        .iter()
        .find(|item| item["id"] == items[7].id.as_str())
        .unwrap();
    assert_eq!(
        (&gone["state"], &gone["reason"]),
        (
            &"unavailable".into(),
            &"Google does not have the bytes (404)".into()
        )
    );
}

#[test]
fn while_a_run_is_going_on() {
    let google = serving((1..=3).map(Item::photo).collect());
    let sandbox = Sandbox::signed_in(&google);
    google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::Always, Refusal::SilenceBeforeHeaders));
    let mut sync = sandbox.start_sync(&[]);
    sync.until("listing_finished");
    let ended = sandbox.run(&["status"]).with_code(0);
    assert!(ended.stdout.contains("3 items known"), "{}", ended.stdout);
    let second = sandbox.sync(&[]).with_code(6);
    assert!(
        second.stderr.contains("the library is in use by "),
        "{}",
        second.stderr
    );
    assert!(
        second.stderr.contains(&sync.pid().to_string()),
        "{}",
        second.stderr
    );
}
