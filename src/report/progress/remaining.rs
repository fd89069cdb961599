//! How much is left. Google's list has no sizes, so the bytes to come are guessed from those that came, photos and
//! videos apart: one mean for both would swing with every film.

use std::time::Duration;

use super::rate::time_for;
use crate::media::MediaKind;

/// Before this, the rate is that of connections being opened.
const SETTLED_AFTER: Duration = Duration::from_secs(5);

/// A mean of fewer items is not worth telling.
const ENOUGH_ITEMS: u64 = 20;

/// A kind nobody has met yet may be ignored when at most one item in this many is of it.
const NEGLIGIBLE_SHARE: u64 = 20;

/// One number for photos and one for videos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PerKind {
    pub(crate) photos: u64,
    pub(crate) videos: u64,
}

impl PerKind {
    pub(crate) const fn of(&mut self, kind: MediaKind) -> &mut u64 {
        match kind {
            MediaKind::Photo => &mut self.photos,
            MediaKind::Video => &mut self.videos,
        }
    }

    const fn total(self) -> u64 {
        self.photos.saturating_add(self.videos)
    }
}

/// What was fetched so far: items that went through a worker, and their bytes (none for those that needed none).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) items: PerKind,
    pub(crate) bytes: PerKind,
}

impl Fetched {
    pub(crate) const fn add(&mut self, kind: MediaKind, bytes: u64) {
        *self.items.of(kind) += 1;
        let sum = self.bytes.of(kind);
        *sum = sum.saturating_add(bytes);
    }

    /// The bytes that `left` items will have; `None` when a kind that matters has not been met.
    fn expected(&self, left: PerKind) -> Option<u64> {
        let photos = share(self.bytes.photos, self.items.photos, left.photos);
        let videos = share(self.bytes.videos, self.items.videos, left.videos);
        match (photos, videos) {
            (Some(photos), Some(videos)) => Some(photos.saturating_add(videos)),
            (Some(known), None) if left.videos <= left.total() / NEGLIGIBLE_SHARE => Some(known),
            (None, Some(known)) if left.photos <= left.total() / NEGLIGIBLE_SHARE => Some(known),
            _ => None,
        }
    }
}

/// `left` times the mean of `bytes` over `items`.
fn share(bytes: u64, items: u64, left: u64) -> Option<u64> {
    if left == 0 {
        return Some(0);
    }
    let product = u128::from(bytes) * u128::from(left);
    u64::try_from(product.checked_div(u128::from(items))?).ok()
}

/// What an estimate rests on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outlook {
    /// Since the run began, pauses left out.
    pub(crate) worked: Duration,
    /// The list was read to its end.
    pub(crate) listing_done: bool,
    pub(crate) fetched: Fetched,
    /// Items nobody has finished and whose length is unknown.
    pub(crate) left: PerKind,
    /// Bytes outstanding of open files whose length is known.
    pub(crate) outstanding: u64,
    /// Bytes that came already for open files whose length is not known.
    pub(crate) ahead: u64,
    /// Bytes per second, slowly smoothed.
    pub(crate) rate: Option<u64>,
    /// The rest of the pause.
    pub(crate) pause: Duration,
    /// All bytes that are left, where the source told beforehand; those of files that are here already go by at once.
    pub(crate) exact: Option<u64>,
}

/// When the run will be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Eta {
    /// From now.
    pub(crate) left: Duration,
    /// The list is not complete, so it takes longer than this.
    pub(crate) at_least: bool,
}

/// The estimate, once it means something: after some seconds and items, and with the list complete or as far ahead as
/// the work has come.
pub(crate) fn eta(outlook: &Outlook) -> Option<Eta> {
    if let Some(bytes) = outlook.exact.filter(|bytes| *bytes > 0) {
        return Some(Eta {
            left: time_for(bytes, outlook.rate?)?,
            at_least: false,
        });
    }
    let finished = outlook.fetched.items.total();
    let left = outlook.left.total();
    let known_enough = outlook.listing_done || left >= finished;
    if outlook.worked < SETTLED_AFTER || finished < ENOUGH_ITEMS || !known_enough {
        return None;
    }
    let bytes = outlook
        .fetched
        .expected(outlook.left)?
        .saturating_sub(outlook.ahead);
    let bytes = bytes.saturating_add(outlook.outstanding);
    if bytes == 0 {
        return None;
    }
    Some(Eta {
        left: time_for(bytes, outlook.rate?)?.saturating_add(outlook.pause),
        at_least: !outlook.listing_done,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlook() -> Outlook {
        Outlook {
            worked: Duration::from_mins(1),
            listing_done: true,
            fetched: Fetched {
                items: PerKind {
                    photos: 100,
                    videos: 10,
                },
                bytes: PerKind {
                    photos: 300_000_000,
                    videos: 1_000_000_000,
                },
            },
            left: PerKind {
                photos: 200,
                videos: 1,
            },
            rate: Some(10_000_000),
            ..Outlook::default()
        }
    }

    fn seconds(outlook: &Outlook) -> Option<u64> {
        eta(outlook).map(|eta| eta.left.as_secs())
    }

    #[test]
    fn photos_and_videos_have_their_own_mean() {
        assert_eq!(seconds(&outlook()), Some((200 * 3 + 100) / 10));
        let films = Outlook {
            left: PerKind {
                photos: 1,
                videos: 200,
            },
            ..outlook()
        };
        assert_eq!(seconds(&films), Some((3 + 200 * 100) / 10));
    }

    #[test]
    fn open_files_and_pauses_count() {
        let busy = Outlook {
            outstanding: 50_000_000,
            ahead: 100_000_000,
            ..outlook()
        };
        assert_eq!(seconds(&busy), Some((700 - 100 + 50) / 10));
        let paused = Outlook {
            pause: Duration::from_secs(40),
            ..outlook()
        };
        assert_eq!(seconds(&paused), Some(110));
    }

    #[test]
    fn it_is_silent_until_it_means_something() {
        assert_eq!(
            eta(&Outlook {
                worked: Duration::from_secs(4),
                ..outlook()
            }),
            None
        );
        assert_eq!(
            eta(&Outlook {
                rate: None,
                ..outlook()
            }),
            None
        );
        assert_eq!(
            eta(&Outlook {
                rate: Some(0),
                ..outlook()
            }),
            None
        );
        let mut few = outlook();
        few.fetched.items = PerKind {
            photos: 19,
            videos: 0,
        };
        assert_eq!(eta(&few), None);
        assert_eq!(
            eta(&Outlook {
                left: PerKind::default(),
                ..outlook()
            }),
            None
        );
    }

    #[test]
    fn where_all_sizes_are_known_the_estimate_is_there_from_the_start() {
        let archives = Outlook {
            worked: Duration::from_secs(1),
            listing_done: false,
            exact: Some(50_000_000),
            ..outlook()
        };
        assert_eq!(
            eta(&archives),
            Some(Eta {
                left: Duration::from_secs(5),
                at_least: false
            })
        );
    }

    #[test]
    fn an_incomplete_list_gives_a_lower_bound_or_nothing() {
        let ahead = Outlook {
            listing_done: false,
            ..outlook()
        };
        assert!(eta(&ahead).is_some_and(|eta| eta.at_least));
        let behind = Outlook {
            left: PerKind {
                photos: 100,
                videos: 0,
            },
            ..ahead
        };
        assert_eq!(eta(&behind), None);
    }

    #[test]
    fn a_kind_nobody_met_hides_the_estimate_unless_it_is_rare() {
        let mut photos_only = outlook();
        photos_only.fetched.items.videos = 0;
        photos_only.fetched.bytes.videos = 0;
        assert_eq!(seconds(&photos_only), Some(60));
        photos_only.left.videos = 50;
        assert_eq!(eta(&photos_only), None);
    }
}
