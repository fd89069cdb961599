//! EXIF: a small TIFF with times, place, and what Apple ties a still and its clip together with.

use super::Snapshot;

/// The value of a field.
enum Value {
    Text(String),
    Number(u32),
    Fractions([(u32, u32); 3]),
    Opaque(Vec<u8>),
}

impl Value {
    /// Type, count and bytes as TIFF wants them.
    fn encoded(&self) -> (u16, u32, Vec<u8>) {
        match self {
            Self::Text(text) => (2, length(text.len() + 1), [text.as_bytes(), b"\0"].concat()),
            Self::Number(number) => (4, 1, number.to_le_bytes().to_vec()),
            Self::Fractions(all) => {
                let halves = all.iter().flat_map(|(over, under)| [*over, *under]);
                (5, 3, halves.flat_map(u32::to_le_bytes).collect())
            }
            Self::Opaque(bytes) => (7, length(bytes.len()), bytes.clone()),
        }
    }
}

fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A directory that will lie at `at`, its larger values behind it.
fn directory(fields: &[(u16, Value)], at: u32) -> Vec<u8> {
    let mut table = length(fields.len()).to_le_bytes()[..2].to_vec();
    let mut behind = Vec::new();
    let start = at + length(2 + 12 * fields.len() + 4);
    for (tag, value) in fields {
        let (kind, count, mut bytes) = value.encoded();
        table.extend(tag.to_le_bytes());
        table.extend(kind.to_le_bytes());
        table.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            bytes.resize(4, 0);
            table.extend(bytes);
        } else {
            table.extend((start + length(behind.len())).to_le_bytes());
            behind.extend(bytes);
            behind.resize(behind.len().next_multiple_of(2), 0);
        }
    }
    table.extend([0; 4]);
    table.extend(behind);
    table
}

/// The whole TIFF; none if there is nothing to say.
pub(super) fn tiff(snapshot: &Snapshot) -> Option<Vec<u8>> {
    let local = snapshot.local()?.format("%Y:%m:%d %H:%M:%S").to_string();
    let mut taken = vec![(0x9003, Value::Text(local.clone()))];
    if snapshot.tells_offset {
        taken.push((0x9011, Value::Text(snapshot.offset_text())));
    }
    taken.extend(
        snapshot
            .identifier
            .as_deref()
            .map(|identifier| (0x927C, Value::Opaque(apple_note(identifier)))),
    );
    let place = snapshot.place.map(place).unwrap_or_default();
    let top = |taken_at, place_at| {
        let mut fields = vec![
            (0x010F, Value::Text("Pretend".to_owned())),
            (0x0132, Value::Text(local.clone())),
            (0x8769, Value::Number(taken_at)),
        ];
        if !place.is_empty() {
            fields.push((0x8825, Value::Number(place_at)));
        }
        directory(&fields, 8)
    };
    let taken_at = 8 + length(top(0, 0).len());
    let taken = directory(&taken, taken_at);
    let place_at = taken_at + length(taken.len());
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend(top(taken_at, place_at));
    out.extend(taken);
    if !place.is_empty() {
        out.extend(directory(&place, place_at));
    }
    Some(out)
}

fn place((latitude, longitude): (f64, f64)) -> Vec<(u16, Value)> {
    let half = |value: f64, names: [&str; 2]| Value::Text(names[usize::from(value < 0.0)].to_owned());
    vec![
        (1, half(latitude, ["N", "S"])),
        (2, degrees(latitude)),
        (3, half(longitude, ["E", "W"])),
        (4, degrees(longitude)),
    ]
}

/// Whole degrees, whole minutes, and thousandths of seconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "degrees on a globe are small, and their sign is told elsewhere"
)]
fn degrees(value: f64) -> Value {
    let thousandths = (value.abs() * 3_600_000.0).round() as u64;
    let part = |value: u64| u32::try_from(value).unwrap_or(0);
    Value::Fractions([
        (part(thousandths / 3_600_000), 1),
        (part(thousandths / 60_000 % 60), 1),
        (part(thousandths % 60_000), 1000),
    ])
}

/// Apple's maker note with a content identifier (tag 0x0011), big-endian and counted from its own beginning.
fn apple_note(identifier: &str) -> Vec<u8> {
    let mut out = b"Apple iOS\0\0\x01MM".to_vec();
    out.extend(1_u16.to_be_bytes());
    out.extend(0x0011_u16.to_be_bytes());
    out.extend(2_u16.to_be_bytes());
    out.extend(length(identifier.len() + 1).to_be_bytes());
    out.extend(32_u32.to_be_bytes());
    out.extend([0; 4]);
    out.extend(identifier.as_bytes());
    out.push(0);
    out
}
