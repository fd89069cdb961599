//! Extensions that lie: told always, corrected when asked for.

use serde_json::{Value, json};

use super::scene::Scene;

const YEAR: &str = "Google Photos/Photos from 2019";

fn jpeg(number: u8) -> Vec<u8> {
    [b"\xFF\xD8\xFF\xE0".as_slice(), &[number; 300], b"\xFF\xD9"].concat()
}

fn sidecar(title: &str) -> Vec<u8> {
    let text = json!({"title": title, "favorited": true, "photoTakenTime": {"timestamp": "1559990096"}});
    text.to_string().into_bytes()
}

/// A JPEG that is called HEIC and lies in an album, one that is called what it is and bears the name that the other
/// would get, an edited version that is called HEIC, and a web page.
fn export(scene: &Scene) {
    let path = |name: &str| format!("{YEAR}/{name}");
    let text = |name: &str| format!("{YEAR}/{name}.supplemental-metadata.json");
    scene.zip(
        "takeout-20260101T120000Z-001.zip",
        &[
            ("archive_browser.html", b"<html>"),
            (&path("IMG_1.HEIC"), &jpeg(1)),
            (&text("IMG_1.HEIC"), &sidecar("IMG_1.HEIC")),
            ("Google Photos/Sea/IMG_1.HEIC", &jpeg(1)),
            ("Google Photos/Sea/metadata.json", br#"{"title": "Sea"}"#),
            (&path("IMG_1.jpg"), &jpeg(2)),
            (&text("IMG_1.jpg"), &sidecar("IMG_1.jpg")),
            (&path("IMG_2.jpg"), &jpeg(3)),
            (&text("IMG_2.jpg"), &sidecar("IMG_2.jpg")),
            (&path("IMG_2-edited.HEIC"), &jpeg(4)),
            (
                &path("IMG_3.jpg"),
                b"<!doctype html><html><body>not found</body></html>",
            ),
            (&text("IMG_3.jpg"), &sidecar("IMG_3.jpg")),
        ],
    );
}

fn notices(ended: &crate::support::Ended) -> Vec<String> {
    let notices = ended.events_of("notice").into_iter();
    notices
        .map(|notice| notice["text"].as_str().unwrap().to_owned())
        .collect()
}

fn names(scene: &Scene) -> Vec<String> {
    scene.sandbox.tree().into_keys().collect()
}

fn as_they_came() -> [&'static str; 5] {
    [
        "2019/06/IMG_1.HEIC",
        "2019/06/IMG_1.jpg",
        "2019/06/IMG_2-edited.heic",
        "2019/06/IMG_2.jpg",
        "2019/06/IMG_3.jpg",
    ]
}

#[test]
fn an_extension_that_lies_is_told_and_stays() {
    let scene = Scene::new();
    export(&scene);
    let told = notices(&scene.import(&[]).with_code(0));
    assert_eq!(names(&scene), as_they_came());
    for sentence in [
        "2019/06/IMG_1.HEIC is a JPEG image, not what its extension says.",
        "2019/06/IMG_2-edited.heic is a JPEG image, not what its extension says.",
        "2019/06/IMG_3.jpg is an HTML page, not what its extension says.",
        "files keep the names they came with; --fix-extensions gives them the extension of what they are.",
    ] {
        assert!(told.iter().any(|told| told == sentence), "{told:?}");
    }
    assert!(!told.iter().any(|told| told.contains("IMG_1.jpg")), "{told:?}");
    let story = scene
        .sandbox
        .run(&["explain", "2019/06/IMG_1.HEIC"])
        .with_code(0)
        .stdout;
    assert!(story.contains("wrong, for it is a JPEG image"), "{story}");
    let listed = scene.sandbox.run(&["list", "--json"]).with_code(0).stdout;
    let listed: Vec<Value> = listed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let page = listed.iter().find(|item| item["name"] == "IMG_3.jpg").unwrap();
    let expected = json!({"is": "an HTML page", "extension": null, "corrected": false});
    assert_eq!(page["files"][0]["misnamed"], expected);
    // Nothing is told twice.
    assert_eq!(notices(&scene.import(&[]).with_code(0)), [""; 0]);
}

#[test]
fn corrected_names_stay_and_everything_follows_them() {
    let at_once = Scene::new();
    export(&at_once);
    at_once.import(&["--fix-extensions"]).with_code(0);
    let later = Scene::new();
    export(&later);
    later.import(&[]).with_code(0);
    let told = notices(&later.import(&["--fix-extensions"]).with_code(0));
    assert_eq!(told, ["2 files now have the extension of what they are."]);
    let corrected = names(&at_once);
    assert_eq!(corrected.len(), 5);
    assert!(
        !corrected.iter().any(|name| name.to_lowercase().ends_with("heic")),
        "{corrected:?}"
    );
    assert!(
        corrected.iter().any(|name| name == "2019/06/IMG_2-edited.jpg"),
        "{corrected:?}"
    );
    assert_eq!(later.contents(), at_once.contents(), "whenever it was asked for");
    let around = at_once.sandbox.surroundings();
    assert_eq!(later.sandbox.surroundings(), around);
    for path in corrected.iter().filter(|path| path.contains("IMG_1")) {
        assert!(around.contains_key(&format!("{path}.xmp")), "{path}");
    }
    for args in [&["--fix-extensions"][..], &[]] {
        assert_eq!(notices(&at_once.import(args).with_code(0)), [""; 0]);
        assert_eq!(at_once.contents(), later.contents(), "{args:?}");
        assert_eq!(at_once.sandbox.surroundings(), around, "{args:?}");
    }
    let linked = around
        .keys()
        .find(|path| path.starts_with("albums/Sea/IMG_1"))
        .unwrap();
    let story = at_once
        .sandbox
        .run(&["explain", around[linked].trim_start_matches("-> ../../")]);
    assert!(
        story
            .with_code(0)
            .stdout
            .contains("corrected to .jpg, for it is a JPEG image")
    );
    let verified = at_once.sandbox.run(&["verify"]).with_code(0).stdout;
    assert!(verified.contains("Unknown   0 files"), "{verified}");
}
