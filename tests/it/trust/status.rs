//! `status`: what is not here, and why.

use serde_json::{Value, json};
use stand_in_google::{Damage, Endpoint, Faults, Item, Refusal, Target, Trigger, VideoStatus, id_of};

use crate::support::{Sandbox, serving};

/// A library where one item was stored, one waits, one is unavailable and seven failed.
fn troubled() -> (stand_in_google::StandIn, Sandbox) {
    let mut items: Vec<Item> = (1..=8).map(Item::photo).collect();
    items.push(Item::video(9).with_status(VideoStatus::Processing));
    items.push(Item::photo(10));
    let google = serving(items);
    let sandbox = Sandbox::signed_in(&google);
    let photo = |number| Target::from(Endpoint::Photo).of_item(&id_of(number));
    let mut faults = Faults::none().rule(photo(1), Trigger::Always, Refusal::NotFound);
    for number in 2..=8 {
        faults = faults.rule(photo(number), Trigger::Always, Damage::WrongMagic);
    }
    google.faults().set(faults);
    sandbox.sync(&["--retry-pause", "0"]).with_code(3);
    (google, sandbox)
}

#[test]
fn what_failed_or_waits_is_listed_by_cause() {
    let (_google, sandbox) = troubled();
    let ended = sandbox.run(&["status", "--failed", "--json"]).with_code(0);
    let status: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        status["items"],
        json!({"stored": 1, "waiting": 1, "unavailable": 1, "failed": 7})
    );
    assert_eq!(status["last_run"]["ending"], "complete");
    let open = status["open"].as_array().unwrap();
    assert_eq!(open.len(), 9);
    let of = |state: &str| {
        open.iter()
            .filter(|item| item["state"] == state)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("unavailable")[0]["id"], id_of(1));
    assert_eq!(of("waiting")[0]["id"], id_of(9));
    assert!(
        of("failed")
            .iter()
            .all(|item| item["attempts"] == 1 && item["reason"].is_string())
    );

    let few = sandbox.run(&["status"]).with_code(0).stdout;
    assert!(few.contains("… and 2 more: gphotosync status --failed"), "{few}");
    let all = sandbox.run(&["status", "--failed"]).with_code(0).stdout;
    let named = (2..=8).filter(|number| all.contains(&id_of(*number))).count();
    assert_eq!(named, 7, "{all}");
}

#[test]
fn what_failed_is_fetched_by_the_next_run() {
    let (google, sandbox) = troubled();
    google.faults().clear();
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 8), ("present", 1), ("waiting", 1)]);
    let ended = sandbox.run(&["status", "--failed", "--json"]).with_code(0);
    let status: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(status["items"], json!({"stored": 9, "waiting": 1}));
}
