//! What a file is by its extension, as far as an extension can be believed.

/// The class of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Class {
    Image,
    Video,
    /// The moving half of a motion photo as Pixel phones name it: a film without a film's extension.
    Motion,
    /// Without an extension, or with one that is not known: only the bytes can tell.
    Unknown,
}

const IMAGES: [&str; 37] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "hif", "avif", "bmp", "tif", "tiff",
    "jxl", "jp2", "ico", "psd", "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "raf", "rw2",
    "rwl", "orf", "pef", "srw", "x3f", "3fr", "mrw", "raw",
];

const VIDEOS: [&str; 24] = [
    "mp4", "mov", "m4v", "3gp", "3g2", "avi", "mkv", "webm", "mpg", "mpeg", "mpe", "mts", "m2ts", "m2t",
    "ts", "mod", "tod", "wmv", "asf", "flv", "divx", "ogv", "qt", "mmv",
];

/// Extensions that stand for one format.
const SAME: [&[&str]; 4] = [
    &["jpg", "jpeg", "jpe", "jfif"],
    &["heic", "heif", "hif"],
    &["tif", "tiff"],
    &["mp4", "m4v", "mov", "qt", "3gp", "3g2"],
];

impl Class {
    /// The class of a name.
    pub(crate) fn of(name: &str) -> Self {
        let lower = name.to_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        if IMAGES.contains(&extension) {
            Self::Image
        } else if VIDEOS.contains(&extension) {
            Self::Video
        } else if is_motion(&lower, extension) {
            Self::Motion
        } else {
            Self::Unknown
        }
    }

    /// Whether a file of this class can be the moving half of a photo.
    pub(crate) fn moves(self) -> bool {
        matches!(self, Self::Video | Self::Motion)
    }

    pub(super) fn is_media(self) -> bool {
        self != Self::Unknown
    }
}

/// Whether this is a name that phones give to the moving half of a photo, in lower case.
fn is_motion(name: &str, extension: &str) -> bool {
    let has_extension = matches!(extension, "mp" | "mvimg") || extension.starts_with("mp~");
    has_extension || (extension.is_empty() && name.starts_with("mvimg_"))
}

/// Whether two names end alike, or in extensions that stand for one format.
pub(super) fn same_format(left: &str, right: &str) -> bool {
    let extension = |name: &str| {
        let lower = name.to_lowercase();
        lower
            .rsplit_once('.')
            .map_or_else(String::new, |(_, extension)| extension.to_owned())
    };
    let (left, right) = (extension(left), extension(right));
    let both_in = |formats: &&[&str]| formats.contains(&left.as_str()) && formats.contains(&right.as_str());
    left == right || SAME.iter().any(both_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (name, class) in [
            ("a.JPG", Class::Image),
            ("a.b.heic", Class::Image),
            ("a.Mp4", Class::Video),
            ("PXL_1.MP", Class::Motion),
            ("PXL_1.MP~2", Class::Motion),
            ("MVIMG_20180418_113218", Class::Motion),
            ("MVIMG_20180418_113218.jpg", Class::Image),
            ("03.03.13 - 1", Class::Unknown),
            ("a", Class::Unknown),
        ] {
            assert_eq!(Class::of(name), class, "{name}");
        }
        assert!(same_format("a.JPG", "b.jpeg") && same_format("a.MOV", "a.MOV.mp4"));
        assert!(!same_format("a.PNG", "a.jpeg") && !same_format("a", "a.jpg"));
    }
}
