//! What the disk that holds a library can do, found out by trying in `.gphotosync`.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::place::{Renamed, rename_new, set_modified};

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "abilities that have nothing to do with each other"
)]
pub(crate) struct Abilities {
    /// `a` and `A` are two files.
    pub(crate) tells_case: bool,
    /// One file can have two names.
    pub(crate) hard_links: bool,
    /// A name can point to another.
    pub(crate) symbolic_links: bool,
    /// Modification times are kept to this step.
    pub(crate) time_step: Duration,
    /// Names may have 255 bytes.
    pub(crate) long_names: bool,
}

/// A time with a fraction, and an odd number of seconds for FAT's steps of two.
const PROBED_TIME: Duration = Duration::new(1_136_214_245, 123_456_789);

/// Tries everything in a folder of its own below `own`, which is gone afterwards.
pub(crate) fn probe(own: &Path) -> io::Result<Abilities> {
    let folder = own.join(format!("probe-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let found = probe_in(&folder);
    fs::remove_dir_all(&folder)?;
    found
}

fn probe_in(folder: &Path) -> io::Result<Abilities> {
    let small = folder.join("probe");
    File::create_new(&small)?;
    let renamed = folder.join("renamed");
    let long = folder.join("n".repeat(255));
    Ok(Abilities {
        tells_case: !folder.join("PROBE").exists(),
        hard_links: fs::hard_link(&small, folder.join("link")).is_ok(),
        symbolic_links: symbolic_link(&small, &folder.join("pointer")).is_ok(),
        time_step: time_step(&small)?,
        long_names: File::create_new(small.with_file_name("to-rename")).is_ok()
            && File::create_new(&long).is_ok()
            && rename_new(&small.with_file_name("to-rename"), &renamed)? == Renamed::Done,
    })
}

fn time_step(path: &Path) -> io::Result<Duration> {
    let asked = SystemTime::UNIX_EPOCH + PROBED_TIME;
    set_modified(&File::options().write(true).open(path)?, asked)?;
    let kept = path.metadata()?.modified()?;
    let lost = asked
        .duration_since(kept)
        .or_else(|_| kept.duration_since(asked))
        .unwrap_or_default();
    Ok(match lost {
        lost if lost.is_zero() => Duration::from_nanos(1),
        lost if lost < Duration::from_micros(1) => Duration::from_micros(1),
        lost if lost < Duration::from_secs(1) => Duration::from_secs(1),
        _ => Duration::from_secs(2),
    })
}

#[cfg(unix)]
fn symbolic_link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn symbolic_link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let found = probe(folder.path()).unwrap();
        assert!(found.long_names && found.time_step <= Duration::from_secs(2));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
