//! `adopt`: a folder that was filled before becomes a library, without a byte fetched or a file moved.

use std::fs::{self, File};

use stand_in_google::{Endpoint, Item, StandIn};

use super::{filled, holiday, media_requests};
use crate::support::{Sandbox, Tree, serving};

impl Sandbox {
    /// Takes the folder over, which must ask for no bytes and change no file.
    #[track_caller]
    fn adopts(&self, google: &StandIn) -> Tree {
        let before = self.tree();
        google.journal().clear();
        self.run(&["--delay", "0", "adopt"]).with_code(0);
        assert_eq!(media_requests(google), 0);
        assert_eq!(self.tree(), before);
        before
    }

    /// Writes what another tool would have fetched, at `path`, with the item's time.
    fn write_as_another_tool(&self, path: &str, item: &Item) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, item.original().to_bytes()).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(item.taken.unwrap().into()).unwrap();
    }
}

#[test]
fn a_lost_index_is_made_anew_and_nothing_is_fetched() {
    let mut items = holiday();
    items.extend([
        Item::photo(7).named("beach.jpg"),
        Item::photo(8).named("beach.jpg"),
        Item::photo(9).named("Beach.JPG"),
        Item::photo(10).named("na:me?.jpg"),
    ]);
    let (google, sandbox) = filled(&items);
    fs::remove_dir_all(sandbox.path(".gphotosync")).unwrap();
    let before = sandbox.adopts(&google);
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("present", 10)]);
    assert_eq!(media_requests(&google), 0);
    assert_eq!(sandbox.tree(), before);
    let verified = sandbox.run(&["verify"]).with_code(0).stdout;
    assert!(
        verified.contains("11 files = 0 whole + 11 recorded"),
        "{verified}"
    );
    let verified = sandbox.run(&["verify"]).with_code(0).stdout;
    assert!(verified.contains("11 files = 11 whole"), "{verified}");
}

#[test]
fn a_folder_of_another_tool_stays_as_it_is() {
    let items = [Item::photo(1), Item::photo(60_000), Item::video(4)];
    let google = serving(items.to_vec());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.write_as_another_tool("IMG_0001.jpg", &items[0]);
    sandbox.write_as_another_tool("IMG_60000.jpg", &items[1]);
    sandbox.write_as_another_tool("films/old/VID_0004.mp4", &items[2]);
    let before = sandbox.adopts(&google);
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(
        (summary.counts(), summary.number("renamed")),
        (vec![("present", 3)], 0)
    );
    assert_eq!(media_requests(&google), 0);
    assert_eq!(sandbox.tree(), before);
    let text = sandbox
        .run(&["explain", "films/old/VID_0004.mp4"])
        .with_code(0)
        .stdout;
    assert!(text.contains("where another tool put it"), "{text}");
    // A newer item of the same name takes nothing away.
    google.add_item(Item::photo(61_000).named("IMG_60000.jpg"));
    sandbox.sync(&[]).with_code(0);
    let mut after = sandbox.tree();
    assert!(after.remove("2020/02/IMG_60000.jpg").is_some());
    assert_eq!(after, before);
}

#[test]
fn what_is_not_the_items_own_is_left_alone_and_the_item_fetched() {
    let item = Item::photo(1);
    let google = serving(vec![item.clone()]);
    let sandbox = Sandbox::signed_in(&google);
    // The right name at the wrong time.
    fs::write(sandbox.path("IMG_0001.jpg"), item.original().to_bytes()).unwrap();
    let before = sandbox.adopts(&google);
    sandbox.sync(&[]).with_code(0);
    let mut after = sandbox.tree();
    assert!(after.remove("2020/01/IMG_0001.jpg").is_some());
    assert_eq!(after, before);
}

#[test]
fn one_file_is_never_two_items() {
    // The same name and the same second: an original and what an editor made of it.
    let original = Item::photo(1).named("edit.jpg");
    let edited = Item::photo(2).named("edit.jpg").taken_at(original.taken);
    let google = serving(vec![original.clone(), edited]);
    let sandbox = Sandbox::signed_in(&google);
    sandbox.write_as_another_tool("2020/01/edit.jpg", &original);
    sandbox.adopts(&google);
    let summary = sandbox.sync(&[]).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 1), ("present", 1)]);
    assert_eq!(sandbox.tree().len(), 2);
    let paths: Vec<String> = sandbox.ask_index("SELECT DISTINCT path FROM file");
    assert_eq!(paths.len(), 2);
}

#[test]
fn a_cut_file_is_not_taken_for_the_item_but_kept_when_the_item_comes() {
    let item = Item::photo(1);
    let google = serving(vec![item.clone()]);
    let sandbox = Sandbox::signed_in(&google);
    sandbox.write_as_another_tool("2020/01/IMG_0001.jpg", &item);
    super::rot(&sandbox.path("2020/01/IMG_0001.jpg"), |bytes| {
        bytes.truncate(1000);
    });
    sandbox.adopts(&google);
    sandbox.sync(&[]).with_code(0);
    assert_eq!(google.journal().count(Endpoint::Photo), 1);
    assert_eq!(sandbox.leftovers(), [".gphotosync/replaced/2020/01/IMG_0001.jpg"]);
    fs::remove_dir_all(sandbox.path(".gphotosync/replaced")).unwrap();
    sandbox.assert_holds(&[item]);
}

#[test]
fn a_dry_run_changes_nothing() {
    let items = holiday();
    let (google, sandbox) = filled(&items);
    fs::remove_dir_all(sandbox.path(".gphotosync")).unwrap();
    let before = sandbox.tree();
    google.journal().clear();
    let ended = sandbox.run(&["--delay", "0", "adopt", "--dry-run"]).with_code(0);
    assert!(!sandbox.path(".gphotosync").exists(), "{}", ended.stderr);
    assert_eq!((sandbox.tree(), media_requests(&google)), (before, 0));
}
