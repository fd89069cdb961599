//! The real program, asked for its help.

use std::process::{Command, Output};

/// The program in an empty environment of its own settings.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gphotosync"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GPHOTOSYNC_") {
            command.env_remove(name);
        }
    }
    command
}

/// What the program says to these words.
pub(crate) fn ask<'a>(words: impl IntoIterator<Item = &'a str>) -> Output {
    program().args(words).output().unwrap()
}

/// The help that these words lead to.
pub(crate) fn help(words: &[&str]) -> String {
    let output = ask(words.iter().copied().chain(["--help"]));
    assert!(output.status.success(), "no help for {words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that the help lists.
pub(crate) fn commands() -> Vec<String> {
    let help = help(&[]);
    let listed = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    let names: Vec<_> = listed
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    assert!(!names.is_empty(), "the help lists no commands");
    names
}

/// Whether the program takes a command line. `--help` at its end keeps it from being carried out; what comes before
/// has to make sense all the same.
pub(crate) fn understands(line: &str) -> bool {
    let words = words(line);
    assert_eq!(words[0], "gphotosync", "{line}");
    let arguments = words[1..].iter().map(String::as_str).chain(["--help"]);
    ask(arguments).status.success()
}

/// The words of a simple shell command, up to a comment, a pipe or a redirection.
pub(crate) fn words(line: &str) -> Vec<String> {
    let words = line.split_whitespace().map(|word| word.replace(['\'', '"'], ""));
    words
        .take_while(|word| !word.starts_with(['#', '|', '>', '&']))
        .collect()
}

#[test]
fn nonsense_is_not_understood() {
    for nonsense in [
        "gphotosync --no-such-option",
        "gphotosync nonsense",
        "gphotosync login --failed",
        "gphotosync --workers many",
        "gphotosync completions tcsh",
    ] {
        assert!(!understands(nonsense), "{nonsense}");
    }
    assert!(understands("gphotosync status --lib x # and so on"));
}
