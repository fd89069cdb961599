//! What can be proved about a library afterwards, and what a run does when its surroundings fail.

mod adopt;
mod afterwards;
mod disk;
mod doctor;
mod explain;
mod quota;
mod status;
mod systemd;
mod verify;

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use stand_in_google::{Item, Service, StandIn};

use crate::support::{Sandbox, serving};

/// Photos, a motion photo and a video, whose names do not collide: seven files.
fn holiday() -> Vec<Item> {
    vec![
        Item::photo(1),
        Item::photo(2),
        Item::photo(3),
        Item::video(4),
        Item::motion_photo(5),
        Item::photo(60_000),
    ]
}

/// A library that holds all these items.
fn filled(items: &[Item]) -> (StandIn, Sandbox) {
    let google = serving(items.to_vec());
    let sandbox = Sandbox::signed_in(&google);
    sandbox.sync(&[]).with_code(0);
    google.journal().clear();
    (google, sandbox)
}

fn media_requests(google: &StandIn) -> u64 {
    google.journal().count_of_service(Service::Media)
}

impl Sandbox {
    /// What the index says, read the way its users may: with any tool that knows the format.
    fn ask_index<T: rusqlite::types::FromSql>(&self, sql: &str) -> Vec<T> {
        let path = self.path(".gphotosync/index.db");
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut query = db.prepare(sql).unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

/// Writes to a file and gives it its old modification time, as a disk that errs does.
fn rot(path: &Path, damage: impl FnOnce(&mut Vec<u8>)) {
    let modified = path.metadata().unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    damage(&mut bytes);
    fs::write(path, bytes).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(modified).unwrap();
}
