//! The library against a simple model of it: whatever happens in whatever order, the tree is the one the layout
//! gives, every byte is right, and nothing of the user's is touched.
//!
//! A crash is a copy of the folder, taken by the librarian between two of its works, in which the next run begins; or,
//! in `crashes`, a disk and an index that refuse everything from some instant on.

mod crashes;
mod items;
mod steps;
mod tree;
mod world;

use std::fs;
use std::sync::Arc;

use proptest::prelude::*;

use self::steps::{Fate, Step, step, step_beside_a_busy_user};
use self::world::World;
use super::DiskLibrary;
use super::desk::OWN_FOLDER;
use crate::library::layout::Strategy as Layout;
use crate::report::Silent;

fn live(layout: Layout, steps: Vec<Step>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(layout);
        for step in steps {
            world.live_through(step).await;
        }
        world.run(0, &[Fate::Committed], None).await;
        let all: Vec<_> = world.google.keys().collect();
        assert!(
            all.into_iter().all(|id| world.is_here(id)),
            "a last run brings everything"
        );
        // Opening sweeps; nothing is begun of what is whole.
        drop(DiskLibrary::open(&world.root, layout, Arc::new(Silent)).unwrap());
        let staged = fs::read_dir(world.root.join(OWN_FOLDER).join("staging")).unwrap();
        assert!(staged.count() <= world.begun.len());
    });
}

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![Just(Layout::UnixHex), Just(Layout::Id)]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_folder_is_what_the_layout_says(layout in layout(), steps in prop::collection::vec(step(), 1..20)) {
        live(layout, steps);
    }

    #[test]
    fn nothing_of_the_users_is_touched(
        layout in layout(),
        steps in prop::collection::vec(step_beside_a_busy_user(), 1..20),
    ) {
        live(layout, steps);
    }
}
