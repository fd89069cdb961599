//! Of which files of a folder names or contents tell whose they are. Of the others, importers can only guess.

use std::collections::{BTreeMap, BTreeSet};

use crate::item::{Edited, Item};
use crate::naming::{Shape, split};
use crate::truth::{Media, Role};

/// The items of one folder by family: the name of the main file, less its number.
#[derive(Debug, Default)]
pub(crate) struct Families {
    by_item: BTreeMap<u32, String>,
    /// Those in which sidecars and files do not count alike.
    uneven: BTreeSet<String>,
    /// Names with a number, and the family of each.
    numbered: Vec<(String, String)>,
}

impl Families {
    /// Takes up an item: what its file is named from, and the numbers of file and sidecar, as far as these are there.
    pub(crate) fn add(&mut self, item: u32, main: &Shape, counts: (Option<u32>, Option<u32>)) {
        let family = main.numbered(0);
        if counts.0.is_none() || counts.0 != counts.1 {
            self.uneven.insert(family.clone());
        }
        if let Some(count) = counts.0.filter(|count| *count > 0) {
            self.numbered.push((main.numbered(count), family.clone()));
        }
        self.by_item.insert(item, family);
    }

    /// Notes of which of a folder's media neither names nor contents tell whose they are.
    pub(crate) fn judge(mut self, media: &mut [Media], items: &[Item]) {
        self.doubt_contested();
        let mut stems: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
        for family in self.by_item.values() {
            stems.entry(split(family).0).or_default().insert(family);
        }
        for media in media {
            let (family, item) = (&self.by_item[&media.item], &items[media.item as usize]);
            // Clips and edited versions have nothing but the stem in common with their photo.
            let relatives = &stems[split(family).0];
            let is_even = match media.role {
                Role::Main => !self.uneven.contains(family),
                Role::Edited if item.edited == Some(Edited::Again) && self.is_shared(family) => false,
                _ => relatives.len() == 1 && relatives.iter().all(|family| !self.uneven.contains(*family)),
            };
            media.can_be_told = is_even || item.is_told_by_its_file();
        }
    }

    /// `image(1).png` may be the first of its title, or the second of `image.png`.
    fn doubt_contested(&mut self) {
        let families: BTreeSet<&String> = self.by_item.values().collect();
        let contested = self.numbered.iter().filter(|(name, _)| families.contains(name));
        let doubtful: Vec<String> = contested
            .flat_map(|(name, family)| [name.clone(), family.clone()])
            .collect();
        self.uneven.extend(doubtful);
    }

    fn is_shared(&self, family: &String) -> bool {
        self.by_item.values().filter(|other| *other == family).count() > 1
    }
}
