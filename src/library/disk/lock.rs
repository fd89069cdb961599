//! One gphotosync per library: a lock on a file that says who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::library::LibraryError;

/// How often somebody who waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Longer than any holder's description.
const MOST_BYTES: u64 = 4_096;

/// The lock; free again when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    host: String,
    since: DateTime<Utc>,
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub(crate) fn take(path: &Path) -> Result<Self, LibraryError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(LibraryError::disk("open", path))?;
        match file.try_lock() {
            Ok(()) => {
                describe(&mut file).map_err(LibraryError::disk("write", path))?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(LibraryError::InUse {
                holder: holder(&mut file),
            }),
            Err(TryLockError::Error(source)) => Err(LibraryError::disk("lock", path)(source)),
        }
    }

    /// Takes the lock as soon as it is free; `told` hears once who has it until then.
    pub(crate) async fn wait(path: &Path, told: impl FnOnce(&str)) -> Result<Self, LibraryError> {
        let mut told = Some(told);
        loop {
            match Self::take(path) {
                Err(LibraryError::InUse { holder }) => {
                    if let Some(told) = told.take() {
                        told(&holder);
                    }
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                taken => return taken,
            }
        }
    }
}

fn describe(file: &mut File) -> std::io::Result<()> {
    let holder = Holder {
        pid: std::process::id(),
        host: host(),
        since: Utc::now(),
    };
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(serde_json::to_string(&holder)?.as_bytes())
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(MOST_BYTES).read_to_string(&mut text);
    match read.ok().and_then(|_| serde_json::from_str::<Holder>(&text).ok()) {
        Some(Holder { pid, host, since }) => {
            let host: String = host.chars().filter(|c| !c.is_control()).collect();
            format!(
                "process {pid} on {host}, since {}",
                since.to_rfc3339_opts(SecondsFormat::Secs, true)
            )
        }
        None => "another gphotosync".to_owned(),
    }
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this computer".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_about_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path).unwrap();
        let refused = Lock::take(&path).unwrap_err().to_string();
        assert!(
            refused.contains(&format!("process {} on ", std::process::id())),
            "{refused}"
        );
        drop(first);
        Lock::take(&path).unwrap();
    }

    #[tokio::test]
    async fn who_waits_gets_it_at_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path).unwrap();
        let mut heard = String::new();
        let wait = Lock::wait(&path, |holder| heard = holder.to_owned());
        let free = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop(first);
        };
        tokio::join!(wait, free).0.unwrap();
        assert!(heard.contains("process"));
    }
}
