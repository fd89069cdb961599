//! A library that was arranged by another strategy: the tree depends on items and strategy alone, so its names are
//! chosen anew.

use super::desk::Desk;
use super::families::{Move, Orphans, rearrange};
use crate::library::LibraryError;
use crate::library::index::{Durability, items, settings};

/// What the strategy is written down under.
const STRATEGY: &str = "strategy";

impl Desk {
    /// Renames what is here to the names today's strategy gives. Costs one look if that is the one of before.
    pub(super) fn follow_strategy(&mut self) -> Result<(), LibraryError> {
        let (strategy, root) = (self.strategy, self.root.clone());
        let moves = self.index.change(Durability::Process, |db| {
            let before = settings::get(db, STRATEGY)?;
            if before.as_deref() == Some(strategy.word()) {
                return Ok(Vec::new());
            }
            settings::put(db, STRATEGY, strategy.word())?;
            let families = items::renamed_families(db)?.into_iter();
            let anew = |family| rearrange(db, strategy, &root, family, Orphans::MayBeTheirs, &[]);
            let moves: Vec<Vec<Move>> = families.map(anew).collect::<rusqlite::Result<_>>()?;
            Ok(moves.into_iter().flatten().collect())
        })?;
        self.carry_out(moves)
    }
}
