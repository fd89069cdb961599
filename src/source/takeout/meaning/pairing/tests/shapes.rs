use std::collections::BTreeSet;

use super::Part::{Half, Original, Version};
use super::*;

/// A folder with one shape of names, numbered as in the specification.
struct Shape {
    number: u32,
    what: &'static str,
    /// Sidecars, each with its title.
    sidecars: &'static [(&'static str, &'static str)],
    /// Media, each with the number of its sidecar in the list.
    media: &'static [(&'static str, usize, Part)],
    /// Media that belong to nobody.
    lone: &'static [&'static str],
}

macro_rules! shapes {
    ($($number:literal $what:literal: [$($name:literal <- $title:literal),* $(,)?]
        [$($media:literal $of:literal $part:ident),* $(,)?] [$($lone:literal),*];)*) => {
        [$(Shape {
            number: $number,
            what: $what,
            sidecars: &[$(($name, $title)),*],
            media: &[$(($media, $of, $part)),*],
            lone: &[$($lone),*],
        }),*]
    };
}

#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "a table")]
fn all() -> Vec<Shape> {
    shapes![
        1 "plain, old": ["IMG_1.jpg.json" <- "IMG_1.jpg", "IMG_10.jpg.json" <- "IMG_10.jpg"]
            ["IMG_1.jpg" 0 Original, "IMG_10.jpg" 1 Original] ["IMG_11.jpg"];
        2 "plain, new": ["20161105_170829.jpg.supplemental-metadata.json" <- "20161105_170829.jpg"]
            ["20161105_170829.jpg" 0 Original] ["20161105_170830.jpg"];
        3 "cut suffix": [
            "Screenshot_20231027_123303_Facebook.jpg.supple.json" <- "Screenshot_20231027_123303_Facebook.jpg",
            "IMG_20230510_165428_12.jpg.supplemental-metada.json" <- "IMG_20230510_165428_12.jpg",
            "20230510_165428_IMG_1234_edi.jpg.supplemental-.json" <- "20230510_165428_IMG_1234_edi.jpg",
            "20230510_165428_IMG_1234_edited_abc.jpg.suppl.json" <- "20230510_165428_IMG_1234_edited_abc.jpg",
            "20230510_165428_IMG_1234_edited_abcdefgh.jpg.s.json" <- "20230510_165428_IMG_1234_edited_abcdefgh.jpg",
            "20230510_165428_IMG_1234_edited_abcdefghi.jpg..json" <- "20230510_165428_IMG_1234_edited_abcdefghi.jpg"]
            ["Screenshot_20231027_123303_Facebook.jpg" 0 Original, "IMG_20230510_165428_12.jpg" 1 Original,
             "20230510_165428_IMG_1234_edi.jpg" 2 Original, "20230510_165428_IMG_1234_edited_abc.jpg" 3 Original,
             "20230510_165428_IMG_1234_edited_abcdefgh.jpg" 4 Original,
             "20230510_165428_IMG_1234_edited_abcdefghi.jpg" 5 Original] [];
        4 "double dot": ["PXL_20230809_203029378.LONG_EXPOSURE-01.COVER..json" <- "PXL_20230809_203029378.LONG_EXPOSURE-01.COVER.jpg"]
            ["PXL_20230809_203029378.LONG_EXPOSURE-01.COVER.jpg" 0 Original] [];
        5 "double dot after a whole extension":
            ["PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg..json" <- "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg"]
            ["PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg" 0 Original] [];
        6 "sidecar loses part of the extension":
            ["05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json" <- "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg"]
            ["05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg" 0 Original] ["05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0.jpg"];
        7 "media cut at 47":
            ["PXL_20220405_090123740.LONG_EXPOSURE-02.ORIGIN.json" <- "PXL_20220405_090123740.LONG_EXPOSURE-02.ORIGINAL.jpg"]
            ["PXL_20220405_090123740.LONG_EXPOSURE-02.ORIGINA.jpg" 0 Original] [];
        8 "emoji: units, not characters":
            ["😀 Umarmung und so weiter und so weiter und so.json" <- "😀 Umarmung und so weiter und so weiter und so😀 mehr.jpg"]
            ["😀 Umarmung und so weiter und so weiter und so😀.jpg" 0 Original] [];
        9 "bracket swap, old": ["IMG_2710.HEIC.json" <- "IMG_2710.HEIC", "IMG_2710.HEIC(1).json" <- "IMG_2710.HEIC"]
            ["IMG_2710.HEIC" 0 Original, "IMG_2710(1).HEIC" 1 Original] ["IMG_2710(2).HEIC"];
        10 "bracket swap, new": [
            "Scan35.jpg.supplemental-metadata(1).json" <- "Scan35.jpg",
            "Scan35.jpg.supplemental-metadata.json" <- "Scan35.jpg",
            "CLIP0001.AVI.supplemental-metadata(10).json" <- "CLIP0001.AVI"]
            ["Scan35(1).jpg" 0 Original, "Scan35.jpg" 1 Original, "CLIP0001(10).AVI" 2 Original] ["Scan35(2).jpg"];
        11 "swap with cut suffix": [
            "Screenshot_20231027_123303_Facebook.jpg.supple(1).json" <- "Screenshot_20231027_123303_Facebook.jpg",
            "Screenshot_20231027_123303_Facebook.jpg.supple.json" <- "Screenshot_20231027_123303_Facebook.jpg",
            "20230510_165428_IMG_1234_edited.jpg.supplement(1).json" <- "20230510_165428_IMG_1234_edited.jpg"]
            ["Screenshot_20231027_123303_Facebook(1).jpg" 0 Original, "Screenshot_20231027_123303_Facebook.jpg" 1 Original,
             "20230510_165428_IMG_1234_edited(1).jpg" 2 Original] [];
        12 "swap with cut name": [
            "Backyard_ceremony_wedding_photography_xxxxxxx_(494).json" <- "Backyard_ceremony_wedding_photography_xxxxxxx_magnolia-371.jpg",
            "Backyard_ceremony_wedding_photography_xxxxxxx_.json" <- "Backyard_ceremony_wedding_photography_xxxxxxx_magnolia-1.jpg"]
            ["Backyard_ceremony_wedding_photography_xxxxxxx_m(494).jpg" 0 Original,
             "Backyard_ceremony_wedding_photography_xxxxxxx_m.jpg" 1 Original] [];
        13 "swap with cut extension": [
            "13039_1013003702064361_6463712829120384021_n.j(1).json" <- "13039_1013003702064361_6463712829120384021_n.jpg",
            "13039_1013003702064361_6463712829120384021_n.j.json" <- "13039_1013003702064361_6463712829120384021_n.jpg"]
            ["13039_1013003702064361_6463712829120384021_n(1).jpg" 0 Original,
             "13039_1013003702064361_6463712829120384021_n.jpg" 1 Original] [];
        14 "the number belongs to the title": [
            "skytree (2).jpg.supplemental-metadata.json" <- "skytree (2).jpg",
            "skytree.jpg.supplemental-metadata.json" <- "skytree.jpg",
            "image(2).png.supplemental-metadata.json" <- "image(2).png",
            "image.png.supplemental-metadata.json" <- "image.png"]
            ["skytree (2).jpg" 0 Original, "skytree.jpg" 1 Original, "image(2).png" 2 Original, "image.png" 3 Original]
            ["image(1).png"];
        15 "the same, sidecar cut":
            ["Urlaub in Knaufspesch in der Schneifel (38).JP.json" <- "Urlaub in Knaufspesch in der Schneifel (38).JPG"]
            ["Urlaub in Knaufspesch in der Schneifel (38).JPG" 0 Original] ["Urlaub in Knaufspesch in der Schneifel.JPG"];
        16 "two groups": [
            "img_(87).(vacation stuff).lol.jpg(87).json" <- "img_(87).(vacation stuff).lol.jpg",
            "img_(87).(vacation stuff).lol.jpg.json" <- "img_(87).(vacation stuff).lol.jpg",
            "IMG2021021(4455)74722.jpg(1).json" <- "IMG2021021(4455)74722.jpg",
            "image(3).(2).jpg(3).json" <- "image(3).(2).jpg"]
            ["img_(87).(vacation stuff).lol(87).jpg" 0 Original, "img_(87).(vacation stuff).lol.jpg" 1 Original,
             "IMG2021021(4455)74722(1).jpg" 2 Original, "image(3).(2)(3).jpg" 3 Original] ["image(3).jpg"];
        17 "only extension and number": [".jpg.json" <- ".jpg", ".jpg(1).json" <- ".jpg"]
            [".jpg" 0 Original, "(1).jpg" 1 Original] [];
        18 "title without extension": [
            "Peanut Butter Balls.supplemental-metadata.json" <- "Peanut Butter Balls",
            "20030616.json" <- "20030616"]
            ["Peanut Butter Balls.jpg" 0 Original, "20030616.jpg" 1 Original] ["20030617.jpg"];
        19 "the same, numbered": [
            "2013-12-23.supplemental-metadata(1).json" <- "2013-12-23",
            "2013-12-23.supplemental-metadata.json" <- "2013-12-23"]
            ["2013-12-23(1).jpg" 0 Original, "2013-12-23.jpg" 1 Original] [];
        20 "the same, edited": [
            "2234089303984509579.supplemental-metadata.json" <- "2234089303984509579",
            "2234089303984509580.supplemental-metadata.json" <- "2234089303984509580"]
            ["2234089303984509579-edited.jpg" 0 Version, "2234089303984509580.jpg" 1 Original,
             "2234089303984509580-edited.jpg" 1 Version] [];
        21 "no extension at all": [
            "03.03.13 - 1.supplemental-metadata.json" <- "03.03.13 - 1",
            "21.12.11 - 1.supplemental-metadata(1).json" <- "21.12.11 - 1",
            "21.12.11 - 1.supplemental-metadata.json" <- "21.12.11 - 1"]
            ["03.03.13 - 1" 0 Original, "21.12(1).11 - 1" 1 Original, "21.12.11 - 1" 2 Original] [];
        22 "extension added by Google": ["IMG_0001.MOV.json" <- "IMG_0001.MOV", "IMG_0001.JPG.json" <- "IMG_0001.JPG"]
            ["IMG_0001.MOV.mp4" 0 Original, "IMG_0001.JPG.jpeg" 1 Original] [];
        23 "extension replaced": ["IMG_0001.PNG.json" <- "IMG_0001.PNG", "IMG_0002.JPG.json" <- "IMG_0002.JPG"]
            ["IMG_0001.JPEG" 0 Original, "IMG_0002.JPG" 1 Original] ["IMG_0003.JPEG"];
        24 "case of the extension differs": ["197_197.JPG.json" <- "197_197.JPG", "IMG_4081.JPG(1).json" <- "IMG_4081.JPG",
            "IMG_5.jpg.json" <- "IMG_5.jpg", "IMG_5.JPG.json" <- "IMG_5.JPG"]
            ["197_197.jpg" 0 Original, "IMG_4081(1).jpg" 1 Original, "IMG_5.jpg" 2 Original, "IMG_5.JPG" 3 Original] [];
        25 "old sidecar without the media's extension": ["photo.json" <- "photo.jpg", "IMG1003.json" <- "IMG1003.jpg",
            "photo(1).json" <- "photo.jpg"]
            ["photo.jpg" 0 Original, "IMG1003.jpg" 1 Original, "photo(1).jpg" 2 Original] [];
        26 "from Facebook":
            ["46511597_2110580592498366_4387561098273491025_.json" <- "46511597_2110580592498366_4387561098273491025_n.jpg"]
            ["46511597_2110580592498366_4387561098273491025_n.jpg" 0 Original] [];
        27 "forbidden characters": [
            "John _ Sally_s Wedding-001.JPG.json" <- "John & Sally's Wedding-001.JPG",
            "123123_.JPG.supplemental-metadata.json" <- "123123\\.JPG",
            "what_.jpg.json" <- "what?.jpg",
            "A & B.jpg.json" <- "A &amp; B.jpg",
            "50_ off.jpg.json" <- "50% off.jpg",
            "IMG_20150621_220038:nopm:.jpg.json" <- "IMG_20150621_220038:nopm:.jpg"]
            ["John _ Sally_s Wedding-001.JPG" 0 Original, "123123_.JPG" 1 Original, "what_.jpg" 2 Original,
             "A _ B.jpg" 3 Original, "50_ off.jpg" 4 Original, "IMG_20150621_220038_nopm_.jpg" 5 Original] [];
        28 "edited": ["X.jpg.json" <- "X.jpg", "Y.jpg.json" <- "Y.jpg"]
            ["X.jpg" 0 Original, "X-edited.jpg" 0 Version, "Y.jpg" 1 Original] ["Z-edited.jpg"];
        29 "edited, localised": ["PXL_20220405_090200110.PORTRAIT.jpg.json" <- "PXL_20220405_090200110.PORTRAIT.jpg"]
            ["PXL_20220405_090200110.PORTRAIT.jpg" 0 Original, "PXL_20220405_090200110.PORTRAIT-modifié.jpg" 0 Version] [];
        30 "edited with a number, and a sidecar of that number": [
            "20220322_205147.jpg.supplemental-metadata(1).json" <- "20220322_205147.jpg",
            "20220322_205147.jpg.supplemental-metadata.json" <- "20220322_205147.jpg"]
            ["20220322_205147(1).jpg" 0 Original, "20220322_205147-edited(1).jpg" 0 Version,
             "20220322_205147.jpg" 1 Original, "20220322_205147-edited.jpg" 1 Version] [];
        31 "edited with a number, and only the plain sidecar":
            ["IMG_20120216_094016.jpg.supplemental-metadata.json" <- "IMG_20120216_094016.jpg"]
            ["IMG_20120216_094016.jpg" 0 Original, "IMG_20120216_094016-edited(1).jpg" 0 Version] [];
        32 "edited word cut": ["Con Yoli por Málaga en el piso nuevo_001.JPG.json" <- "Con Yoli por Málaga en el piso nuevo_001.JPG"]
            ["Con Yoli por Málaga en el piso nuevo_001.JPG" 0 Original,
             "Con Yoli por Málaga en el piso nuevo_001-ha edi.JPG" 0 Version] ["Con Yoli por Málaga en el piso nuevo_002-ha edi.JPG"];
        33 "edited word cut off wholly":
            ["original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json" <- "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_PXL_20220516_164814158.jpg"]
            ["original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg" 0 Original,
             "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg" 0 Version] [];
        34 "title that really ends in -edited": ["image-edited.jpg.json" <- "image-edited.jpg", "image.jpg.json" <- "image.jpg"]
            ["image-edited.jpg" 0 Original, "image.jpg" 1 Original, "image-edited-edited.jpg" 0 Version] [];
        35 "live photo, old and new": [
            "IMG_0503.HEIC.json" <- "IMG_0503.HEIC",
            "IMG_0504.HEIC.supplemental-metadata.json" <- "IMG_0504.HEIC"]
            ["IMG_0503.HEIC" 0 Original, "IMG_0503.MP4" 0 Half, "IMG_0504.HEIC" 1 Original, "IMG_0504.MOV" 1 Half]
            ["IMG_0505.MP4"];
        36 "live, still is a JPEG": ["20231227_152817.jpg.json" <- "20231227_152817.jpg", "IMG_9.jpg.json" <- "IMG_9.jpg"]
            ["20231227_152817.jpg" 0 Original, "20231227_152817.MP4" 0 Half, "IMG_9.jpg" 1 Original, "IMG_9.mov" 1 Half] [];
        37 "live, numbered": ["IMG_2710.HEIC(1).json" <- "IMG_2710.HEIC", "IMG_2710.HEIC.json" <- "IMG_2710.HEIC"]
            ["IMG_2710(1).HEIC" 0 Original, "IMG_2710(1).MP4" 0 Half, "IMG_2710.HEIC" 1 Original, "IMG_2710.MP4" 1 Half] [];
        38 "live, still missing": ["IMG_2367.HEIC.supplemental-metadata.json" <- "IMG_2367.HEIC"]
            ["IMG_2367.MP4" 0 Half] ["IMG_2368.MP4"];
        39 "live, HEIC and JPEG of one stem": ["IMG_2551.HEIC.json" <- "IMG_2551.HEIC", "IMG_2551.JPG.json" <- "IMG_2551.JPG"]
            ["IMG_2551.HEIC" 0 Original, "IMG_2551.MP4" 0 Half, "IMG_2551.JPG" 1 Original, "IMG_2551(1).MP4" 1 Half] [];
        40 "film and still of one stem, two sidecars": ["MOV_0001.MP4.json" <- "MOV_0001.MP4", "MOV_0001.JPG.json" <- "MOV_0001.JPG"]
            ["MOV_0001.MP4" 0 Original, "MOV_0001.JPG" 1 Original] [];
        41 "motion photo": ["PXL_20230103_180505123.MP.jpg.json" <- "PXL_20230103_180505123.MP.jpg",
            "PXL_20230103_180505123.MP.jpg(1).json" <- "PXL_20230103_180505123.MP.jpg"]
            ["PXL_20230103_180505123.MP.jpg" 0 Original, "PXL_20230103_180505123.MP" 0 Half,
             "PXL_20230103_180505123.MP(1).jpg" 1 Original, "PXL_20230103_180505123(1).MP" 1 Half] [];
        42 ".MP~2": ["PXL_20210102_221126856.MP~2.jpg.json" <- "PXL_20210102_221126856.MP~2.jpg",
            "PXL_20210102_221126856.MP.jpg.json" <- "PXL_20210102_221126856.MP.jpg"]
            ["PXL_20210102_221126856.MP~2.jpg" 0 Original, "PXL_20210102_221126856.MP~2" 0 Half,
             "PXL_20210102_221126856.MP.jpg" 1 Original, "PXL_20210102_221126856.MP" 1 Half] [];
        43 "MVIMG without extension, or with its own": [
            "MVIMG_20180418_113218.jpg.json" <- "MVIMG_20180418_113218.jpg",
            "MVIMG_20180418_113219.jpg.json" <- "MVIMG_20180418_113219.jpg"]
            ["MVIMG_20180418_113218.jpg" 0 Original, "MVIMG_20180418_113218" 0 Half,
             "MVIMG_20180418_113219.jpg" 1 Original, "MVIMG_20180418_113219.mvimg" 1 Half] [];
        44 ".MP with its own sidecar": [
            "PXL_20230518_103349822.MP.supplemental-met.json" <- "PXL_20230518_103349822.MP",
            "PXL_20230518_103349822.MP.jpg.supplemental-met.json" <- "PXL_20230518_103349822.MP.jpg"]
            ["PXL_20230518_103349822.MP" 0 Original, "PXL_20230518_103349822.MP.jpg" 1 Original] [];
        45 "items of their own": [
            "PXL_1.LS.mp4.json" <- "PXL_1.LS.mp4", "PXL_1.TS.mp4.json" <- "PXL_1.TS.mp4", "PXL_1~2.jpg.json" <- "PXL_1~2.jpg",
            "IMG_1-COLLAGE.jpg.json" <- "IMG_1-COLLAGE.jpg", "IMG_1-ANIMATION.gif.json" <- "IMG_1-ANIMATION.gif",
            "IMG_1-MOVIE.m4v.json" <- "IMG_1-MOVIE.m4v", "IMG_1.jpg.json" <- "IMG_1.jpg",
            "00001IMG_00001_BURST20190102030405006_COVER.jp.json" <- "00001IMG_00001_BURST20190102030405006_COVER.jpg",
            "PXL_20221228_185930354.RAW-01.COVER.jpg.supple.json" <- "PXL_20221228_185930354.RAW-01.COVER.jpg",
            "PXL_20221228_185930354.RAW-02.ORIGINAL.dng.sup.json" <- "PXL_20221228_185930354.RAW-02.ORIGINAL.dng",
            "PXL_1.jpg.json" <- "PXL_1.jpg"]
            ["PXL_1.LS.mp4" 0 Original, "PXL_1.TS.mp4" 1 Original, "PXL_1~2.jpg" 2 Original, "IMG_1-COLLAGE.jpg" 3 Original,
             "IMG_1-ANIMATION.gif" 4 Original, "IMG_1-MOVIE.m4v" 5 Original, "IMG_1.jpg" 6 Original,
             "00001IMG_00001_BURST20190102030405006_COVER.jpg" 7 Original,
             "PXL_20221228_185930354.RAW-01.COVER.jpg" 8 Original,
             "PXL_20221228_185930354.RAW-02.ORIGINAL.dng" 9 Original, "PXL_1.jpg" 10 Original] [];
        46 "effects": ["IMG_1.jpg.json" <- "IMG_1.jpg", "IMG_1-SMILE.jpg.json" <- "IMG_1-SMILE.jpg"]
            ["IMG_1.jpg" 0 Original, "IMG_1-EFFECTS.jpg" 0 Version, "IMG_1-MIX.jpg" 0 Version, "IMG_1-SMILE.jpg" 1 Original] [];
        47 "another tool added an extension": ["IMG_2367.HEIC.supplemental-metadata.json" <- "IMG_2367.HEIC"]
            ["IMG_2367.HEIC.jpg" 0 Original] ["IMG_2368.HEIC.jpg"];
        48 "decomposed names": ["Café.jpg.json" <- "Café.jpg", "Élan.jpg(1).json" <- "Élan.jpg"]
            ["Cafe\u{301}.jpg" 0 Original, "Cafe\u{301}-modifie\u{301}.jpg" 0 Version, "E\u{301}lan(1).jpg" 1 Original] [];
        50 "orphans": ["IMG_7.jpg.json" <- "IMG_7.jpg"] [] ["IMG_8.jpg", "IMG_9.mp4"];
        51 "only the names of the sidecars collide": [
            "a title of forty-six units that goes on like t.json" <- "a title of forty-six units that goes on like this.jpg",
            "a title of forty-six units that goes on like t(1).json" <- "a title of forty-six units that goes on like those.jpg",
            "a title of forty-six units that goes on like t(2).json" <- "a title of forty-six units that goes on like this.heic",
            "a title of forty-six units that goes on like t(3).json" <- "a title of forty-six units that goes on like thus.jpg"]
            ["a title of forty-six units that goes on like th.jpg" 0 Original,
             "a title of forty-six units that goes on like th(1).jpg" 1 Original,
             "a title of forty-six units that goes on like t.heic" 2 Original,
             "a title of forty-six units that goes on like th(2).jpg" 3 Original] [];
        51 "the same, of one number each": [
            "another title of forty-six units that goes on .json" <- "another title of forty-six units that goes on and on.jpg",
            "another title of forty-six units that goes on (1).json" <- "another title of forty-six units that goes on too.jpg"]
            ["another title of forty-six units that goes on a.jpg" 0 Original,
             "another title of forty-six units that goes on t.jpg" 1 Original] [];
    ]
    .into()
}

#[test]
fn every_shape_of_the_specification() {
    let shapes = all();
    for shape in &shapes {
        let folder = Folder {
            media: shape
                .media
                .iter()
                .map(|(name, ..)| *name)
                .chain(shape.lone.iter().copied())
                .collect(),
            sidecars: shape
                .sidecars
                .iter()
                .map(|(name, title)| (*name, titled(title)))
                .collect(),
            ..Folder::default()
        };
        for folder in [folder.clone(), reversed(folder)] {
            let paired = folder.paired();
            for (media, sidecar, part) in shape.media {
                let sidecar = shape.sidecars[*sidecar].0;
                let found = paired.get(media).map(|(sidecar, part, ..)| (*sidecar, *part));
                assert_eq!(
                    found,
                    Some((sidecar, *part)),
                    "shape {} ({}): {media}",
                    shape.number,
                    shape.what
                );
                let (.., rule, certainty) = paired[media];
                let is_strong = certainty > Certainty::Guess && rule != Rule::SidecarName;
                assert!(
                    is_strong,
                    "shape {} ({}): {media} by {rule:?}",
                    shape.number, shape.what
                );
            }
            for media in shape.lone {
                assert_eq!(
                    paired.get(media),
                    None,
                    "shape {} ({}): {media}",
                    shape.number,
                    shape.what
                );
            }
        }
    }
    let numbers: BTreeSet<u32> = shapes.iter().map(|shape| shape.number).collect();
    // Shape 49, a sidecar in another part, is about collecting entries, not about their names.
    let expected: BTreeSet<u32> = (1..=51).filter(|number| *number != 49).collect();
    assert_eq!(numbers, expected);
}

fn reversed(mut folder: Folder<'_>) -> Folder<'_> {
    folder.media.reverse();
    folder.sidecars.reverse();
    folder
}

/// All shapes in one folder, as in a year: none may take from another.
#[test]
fn shapes_do_not_disturb_each_other() {
    let mut folder = Folder::default();
    let mut expected = BTreeMap::new();
    let mut names = BTreeSet::new();
    for shape in all() {
        let all_names = shape
            .media
            .iter()
            .map(|(name, ..)| *name)
            .chain(shape.sidecars.iter().map(|(name, _)| *name));
        // Some shapes use the same names for different things.
        if !all_names.clone().all(|name| names.insert(name)) || matches!(shape.number, 16 | 45 | 46) {
            continue;
        }
        folder.media.extend(shape.media.iter().map(|(name, ..)| *name));
        folder
            .sidecars
            .extend(shape.sidecars.iter().map(|(name, title)| (*name, titled(title))));
        for (media, sidecar, part) in shape.media {
            expected.insert(*media, (shape.sidecars[*sidecar].0, *part));
        }
    }
    assert!(expected.len() > 60, "most shapes take part: {}", expected.len());
    let found: BTreeMap<_, _> = folder
        .paired()
        .into_iter()
        .map(|(media, (sidecar, part, ..))| (media, (sidecar, part)))
        .collect();
    assert_eq!(found, expected);
}

/// Sidecars without a title, or with one that has nothing to do with their name.
#[test]
fn sidecars_are_also_found_by_their_own_names() {
    let cases = [
        ("IMG_1.jpg.json", "IMG_1.jpg"),
        ("IMG_1.jpg.supplemental-metadata.json", "IMG_1.jpg"),
        ("IMG_1.jpg.supplemental-metadata(2).json", "IMG_1(2).jpg"),
        ("IMG_1(2).jpg.supplemental-metadata.json", "IMG_1(2).jpg"),
        ("IMG_1.jpg(2).json", "IMG_1(2).jpg"),
        ("IMG_1(2).jpg.json", "IMG_1(2).jpg"),
        (
            "PXL_20230518_103349822.MP.jpg.supplemental-met.json",
            "PXL_20230518_103349822.MP.jpg",
        ),
        (
            "PXL_20220405_090123740.LONG_EXPOSURE-02.ORIGIN.json",
            "PXL_20220405_090123740.LONG_EXPOSURE-02.ORIGINA.jpg",
        ),
        ("photo.json", "photo.jpg"),
        ("03.03.13 - 1.supplemental-metadata.json", "03.03.13 - 1"),
    ];
    for (sidecar, media) in cases {
        for facts in [Facts::default(), titled("something else.png")] {
            if facts.title.is_some() && sidecar == "photo.json" {
                continue;
            }
            let folder = Folder {
                media: vec![media, "other.jpg", "IMG_1(3).jpg"],
                sidecars: vec![(sidecar, facts)],
                ..Folder::default()
            };
            let paired = folder.paired();
            let found = paired.get(media).map(|(sidecar, part, ..)| (*sidecar, *part));
            assert_eq!(found, Some((sidecar, Original)), "{sidecar}");
            assert_eq!(paired.len(), 1, "{paired:?}");
        }
    }
}
