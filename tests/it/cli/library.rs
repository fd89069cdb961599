//! Library folders that are not what they should be: clear words and an exit code, never a panic.

use std::fs;

use rusqlite::Connection;
use stand_in_google::{Item, Service, StandIn};

use crate::support::{Ended, Sandbox, serving};

fn filled() -> (StandIn, Sandbox) {
    let google = serving((1..=3).map(Item::photo).collect());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    (google, sandbox)
}

#[track_caller]
fn assert_says(ended: Ended, code: i32, words: &[&str]) {
    let ended = ended.with_code(code);
    for words in words {
        assert!(ended.stderr.contains(words), "no {words:?} in:\n{}", ended.stderr);
    }
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
}

#[test]
fn a_folder_whose_parent_is_missing_is_not_made() {
    let sandbox = Sandbox::empty();
    let lib = sandbox.home().join("disk/photos");
    for command in ["sync", "login"] {
        let ended = sandbox.say(&format!("{command} --lib {}", lib.display()));
        assert_says(
            ended,
            1,
            &["/disk does not exist", "Is the disk attached and mounted?"],
        );
    }
    assert!(!sandbox.home().join("disk").exists());
}

#[test]
fn a_file_is_no_folder() {
    let sandbox = Sandbox::empty();
    let lib = sandbox.home().join("photos");
    fs::write(&lib, "not a folder").unwrap();
    for command in ["sync", "login", "sync --dry-run"] {
        let ended = sandbox.say(&format!("{command} --lib {}", lib.display()));
        assert_says(ended, 1, &["photos is not a folder"]);
    }
    assert_eq!(fs::read_to_string(&lib).unwrap(), "not a folder");
}

#[test]
fn an_index_of_a_newer_program_is_left_alone() {
    let (_google, sandbox) = filled();
    let index = sandbox.path(".gphotosync/index.db");
    let db = Connection::open(&index).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let before = fs::read(&index).unwrap();
    for command in ["sync", "status", "verify"] {
        assert_says(
            sandbox.run(&[command]),
            1,
            &["the index has format 99", "install a newer one"],
        );
    }
    assert_eq!(fs::read(&index).unwrap(), before);
}

#[test]
fn a_damaged_index_is_told() {
    let (google, sandbox) = filled();
    let index = sandbox.path(".gphotosync/index.db");
    let whole = fs::read(&index).unwrap();
    let mut scrambled = whole.clone();
    scrambled[4096..].fill(0x5a);
    for bytes in [
        b"no database, but long enough to be taken for one".to_vec(),
        whole[..5000].to_vec(),
        scrambled,
    ] {
        for extra in ["index.db-wal", "index.db-shm"] {
            drop(fs::remove_file(sandbox.path(".gphotosync").join(extra)));
        }
        fs::write(&index, &bytes).unwrap();
        for command in ["sync", "status", "verify"] {
            let ended = sandbox.run(&[command]).with_code(1);
            let text = &ended.stderr;
            assert!(
                text.contains("the index") && !text.contains("panicked"),
                "{command}: {text}"
            );
            assert!(
                text.contains("gphotosync adopt"),
                "{command} says how to go on: {text}"
            );
        }
    }
    assert_eq!(sandbox.tree().len(), 3, "no photo is touched");
    // The advice holds what it promises.
    fs::remove_file(&index).unwrap();
    google.journal().clear();
    sandbox.run(&["adopt"]).with_code(0);
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 3)]);
    assert_eq!(google.journal().count_of_service(Service::Media), 0);
}

#[test]
fn an_index_that_is_a_folder_is_told() {
    let (_google, sandbox) = filled();
    let index = sandbox.path(".gphotosync/index.db");
    fs::remove_file(&index).unwrap();
    fs::create_dir(&index).unwrap();
    for command in ["sync", "status"] {
        assert_says(sandbox.run(&[command]), 1, &["the index"]);
    }
}

#[test]
fn a_plan_needs_a_folder() {
    let google = serving(vec![Item::photo(1)]);
    let sandbox = Sandbox::with_client(&google);
    let missing = sandbox.home().join("missing");
    let ended = sandbox.say(&format!("sync --dry-run --lib {}", missing.display()));
    assert_says(ended, 1, &["could not open the library folder"]);
    assert!(!missing.exists());
}
