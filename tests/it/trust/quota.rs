//! The daily quota: counted in the index, and a spent one is not asked again before its reset.

use stand_in_google::{Item, Quotas, Service, StandIn};

use super::{filled, holiday};
use crate::support::{Sandbox, Signal};

/// A library whose first run met the end of the day's quota after the first page of its list.
fn spent() -> (StandIn, Sandbox) {
    let quotas = Quotas {
        library_per_day: 1,
        ..Quotas::default()
    };
    let google = StandIn::builder()
        .library((1..=120).map(Item::photo).collect::<Vec<_>>())
        .quotas(quotas)
        .start()
        .unwrap();
    let sandbox = Sandbox::signed_in(&google);
    let ended = sandbox.sync(&["--quota", "exit"]).with_code(5);
    assert_eq!(ended.summary().ending(), "quota_spent");
    google.reset_quotas();
    google.set_quotas(Quotas::default());
    google.journal().clear();
    (google, sandbox)
}

#[test]
fn what_is_sent_is_written_down_and_added_up() {
    let (google, sandbox) = filled(&holiday());
    let first = used(&sandbox);
    assert_eq!(first[1], 7, "a redirect is no request of its own");
    sandbox.sync(&[]).with_code(0);
    let listed = google.journal().count_of_service(Service::Library);
    assert!(listed > 0);
    assert_eq!(
        used(&sandbox),
        [first[0] + i64::try_from(listed).unwrap(), first[1]]
    );
    let spent: Vec<i64> = sandbox.ask_index("SELECT spent FROM quota");
    assert_eq!(spent, [0]);
}

/// API calls and requests for bytes.
fn used(sandbox: &Sandbox) -> [i64; 2] {
    ["calls", "bytes"].map(|what| {
        let rows = sandbox.ask_index(&format!("SELECT {what} FROM quota"));
        assert_eq!(rows.len(), 1, "one client, one day");
        rows[0]
    })
}

#[test]
fn a_spent_day_is_not_asked_again() {
    let (google, sandbox) = spent();
    let ended = sandbox.sync(&["--quota", "exit"]).with_code(5);
    assert_eq!(ended.summary().ending(), "quota_spent");
    assert_eq!(google.journal().total(), 0, "not one request");
}

#[test]
fn who_waits_for_the_reset_sends_nothing_meanwhile_and_can_be_stopped() {
    let (google, sandbox) = spent();
    let mut waiting = sandbox.start_sync(&["--quota", "wait"]);
    waiting.until("run_started");
    let pause = waiting.until("paused");
    assert_eq!(pause["cause"], "daily_quota");
    waiting.signal(Signal::INT);
    waiting.end().with_code(130);
    assert_eq!(google.journal().total(), 0);
}

#[test]
fn the_next_day_everything_goes_on() {
    let (_google, sandbox) = spent();
    let db = rusqlite::Connection::open(sandbox.path(".gphotosync/index.db")).unwrap();
    db.execute("UPDATE quota SET day = date(day, '-1 day')", [])
        .unwrap();
    drop(db);
    let before = sandbox.tree().len() as u64;
    let summary = sandbox.sync(&["--quota", "exit"]).with_code(0).summary();
    assert_eq!(
        (summary.count("stored") + before, summary.count("present")),
        (120, before)
    );
    let spent: Vec<i64> = sandbox.ask_index("SELECT spent FROM quota ORDER BY day");
    assert_eq!(spent, [1, 0]);
}
