//! Videos that Google still works on: they wait, and a later `pick` fetches them while their session lives.

use stand_in_google::{Endpoint, Item, VideoStatus, id_of};

use super::scene::Scene;

/// A photo and a video that is not ready, picked and fetched as far as possible.
fn waiting() -> Scene {
    let mut scene = Scene::of(vec![
        Item::photo(1),
        Item::video(2).with_status(VideoStatus::Processing),
    ]);
    scene.will_pick_all();
    let ended = scene.pick(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 1), ("waiting", 1)]);
    assert!(
        ended.stdout.contains("as long as Google keeps the selection"),
        "{}",
        ended.stdout
    );
    assert!(!scene.sessions()[0].deleted);
    scene.items[1] = Item::video(2);
    scene
}

#[test]
fn a_later_pick_fetches_what_became_ready_and_ends_the_session() {
    let scene = waiting();
    scene.google.set_video_status(&id_of(2), VideoStatus::Ready);
    let ended = scene.pick(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 1), ("present", 1)]);
    assert_eq!(
        scene.count(Endpoint::CreateSession),
        1,
        "nobody is there to pick more"
    );
    scene.assert_complete();
    scene.assert_sessions_ended(1);
}

#[test]
fn what_is_still_not_ready_goes_on_waiting() {
    let scene = waiting();
    scene.pick(&[]).with_code(0);
    assert!(!scene.sessions()[0].deleted && scene.sessions().len() == 1);
    assert_eq!(scene.number("SELECT count(*) FROM picking"), 1);
}

#[test]
fn a_session_that_is_over_is_told_and_so_is_what_went_with_it() {
    let scene = waiting();
    scene.google.expire_sessions();
    scene.hurry();
    let ended = scene.pick_plainly(&[]).with_code(1);
    assert!(
        ended
            .stderr
            .contains("1 item of it cannot be fetched any more; pick again"),
        "{}",
        ended.stderr
    );
    let status = scene.sandbox.run(&["status", "--failed"]).with_code(0);
    assert!(
        status.stdout.contains("the selection it was picked in is over"),
        "{}",
        status.stdout
    );
    scene.google.set_video_status(&id_of(2), VideoStatus::Ready);
    scene
        .google
        .configure(|settings| settings.picker.time_limit = std::time::Duration::from_mins(30));
    scene.will_pick_all();
    scene.pick(&[]).with_code(0);
    scene.assert_complete();
}
