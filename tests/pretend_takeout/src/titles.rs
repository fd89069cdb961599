//! Titles of items, of every shape that real exports were seen to have.

use chrono::DateTime;

use crate::media::Format;
use crate::naming::split;

/// Shapes and how many of a thousand items have them; what is left is plain.
const SHAPES: [(Shape, u32); 24] = [
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
}

/// A title and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    pub(crate) text: String,
    /// What a media file is named from.
    pub(crate) stem: String,
    pub(crate) ending: String,
    pub(crate) format: Format,
}

impl Title {
    pub(crate) fn of(text: &str) -> Self {
        let (stem, ending) = split(text);
        Self {
            text: text.to_owned(),
            stem: stem.to_owned(),
            ending: ending.to_owned(),
            format: format_of(ending),
        }
    }

    fn exported_as(text: &str, stem: &str, ending: &str) -> Self {
        Self {
            text: text.to_owned(),
            stem: stem.to_owned(),
            ending: ending.to_owned(),
            format: format_of(ending),
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
            Self::Forbidden => format!("John & Sally's Wedding? {small}.JPG"),
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
    match dice.u32(0..7) {
        5 => format!("PXL_{stamp}{:03}.TS.mp4", number % 1000),
        6 => format!("IMG_{stamp}-MOVIE.m4v"),
        0 => format!("00001IMG_00001_BURST{stamp}{number:06}_COVER.jpg"),
        1 => format!("IMG_{stamp}-COLLAGE.jpg"),
        2 => format!("IMG_{stamp}-ANIMATION.gif"),
        3 => format!("IMG_{stamp}-EFFECTS.jpg"),
        _ => format!("IMG_{stamp}~2.jpg"),
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
