//! Writing the ledger of one part, entry by entry: under a name of its own until it is whole and durable.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Header, Line, folder};
use crate::library::LibraryError;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::disk::place::sync_folder;

/// The ledger on its way. There is one at a time; what a crash leaves of it is swept out when the library is opened.
const STAGED: &str = "entries.part";

/// Writes a ledger called `name` into the library in `root`.
///
/// Guarantees: at any instant there is the whole ledger of an earlier import, or this one, or none.
pub(crate) fn write<'a>(
    root: &Path,
    name: &str,
    header: &Header,
    lines: impl Iterator<Item = Line<'a>>,
) -> Result<(), LibraryError> {
    let (staging, folder) = (root.join(OWN_FOLDER).join("staging"), folder(root));
    for needed in [&staging, &folder] {
        fs::create_dir_all(needed).map_err(LibraryError::disk("make", needed))?;
    }
    let (staged, place) = (staging.join(STAGED), folder.join(name));
    let named = filled(&staged, header, lines)
        .map_err(LibraryError::disk("write", &staged))
        .and_then(|()| fs::rename(&staged, &place).map_err(LibraryError::disk("name", &place)));
    if named.is_err() {
        // What cannot be removed now is swept out later.
        drop(fs::remove_file(&staged));
    }
    named?;
    for changed in [&folder, &root.join(OWN_FOLDER)] {
        sync_folder(changed).map_err(LibraryError::disk("sync", changed))?;
    }
    Ok(())
}

fn filled<'a>(staged: &Path, header: &Header, lines: impl Iterator<Item = Line<'a>>) -> io::Result<()> {
    // A quarter larger than the usual, in half the time: every import writes it, and hardly anybody reads it.
    let packed = GzEncoder::new(File::create(staged)?, Compression::fast());
    let mut out = BufWriter::new(packed);
    serde_json::to_writer(&mut out, header)?;
    out.write_all(b"\n")?;
    for line in lines {
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    let packed = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    packed.finish()?.sync_all()
}
