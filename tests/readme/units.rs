//! The unit files for systemd: what they start is understood, and systemd takes them.

use std::path::Path;
use std::process::Command;

use super::program::understands;
use super::{repository, text_of};

const SERVICE: &str = "examples/systemd/gphotosync.service";
const TIMER: &str = "examples/systemd/gphotosync.timer";

/// Where `cargo install` puts the program, as a unit file says it.
const INSTALLED: &str = "%h/.cargo/bin/gphotosync";

/// The value of a key, which must occur once in its section.
fn value(text: &str, section: &str, key: &str) -> String {
    let lines = text.lines().skip_while(|line| *line != format!("[{section}]"));
    let within = lines.skip(1).take_while(|line| !line.starts_with('['));
    let values: Vec<_> = within
        .filter_map(|line| line.strip_prefix(&format!("{key}=")))
        .collect();
    assert_eq!(values.len(), 1, "{key} in [{section}]: {values:?}");
    values[0].to_owned()
}

/// Sections, keys and comments are all there is, and every key is in a section.
fn assert_well_formed(text: &str) {
    let mut lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_section = |line: &str| line.starts_with('[') && line.ends_with(']');
    assert!(lines.next().is_some_and(is_section));
    for line in lines {
        let is_key = line
            .split_once('=')
            .is_some_and(|(key, value)| key.chars().all(char::is_alphanumeric) && !value.is_empty());
        assert!(is_section(line) || is_key, "{line}");
    }
}

#[test]
fn the_service_runs_a_command_that_is_understood() {
    let service = text_of(SERVICE);
    assert_well_formed(&service);
    assert_eq!(value(&service, "Service", "Type"), "notify");
    let start = value(&service, "Service", "ExecStart");
    let arguments = start.strip_prefix(INSTALLED).unwrap();
    assert!(understands(&format!("gphotosync{arguments}")), "{start}");
}

#[test]
fn the_timer_starts_the_service_and_not_on_the_hour() {
    let timer = text_of(TIMER);
    assert_well_formed(&timer);
    assert_eq!(Path::new(TIMER).with_extension("service"), Path::new(SERVICE));
    let time = value(&timer, "Timer", "OnCalendar");
    let (_, clock) = time.split_once(' ').unwrap();
    let minute: u8 = clock.split(':').nth(1).unwrap().parse().unwrap();
    assert!((1..60).contains(&minute), "on the hour: {time}");
    assert_eq!(value(&timer, "Install", "WantedBy"), "timers.target");
}

/// Systemd itself, where there is one, reads both files with the program in the place where it would be installed.
#[test]
fn systemd_takes_both() {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str| {
        let text = text_of(path).replace(INSTALLED, env!("CARGO_BIN_EXE_gphotosync"));
        let to = folder.path().join(repository(path).file_name().unwrap());
        std::fs::write(&to, text).unwrap();
        to
    };
    let mut verify = Command::new("systemd-analyze");
    verify
        .args(["verify", "--user", "--man=no"])
        .args([put(SERVICE), put(TIMER)])
        .env("XDG_RUNTIME_DIR", folder.path());
    let Ok(output) = verify.output() else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("Failed to initialize manager") {
        return;
    }
    assert!(output.status.success() && !said.contains("gphotosync."), "{said}");
}
