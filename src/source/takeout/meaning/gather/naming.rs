//! What a file was called when it was uploaded. The names in an export are cut and numbered; titles are not.

use crate::source::takeout::meaning::extension::{Class, same_format};
use crate::source::takeout::meaning::pairing::Rule;

/// The title, made whole with the extension of its file where it lacks one or has another's.
pub(super) fn uploaded_name(title: Option<&str>, file: &str, rule: Rule) -> String {
    let Some(title) = title else {
        return file.to_owned();
    };
    let extension = file.rfind('.').map_or("", |dot| &file[dot..]);
    let is_whole = Class::of(title).is_media() && same_format(title, file);
    if is_whole || !Class::of(file).is_media() {
        return title.to_owned();
    }
    match title.rfind('.') {
        // The extension was added behind the title: it stays so, for the title's own may be right.
        Some(dot) if rule != Rule::ExtensionAdded && Class::of(title).is_media() => {
            format!("{}{extension}", &title[..dot])
        }
        _ => format!("{title}{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_at_upload() {
        let cases = [
            (Some("IMG_1.jpg"), "IMG_1(1).jpg", Rule::Exact, "IMG_1.jpg"),
            (
                Some("John & Sally's.JPG"),
                "John _ Sally_s.JPG",
                Rule::Exact,
                "John & Sally's.JPG",
            ),
            (
                Some("Peanut Butter Balls"),
                "Peanut Butter Balls.jpg",
                Rule::ExtensionAdded,
                "Peanut Butter Balls.jpg",
            ),
            (
                Some("21.12.11 - 1"),
                "21.12(1).11 - 1",
                Rule::Exact,
                "21.12.11 - 1",
            ),
            (
                Some("2019.01.02"),
                "2019.01.02.jpg",
                Rule::ExtensionAdded,
                "2019.01.02.jpg",
            ),
            (
                Some("IMG_1.MOV"),
                "IMG_1.MOV.mp4",
                Rule::ExtensionAdded,
                "IMG_1.MOV",
            ),
            (
                Some("IMG_1.JPG"),
                "IMG_1.JPG.jpeg",
                Rule::ExtensionAdded,
                "IMG_1.JPG",
            ),
            (
                Some("IMG_1.PNG"),
                "IMG_1.JPEG",
                Rule::ExtensionReplaced,
                "IMG_1.JPEG",
            ),
            (
                Some("IMG_1.HEIC"),
                "IMG_1.HEIC.jpg",
                Rule::ExtensionAdded,
                "IMG_1.HEIC.jpg",
            ),
            (Some("IMG_1.HEIC"), "IMG_1.MP4", Rule::SecondHalf, "IMG_1.MP4"),
            (None, "IMG_1(1).jpg", Rule::Alone, "IMG_1(1).jpg"),
        ];
        for (title, file, rule, expected) in cases {
            assert_eq!(uploaded_name(title, file, rule), expected, "{file}");
        }
    }
}
