//! The bytes of pretend photos and videos: deterministic, of a known size, and beginning and ending as their format
//! does. Pictures really open; bytes are shared, not generated per request.

mod boxes;
mod filler;
mod gif;
pub(crate) mod jpeg;
mod picture;
mod png;
mod press;
mod rope;

use bytes::Bytes;

pub use rope::Rope;

/// What a pretend item's original bytes are. Sizes are in bytes; one that is too small for the format's own frame
/// is raised to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A JPEG picture that opens in a viewer, padded with comments to `size`.
    Jpeg {
        /// Pixels across.
        width: u16,
        /// Pixels down.
        height: u16,
        /// Chooses the picture.
        seed: u64,
        /// Size of the file; the picture's own size when that is more.
        size: u64,
    },
    /// A PNG picture that opens in a viewer, padded with a private chunk to `size`.
    Png {
        /// Pixels across.
        width: u16,
        /// Pixels down.
        height: u16,
        /// Chooses the tint.
        seed: u64,
        /// Size of the file; the picture's own size when that is more.
        size: u64,
    },
    /// A well-formed MP4 without tracks.
    Mp4 {
        /// Size of the file.
        size: u64,
        /// Chooses the bytes.
        seed: u64,
    },
    /// A HEIC frame around filler.
    Heic {
        /// Size of the file.
        size: u64,
        /// Chooses the bytes.
        seed: u64,
    },
    /// A GIF of one pixel, padded with comments.
    Gif {
        /// Size of the file.
        size: u64,
        /// Chooses the bytes.
        seed: u64,
    },
    /// Bytes of exactly this size, framed as the type wants where it is one of the above.
    Filled {
        /// The media type to imitate; any other type gives plain filler.
        mime: &'static str,
        /// Size of the file.
        size: u64,
        /// Chooses the bytes.
        seed: u64,
    },
    /// These very bytes.
    Exact(Bytes),
}

impl Body {
    /// The bytes; `motion` marks a JPEG as a motion photo.
    pub fn rope(&self, motion: bool) -> Rope {
        match *self {
            Self::Jpeg {
                width,
                height,
                seed,
                size,
            } => jpeg::file(width, height, seed, size, motion),
            Self::Png {
                width,
                height,
                seed,
                size,
            } => png::file(width, height, seed, size),
            Self::Mp4 { size, seed } => boxes::mp4(size, seed),
            Self::Heic { size, seed } => boxes::heic(size, seed),
            Self::Gif { size, seed } => gif::file(size, seed),
            Self::Filled { mime, size, seed } => filled(mime, size, seed, motion),
            Self::Exact(ref bytes) => bytes.clone().into(),
        }
    }

    /// The media type these bytes are; bytes given as they are count as a JPEG.
    pub(crate) fn mime(&self) -> &'static str {
        match self {
            Self::Jpeg { .. } | Self::Exact(_) => "image/jpeg",
            Self::Png { .. } => "image/png",
            Self::Mp4 { .. } => "video/mp4",
            Self::Heic { .. } => "image/heif",
            Self::Gif { .. } => "image/gif",
            Self::Filled { mime, .. } => mime,
        }
    }

    /// The picture's size in pixels, where the bytes tell.
    pub(crate) fn pixels(&self) -> Option<(u32, u32)> {
        match *self {
            Self::Jpeg { width, height, .. } | Self::Png { width, height, .. } => {
                Some((u32::from(width), u32::from(height)))
            }
            _ => None,
        }
    }
}

fn filled(mime: &str, size: u64, seed: u64, motion: bool) -> Rope {
    match mime {
        "image/jpeg" => jpeg::file(16, 16, seed, size, motion),
        "image/png" => png::file(16, 16, seed, size),
        "image/gif" => gif::file(size, seed),
        "image/heic" | "image/heif" => boxes::heic(size, seed),
        "video/mp4" | "video/quicktime" => boxes::mp4(size, seed),
        _ => filler::filler(seed, size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(body: &Body) -> Bytes {
        body.rope(false).to_bytes()
    }

    #[test]
    fn filled_bodies_have_the_exact_size_and_their_formats_ends() {
        for size in [600, 601, 602, 603, 604, 65_536, 66_000, 1_000_000, 3_000_001] {
            let of = |mime| bytes(&Body::Filled { mime, size, seed: 5 });
            let (jpeg, png, gif) = (of("image/jpeg"), of("image/png"), of("image/gif"));
            let (heic, mp4) = (of("image/heif"), of("video/mp4"));
            let sizes = [&jpeg, &gif, &heic, &mp4].map(|body| body.len() as u64);
            assert_eq!(sizes, [size; 4]);
            assert!(jpeg.starts_with(&[0xFF, 0xD8, 0xFF]) && jpeg.ends_with(&[0xFF, 0xD9]));
            assert!(png.starts_with(b"\x89PNG") && png.ends_with(b"IEND\xAE\x42\x60\x82"));
            assert!(gif.starts_with(b"GIF89a") && gif.ends_with(b";"));
            assert_eq!(&heic[4..12], b"ftypheic");
            assert_eq!(&mp4[4..8], b"ftyp");
        }
        assert_eq!(
            bytes(&Body::Filled {
                mime: "image/png",
                size: 5000,
                seed: 5
            })
            .len(),
            5000
        );
    }

    #[test]
    fn seeds_tell_bodies_apart_and_repeat_them() {
        let of = |seed| {
            Body::Jpeg {
                width: 64,
                height: 48,
                seed,
                size: 200_000,
            }
            .rope(false)
            .sha256()
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(25), "the same palette with another comment");
    }

    #[test]
    fn jpeg_segments_lead_from_start_to_scan() {
        let file = Body::Jpeg {
            width: 640,
            height: 480,
            seed: 9,
            size: 300_000,
        }
        .rope(true)
        .to_bytes();
        let mut at = 2;
        let mut seen = Vec::new();
        while file[at + 1] != 0xDA {
            assert_eq!(file[at], 0xFF, "a marker at {at}");
            seen.push(file[at + 1]);
            at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        }
        assert_eq!(seen[..3], [0xE0, 0xE1, 0xFE]);
        assert_eq!(seen[seen.len() - 4..], [0xDB, 0xC4, 0xC4, 0xC0]);
        assert!(file.windows(23).any(|text| text == b"GCamera:MotionPhoto=\"1\""));
    }

    #[test]
    fn box_sizes_sum_to_the_file() {
        for body in [
            Body::Mp4 { size: 5000, seed: 1 },
            Body::Heic { size: 5000, seed: 1 },
        ] {
            let file = bytes(&body);
            let mut at = 0;
            while at < file.len() {
                at += u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
            }
            assert_eq!(at, file.len());
        }
    }
}
