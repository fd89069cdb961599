//! What the tests of `takeout` begin with: an export beside an empty library, and the truth about it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use pretend_takeout::{Media, Settings, Truth, write};
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::support::{Ended, Running, Sandbox, Tree};

/// Length and CRC-32.
pub(super) type Content = (u64, u32);

/// A library, and a folder for exports.
pub(super) struct Scene {
    pub(super) sandbox: Sandbox,
    pub(super) exports: PathBuf,
}

impl Scene {
    pub(super) fn new() -> Self {
        Self::in_sandbox(Sandbox::empty())
    }

    pub(super) fn in_sandbox(sandbox: Sandbox) -> Self {
        let exports = sandbox.home().join("exports");
        fs::create_dir(&exports).unwrap();
        Self { sandbox, exports }
    }

    /// A pretended export, and the truth about it.
    pub(super) fn of(settings: &Settings) -> (Self, Truth) {
        let scene = Self::new();
        let truth = write(settings, &scene.exports).unwrap();
        (scene, truth)
    }

    /// Writes a part in zip, of these files below `Takeout/`.
    pub(super) fn zip(&self, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let path = self.exports.join(name);
        let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        for (name, bytes) in files {
            writer
                .start_file(format!("Takeout/{name}"), SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    /// Starts an import of all exports, telling its progress as JSON.
    pub(super) fn start(&self, args: &[&str]) -> Running {
        let exports = self.exports.to_str().unwrap();
        self.sandbox
            .start(&[&["takeout", exports, "--progress", "json"], args].concat())
    }

    /// Imports all exports.
    pub(super) fn import(&self, args: &[&str]) -> Ended {
        self.start(args).end()
    }

    /// The contents of all files of the library, by their paths.
    pub(super) fn contents(&self) -> BTreeMap<String, Content> {
        let tree = self.sandbox.tree();
        let read = |path: &String| content(&self.sandbox.path(path));
        tree.keys()
            .filter(|path| !path.starts_with("albums/") && !path.ends_with(".xmp"))
            .map(|path| (path.clone(), read(path)))
            .collect()
    }

    /// The whole library: photos with their times, and what stands beside them, which was written whenever.
    pub(super) fn library(&self) -> Tree {
        let mut tree = self.sandbox.tree();
        for (path, file) in &mut tree {
            if path.starts_with("albums/") || path.ends_with(".xmp") {
                file.modified = None;
            }
        }
        tree
    }

    /// The modification time of a file in the library, in seconds since the epoch.
    pub(super) fn modified(&self, path: &str) -> i64 {
        let modified = fs::metadata(self.sandbox.path(path)).unwrap().modified().unwrap();
        chrono::DateTime::<chrono::Utc>::from(modified).timestamp()
    }
}

pub(super) fn content(path: &Path) -> Content {
    let bytes = fs::read(path).unwrap();
    (bytes.len() as u64, crc32fast::hash(&bytes))
}

pub(super) fn content_of(media: &Media) -> Content {
    (media.size, media.crc32)
}

/// The media that an import without further wishes brings.
pub(super) fn wanted(truth: &Truth) -> impl Iterator<Item = &Media> {
    truth
        .media
        .iter()
        .filter(|media| ["year", "archive"].contains(&media.home))
}

pub(super) fn contents_of<'a>(media: impl Iterator<Item = &'a Media>) -> BTreeSet<Content> {
    media.map(content_of).collect()
}

/// The buckets of entries, which must add up.
#[track_caller]
pub(super) fn entries(ended: &Ended, total: u64) -> BTreeMap<String, u64> {
    let last = ended.events_of("run_finished").pop().unwrap();
    let Value::Object(entries) = &last["entries"] else {
        panic!("no entries: {last}");
    };
    let entries: BTreeMap<String, u64> = entries
        .iter()
        .map(|(name, count)| (name.clone(), count.as_u64().unwrap()))
        .collect();
    assert_eq!(entries.values().sum::<u64>(), total, "{entries:?}");
    entries
}
