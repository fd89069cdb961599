//! The table of options is what `--help` says of every command; variables and keys are what the program knows.

use std::collections::{BTreeMap, BTreeSet};

use super::markdown::Readme;
use super::program::{ask, commands, help};
use super::text_of;

/// What can be said of an option in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Facts {
    /// The name of its value, if it takes one.
    value: Option<String>,
    default: String,
    /// The variable; the table leaves it out, since a rule gives it.
    variable: String,
}

/// Options by their long names, without the dashes.
type Options = BTreeMap<String, Facts>;

fn in_help() -> Options {
    let mut texts = vec![help(&[])];
    texts.extend(commands().iter().map(|command| help(&[command])));
    let mut options: Options = texts.iter().flat_map(|text| options_in(text)).collect();
    options.retain(|name, _| !["help", "version"].contains(&name.as_str()));
    options
}

/// Cuts a help text into options: each begins at a line with its long name.
fn options_in(text: &str) -> Options {
    let mut options: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (long_name(line), options.last_mut()) {
            (Some(name), _) => options.push((name, line.trim().to_owned())),
            (None, Some((_, text))) => text.extend([" ", line.trim()]),
            (None, None) => {}
        }
    }
    let read = |(name, text): (String, String)| (name, option(&text));
    options.into_iter().map(read).collect()
}

/// The long name in `  -q, --quiet...` or `      --lib <PATH>`.
fn long_name(line: &str) -> Option<String> {
    let line = line.strip_prefix("  ")?.trim_start();
    let (before, after) = line.split_once("--")?;
    let is_short = before.is_empty() || (before.len() == 4 && before.starts_with('-'));
    let ends = |c: char| !c.is_ascii_lowercase() && c != '-';
    is_short.then(|| after.split(ends).next().unwrap_or_default().to_owned())
}

fn option(text: &str) -> Facts {
    let between = |opening: &str, closing: &str| {
        let (_, after) = text.split_once(opening)?;
        after.split(closing).next().map(str::to_owned)
    };
    Facts {
        value: between("<", ">"),
        default: between("[default: ", "]").unwrap_or_default(),
        variable: between("[env: ", "]").map_or_else(String::new, |env| env.trim_end_matches('=').to_owned()),
    }
}

/// The table has no variables: the rule is put in their place.
fn in_table() -> Options {
    let read = |row: Vec<String>| {
        let long = row[0].split(", ").last().unwrap().to_owned();
        let mut words = long.trim_start_matches("--").split_whitespace();
        let name = words.next().unwrap().to_owned();
        let option = Facts {
            value: words.next().map(str::to_owned),
            default: row[2].clone(),
            variable: variable_by_rule(&name),
        };
        (name, option)
    };
    Readme::read().table("Option").into_iter().map(read).collect()
}

fn variable_by_rule(name: &str) -> String {
    let exception = if name == "client-secret" { "_FILE" } else { "" };
    format!("GPHOTOSYNC_{}{exception}", key(name).to_uppercase())
}

fn key(name: &str) -> String {
    name.replace('-', "_")
}

#[test]
fn are_the_ones_in_the_help() {
    let (told, known) = (in_table(), in_help());
    assert!(known.len() > 15, "the help tells only {known:?}");
    let names = |options: &Options| options.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&told), names(&known));
    for (name, option) in told {
        assert_eq!(option, known[&name], "--{name}");
    }
}

#[test]
fn all_but_the_files_own_path_are_keys_of_the_file() {
    let output = String::from_utf8(ask(["config"]).stdout).unwrap();
    let rows = output.lines().filter_map(|line| line.strip_prefix("  "));
    let known: BTreeSet<String> = rows
        .filter_map(|row| row.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    let mut told: BTreeSet<String> = in_table().keys().map(|name| key(name)).collect();
    assert!(told.remove("config"));
    assert_eq!(told, known);
}

#[test]
fn the_example_of_a_configuration_file_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let mut examples = Readme::read().spans();
    examples.retain(|span| span.contains(" = \""));
    assert!(!examples.is_empty());
    std::fs::write(&path, examples.join("\n")).unwrap();
    let output = ask(["--config", path.to_str().unwrap(), "config"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    assert!(shown.lines().any(|line| line.ends_with("  file")), "{shown}");
}

#[test]
fn every_variable_exists() {
    let known: BTreeSet<String> = in_help().into_values().map(|one| one.variable).collect();
    let at_build_time = text_of("src/source/google/sign_in/client_file.rs");
    // What the command of --on-finish is told.
    let told = text_of("src/cli/commands/sync/afterwards.rs");
    let text = Readme::read().flowing();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let named = text
        .split(|c| !is_name(c))
        .filter(|word| word.starts_with("GPHOTOSYNC_"));
    for name in named {
        let is_built_in = at_build_time.contains(&format!("option_env!(\"{name}\")"));
        let is_told = told.contains(&format!("\"{name}\""));
        assert!(
            known.contains(name) || is_built_in || is_told,
            "nothing knows {name}"
        );
    }
}
