//! A disk that is full, read-only, not ours, or gone: one clear sentence, nothing half-made, and the next run goes on.
//!
//! Small disks need the right to mount; where it is missing, those tests have nothing to say.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use stand_in_google::{Body, Damage, Endpoint, Faults, Item, Pace, StandIn, Trigger};

use super::{filled, holiday};
use crate::support::{Ended, Running, Sandbox, serving};

/// A disk of its own, in memory, mounted on a sandbox's library. It is unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where mounting is not allowed.
    fn mounted_on(sandbox: &Sandbox, megabytes: u32) -> Option<Self> {
        let library = sandbox.library();
        let secrets = [".client_secret.json", ".token.json"].map(|name| (name, fs::read(library.join(name))));
        let size = format!("size={megabytes}m");
        if !mount(&["-t", "tmpfs", "-o", &size, "tmpfs"], &library) {
            return None;
        }
        let disk = Self(library);
        for (name, content) in secrets {
            fs::write(disk.0.join(name), content.unwrap()).unwrap();
            let private = fs::Permissions::from_mode(0o600);
            fs::set_permissions(disk.0.join(name), private).unwrap();
        }
        Some(disk)
    }

    fn remount(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mut unmount = Command::new("umount");
        // Should it fail, the folder cannot be removed, and is left in the folder for such things.
        let _ = unmount.arg("--lazy").arg(&self.0).status();
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    let mut mount = Command::new("mount");
    mount
        .args(args)
        .arg(at)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    mount.status().is_ok_and(|status| status.success())
}

/// A library with a disk of its own of this size; `None` where mounting is not allowed.
fn with_disk(items: &[Item], megabytes: u32) -> Option<(StandIn, Sandbox, Disk)> {
    let google = serving(items.to_vec());
    let sandbox = Sandbox::signed_in(&google);
    let disk = Disk::mounted_on(&sandbox, megabytes)?;
    Some((google, sandbox, disk))
}

#[track_caller]
fn assert_says(ended: &Ended, words: &[&str]) {
    for words in words {
        assert!(ended.stderr.contains(words), "no {words:?} in:\n{}", ended.stderr);
    }
}

#[test]
fn too_little_room_is_seen_ahead() {
    let Some((google, sandbox, _disk)) = with_disk(&holiday(), 48) else {
        return;
    };
    let filler = sandbox.path(".filler");
    fs::write(&filler, vec![0; 20 << 20]).unwrap();
    let ended = sandbox.sync(&[]).with_code(1);
    assert_eq!(ended.summary().ending(), "stopped");
    assert_says(&ended, &["the disk is full; make room and run again"]);
    assert!(google.journal().count(Endpoint::Photo) <= 64, "it ends soon");
    fs::remove_file(filler).unwrap();
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 6)]);
    sandbox.assert_holds(&holiday());
}

#[test]
fn a_disk_that_fills_up_in_the_middle_of_a_file() {
    let film = Body::Mp4 {
        size: 60 << 20,
        seed: 9,
    };
    let items = [Item::photo(1), Item::video(9).with_body(film)];
    let Some((google, sandbox, disk)) = with_disk(&items, 40) else {
        return;
    };
    // Nobody said how long it is, so nothing could be foreseen.
    google
        .faults()
        .set(Faults::none().rule(Endpoint::VideoDownload, Trigger::Always, Damage::InChunks));
    let ended = sandbox.sync(&["--workers", "1"]).with_code(1);
    assert_says(&ended, &["the disk is full; make room and run again"]);
    assert!(!sandbox.path("2020/01/VID_0009.mp4").exists());
    disk.remount("size=200m");
    sandbox.sync(&[]).with_code(0);
    sandbox.assert_holds(&items);
    sandbox.run(&["verify"]).with_code(0);
}

#[test]
fn a_disk_mounted_read_only() {
    let Some((google, sandbox, disk)) = with_disk(&holiday(), 64) else {
        return;
    };
    sandbox.sync(&[]).with_code(0);
    google.journal().clear();
    disk.remount("ro");
    let ended = sandbox.sync(&[]).with_code(1);
    assert_says(
        &ended,
        &["error: could not open ", "the disk is mounted read-only"],
    );
    assert_eq!(google.journal().total(), 0);
    // Questions can still be asked.
    for args in [
        &["status"][..],
        &["status", "--json"],
        &["explain", "IMG_0001.jpg"],
    ] {
        let told = sandbox.run(args).with_code(0).stdout;
        assert!(told.contains("stored"), "{told}");
    }
    disk.remount("rw");
    sandbox.sync(&[]).with_code(0);
}

/// Somebody who is not root.
const SOMEBODY: u32 = 4711;

/// Gives all below `path` to that somebody.
fn give_away(path: &Path) {
    chown(path, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give_away(&entry.unwrap().path());
        }
    }
}

#[test]
fn a_folder_of_somebody_else() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let google = serving(holiday());
    let sandbox = Sandbox::signed_in(&google);
    let place = sandbox.library().parent().unwrap().to_owned();
    give_away(&place);
    fs::create_dir_all(sandbox.path("2020/01")).unwrap();
    chown(sandbox.path("2020"), Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    let sync = || {
        let mut command = sandbox.command(&["sync", "--progress", "json", "--delay", "0", "--workers", "1"]);
        command.uid(SOMEBODY).gid(SOMEBODY);
        Running::start(command, &place).end()
    };
    let ended = sync().with_code(1);
    assert_says(
        &ended,
        &[
            "could not name ",
            "Permission denied",
            "check who owns the folder",
        ],
    );
    assert_eq!(fs::read_dir(sandbox.path("2020/01")).unwrap().count(), 0);
    give_away(&sandbox.path("2020/01"));
    sync().with_code(0);
    sandbox.assert_holds(&holiday());
}

#[test]
fn a_path_whose_disk_is_not_attached() {
    let google = serving(holiday());
    let sandbox = Sandbox::signed_in(&google);
    let mut command = sandbox.program(&["sync", "--delay", "0", "--lib"]);
    command.arg(sandbox.home().join("disk/photos"));
    let ended = Running::start(command, &sandbox.home()).end().with_code(1);
    assert_says(&ended, &["does not exist", "Is the disk attached"]);
    assert!(!sandbox.home().join("disk").exists(), "it is not made");
}

#[test]
fn a_library_that_vanishes_in_the_middle() {
    let items: Vec<Item> = (1..=20).map(Item::photo).collect();
    let (google, sandbox) = filled(&[]);
    for item in &items {
        google.add_item(item.clone());
    }
    google.faults().set(Faults::none().rule(
        Endpoint::Photo,
        Trigger::Always,
        Pace::Latency(Duration::from_millis(100)),
    ));
    let mut run = sandbox.start_sync(&["--workers", "1"]);
    run.until("item_finished");
    let elsewhere = sandbox.home().join("elsewhere");
    fs::rename(sandbox.library(), &elsewhere).unwrap();
    let ended = run.end().with_code(1);
    assert_says(&ended, &["the folder is gone; is the disk still attached?"]);
    assert!(!sandbox.library().exists(), "it is not made anew");
    fs::rename(&elsewhere, sandbox.library()).unwrap();
    google.faults().clear();
    sandbox.sync(&[]).with_code(0);
    sandbox.assert_holds(&items);
}
