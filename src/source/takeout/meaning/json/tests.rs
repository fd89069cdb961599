use proptest::prelude::*;

use super::*;

/// A sidecar with every field of the specification.
const FULL: &str = r#"{
  "title": "IMG_0503.HEIC",
  "description": "two\nlines \u0026 more",
  "imageViews": "12",
  "creationTime": {"timestamp": "1695400000", "formatted": "22 sept. 2023, 16:26:40 UTC"},
  "photoTakenTime": {"timestamp": "1695394176", "formatted": "22 sept. 2023, 14:49:36 UTC"},
  "geoData": {"latitude": 48.8584, "longitude": 2.2945, "altitude": 35.5, "latitudeSpan": 0.0, "longitudeSpan": 0.0},
  "geoDataExif": {"latitude": 1.0, "longitude": 0.0, "altitude": -0.0},
  "people": [{"name": "Bea"}, {"name": "Al"}, {"name": "Bea"}, {"name": " "}],
  "favorited": true, "archived": true, "trashed": false, "inLockedFolder": true,
  "url": "https://photos.google.com/photo/AF1QipX",
  "googlePhotosOrigin": {"mobileUpload": {"deviceFolder": {"localFolderName": "Camera"}, "deviceType": "IOS_PHONE"}},
  "appSource": {"androidPackageName": "com.whatsapp"},
  "unheardOf": [1, {"a": null}]
}"#;

fn media(text: &str) -> Sidecar {
    match read(text.as_bytes()) {
        Meaning::Media(sidecar) => *sidecar,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn every_field_of_a_sidecar() {
    let sidecar = media(FULL);
    assert_eq!(sidecar.title.as_deref(), Some("IMG_0503.HEIC"));
    assert_eq!(sidecar.description, "two\nlines & more");
    assert_eq!(sidecar.taken, Some(1_695_394_176));
    assert_eq!(sidecar.uploaded, Some(1_695_400_000));
    assert_eq!(sidecar.shown_place, Place::new(48.8584, 2.2945, Some(35.5)));
    assert_eq!(
        sidecar.file_place,
        Place::new(1.0, 0.0, None),
        "on Greenwich's meridian, at no known height"
    );
    assert_eq!(sidecar.people, ["Al", "Bea"]);
    let marks = Marks {
        favourite: true,
        archived: true,
        trashed: false,
        locked: true,
    };
    assert_eq!(sidecar.marks, marks);
    assert_eq!(sidecar.origin, Some(Origin::Mobile));
    assert_eq!(sidecar.device_folder.as_deref(), Some("Camera"));
    assert_eq!(sidecar.app.as_deref(), Some("com.whatsapp"));
    assert_eq!(
        sidecar.url.as_deref(),
        Some("https://photos.google.com/photo/AF1QipX")
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_a_json_file_is() {
    let cases = [
        (
            "media, by its time",
            r#"{"title":"a.jpg","photoTakenTime":{"timestamp":"1"}}"#,
            "media",
        ),
        ("media, whatever the time", r#"{"photoTakenTime":null}"#, "media"),
        (
            "media without a date, by url",
            r#"{"title":"a.jpg","url":"https://x"}"#,
            "media",
        ),
        (
            "media, by origin",
            r#"{"title":"a.jpg","googlePhotosOrigin":{}}"#,
            "media",
        ),
        (
            "media, by the other origin",
            r#"{"title":"a.jpg","googlePhotoOrigin":{}}"#,
            "media",
        ),
        (
            "media, by views",
            r#"{"title":"a.jpg","imageViews":"0"}"#,
            "media",
        ),
        (
            "media, by upload",
            r#"{"title":"a.jpg","creationTime":{"timestamp":"1"}}"#,
            "media",
        ),
        (
            "media of 2017",
            r#"{"tags":[],"description":"","title":"a.jpg","people":[],"comments":[],"url":"https://lh3.x/s0-d/a.jpg"}"#,
            "media",
        ),
        ("album of 2025", r#"{"title":"Rome"}"#, "album"),
        ("album without a name", r#"{"title":""}"#, "album"),
        (
            "album",
            r#"{"title":"Rome","description":"","access":"protected","date":{"timestamp":"1"}}"#,
            "album",
        ),
        (
            "album in its old wrapper",
            r#"{"albumData":{"title":"Rome"}}"#,
            "album",
        ),
        (
            "comments",
            r#"{"sharedAlbumComments":[{"text":"nice"}]}"#,
            "comments",
        ),
        (
            "print order",
            r#"{"title":"x","externalOrderId":"1","type":"T","category":"C","creationTimes":{}}"#,
            "other",
        ),
        (
            "print order with a category",
            r#"{"title":"x","category":"PRINT"}"#,
            "other",
        ),
        (
            "print order without a title",
            r#"{"externalOrderId":"1","creationTime":{"formatted":"x"}}"#,
            "other",
        ),
        ("memory titles", r#"{"title":["One","Two"]}"#, "other"),
        ("a title that is a number", r#"{"title":1}"#, "other"),
        ("url without a title", r#"{"url":"https://x"}"#, "other"),
        ("empty object", "{}", "other"),
        ("list", "[1]", "other"),
        ("null", "null", "other"),
        ("byte order mark", "\u{feff}{\"title\":\"Rome\"}", "album"),
        ("half an emoji", r#"{"title":"Rome \ud83d"}"#, "album"),
        ("cut", r#"{"title":"Rome"#, "invalid"),
        ("nothing", "", "invalid"),
        ("a page", "<html>", "invalid"),
    ];
    for (what, text, expected) in cases {
        let kind = match read(text.as_bytes()) {
            Meaning::Media(_) => "media",
            Meaning::Album(_) => "album",
            Meaning::Comments(_) => "comments",
            Meaning::Other => "other",
            Meaning::Invalid(_) => "invalid",
        };
        assert_eq!(kind, expected, "{what}: {text}");
    }
}

#[test]
fn one_wrong_field_takes_no_other_with_it() {
    for field in [
        r#""title":7"#,
        r#""description":["x"]"#,
        r#""creationTime":"yesterday""#,
        r#""geoData":"here""#,
        r#""geoData":{"latitude":"north","longitude":1}"#,
        r#""geoData":{"latitude":91.0,"longitude":1}"#,
        r#""people":{"name":"Al"}"#,
        r#""people":[7,null,{"name":8},{"nome":"Al"}]"#,
        r#""favorited":"yes""#,
        r#""url":false"#,
        r#""googlePhotosOrigin":"phone""#,
        r#""appSource":[]"#,
    ] {
        let sidecar = media(&format!(
            r#"{{{field},"photoTakenTime":{{"timestamp":"-5"}},"archived":true}}"#
        ));
        assert_eq!(sidecar.taken, Some(-5), "{field}");
        let expected = Sidecar {
            taken: Some(-5),
            marks: Marks {
                archived: true,
                ..Marks::default()
            },
            ..Sidecar::default()
        };
        assert_eq!(sidecar, expected, "{field}");
    }
}

#[test]
fn times() {
    let cases = [
        (
            r#"{"timestamp":"1695394176","formatted":"whatever"}"#,
            Some(1_695_394_176),
        ),
        (r#"{"timestamp":1695394176}"#, Some(1_695_394_176)),
        (r#"{"timestamp":"-1577923200"}"#, Some(-1_577_923_200)),
        (r#"{"timestamp":"0"}"#, None),
        (r#"{"timestamp":0}"#, None),
        (r#"{"timestamp":""}"#, None),
        (r#"{"timestamp":"99999999999999999999"}"#, None),
        (r#"{"formatted":"1 janv. 1970"}"#, None),
        ("null", None),
        ("1695394176", Some(1_695_394_176)),
    ];
    for (time, expected) in cases {
        assert_eq!(
            media(&format!(r#"{{"photoTakenTime":{time}}}"#)).taken,
            expected,
            "{time}"
        );
    }
}

#[test]
fn places() {
    let zero = r#"{"latitude":0.0,"longitude":0.0,"altitude":0.0}"#;
    let real = r#"{"latitude":10.5,"longitude":0.0,"altitude":-3.0}"#;
    let here = Place::new(10.5, 0.0, Some(-3.0));
    let cases = [
        (format!(r#""geoData":{real}"#), here, "on Greenwich's meridian"),
        (format!(r#""geoData":{zero}"#), None, "both zero is no place"),
        (
            format!(r#""geoDataExif":{real}"#),
            here,
            "the file's own, when Google says nothing",
        ),
        (
            format!(r#""geoData":{zero},"geoDataExif":{real}"#),
            None,
            "the user took it away",
        ),
        (
            format!(r#""geoData":{real},"geoDataExif":{zero}"#),
            here,
            "Google's, when the file has none",
        ),
    ];
    for (fields, expected, why) in cases {
        assert_eq!(
            media(&format!(r#"{{"photoTakenTime":{{}},{fields}}}"#)).place(),
            expected,
            "{why}"
        );
    }
}

#[test]
fn origins() {
    let cases = [
        (
            r#"{"mobileUpload":{"deviceType":"ANDROID_PHONE"}}"#,
            Some(Origin::Mobile),
        ),
        (r#"{"webUpload":{"computerUpload":{}}}"#, Some(Origin::Web)),
        (r#"{"driveSync":{}}"#, Some(Origin::Drive)),
        (r#"{"composition":{"type":"AUTO"}}"#, Some(Origin::Composition)),
        (r#"{"fromPartnerSharing":{}}"#, Some(Origin::Partner)),
        (r#"{"fromSharedAlbum":{}}"#, Some(Origin::SharedAlbum)),
        (r#"{"teleportation":{}}"#, Some(Origin::Unlisted)),
        ("{}", None),
    ];
    for key in ["googlePhotosOrigin", "googlePhotoOrigin"] {
        for (origin, expected) in cases {
            let text = format!(r#"{{"photoTakenTime":{{}},"{key}":{origin}}}"#);
            assert_eq!(media(&text).origin, expected, "{text}");
        }
    }
}

#[test]
fn every_field_of_an_album() {
    let text = r#"{"title":"Rome","description":"d","access":"shared","date":{"timestamp":"5"},"location":"Italy",
        "geoData":{"latitude":41.9,"longitude":12.5},
        "enrichments":[{"narrativeEnrichment":{"text":"once"}},
            {"locationEnrichment":{"location":[{"name":"Forum","latitudeE7":418900000},{"name":7}]}},7],
        "sharedAlbumComments":[{"text":"nice","contentOwnerName":"Al","creationTime":{"timestamp":"6"},"liked":true}]}"#;
    let Meaning::Album(album) = read(text.as_bytes()) else {
        panic!("an album");
    };
    let expected = AlbumText {
        title: "Rome".to_owned(),
        description: "d".to_owned(),
        access: "shared".to_owned(),
        date: Some(5),
        location: Some("Italy".to_owned()),
        place: Place::new(41.9, 12.5, None),
        narratives: vec!["once".to_owned()],
        locations: vec!["Forum".to_owned()],
        comments: vec![Comment {
            text: "nice".to_owned(),
            author: "Al".to_owned(),
            written: Some(6),
            liked: true,
        }],
    };
    assert_eq!(*album, expected);
}

#[test]
fn bombs_are_invalid_and_nothing_worse() {
    let limit = usize::try_from(MAX_JSON_BYTES).unwrap();
    for bomb in ["[".repeat(limit), "{\"a\":".repeat(10_000), " ".repeat(limit + 1)] {
        assert!(matches!(read(bomb.as_bytes()), Meaning::Invalid(_)));
    }
}

#[test]
fn halves_of_characters_are_mended_and_whole_ones_kept() {
    let cases = [
        (r"\ud83d\ude00 \ud83d", Some(r"\ud83d\ude00 \ufffd")),
        (r"\\ud83d", None),
        (r"\ude00\ud83d\ude00", Some(r"\ufffd\ud83d\ude00")),
        (r"\n é \u00e9", None),
        ("\\", None),
    ];
    for (text, expected) in cases {
        assert_eq!(surrogates::mended(text).as_deref(), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_safely(text in crate::hostile::bytes(&[FULL, r#"{"albumData":{"title":"\ud83d"}}"#])) {
        read(&text);
    }
}
