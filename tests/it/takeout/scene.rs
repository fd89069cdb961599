//! What the tests of `takeout` begin with: an export beside an empty library, and the truth about it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use pretend_takeout::{Media, Settings, Truth, write};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::support::{Ended, Running, Sandbox};

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

    /// Writes a part in the packing that its name tells, of these files below `Takeout/`.
    pub(super) fn pack(&self, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        if Path::new(name)
            .extension()
            .is_some_and(|packing| packing == "zip")
        {
            return self.zip(name, files);
        }
        let path = self.exports.join(name);
        let packed = GzEncoder::new(fs::File::create(&path).unwrap(), Compression::fast());
        let mut writer = tar::Builder::new(packed);
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            writer
                .append_data(&mut header, format!("Takeout/{name}"), *bytes)
                .unwrap();
        }
        writer.into_inner().unwrap().finish().unwrap();
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
        tree.keys().map(|path| (path.clone(), read(path))).collect()
    }

    /// What a question to the index is answered with.
    pub(super) fn number(&self, sql: &str) -> i64 {
        let path = self.sandbox.path(".gphotosync/index.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).unwrap();
        db.query_row(sql, [], |row| row.get(0)).unwrap()
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
