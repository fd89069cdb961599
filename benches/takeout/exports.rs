//! Pretended exports, and the programs that are let loose on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pretend_takeout::{Settings, Truth, write};

use crate::Result;
use crate::machine::Workspace;
use crate::measured::{Cost, run};

/// The release binary.
const GPHOTOSYNC: &str = env!("CARGO_BIN_EXE_gphotosync");

/// An export on disk, and the truth about it.
pub(crate) struct Export {
    pub(crate) folder: PathBuf,
    pub(crate) truth: Truth,
}

impl Export {
    pub(crate) fn written(settings: &Settings, workspace: &Workspace) -> Result<Self> {
        let folder = workspace.fresh("parts")?;
        let truth = write(settings, &folder)?;
        Ok(Self { folder, truth })
    }

    /// Imports it with no settings but those of the command line.
    pub(crate) fn import(&self, library: &Path, more: &[&str]) -> Result<Cost> {
        let mut command = Command::new(GPHOTOSYNC);
        command
            .env_clear()
            .env("HOME", library)
            .env("GPHOTOSYNC_LIB", library)
            .env("GPHOTOSYNC_PROGRESS", "none")
            .arg("takeout")
            .arg(&self.folder)
            .args(more);
        run(&mut command)
    }

    /// Unpacks all parts, one after the other, as a person would do it.
    pub(crate) fn unzip(&self, into: &Path) -> Result<Cost> {
        let mut sum = Cost {
            wall: 0.0,
            cpu: 0.0,
            peak: 0,
        };
        for part in &self.truth.parts {
            // What two parts have in common is not asked about.
            let mut command = Command::new("unzip");
            command.args(["-qq", "-o"]).arg(self.folder.join(part));
            let cost = run(command.arg("-d").arg(into))?;
            sum.wall += cost.wall;
            sum.cpu += cost.cpu;
            sum.peak = sum.peak.max(cost.peak);
        }
        Ok(sum)
    }
}

/// Without it there is nothing to be compared with.
pub(crate) fn require_unzip() -> Result<()> {
    let found = Command::new("unzip")
        .arg("-v")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if found.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(
        "`unzip` is not installed, and `import` is measured beside it: install it (it is a package of that name \
         nearly everywhere), or name other sections"
            .into(),
    )
}
