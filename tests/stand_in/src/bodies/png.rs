//! Whole PNG files: an uncompressed colour gradient and, up to the chosen size, a private chunk of filler.

use bytes::Bytes;

use super::filler::filler;
use super::press::Press;
use super::rope::Rope;

static FILES: Press<(u16, u16, u64, u64)> = Press::new();

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];

/// Length, name and checksum of a chunk.
const CHUNK_OVERHEAD: u64 = 12;

/// A PNG that opens in a viewer, of at least the picture's own size and exactly `size` bytes where the difference
/// leaves room for a chunk.
pub(crate) fn file(width: u16, height: u16, seed: u64, size: u64) -> Rope {
    FILES
        .get_or_make((width, height, seed, size), || encoded(width, height, seed, size))
        .into()
}

fn encoded(width: u16, height: u16, seed: u64, size: u64) -> Bytes {
    let mut out = SIGNATURE.to_vec();
    let mut header = Vec::with_capacity(13);
    header.extend(u32::from(width).to_be_bytes());
    header.extend(u32::from(height).to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    out.extend(chunk(*b"IHDR", &header));
    out.extend(chunk(*b"IDAT", &stored(&rows(width, height, seed))));
    let end = chunk(*b"IEND", &[]);
    let padding = size.saturating_sub((out.len() + end.len()) as u64);
    if padding >= CHUNK_OVERHEAD {
        out.extend(chunk(
            *b"stIn",
            &filler(seed, padding - CHUNK_OVERHEAD).to_bytes(),
        ));
    }
    out.extend(end);
    out.into()
}

fn rows(width: u16, height: u16, seed: u64) -> Vec<u8> {
    let tint = seed.to_le_bytes()[0];
    let scale = |at: u16, of: u16| (u32::from(at) * 255 / u32::from(of.max(1))).to_le_bytes()[0];
    let mut out = Vec::with_capacity((usize::from(width) * 3 + 1) * usize::from(height));
    for y in 0..height {
        out.push(0);
        out.extend((0..width).flat_map(|x| [scale(x, width) ^ tint, scale(y, height), tint]));
    }
    out
}

/// A zlib stream whose blocks are stored as they are.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.enumerate() {
        let len = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(number == last));
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let len = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut out = len.to_be_bytes().to_vec();
    out.extend(name);
    out.extend(data);
    let crc = crc32(&out[4..]);
    out.extend(crc.to_be_bytes());
    out
}

const CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0_u32; 256];
    let mut index = 0_usize;
    let mut value = 0_u32;
    while index < 256 {
        let mut crc = value;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
        value += 1;
    }
    table
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |crc, &byte| {
        (crc >> 8) ^ CRC_TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_match_their_published_check_values() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }
}
