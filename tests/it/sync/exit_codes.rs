//! The table of exit codes, which scripts rely on: each code, brought about for real.

use stand_in_google::{Faults, Pace, Refusal, Service, StandIn, Target, Trigger, id_of};

use super::scene::{Scene, photos};
use crate::support::{Sandbox, Signal};

/// What scripts run.
const SYNC: [&str; 3] = ["sync", "--delay", "0"];

fn scene_with(fault: impl Into<stand_in_google::Fault>) -> Scene {
    let faults = Faults::none().rule(Target::item(&id_of(1)), Trigger::Always, fault);
    Scene::with_faults(photos(2), faults)
}

#[test]
fn code_0_everything_is_here() {
    Scene::of(photos(2)).sandbox.run(&SYNC).with_code(0);
    Scene::of(Vec::new()).sandbox.run(&SYNC).with_code(0);
    scene_with(Refusal::NotFound).sandbox.run(&SYNC).with_code(0);
}

#[test]
fn code_1_the_folder_cannot_be_used() {
    let google = StandIn::builder().start().unwrap();
    let sandbox = Sandbox::with_client(&google);
    let file = sandbox.home().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    for (folder, word) in [
        (file.clone(), "folder"),
        (file.join("below"), "not a directory"),
        (sandbox.home().join("no/such/disk"), "mounted"),
    ] {
        let mut command = sandbox.program(&SYNC);
        command
            .arg("--lib")
            .arg(&folder)
            .args(["--google-endpoint", &google.endpoint()]);
        let ended = crate::support::Running::start(command, &sandbox.home()).end();
        let ended = ended.with_code(1);
        assert!(
            ended.stderr.to_lowercase().contains(word),
            "{word}: {}",
            ended.stderr
        );
    }
}

#[test]
fn code_1_the_disk_refuses_mid_run() {
    let scene = Scene::of(photos(2));
    std::fs::write(
        scene.sandbox.path("2020"),
        "a file where the year's folder should be",
    )
    .unwrap();
    let ended = scene.sync(&[]).with_code(1);
    assert_eq!(ended.summary().ending(), "stopped");
    assert!(ended.said().contains("2020"), "{}", ended.said());
    std::fs::remove_file(scene.sandbox.path("2020")).unwrap();
    scene.assert_mends_itself();
}

#[test]
fn code_2_what_was_typed_makes_no_sense() {
    let sandbox = Sandbox::empty();
    for args in [
        ["sync", "--no-such-option"].as_slice(),
        &["sync", "--workers", "0"],
        &["sync", "--delay", "soon"],
        &["--quota", "perhaps"],
        &["nosuchcommand"],
    ] {
        let ended = sandbox.run(args).with_code(2);
        assert!(!ended.stderr.is_empty() && ended.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn code_3_an_item_failed() {
    let astray = Refusal::RedirectTo("https://example.com/".to_owned());
    scene_with(astray).sandbox.run(&SYNC).with_code(3);
}

#[test]
fn code_4_somebody_must_sign_in() {
    let google = StandIn::builder().start().unwrap();
    let ended = Sandbox::with_client(&google).run(&SYNC).with_code(4);
    assert!(ended.stderr.contains("gphotosync login"), "{}", ended.stderr);
    assert_eq!(google.journal().total(), 0, "no interactive flow by itself");
    let ended = Sandbox::empty().run(&SYNC).with_code(4);
    assert!(ended.stderr.contains("client"), "{}", ended.stderr);
}

#[test]
fn code_5_the_quota_is_used_up() {
    let faults = Faults::none().rule(Service::Library, Trigger::Always, Refusal::QuotaPerDay(None));
    let scene = Scene::with_faults(photos(2), faults);
    let ended = scene.sandbox.run(&[&SYNC[..], &["--quota", "exit"]].concat());
    ended.with_code(5);
}

#[test]
fn code_6_somebody_else_is_at_it_and_code_130_the_user_stopped_it() {
    let scene = scene_with(Pace::Latency(std::time::Duration::from_mins(1)));
    let mut first = scene.start(&["--workers", "1"]);
    first.until("listing_finished");
    scene.sandbox.run(&SYNC).with_code(6);
    first.signal(Signal::INT);
    first.until("draining");
    first.signal(Signal::INT);
    first.end().with_code(130);
}
