//! Help texts, manual pages and completions.

use insta::{Settings, assert_snapshot};

use super::told;
use crate::support::Sandbox;

/// The commands that the help text lists.
fn commands(sandbox: &Sandbox) -> Vec<String> {
    let help = sandbox.say("--help").with_code(0).stdout;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).filter(|name| name != "help").collect()
}

#[test]
fn the_short_and_the_long_help() {
    let sandbox = Sandbox::empty();
    assert_snapshot!("short", told("-h", &sandbox.say("-h").with_code(0)));
    assert_snapshot!("long", told("--help", &sandbox.say("--help").with_code(0)));
    assert_eq!(sandbox.say("help").stdout, sandbox.say("--help").stdout);
}

#[test]
fn every_command_helps() {
    let sandbox = Sandbox::empty();
    let commands = commands(&sandbox);
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands {
        let mut settings = Settings::clone_current();
        settings.set_snapshot_suffix(&command);
        let line = format!("{command} -h");
        let ended = sandbox.say(&line).with_code(0);
        settings.bind(|| assert_snapshot!("command", told(&line, &ended)));
        let long = sandbox.say(&format!("{command} --help")).with_code(0).stdout;
        assert_eq!(sandbox.say(&format!("help {command}")).stdout, long);
        assert_eq!(ended.stderr, "");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let sandbox = Sandbox::empty();
    let page = sandbox.say("man").with_code(0).stdout;
    assert!(
        page.contains(".TH gphotosync 1") && page.contains(".SH SYNOPSIS"),
        "{page}"
    );
    for command in commands(&sandbox) {
        assert!(
            page.contains(&format!("gphotosync\\-{command}(1)")),
            "{command} in {page}"
        );
        let own = sandbox.say(&format!("man {command}")).with_code(0).stdout;
        assert!(own.contains(&format!(".TH gphotosync-{command} 1")), "{own}");
        assert!(own.contains(&format!("gphotosync {command}")), "{own}");
    }
    assert!(page.contains("GPHOTOSYNC_WORKERS"), "it names the variables");
    assert!(
        page.contains("library in use by another gphotosync"),
        "it lists the exit codes"
    );
    let ended = sandbox.say("man dance").with_code(2);
    assert!(
        ended.stderr.contains("there is no command dance"),
        "{}",
        ended.stderr
    );
}

#[test]
fn every_shell_is_completed() {
    let sandbox = Sandbox::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.say(&format!("completions {shell}")).with_code(0).stdout;
        for word in ["workers", "login", "dry-run", "unixhex"] {
            assert!(script.contains(word), "no {word} for {shell}:\n{script}");
        }
    }
}

#[test]
fn the_version_is_the_packages() {
    let sandbox = Sandbox::empty();
    for line in ["--version", "-V"] {
        let version = sandbox.say(line).with_code(0).stdout;
        assert_eq!(version, concat!("gphotosync ", env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn help_does_not_tell_what_variables_hold() {
    let sandbox = Sandbox::empty();
    let mut command = sandbox.program(&["--help"]);
    command.env("GPHOTOSYNC_LIB", "/home/me/hush");
    let help = sandbox.end_of(command).with_code(0).stdout;
    assert!(
        help.contains("GPHOTOSYNC_LIB") && !help.contains("hush"),
        "{help}"
    );
}
