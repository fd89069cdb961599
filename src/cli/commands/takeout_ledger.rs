//! After an import: every entry of every part is counted, and written down with what became of it.

use std::path::Path;

use crate::library::LibraryError;
use crate::library::ledger::{self, FileNames, Header, Line};
use crate::source::takeout::archive::{Part, PartId};
use crate::source::takeout::{EntryBuckets, EntryFate, Fates, Import, Wishes, Witness};

/// Counts what became of all entries; what is counted is written into the library in `root`, if there is one to write to.
pub(super) fn accounted(
    import: &Import,
    witness: &Witness,
    wishes: Wishes,
    root: Option<&Path>,
) -> EntryBuckets {
    let fates = Fates::new(import, witness, wishes);
    if let Some(root) = root {
        let mut names = FileNames::default();
        for (id, part) in fates.parts() {
            if let Err(error) = write(root, &names.next(&part.name()), &fates, (id, part)) {
                tracing::warn!(
                    "what became of each entry of {} could not be written down: {}; all the rest of the import is done, \
                     but `explain` knows only those entries that are files of the library, until you import again",
                    part.name(),
                    error.explained()
                );
            }
        }
    }
    fates.count()
}

fn write(
    root: &Path,
    file_name: &str,
    fates: &Fates<'_>,
    (id, part): (PartId, &Part),
) -> Result<(), LibraryError> {
    let header = Header::new(part.name(), fates.export_time(id), part.table().len());
    let lines = fates.of_part(id).map(|fate| line(fate, &header.part));
    ledger::write(root, file_name, &header, lines)
}

fn line(fate: EntryFate, part: &str) -> Line<'static> {
    let (same_as, same_as_in) = fate.same_as.map(|kept| (kept.path, kept.part)).unzip();
    Line {
        entry: fate.path.into(),
        bucket: fate.bucket.into(),
        item: fate.item.map(|id| id.to_string()),
        because: fate.because,
        same_as,
        same_as_in: same_as_in.filter(|other| other != part),
    }
}
