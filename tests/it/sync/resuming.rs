//! Interrupted transfers: continued by the next run where the host can, begun again where it cannot, and never put
//! together from pieces that do not fit.

use std::fs::OpenOptions;
use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};
use stand_in_google::{Body, Damage, Faults, Item, Service, Trigger, id_of};

use super::scene::{Scene, big_video};
use crate::support::{Signal, wait_until};

/// The program makes a piece safe every 32 MiB; half of this is more.
const HUGE: u64 = 70_000_000;

/// The bytes of begun files that the index knows to be safe.
fn safe_bytes(scene: &Scene) -> u64 {
    let path = scene.sandbox.path(".gphotosync/index.db");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sum = Connection::open_with_flags(path, flags).and_then(|db| {
        db.query_row("SELECT coalesce(sum(bytes), 0) FROM partial", [], |row| {
            row.get(0)
        })
    });
    // The program may be writing right now.
    sum.ok().and_then(|sum: i64| sum.try_into().ok()).unwrap_or(0)
}

/// A transfer of which half has come, then nothing.
fn half_way(item: Item) -> Scene {
    let faults = Faults::none().rule(Service::Media, Trigger::Always, Damage::SilenceMidBody);
    Scene::with_faults(vec![item], faults)
}

/// Stops the run at once, as two Ctrl-C do; what has come is put away.
fn interrupted_half_way(item: Item) -> Scene {
    let size = item.original().len();
    let scene = half_way(item);
    let mut run = scene.start(&[]);
    run.until_event("half the bytes", |event| {
        event["files"][0]["bytes"].as_u64() == Some(size / 2)
    });
    run.signal(Signal::INT);
    run.until("draining");
    run.signal(Signal::INT);
    run.end().with_code(130);
    scene.google.faults().clear();
    scene.google.journal().clear();
    scene
}

/// Where the requests for the item began.
fn starts(scene: &Scene) -> Vec<u64> {
    let requests = scene.requests_for(&scene.items[0].id);
    let answered = requests.iter().filter(|entry| entry.status != Some(302));
    answered.map(|entry| entry.range_start.unwrap_or(0)).collect()
}

/// The staged file of the only item.
fn piece(scene: &Scene) -> PathBuf {
    let pieces = scene.sandbox.leftovers();
    assert_eq!(pieces.len(), 1, "{pieces:?}");
    scene.sandbox.path(&pieces[0])
}

#[test]
fn a_killed_transfer_goes_on_in_the_next_run_where_it_was_safe() {
    let scene = half_way(big_video(1, HUGE));
    let run = scene.start(&[]);
    wait_until("a safe piece", || safe_bytes(&scene) > 0);
    run.signal(Signal::KILL);
    assert_eq!(run.end().code, None, "killed");
    let safe = safe_bytes(&scene);
    scene.google.faults().clear();
    scene.google.journal().clear();
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(starts(&scene), [safe]);
    assert_eq!(ended.summary().number("bytes"), HUGE - safe, "only the rest");
    assert_eq!(ended.events_of("transfer_started")[0]["resumed_from"], safe);
    scene.assert_complete();
}

#[test]
fn an_interrupted_transfer_loses_not_one_byte() {
    let scene = interrupted_half_way(big_video(1, 300_000));
    scene.sync(&[]).with_code(0);
    assert_eq!(starts(&scene), [150_000]);
    scene.assert_complete();
}

#[test]
fn a_host_without_ranges_is_read_from_the_beginning() {
    let scene = interrupted_half_way(big_video(1, 300_000));
    scene.google.configure(|settings| settings.ranges = false);
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(ended.events_of("transfer_started")[0]["resumed_from"], 0);
    assert_eq!(scene.media_requests(), 2, "one, and its redirect");
    scene.assert_complete();
}

#[test]
fn a_piece_of_a_file_of_another_length_is_thrown_away() {
    let mut scene = interrupted_half_way(big_video(1, 300_000));
    let edited = big_video(1, 310_000);
    scene.google.add_item(edited.clone());
    scene.items = vec![edited];
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_piece_of_a_file_that_became_shorter_is_thrown_away() {
    let mut scene = interrupted_half_way(big_video(1, 300_000));
    let edited = big_video(1, 140_000);
    scene.google.add_item(edited.clone());
    scene.items = vec![edited];
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn an_entity_tag_tells_a_piece_of_another_file_of_the_same_length() {
    let video = big_video(1, 300_000);
    let faults = Faults::none().rule(Service::Media, Trigger::Always, Damage::SilenceMidBody);
    let mut scene = Scene::with_faults(vec![video], faults);
    scene.google.configure(|settings| settings.etags = true);
    let mut run = scene.start(&[]);
    run.until_event("half the bytes", |event| event["files"][0]["bytes"] == 150_000);
    run.signal(Signal::INT);
    run.until("draining");
    run.signal(Signal::INT);
    run.end().with_code(130);
    let edited = Item::video(1).with_body(Body::Mp4 {
        size: 300_000,
        seed: 99,
    });
    scene.google.faults().clear();
    scene.google.add_item(edited.clone());
    scene.items = vec![edited];
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_piece_that_lost_its_end_on_disk_is_not_continued_over_the_hole() {
    let scene = interrupted_half_way(big_video(1, 300_000));
    let file = OpenOptions::new().write(true).open(piece(&scene)).unwrap();
    file.set_len(100_000).unwrap();
    drop(file);
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_piece_that_is_gone_is_fetched_again() {
    let scene = interrupted_half_way(big_video(1, 300_000));
    std::fs::remove_file(piece(&scene)).unwrap();
    scene.sync(&[]).with_code(0);
    scene.assert_complete();
}

#[test]
fn a_piece_of_an_item_that_vanished_is_swept_away_in_time() {
    let scene = interrupted_half_way(big_video(1, 300_000));
    assert!(scene.google.remove_item(&id_of(1)));
    scene.sync(&[]).with_code(0);
    // The item may come back; what is here of it does no harm.
    assert!(scene.sandbox.tree().is_empty());
}

#[test]
fn a_reset_in_the_middle_of_a_long_transfer_goes_on_in_the_same_run() {
    let faults = Faults::none().rule(Service::Media, Trigger::FirstTries(1), Damage::Truncated);
    let scene = Scene::with_faults(vec![big_video(1, 5_000_000)], faults);
    let ended = scene.sync(&[]).with_code(0);
    assert_eq!(starts(&scene), [0, 2_500_000]);
    assert_eq!(ended.summary().number("bytes"), 5_000_000, "no byte came twice");
    scene.assert_complete();
}
