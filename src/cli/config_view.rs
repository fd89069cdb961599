//! `gphotosync config`: the settings that hold, and where each comes from.

use std::fmt::Write as _;

use super::config_file::usual_path;
use super::console::to_stdout;
use super::settings::Settings;

/// Shows the settings.
pub(super) fn config(settings: &Settings) {
    to_stdout(&as_text(settings));
}

pub(super) fn as_text(settings: &Settings) -> String {
    let mut text = match (&settings.file, usual_path()) {
        (Some(path), _) => format!("Configuration file: {}\n", path.display()),
        (None, Some(path)) => format!("Configuration file: none ({} does not exist)\n", path.display()),
        (None, None) => "Configuration file: none\n".to_owned(),
    };
    let rows = settings.rows();
    let width = rows
        .iter()
        .map(|(_, value, _)| value.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value, origin) in rows {
        let _ = writeln!(text, "  {name:<16} {value:<width$}  {origin}");
    }
    text
}
