//! Encodes a small baseline JPEG picture: soft waves over a colour gradient. Each block holds a mean and two
//! slopes only, which needs no cosine transform and still decodes to a smooth picture in any viewer.

use std::f64::consts::TAU;

use crate::chance::Dice;

/// Quantiser of every coefficient. With 8, a block's quantised mean is its level minus 128.
const QUANTISER: f64 = 8.0;

/// First horizontal (or vertical) cosine coefficient of a ramp of slope 1 per sample over eight samples.
const RAMP: f64 = -18.222;

/// Run/size symbols the encoder uses: end of block, then sizes 1 to 10 after no and after one zero.
const AC_SYMBOLS: [u8; 21] = [
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
    0x17, 0x18, 0x19, 0x1A,
];

/// Everything of a JPEG file after its application segments and comments, end marker included.
pub(crate) fn encoded(width: u16, height: u16, seed: u64) -> Vec<u8> {
    let mut file = tables();
    file.extend(frame(width, height));
    file.extend(scan(width, height, &Scene::new(seed)));
    file.extend([0xFF, 0xD9]);
    file
}

fn tables() -> Vec<u8> {
    let mut out = vec![0xFF, 0xDB, 0x00, 0x43, 0x00];
    out.extend([8_u8; 64]);
    // Twelve codes of four bits for the means, twenty-one of five bits for the slopes: a symbol's code is its place.
    out.extend([
        0xFF, 0xC4, 0x00, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    out.extend(0..12_u8);
    out.extend([
        0xFF, 0xC4, 0x00, 40, 0x10, 0, 0, 0, 0, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    out.extend(AC_SYMBOLS);
    out
}

fn frame(width: u16, height: u16) -> Vec<u8> {
    let mut out = vec![0xFF, 0xC0, 0x00, 17, 8];
    out.extend(height.to_be_bytes());
    out.extend(width.to_be_bytes());
    out.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    out.extend([0xFF, 0xDA, 0x00, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    out
}

fn scan(width: u16, height: u16, scene: &Scene) -> Vec<u8> {
    let mut bits = Bits::default();
    let mut means = [0_i32; 3];
    let (columns, rows) = (width.div_ceil(8), height.div_ceil(8));
    for row in 0..rows {
        for column in 0..columns {
            let x = (f64::from(column) + 0.5) / f64::from(columns);
            let y = (f64::from(row) + 0.5) / f64::from(rows);
            for (plane, mean) in means.iter_mut().enumerate() {
                let block = scene.block(plane, x, y, (columns, rows));
                bits.mean(block.mean - *mean);
                *mean = block.mean;
                bits.slopes(block.across, block.down);
            }
        }
    }
    bits.finish()
}

struct Block {
    mean: i32,
    across: i32,
    down: i32,
}

/// What the picture shows: a wave for brightness and two linear gradients for colour.
struct Scene {
    waves: (f64, f64),
    phase: f64,
    blue: [f64; 3],
    red: [f64; 3],
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "levels and slopes are bounded far below the type's range"
)]
impl Scene {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut level = |limit: u32| f64::from(dice.below(u64::from(limit)) as u32);
        let waves = (level(5) - 2.0, level(4) + 1.0);
        let phase = level(628) / 100.0;
        let mut plane = || [level(120) - 60.0, level(100) - 50.0, level(100) - 50.0];
        Self {
            waves,
            phase,
            blue: plane(),
            red: plane(),
        }
    }

    fn block(&self, plane: usize, x: f64, y: f64, blocks: (u16, u16)) -> Block {
        let (level, across, down) = match plane {
            0 => self.brightness(x, y),
            1 => gradient(self.blue, x, y),
            _ => gradient(self.red, x, y),
        };
        let slope =
            |whole: f64, blocks: u16| (RAMP * whole / (f64::from(blocks) * 8.0) / QUANTISER).round() as i32;
        Block {
            mean: level.clamp(-120.0, 120.0).round() as i32,
            across: slope(across, blocks.0),
            down: slope(down, blocks.1),
        }
    }

    /// Level and its two derivatives over the unit square.
    fn brightness(&self, x: f64, y: f64) -> (f64, f64, f64) {
        let angle = TAU * (self.waves.0 * x + self.waves.1 * y) + self.phase;
        let steep = 70.0 * TAU * angle.cos();
        (
            70.0 * angle.sin() + 15.0,
            steep * self.waves.0,
            steep * self.waves.1,
        )
    }
}

fn gradient([level, across, down]: [f64; 3], x: f64, y: f64) -> (f64, f64, f64) {
    (level + across * (x - 0.5) + down * (y - 0.5), across, down)
}

/// The entropy-coded bits, with the zero byte JPEG wants after every 0xFF.
#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, width: u32) {
        self.pending = (self.pending << width) | value;
        self.count += width;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.pending >> self.count).to_le_bytes()[0];
            self.out.push(byte);
            if byte == 0xFF {
                self.out.push(0);
            }
        }
    }

    /// A signed number in JPEG's form: negative ones are sent as their ones' complement.
    fn magnitude(&mut self, value: i32, size: u32) {
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits.cast_unsigned() & ((1 << size) - 1), size);
    }

    fn mean(&mut self, difference: i32) {
        let size = size_of_value(difference);
        self.put(size, 4);
        self.magnitude(difference, size);
    }

    fn slopes(&mut self, across: i32, down: i32) {
        if across != 0 {
            self.slope(across, 0);
        }
        if down != 0 {
            self.slope(down, if across == 0 { 10 } else { 0 });
        }
        self.put(0, 5);
    }

    fn slope(&mut self, value: i32, first_code: u32) {
        let size = size_of_value(value);
        self.put(first_code + size, 5);
        self.magnitude(value, size);
    }

    fn finish(mut self) -> Vec<u8> {
        self.put(0x7F, 7);
        self.out
    }
}

/// How many bits a value's magnitude takes; 0 for 0.
fn size_of_value(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}
