//! `--sidecars json`: what Google tells, byte for byte, beside the photos.

use std::fs;

use super::scene::Scene;

const YEAR: &str = "Google Photos/Photos from 2019";

fn jpeg(number: u8) -> Vec<u8> {
    [b"\xFF\xD8\xFF\xE0".as_slice(), &[number; 300], b"\xFF\xD9"].concat()
}

/// Written as no writer of ours would.
fn text(name: &str, taken: u32, views: u32) -> String {
    format!(
        "{{ \"title\":\"{name}\",\n\t\"imageViews\": \"{views}\", \"photoTakenTime\" : {{\"timestamp\":\"{taken}\"}} }}"
    )
}

/// An export of photos of these names, times, and numbers for their contents.
fn export(scene: &Scene, time: &str, packing: &str, photos: &[(&str, u32, u8)], views: u32) {
    fs::remove_dir_all(&scene.exports).unwrap();
    fs::create_dir(&scene.exports).unwrap();
    let mut files = vec![("archive_browser.html".to_owned(), b"<html>".to_vec())];
    for (number, (name, taken, content)) in photos.iter().enumerate() {
        // The exports number those of one name.
        let (stem, counter) = (
            name.trim_end_matches(".jpg"),
            if number == 0 { "" } else { "(1)" },
        );
        let sidecar = format!("{YEAR}/{name}.supplemental-metadata{counter}.json");
        files.push((format!("{YEAR}/{stem}{counter}.jpg"), jpeg(*content)));
        files.push((sidecar, text(name, *taken, views).into_bytes()));
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
    scene.pack(&format!("takeout-{time}-001.{packing}"), &files);
}

const OLD: (&str, u32, u8) = ("IMG_1.jpg", 1_559_990_096, 1);
const NEW: (&str, u32, u8) = ("IMG_1.jpg", 1_559_990_100, 2);

fn import(scene: &Scene) {
    scene.import(&["--sidecars", "json"]).with_code(0);
}

fn read(scene: &Scene, path: &str) -> String {
    fs::read_to_string(scene.sandbox.path(path)).unwrap()
}

/// The one photo that had to take another name.
fn renamed(scene: &Scene) -> String {
    let mut tree = scene.sandbox.tree().into_keys();
    tree.find(|path| path.contains("gphotosync") && !path.contains(".json"))
        .unwrap()
}

#[test]
fn what_google_tells_stands_beside_the_photo_and_follows_it() {
    for packing in ["zip", "tgz"] {
        let scene = Scene::new();
        export(&scene, "20260101T120000Z", packing, &[OLD], 7);
        import(&scene);
        assert_eq!(
            read(&scene, "2019/06/IMG_1.jpg.json"),
            text(OLD.0, OLD.1, 7),
            "{packing}"
        );
        assert!(!scene.sandbox.path("2019/06/IMG_1.jpg.xmp").exists());
        let story = scene
            .sandbox
            .run(&["explain", "2019/06/IMG_1.jpg"])
            .with_code(0)
            .stdout;
        assert!(
            story.contains("2019/06/IMG_1.jpg.json is the sidecar, byte for byte"),
            "{story}"
        );

        // A newer photo takes the name over.
        export(&scene, "20260201T120000Z", packing, &[OLD, NEW], 8);
        import(&scene);
        let old = renamed(&scene);
        assert_eq!(read(&scene, "2019/06/IMG_1.jpg.json"), text(NEW.0, NEW.1, 8));
        assert_eq!(
            read(&scene, &format!("{old}.json")),
            text(OLD.0, OLD.1, 8),
            "the later export counts"
        );
        let verified = scene.sandbox.run(&["verify"]).with_code(0).stdout;
        assert!(verified.contains("Unknown   0 files"), "{verified}");

        // An older export has nothing to say.
        export(&scene, "20260101T120000Z", packing, &[OLD], 7);
        import(&scene);
        assert_eq!(read(&scene, &format!("{old}.json")), text(OLD.0, OLD.1, 8));
        assert_eq!(scene.sandbox.leftovers(), [""; 0]);
    }
}

#[test]
fn what_the_user_wrote_stays() {
    let scene = Scene::new();
    export(&scene, "20260101T120000Z", "zip", &[OLD], 7);
    fs::create_dir_all(scene.sandbox.path("2019/06")).unwrap();
    fs::write(scene.sandbox.path("2019/06/IMG_1.jpg.json"), "mine").unwrap();
    import(&scene);
    assert_eq!(read(&scene, "2019/06/IMG_1.jpg.json"), "mine");

    fs::remove_file(scene.sandbox.path("2019/06/IMG_1.jpg.json")).unwrap();
    import(&scene);
    assert_eq!(read(&scene, "2019/06/IMG_1.jpg.json"), text(OLD.0, OLD.1, 7));
    fs::write(scene.sandbox.path("2019/06/IMG_1.jpg.json"), "mine again").unwrap();
    export(&scene, "20260201T120000Z", "zip", &[OLD], 8);
    import(&scene);
    assert_eq!(read(&scene, "2019/06/IMG_1.jpg.json"), "mine again");
}
