//! `list`: every item with all that is known of it, for people and for programs.

mod as_json;
mod filters;
mod told;

use rusqlite::Connection;
use serde_json::Value;
use stand_in_google::{Faults, Item, Refusal, StandIn, Target, Trigger};

use crate::support::{Sandbox, serving};

/// A photo, a motion photo, a video that cannot be had, and an undated one.
fn items() -> Vec<Item> {
    vec![
        Item::photo(1),
        Item::motion_photo(2),
        Item::video(3),
        Item::photo(60_000),
    ]
}

fn filled() -> (StandIn, Sandbox) {
    let items = items();
    let google = serving(items.clone());
    let fault = Target::item(&items[2].id);
    google
        .faults()
        .set(Faults::none().rule(fault, Trigger::Always, Refusal::Forbidden));
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(3);
    google.journal().clear();
    (google, sandbox)
}

impl Sandbox {
    /// The objects that `list --json` prints.
    fn list(&self, args: &[&str]) -> Vec<Value> {
        let ended = self.run(&[&["list", "--json"], args].concat()).with_code(0);
        assert_eq!(ended.stderr, "");
        let lines = ended.stdout.lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Writes into the index what an import of an export writes there.
    fn tell_index(&self, sql: &str) {
        let db = Connection::open(self.path(".gphotosync/index.db")).unwrap();
        db.execute_batch(sql).unwrap();
    }
}

/// One field of each.
fn each<'a>(objects: &'a [Value], field: &str) -> Vec<&'a Value> {
    objects.iter().map(|object| &object[field]).collect()
}
