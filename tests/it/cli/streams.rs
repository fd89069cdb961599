//! Standard streams: results on standard output and nothing else, and no panic where nobody listens any more.

use std::process::{Command, Stdio};

use stand_in_google::{Item, StandIn};

use crate::support::{Sandbox, serving, wait_until};

fn google() -> StandIn {
    serving((1..=3).map(Item::photo).collect())
}

/// Runs `command`, whose output nobody listens to; gives its exit code and what it said elsewhere.
fn unheard(mut command: Command) -> (Option<i32>, String) {
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        std::io::Read::read_to_string(&mut stderr, &mut said).unwrap();
    }
    wait_until("the end of the program", || child.try_wait().unwrap().is_some());
    (child.wait().unwrap().code(), said)
}

#[test]
fn only_results_are_written_to_standard_output() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    sandbox.sign_in();
    for progress in ["auto", "plain", "none", "bars"] {
        let ended = sandbox
            .run(&["sync", "--delay", "0", "--progress", progress])
            .with_code(0);
        assert_eq!(ended.stdout, "", "{progress}");
    }
    let ended = sandbox.sync(&[]).with_code(0);
    assert_eq!(ended.stderr, "", "json says all on standard output");
    assert!(ended.events().len() >= 3);
    assert_eq!(sandbox.run(&["logout"]).with_code(0).stdout, "");
    for args in [&["status"][..], &["config"], &["man"], &["completions", "bash"]] {
        let ended = sandbox.run(args).with_code(0);
        assert!(!ended.stdout.is_empty() && ended.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    for line in [
        "--help",
        "-h",
        "--version",
        "man",
        "completions zsh",
        "config",
        "help login",
    ] {
        assert_eq!(unheard(sandbox.words(line)), (Some(0), String::new()), "{line}");
    }
    for args in [
        &["status"][..],
        &["status", "--json"],
        &["sync", "--progress", "json", "--delay", "0"],
    ] {
        assert_eq!(
            unheard(sandbox.command(args)),
            (Some(0), String::new()),
            "{args:?}"
        );
    }
}

#[test]
fn nobody_has_to_read_standard_error() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    for (args, code) in [
        (&["sync", "--delay", "0", "-vvvv"][..], 0),
        (&["sync", "--bogus"], 2),
        (&["sync", "--lib", "/nowhere/at/all"], 1),
        (&["logout"], 0),
        (&["sync"], 4),
    ] {
        let mut command = if args.contains(&"--lib") {
            sandbox.program(args)
        } else {
            sandbox.command(args)
        };
        let mut child = command.spawn().unwrap();
        drop(child.stderr.take());
        drop(child.stdout.take());
        wait_until("the end of the program", || child.try_wait().unwrap().is_some());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}");
    }
}

#[test]
fn a_run_needs_no_streams_at_all() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    let run = sandbox.command(&["sync", "--delay", "0"]);
    let mut shell = Command::new("sh");
    shell
        .env_clear()
        .args(["-c", "exec \"$@\" <&- >&- 2>&-", "sh"])
        .arg(run.get_program())
        .args(run.get_args());
    for (name, value) in run.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    let status = shell.stdin(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(sandbox.tree().len(), 3);
}
