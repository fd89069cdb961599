//! One pretend photo or video: what Google's listing says of it and what its bytes are.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::bodies::{Body, Rope};
use crate::chance::{Dice, stable_hash};

/// Bytes inside an id: 73 of them are 98 characters of base64url, which is what ids in the wild have.
const ID_BYTES: usize = 73;

/// Hides the number inside an id from the eye; any odd-looking constant does.
const ID_MASK: u64 = 0x6A09_E667_F3BC_C908;

/// How far a video has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VideoStatus {
    /// The listing does not say.
    Unspecified,
    /// Freshly uploaded: no bytes yet.
    Processing,
    /// The bytes can be fetched.
    Ready,
    /// There will never be bytes.
    Failed,
}

impl VideoStatus {
    /// The name used in the listing; none when it is left out.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Unspecified => None,
            Self::Processing => Some("PROCESSING"),
            Self::Ready => Some("READY"),
            Self::Failed => Some("FAILED"),
        }
    }
}

/// Whether an item is a photo or a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A photo, or a motion photo if it has a clip.
    Photo,
    /// A video and how far its processing has come.
    Video(VideoStatus),
}

/// How an item answers to being looked up by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// As it should.
    Found,
    /// It is corrupted at Google's: any lookup it takes part in fails as a whole with 500.
    Rotten,
    /// A batch answers with this canonical status code for it (5 is "not found").
    Refused(i32),
}

/// One pretend photo or video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The stable id.
    pub id: String,
    /// The name as the user sees it; may be empty, repeated, or hold anything.
    pub filename: String,
    /// The media type the listing and the bytes declare.
    pub mime: String,
    /// When it was taken; none leaves the leaf out.
    pub taken: Option<DateTime<Utc>>,
    /// Photo or video.
    pub kind: Kind,
    /// The original's bytes (of a video: the transcoded ones).
    pub body: Body,
    /// The moving part of a motion photo.
    pub clip: Option<Body>,
    /// The user's text.
    pub description: Option<String>,
    /// Width and height in pixels; none leaves the leaves out.
    pub pixels: Option<(u32, u32)>,
    /// Make and model of the camera.
    pub camera: Option<(String, String)>,
    /// How it answers to being looked up.
    pub lookup: Lookup,
}

impl Item {
    /// A small photo that opens. The seed chooses id, name, time (one minute per seed from 2020 on) and picture.
    pub fn photo(seed: u64) -> Self {
        Self::new(
            seed,
            &format!("IMG_{seed:04}.jpg"),
            Body::Jpeg {
                width: 64,
                height: 48,
                seed,
                size: 4096,
            },
        )
    }

    /// A small video that is ready.
    pub fn video(seed: u64) -> Self {
        let mut item = Self::new(
            seed,
            &format!("VID_{seed:04}.mp4"),
            Body::Mp4 { size: 8192, seed },
        );
        item.kind = Kind::Video(VideoStatus::Ready);
        item
    }

    /// A small photo with a moving part of 6,000 bytes.
    pub fn motion_photo(seed: u64) -> Self {
        let mut item = Self::photo(seed).named(&format!("PXL_{seed:04}.MP.jpg"));
        item.clip = Some(Body::Mp4 { size: 6000, seed });
        item
    }

    fn new(seed: u64, filename: &str, body: Body) -> Self {
        Self {
            id: id_of(seed),
            filename: filename.to_owned(),
            mime: body.mime().to_owned(),
            taken: taken_of(seed),
            kind: Kind::Photo,
            pixels: body.pixels(),
            body,
            clip: None,
            description: None,
            camera: None,
            lookup: Lookup::Found,
        }
    }

    /// The same item under another id.
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// The same item under another name.
    #[must_use]
    pub fn named(mut self, filename: &str) -> Self {
        filename.clone_into(&mut self.filename);
        self
    }

    /// The same item, taken at another time, or without one.
    #[must_use]
    pub fn taken_at(mut self, taken: impl Into<Option<DateTime<Utc>>>) -> Self {
        self.taken = taken.into();
        self
    }

    /// The same item with other bytes; its type and pixels become theirs.
    #[must_use]
    pub fn with_body(mut self, body: Body) -> Self {
        body.mime().clone_into(&mut self.mime);
        self.pixels = body.pixels();
        self.body = body;
        self
    }

    /// The same item with another declared type.
    #[must_use]
    pub fn with_mime(mut self, mime: &str) -> Self {
        mime.clone_into(&mut self.mime);
        self
    }

    /// The same photo with a moving part.
    #[must_use]
    pub fn with_clip(mut self, clip: Body) -> Self {
        self.clip = Some(clip);
        self
    }

    /// The same item as a video with this status.
    #[must_use]
    pub fn with_status(mut self, status: VideoStatus) -> Self {
        self.kind = Kind::Video(status);
        self
    }

    /// The same item with a text of the user's.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }

    /// The same item with a camera.
    #[must_use]
    pub fn shot_with(mut self, make: &str, model: &str) -> Self {
        self.camera = Some((make.to_owned(), model.to_owned()));
        self
    }

    /// The same item with another answer to being looked up.
    #[must_use]
    pub fn looked_up(mut self, lookup: Lookup) -> Self {
        self.lookup = lookup;
        self
    }

    /// The bytes `=d` gives for a photo and `=dv` for a ready video.
    pub fn original(&self) -> Rope {
        self.body.rope(self.clip.is_some())
    }

    /// The bytes `=dv` gives for a motion photo.
    pub fn clip_bytes(&self) -> Option<Rope> {
        self.clip.as_ref().map(|clip| clip.rope(false))
    }

    /// The time taken as the listing writes it.
    pub(crate) fn creation_time(&self) -> Option<String> {
        self.taken
            .map(|taken| taken.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// Chooses the rendition that stands for this item.
    pub(crate) fn picture_seed(&self) -> u64 {
        stable_hash(&self.id)
    }
}

/// One minute per seed, counted from the start of 2020; wraps after a century.
fn taken_of(seed: u64) -> Option<DateTime<Utc>> {
    const MINUTES_PER_CENTURY: u64 = 52_560_000;
    let minutes = i64::try_from(seed % MINUTES_PER_CENTURY).ok()?;
    DateTime::from_timestamp(1_577_836_800, 0)?.checked_add_signed(TimeDelta::minutes(minutes))
}

/// The id that belongs to a number: 98 characters, the same in every run.
pub fn id_of(number: u64) -> String {
    let mut bytes = [0_u8; ID_BYTES];
    bytes[1..9].copy_from_slice(&(number ^ ID_MASK).to_be_bytes());
    let mut dice = Dice::new(number);
    for chunk in bytes[9..].chunks_mut(8) {
        chunk.copy_from_slice(&dice.roll().to_be_bytes()[..chunk.len()]);
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The number an id was made of; none for an id that [`id_of`] never gives.
pub(crate) fn number_of(id: &str) -> Option<u64> {
    let bytes = URL_SAFE_NO_PAD
        .decode(id)
        .ok()
        .filter(|bytes| bytes.len() == ID_BYTES)?;
    let number = u64::from_be_bytes(bytes[1..9].try_into().ok()?) ^ ID_MASK;
    (id_of(number) == id).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_googles_and_lead_back_to_their_number() {
        for number in [0, 1, 77, u64::MAX] {
            assert_eq!(id_of(number).len(), 98);
            assert_eq!(number_of(&id_of(number)), Some(number));
        }
        assert_eq!(number_of("AAAA"), None);
        assert_eq!(number_of(&id_of(1).replace('A', "B")), None);
    }

    #[test]
    fn times_are_written_with_a_fraction_only_where_there_is_one() {
        let item = Item::photo(1);
        assert_eq!(item.creation_time().unwrap(), "2020-01-01T00:01:00Z");
        let fraction = DateTime::from_timestamp(1_577_836_800, 123_000_000).unwrap();
        assert_eq!(
            item.taken_at(fraction).creation_time().unwrap(),
            "2020-01-01T00:00:00.123Z"
        );
    }
}
