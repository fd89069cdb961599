//! A library beside the truth about the export that was imported into it: what is missing, and what is wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use pretend_takeout::{Media, Role, Truth};
use rusqlite::{Connection, OpenFlags};
use unicode_normalization::UnicodeNormalization as _;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Length and CRC-32.
pub(crate) type Content = (u64, u32);

/// Files are read in pieces of this size.
const PIECE: usize = 1 << 20;

/// What the library keeps for itself, or beside the photos.
const NOT_MEDIA: [&str; 2] = [".gphotosync", "albums"];

/// How many there are of something, and which of them are wrong.
#[derive(Debug, Default)]
pub(crate) struct Share {
    pub(crate) of: usize,
    pub(crate) wrong: Vec<String>,
}

impl Share {
    fn look(&mut self, is_right: bool, told: impl FnOnce() -> String) {
        self.of += 1;
        if !is_right {
            self.wrong.push(told());
        }
    }

    /// Of a thousand, so many are wrong.
    pub(crate) fn per_mille(&self) -> f64 {
        let of = u32::try_from(self.of.max(1)).unwrap_or(u32::MAX);
        let wrong = u32::try_from(self.wrong.len()).unwrap_or(u32::MAX);
        f64::from(wrong) * 1000.0 / f64::from(of)
    }
}

/// What came of an import without further wishes.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// The contents that should be here: not here, or not as they were.
    pub(crate) missing: Share,
    /// The files that are here: of no content that should be, or of one that is here already.
    pub(crate) extra: Share,
    /// The photos and videos whose time can be known: another time.
    pub(crate) times: Share,
    /// The files of which names or contents tell whose they are: paired with another's sidecar.
    pub(crate) wrong_pairs: Share,
    /// The others, which can only be guessed: the same.
    pub(crate) wrong_guesses: Share,
    /// The files that a sidecar tells of: none is thought to.
    pub(crate) unpaired: Share,
    /// Clips and edited versions whose photo is here, and of which names or contents tell: kept as another's.
    pub(crate) wrong_ties: Share,
    /// Clips and edited versions whose photo is here: kept as items of their own.
    pub(crate) untied: Share,
}

impl Compared {
    /// Reads every file of `library`.
    pub(crate) fn of(library: &Path, truth: &Truth) -> Result<Self> {
        let mut compared = Self::default();
        let wanted: Vec<&Media> = wanted(truth).collect();
        let contents: BTreeSet<Content> = wanted.iter().map(|media| content_of(media)).collect();
        let mut here: HashMap<Content, PathBuf> = HashMap::new();
        for path in files_of(library)? {
            let content = content(&path)?;
            let is_expected = contents.contains(&content) && !here.contains_key(&content);
            compared.extra.look(is_expected, || path.display().to_string());
            here.insert(content, path);
        }
        compared.compare_contents(&wanted, &here);
        compared.compare_times(&wanted, &here)?;
        compared.compare_origins(library, truth)?;
        Ok(compared)
    }

    /// Fails unless every content is here.
    pub(crate) fn must_be_whole(&self) -> Result<()> {
        match self.missing.wrong.first() {
            Some(first) => {
                Err(format!("{} files are missing, such as {first}", self.missing.wrong.len()).into())
            }
            None => Ok(()),
        }
    }

    fn compare_contents(&mut self, wanted: &[&Media], here: &HashMap<Content, PathBuf>) {
        let by_content: BTreeMap<Content, &Media> =
            wanted.iter().map(|media| (content_of(media), *media)).collect();
        for (content, media) in by_content {
            self.missing.look(here.contains_key(&content), || told(media));
        }
    }

    fn compare_times(&mut self, wanted: &[&Media], here: &HashMap<Content, PathBuf>) -> Result<()> {
        for media in wanted.iter().filter(|media| media.role == Role::Main) {
            let (Some(taken), Some(path)) = (media.taken, here.get(&content_of(media))) else {
                continue;
            };
            let modified = fs::metadata(path)?.modified()?;
            let modified = chrono::DateTime::<chrono::Utc>::from(modified).timestamp();
            self.times.look(modified == taken, || {
                format!(
                    "{}: {modified} instead of {taken}, {}",
                    told(media),
                    path.display()
                )
            });
        }
        Ok(())
    }

    fn compare_origins(&mut self, library: &Path, truth: &Truth) -> Result<()> {
        let by_path: HashMap<String, &Media> = truth
            .media
            .iter()
            .map(|media| (composed(&media.path), media))
            .collect();
        let sidecars = truth.media.iter();
        let items: HashMap<String, u32> = sidecars
            .filter_map(|media| Some((composed(media.sidecar.as_deref()?), media.item)))
            .collect();
        let mut mains: HashMap<i64, &Media> = HashMap::new();
        for origin in origins(library)? {
            let media = *by_path
                .get(&origin.entry)
                .ok_or_else(|| format!("{} is not in the export", origin.entry))?;
            let told_by = origin.sidecar.as_deref();
            let is_anothers = told_by.is_some_and(|path| items.get(path) != Some(&media.item));
            let says = || format!("{} by {told_by:?} ({})", told(media), origin.rule);
            let pairs = if media.can_be_told {
                &mut self.wrong_pairs
            } else {
                &mut self.wrong_guesses
            };
            pairs.look(!is_anothers, says);
            if media.sidecar.is_some() {
                self.unpaired.look(told_by.is_some(), says);
            }
            self.compare_tie(media, &origin, &mut mains);
        }
        Ok(())
    }

    /// Origins come with an item's main file first.
    fn compare_tie<'a>(&mut self, media: &'a Media, origin: &Origin, mains: &mut HashMap<i64, &'a Media>) {
        if origin.role == 0 {
            mains.insert(origin.item, media);
        }
        if media.role == Role::Main || media.belongs_to.is_none() {
            return;
        }
        let role = if media.role == Role::Clip { 1 } else { 2 };
        let main = mains.get(&origin.item).map(|main| main.item);
        let says = || format!("{} as role {} ({})", told(media), origin.role, origin.rule);
        self.untied.look(origin.role != 0, says);
        if media.can_be_told {
            let is_right = origin.role == 0 || (origin.role == role && main == Some(media.item));
            self.wrong_ties.look(is_right, says);
        }
    }
}

/// Paths are told in composed form, whichever they have in the export.
fn composed(path: &str) -> String {
    path.nfc().collect()
}

fn told(media: &Media) -> String {
    format!("{} of shape {}", media.path, media.shape)
}

/// The media that an import without further wishes brings.
pub(crate) fn wanted(truth: &Truth) -> impl Iterator<Item = &Media> {
    truth
        .media
        .iter()
        .filter(|media| ["year", "archive"].contains(&media.home))
}

fn content_of(media: &Media) -> Content {
    (media.size, media.crc32)
}

fn content(path: &Path) -> io::Result<Content> {
    let mut file = fs::File::open(path)?;
    let (mut hasher, mut size) = (crc32fast::Hasher::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((size, hasher.finalize())),
            count => {
                hasher.update(&piece[..count]);
                size += count as u64;
            }
        }
    }
}

/// The photos and videos of a library, wherever they lie.
fn files_of(library: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![library.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let (entry, is_top) = (entry?, folder == library);
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_top && NOT_MEDIA.contains(&name.as_str()) {
                continue;
            }
            match entry.file_type()? {
                kind if kind.is_dir() => folders.push(entry.path()),
                _ if entry
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "xmp") => {}
                _ if is_top && name.starts_with('.') => {}
                _ => files.push(entry.path()),
            }
        }
    }
    Ok(files)
}

/// What the library remembers of a file: the entry that it was, and the sidecar that tells of it, both below
/// `Takeout/`.
struct Origin {
    item: i64,
    role: i64,
    entry: String,
    sidecar: Option<String>,
    rule: String,
}

fn origins(library: &Path) -> Result<Vec<Origin>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(library.join(".gphotosync/index.db"), flags)?;
    let mut rows = db.prepare(
        "SELECT item, role, f.path || '/' || coalesce(entry, file_name),
             s.path || '/' || CASE WHEN substr(sidecar, 1, 1) = '/'
                 THEN coalesce(entry, file_name) || substr(sidecar, 2) ELSE sidecar END, rule
         FROM origin JOIN item ON seq = item JOIN folder f ON f.no = folder JOIN tie ON tie.no = tie
         LEFT JOIN folder s ON s.no = coalesce(sidecar_folder, folder)
         ORDER BY item, role",
    )?;
    let below = |path: String| match path.strip_prefix("Takeout/") {
        Some(below) => below.to_owned(),
        None => path,
    };
    let rows = rows.query_map([], |row| {
        Ok(Origin {
            item: row.get(0)?,
            role: row.get(1)?,
            entry: below(row.get(2)?),
            sidecar: row.get::<_, Option<String>>(3)?.map(below),
            rule: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
