//! What lies in the library's folder.

use std::path::Path;

use crate::{LIBRARY, Result, say};

/// The folders, with how many files each holds, and the files of one of them.
pub(crate) fn show_tree(library: &Path) -> Result<()> {
    let mut months = Vec::new();
    for year in sorted(library)?.into_iter().filter(|path| !is_hidden(path)) {
        for month in sorted(&year)? {
            let files = sorted(&month)?;
            months.push((month, files));
        }
    }
    say(&format!(
        "\n{LIBRARY}/ now holds {} months, among them:",
        months.len()
    ));
    for (month, files) in months.iter().rev().take(3) {
        let month = month.strip_prefix(library)?;
        say(&format!("  {}/  {} files", month.display(), files.len()));
        for file in files.iter().take(4) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            say(&format!("    {name}  {} kB", file.metadata()?.len() / 1000));
        }
    }
    Ok(())
}

fn is_hidden(path: &Path) -> bool {
    path.is_file()
        || path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn sorted(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
