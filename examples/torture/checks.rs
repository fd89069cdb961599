//! What must be true of a library: after any kill, and after a run that nobody disturbed.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use stand_in_google::Item;

use super::program::{Place, Result, entries};

/// A file as it is or should be: its SHA-256 in hexadecimal, and its time. That of an item without one is its own
/// affair.
pub(crate) type Seen = (String, Option<DateTime<Utc>>);

/// All media files by their path.
pub(crate) type Tree = BTreeMap<String, Seen>;

/// What tells whether a file was hashed before: device-wide number, length, and time to the nanosecond.
pub(crate) type Stamp = (u64, u64, i64, i64);

/// A row of the index: path, size, placing, the item's id, the role.
pub(crate) type Row = (String, i64, i64, String, i64);

/// A row says "in place" with this.
pub(crate) const IN_PLACE: i64 = 0;

/// Looks at one library again and again, and reads no file twice that has not changed.
pub(crate) struct Inspector {
    hashes: HashMap<Stamp, String>,
    /// The SHA-256 of every file, by the item's id and the role.
    expected: HashMap<(String, i64), String>,
}

impl Inspector {
    pub(crate) fn new() -> Self {
        Self {
            hashes: HashMap::new(),
            expected: HashMap::new(),
        }
    }

    /// Checks what must hold at any instant: the index claims nothing that the disk does not hold, and under a final
    /// name are nothing but the whole bytes of one item's file. Returns how many files are in place.
    pub(crate) fn after_a_kill(&mut self, place: &Place, items: &[Item]) -> Result<usize> {
        self.expect(items);
        let mut owners = HashMap::new();
        let rows = rows(place)?;
        for (path, size, placing, id, role) in &rows {
            if *placing == IN_PLACE {
                if let Some(other) = owners.insert(path, (id, role)) {
                    return Err(format!("{path} belongs to two: {other:?} and {:?}", (id, role)).into());
                }
                self.check_claim(&place.library().join(path), *size, (id, *role))?;
            }
        }
        let known: std::collections::HashSet<String> = self.expected.values().cloned().collect();
        for path in files_below(&place.library())? {
            let hash = self.hash(&path)?;
            if !known.contains(&hash) {
                return Err(format!("{} holds the bytes of no item", path.display()).into());
            }
        }
        Ok(rows.iter().filter(|row| row.2 == IN_PLACE).count())
    }

    fn check_claim(&mut self, path: &Path, size: i64, (id, role): (&str, i64)) -> Result<()> {
        let found = path.symlink_metadata().map(|found| found.size());
        if found.as_ref().ok().and_then(|found| i64::try_from(*found).ok()) != Some(size) {
            return Err(format!("the index claims {size} bytes at {}: {found:?}", path.display()).into());
        }
        let hash = self.hash(path)?;
        if self.expected.get(&(id.to_owned(), role)) != Some(&hash) {
            return Err(format!("{} holds other bytes than its item's", path.display()).into());
        }
        Ok(())
    }

    fn expect(&mut self, items: &[Item]) {
        for item in items {
            if self.expected.contains_key(&(item.id.clone(), 0)) {
                continue;
            }
            for (role, bytes) in (0..).zip(std::iter::once(item.original()).chain(item.clip_bytes())) {
                self.expected.insert((item.id.clone(), role), bytes.sha256());
            }
        }
    }

    fn hash(&mut self, path: &Path) -> Result<String> {
        let stamp = stamp(&path.symlink_metadata()?);
        if let Some(hash) = self.hashes.get(&stamp) {
            return Ok(hash.clone());
        }
        let hash = sha256(path)?;
        self.hashes.insert(stamp, hash.clone());
        Ok(hash)
    }

    /// Checks what must hold after a run that nobody disturbed: every item is here, once, whole and with its time,
    /// nothing is left over, and `verify` agrees. Returns the tree.
    pub(crate) fn at_rest(&mut self, place: &Place, items: &[Item]) -> Result<Tree> {
        self.expect(items);
        let tree = tree(&place.library())?;
        let mut wanted: Vec<Seen> = items.iter().flat_map(|item| self.wanted(item)).collect();
        let mut found: Vec<Seen> = tree.values().cloned().collect();
        wanted.sort();
        found.sort();
        if wanted != found {
            return Err(format!("{}{}", self.difference(items, &tree), stray(&rows(place)?, &tree)).into());
        }
        let staged = entries(&place.library().join(".gphotosync/staging"))?;
        if !staged.is_empty() {
            return Err(format!("left over: {staged:?}").into());
        }
        let claimed: Vec<String> = rows(place)?.into_iter().map(|row| row.0).collect();
        if claimed.len() != tree.len() || !claimed.iter().all(|path| tree.contains_key(path)) {
            return Err("the index and the disk disagree about the paths".into());
        }
        verified(place)?;
        Ok(tree)
    }

    fn wanted(&self, item: &Item) -> Vec<Seen> {
        let hashes = (0..2).filter_map(|role| self.expected.get(&(item.id.clone(), role)));
        hashes.map(|hash| (hash.clone(), item.taken)).collect()
    }

    fn difference(&self, items: &[Item], tree: &Tree) -> String {
        let mut by_hash: HashMap<&str, Vec<String>> = HashMap::new();
        for (path, (hash, modified)) in tree {
            by_hash
                .entry(hash)
                .or_default()
                .push(format!("{path} {modified:?}"));
        }
        let mut text = format!("{} files are here; these items differ:\n", tree.len());
        for item in items {
            for (hash, taken) in self.wanted(item) {
                let found = by_hash.get(hash.as_str()).cloned().unwrap_or_default();
                if found.len() != 1 || !found[0].ends_with(&format!(" {taken:?}")) {
                    // Writing to a string cannot fail.
                    let _ = writeln!(text, "  {} taken {taken:?}: found {found:?}", item.filename);
                }
            }
        }
        text
    }
}

/// The files that no row of the index knows.
fn stray(rows: &[Row], tree: &Tree) -> String {
    let known: Vec<&String> = rows.iter().map(|row| &row.0).collect();
    let stray: Vec<&String> = tree.keys().filter(|path| !known.contains(path)).collect();
    format!("  unknown to the index: {stray:?}\n")
}

pub(crate) fn stamp(found: &fs::Metadata) -> Stamp {
    (found.ino(), found.len(), found.mtime(), found.mtime_nsec())
}

/// Has the program check the library itself.
pub(crate) fn verified(place: &Place) -> Result<()> {
    let ended = place.run(&["verify", "--json"])?.with_code(0)?;
    let report: Value = serde_json::from_str(&ended.stdout)?;
    let unknown = report["unknown"].as_array().map_or(usize::MAX, Vec::len);
    if unknown != 0 {
        return Err(format!("verify knows not: {}", report["unknown"]).into());
    }
    place.run(&["verify", "--quick"])?.with_code(0).map(drop)
}

/// Fails with the first differences between two trees.
pub(crate) fn same(found: &Tree, wanted: &Tree) -> Result<()> {
    let differing: Vec<String> = wanted
        .keys()
        .chain(found.keys())
        .filter(|path| found.get(*path) != wanted.get(*path))
        .map(|path| format!("{path}: {:?} instead of {:?}", found.get(path), wanted.get(path)))
        .take(12)
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the tree is not that of a run never killed:\n  {}",
        differing.join("\n  ")
    )
    .into())
}

fn tree(library: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    for path in files_below(library)? {
        let relative = path.strip_prefix(library)?.to_string_lossy().into_owned();
        let modified = path.metadata()?.modified()?.into();
        let modified = (!relative.starts_with("undated")).then_some(modified);
        tree.insert(relative, (sha256(&path)?, modified));
    }
    Ok(tree)
}

/// The media files of a library.
fn files_below(library: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = entries(library)?;
    folders.retain(|path| path.is_dir() && !path.ends_with(".gphotosync"));
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

fn sha256(path: &Path) -> Result<String> {
    // The largest has some megabytes.
    let digest = Sha256::digest(fs::read(path)?);
    Ok(digest
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
}

/// The file table, read from a copy: to look must not repair anything.
pub(crate) fn rows(place: &Place) -> Result<Vec<Row>> {
    let copy = tempfile::tempdir()?;
    if !place.library().join(".gphotosync/index.db").exists() {
        return Ok(Vec::new());
    }
    for name in ["index.db", "index.db-wal"] {
        let from = place.library().join(".gphotosync").join(name);
        if from.exists() {
            fs::copy(from, copy.path().join(name))?;
        }
    }
    let db = Connection::open(copy.path().join("index.db"))?;
    let made: i64 = db.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'file'",
        [],
        |row| row.get(0),
    )?;
    if made == 0 {
        return Ok(Vec::new());
    }
    let mut rows = db.prepare(
        "SELECT path, size, placing, item.id, role FROM file JOIN item ON item.seq = file.item ORDER BY path",
    )?;
    let rows = rows.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
