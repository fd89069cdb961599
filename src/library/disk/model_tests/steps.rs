//! What may happen to a library.

use proptest::prelude::*;
use proptest::sample::Index as Pick;

use super::items::{IDS, NAMES, TIMES};

/// What happens to a wanted file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Committed,
    /// The connection breaks half-way.
    Suspended,
    /// It was not the right thing.
    Discarded,
    /// The task is cancelled.
    Dropped,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// An item appears, or its name and time change.
    Tell {
        id: usize,
        name: usize,
        time: usize,
    },
    Vanish {
        id: usize,
    },
    Run {
        order: u64,
        fates: Vec<Fate>,
        crash_after: Option<usize>,
    },
    UserDeletes(Pick),
    UserEdits(Pick),
    /// A file of the user's, where an item may want to be.
    UserAdds {
        name: usize,
        time: usize,
    },
}

pub(super) fn tell() -> impl Strategy<Value = Step> {
    (0..IDS, 0..NAMES.len(), 0..TIMES.len()).prop_map(|(id, name, time)| Step::Tell { id, name, time })
}

pub(super) fn run() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![
        4 => Just(Fate::Committed),
        1 => Just(Fate::Suspended),
        1 => Just(Fate::Discarded),
        1 => Just(Fate::Dropped),
    ];
    let fates = prop::collection::vec(fate, 1..8);
    (any::<u64>(), fates, prop::option::weighted(0.3, 0..6_usize)).prop_map(|(order, fates, crash_after)| {
        Step::Run {
            order,
            fates,
            crash_after,
        }
    })
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => tell(),
        1 => (0..IDS).prop_map(|id| Step::Vanish { id }),
        4 => run(),
        1 => any::<Pick>().prop_map(Step::UserDeletes),
        1 => any::<Pick>().prop_map(Step::UserEdits),
    ]
}

pub(super) fn step_beside_a_busy_user() -> impl Strategy<Value = Step> {
    let add = (0..NAMES.len(), 0..TIMES.len()).prop_map(|(name, time)| Step::UserAdds { name, time });
    prop_oneof![6 => step(), 1 => add]
}
