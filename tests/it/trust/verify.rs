//! `verify`: everything that can have happened to a file is told apart, and put right on demand.

use std::fs;

use serde_json::{Value, json};
use stand_in_google::{Endpoint, StandIn};

use super::{filled, holiday, media_requests, rot};
use crate::support::{Ended, Sandbox};

/// A library in which something happened to five of its seven files, and to which two were added.
fn damaged() -> (StandIn, Sandbox) {
    let (google, sandbox) = filled(&holiday());
    fs::remove_file(sandbox.path("2020/01/IMG_0001.jpg")).unwrap();
    rot(&sandbox.path("2020/01/IMG_0002.jpg"), |bytes| bytes[2000] ^= 1);
    rot(&sandbox.path("2020/01/IMG_0003.jpg"), |bytes| {
        bytes.truncate(1000);
    });
    rot(&sandbox.path("2020/01/VID_0004.mp4"), |bytes| bytes.push(0));
    fs::remove_file(sandbox.path("2020/01/PXL_0005.MP.mp4")).unwrap();
    fs::write(sandbox.path("notes.txt"), "mine").unwrap();
    fs::write(sandbox.path("2020/01/mine.jpg"), "mine too").unwrap();
    (google, sandbox)
}

fn report(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap()
}

/// Path and verdict of every problem.
fn problems(report: &Value) -> Vec<(&str, &str)> {
    let problems = report["problems"].as_array().unwrap();
    let mut told: Vec<_> = problems
        .iter()
        .map(|problem| {
            (
                problem["path"].as_str().unwrap(),
                problem["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    told.sort_unstable();
    told
}

#[test]
fn an_untouched_library_is_whole() {
    let (google, sandbox) = filled(&holiday());
    for args in [&["verify"][..], &["verify", "--quick"]] {
        let ended = sandbox.run(args).with_code(0);
        assert!(
            ended
                .stdout
                .starts_with("Checked   7 files = 7 whole + 0 recorded"),
            "{}",
            ended.stdout
        );
    }
    assert_eq!(google.journal().total(), 0, "Google is not asked");
    sandbox.assert_holds(&holiday());
}

#[test]
fn missing_changed_truncated_and_unknown_files_are_told_apart() {
    let (_google, sandbox) = damaged();
    let before = sandbox.tree();
    let ended = sandbox.run(&["verify", "--json"]).with_code(3);
    let report = report(&ended);
    assert_eq!((&report["v"], &report["type"]), (&json!(1), &json!("verify")));
    assert_eq!(
        problems(&report),
        [
            ("2020/01/IMG_0001.jpg", "missing"),
            ("2020/01/IMG_0002.jpg", "changed"),
            ("2020/01/IMG_0003.jpg", "truncated"),
            ("2020/01/PXL_0005.MP.mp4", "missing"),
            ("2020/01/VID_0004.mp4", "changed"),
        ]
    );
    assert_eq!((&report["checked"], &report["whole"]), (&json!(7), &json!(2)));
    assert_eq!(report["unknown"], json!(["2020/01/mine.jpg", "notes.txt"]));
    assert_eq!(sandbox.tree(), before, "nothing is touched");
    let text = sandbox.run(&["verify"]).with_code(3).stdout;
    assert!(
        text.contains(
            "7 files = 2 whole + 0 recorded for the first time + 2 missing + 1 truncated + 2 changed"
        ),
        "{text}"
    );
    assert!(text.contains("  missing    2020/01/IMG_0001.jpg"), "{text}");
    assert!(text.contains("verify --repair"), "{text}");
}

#[test]
fn a_quick_check_sees_lengths_and_times_but_no_contents() {
    let (_google, sandbox) = damaged();
    let ended = sandbox.run(&["verify", "--quick", "--json"]).with_code(3);
    let report = report(&ended);
    assert!(
        problems(&report)
            .iter()
            .all(|(path, _)| *path != "2020/01/IMG_0002.jpg"),
        "{report}"
    );
    assert_eq!(problems(&report).len(), 4);
    // The same length, but written anew.
    let path = sandbox.path("2020/02/IMG_60000.jpg");
    fs::write(&path, fs::read(&path).unwrap()).unwrap();
    let report = self::report(&sandbox.run(&["verify", "--quick", "--json"]).with_code(3));
    assert!(
        problems(&report).contains(&("2020/02/IMG_60000.jpg", "changed")),
        "{report}"
    );
    let whole = sandbox.run(&["verify", "--json"]).with_code(3);
    assert!(!whole.stdout.contains("IMG_60000"), "its content is the same");
}

#[test]
fn repair_fetches_exactly_what_is_wrong_and_keeps_what_was_there() {
    let (google, sandbox) = damaged();
    let rotten = fs::read(sandbox.path("2020/01/IMG_0002.jpg")).unwrap();
    sandbox.run(&["--delay", "0", "verify", "--repair"]).with_code(0);
    assert_eq!(google.journal().count(Endpoint::Photo), 3);
    assert_eq!(google.journal().count(Endpoint::Video), 2, "a video and a clip");
    assert_eq!(
        sandbox.leftovers(),
        [
            ".gphotosync/replaced/2020/01/IMG_0002.jpg",
            ".gphotosync/replaced/2020/01/IMG_0003.jpg",
            ".gphotosync/replaced/2020/01/VID_0004.mp4",
        ]
    );
    let kept = fs::read(sandbox.path(".gphotosync/replaced/2020/01/IMG_0002.jpg")).unwrap();
    assert_eq!(kept, rotten);
    sandbox.run(&["verify"]).with_code(0);
    fs::remove_dir_all(sandbox.path(".gphotosync/replaced")).unwrap();
    fs::remove_file(sandbox.path("notes.txt")).unwrap();
    fs::remove_file(sandbox.path("2020/01/mine.jpg")).unwrap();
    sandbox.assert_holds(&holiday());
}

#[test]
fn repairing_a_whole_library_asks_for_nothing() {
    let (google, sandbox) = filled(&holiday());
    sandbox.run(&["--delay", "0", "verify", "--repair"]).with_code(0);
    assert_eq!(google.journal().total(), 0);
}

#[test]
fn a_repair_that_is_cut_short_goes_on_with_the_next_run() {
    let (google, sandbox) = damaged();
    google.revoke_grants();
    sandbox.run(&["--delay", "0", "verify", "--repair"]).with_code(4);
    let path = sandbox.path("2020/01/IMG_0002.jpg");
    assert!(path.exists(), "nothing goes away before something better is here");
    sandbox.sign_in();
    google.journal().clear();
    sandbox.sync(&[]).with_code(0);
    assert_eq!(media_requests(&google), 3 + 2 * 2, "videos come by a redirect");
    sandbox.run(&["verify"]).with_code(0);
}

#[test]
fn a_folder_without_a_library_is_no_whole_library() {
    let ended = Sandbox::empty().run(&["verify"]).with_code(1);
    assert!(ended.stderr.contains("holds no library"), "{}", ended.stderr);
    assert!(ended.stderr.contains("gphotosync adopt"), "{}", ended.stderr);
}

/// What a kill leaves that strikes while a newer item takes over a name: the older file is between its two names.
#[test]
fn a_file_between_two_names_is_not_missing() {
    let (google, sandbox) = filled(&holiday());
    let db = rusqlite::Connection::open(sandbox.path(".gphotosync/index.db")).unwrap();
    let path = "2020/01/IMG_0001.jpg";
    let sql = "UPDATE file SET placing = 1 WHERE path = ?1 RETURNING item";
    let item: i64 = db.query_row(sql, [path], |row| row.get(0)).unwrap();
    drop(db);
    let between = format!(".gphotosync/staging/{item}-main.moving");
    fs::rename(sandbox.path(path), sandbox.path(&between)).unwrap();
    let ended = sandbox.run(&["verify"]).with_code(0);
    assert!(ended.stdout.contains("7 files = 7 whole"), "{}", ended.stdout);
    assert_eq!(google.journal().total(), 0, "Google is not asked");
    sandbox.assert_holds(&holiday());
}
