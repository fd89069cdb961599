use super::*;
use proptest::prelude::*;

/// A beginning of a file, its name in messages, and a MIME type it fits.
type Sample = (Vec<u8>, &'static str, &'static str);

const TIFF: &str = "a TIFF or RAW image";
const ISO_VIDEO: &str = "an MP4 or QuickTime video";

fn ftyp(brand: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x18ftyp", brand, b"\0\0\0\0isomheic"].concat()
}

fn riff(name: &[u8]) -> Vec<u8> {
    [b"RIFF\x10\x27\0\0", name, b"VP8 "].concat()
}

fn packets(lead: usize) -> Vec<u8> {
    [vec![9; lead], vec![TRANSPORT_SYNC], vec![0; 187]]
        .concat()
        .repeat(3)
}

fn images() -> Vec<Sample> {
    vec![
        (
            b"\xFF\xD8\xFF\xE1\0\x10Exif\0\0".to_vec(),
            "a JPEG image",
            "image/jpeg",
        ),
        (
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec(),
            "a PNG image",
            "image/png",
        ),
        (b"GIF89a\x01\0\x01\0".to_vec(), "a GIF image", "image/gif"),
        (riff(b"WEBP"), "a WebP image", "image/webp"),
        (
            b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec(),
            "a BMP image",
            "image/bmp",
        ),
        (ftyp(b"heic"), "a HEIF image", "image/heif"),
        (ftyp(b"mif1"), "a HEIF image", "image/heic"),
        (ftyp(b"avif"), "a HEIF image", "image/avif"),
        (ftyp(b"crx "), "a RAW image", "image/x-canon-cr3"),
        (b"II\x2A\0\x08\0\0\0".to_vec(), TIFF, "image/tiff"),
        (b"MM\0\x2A\0\0\0\x08".to_vec(), TIFF, "image/x-nikon-nef"),
        (
            b"FUJIFILMCCD-RAW 0201".to_vec(),
            "a RAW image",
            "image/x-fuji-raf",
        ),
        (
            b"IIU\0\x18\0\0\0".to_vec(),
            "a RAW image",
            "image/x-panasonic-rw2",
        ),
        (b"IIRO\x08\0\0\0".to_vec(), "a RAW image", "image/x-olympus-orf"),
    ]
}

fn videos() -> Vec<Sample> {
    vec![
        (ftyp(b"isom"), ISO_VIDEO, "video/mp4"),
        (ftyp(b"qt  "), ISO_VIDEO, "video/quicktime"),
        (ftyp(b"3gp5"), ISO_VIDEO, "video/3gpp"),
        (
            b"\0\0\0\x08wide\0\x10\0\0mdat".to_vec(),
            ISO_VIDEO,
            "video/quicktime",
        ),
        (
            b"\x1A\x45\xDF\xA3\x9F\x42\x86".to_vec(),
            "a Matroska or WebM video",
            "video/webm",
        ),
        (riff(b"AVI "), "an AVI video", "video/x-msvideo"),
        (packets(0), "an MPEG transport stream", "video/mp2t"),
        (packets(4), "an MPEG transport stream", "video/vnd.dlna.mpeg-tts"),
        (b"\0\0\x01\xBA\x44\0\x04".to_vec(), "an MPEG video", "video/mpeg"),
        (SOME_ASF.to_vec(), "a Windows Media video", "video/x-ms-wmv"),
    ]
}

fn samples() -> Vec<Sample> {
    [images(), videos()].concat()
}

const TRANSPORT_SYNC: u8 = 0x47;

const SOME_ASF: &[u8] = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C\x01\0";

const TEXTS: [(&[u8], &str); 9] = [
    (b"<!DOCTYPE html><html lang=en>", "an HTML page"),
    (b"\xEF\xBB\xBF \r\n<HTML><body>", "an HTML page"),
    (b"<html><title>Fehler \xFC\xE4</title>", "an HTML page"),
    (b"{\n  \"error\": {\"code\": 403}}", "a JSON text"),
    (b")]}'\n\n[[\"er\"]]", "a JSON text"),
    (b"<?xml version='1.0'?><Error/>", "an XML document"),
    (b"<Error><Code>AccessDenied</Code></Error>", "an XML document"),
    (b"Rate Limit Exceeded", "a plain text"),
    ("zu viele Anfragen für ü".as_bytes(), "a plain text"),
];

fn found(head: &[u8], mime: &str) -> Option<String> {
    contradiction(head, mime).map(|contradiction| contradiction.to_string())
}

#[test]
fn each_format_fits_its_own_type_and_is_named_where_it_does_not() {
    for (head, name, mime) in samples() {
        assert_eq!(found(&head, mime), None, "{name} as {mime}");
        let wrong = if mime.starts_with("image") {
            "video/mp4"
        } else {
            "image/jpeg"
        };
        assert_eq!(found(&head, wrong).as_deref(), Some(name));
        assert_eq!(
            found(&head, "application/octet-stream"),
            None,
            "which claims nothing"
        );
    }
}

#[test]
fn one_thing_may_have_several_names_but_no_other_is_forgiven() {
    let samples = samples();
    let harmless = [
        &["image/heic", "image/heif", "image/avif"][..],
        &["image/tiff"],
        &["video/mp4", "video/quicktime", "video/3gpp"],
        &["video/mp2t", "video/mpeg", "video/vnd.dlna.mpeg-tts"],
        &[
            "image/x-fuji-raf",
            "image/x-panasonic-rw2",
            "image/x-olympus-orf",
            "image/x-canon-cr3",
            "image/x-nikon-nef",
        ],
    ];
    let is_raw_pair = |head: &[u8], mime: &str| {
        let inside = [Format::Tiff, Format::Jpeg, Format::Raw];
        mime.starts_with("image/x-") && inside.contains(&recognise(head).unwrap())
    };
    for ((head, name, own), claimed) in samples
        .iter()
        .flat_map(|sample| samples.iter().map(move |other| (sample.clone(), other.2)))
    {
        let is_alias = own == claimed
            || harmless
                .iter()
                .any(|set| set.contains(&own) && set.contains(&claimed));
        let is_tiff_raw = name == "a TIFF or RAW image" && claimed == "image/tiff";
        let forgiven = is_alias || is_raw_pair(&head, claimed) || is_tiff_raw;
        assert_eq!(found(&head, claimed).is_none(), forgiven, "{name} as {claimed}");
    }
}

#[test]
fn a_picture_that_was_converted_without_saying_so_contradicts() {
    assert_eq!(found(b"\xFF\xD8\xFF\xE0", "image/heif").unwrap(), "a JPEG image");
    assert_eq!(found(b"\xFF\xD8\xFF\xE0", "IMAGE/JPEG; charset=binary"), None);
    assert_eq!(
        found(b"\xFF\xD8\xFF\xE0", "image/x-adobe-dng"),
        None,
        "some RAW files are JPEG outside"
    );
}

#[test]
fn text_is_never_media() {
    for (head, name) in TEXTS {
        for mime in [
            "image/jpeg",
            "video/mp4",
            "image/unheard-of",
            "application/octet-stream",
            "",
        ] {
            assert_eq!(found(head, mime).as_deref(), Some(name), "as {mime}");
        }
    }
    assert_eq!(
        found(b"<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"),
        None
    );
    assert!(found(b"<html>", "image/svg+xml").is_some());
}

#[test]
fn a_short_signature_is_not_enough_to_make_a_text_a_picture() {
    assert_eq!(
        found(b"BMW i3, red, parked", "image/bmp").unwrap(),
        "a plain text"
    );
    assert_eq!(
        found(b"BM\x01\x02\x03\x04\x05", "image/bmp"),
        None,
        "an odd one, but binary"
    );
}

#[test]
fn other_files_are_named() {
    assert_eq!(
        found(b"PK\x03\x04\x14\0\0\0\x08\0", "image/jpeg").unwrap(),
        "a file of type application/zip"
    );
    assert_eq!(
        found(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3", "image/jpeg").unwrap(),
        "a file of type application/pdf"
    );
    assert_eq!(found(&[0; 512], "video/mp4").unwrap(), "nothing but zero bytes");
}

#[test]
fn what_nobody_recognises_contradicts_nothing() {
    for head in [
        &b""[..],
        b"\x01\x02\x03\x04",
        b"\xFF\xD8",
        b"\x80\x81\x82 some camera's own",
        &[0; 20],
    ] {
        assert_eq!(found(head, "image/x-unknown"), None);
        assert_eq!(found(head, "image/jpeg"), None);
    }
}

#[test]
fn a_text_cut_within_a_character_is_still_text() {
    let text = "ä".repeat(300);
    assert_eq!(recognise(&text.as_bytes()[..511]), Some(Format::PlainText));
    assert_eq!(recognise(b"abc\xC3\xC3\xC3"), None);
}

#[test]
fn a_text_with_a_g_every_188_letters_is_no_film() {
    let page = format!("G{:187}G{:187}G{:100}", "ateway", " timeout,", "ood bye");
    assert_eq!(recognise(page.as_bytes()), Some(Format::PlainText));
    assert_eq!(recognise(&page.as_bytes()[..200]), Some(Format::PlainText));
}

proptest! {
    #[test]
    fn hostile_heads_do_no_harm(head in prop::collection::vec(any::<u8>(), 0..600), mime in "\\PC{0,30}") {
        if let Some(contradiction) = contradiction(&head, &mime) {
            prop_assert!(!contradiction.to_string().is_empty());
            prop_assert_eq!(Some(contradiction.found), recognise(&head));
        }
    }

    #[test]
    fn any_sentence_is_text(sentence in "[a-zA-Z{<\\[][ -~äöü\n]{3,600}", mime in "(image|video)/[a-z0-9]{1,8}") {
        let head = &sentence.as_bytes()[..sentence.len().min(HEAD_BYTES)];
        prop_assert_eq!(recognise(head).map(Format::kind), Some(Kind::NotMedia));
        prop_assert!(contradiction(head, &mime).is_some());
    }
}
