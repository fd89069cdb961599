//! `--album`, `--since` and `--bucket`.

use serde_json::{Value, json};

use super::{each, filled};

fn names(listed: &[Value]) -> Vec<&str> {
    each(listed, "name")
        .into_iter()
        .map(|name| name.as_str().unwrap())
        .collect()
}

#[test]
fn each_filter_narrows_what_is_listed() {
    let (_google, sandbox) = filled();
    sandbox.tell_index(
        "INSERT INTO album (no, source, key, title) VALUES (7, 1, 'Rome', 'Rome: one'), (8, 1, 'x', 'Paris');
         INSERT INTO album_folder VALUES (7, 'Rome_ one');
         INSERT INTO member VALUES (7, 4), (7, 2), (8, 4);",
    );
    let cases: [(&[&str], &[&str]); 9] = [
        (
            &["--since", "2019"],
            &["IMG_0001.jpg", "PXL_0002.MP.jpg", "VID_0003.mp4", "IMG_60000.jpg"],
        ),
        (&["--since", "2020-02"], &["IMG_60000.jpg"]),
        (
            &["--since", "2020-01-01T00:03:00Z"],
            &["VID_0003.mp4", "IMG_60000.jpg"],
        ),
        (&["--since", "2021"], &[]),
        (&["--bucket", "failed"], &["VID_0003.mp4"]),
        (&["--bucket", "waiting"], &[]),
        (&["--album", "Rome: one"], &["IMG_0001.jpg", "VID_0003.mp4"]),
        (&["--album", "Rome_ one"], &["IMG_0001.jpg", "VID_0003.mp4"]),
        (
            &["--album", "Rome: one", "--bucket", "stored", "--since", "2020"],
            &["IMG_0001.jpg"],
        ),
    ];
    for (args, expected) in cases {
        assert_eq!(names(&sandbox.list(args)), expected, "{args:?}");
    }
    let all = sandbox.list(&["--album", "Paris"]);
    assert_eq!(all[0]["albums"], json!(["Paris", "Rome: one"]));
}

#[test]
fn a_name_that_no_album_has_is_told_with_those_there_are() {
    let (_google, sandbox) = filled();
    let none = sandbox.run(&["list", "--album", "Rome"]).with_code(1).stderr;
    assert!(
        none.contains("no album called Rome") && none.contains("no albums here yet"),
        "{none}"
    );
    sandbox.tell_index(
        "INSERT INTO album (no, source, key, title) VALUES (7, 1, 'p', 'Paris'); INSERT INTO member VALUES (7, 4);",
    );
    let some = sandbox.run(&["list", "--album", "Rome"]).with_code(1).stderr;
    assert!(some.contains("There are: Paris"), "{some}");
    for (option, value) in [("--since", "June"), ("--bucket", "gone")] {
        let ended = sandbox.run(&["list", option, value]).with_code(2);
        assert!(ended.stderr.contains(option), "{}", ended.stderr);
    }
}
