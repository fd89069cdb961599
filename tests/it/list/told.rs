//! What an export told of items: listed, explained, and written beside them by the next run of whatever kind.

use serde_json::json;

use super::filled;

/// What an import of an export writes into the index of the items of [`super::items`], of which the newest has the first
/// number.
const TOLD: &str = "
    INSERT INTO told (item, marks, time_by, exactness, utc_offset, latitude, longitude, altitude, description)
    VALUES (4, 3, 0, 0, 7200, 485000000, 90000000, 12300, 'By the sea' || char(10) || 'again'), (3, 28, 3, 3, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO untold VALUES (4), (3);
    INSERT INTO person VALUES (1, 'Bea'), (2, 'Al');
    INSERT INTO portrait VALUES (4, 1), (4, 2);
    INSERT INTO album (no, source, key, title) VALUES (1, 1, 'Sea', 'Sea');
    INSERT INTO member VALUES (1, 4);
    INSERT INTO folder VALUES (1, 'takeout-20261101T000000Z-001.zip', 'Google Photos/Photos from 2020');
    INSERT INTO folder VALUES (2, 'takeout-20261101T000000Z-002.zip', 'Google Photos/Photos from 2020');
    INSERT INTO tie VALUES (1, 'its exact name', 'certain');
    INSERT INTO origin VALUES (4, 0, 1, NULL, 1, 2, '/.supplemental-metadata.json');";

#[test]
fn what_is_told_is_listed() {
    let (_google, sandbox) = filled();
    sandbox.tell_index(TOLD);
    let listed = sandbox.list(&[]);
    let told = [
        json!({
            "taken_from": "sidecar", "taken_precision": "second",
            "local": "2020-01-01T02:01:00+02:00", "utc_offset": "+02:00",
            "albums": ["Sea"], "description": "By the sea\nagain", "people": ["Al", "Bea"],
            "gps": {"latitude": 48.5, "longitude": 9.0, "altitude": 123.0},
            "favourite": true, "archived": true, "trashed": false, "locked": false, "partner": false,
        }),
        json!({
            "taken_from": "folder", "taken_precision": "year", "local": null, "utc_offset": null,
            "albums": [], "description": null, "people": [], "gps": null,
            "favourite": false, "archived": false, "trashed": true, "locked": true, "partner": true,
        }),
    ];
    for (item, told) in listed.iter().zip(&told) {
        for (field, value) in told.as_object().unwrap() {
            assert_eq!(&item[field], value, "{field}");
        }
    }
    let text = sandbox.run(&["list"]).with_code(0).stdout;
    assert!(
        text.contains("2020-01-01 02:01") && text.contains("[favourite; archived; in Sea; shows Al, Bea]"),
        "{text}"
    );
}

#[test]
fn an_entry_is_explained() {
    let (_google, sandbox) = filled();
    sandbox.tell_index(TOLD);
    let entry = "Takeout/Google Photos/Photos from 2020/IMG_0001.jpg";
    let by_name = sandbox.run(&["explain", "IMG_0001.jpg"]).with_code(0).stdout;
    for word in [
        entry,
        &format!("{entry}.supplemental-metadata.json"),
        "Photos from 2020/IMG_0001.jpg",
        "IMG_0001.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Sea/IMG_0001.jpg",
    ] {
        assert_eq!(
            sandbox.run(&["explain", word]).with_code(0).stdout,
            by_name,
            "{word}"
        );
    }
    insta::assert_snapshot!(by_name);
    let unknown = sandbox.run(&["explain", "Takeout/Google Photos/Sea/other.jpg"]);
    unknown.with_code(1);
}

#[test]
fn the_next_run_writes_it_beside_the_photos_and_verify_knows_that() {
    let (google, sandbox) = filled();
    sandbox.tell_index(TOLD);
    google.faults().clear();
    sandbox.sync(&[]).with_code(0);
    let sidecar = std::fs::read_to_string(sandbox.path("2020/01/IMG_0001.jpg.xmp")).unwrap();
    for word in [
        "By the sea\nagain",
        "Albums/Sea",
        "Bea",
        "48,30.000000N",
        "2020-01-01T02:01:00+02:00",
    ] {
        assert!(sidecar.contains(word), "no {word} in {sidecar}");
    }
    assert!(
        !sandbox.path("2020/01/PXL_0002.MP.jpg.xmp").exists(),
        "there is nothing that XMP could say"
    );
    let link = std::fs::read_link(sandbox.path("albums/Sea/IMG_0001.jpg")).unwrap();
    assert_eq!(link.to_str(), Some("../../2020/01/IMG_0001.jpg"));
    let text = sandbox.run(&["verify"]).with_code(0).stdout;
    assert!(text.contains("Unknown   0 files"), "{text}");
    let before = (sandbox.tree(), sandbox.surroundings());
    sandbox.run(&["adopt"]).with_code(0);
    sandbox.sync(&[]).with_code(0);
    assert_eq!((sandbox.tree(), sandbox.surroundings()), before);
}
