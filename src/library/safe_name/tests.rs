use super::*;
use proptest::prelude::*;

fn safe(raw: &str) -> String {
    SafeName::new(raw, None).natural().main
}

#[test]
fn ordinary_names_stay_as_google_shows_them() {
    let names = [
        "IMG_0001.JPG",
        "PXL_20240101_101010123.PORTRAIT-01.ORIGINAL.jpg",
        "Großmutter & Opa (1).heic",
        "日本語の写真.png",
        "no extension",
        "🎂🏴󠁧󠁢󠁥󠁮󠁧󠁿.mov",
        "CONCERT.jpg",
        "COM10.jpg",
        "a'b,c;d=e~1.jpg",
    ];
    for name in names {
        assert_eq!(safe(name), name);
    }
}

#[test]
fn what_a_system_forbids_is_replaced() {
    let table = [
        ("../../etc/passwd", "___.._etc_passwd"),
        ("C:\\a<b>|\"?*.jpg", "C__a_b_____.jpg"),
        ("a\u{0}b\nc\u{7F}d\u{9B}31m.jpg", "a_b_c_d_31m.jpg"),
        ("photo\u{202E}gpj.exe", "photo_gpj.exe"),
        ("a\u{200B}b\u{FEFF}c\u{2066}.jpg", "a_b_c_.jpg"),
        ("a\u{FFFF}\u{1FFFE}\u{FDD0}.jpg", "a___.jpg"),
        ("<\u{338}.jpg", "_.jpg"),
        ("e\u{301}.jpg", "é.jpg"),
    ];
    for (raw, expected) in table {
        assert_eq!(safe(raw), expected, "{raw:?}");
    }
}

#[test]
fn device_names_are_not_devices_any_more() {
    let table = [
        ("con", "con_"),
        ("NUL.jpg", "NUL_.jpg"),
        ("Aux.tar.gz", "Aux_.tar.gz"),
        ("COM1.mp4", "COM1_.mp4"),
        ("lpt0", "lpt0_"),
        ("COM².jpg", "COM²_.jpg"),
        ("CONIN$.png", "CONIN$_.png"),
        ("prn .jpg", "prn_ .jpg"),
    ];
    for (raw, expected) in table {
        assert_eq!(safe(raw), expected, "{raw:?}");
    }
}

#[test]
fn ends_are_tidy_and_nothing_is_hidden() {
    let table = [
        ("  a.jpg. . ", "a.jpg"),
        ("\u{3000}a\u{A0}", "a"),
        (".gphotosync", "_gphotosync"),
        (".token.json", "_token.json"),
        (".client_secret.json", "_client_secret.json"),
        ("..a", "__a"),
        (".jpg", "unnamed.jpg"),
        (".HEIC", "unnamed.HEIC"),
    ];
    for (raw, expected) in table {
        assert_eq!(safe(raw), expected, "{raw:?}");
    }
}

#[test]
fn a_name_is_never_empty() {
    for raw in ["", ".", "..", " . . ", "\u{A0}"] {
        assert_eq!(safe(raw), "unnamed", "{raw:?}");
    }
    let named = |mime| SafeName::new("", Some(mime)).natural().main;
    assert_eq!(named("image/jpeg"), "unnamed.jpg");
    assert_eq!(named("VIDEO/MP4; codecs=x"), "unnamed.mp4");
    assert_eq!(named("image/unheard-of"), "unnamed");
}

#[test]
fn a_long_name_keeps_its_extension() {
    let name = safe(&format!("{}.jpeg", "ä".repeat(200)));
    assert_eq!(name, format!("{}.jpeg", "ä".repeat(125)));
    assert_eq!(
        safe(&format!("{} .{}", "a".repeat(253), "b".repeat(40))),
        "a".repeat(253)
    );
}

#[test]
fn a_tag_goes_between_stem_and_extension() {
    let name = SafeName::with_companion("IMG_1.HEIC", None, ".mov");
    let tagged = name.tagged("fc4a", "-01234567");
    assert_eq!(tagged.main, "IMG_1-gphotosync-fc4a-01234567.HEIC");
    assert_eq!(tagged.companion.unwrap(), "IMG_1-gphotosync-fc4a-01234567.mov");
    assert_eq!(
        SafeName::new("a", None).tagged("x/../y", "").main,
        "a-gphotosync-x____y"
    );
}

#[test]
fn a_long_identifier_fits_whole_beside_a_long_stem() {
    let id = "x".repeat(150);
    let tagged = SafeName::new(&format!("{}.jpg", "a".repeat(251)), None)
        .tagged(&id, "")
        .main;
    assert_eq!(tagged.len(), MAX_NAME_BYTES);
    assert!(tagged.ends_with(&format!("a-gphotosync-{id}.jpg")), "{tagged}");
    let longer = SafeName::new("a.jpg", None)
        .tagged(&"x".repeat(400), "-0123")
        .main;
    assert!(
        longer.len() <= MAX_NAME_BYTES && longer.ends_with("x-0123.jpg"),
        "{longer}"
    );
}

/// The shortest stems there are, cut inside a marker of their own, and inside the marks of one letter whose iota
/// subscript becomes a letter: a cut there would make the item another family's.
#[test]
fn a_cut_that_would_change_the_family_is_made_earlier() {
    let brought_marker = format!("{}-gphotosync-{}.jpg", "ſ".repeat(29), "x".repeat(120));
    let marks = format!("{}ᾳ\u{323}{}.jpg", "ſ".repeat(28), "\u{1D165}".repeat(30));
    for raw in [brought_marker, marks] {
        let name = SafeName::new(&raw, None);
        for length in 1..200 {
            let tagged = name.tagged(&"v".repeat(length), "-01234567").main;
            assert_eq!(family_key(&tagged), name.family(), "{tagged}");
            assert!(
                tagged.len() <= MAX_NAME_BYTES && tagged.starts_with('ſ'),
                "{tagged}"
            );
        }
    }
}

#[test]
fn the_two_files_of_an_item_have_two_names() {
    for (raw, wish, companion) in [
        ("a.JPG", "mp4", "a.mp4"),
        ("a.MP4", ".mp4", "a.m4v"),
        ("a.m4v", ".M4V", "a.mp4"),
        ("a", "../x", "a.mp4"),
    ] {
        let names = SafeName::with_companion(raw, None, wish).natural();
        assert_eq!(names.companion.unwrap(), companion);
    }
}

/// Names made of what is known to cause trouble: markers whole and cut, marks that reorder, characters that
/// grow or shrink when folded, dots, blanks, reserved words.
pub(in crate::library) fn hostile_name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z0-9 ._-]{0,12}",
        2 => Just("-gphotosync".to_owned()),
        2 => Just("-GPHOTOſYNC-fc4a".to_owned()),
        1 => "-gphot",
        1 => "[\u{300}\u{323}\u{345}\u{1D165}]{0,70}",
        2 => "[ẞßſıİKÅﬃᾳΐŉᾲῼ한ΣςῈ]{0,30}",
        1 => "(\\.|\\.\\.|/|CON|nul|\\.jpg|\\.gphotosync|\u{202E}|\u{200D})",
        1 => "\\PC{0,10}",
        1 => "x{50,260}",
    ];
    (
        prop::collection::vec(piece, 0..6),
        "(\\.jpg|\\.MP4|\\.ſ{1,16}|\\.abcdefghijklmnop|)",
    )
        .prop_map(|(pieces, extension)| pieces.concat() + &extension)
}

/// What every name on disk must be, whatever it was made from.
pub(in crate::library) fn assert_safe(name: &str) {
    assert!(
        !name.is_empty() && name.len() <= MAX_NAME_BYTES,
        "{name:?} has {} bytes",
        name.len()
    );
    assert!(name.encode_utf16().count() <= 255, "{name:?}");
    assert!(!name.chars().any(is_unwelcome), "{name:?}");
    assert!(
        !name.starts_with('.') && !name.starts_with(char::is_whitespace),
        "{name:?}"
    );
    assert!(
        !name.ends_with('.') && !name.ends_with(char::is_whitespace),
        "{name:?}"
    );
    assert!(!is_device(name.split('.').next().unwrap().trim_end()), "{name:?}");
    assert!(name.nfc().eq(name.chars()), "{name:?} is not NFC");
}

fn all_names(name: &SafeName, value: &str, distinctions: &[String]) -> Vec<String> {
    let tagged = distinctions
        .iter()
        .map(|distinction| name.tagged(value, distinction));
    let names = tagged.chain([name.natural()]);
    names
        .flat_map(|names| [Some(names.main), names.companion])
        .flatten()
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_name_is_safe_and_of_its_items_family(
        raw in hostile_name(),
        companion in prop::option::of("(\\.mp4|\\.MOV|\\.abcdefghijklmnop|é)"),
        value in "(-?[0-9a-f]{1,24}|[A-Za-z0-9._/-]{0,200})",
        distinctions in prop::collection::vec("(-[0-9a-f]{8}|-[0-9a-f]{64}|)", 1..4),
    ) {
        let name = match &companion {
            Some(extension) => SafeName::with_companion(&raw, None, extension),
            None => SafeName::new(&raw, None),
        };
        for each in all_names(&name, &value, &distinctions) {
            assert_safe(&each);
            prop_assert_eq!(family_key(&each), name.family(), "{:?} of {:?}", each, name);
        }
    }

    #[test]
    fn a_safe_name_is_its_own_safe_name(raw in hostile_name()) {
        let name = safe(&raw);
        prop_assert_eq!(safe(&name), name);
    }

    #[test]
    fn a_tagged_name_keeps_its_distinction_and_enough_of_its_stem(
        stem in "[a-zäß]{1,260}", value in "[0-9a-f]{1,200}", digest in "-[0-9a-f]{64}",
    ) {
        let name = SafeName::new(&format!("{stem}.jpg"), None);
        let tagged = name.tagged(&value, &digest).main;
        let end = format!("{digest}.jpg");
        prop_assert!(tagged.ends_with(&end), "{}", tagged);
        let kept = tagged.find(MARKER).unwrap();
        prop_assert!(kept + 3 >= name.stem.len().min(KEPT_STEM_BYTES), "{}", tagged);
    }
}
