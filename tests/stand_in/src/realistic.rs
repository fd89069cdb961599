//! A library such as a person might have: several years, several cameras, and names that collide or are hard on a
//! file system.

use chrono::{DateTime, TimeDelta, Utc};

use crate::bodies::Body;
use crate::chance::Dice;
use crate::item::{Item, VideoStatus};

/// Sizes of pictures, chosen to encode quickly and to fill a screen.
const SIZES: [(u16, u16); 4] = [(1600, 1200), (1200, 1600), (2048, 1152), (1280, 960)];

/// Names no file system likes, or that only one of them tells apart. The empty one is a name Google may send.
const HARD_NAMES: [&str; 14] = [
    "",
    "img/0001.jpg",
    "..",
    "CON.jpg",
    "a:b?c*d.jpg",
    "trailing dot.",
    " leading space.jpg",
    "Ünïcödé 写真 📷.jpg",
    "U\u{308}ni\u{308}co\u{308}de\u{301} 写真 📷.jpg",
    "photo.JPG",
    "Photo.jpg",
    "right\u{202e}gpj.exe",
    "no extension",
    "tab\tand\nnewline.jpg",
];

/// `count` items over some six years, newest at the end of October 2026. Most are JPEG pictures of 50 to 400 kB that
/// open; some are PNG, HEIC and GIF pictures, motion photos, and videos of 1 to 4 MB, one of which is still being
/// processed and one of which failed. The same seed gives the same library.
pub fn realistic(count: usize, seed: u64) -> Vec<Item> {
    let mut dice = Dice::new(seed);
    let mut taken = DateTime::<Utc>::from_timestamp(1_793_400_000, 0).unwrap_or_default();
    // Six years in seconds, spread over the items; twice the mean is the widest gap.
    let widest_gap = (6 * 365 * 86_400 * 2) / (count as u64).max(1);
    let mut items = Vec::with_capacity(count);
    for number in 0..count as u64 {
        let gap = TimeDelta::milliseconds(i64::try_from(dice.below(widest_gap * 1000)).unwrap_or(0));
        taken -= gap;
        items.push(item(
            &mut dice,
            seed.wrapping_mul(1_000_003).wrapping_add(number),
            taken,
        ));
    }
    with_oddities(items)
}

fn item(dice: &mut Dice, seed: u64, taken: DateTime<Utc>) -> Item {
    let item = match dice.below(100) {
        0..76 => photo(dice, seed, taken),
        76..82 => motion_photo(dice, seed, taken),
        82..86 => screenshot(seed, taken),
        86..91 => heic(dice, seed),
        91..92 => gif(dice, seed),
        _ => video(dice, seed, taken),
    };
    item.taken_at(taken)
}

fn picture(dice: &mut Dice, seed: u64) -> Body {
    let (width, height) = SIZES[index(dice.below(SIZES.len() as u64))];
    Body::Jpeg {
        width,
        height,
        seed,
        size: dice.between(50_000, 400_000),
    }
}

fn photo(dice: &mut Dice, seed: u64, taken: DateTime<Utc>) -> Item {
    let item = Item::photo(seed).with_body(picture(dice, seed));
    match dice.below(4) {
        // Numbers from a small range collide, as those of a camera do that starts again at every card.
        0 => item
            .named(&format!("DSC_{:04}.JPG", dice.below(300)))
            .shot_with("NIKON CORPORATION", "NIKON D5300"),
        1 => item
            .named(&format!("IMG_{:04}.JPG", dice.below(400)))
            .shot_with("Canon", "Canon EOS 80D"),
        2 => item
            .named(&format!("IMG_{}.jpg", taken.format("%Y%m%d_%H%M%S")))
            .shot_with("samsung", "SM-G991B"),
        _ => item
            .named(&format!("PXL_{}.jpg", taken.format("%Y%m%d_%H%M%S%3f")))
            .shot_with("Google", "Pixel 8"),
    }
}

fn motion_photo(dice: &mut Dice, seed: u64, taken: DateTime<Utc>) -> Item {
    Item::photo(seed)
        .with_body(picture(dice, seed))
        .with_clip(Body::Mp4 {
            size: dice.between(400_000, 900_000),
            seed,
        })
        .named(&format!("PXL_{}.MP.jpg", taken.format("%Y%m%d_%H%M%S%3f")))
        .shot_with("Google", "Pixel 8")
}

fn screenshot(seed: u64, taken: DateTime<Utc>) -> Item {
    Item::photo(seed)
        .with_body(Body::Png {
            width: 270,
            height: 585,
            seed,
            size: 0,
        })
        .named(&format!("Screenshot_{}.png", taken.format("%Y%m%d-%H%M%S")))
}

fn heic(dice: &mut Dice, seed: u64) -> Item {
    Item::photo(seed)
        .with_body(Body::Heic {
            size: dice.between(80_000, 300_000),
            seed,
        })
        .named(&format!("IMG_{:04}.HEIC", dice.below(2000)))
        .shot_with("Apple", "iPhone 13")
}

fn gif(dice: &mut Dice, seed: u64) -> Item {
    let name = format!("giphy-{}.gif", dice.below(5));
    Item::photo(seed)
        .with_body(Body::Gif {
            size: dice.between(5_000, 60_000),
            seed,
        })
        .named(&name)
}

fn video(dice: &mut Dice, seed: u64, taken: DateTime<Utc>) -> Item {
    let mut item = Item::video(seed)
        .with_body(Body::Mp4 {
            size: dice.between(1_000_000, 4_000_000),
            seed,
        })
        .named(&format!("VID_{}.mp4", taken.format("%Y%m%d_%H%M%S")));
    item.pixels = Some((1920, 1080));
    item
}

/// Gives every thirteenth photo a hard name, and one video each of the two states without bytes.
fn with_oddities(mut items: Vec<Item>) -> Vec<Item> {
    let mut hard = HARD_NAMES.iter();
    for photo in items
        .iter_mut()
        .skip(5)
        .step_by(13)
        .filter(|item| item.clip.is_none())
    {
        if photo.mime == "image/jpeg"
            && let Some(name) = hard.next()
        {
            (*name).clone_into(&mut photo.filename);
        }
    }
    let mut videos: Vec<&mut Item> = items.iter_mut().filter(|item| item.mime == "video/mp4").collect();
    for (status, video) in [VideoStatus::Processing, VideoStatus::Failed]
        .into_iter()
        .zip(&mut videos)
    {
        video.kind = crate::item::Kind::Video(status);
    }
    items
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::item::Kind;

    #[test]
    fn a_realistic_library_has_all_kinds_and_repeats_itself() {
        let items = realistic(300, 1);
        assert_eq!(items, realistic(300, 1));
        let count = |keep: &dyn Fn(&Item) -> bool| items.iter().filter(|item| keep(item)).count();
        for mime in ["image/png", "image/heif", "video/mp4"] {
            assert!(count(&|item| item.mime == mime) > 3, "{mime}");
        }
        assert!(count(&|item| item.mime == "image/jpeg") > 200);
        assert!(count(&|item| item.clip.is_some()) > 3);
        assert_eq!(
            count(&|item| item.kind == Kind::Video(VideoStatus::Processing)),
            1
        );
        assert_eq!(count(&|item| item.kind == Kind::Video(VideoStatus::Failed)), 1);
        let names: HashSet<_> = items.iter().map(|item| &item.filename).collect();
        assert!(names.len() < items.len(), "some names collide");
        let ids: HashSet<_> = items.iter().map(|item| &item.id).collect();
        assert_eq!(ids.len(), items.len());
        assert!(items.is_sorted_by_key(|item| std::cmp::Reverse(item.taken)));
    }
}
