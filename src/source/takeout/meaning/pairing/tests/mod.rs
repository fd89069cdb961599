//! Every shape of names that was seen in real exports, and laws over generated ones.

mod contents;
mod halves;
mod laws;
mod shapes;
mod versions;

use std::collections::BTreeMap;

use super::super::clues::{Clues, MediaClues};
use super::super::facts::Facts;
use super::*;

/// What a file is to the sidecar of its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Original,
    Half,
    Version,
}

/// Clues by the name of the file; none by default.
#[derive(Default)]
struct Told<'a> {
    names: Vec<&'a str>,
    clues: BTreeMap<&'a str, MediaClues>,
    looks: usize,
}

impl Clues for Told<'_> {
    fn look(&mut self, entry: EntryId) -> MediaClues {
        self.looks += 1;
        self.clues
            .get(self.names[entry.0 as usize])
            .cloned()
            .unwrap_or_default()
    }

    fn crc(&mut self, _: EntryId) -> Option<u32> {
        None
    }
}

/// One folder: media by name, sidecars by name and facts.
#[derive(Clone, Default)]
struct Folder<'a> {
    media: Vec<&'a str>,
    sidecars: Vec<(&'a str, Facts)>,
    clues: BTreeMap<&'a str, MediaClues>,
}

/// Which sidecar each file has, as what, and by which rule. Files without one are left out.
type Paired<'a> = BTreeMap<&'a str, (&'a str, Part, Rule, Certainty)>;

impl<'a> Folder<'a> {
    fn clusters(&self) -> (Vec<Cluster>, Vec<&'a str>, usize) {
        let media = self.media.iter().copied();
        let names: Vec<&str> = media.chain(self.sidecars.iter().map(|(name, _)| *name)).collect();
        let mut told = Told {
            names: names.clone(),
            clues: self.clues.clone(),
            looks: 0,
        };
        let mut ids = (0..).map(EntryId);
        let media = self.media.iter().zip(ids.by_ref()).map(|(name, id)| MediaFile {
            id,
            name,
            size: 1,
            crc: None,
        });
        let media = media.collect();
        // The zip above took one number too many.
        let mut ids = (u32::try_from(self.media.len()).unwrap()..).map(EntryId);
        let sidecars = self.sidecars.iter().map(|(name, facts)| SidecarFile {
            id: ids.next().unwrap(),
            name,
            size: 1,
            crc: None,
            facts,
        });
        let clusters = pair(media, sidecars.collect(), &mut told);
        (clusters, names, told.looks)
    }

    fn paired(&self) -> Paired<'a> {
        let (clusters, names, _) = self.clusters();
        let name = |id: EntryId| names[id.0 as usize];
        let mut paired = BTreeMap::new();
        let mut seen = Vec::new();
        for cluster in clusters {
            seen.extend(cluster.sidecar);
            let parts = [(cluster.original, Part::Original), (cluster.half, Part::Half)];
            let versions = cluster.versions.into_iter().map(|tie| (Some(tie), Part::Version));
            for (tie, part) in parts.into_iter().chain(versions) {
                let Some(tie) = tie else { continue };
                seen.push(tie.entry);
                if let Some(sidecar) = cluster.sidecar {
                    paired.insert(name(tie.entry), (name(sidecar), part, tie.rule, tie.certainty));
                }
            }
        }
        seen.sort();
        let all: Vec<EntryId> = (0..u32::try_from(names.len()).unwrap()).map(EntryId).collect();
        assert_eq!(seen, all, "each file once: {names:?}");
        paired
    }
}

fn titled(title: &str) -> Facts {
    Facts {
        title: Some(title.into()),
        ..Facts::default()
    }
}
