//! Every command that README.md tells people to type.

use super::markdown::Readme;
use super::program::{understands, words};
use super::{repository, text_of};

/// What a test cannot do: it changes the machine for good.
const CHANGES_THE_MACHINE: [&str; 6] = [
    "cargo install --path . --locked",
    "mkdir -p ~/.config/systemd/user",
    "cp examples/systemd/gphotosync.service examples/systemd/gphotosync.timer ~/.config/systemd/user/",
    "systemctl --user daemon-reload",
    "systemctl --user enable --now gphotosync.timer",
    "loginctl enable-linger",
];

/// Languages of blocks whose lines are checked; no command may hide in another.
const LANGUAGES: [&str; 3] = ["sh", "crontab", "text"];

/// All command lines of the program: in shell blocks, in screens after a prompt, and in prose.
fn of_the_program(readme: &Readme) -> Vec<String> {
    let typed = readme.lines_in("sh").into_iter();
    let shown = readme.lines_in("text").into_iter();
    let prompted = shown.filter_map(|line| line.strip_prefix("$ ").map(str::to_owned));
    let is_ours = |line: &String| line == "gphotosync" || line.starts_with("gphotosync ");
    typed
        .chain(prompted)
        .chain(readme.spans())
        .filter(is_ours)
        .collect()
}

#[test]
fn every_command_is_understood() {
    let lines = of_the_program(&Readme::read());
    assert!(lines.len() > 10, "only {lines:?} found");
    for line in lines {
        assert!(understands(&line), "the program does not understand: {line}");
    }
}

#[test]
fn the_predecessors_spellings_are_understood() {
    let spans = Readme::read().spans();
    for spelling in ["-lib PATH", "-strategy id"] {
        assert!(spans.iter().any(|span| span == spelling), "{spelling}");
        assert!(understands(&format!("gphotosync {spelling}")), "{spelling}");
    }
}

/// Other commands are run by `.ci/run`, word for word, or are known to change the machine.
#[test]
fn every_other_shell_command_is_run_or_known() {
    let ci = text_of(".ci/run");
    let mut known: Vec<_> = CHANGES_THE_MACHINE.to_vec();
    for line in Readme::read().lines_in("sh") {
        let command = words(&line).join(" ");
        if command.starts_with("gphotosync") || ci.contains(&format!("'{command}'")) {
            continue;
        }
        let before = known.len();
        known.retain(|one| *one != command);
        assert!(known.len() < before, "nobody checks: {command}");
    }
    assert!(known.is_empty(), "no longer in README.md: {known:?}");
}

#[test]
fn no_block_escapes_the_checks() {
    for block in Readme::read().blocks() {
        assert!(LANGUAGES.contains(&block.language.as_str()), "{block:?}");
    }
}

#[test]
fn the_targets_that_cargo_is_asked_for_exist() {
    for line in Readme::read().lines_in("sh") {
        let words = words(&line);
        for pair in words.windows(2) {
            let folder = match pair[0].as_str() {
                "--example" => "examples",
                "--bench" => "benches",
                _ => continue,
            };
            let name = &pair[1];
            let places = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/main.rs")];
            assert!(places.iter().any(|place| repository(place).is_file()), "{line}");
        }
    }
}

#[test]
fn the_oldest_rust_is_the_one_of_the_manifest() {
    let manifest = text_of("Cargo.toml");
    let version = manifest.split("rust-version = \"").nth(1).unwrap();
    let needed = format!("Rust {} or newer", version.split('"').next().unwrap());
    assert!(Readme::read().flowing().contains(&needed), "{needed}");
}
