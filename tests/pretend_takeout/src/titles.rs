//! Titles of items, of every shape that real exports were seen to have.

use chrono::DateTime;
use unicode_normalization::UnicodeNormalization as _;

use crate::media::Format;
use crate::naming::split;

/// Shapes and how many of a thousand items have them; what is left is plain.
const SHAPES: [(Shape, u32); 26] = [
    (Shape::Camera, 300),
    (Shape::Screenshot, 60),
    (Shape::Pixel, 60),
    (Shape::LongAndAlike, 20),
    (Shape::Long, 20),
    (Shape::Emoji, 10),
    (Shape::OwnNumber, 20),
    (Shape::TwoNumbers, 10),
    (Shape::OnlyEnding, 2),
    (Shape::NoEnding, 15),
    (Shape::DottedWithoutEnding, 5),
    (Shape::EndingAdded, 5),
    (Shape::EndingReplaced, 5),
    (Shape::Forbidden, 20),
    (Shape::ReallyEdited, 5),
    (Shape::Facebook, 20),
    (Shape::SidecarsCollide, 6),
    (Shape::Film, 80),
    (Shape::MovingPicture, 15),
    (Shape::Creation, 15),
    (Shape::AnyLength, 40),
    (Shape::OwnNumberCut, 5),
    (Shape::FormatLies, 5),
    (Shape::EndingByOthers, 5),
    (Shape::Again, 25),
    (Shape::Accented, 15),
];

/// What a title looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Plain,
    /// `IMG_0042.JPG`: a camera's counter, which comes again and again.
    Camera,
    /// The sidecar's suffix is cut.
    Screenshot,
    /// Long enough that the suffix goes wholly, or a dot is left of it.
    Pixel,
    /// Cut, and alike after the cut: numbered.
    LongAndAlike,
    Long,
    /// What counts is UTF-16 units, not characters.
    Emoji,
    /// `skytree (2).jpg`: the number is the title's.
    OwnNumber,
    TwoNumbers,
    OnlyEnding,
    NoEnding,
    /// `03.03.13 - 1`: the last dot begins no ending.
    DottedWithoutEnding,
    /// `Video_0001.MOV` is exported as `Video_0001.MOV.mp4`.
    EndingAdded,
    /// `IMG_0001.PNG` is exported as `IMG_0001.jpg`.
    EndingReplaced,
    Forbidden,
    /// A title that ends in the word for edited copies.
    ReallyEdited,
    Facebook,
    /// Alike in what sidecars keep, and different in what media keep.
    SidecarsCollide,
    Film,
    /// `MVIMG_….jpg`, whose clip has no ending at all.
    MovingPicture,
    /// What Google or the phone made of others: bursts, collages, second versions. Each is an item of its own.
    Creation,
    /// Each length about the limit: of the suffix there is all, a bit, a dot, or nothing, and then the ending goes.
    AnyLength,
    /// `Urlaub in … (38).JPG`: the number is the title's, and the sidecar's name is cut behind it.
    OwnNumberCut,
    /// `IMG_0001.HEIC` with the bytes of a JPEG.
    FormatLies,
    /// `IMG_0001.HEIC` became `IMG_0001.HEIC.jpg` by another tool, or `IMG_0001.JPG.jpeg` by Google.
    EndingByOthers,
    /// Few titles for many items, so that numbers meet whatever else makes names differ: a cut suffix, a cut ending,
    /// none at all, or a number of the title's own.
    Again,
    /// Letters that have two forms in Unicode: the title, its file and its sidecar have not always the same.
    Accented,
}

/// A title and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    pub(crate) text: String,
    /// What a media file is named from.
    pub(crate) stem: String,
    pub(crate) ending: String,
    pub(crate) format: Format,
    /// What became of its names after they were made.
    pub(crate) forms: Forms,
}

/// The Unicode forms that an item's names have in the export. Google leaves them as they are; macOS decomposes the
/// names of what it unpacks, other tools compose them, and what they touch may be packed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forms {
    pub(crate) media: Form,
    pub(crate) sidecar: Form,
}

/// What became of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    #[default]
    Kept,
    Composed,
    Decomposed,
}

impl Form {
    pub(crate) fn of(self, name: String) -> String {
        match self {
            Self::Kept => name,
            Self::Composed => name.nfc().collect(),
            Self::Decomposed => name.nfd().collect(),
        }
    }
}

impl Title {
    pub(crate) fn of(text: &str) -> Self {
        let (stem, ending) = split(text);
        Self::exported_as(text, stem, ending)
    }

    fn exported_as(text: &str, stem: &str, ending: &str) -> Self {
        Self {
            text: text.to_owned(),
            stem: stem.to_owned(),
            ending: ending.to_owned(),
            format: format_of(ending),
            forms: Forms::default(),
        }
    }
}

fn format_of(ending: &str) -> Format {
    match ending.to_ascii_lowercase().as_str() {
        ".heic" => Format::Heic,
        ".png" => Format::Png,
        ".gif" => Format::Gif,
        ".mp4" | ".avi" | ".mp" | ".m4v" => Format::Mp4,
        ".mov" => Format::Mov,
        _ => Format::Jpeg,
    }
}

impl Shape {
    pub(crate) fn drawn(dice: &mut fastrand::Rng) -> Self {
        let mut left = dice.u32(0..1000);
        for (shape, share) in SHAPES {
            if left < share {
                return shape;
            }
            left -= share;
        }
        Self::Plain
    }

    /// The title of item `number`, taken at `taken`.
    pub(crate) fn title(self, number: u32, taken: i64, dice: &mut fastrand::Rng) -> Title {
        let time = DateTime::from_timestamp(taken, 0).unwrap_or_default();
        let stamp = time.format("%Y%m%d_%H%M%S").to_string();
        let small = dice.u32(0..400);
        Title::of(&match self {
            Self::Plain => format!("IMG_{stamp}_{number}.jpg"),
            Self::Camera => format!(
                "IMG_{:04}.{}",
                small % 60,
                ["JPG", "HEIC", "PNG", "JPG", "HEIC", "PNG", "MP4"][dice.usize(0..7)]
            ),
            Self::Screenshot => format!("Screenshot_{stamp}_Facebook.jpg"),
            Self::Pixel => format!("PXL_{stamp}{:03}.{}.jpg", number % 1000, pixel_mode(dice)),
            Self::LongAndAlike => {
                format!("Backyard_ceremony_wedding_photography_xxxxxxx_magnolia-{number}.jpg")
            }
            Self::Long => format!("{number} {}.jpg", "ein Tag am Meer ".repeat(4).trim_end()),
            Self::Emoji => format!("{number} 😀😃😄😁 ein sehr schöner Tag am Meer 🏖️🌊🐚🦀 {number}.jpg"),
            Self::OwnNumber => format!("skytree{small} ({}).jpg", dice.u32(1..40)),
            Self::TwoNumbers => format!("img_({small}).(vacation stuff).lol.jpg"),
            Self::OnlyEnding => ".jpg".to_owned(),
            Self::DottedWithoutEnding => format!("{:02}.03.13 - {small}", number % 28 + 1),
            Self::Forbidden => forbidden(small),
            Self::ReallyEdited => format!("image{number}-edited.jpg"),
            Self::Facebook => format!("46511597_{:020}_{:015}_n.jpg", u64::from(number) * 7919, small),
            Self::SidecarsCollide => {
                // 46 units alike, and one that only media have room for.
                format!(
                    "{:<46}{}.jpg",
                    format!("collision of item {} of many", number / 2),
                    ["a", "b"][number as usize % 2]
                )
                .replace("  ", "__")
            }
            Self::Film => format!("VID_{stamp}.{}", ["mp4", "MOV", "MP"][dice.usize(0..3)]),
            Self::MovingPicture => format!("MVIMG_{stamp}.jpg"),
            Self::Creation => creation(&stamp, number, dice),
            Self::AnyLength => {
                let ending = ["jpg", "jpeg", "mp4", "HEIC"][dice.usize(0..4)];
                let word = format!("{number} ").repeat(26);
                format!("{}.{ending}", &word[..dice.usize(20..52)].replace(' ', "x"))
            }
            Self::OwnNumberCut => format!(
                "Urlaub in Knaufspesch der Schneifel{small:03} ({}).JPG",
                small % 90 + 10
            ),
            Self::Accented => return accented(number, small),
            Self::Again => return again(number, dice),
            Self::NoEnding
            | Self::EndingAdded
            | Self::EndingReplaced
            | Self::EndingByOthers
            | Self::FormatLies => return self.otherwise(number, small),
        })
    }

    /// The title of an item whose ending or bytes are not what the title says.
    fn otherwise(self, number: u32, small: u32) -> Title {
        let is_even = number.is_multiple_of(2);
        let (text, stem, ending) = match self {
            Self::NoEnding => {
                let text = format!("Peanut Butter Balls {small}");
                (text.clone(), text, ".jpg")
            }
            Self::EndingAdded => {
                let text = format!("Video_{small:04}.MOV");
                (text.clone(), text, ".mp4")
            }
            Self::EndingByOthers => {
                let (own, added) = if is_even {
                    ("HEIC", ".jpg")
                } else {
                    ("JPG", ".jpeg")
                };
                let text = format!("Export_{number}.{own}");
                (text.clone(), text, added)
            }
            Self::FormatLies => (
                format!("Export_{number}.HEIC"),
                format!("Export_{number}"),
                ".HEIC",
            ),
            _ => {
                // Of every second one, only its case.
                let own = if is_even { "JPG" } else { "PNG" };
                (
                    format!("Export_{number}.{own}"),
                    format!("Export_{number}"),
                    ".jpg",
                )
            }
        };
        let title = Title::exported_as(&text, &stem, ending);
        match self {
            Self::FormatLies => Title {
                format: Format::Jpeg,
                ..title
            },
            _ => title,
        }
    }
}

fn creation(stamp: &str, number: u32, dice: &mut fastrand::Rng) -> String {
    match dice.u32(0..10) {
        7 => format!("PXL_{stamp}{:03}.LS.mp4", number % 1000),
        8 => format!("PXL_{stamp}{:03}.RAW-01.COVER.jpg", number % 1000),
        9 => format!("IMG_{stamp}{number:04}-SMILE.jpg"),
        5 => format!("PXL_{stamp}{:03}.TS.mp4", number % 1000),
        6 => format!("IMG_{stamp}-MOVIE.m4v"),
        0 => format!("00001IMG_00001_BURST{stamp}{number:06}_COVER.jpg"),
        1 => format!("IMG_{stamp}-COLLAGE.jpg"),
        2 => format!("IMG_{stamp}-ANIMATION.gif"),
        3 => format!("IMG_{stamp}-EFFECTS.jpg"),
        _ => format!("IMG_{stamp}~2.jpg"),
    }
}

/// Each of these is one character of a name; a colon stays as it is.
fn forbidden(small: u32) -> String {
    match small % 4 {
        0 => format!("{small}\\.JPG"),
        1 => format!("\"{small}\" <50% off|*>.jpg"),
        2 => format!("IMG_20150621_{small:06}:nopm:.jpg"),
        _ => format!("John & Sally's Wedding? {small}.JPG"),
    }
}

/// Titles that come again and again. Which have an ending, and how a file is called that has another, differs.
fn again(number: u32, dice: &mut fastrand::Rng) -> Title {
    match dice.u32(0..9) {
        0 => Title::of("Screenshot_20231027_123303_Facebook.jpg"),
        1 => Title::of("13039_1013003702064361_6463712829120384021_n.jpg"),
        2 => Title::of("image.png"),
        3 => Title::of(if number.is_multiple_of(4) {
            "image(2).png"
        } else {
            "image(1).png"
        }),
        4 => Title::of("21.12.11 - 1"),
        5 => Title::of("IMG2021021(4455)74722.jpg"),
        6 => Title::of("image(3).(2).jpg"),
        7 => Title::exported_as("2013-12-23", "2013-12-23", ".jpg"),
        _ => Title::exported_as("IMG_4081.JPG", "IMG_4081", ".jpg"),
    }
}

/// Some short and some longer than names may be, in all combinations of forms; one title always has the same.
fn accented(number: u32, small: u32) -> Title {
    use Form::{Composed, Decomposed, Kept};
    let name = match small % 3 {
        0 => format!("Élan vélo {}.jpg", small % 48),
        1 => format!(
            "Übergrößen déjà vu {} {}.jpg",
            small % 48,
            "à la plage ".repeat(3).trim_end()
        ),
        _ => format!(
            "Forêt {number} {}.JPG",
            "très très vieille forêt ".repeat(3).trim_end()
        ),
    };
    let (is_decomposed, media, sidecar) = match small % 48 % 6 {
        0 => (false, Kept, Kept),
        1 => (false, Decomposed, Decomposed),
        2 => (false, Decomposed, Kept),
        3 => (false, Kept, Decomposed),
        // Uploaded from a Mac.
        4 => (true, Kept, Kept),
        _ => (true, Composed, Composed),
    };
    let name = if is_decomposed { Decomposed.of(name) } else { name };
    Title {
        forms: Forms { media, sidecar },
        ..Title::of(&name)
    }
}

fn pixel_mode(dice: &mut fastrand::Rng) -> &'static str {
    let modes = [
        "LONG_EXPOSURE-01.COVER",
        "MOTION-02.ORIGINAL",
        "PORTRAIT",
        "NIGHT",
        "MP~2",
        "MP",
    ];
    modes[dice.usize(0..modes.len())]
}
