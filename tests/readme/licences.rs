//! The licences that README.md names are those of the crates the program is built from on Linux.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::process::Command;

use serde_json::Value;

use super::markdown::Readme;

/// The platform that README.md speaks of; others have other crates.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .arg(format!("--filter-platform={PLATFORM}"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The ids of everything the program needs, but for what only its tests or build scripts need.
fn needed(metadata: &Value) -> BTreeSet<&str> {
    let nodes: HashMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let root = text(&metadata["resolve"]["root"]);
    let (mut found, mut open) = (BTreeSet::new(), vec![root]);
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(list(&nodes[id]["deps"]).iter().filter_map(normal));
        }
    }
    found.remove(root);
    found
}

/// The id of a dependency that is a part of the program.
fn normal(dependency: &Value) -> Option<&str> {
    let kinds = list(&dependency["dep_kinds"]);
    let is_normal = kinds.iter().any(|kind| kind["kind"].is_null());
    is_normal.then(|| text(&dependency["pkg"]))
}

/// One spelling for one meaning: choices in alphabetical order, and `OR` for an old slash.
fn spelled(licence: &str) -> String {
    let licence = licence.replace(" / ", " OR ").replace('/', " OR ");
    if licence.contains(" AND ") {
        return licence;
    }
    let mut choices: Vec<_> = licence.split(" OR ").collect();
    choices.sort_unstable();
    choices.join(" OR ")
}

/// `99 × MIT, 3 × ISC`, the commonest first.
fn sentence(metadata: &Value) -> String {
    let needed = needed(metadata);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        if needed.contains(text(&package["id"])) {
            *counts.entry(spelled(text(&package["license"]))).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let parts: Vec<_> = counts
        .iter()
        .map(|(licence, count)| format!("{count} × {licence}"))
        .collect();
    format!("{} crates: {}.", needed.len(), parts.join(", "))
}

#[test]
fn are_those_of_the_dependencies() {
    let truth = sentence(&metadata());
    assert!(
        Readme::read().flowing().contains(&truth),
        "README.md should say: {truth}"
    );
}
