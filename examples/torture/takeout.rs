//! SIGKILL at seeded moments while an export is imported, and while a second one joins it; then one run in peace.
//!
//! An import of tiny files is over soon and goes on where it was killed, so that one library could not be killed often
//! in its youth. There are several, one after the other, each with its share of the kills.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fastrand::Rng;
use pretend_takeout::{Language, Packing, Settings, Truth, write};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::Instant;

use super::checks::{IN_PLACE, Stamp, rows, stamp, verified};
use super::kill::in_time;
use super::program::{Ended, Place, Program, Result, entries, rest};

/// What a torture of imports is made of.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Items of the second export; the first has two thirds of them.
    pub(crate) items: u32,
    pub(crate) kills: usize,
    /// Hears what happens.
    pub(crate) say: fn(&str),
}

/// So many kills meet one library: half of them before the second export is there.
const KILLS_OF_A_LIFE: usize = 12;

/// Small enough that what matters is how many there are, and some large enough to be killed half-way.
const BYTES_EACH: u64 = 20_000;

/// Length and CRC-32.
type Content = (u64, u32);

/// All that is in a library, by path: photos with their time, what is beside them, and where links lead.
type Tree = BTreeMap<String, String>;

/// Two exports of one account in both packings, the second with all that the first has and more.
struct Exports {
    folder: TempDir,
    first: Truth,
    second: Truth,
}

impl Exports {
    fn written(plan: &Plan) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let settings = Settings {
            seed: plan.seed,
            items: plan.items * 2 / 3,
            albums: plan.items / 40,
            bytes_each: BYTES_EACH,
            language: Language::ALL[usize::try_from(plan.seed)? % Language::ALL.len()],
            ..Settings::default()
        };
        let later = Settings {
            items: plan.items,
            exported: settings.exported + 5_000_000,
            ..settings.clone()
        };
        let mut truths = Vec::new();
        for (name, settings) in [("first", &settings), ("second", &later)] {
            for packing in [Packing::Tgz, Packing::Zip] {
                let parts = folder.path().join(format!("{name}-{packing:?}"));
                fs::create_dir(&parts)?;
                truths.push(write(
                    &Settings {
                        packing,
                        ..settings.clone()
                    },
                    &parts,
                )?);
            }
        }
        let (second, first) = (truths.pop(), truths.swap_remove(1));
        Ok(Self {
            folder,
            first,
            second: second.ok_or("no export")?,
        })
    }

    fn path(&self, name: &str, packing: Packing) -> Result<String> {
        let path = self.folder.path().join(format!("{name}-{packing:?}"));
        Ok(path.to_str().ok_or("a folder without a name")?.to_owned())
    }

    /// The contents of all media.
    fn contents(&self) -> HashSet<Content> {
        let media = self.first.media.iter().chain(&self.second.media);
        media.map(|media| (media.size, media.crc32)).collect()
    }
}

/// One library, and what is imported into it.
struct Life<'a> {
    place: Place,
    exports: &'a Exports,
    packings: [Packing; 2],
    known: HashSet<Content>,
    seen: HashMap<Stamp, Content>,
}

/// Kills imports `plan.kills` times and checks everything. Returns a verdict in words.
pub(crate) fn torture(program: Program, plan: &Plan) -> Result<String> {
    let exports = Exports::written(plan)?;
    let mut rng = Rng::with_seed(plan.seed ^ 0x7461_6b65);
    let mut undisturbed = Life::new(program, &exports, [Packing::Zip; 2])?;
    let began = Instant::now();
    undisturbed.peace(false)?;
    let most = began.elapsed();
    let wanted = undisturbed.peace(true)?;
    (plan.say)(&format!("an import never killed takes {most:.1?}"));
    let (mut kills, mut ended_first, mut lives) = (0, 0, 0);
    while kills < plan.kills {
        let packings = [(); 2].map(|()| if rng.bool() { Packing::Zip } else { Packing::Tgz });
        let mut life = Life::new(program, &exports, packings)?;
        let share = KILLS_OF_A_LIFE.min(plan.kills - kills);
        for kill in 0..share {
            let delay = moment(&mut rng, most);
            let has_both = kill * 2 >= share;
            ended_first += usize::from(life.run_and_kill(delay, has_both)?);
            kills += 1;
            let here = life.after_a_kill().map_err(|error| {
                format!("after kill {kills}, {delay:?} after the start, {packings:?}: {error}")
            })?;
            (plan.say)(&format!(
                "kill {kills:>4} after {delay:>9.1?}: {here:>5} files in place; {packings:?}, {} exports",
                1 + u8::from(has_both)
            ));
        }
        let tree = life.peace(true);
        if let Err(error) = tree.and_then(|tree| same(&tree, &wanted)) {
            let (library, parts) = (life.place.keep(), exports.folder.keep());
            return Err(format!(
                "after {kills} kills, {packings:?}: {error}\n{} and {} are kept",
                library.display(),
                parts.display()
            )
            .into());
        }
        lives += 1;
    }
    Ok(format!(
        "{lives} libraries of {} photos and more survived {kills} kills ({ended_first} runs ended before theirs), as if \
         never killed",
        exports.second.items
    ))
}

fn moment(rng: &mut Rng, most: Duration) -> Duration {
    let most = if rng.bool() { most / 8 } else { most };
    Duration::from_micros(rng.u64(0..u64::try_from(most.as_micros()).unwrap_or(u64::MAX)))
}

impl<'a> Life<'a> {
    fn new(program: Program, exports: &'a Exports, packings: [Packing; 2]) -> Result<Self> {
        Ok(Self {
            place: Place::without_google(program)?,
            exports,
            packings,
            known: exports.contents(),
            seen: HashMap::new(),
        })
    }

    fn start(&self, has_both: bool) -> Result<std::process::Child> {
        let first = self.exports.path("first", self.packings[0])?;
        let second = self.exports.path("second", self.packings[1])?;
        let mut args = vec!["takeout", &first, "--progress", "json"];
        if has_both {
            args.push(&second);
        }
        self.place.start(&args, "import")
    }

    /// Imports and kills it after `delay`; true if it had ended by then, as it should.
    fn run_and_kill(&self, delay: Duration, has_both: bool) -> Result<bool> {
        let mut child = self.start(has_both)?;
        rest(delay);
        let is_over = child.try_wait()?.is_some();
        if is_over {
            self.place.ended(child, "import")?.with_code(0)?;
        } else {
            child.kill()?;
            child.wait()?;
        }
        Ok(is_over)
    }

    /// Checks what must hold at any instant: the index claims nothing that the disk does not hold, and under a final
    /// name are nothing but the whole bytes of a file of the exports. Returns how many are in place.
    fn after_a_kill(&mut self) -> Result<usize> {
        let rows = rows(&self.place)?;
        let mut claimed = HashSet::new();
        for (path, size, placing, id, role) in &rows {
            if *placing != IN_PLACE {
                continue;
            }
            if !claimed.insert(path) {
                return Err(format!("{path} belongs to two").into());
            }
            let (length, crc32) = self.content(&self.place.library().join(path))?;
            if i64::try_from(length)? != *size || (*role == 0 && *id != format!("{crc32:08x}-{length}")) {
                return Err(format!("{path} holds {length} bytes that are not those of {id}").into());
            }
        }
        for path in files(&self.place.library())? {
            let is_photo = is_photo(&path, &self.place.library());
            if is_photo && !path.is_symlink() {
                let content = self.content(&path)?;
                if !self.known.contains(&content) {
                    return Err(
                        format!("{} holds the bytes of no file of the exports", path.display()).into(),
                    );
                }
            }
        }
        Ok(claimed.len())
    }

    fn content(&mut self, path: &Path) -> Result<Content> {
        let stamp = stamp(&path.symlink_metadata()?);
        if let Some(content) = self.seen.get(&stamp) {
            return Ok(*content);
        }
        let bytes = fs::read(path)?;
        let content = (bytes.len() as u64, crc32fast::hash(&bytes));
        self.seen.insert(stamp, content);
        Ok(content)
    }

    /// Imports undisturbed and checks what must hold afterwards: every file that is wanted is here once, everything is
    /// counted, nothing is left over, and `verify` agrees. Returns the tree.
    fn peace(&mut self, has_both: bool) -> Result<Tree> {
        let child = in_time(self.start(has_both)?)?;
        let ended = self.place.ended(child, "import")?.with_code(0)?;
        let Exports { first, second, .. } = self.exports;
        let truths: &[&Truth] = if has_both { &[first, second] } else { &[first] };
        counts_add_up(&ended, truths.iter().map(|truth| truth.entries).sum())?;
        self.after_a_kill()?;
        let library = self.place.library();
        let tree = tree(&library)?;
        self.everything_once(truths)?;
        for folder in ["staging", "replaced"] {
            let left = entries(&library.join(".gphotosync").join(folder))?;
            if !left.is_empty() {
                return Err(format!("left over: {left:?}").into());
            }
        }
        verified(&self.place)?;
        Ok(tree)
    }

    fn everything_once(&mut self, truths: &[&Truth]) -> Result<()> {
        let library = self.place.library();
        let mut here = HashSet::new();
        for path in files(&library)? {
            if is_photo(&path, &library) && !path.is_symlink() && !here.insert(self.content(&path)?) {
                return Err(format!("{} is here twice", path.display()).into());
            }
        }
        let media = truths.iter().flat_map(|truth| &truth.media);
        let mut wanted = media.filter(|media| ["year", "archive"].contains(&media.home));
        match wanted.find(|media| !here.contains(&(media.size, media.crc32))) {
            Some(missing) => Err(format!("{} is not here", missing.path).into()),
            None => Ok(()),
        }
    }
}

/// Every item and every entry has its bucket.
fn counts_add_up(ended: &Ended, total: u64) -> Result<()> {
    let last = ended.stdout.lines().last().ok_or("nothing was told")?;
    let last: Value = serde_json::from_str(last)?;
    for (what, buckets, total) in [
        ("items", &last["counts"], last["found"].as_u64()),
        ("entries", &last["entries"], Some(total)),
    ] {
        let buckets = buckets.as_object().ok_or("no buckets")?;
        let sum: u64 = buckets.values().filter_map(Value::as_u64).sum();
        if Some(sum) != total {
            return Err(format!("the {what} do not add up to {total:?}: {buckets:?}").into());
        }
    }
    Ok(())
}

fn is_photo(path: &Path, library: &Path) -> bool {
    let is_beside = path.extension().is_some_and(|extension| extension == "xmp");
    !is_beside && !path.starts_with(library.join("albums"))
}

/// All files of a library but its own.
fn files(library: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = entries(library)?;
    folders.retain(|path| path.is_dir() && !path.ends_with(".gphotosync"));
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

fn tree(library: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    for path in files(library)? {
        let relative = path.strip_prefix(library)?.to_string_lossy().into_owned();
        let seen = if path.is_symlink() {
            format!("-> {}", fs::read_link(&path)?.display())
        } else if is_photo(&path, library) {
            let bytes = fs::read(&path)?;
            // The time of what is undated is its own affair.
            let modified = (!relative.starts_with("undated")).then_some(path.metadata()?.modified()?);
            format!("{:08x}-{} {modified:?}", crc32fast::hash(&bytes), bytes.len())
        } else {
            fs::read_to_string(&path)?
        };
        tree.insert(relative, seen);
    }
    Ok(tree)
}

/// Fails with the first differences between two trees.
fn same(found: &Tree, wanted: &Tree) -> Result<()> {
    let differing: Vec<String> = wanted
        .keys()
        .chain(found.keys().filter(|path| !wanted.contains_key(*path)))
        .filter(|path| found.get(*path) != wanted.get(*path))
        .map(|path| format!("{path}: {:?} instead of {:?}", found.get(path), wanted.get(path)))
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} paths are not as after a run never killed:\n  {}",
        differing.len(),
        differing[..differing.len().min(12)].join("\n  ")
    )
    .into())
}
