//! Whole GIF files: one pixel, and comment blocks up to the chosen size.

use super::filler::filler;
use super::rope::Rope;

/// Header, screen, two colours, and the start of a comment.
const HEAD: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\x20\x60\xA0\xFF\xFF\xFF\x21\xFE";

/// End of the comment, one pixel, end of the file.
const TAIL: &[u8] = b"\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3B";

/// A GIF of exactly `size` bytes (at least 57).
pub(crate) fn file(size: u64, seed: u64) -> Rope {
    let mut out = HEAD.to_vec();
    let unique = format!("stand-in {seed:016x}");
    out.push(u8::try_from(unique.len()).unwrap_or(0));
    out.extend(unique.bytes());
    let padding = size.saturating_sub((out.len() + TAIL.len()) as u64);
    let mut noise = filler(seed, padding).to_bytes();
    for len in block_lengths(padding) {
        out.push(len);
        out.extend(noise.split_to(usize::from(len)));
    }
    out.extend(TAIL);
    out.into()
}

/// Splits the padding into comment blocks, each of which costs a length byte more than it holds. No block may be
/// empty, for that would end the comment.
fn block_lengths(padding: u64) -> Vec<u8> {
    let mut lengths = vec![255_u8; usize::try_from(padding / 256).unwrap_or(0)];
    match (u8::try_from(padding % 256).unwrap_or(0), lengths.pop()) {
        (0, last) => lengths.extend(last),
        (1, Some(_)) => lengths.extend([200, 55]),
        (1, None) => {}
        (rest, last) => lengths.extend(last.into_iter().chain([rest - 1])),
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_exact_but_for_the_one_that_cannot_be() {
        for size in [64, 70, 300, 318, 319, 512, 575, 576, 4096, 100_000] {
            assert_eq!(file(size, 3).len(), size);
        }
    }
}
