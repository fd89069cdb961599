//! What an export tells of photos and albums: in the list, beside the photos, and in `albums/`.

use std::process::Command;

use serde_json::{Value, json};

use super::scene::Scene;

const YEAR: &str = "Google Photos/Photos from 2019";
const ALBUM: &str = "Google Photos/Rome _ 2019";

fn photo(number: u8) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0 a photo ".to_vec();
    bytes.extend([number; 500]);
    bytes.extend(b"\xFF\xD9");
    bytes
}

/// Two parts: the photo of the one has its sidecar in the other, and an album holds a copy of it.
fn export(scene: &Scene) {
    let sidecar = json!({
        "title": "IMG_1.jpg", "description": "Two lines\nof it & more",
        "photoTakenTime": {"timestamp": "1559990096"},
        "geoData": {"latitude": 41.9, "longitude": 12.5, "altitude": 21.0},
        "people": [{"name": "Bea"}, {"name": "Al"}], "favorited": true, "archived": true,
        "googlePhotosOrigin": {"fromPartnerSharing": {}},
    });
    let album = json!({
        "title": "Rome & 2019", "description": "A week", "date": {"timestamp": "1559952000"}, "access": "shared",
        "enrichments": [{"narrativeEnrichment": {"text": "Day one"}}],
    });
    let comments = json!({"sharedAlbumComments": [{"text": "nice", "contentOwnerName": "Cy", "creationTime": {"timestamp": "1560000000"}}]});
    let [sidecar, album, comments] = [sidecar, album, comments].map(|text| text.to_string().into_bytes());
    let plain = json!({"title": "IMG_2.jpg", "photoTakenTime": {"timestamp": "1559990100"}}).to_string();
    scene.zip(
        "takeout-20260101T120000Z-001.zip",
        &[
            ("archive_browser.html", b"<html>"),
            (&format!("{YEAR}/IMG_1.jpg"), &photo(1)),
            (&format!("{YEAR}/IMG_2.jpg"), &photo(2)),
            (&format!("{ALBUM}/IMG_1.jpg"), &photo(1)),
            (&format!("{ALBUM}/metadata.json"), &album),
            (&format!("{ALBUM}/shared_album_comments.json"), &comments),
        ],
    );
    scene.zip(
        "takeout-20260101T120000Z-002.zip",
        &[
            (&format!("{YEAR}/IMG_1.jpg.supplemental-metadata.json"), &sidecar),
            (&format!("{ALBUM}/IMG_1.jpg.supplemental-metadata.json"), &sidecar),
            (
                &format!("{YEAR}/IMG_2.jpg.supplemental-metadata.json"),
                plain.as_bytes(),
            ),
        ],
    );
}

fn list(scene: &Scene, args: &[&str]) -> Vec<Value> {
    let ended = scene
        .sandbox
        .run(&[&["list", "--json"], args].concat())
        .with_code(0);
    ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn all_that_an_export_tells_is_listed_and_stands_beside_the_photos() {
    let scene = Scene::new();
    export(&scene);
    scene.import(&[]).with_code(0);
    let listed = list(&scene, &[]);
    let first = &listed[0];
    assert_eq!(first["source"], "takeout");
    assert_eq!(
        (&first["taken"], &first["taken_from"]),
        (&json!("2019-06-08T10:34:56Z"), &json!("sidecar"))
    );
    assert_eq!(first["description"], "Two lines\nof it & more");
    assert_eq!(first["people"], json!(["Al", "Bea"]));
    assert_eq!(
        first["gps"],
        json!({"latitude": 41.9, "longitude": 12.5, "altitude": 21.0})
    );
    assert_eq!(first["albums"], json!(["Rome & 2019"]));
    let marks = ["favourite", "archived", "trashed", "locked", "partner"].map(|mark| first[mark] == true);
    assert_eq!(marks, [true, true, false, false, true]);
    assert_eq!(list(&scene, &["--album", "Rome & 2019"]).len(), 1);
    let around = scene.sandbox.surroundings();
    let names: Vec<_> = around.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "2019/06/IMG_1.jpg.xmp",
            "2019/06/IMG_2.jpg.xmp",
            "albums/Rome & 2019/IMG_1.jpg",
            "albums/Rome & 2019/album.json"
        ]
    );
    assert_eq!(
        around["albums/Rome & 2019/IMG_1.jpg"],
        "-> ../../2019/06/IMG_1.jpg"
    );
    let album: Value = serde_json::from_str(&around["albums/Rome & 2019/album.json"]).unwrap();
    let told = ["title", "description", "date", "access", "texts"].map(|field| album[field].clone());
    let expected = json!([
        "Rome & 2019",
        "A week",
        "2019-06-08T00:00:00Z",
        "shared",
        ["Day one"]
    ]);
    assert_eq!(json!(told), expected);
    assert_eq!(album["comments"][0]["author"], "Cy");
    let verified = scene.sandbox.run(&["verify"]).with_code(0).stdout;
    assert!(verified.contains("Unknown   0 files"), "{verified}");
}

#[test]
fn where_a_photo_comes_from_is_explained() {
    let scene = Scene::new();
    export(&scene);
    scene.import(&[]).with_code(0);
    let by_path = scene
        .sandbox
        .run(&["explain", "2019/06/IMG_1.jpg"])
        .with_code(0)
        .stdout;
    let entry = format!("Takeout/{YEAR}/IMG_1.jpg");
    for line in [
        format!("From        {YEAR}/IMG_1.jpg in takeout-20260101T120000Z-001.zip"),
        format!(
            "{YEAR}/IMG_1.jpg.supplemental-metadata.json in takeout-20260101T120000Z-002.zip, found by its exact name (certain)"
        ),
        "told by the sidecar".to_owned(),
        "Rome & 2019".to_owned(),
        "favourite, archived, from a partner".to_owned(),
    ] {
        assert!(by_path.contains(&line), "no {line} in {by_path}");
    }
    for word in [entry, "IMG_1.jpg.supplemental-metadata.json".to_owned()] {
        assert_eq!(
            scene.sandbox.run(&["explain", &word]).with_code(0).stdout,
            by_path,
            "{word}"
        );
    }
    let copy = format!("Takeout/{ALBUM}/IMG_1.jpg");
    let story = scene.sandbox.run(&["explain", &copy]).with_code(0).stdout;
    let became = format!("a copy of {YEAR}/IMG_1.jpg, stored as 2019/06/IMG_1.jpg (copy)\n\n{by_path}");
    assert!(story.ends_with(&became), "{story}");
}

#[test]
fn what_is_not_wanted_is_not_written() {
    let scene = Scene::new();
    export(&scene);
    scene
        .import(&["--albums", "none", "--sidecars", "none"])
        .with_code(0);
    assert!(scene.sandbox.surroundings().is_empty());
    scene.import(&["--albums", "list"]).with_code(0);
    let around = scene.sandbox.surroundings();
    assert_eq!(
        around["albums/Rome & 2019/photos.txt"],
        "../../2019/06/IMG_1.jpg\n"
    );
    assert!(
        around.contains_key("2019/06/IMG_1.jpg.xmp"),
        "what was known is told when it is wanted"
    );
}

/// A parser that is not ours, if it is installed.
#[test]
fn exiftool_reads_the_sidecars() {
    let scene = Scene::new();
    export(&scene);
    scene.import(&[]).with_code(0);
    let mut exiftool = Command::new("exiftool");
    exiftool.args(["-json", "-n", "-warning"]);
    exiftool.args([
        "-Description",
        "-PersonInImage",
        "-TagsList",
        "-Rating",
        "-GPSLatitude",
        "-DateTimeOriginal",
    ]);
    let Ok(output) = exiftool.arg(scene.sandbox.path("2019/06/IMG_1.jpg.xmp")).output() else {
        return;
    };
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = &said[0];
    assert_eq!(said["Warning"], Value::Null, "{said}");
    assert_eq!(said["Description"], "Two lines\nof it & more");
    assert_eq!(said["PersonInImage"], json!(["Al", "Bea"]));
    let tags = [
        "People/Al",
        "People/Bea",
        "Albums/Rome & 2019",
        "Google Photos/Archived",
    ];
    assert_eq!(said["TagsList"], json!(tags));
    assert_eq!(said["DateTimeOriginal"], "2019:06:08 10:34:56Z");
    assert_eq!((&said["Rating"], &said["GPSLatitude"]), (&json!(5), &json!(41.9)));
}
