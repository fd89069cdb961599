//! Command lines and settings that make no sense: what is told, and exit code 2.

use std::fs;

use insta::assert_snapshot;

use super::told;
use crate::support::Sandbox;

#[test]
fn mistakes_on_the_command_line() {
    let sandbox = Sandbox::empty();
    let lines = [
        "--bogus",
        "sync --worker 3",
        "--workers 0",
        "--workers many",
        "--workers",
        "--delay soon",
        "--retry-pause -1s",
        "--strategy time",
        "--quota maybe",
        "--progress loud",
        "--color red",
        "--google-endpoint here",
        "--google-endpoint ftp://127.0.0.1/",
        "snyc",
        "login --dry-run",
        "completions",
        "completions tcsh",
        "status everything",
        "-w",
    ];
    let all: Vec<_> = lines
        .into_iter()
        .map(|line| {
            let ended = sandbox.say(line).with_code(2);
            assert_eq!(ended.stdout, "", "{line}");
            told(line, &ended)
        })
        .collect();
    assert_snapshot!(all.join("\n"));
}

#[test]
fn mistakes_in_the_environment_name_the_variable() {
    let sandbox = Sandbox::empty();
    let variables = [
        ("GPHOTOSYNC_WORKERS", "lots"),
        ("GPHOTOSYNC_DELAY", "soon"),
        ("GPHOTOSYNC_VERBOSE", "very"),
        ("GPHOTOSYNC_DRY_RUN", "perhaps"),
        ("GPHOTOSYNC_NO_BROWSER", "perhaps"),
        ("GPHOTOSYNC_PROGRESS", "loud"),
        ("GPHOTOSYNC_GOOGLE_ENDPOINT", "here"),
    ];
    let all: Vec<_> = variables
        .into_iter()
        .map(|(name, value)| {
            let mut command = sandbox.program(&["config"]);
            command.env(name, value);
            let ended = sandbox.end_of(command).with_code(2);
            assert!(ended.stderr.contains(name), "{}", ended.stderr);
            told(&format!("config   ({name}={value})"), &ended)
        })
        .collect();
    assert_snapshot!(all.join("\n"));
}

#[test]
fn mistakes_in_the_configuration_file() {
    let sandbox = Sandbox::empty();
    let path = sandbox.home().join("config.toml");
    let texts = [
        "worker = 8",
        "workers = 0",
        "workers = true",
        "delay = 'soon'",
        "color = 'red'",
        "lib = ",
        "wait = 'yes'",
        "google_endpoint = 'here'",
    ];
    let line = format!("config --config {}", path.display());
    let all: Vec<_> = texts
        .into_iter()
        .map(|text| {
            fs::write(&path, text).unwrap();
            told(&format!("config   ({text})"), &sandbox.say(&line).with_code(2))
        })
        .collect();
    assert_snapshot!(all.join("\n"));
    fs::remove_file(&path).unwrap();
    let missing = sandbox.say(&line).with_code(2);
    assert!(
        missing.stderr.contains("could not read the configuration file"),
        "{}",
        missing.stderr
    );
    assert!(missing.stderr.contains("No such file"), "{}", missing.stderr);
}
