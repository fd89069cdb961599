//! Naming the items of one family, and moving the files that a newer item displaces.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use super::desk::{Desk, OWN_FOLDER, modification_time};
use super::place::{Renamed, make_folder, rename_new};
use crate::library::LibraryError;
use crate::library::index::{Durability, FileRow, ItemRow, Placing, State, files, items};
use crate::library::layout::{Claimant, Placement, Strategy, arrange, folder};
use crate::library::safe_name::SafeName;
use crate::media::{MediaItem, Role};

/// FAT keeps times in steps of two seconds.
const TIME_TOLERANCE: Duration = Duration::from_secs(2);

/// A file that must get another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    item: i64,
    role: Role,
    from: String,
    to: String,
}

/// What to make of a file that no row knows but that bears an item's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orphans {
    /// It is taken for the item's own, as another tool left it.
    MayBeTheirs,
    /// It is the user's.
    AreForeign,
}

/// The number of the family an item belongs to.
pub(super) fn family_of(item: &MediaItem) -> i64 {
    let name = SafeName::new(&item.file_name, Some(&item.mime_type));
    items::short_hash(&[&folder(item.taken), &name.family()])
}

fn claimant(row: &ItemRow) -> Claimant {
    let name = match &row.clip_ext {
        Some(ext) => SafeName::with_companion(&row.file_name, Some(&row.mime), ext),
        None => SafeName::new(&row.file_name, Some(&row.mime)),
    };
    Claimant {
        id: row.id.clone(),
        name,
        taken: row.taken,
    }
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

/// Names all items of `family` anew. `leaving` are files of items that belong to other families now but are still
/// where they were: they will have moved on. Returns the files that are not where their item's name wants them; they
/// are marked as moving, so that a crash leaves nothing in doubt.
pub(super) fn rearrange(
    db: &Connection,
    strategy: Strategy,
    root: &Path,
    family: i64,
    orphans: Orphans,
    leaving: &[String],
) -> rusqlite::Result<Vec<Move>> {
    let rows = items::family(db, family)?;
    let mut known = HashMap::new();
    for row in &rows {
        known.insert(row.seq, files::of_item(db, row.seq)?);
    }
    let claimants: Vec<_> = rows.iter().map(claimant).collect();
    let seqs: HashMap<&str, i64> = rows.iter().map(|row| (row.id.as_str(), row.seq)).collect();
    let ours = Owners::of(known.values().flatten(), leaving);
    let placements = arrange(strategy, &claimants, |claimant, name| {
        let path = format!("{}/{name}", claimant.folder());
        match ours.0.get(path.as_str()) {
            Some(Stay::MayMove) => false,
            Some(Stay::For(seq)) => seqs.get(claimant.id.as_str()) != Some(seq),
            None => is_foreign(&root.join(path), claimant, orphans),
        }
    });
    let placements: HashMap<&str, &Placement> = placements.iter().map(|p| (p.id.as_str(), p)).collect();
    let mut moves = Vec::new();
    for row in &rows {
        // `arrange` places every claimant.
        if let Some(placement) = placements.get(row.id.as_str()) {
            rename_item(db, row, placement)?;
            moves.extend(displaced(&known[&row.seq], &folder(row.taken), placement));
        }
    }
    moves
        .iter()
        .try_for_each(|m| files::set_placing(db, m.item, m.role, Placing::Moving))?;
    Ok(moves)
}

fn rename_item(db: &Connection, row: &ItemRow, placement: &Placement) -> rusqlite::Result<()> {
    if row.layout_name() == placement.main && row.clip_name == placement.clip {
        return Ok(());
    }
    let main = (placement.main != row.file_name).then_some(placement.main.as_str());
    items::set_names(db, row.seq, main, placement.clip.as_deref())
}

fn displaced<'a>(
    files: &'a [FileRow],
    folder: &'a str,
    placement: &'a Placement,
) -> impl Iterator<Item = Move> + use<'a> {
    let of_the_layout = |file: &&FileRow| !matches!(file.placing, Placing::Damaged | Placing::Elsewhere);
    files.iter().filter(of_the_layout).filter_map(move |file| {
        let name = match file.role {
            Role::Main => &placement.main,
            Role::Clip => placement.clip.as_ref()?,
        };
        let to = format!("{folder}/{name}");
        (to != file.path).then(|| Move {
            item: file.item,
            role: file.role,
            from: file.path.clone(),
            to,
        })
    })
}

/// A file that no index row knows keeps its name, unless it looks like this very item as another tool left it:
/// the same name in the same month and the same modification time.
fn is_foreign(path: &Path, claimant: &Claimant, orphans: Orphans) -> bool {
    let is_theirs = |found: &std::fs::Metadata| {
        orphans == Orphans::MayBeTheirs
            && found.is_file()
            && has_time_of(found.modified().ok(), claimant.taken)
    };
    path.symlink_metadata().is_ok_and(|found| !is_theirs(&found))
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

/// Where a file waits for its new name while another still has it, relative to the library.
fn aside(one: &Move) -> String {
    format!("{OWN_FOLDER}/staging/{}-{}.moving", one.item, one.role.word())
}

impl Desk {
    /// Moves displaced files. What cannot move now stays marked and is tried again at the next opening.
    pub(super) fn carry_out(&mut self, mut moves: Vec<Move>) -> Result<(), LibraryError> {
        if moves.is_empty() || self.planning {
            return Ok(());
        }
        // The marks must survive a power cut before the first name changes.
        self.index.flush()?;
        while !moves.is_empty() {
            let before = moves.len();
            let mut blocked = Vec::new();
            for one in moves {
                if self.try_move(&one)? == Renamed::Taken {
                    blocked.push(one);
                }
            }
            if blocked.len() == before && !self.step_aside(&blocked)? {
                break;
            }
            moves = blocked;
        }
        self.settle()
    }

    fn try_move(&mut self, one: &Move) -> Result<Renamed, LibraryError> {
        let to = self.path(&one.to);
        // Another file may meanwhile have the name that one which stepped aside had.
        let aside = self.path(&aside(one));
        let from = if aside.exists() {
            aside
        } else {
            self.path(&one.from)
        };
        if !from.exists() {
            if self.staged_path(one.item, one.role).exists() {
                return self.move_staged(one).map(|()| Renamed::Done);
            }
            // Either a crash came after the rename, or the user took the file away.
            return self.moved_or_gone(one, to.exists()).map(|()| Renamed::Done);
        }
        self.prepare_folder_of(&one.to)?;
        let renamed = rename_new(&from, &to).map_err(LibraryError::disk("rename", &from))?;
        if renamed == Renamed::Done {
            self.touched_parents(&[&from, &to]);
            self.record_move(one)?;
            self.tell_renamed(&one.from, &one.to);
        }
        Ok(renamed)
    }

    fn moved_or_gone(&mut self, one: &Move, is_there: bool) -> Result<(), LibraryError> {
        if is_there {
            return self.record_move(one);
        }
        self.index.change(Durability::Process, |db| {
            files::forget(db, one.item, one.role)?;
            items::set_state(db, one.item, State::Found, None, super::desk::now())
        })
    }

    /// A file that is whole but has no name yet gets the new one when its turn comes.
    fn move_staged(&mut self, one: &Move) -> Result<(), LibraryError> {
        self.index.change(Durability::Power, |db| {
            files::set_path(db, one.item, one.role, &one.to)?;
            files::set_placing(db, one.item, one.role, Placing::Sealed)
        })
    }

    fn record_move(&mut self, one: &Move) -> Result<(), LibraryError> {
        self.index.change(Durability::Process, |db| {
            files::set_path(db, one.item, one.role, &one.to)
        })?;
        self.named(one.item, one.role)
    }

    /// Files that want each other's names: the first steps aside. `false` if nobody could.
    fn step_aside(&mut self, blocked: &[Move]) -> Result<bool, LibraryError> {
        let in_the_way = |one: &&Move| {
            let is_wanted = blocked.iter().any(|other| other.to == one.from);
            is_wanted && !self.path(&aside(one)).exists() && self.path(&one.from).exists()
        };
        let Some(one) = blocked.iter().find(in_the_way) else {
            let names: Vec<_> = blocked.iter().map(|one| one.to.as_str()).collect();
            tracing::warn!(
                "files that appeared just now keep items from their names: {}",
                names.join(", ")
            );
            return Ok(false);
        };
        let (from, aside) = (self.path(&one.from), aside(one));
        let renamed = rename_new(&from, &self.path(&aside)).map_err(LibraryError::disk("rename", &from))?;
        // After a crash, the old name may be another's: the index must not believe that the file is still there.
        self.index.change(Durability::Process, |db| {
            files::set_path(db, one.item, one.role, &aside)
        })?;
        Ok(renamed == Renamed::Done)
    }

    /// Makes the folder that `relative` is in.
    pub(super) fn prepare_folder_of(&mut self, relative: &str) -> Result<(), LibraryError> {
        let folder = Path::new(relative).parent().unwrap_or(Path::new(""));
        let changed =
            make_folder(&self.root, folder).map_err(LibraryError::disk("make", &self.root.join(folder)))?;
        for folder in &changed {
            self.touched(folder);
        }
        Ok(())
    }

    pub(super) fn touched_parents(&mut self, paths: &[&Path]) {
        for parent in paths.iter().filter_map(|path| path.parent()) {
            self.touched(parent);
        }
    }

    /// The files of moving items, as an interrupted run left them.
    pub(super) fn interrupted_moves(&self) -> Result<Vec<Move>, LibraryError> {
        self.index.read(|db| {
            let moving = files::unsettled(db)?
                .into_iter()
                .filter(|file| file.placing == Placing::Moving);
            moving
                .map(|file| {
                    Ok(Move {
                        to: layout_path(db, file.item, file.role)?,
                        item: file.item,
                        role: file.role,
                        from: file.path,
                    })
                })
                .collect()
        })
    }
}

/// Where the layout wants a file of an item, relative to the library.
pub(super) fn layout_path(db: &Connection, item: i64, role: Role) -> rusqlite::Result<String> {
    let row = items::get(db, item)?;
    let name = match role {
        Role::Main => row.layout_name(),
        Role::Clip => row.clip_name.as_deref().unwrap_or_default(),
    };
    Ok(format!("{}/{name}", folder(row.taken)))
}
