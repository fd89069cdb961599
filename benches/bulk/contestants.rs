//! The programs that are measured: gphotosync, and curl as the raw downloader.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::google::Google;
use crate::measured::{self, Cost};

/// The release binary.
const GPHOTOSYNC: &str = env!("CARGO_BIN_EXE_gphotosync");

/// gphotosync, for `library` and with no settings but those of its command line.
pub(crate) fn gphotosync(google: &Google, library: &Path) -> Command {
    isolated(GPHOTOSYNC, google, library)
}

/// The same without any effect of its syncs.
pub(crate) fn careless_gphotosync(google: &Google, library: &Path) -> Command {
    let mut command = isolated("eatmydata", google, library);
    command.arg(GPHOTOSYNC);
    command
}

fn isolated(program: impl AsRef<OsStr>, google: &Google, library: &Path) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", library)
        .env("GPHOTOSYNC_LIB", library)
        .env("GPHOTOSYNC_GOOGLE_ENDPOINT", google.endpoint())
        .env("GPHOTOSYNC_DELAY", "0")
        .env("GPHOTOSYNC_PROGRESS", "none");
    command
}

/// Has everything fetched, `concurrency` files at once.
pub(crate) fn sync(mut gphotosync: Command, concurrency: usize) -> Result<Cost> {
    measured::run(gphotosync.args(["sync", "--workers", &concurrency.to_string()]))
}

/// What curl is to fetch, and where to.
#[derive(Debug)]
pub(crate) struct CurlList {
    folder: PathBuf,
    config: PathBuf,
}

impl CurlList {
    /// Everything at `addresses`, into `folder`; the list itself lies beside that.
    pub(crate) fn new(addresses: &[String], folder: PathBuf) -> Result<Self> {
        let config = folder.with_extension("curl");
        let mut list = String::new();
        for (number, address) in addresses.iter().enumerate() {
            let file = folder.join(format!("{number}.jpg"));
            writeln!(list, "url = \"{address}=d\"\noutput = \"{}\"", file.display())?;
        }
        fs::write(&config, list)?;
        Ok(Self { folder, config })
    }

    /// Has everything fetched, `concurrency` files at once.
    pub(crate) fn fetch(&self, concurrency: usize) -> Result<Cost> {
        let mut curl = Command::new("curl");
        curl.args([
            "--disable",
            "--silent",
            "--show-error",
            "--fail",
            "--noproxy",
            "*",
        ])
        .args(["--parallel", "--parallel-immediate", "--parallel-max"])
        .arg(concurrency.to_string())
        .arg("--config")
        .arg(&self.config);
        measured::run(&mut curl)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Makes sure that all of `google`'s photos are in `folder`, going by number and length.
pub(crate) fn check_complete(folder: &Path, google: &Google) -> Result<()> {
    let (files, bytes) = photos_in(folder)?;
    if (files, bytes) == (google.count(), google.total_bytes()) {
        Ok(())
    } else {
        Err(format!(
            "{} holds {files} photos of {bytes} bytes in all",
            folder.display()
        )
        .into())
    }
}

/// Number and bytes of the photos below `folder`; what has a hidden name is no photo.
fn photos_in(folder: &Path) -> Result<(u64, u64)> {
    let mut sum = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let found = entry.metadata()?;
        let (files, bytes) = if found.is_dir() {
            photos_in(&entry.path())?
        } else {
            (1, found.len())
        };
        sum = (sum.0 + files, sum.1 + bytes);
    }
    Ok(sum)
}
