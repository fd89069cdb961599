//! The shared filler: one block of noise and one block of ready-made JPEG comments, from which every body takes
//! slices.

use std::sync::LazyLock;

use bytes::Bytes;

use super::rope::{Rope, index};
use crate::chance::{Dice, scrambled};

/// How much filler one slice can hold. One mebibyte lets a common photo be written by one system call.
const WINDOW: u64 = 1 << 20;

/// A JPEG comment segment of the greatest round size: marker, length and 65,532 bytes of text.
pub(crate) const COMMENT_SEGMENT: u64 = 1 << 16;

static NOISE: LazyLock<Bytes> = LazyLock::new(|| noise(2 * WINDOW));
static COMMENTS: LazyLock<Bytes> = LazyLock::new(comments);

fn noise(len: u64) -> Bytes {
    let mut dice = Dice::new(len);
    (0..len / 8)
        .flat_map(|_| dice.roll().to_le_bytes())
        .collect::<Vec<u8>>()
        .into()
}

fn comments() -> Bytes {
    let mut block = noise(WINDOW).to_vec();
    for start in (0..block.len()).step_by(index(COMMENT_SEGMENT)) {
        block[start..start + 4].copy_from_slice(&[0xFF, 0xFE, 0xFF, 0xFE]);
    }
    block.into()
}

/// `len` bytes of noise; different seeds begin at different places.
pub(crate) fn filler(seed: u64, len: u64) -> Rope {
    let mut rope = Rope::default();
    let mut left = len;
    let offset = scrambled(seed) % WINDOW;
    while left > 0 {
        let take = left.min(WINDOW);
        rope.push(NOISE.slice(index(offset)..index(offset + take)));
        left -= take;
    }
    rope
}

/// `count` whole comment segments of [`COMMENT_SEGMENT`] bytes each.
pub(crate) fn comment_segments(count: u64) -> Rope {
    let mut rope = Rope::default();
    let mut left = count * COMMENT_SEGMENT;
    while left > 0 {
        let take = left.min(WINDOW);
        rope.push(COMMENTS.slice(..index(take)));
        left -= take;
    }
    rope
}
