//! Which photos and videos a sidecar may tell of, where nothing but names has to decide it.

use std::collections::BTreeSet;

use super::forward::loose;
use super::sidecar_name::{cut_beginning, media_names};

/// The names of photos and videos of one folder.
#[derive(Debug, Default)]
pub(crate) struct MediaNames(BTreeSet<String>);

impl MediaNames {
    /// Adds a name.
    pub(crate) fn add(&mut self, name: &str) {
        self.0.insert(loose(name));
    }

    /// Whether there is one that a sidecar of this name may tell of.
    pub(crate) fn has_one_for(&self, sidecar: &str) -> bool {
        let name = sidecar.rfind('.').map_or(sidecar, |dot| &sidecar[..dot]);
        let is_whole = media_names(name).iter().any(|name| self.0.contains(name));
        is_whole || cut_beginning(name).is_some_and(|beginning| self.has_beginning(&beginning))
    }

    fn has_beginning(&self, beginning: &str) -> bool {
        let mut behind = self.0.range(beginning.to_owned()..);
        behind.next().is_some_and(|name| name.starts_with(beginning))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_of_both_styles_find_their_media() {
        let mut names = MediaNames::default();
        let long = format!("{}.mp4", "x".repeat(47));
        for name in ["VID_1.mp4", "VID_2(1).mp4", &long] {
            names.add(name);
        }
        for (sidecar, has_one) in [
            ("VID_1.mp4.json", true),
            ("vid_1.MP4.supplemental-metadata.json", true),
            ("VID_1.mp4.supplemental-metadata(1).json", false),
            ("VID_2.mp4(1).json", true),
            ("VID_2.mp4.supplemental-metadata(1).json", true),
            ("VID_2.mp4.json", false),
            (&format!("{}.json", "x".repeat(46)), true),
            (&format!("{}.json", "y".repeat(46)), false),
            ("VID_3.mp4.json", false),
            ("json", false),
        ] {
            assert_eq!(names.has_one_for(sidecar), has_one, "{sidecar}");
        }
    }
}
