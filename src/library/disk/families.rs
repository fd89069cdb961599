//! Naming the items of one family, whenever one joins it, leaves it, or turns out to have a moving half.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use super::desk::{Desk, modification_time};
use super::moves::Move;
use crate::library::LibraryError;
use crate::library::index::{Durability, FileRow, ItemRow, Placing, files, items, misnamed};
use crate::library::layout::{Claimant, Placement, Strategy, arrange, folder};
use crate::library::safe_name::SafeName;
use crate::media::{MediaItem, Role};

/// FAT keeps times in steps of two seconds.
const TIME_TOLERANCE: Duration = Duration::from_secs(2);

/// What to make of a file that no row knows but that bears an item's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orphans {
    /// It is taken for the item's own, as another tool left it.
    MayBeTheirs,
    /// It is not that of the item with this number, whose own is elsewhere.
    AreForeignTo(i64),
}

/// What a change of the items means for names.
#[derive(Debug, Default)]
pub(super) struct Disturbed {
    /// The families to be named anew.
    pub(super) families: BTreeSet<i64>,
    /// Files whose items belong to other families now but are still where they were: they will have moved on.
    pub(super) leaving: Vec<String>,
}

/// The number of the family an item belongs to.
pub(super) fn family_of(item: &MediaItem) -> i64 {
    family(&item.file_name, &item.mime_type, item.taken)
}

/// The number of the family of items of this name, type and time.
pub(super) fn family(name: &str, mime: &str, taken: Option<chrono::DateTime<chrono::Utc>>) -> i64 {
    let name = SafeName::new(name, Some(mime));
    items::short_hash(&[&folder(taken), &name.family()])
}

fn claimant(db: &Connection, row: &ItemRow) -> rusqlite::Result<Claimant> {
    let mime = Some(row.mime.as_str());
    let mut name = Cow::Borrowed(row.file_name.as_str());
    let (clip, mut edited) = (row.clip_ext.as_deref(), row.edited_ext.clone());
    for wrong in misnamed::of_item(db, row.seq)? {
        match (wrong.role, wrong.what.extension.filter(|_| wrong.is_corrected)) {
            (Role::Main, Some(right)) => name = SafeName::corrected(&name, mime, &right).into(),
            (Role::Edited, Some(right)) => edited = edited.map(|_| right),
            _ => {}
        }
    }
    Ok(Claimant {
        id: row.id.clone(),
        name: SafeName::with_companions(&name, mime, clip, edited.as_deref()),
        taken: row.taken,
    })
}

/// Which paths are the library's own, and whether who is there will make way.
struct Owners<'a>(HashMap<&'a str, Stay>);

enum Stay {
    MayMove,
    /// The file stays where another tool put it, for this item.
    For(i64),
}

impl<'a> Owners<'a> {
    fn of(files: impl Iterator<Item = &'a FileRow>, leaving: &'a [String]) -> Self {
        let stay = |file: &FileRow| match file.placing {
            Placing::Elsewhere => Stay::For(file.item),
            _ => Stay::MayMove,
        };
        let files = files.map(|file| (file.path.as_str(), stay(file)));
        let leaving = leaving.iter().map(|path| (path.as_str(), Stay::MayMove));
        Self(leaving.chain(files).collect())
    }
}

/// How families get their names.
struct Naming<'a> {
    strategy: Strategy,
    root: &'a Path,
    /// Sealed files that have their names already.
    named: &'a BTreeSet<(i64, Role)>,
    orphans: Orphans,
    leaving: &'a [String],
}

impl Naming<'_> {
    /// Names all items of `family` anew. Returns the files that are not where their item's name wants them; they
    /// are marked as moving, so that a crash leaves nothing in doubt.
    fn rearrange(&self, db: &Connection, family: i64) -> rusqlite::Result<Vec<Move>> {
        let rows = items::family(db, family)?;
        let mut known = HashMap::new();
        for row in &rows {
            known.insert(row.seq, files::of_item(db, row.seq)?);
        }
        let claimants = rows.iter().map(|row| claimant(db, row));
        let claimants = claimants.collect::<rusqlite::Result<Vec<_>>>()?;
        let placements = self.placements(&rows, &claimants, &known);
        let mut moves = Vec::new();
        for row in &rows {
            // Every claimant has a place.
            if let Some(placement) = placements.get(&row.seq) {
                rename_item(db, row, placement)?;
                for file in &known[&row.seq] {
                    moves.extend(self.follow(db, file, &folder(row.taken), placement)?);
                }
            }
        }
        Ok(moves)
    }

    fn placements(
        &self,
        rows: &[ItemRow],
        claimants: &[Claimant],
        known: &HashMap<i64, Vec<FileRow>>,
    ) -> HashMap<i64, Placement> {
        let seqs: HashMap<&str, i64> = rows.iter().map(|row| (row.id.as_str(), row.seq)).collect();
        // What is where a file is to be that has no name yet is not that file.
        let has_name = |file: &&FileRow| !self.is_nameless(file);
        let ours = Owners::of(known.values().flatten().filter(has_name), self.leaving);
        let placements = arrange(self.strategy, claimants, |claimant, name| {
            let path = format!("{}/{name}", claimant.folder());
            let seq = seqs.get(claimant.id.as_str());
            match ours.0.get(path.as_str()) {
                Some(Stay::MayMove) => false,
                Some(Stay::For(owner)) => seq != Some(owner),
                None => self.is_foreign(&path, claimant, seq),
            }
        });
        let with_seq = placements
            .into_iter()
            .filter_map(|placement| Some((*seqs.get(placement.id.as_str())?, placement)));
        with_seq.collect()
    }

    /// Whether a file is whole but still has its staged name.
    fn is_nameless(&self, file: &FileRow) -> bool {
        file.placing == Placing::Sealed && !self.named.contains(&(file.item, file.role))
    }

    /// A file that no index row knows keeps its name, unless it looks like this very item as another tool left it:
    /// the same name in the same month and the same modification time.
    fn is_foreign(&self, path: &str, claimant: &Claimant, seq: Option<&i64>) -> bool {
        let may_be_theirs = match self.orphans {
            Orphans::MayBeTheirs => true,
            Orphans::AreForeignTo(other) => seq != Some(&other),
        };
        let is_theirs = |found: &std::fs::Metadata| {
            may_be_theirs && found.is_file() && has_time_of(found.modified().ok(), claimant.taken)
        };
        let found = self.root.join(path).symlink_metadata();
        found.is_ok_and(|found| !is_theirs(&found))
    }

    /// Sends a file after its item's name: one that has no name yet will get the new one, any other moves.
    fn follow(
        &self,
        db: &Connection,
        file: &FileRow,
        folder: &str,
        placement: &Placement,
    ) -> rusqlite::Result<Option<Move>> {
        let name = match file.role {
            Role::Main => Some(&placement.main),
            Role::Clip => placement.clip.as_ref(),
            Role::Edited => placement.edited.as_ref(),
        };
        let stays = matches!(file.placing, Placing::Damaged | Placing::Elsewhere);
        let Some(name) = name.filter(|_| !stays) else {
            return Ok(None);
        };
        let to = format!("{folder}/{name}");
        if self.is_nameless(file) {
            return files::seal(db, file.item, file.role, &to).map(|()| None);
        }
        if to == file.path && file.placing != Placing::Moving {
            return Ok(None);
        }
        files::set_placing(db, file.item, file.role, Placing::Moving)?;
        Ok(Some(Move::of(file, to)))
    }
}

impl Desk {
    /// Changes items and names the disturbed families anew, as one transaction; then moves their files.
    pub(super) fn disturb<T>(
        &mut self,
        orphans: Orphans,
        change: impl FnOnce(&Connection) -> rusqlite::Result<(T, Disturbed)>,
    ) -> Result<T, LibraryError> {
        let (root, strategy) = (&self.root, self.strategy);
        let named = &self.named;
        let (value, moves) = self.index.change(Durability::Process, |db| {
            let (value, Disturbed { families, leaving }) = change(db)?;
            let naming = Naming {
                strategy,
                root,
                named,
                orphans,
                leaving: &leaving,
            };
            let mut moves = Vec::new();
            for family in families {
                moves.extend(naming.rearrange(db, family)?);
            }
            Ok((value, moves))
        })?;
        self.carry_out(moves)?;
        Ok(value)
    }
}

fn rename_item(db: &Connection, row: &ItemRow, placement: &Placement) -> rusqlite::Result<()> {
    let is_same = row.layout_name() == placement.main
        && row.clip_name == placement.clip
        && row.edited_name == placement.edited;
    if is_same {
        return Ok(());
    }
    let main = (placement.main != row.file_name).then_some(placement.main.as_str());
    let others = (placement.clip.as_deref(), placement.edited.as_deref());
    items::set_names(db, row.seq, main, others)
}

/// Whether a modification time is an item's taken time, as far as any disk can keep it.
pub(in crate::library) fn has_time_of(
    modified: Option<SystemTime>,
    taken: Option<chrono::DateTime<chrono::Utc>>,
) -> bool {
    let (Some(modified), Some(taken)) = (modified, modification_time(taken)) else {
        return false;
    };
    let difference = modified
        .duration_since(taken)
        .or_else(|_| taken.duration_since(modified));
    difference.is_ok_and(|difference| difference <= TIME_TOLERANCE)
}

/// Where the layout wants a file of an item, relative to the library.
pub(super) fn layout_path(db: &Connection, item: i64, role: Role) -> rusqlite::Result<String> {
    let row = items::get(db, item)?;
    let name = match role {
        Role::Main => row.layout_name(),
        Role::Clip => row.clip_name.as_deref().unwrap_or_default(),
        Role::Edited => row.edited_name.as_deref().unwrap_or_default(),
    };
    Ok(format!("{}/{name}", folder(row.taken)))
}
