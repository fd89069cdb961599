//! Archives made by real writers, and by hand where no writer is that bad.

mod by_hand;
mod exports;
mod hostile;
mod pretended;
mod tally;
mod tgzs;
mod trees;
mod zips;

use std::io::{Cursor, Read, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, ZipWriter};

use super::read_at::in_memory;
use super::table::{Entry, Standing};
use super::zip::{IndexedZip, ZipPart};
use super::{EntryFault, Found, Inventory, Part, PartFault, Refusal, Taste};

/// A zip whose entries are deflated but for those called `.jpg`.
fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, options(name)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn options(name: &str) -> SimpleFileOptions {
    let method = if has_ending(name, "jpg") {
        CompressionMethod::Stored
    } else {
        CompressionMethod::Deflated
    };
    SimpleFileOptions::default().compression_method(method)
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == ending)
}

fn tgz_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(gz());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mtime(1_716_638_400);
        header.set_mode(0o644);
        writer.append_data(&mut header, name, *bytes).unwrap();
    }
    writer.into_inner().unwrap().finish().unwrap()
}

fn gz() -> flate2::write::GzEncoder<Vec<u8>> {
    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast())
}

/// Bytes that no packer makes smaller, different for each seed.
fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..len).map(|_| next()).collect()
}

fn go_on(_: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn indexed(zip: Vec<u8>) -> Result<IndexedZip, PartFault> {
    ZipPart::open(&in_memory::bytes(zip))?.index(&mut go_on)
}

/// What an entry's bytes turn out to be.
type Content = Result<Vec<u8>, EntryFault>;

fn content(bytes: &mut dyn Read) -> Content {
    let mut all = Vec::new();
    match bytes.read_to_end(&mut all) {
        Ok(_) => Ok(all),
        Err(error) => Err(EntryFault::of(&error).unwrap_or_else(|| panic!("no fault of the entry: {error}"))),
    }
}

/// All files of a zip with their bytes, in the order in which they lie.
fn contents(zip: &IndexedZip) -> Vec<(String, Content)> {
    let mut all = Vec::new();
    zip.for_each(&mut |_| true, &mut |entry: Entry<'_>, bytes: &mut dyn Read| {
        all.push((entry.path(), content(bytes)));
        ControlFlow::Continue(())
    })
    .unwrap();
    all
}

fn part_contents(part: &Part) -> Vec<(String, Content)> {
    let mut all = Vec::new();
    let mut visit = |entry: Entry<'_>, bytes: &mut dyn Read| {
        all.push((entry.path(), content(bytes)));
        ControlFlow::Continue(())
    };
    part.for_each(
        &mut |entry| entry.standing() == Standing::File,
        &mut visit,
        &mut go_on,
    )
    .unwrap();
    all
}

/// Looks at folders and files below `home`, and indexes what is there.
fn inventory(home: &Path, given: &[&str]) -> Inventory {
    let paths: Vec<_> = given.iter().map(|path| home.join(path)).collect();
    let mut nothing = |_: &str, _: &str, _| false;
    let mut unheard = |_, _, _: &mut dyn Read| ControlFlow::Continue(());
    Found::look(&paths)
        .index(&mut Taste::new(&mut nothing, &mut unheard), &mut go_on)
        .unwrap()
}
