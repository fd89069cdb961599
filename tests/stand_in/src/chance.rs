//! Numbers that look random: reproducible ones for pictures, names and fault rates, and unguessable ones for
//! tokens and signatures. Nothing here is fit for guarding anything real.

use std::hash::{BuildHasher, RandomState};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Golden-ratio increment of the `SplitMix64` generator (Steele, Lea, Flood 2014).
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Scrambles a number so that neighbouring seeds give unrelated results (`SplitMix64`'s finaliser).
pub(crate) fn scrambled(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A hash of a text that is the same in every run and on every machine (FNV-1a, then scrambled).
pub(crate) fn stable_hash(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    scrambled(fnv)
}

/// A fraction in `0.0..1.0` that depends on nothing but the number given.
#[expect(
    clippy::cast_precision_loss,
    reason = "53 bits are exactly what a double holds"
)]
pub(crate) fn fraction(number: u64) -> f64 {
    (scrambled(number) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A reproducible stream of numbers.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(scrambled(seed))
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        scrambled(self.0)
    }

    /// A number in `0..limit`; 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.roll().checked_rem(limit).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }
}

/// A text nobody can predict: 32 characters of the base64url alphabet.
pub(crate) fn unguessable() -> String {
    let bytes: Vec<u8> = (0..3_u64)
        .flat_map(|turn| RandomState::new().hash_one(turn).to_le_bytes())
        .collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signs texts with a key that lives only as long as this server, so that a page token or base URL of another
/// server, or an invented one, is recognised.
#[derive(Debug, Default)]
pub(crate) struct Seal {
    first: RandomState,
    second: RandomState,
}

impl Seal {
    /// 32 hexadecimal digits that belong to this text.
    pub(crate) fn of(&self, text: &str) -> String {
        format!(
            "{:016x}{:016x}",
            self.first.hash_one(text),
            self.second.hash_one((text, 1_u8))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_rolls_the_same_numbers() {
        let rolls = |seed| {
            let mut dice = Dice::new(seed);
            (0..5).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7), rolls(7));
        assert_ne!(rolls(7), rolls(8));
    }

    #[test]
    fn unguessable_texts_and_seals_differ() {
        assert_ne!(unguessable(), unguessable());
        assert_eq!(unguessable().len(), 32);
        assert_ne!(Seal::default().of("a"), Seal::default().of("a"));
    }
}
