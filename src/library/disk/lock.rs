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

/// A holder writes who it is in well under a millisecond; on a network disk, in some tens.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

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
                holder: patiently(&mut file),
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

/// Who has the lock. Whoever took it just now has yet to write who it is.
#[expect(
    clippy::disallowed_methods,
    reason = "the program is about to end, and nothing else runs yet"
)]
fn patiently(file: &mut File) -> String {
    for _ in 0..LOOKS {
        if let Some(holder) = holder(file) {
            return holder;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    "another gphotosync".to_owned()
}

fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(MOST_BYTES).read_to_string(&mut text).ok()?;
    let Holder { pid, host, since } = serde_json::from_str(&text).ok()?;
    let host: String = host.chars().filter(|c| !c.is_control()).collect();
    let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
    Some(format!("process {pid} on {host}, since {since}"))
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
