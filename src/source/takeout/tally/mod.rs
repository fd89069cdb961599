//! What became of every entry of every part, each in exactly one bucket. There is one walk over them, so that what is
//! counted, what is written down and what is told can never differ.

mod chosen;
mod fate;

use std::collections::BTreeMap;

use self::chosen::Chosen;
use self::fate::{Because, Fate};
use super::archive::{self, Part, PartId, Standing};
use super::import::{Import, Planned};
use super::meaning::entry::EntryId;
use super::meaning::gather::{FailedVideos, ItemId, Verdict};
use super::wishes::{WhyNot, Wishes};
use crate::media::MediaId;
use crate::pipeline::summary::Bucket;
use crate::told::Entry;

/// How many entries ended in each bucket, by the bucket's name.
pub(crate) type EntryBuckets = BTreeMap<&'static str, u64>;

/// The page that Google puts beside the products.
const CONTENTS_PAGE: &str = "archive_browser.html";

/// What became of all entries of an import that is over.
#[derive(Debug)]
pub(crate) struct Fates<'a> {
    import: &'a Import,
    wishes: Wishes,
    chosen: Chosen<'a>,
    /// By export.
    failed_videos: Vec<FailedVideos>,
}

/// What became of one entry, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EntryFate {
    /// Its path below `Takeout/`.
    pub(crate) path: String,
    pub(crate) bucket: &'static str,
    /// The item it belongs to, if the library was to have that.
    pub(crate) item: Option<MediaId>,
    /// What the bucket does not say.
    pub(crate) because: Option<String>,
    /// The entry that was kept, of which it is a copy.
    pub(crate) same_as: Option<Entry>,
}

impl<'a> Fates<'a> {
    /// After a run that `witness` heard of, of an import that was read with these wishes.
    pub(crate) fn new(import: &'a Import, witness: &super::Witness, wishes: Wishes) -> Self {
        let exports = import.exports.iter();
        Self {
            import,
            wishes,
            chosen: Chosen::of(import, witness.buckets()),
            failed_videos: exports.map(|export| FailedVideos::of(&export.plan)).collect(),
        }
    }

    /// How many entries ended in each bucket. They add up to all entries of all parts.
    pub(crate) fn count(&self) -> EntryBuckets {
        let mut buckets = EntryBuckets::new();
        for (id, _) in self.parts() {
            for (_, fate) in self.walk(id) {
                *buckets.entry(fate.bucket).or_default() += 1;
            }
        }
        buckets
    }

    /// All parts that were read.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (PartId, &'a Part)> + use<'a> {
        self.import.inventory.parts()
    }

    /// When Google began the export that a part is of, as its parts are called; none if they do not say.
    pub(crate) fn export_time(&self, part: PartId) -> Option<&'a str> {
        let mut exports = self.import.inventory.exports().iter();
        let export = exports.find(|export| export.parts.contains(&part))?;
        Some(export.time.as_ref()?.0.as_str())
    }

    /// What became of each entry of a part, in the part's order.
    pub(crate) fn of_part(&self, id: PartId) -> impl Iterator<Item = EntryFate> {
        self.walk(id)
            .map(move |(entry, fate)| self.in_words(id, entry, fate))
    }

    /// The one walk: every entry of a part, with its fate. Only files are numbered within their export, in the order in
    /// which they lie.
    fn walk(&self, id: PartId) -> impl Iterator<Item = (archive::Entry<'a>, Fate)> {
        let (export, mut next) = self.numbering(id).unwrap_or_default();
        let part = self.import.inventory.part(id);
        let entries = part.into_iter().flat_map(|part| part.table().iter());
        entries.map(move |entry| {
            let fate = of_standing(entry.standing()).unwrap_or_else(|| {
                let number = EntryId(next);
                next += 1;
                debug_assert_eq!(
                    self.import.exports[usize::from(export)].spot(number),
                    Some((id, entry.id()))
                );
                self.of_file((export, number))
            });
            (entry, fate)
        })
    }

    /// The export that a part's files are of, and the number of the first of them there. None for a part without files.
    fn numbering(&self, part: PartId) -> Option<(u16, u32)> {
        (0..).zip(&self.import.exports).find_map(|(export, planned)| {
            let first = first_of(planned, part);
            let (found, _) = planned.spot(EntryId(first))?;
            (found == part).then_some((export, first))
        })
    }

    fn of_file(&self, place: (u16, EntryId)) -> Fate {
        let (export, number) = place;
        let plan = &self.import.exports[usize::from(export)].plan;
        let verdict = plan.verdict(number);
        match verdict {
            Verdict::Main(item) | Verdict::Half(item) | Verdict::Version(item) | Verdict::Copy(item) => {
                self.of_media(place, item)
            }
            Verdict::Sidecar(item) => self.of_sidecar((export, item)),
            Verdict::LoneSidecar => {
                let is_failed = self.failed_videos[usize::from(export)].has_one_for(plan.entries.get(number));
                Fate::plain("sidecar_without_media").because(if is_failed {
                    Because::ItsVideoFailed
                } else {
                    Because::ItsMediaIsNotHere
                })
            }
            Verdict::Repeated(first) => Fate {
                same_as: Some((export, first)),
                ..Fate::plain("repeated")
            },
            Verdict::InvalidJson => Fate::plain("failed").because(Because::Invalid),
            Verdict::UnreadJson => Fate::plain("failed").because(Because::TooLong),
            _ => Fate::plain(word(verdict, plan.entries.get(number).name)),
        }
    }

    /// What was chosen has its item's bucket. What was not is the same as something that was, or was not wanted.
    fn of_media(&self, place: (u16, EntryId), item: ItemId) -> Fate {
        let (export, number) = place;
        let Some(at) = self.chosen.at((export, item)) else {
            return Fate::plain("filtered")
                .maybe_because(self.why_not((export, item)).map(Because::NotWanted));
        };
        if let Some((at, bucket)) = self.chosen.get(place, at) {
            return Fate::plain(bucket.unwrap_or(Bucket::NotReached).word()).of_item(at);
        }
        let entry = self.import.exports[usize::from(export)].plan.entries.get(number);
        match self.chosen.same((entry.size, entry.crc), at) {
            Some((at, role)) => Fate {
                same_as: self.import.listed[at].entry(role),
                ..Fate::plain("copy").of_item(at)
            },
            None => Fate::plain("filtered").of_item(at).because(Because::OtherVersion),
        }
    }

    fn of_sidecar(&self, item: (u16, ItemId)) -> Fate {
        let fate = Fate::plain("sidecar");
        match self.chosen.at(item) {
            Some(at) => fate.of_item(at),
            None => fate.maybe_because(self.why_not(item).map(Because::ItsMediaIsNotWanted)),
        }
    }

    fn why_not(&self, (export, item): (u16, ItemId)) -> Option<WhyNot> {
        let plan = &self.import.exports[usize::from(export)].plan;
        self.wishes.why_not(plan.item(item))
    }

    fn in_words(&self, part: PartId, entry: archive::Entry<'_>, fate: Fate) -> EntryFate {
        let is_elsewhere = |kept: &Entry| kept.path != entry.path() || self.name_of(part) != kept.part;
        let item = fate.item.map(|at| {
            let (size, crc) = self.import.listed[at].content;
            MediaId::of_content(size, crc)
        });
        EntryFate {
            path: entry.path(),
            bucket: fate.bucket,
            item,
            because: fate.because.map(|because| because.to_string()),
            same_as: fate
                .same_as
                .and_then(|(export, number)| self.import.entry(export, number))
                .filter(is_elsewhere),
        }
    }

    fn name_of(&self, part: PartId) -> String {
        let part = self.import.inventory.part(part);
        part.map(Part::name).unwrap_or_default()
    }
}

/// The number of the first entry of an export that is in this part, or behind it: the parts of an export are numbered
/// one after the other.
fn first_of(planned: &Planned, part: PartId) -> u32 {
    let (mut low, mut high) = (0, u32::try_from(planned.plan.entries.len()).unwrap_or(u32::MAX));
    while low < high {
        let middle = low + (high - low) / 2;
        if planned
            .spot(EntryId(middle))
            .is_some_and(|(found, _)| found < part)
        {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// What becomes of an entry that is no file to be understood; nothing of one that is.
fn of_standing(standing: Standing) -> Option<Fate> {
    Some(match standing {
        Standing::File => return None,
        Standing::Folder => Fate::plain("folder"),
        Standing::Copy => Fate::plain("repeated"),
        Standing::Synology | Standing::Debris => Fate::plain("debris"),
        Standing::Refused(refusal) => Fate::plain("failed").because(Because::Refused(refusal)),
    })
}

/// The bucket of what is neither photo, nor video, nor one of their sidecars.
fn word(verdict: Verdict, name: &str) -> &'static str {
    match verdict {
        Verdict::Album(_) | Verdict::FolderText => "album",
        Verdict::Comments => "comments",
        Verdict::OtherJson => "other_json",
        Verdict::NotMedia if name == CONTENTS_PAGE => "archive_browser",
        Verdict::OtherProduct => "other_product",
        Verdict::Litter => "debris",
        Verdict::FailedVideo => "failed_at_google",
        _ => "other_file",
    }
}
