//! Bytes in pieces: a body is put together from a short head of its own and slices of shared filler, so that a
//! thousand bodies of a megabyte cost a few kilobytes of memory and serving one copies nothing.

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

/// The exact bytes of a body, as a sequence of shared pieces.
#[derive(Debug, Clone, Default)]
pub struct Rope {
    pieces: Vec<Bytes>,
}

impl Rope {
    /// The number of bytes.
    pub fn len(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.len() as u64).sum()
    }

    /// True when there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bytes in one piece; copies, so meant for comparing in tests.
    pub fn to_bytes(&self) -> Bytes {
        let mut whole = BytesMut::new();
        self.pieces
            .iter()
            .for_each(|piece| whole.extend_from_slice(piece));
        whole.freeze()
    }

    /// The SHA-256 of all bytes, as 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        let mut hasher = Sha256::new();
        self.pieces.iter().for_each(|piece| hasher.update(piece));
        hasher
            .finalize()
            .iter()
            .fold(String::with_capacity(64), |text, byte| {
                text + &format!("{byte:02x}")
            })
    }

    pub(crate) fn push(&mut self, piece: impl Into<Bytes>) {
        let piece = piece.into();
        if !piece.is_empty() {
            self.pieces.push(piece);
        }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
    }

    /// The bytes from `start` up to but not including `end`, without copying; an end beyond the last byte is
    /// taken as the last byte.
    #[must_use]
    pub fn slice(&self, start: u64, end: u64) -> Self {
        let mut cut = Self::default();
        let mut at = 0_u64;
        for piece in &self.pieces {
            let len = piece.len() as u64;
            let from = start.saturating_sub(at).min(len);
            let to = end.saturating_sub(at).min(len);
            if from < to {
                cut.push(piece.slice(index(from)..index(to)));
            }
            at += len;
        }
        cut
    }

    /// The pieces, in order; together they are the body.
    pub fn into_pieces(self) -> Vec<Bytes> {
        self.pieces
    }
}

impl<T: Into<Bytes>> From<T> for Rope {
    fn from(bytes: T) -> Self {
        let mut rope = Self::default();
        rope.push(bytes);
        rope
    }
}

/// A position inside a piece that is held in memory, which therefore always fits.
pub(crate) fn index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_cross_pieces_and_stop_at_the_end() {
        let mut rope = Rope::from("hello ".to_owned());
        rope.push("world".to_owned());
        assert_eq!(rope.len(), 11);
        assert_eq!(rope.slice(4, 8).to_bytes(), "o wo");
        assert_eq!(rope.slice(9, 99).to_bytes(), "ld");
        assert!(rope.slice(11, 99).is_empty());
        assert_eq!(
            Rope::default().sha256(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
