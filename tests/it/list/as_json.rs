//! What the objects and the table hold.

use std::io::{BufRead as _, BufReader};

use serde_json::json;

use super::{each, filled, items};
use crate::support::{Sandbox, wait_until};

#[test]
fn an_object_holds_all_that_is_known() {
    let (google, sandbox) = filled();
    let listed = sandbox.list(&[]);
    assert_eq!(each(&listed, "v"), [1, 1, 1, 1]);
    let photo = items()[0].original();
    let (id, sha256) = (&items()[0].id, photo.sha256());
    let expected = json!({
        "v": 1, "id": id, "source": "library-api", "name": "IMG_0001.jpg", "kind": "photo", "bucket": "stored",
        "reason": null, "path": "2020/01/IMG_0001.jpg", "size": photo.len(), "sha256": sha256,
        "files": [{"role": "main", "path": "2020/01/IMG_0001.jpg", "size": photo.len(), "sha256": sha256,
            "placing": null, "misnamed": null}],
        "taken": "2020-01-01T00:01:00Z", "taken_from": "google", "taken_precision": "second",
        "local": null, "utc_offset": null, "albums": [], "description": null, "people": [], "gps": null,
        "favourite": false, "archived": false, "trashed": false, "locked": false, "partner": false,
    });
    assert_eq!(listed[0], expected);
    let roles: Vec<_> = listed[1]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| &file["role"])
        .collect();
    assert_eq!(roles, ["main", "clip"]);
    assert_eq!(
        (&listed[2]["bucket"], &listed[2]["path"]),
        (&json!("failed"), &json!(null))
    );
    assert!(listed[2]["reason"].is_string(), "{}", listed[2]);
    assert_eq!(google.journal().total(), 0, "nobody is asked");
}

#[test]
fn people_read_a_table() {
    let (_google, sandbox) = filled();
    sandbox.tell_index("UPDATE item SET file_name = 'a' || char(27) || '[2J.mp4' WHERE kind = 1");
    let text = sandbox.run(&["list"]).with_code(0).stdout;
    insta::assert_snapshot!(text);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let (_google, sandbox) = filled();
    // More than any pipe holds.
    sandbox.tell_index(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO item (source, key, id, file_name, mime, kind, family, state)
         SELECT 1, i, 'x' || i, 'x.jpg', 'image/jpeg', 0, 0, 0 FROM n",
    );
    for form in [&["list"][..], &["list", "--json"]] {
        let mut child = sandbox.command(form).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        wait_until("the end of the program", || child.try_wait().unwrap().is_some());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stderr),
            (Some(0), Vec::new()),
            "{form:?}"
        );
    }
}

#[test]
fn where_no_library_is_nothing_is_listed() {
    let ended = Sandbox::empty().run(&["list"]).with_code(1);
    assert!(ended.stderr.contains("holds no library"), "{}", ended.stderr);
}

#[test]
fn an_index_of_an_older_program_is_understood() {
    let (_google, sandbox) = filled();
    sandbox.tell_index(
        "DROP TABLE told; DROP TABLE portrait; DROP TABLE person; DROP TABLE origin; DROP TABLE folder;
         DROP TABLE tie; DROP TABLE album_note; DROP TABLE album_folder; DROP TABLE link; DROP TABLE sidecar;
         DROP TABLE own_text; DROP TABLE untold;
         ALTER TABLE album DROP COLUMN date; ALTER TABLE album DROP COLUMN access;
         ALTER TABLE album DROP COLUMN location; PRAGMA user_version = 3;",
    );
    assert_eq!(sandbox.list(&[]).len(), 4);
    sandbox.run(&["explain", "IMG_0001.jpg"]).with_code(0);
}
