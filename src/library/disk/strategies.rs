//! A library that was arranged by another strategy, or by other families: the tree depends on items and strategy alone,
//! so its names are chosen anew.

use super::desk::Desk;
use super::families::{Disturbed, Orphans, family};
use crate::library::LibraryError;
use crate::library::index::{Index, items, settings};
use crate::library::layout::Strategy;

/// What the strategy is written down under.
const STRATEGY: &str = "strategy";

/// The strategy that the names of a library were last chosen by.
pub(super) fn strategy_of(index: &Index) -> Result<Strategy, LibraryError> {
    let word = index.read(|db| settings::get(db, STRATEGY))?;
    let by_id = word.as_deref() == Some(Strategy::Id.word());
    Ok(if by_id { Strategy::Id } else { Strategy::UnixHex })
}

/// What is written down under which rule items count as of one family.
const FAMILIES: (&str, &str) = ("families", "with-edited");

impl Desk {
    /// Renames what is here to the names today's strategy gives. Costs one look if that is the one of before.
    pub(super) fn follow_strategy(&mut self) -> Result<(), LibraryError> {
        let strategy = self.strategy;
        self.disturb(Orphans::MayBeTheirs, |db| {
            let before = settings::get(db, STRATEGY)?;
            let mut disturbed = Disturbed::default();
            if before.as_deref() != Some(strategy.word()) {
                settings::put(db, STRATEGY, strategy.word())?;
                disturbed.families.extend(items::renamed_families(db)?);
            }
            if settings::get(db, FAMILIES.0)?.as_deref() != Some(FAMILIES.1) {
                settings::put(db, FAMILIES.0, FAMILIES.1)?;
                for (seq, name, mime, taken) in items::called_edited(db)? {
                    let family = family(&name, &mime, taken);
                    items::set_family(db, seq, family)?;
                    disturbed.families.insert(family);
                }
            }
            Ok(((), disturbed))
        })
    }
}
