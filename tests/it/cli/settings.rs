//! Flag before environment before file before default, told by `config` and `status -v`.

use std::collections::BTreeMap;
use std::fs;

use insta::assert_snapshot;

use super::told;
use crate::support::{Ended, Sandbox};

/// An option: its key, a value, and how `config` shows it. Strings that look alike come from different places.
const OPTIONS: [(&str, &str, &str); 35] = [
    ("lib", "/photos", "/photos"),
    ("client_secret", "/client.json", "/client.json"),
    ("progress", "plain", "plain"),
    ("color", "never", "never"),
    ("quiet", "1", "1"),
    ("verbose", "2", "2"),
    ("google_endpoint", "http://127.0.0.1:1/", "http://127.0.0.1:1/"),
    ("strategy", "id", "id"),
    ("workers", "7", "7"),
    ("dry_run", "true", "true"),
    ("delay", "90", "1m 30s"),
    ("retry_pause", "5m", "5m"),
    ("quota", "exit", "exit"),
    ("stall_timeout", "15s", "15s"),
    ("wait", "true", "true"),
    ("no_browser", "true", "true"),
    ("local_only", "true", "true"),
    ("max", "12", "12"),
    ("again", "true", "true"),
    ("album", "Summer", "Summer"),
    ("since", "2019-06-08", "2019-06-08T00:00:00Z"),
    ("bucket", "waiting", "waiting"),
    ("edited", "original", "original"),
    ("trashed", "true", "true"),
    ("locked", "true", "true"),
    ("no_archived", "true", "true"),
    ("albums", "list", "list"),
    ("sidecars", "none", "none"),
    ("partial", "true", "true"),
    ("fix_extensions", "true", "true"),
    ("failed", "true", "true"),
    ("json", "true", "true"),
    ("quick", "true", "true"),
    ("repair", "true", "true"),
    ("report", "/report.json", "/report.json"),
];

/// Every setting by name, as value and origin.
fn rows(ended: &Ended) -> BTreeMap<String, (String, String)> {
    let rows = ended.stdout.lines().skip(1).map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let [name, value @ .., origin] = words.as_slice() else {
            panic!("{line}")
        };
        ((*name).to_owned(), (value.join(" "), (*origin).to_owned()))
    });
    rows.collect()
}

fn variable(key: &str) -> String {
    match key {
        // The plain name belongs to the secret itself, which only builds take.
        "client_secret" => "GPHOTOSYNC_CLIENT_SECRET_FILE".to_owned(),
        key => format!("GPHOTOSYNC_{}", key.to_uppercase()),
    }
}

#[test]
fn without_anything_the_defaults_hold() {
    let sandbox = Sandbox::empty();
    let ended = sandbox.say("config").with_code(0);
    assert_snapshot!(told("config", &ended));
    assert!(rows(&ended).values().all(|(_, origin)| origin == "default"));
}

#[test]
fn every_setting_can_come_from_the_environment() {
    let sandbox = Sandbox::empty();
    for (key, value, shown) in OPTIONS {
        let mut command = sandbox.program(&["config"]);
        command.env(variable(key), value);
        let rows = rows(&sandbox.end_of(command).with_code(0));
        assert_eq!(rows[key], (shown.to_owned(), "environment".to_owned()), "{key}");
        assert_eq!(
            rows.values().filter(|(_, origin)| origin != "default").count(),
            1,
            "{key}"
        );
    }
}

#[test]
fn every_setting_can_come_from_the_file() {
    let sandbox = Sandbox::empty();
    let folder = sandbox.home().join("gphotosync");
    fs::create_dir(&folder).unwrap();
    for (key, value, shown) in OPTIONS {
        let plain = value == "true" || value.parse::<u64>().is_ok();
        let value = if plain {
            value.to_owned()
        } else {
            format!("'{value}'")
        };
        fs::write(folder.join("config.toml"), format!("{key} = {value}\n")).unwrap();
        let ended = sandbox.say("config").with_code(0);
        assert!(
            ended.stdout.starts_with("Configuration file: "),
            "{}",
            ended.stdout
        );
        assert_eq!(rows(&ended)[key], (shown.to_owned(), "file".to_owned()), "{key}");
    }
}

#[test]
fn every_setting_is_tried_here() {
    let sandbox = Sandbox::empty();
    let shown: Vec<_> = rows(&sandbox.say("config"))
        .into_keys()
        .filter(|key| key != "on_finish")
        .collect();
    let mut tried: Vec<_> = OPTIONS.into_iter().map(|(key, ..)| key.to_owned()).collect();
    tried.sort();
    assert_eq!(tried, shown);
}

#[test]
fn the_nearest_one_holds() {
    let sandbox = Sandbox::empty();
    let file = sandbox.home().join("config.toml");
    fs::write(&file, "workers = 3\nquota = 'exit'\nverbose = 1\ndelay = '5m'").unwrap();
    let line = format!("--config {} --workers 5 config", file.display());
    let mut command = sandbox.words(&line);
    command
        .env("GPHOTOSYNC_WORKERS", "4")
        .env("GPHOTOSYNC_QUOTA", "wait")
        .env("GPHOTOSYNC_DELAY", "");
    let rows = rows(&sandbox.end_of(command).with_code(0));
    let origin = |key: &str| (rows[key].0.as_str(), rows[key].1.as_str());
    assert_eq!(origin("workers"), ("5", "flag"));
    assert_eq!(origin("quota"), ("wait", "environment"));
    assert_eq!(origin("delay"), ("5m", "file"));
    assert_eq!(origin("retry_pause"), ("1m", "default"));
}

#[test]
fn a_typed_option_holds_on_either_side_of_the_command() {
    let sandbox = Sandbox::empty();
    let report = sandbox.home().join("report.json");
    for line in [
        "--workers 3 sync --dry-run",
        "sync --workers 3 --dry-run",
        "--dry-run --workers 3",
    ] {
        let mut command = sandbox.words(line);
        // Were it to hold, it would be a mistake in the place of a missing client.
        command
            .env("GPHOTOSYNC_STRATEGY", "id")
            .env("GPHOTOSYNC_REPORT", &report)
            .arg("--lib")
            .arg(sandbox.library());
        let ended = sandbox.end_of(command);
        assert_ne!(ended.code, Some(2), "{line}: {}", ended.stderr);
    }
}

#[test]
fn the_predecessors_spellings_hold() {
    let sandbox = Sandbox::empty();
    for line in [
        "-lib /photos -strategy id config",
        "-lib=/photos -strategy=id config",
    ] {
        let rows = rows(&sandbox.say(line).with_code(0));
        assert_eq!(rows["lib"], ("/photos".to_owned(), "flag".to_owned()));
        assert_eq!(rows["strategy"], ("id".to_owned(), "flag".to_owned()));
    }
}

#[test]
fn status_shows_them_when_asked_for_more() {
    let sandbox = Sandbox::empty();
    let lib = sandbox.library();
    let mut command = sandbox.program(&["status", "-v", "--lib"]);
    command.arg(&lib).env("GPHOTOSYNC_WORKERS", "6");
    let ended = sandbox.end_of(command).with_code(0);
    let (_, shown) = ended.stdout.split_once("Configuration file: ").unwrap();
    let workers = shown
        .lines()
        .find(|line| line.trim_start().starts_with("workers"))
        .unwrap();
    assert_eq!(
        workers.split_whitespace().collect::<Vec<_>>(),
        ["workers", "6", "environment"]
    );
}

#[test]
fn switches_in_the_environment_say_yes_in_many_words() {
    let sandbox = Sandbox::empty();
    for (word, on) in [
        ("1", "true"),
        ("yes", "true"),
        ("on", "true"),
        ("0", "false"),
        ("no", "false"),
        ("off", "false"),
    ] {
        for key in [
            "dry_run",
            "wait",
            "no_browser",
            "local_only",
            "failed",
            "json",
            "quick",
            "repair",
        ] {
            let mut command = sandbox.program(&["config"]);
            command.env(variable(key), word);
            assert_eq!(
                rows(&sandbox.end_of(command).with_code(0))[key].0,
                on,
                "{key}={word}"
            );
        }
    }
}
