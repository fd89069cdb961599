//! What most tests of `sync` begin with: a few items at a stand-in, somebody signed in, and then the trouble.

use stand_in_google::{Body, Entry, Faults, Item, Service, StandIn};

use crate::support::{Ended, Running, Sandbox, serving};

/// A stand-in, a library for it, and the items that should end up there.
pub(super) struct Scene {
    pub(super) google: StandIn,
    pub(super) sandbox: Sandbox,
    pub(super) items: Vec<Item>,
}

/// What keeps tests short.
const HASTE: [&str; 2] = ["--retry-pause", "1s"];

/// For tests of stalls only: on a machine on its knees, nothing may arrive for a second from a healthy host either.
pub(super) const IMPATIENCE: [&str; 2] = ["--stall-timeout", "1s"];

/// A photo of about 300 kB, so that half of one is many packets.
pub(super) fn big_photo(seed: u64) -> Item {
    Item::photo(seed).with_body(Body::Jpeg {
        width: 64,
        height: 48,
        seed,
        size: 300_000,
    })
}

/// A video of so many bytes.
pub(super) fn big_video(seed: u64, size: u64) -> Item {
    Item::video(seed).with_body(Body::Mp4 { size, seed })
}

/// One item of each kind.
pub(super) fn one_of_each() -> Vec<Item> {
    vec![
        big_photo(1),
        Item::photo(2),
        big_video(3, 200_000),
        Item::motion_photo(4),
    ]
}

/// So many small photos.
pub(super) fn photos(count: u64) -> Vec<Item> {
    (1..=count).map(Item::photo).collect()
}

impl Scene {
    /// These items; nothing is wrong yet.
    pub(super) fn of(items: Vec<Item>) -> Self {
        let google = serving(items.clone());
        let sandbox = Sandbox::signed_in(&google);
        google.journal().clear();
        Self {
            google,
            sandbox,
            items,
        }
    }

    /// These items, and from now on these faults.
    pub(super) fn with_faults(items: Vec<Item>, faults: Faults) -> Self {
        let scene = Self::of(items);
        scene.google.faults().set(faults);
        scene
    }

    /// Runs `sync` with short pauses.
    pub(super) fn sync(&self, args: &[&str]) -> Ended {
        self.start(args).end()
    }

    /// Starts `sync` with short pauses.
    pub(super) fn start(&self, args: &[&str]) -> Running {
        self.sandbox.start_sync(&[&HASTE, args].concat())
    }

    /// Requests for bytes so far.
    pub(super) fn media_requests(&self) -> u64 {
        self.google.journal().count_of_service(Service::Media)
    }

    /// Requests for the bytes of one item so far.
    pub(super) fn requests_for(&self, id: &str) -> Vec<Entry> {
        let mut entries = self.google.journal().entries();
        entries
            .retain(|entry| entry.endpoint.service() == Service::Media && entry.item.as_deref() == Some(id));
        entries
    }

    /// Fails unless each rule struck at least once.
    #[track_caller]
    pub(super) fn assert_struck(&self) {
        let struck = self.google.faults().struck();
        assert!(
            !struck.is_empty() && struck.iter().all(|times| *times > 0),
            "each fault struck: {struck:?}"
        );
    }

    /// Fails unless all items are here and nothing else.
    #[track_caller]
    pub(super) fn assert_complete(&self) {
        self.sandbox.assert_holds(&self.items);
    }

    /// Fails unless a further run, with nothing wrong any more, ends with everything here, and a run after that asks
    /// for no bytes.
    #[track_caller]
    pub(super) fn assert_mends_itself(&self) {
        self.google.faults().clear();
        self.sync(&[]).with_code(0);
        self.assert_complete();
        self.google.journal().clear();
        self.sync(&[]).with_code(0);
        assert_eq!(self.media_requests(), 0, "there is nothing left to fetch");
    }
}
