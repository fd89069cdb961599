//! What the numbers are measured on, and the folder in which everything is written.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Result;

/// A folder on the disk to be measured; removed with all that is in it when dropped.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: TempDir,
    retired: Cell<u32>,
}

impl Workspace {
    /// Makes the folder below `parent`, which must have room for `needed` bytes.
    pub(crate) fn new(parent: &Path, needed: u64) -> Result<Self> {
        fs::create_dir_all(parent)?;
        let free = free_space(parent)?;
        if free < needed {
            return Err(format!(
                "{} has {} MB free, but {} MB are needed; --dir names another folder, --quick needs less",
                parent.display(),
                free / 1_000_000,
                needed / 1_000_000
            )
            .into());
        }
        let folder = tempfile::Builder::new()
            .prefix("gphotosync-bench-")
            .tempdir_in(parent)?;
        Ok(Self {
            folder,
            retired: Cell::new(0),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A new empty folder in it; an earlier one of that name is retired.
    pub(crate) fn fresh(&self, name: &str) -> Result<PathBuf> {
        let path = self.path().join(name);
        if path.exists() {
            self.retire(&path)?;
        }
        fs::create_dir(&path)?;
        Ok(path)
    }

    /// Empties the files of a folder and puts it away until the end.
    ///
    /// They are not removed, because ext4 without a journal gives no inode out again within five minutes, and
    /// looks at every such inode whenever a file is made: whoever comes next would pay for it many times over.
    pub(crate) fn retire(&self, folder: &Path) -> Result<()> {
        empty_files(folder)?;
        self.retired.set(self.retired.get() + 1);
        let name = format!("retired-{}", self.retired.get());
        Ok(fs::rename(folder, self.path().join(name))?)
    }

    /// Lets the disk come to rest, so that no side pays for what was written or removed before its turn.
    pub(crate) fn settle(&self) -> Result<()> {
        sync_file_system(self.path())
    }
}

/// Gives back the space of all files below `folder`, but not their names.
fn empty_files(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            empty_files(&entry.path())?;
        } else if kind.is_file() {
            fs::File::options().write(true).open(entry.path())?.set_len(0)?;
        }
    }
    Ok(())
}

/// Writes back everything that waits for the disk that `path` is on.
pub(crate) fn sync_file_system(path: &Path) -> Result<()> {
    let status = Command::new("sync").arg("-f").arg(path).status()?;
    if status.success() {
        Ok(())
    } else {
        Err("`sync -f` failed".into())
    }
}

fn free_space(path: &Path) -> Result<u64> {
    let blocks = df(path, 3)?;
    Ok(blocks.parse::<u64>()? * 1024)
}

/// One column of what `df` says of the file system that `path` is on.
fn df(path: &Path, column: usize) -> Result<String> {
    let output = Command::new("df").arg("-Pk").arg(path).output()?;
    let text = String::from_utf8(output.stdout)?;
    let field = text
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(column));
    Ok(field.ok_or("`df` said nothing")?.to_owned())
}

/// Processor, memory, kernel, disk, and how busy all of it is.
pub(crate) fn facts(folder: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let processor = labelled(&fs::read_to_string("/proc/cpuinfo")?, "model name");
    let memory = labelled(&fs::read_to_string("/proc/meminfo")?, "MemTotal");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let (device, file_system) = (df(folder, 0)?, file_system(&df(folder, 5)?)?);
    Ok(format!(
        "Machine: {cores} cores ({processor}), {memory} memory, Linux {}, {file_system} on {device}.\n{}",
        kernel.trim(),
        load()?
    ))
}

/// How many programs wanted a core lately, this benchmark's included.
pub(crate) fn load() -> Result<String> {
    let load = fs::read_to_string("/proc/loadavg")?;
    let averages: Vec<_> = load.split(' ').take(3).collect();
    Ok(format!(
        "Load averages over 1, 5 and 15 minutes: {}.",
        averages.join(", ")
    ))
}

fn labelled(text: &str, label: &str) -> String {
    let found = text
        .lines()
        .find_map(|line| line.strip_prefix(label)?.split_once(':'));
    found.map_or("unknown", |(_, value)| value.trim()).to_owned()
}

/// Type and options of the file system that is mounted at `point`; of several, the last one is on top.
fn file_system(point: &str) -> Result<String> {
    let mounts = fs::read_to_string("/proc/mounts")?;
    let mut mounts = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let fields = mounts.rfind(|fields| fields.get(1) == Some(&point));
    Ok(fields.map_or_else(
        || "an unknown file system".to_owned(),
        |fields| format!("{} ({})", fields[2], fields[3]),
    ))
}
