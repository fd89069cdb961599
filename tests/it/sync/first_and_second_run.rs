//! Nothing unusual happens: everything comes, and comes once.

use stand_in_google::{Endpoint, Item, Service, VideoStatus};

use crate::support::{Sandbox, serving};

/// Photos, videos and a motion photo, with names that do not collide.
fn holiday() -> Vec<Item> {
    vec![
        Item::photo(1),
        Item::photo(60_000),
        Item::video(2),
        Item::motion_photo(3),
        Item::photo(4).named("scan.png").taken_at(None),
    ]
}

#[test]
fn the_first_run_brings_photos_videos_and_both_halves_of_motion_photos() {
    let items = holiday();
    let google = serving(items.clone());
    let sandbox = Sandbox::signed_in(&google);
    let ended = sandbox.sync(&[]).with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 5)]);
    sandbox.assert_holds(&items);
}
