//! Whether a photo is likely to have a moving half. Google's API has no field for it; one can only ask for the
//! clip and see, and each question costs quota. So names and contents are looked at first.

use memchr::memmem;

/// Names that Google's and other cameras give to motion photos, lower case.
const MARKED_NAMES: [&str; 4] = [".mp.", ".mp~", "mvimg_", "_mp."];

/// What the XMP of a motion photo says, in the spellings of Google's specification, old and new.
const MARKED_XMP: [&[u8]; 4] = [
    b"MotionPhoto=\"1\"",
    b"MicroVideo=\"1\"",
    b"MotionPhoto>1<",
    b"MicroVideo>1<",
];

/// How Apple's maker notes begin, followed by a version and the byte order of a TIFF directory.
const APPLE: &[u8] = b"Apple iOS\0\0\x01MM";

/// The tag of the identifier that ties the halves of a live photo together.
const CONTENT_IDENTIFIER: u16 = 0x0011;

/// Whether to ask for a clip, going by the photo's name and its first bytes.
pub(crate) fn is_likely(file_name: &str, head: &[u8]) -> bool {
    let name = file_name.to_lowercase();
    MARKED_NAMES.iter().any(|mark| name.contains(mark))
        || MARKED_XMP.iter().any(|mark| memmem::find(head, mark).is_some())
        || has_content_identifier(head)
}

fn has_content_identifier(head: &[u8]) -> bool {
    let Some(directory) = memmem::find(head, APPLE).map(|start| &head[start + APPLE.len()..]) else {
        return false;
    };
    let Some((count, entries)) = directory.split_first_chunk::<2>() else {
        return false;
    };
    // A directory entry has twelve bytes and begins with its tag.
    entries
        .chunks_exact(12)
        .take(usize::from(u16::from_be_bytes(*count)))
        .any(|entry| entry[..2] == CONTENT_IDENTIFIER.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name() {
        for name in [
            "PXL_20230518_103349822.MP.jpg",
            "MVIMG_20180418_113218.jpg",
            "PXL_1.MP~2.jpg",
            "IMG_1_MP.jpg",
        ] {
            assert!(is_likely(name, b""), "{name}");
        }
        for name in ["IMG_1.jpg", "example.mp4.jpg", "MP.jpg"] {
            assert!(!is_likely(name, b""), "{name}");
        }
    }

    #[test]
    fn by_xmp() {
        assert!(is_likely("a.jpg", b"\xff\xd8..<x GCamera:MotionPhoto=\"1\" y>"));
        assert!(!is_likely("a.jpg", b"\xff\xd8..<x GCamera:MotionPhoto=\"0\" y>"));
    }

    #[test]
    fn by_apples_identifier() {
        let note = |tag: u16| {
            let mut bytes = b"\xff\xd8 Exif ".to_vec();
            bytes.extend(APPLE);
            bytes.extend(2_u16.to_be_bytes());
            for entry_tag in [1, tag] {
                bytes.extend(u16::to_be_bytes(entry_tag));
                bytes.extend([0; 10]);
            }
            bytes
        };
        assert!(is_likely("IMG_1.HEIC", &note(CONTENT_IDENTIFIER)));
        assert!(!is_likely("IMG_1.HEIC", &note(2)));
        assert!(!is_likely("IMG_1.HEIC", &note(CONTENT_IDENTIFIER)[..20]));
    }

    /// Heads of motion photos.
    const HEADS: &[&str] = &[
        "\u{1}Apple iOS\0\0\u{1}MM\0\u{3}\0\u{11}..........\0\u{11}..........",
        "<x:xmpmeta GCamera:MotionPhoto=\"1\">",
    ];

    proptest::proptest! {
        #[test]
        fn any_head_is_looked_at_safely(name in "\\PC{0,20}", head in crate::hostile::bytes(HEADS)) {
            let says = is_likely(&name, &head);
            proptest::prop_assert!(!says || is_likely(&name.to_uppercase(), &head), "case does not matter");
        }
    }
}
