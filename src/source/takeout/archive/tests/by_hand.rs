//! Zips put together field by field, so that any of them can lie.

/// One entry. What it says of itself and what it is are told apart.
#[derive(Clone)]
pub(super) struct HandMade {
    pub(super) name: Vec<u8>,
    pub(super) packed: Vec<u8>,
    pub(super) crc: u32,
    pub(super) size: u64,
    pub(super) method: u16,
    pub(super) flags: u16,
    /// Says its sizes and place in a zip64 field.
    pub(super) is_zip64: bool,
    /// Says that it begins where an earlier one does.
    pub(super) at_entry: Option<usize>,
    /// Says that so many bytes are its own.
    pub(super) packed_size: Option<u64>,
    /// Made by Unix, with this mode.
    pub(super) mode: u32,
}

impl HandMade {
    pub(super) fn stored(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            packed: bytes.to_vec(),
            crc: crc32fast::hash(bytes),
            size: bytes.len() as u64,
            method: 0,
            flags: 0x800,
            is_zip64: false,
            at_entry: None,
            packed_size: None,
            mode: 0o100_644,
        }
    }

    pub(super) fn deflated(name: &str, bytes: &[u8]) -> Self {
        use std::io::Write as _;
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        Self {
            packed: packer.finish().unwrap(),
            method: 8,
            ..Self::stored(name, bytes)
        }
    }

    fn local(&self) -> Vec<u8> {
        let mut out = b"PK\x03\x04".to_vec();
        for field in [45, self.flags, self.method, 0, 0] {
            out.extend(field.to_le_bytes());
        }
        // Sizes are left out here, as streaming writers do; nobody may rely on them.
        out.extend([0; 12]);
        out.extend(short(self.name.len()).to_le_bytes());
        out.extend([4, 0]);
        out.extend(&self.name);
        out.extend([0xFE, 0xCA, 0, 0]);
        out.extend(&self.packed);
        out
    }

    fn record(&self, at: u64) -> Vec<u8> {
        let packed = self.packed_size.unwrap_or(self.packed.len() as u64);
        let small = |value: u64| {
            if self.is_zip64 {
                u32::MAX
            } else {
                u32::try_from(value).unwrap_or(u32::MAX)
            }
        };
        let mut extra = Vec::new();
        if self.is_zip64 {
            extra.extend([1, 0, 24, 0]);
            extra.extend(
                [self.size, packed, at]
                    .iter()
                    .flat_map(|value| value.to_le_bytes()),
            );
        }
        let mut out = b"PK\x01\x02\x2D\x03".to_vec();
        for field in [45, self.flags, self.method, 0, 0] {
            out.extend(field.to_le_bytes());
        }
        out.extend(self.crc.to_le_bytes());
        out.extend(small(packed).to_le_bytes());
        out.extend(small(self.size).to_le_bytes());
        for length in [self.name.len(), extra.len(), 0, 0, 0] {
            out.extend(short(length).to_le_bytes());
        }
        out.extend((self.mode << 16).to_le_bytes());
        out.extend(small(at).to_le_bytes());
        out.extend(&self.name);
        out.extend(extra);
        out
    }
}

fn short(value: usize) -> u16 {
    u16::try_from(value).unwrap()
}

/// The archive: bytes, directory, and an end of either kind.
pub(super) fn zip(entries: &[HandMade], with_zip64_end: bool) -> Vec<u8> {
    let (mut out, mut starts) = (Vec::new(), Vec::new());
    for entry in entries {
        starts.push(out.len() as u64);
        out.extend(entry.local());
    }
    let directory = out.len() as u64;
    for (entry, start) in entries.iter().zip(&starts) {
        let start = entry.at_entry.map_or(*start, |other| starts[other]);
        out.extend(entry.record(start));
    }
    let (end, count) = (out.len() as u64, entries.len() as u64);
    if with_zip64_end {
        out.extend(b"PK\x06\x06");
        out.extend(44_u64.to_le_bytes());
        out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for field in [count, count, end - directory, directory] {
            out.extend(field.to_le_bytes());
        }
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend(end.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend(b"PK\x05\x06\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0");
    } else {
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(u16::try_from(count).unwrap().to_le_bytes());
        out.extend(u16::try_from(count).unwrap().to_le_bytes());
        out.extend(u32::try_from(end - directory).unwrap().to_le_bytes());
        out.extend(u32::try_from(directory).unwrap().to_le_bytes());
        out.extend([0, 0]);
    }
    out
}
