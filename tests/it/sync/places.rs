//! Where a library can be: odd paths, the current folder, small disks, disks that refuse.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::scene::{Scene, big_photo, photos};
use crate::support::{Ended, Running, sha256};

/// Takes the sign-in along to another folder, which is made if need be.
fn moved_to(scene: &Scene, folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for file in [".client_secret.json", ".token.json"] {
        fs::copy(scene.sandbox.path(file), folder.join(file)).unwrap();
    }
    folder.to_owned()
}

/// The program for no library in particular.
fn program(scene: &Scene) -> Command {
    let mut command = scene
        .sandbox
        .program(&["sync", "--delay", "0", "--progress", "json"]);
    command.args(["--google-endpoint", &scene.google.endpoint()]);
    command
}

fn run(command: Command, scene: &Scene) -> Ended {
    Running::start(command, &scene.sandbox.home()).end()
}

#[test]
fn without_a_word_the_library_is_the_current_folder() {
    let scene = Scene::of(photos(2));
    let mut command = program(&scene);
    command.current_dir(scene.sandbox.library());
    run(command, &scene).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_path_may_hold_blanks_and_signs_and_bytes_that_are_no_text() {
    for name in [
        OsStr::new("my 'best' photos — 写真"),
        OsStr::from_bytes(b"caf\xe9\n"),
    ] {
        let scene = Scene::of(photos(2));
        let folder = moved_to(&scene, &scene.sandbox.home().join(name));
        let mut command = program(&scene);
        command.arg("--lib").arg(&folder);
        let ended = run(command, &scene).with_code(0);
        assert_eq!(ended.summary().counts(), [("stored", 2)]);
        let photo = fs::read(folder.join("2020/01/IMG_0001.jpg")).unwrap();
        assert_eq!(sha256(&photo), scene.items[0].original().sha256());
    }
}

#[test]
fn a_link_to_the_library_is_the_library_and_shares_its_lock() {
    let scene = Scene::of(photos(2));
    let link = scene.sandbox.home().join("link");
    std::os::unix::fs::symlink(scene.sandbox.library(), &link).unwrap();
    for stored in [2, 0] {
        let mut command = program(&scene);
        command.arg("--lib").arg(&link);
        let ended = run(command, &scene).with_code(0);
        assert_eq!(ended.summary().count("stored"), stored);
    }
    scene.assert_complete();
}

#[test]
fn a_file_that_the_user_edited_is_left_alone() {
    let scene = Scene::of(photos(2));
    scene.sync(&[]).with_code(0);
    scene.google.journal().clear();
    let path = scene.sandbox.path("2020/01/IMG_0001.jpg");
    fs::write(&path, "cropped, and much better").unwrap();
    let summary = scene.sync(&[]).with_code(0).summary();
    assert_eq!((summary.count("present"), scene.media_requests()), (2, 0));
    assert_eq!(fs::read_to_string(&path).unwrap(), "cropped, and much better");
}

/// A script that mounts something at `$PLACE/disk` where nobody else sees it, and then runs the program there; none
/// where the system does not let us.
fn on_a_disk_of_its_own(scene: &Scene, mount: &str) -> Option<Command> {
    let may_mount = Command::new("unshare")
        .args(["-r", "-m", "sh", "-c", "mount -t tmpfs none /mnt"])
        .stdin(Stdio::null())
        .output();
    if !may_mount.is_ok_and(|tried| tried.status.success()) {
        // Skipped: only root may mount a disk.
        return None;
    }
    let inner = program(scene);
    let mut command = Command::new("unshare");
    command.args(["-r", "-m", "sh", "-e", "-c"]);
    command.arg(format!("{mount}\nexec \"$@\" --lib \"$PLACE/disk\""));
    command.arg("sh").arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        command.envs(value.map(|value| (name, value)));
    }
    command.env("PLACE", scene.sandbox.home());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Some(command)
}

#[test]
fn code_1_a_disk_that_is_nearly_full_is_told_of_before_it_is_full() {
    let scene = Scene::of((1..=60).map(big_photo).collect());
    moved_to(&scene, &scene.sandbox.home().join("disk"));
    // The program leaves 32 MiB free; the photos are 18 MB.
    let mount = "mkdir \"$PLACE/keep\"; cp \"$PLACE\"/disk/.[ct]* \"$PLACE/keep\"
        mount -t tmpfs -o size=40m none \"$PLACE/disk\"; cp \"$PLACE\"/keep/.[ct]* \"$PLACE/disk\"";
    let Some(command) = on_a_disk_of_its_own(&scene, mount) else {
        return;
    };
    let ended = run(command, &scene).with_code(1);
    let summary = ended.summary();
    assert_eq!(summary.ending(), "stopped");
    assert!(summary.count("stored") > 0 && summary.count("not_reached") > 0);
    assert!(ended.said().contains("disk is full"), "{}", ended.said());
}

#[test]
fn code_1_a_disk_that_is_mounted_read_only_is_called_that() {
    let scene = Scene::of(photos(2));
    moved_to(&scene, &scene.sandbox.home().join("disk"));
    let mount = "mount --bind \"$PLACE/disk\" \"$PLACE/disk\"; mount -o remount,bind,ro \"$PLACE/disk\"";
    let Some(command) = on_a_disk_of_its_own(&scene, mount) else {
        return;
    };
    let ended = run(command, &scene).with_code(1);
    assert!(ended.said().contains("read-only"), "{}", ended.said());
}

#[test]
fn a_year_that_the_user_moved_to_another_disk_is_filled_there() {
    let scene = Scene::of(photos(2));
    moved_to(&scene, &scene.sandbox.home().join("disk"));
    let mount = "mkdir \"$PLACE/big\"; mount -t tmpfs -o size=100m none \"$PLACE/big\"
        mkdir \"$PLACE/big/2020\"; ln -s \"$PLACE/big/2020\" \"$PLACE/disk/2020\"";
    let Some(command) = on_a_disk_of_its_own(&scene, mount) else {
        return;
    };
    let ended = run(command, &scene).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 2)]);
}
