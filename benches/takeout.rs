//! `cargo bench --bench takeout`: an export imported, beside what `unzip` takes for the same parts on the same disk.
//!
//! Needs about 13 GB in the temporary folder (`--dir PATH` names another), or 700 MB with `--quick`. The export is
//! made first and lies in the page cache for both; both write to fresh folders, and the disk comes to rest between
//! them. `unzip` makes nothing durable and checks no more than a CRC; the import also hashes, dates and names.

use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use pretend_takeout::{Settings, Truth, write};

#[path = "bulk/measured.rs"]
mod measured;

use measured::{Cost, run};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What the issue asks for: an import in so many times the time of unpacking, at most …
const MOST_TIMES_UNZIP: f64 = 1.5;

/// … the same again in this part of that, at most …
const MOST_AGAIN: f64 = 0.1;

/// … and memory of so many bytes, and so many for each entry.
const MOST_MEMORY: (u64, u64) = (64 << 20, 400);

struct Wishes {
    folder: PathBuf,
    items: u32,
    bytes_each: u64,
}

fn wishes() -> Result<Wishes> {
    let mut wishes = Wishes {
        folder: std::env::temp_dir(),
        items: 20_000,
        // With clips, edited versions and copies in albums, that makes about 4 GB.
        bytes_each: 110_000,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => wishes.items = 1_000,
            "--bench" => {}
            "--dir" => wishes.folder = arguments.next().ok_or("--dir needs a folder")?.into(),
            "--items" => wishes.items = arguments.next().ok_or("--items needs a number")?.parse()?,
            "--bytes-each" => {
                wishes.bytes_each = arguments.next().ok_or("--bytes-each needs a number")?.parse()?;
            }
            other => return Err(format!("unknown: {other}").into()),
        }
    }
    Ok(wishes)
}

fn main() -> Result<()> {
    let wishes = wishes()?;
    let folder = tempfile::Builder::new()
        .prefix("gphotosync-bench-")
        .tempdir_in(&wishes.folder)?;
    let parts = folder.path().join("parts");
    fs::create_dir(&parts)?;
    let truth = write(
        &Settings {
            items: wishes.items,
            albums: wishes.items / 100,
            parts: 5,
            bytes_each: wishes.bytes_each,
            ..Settings::default()
        },
        &parts,
    )?;
    say(&format!(
        "{} items, {} entries, {:.2} GB in {} zips\n",
        truth.items,
        truth.entries,
        giga(truth.bytes),
        truth.parts.len()
    ))?;
    settle()?;
    let unzip = unzip(&truth, &parts, &folder.path().join("unzipped"))?;
    settle()?;
    let library = folder.path().join("library");
    fs::create_dir(&library)?;
    let first = import(&parts, &library)?;
    settle()?;
    let again = import(&parts, &library)?;
    tell(&truth, unzip, first, again)
}

/// Lets the disk come to rest.
fn settle() -> Result<()> {
    run(&mut Command::new("sync")).map(drop)
}

/// All parts, one after the other, as a person would do it.
fn unzip(truth: &Truth, parts: &Path, into: &Path) -> Result<Cost> {
    fs::create_dir(into)?;
    let mut sum = Cost {
        wall: 0.0,
        cpu: 0.0,
        peak: 0,
    };
    for part in &truth.parts {
        // What two parts have in common is not asked about.
        let cost = run(Command::new("unzip")
            .args(["-qq", "-o"])
            .arg(parts.join(part))
            .arg("-d")
            .arg(into))?;
        sum.wall += cost.wall;
        sum.cpu += cost.cpu;
        sum.peak = sum.peak.max(cost.peak);
    }
    Ok(sum)
}

fn import(parts: &Path, library: &Path) -> Result<Cost> {
    run(Command::new(env!("CARGO_BIN_EXE_gphotosync"))
        .arg("takeout")
        .arg(parts)
        .args(["--progress", "none", "-q", "--lib"])
        .arg(library))
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
fn giga(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

fn tell(truth: &Truth, unzip: Cost, first: Cost, again: Cost) -> Result<()> {
    let mega = giga(truth.bytes) * 1000.0;
    say("                wall        cpu        peak       items/s     MB/s\n")?;
    for (name, cost) in [("unzip -qq", unzip), ("import", first), ("again", again)] {
        say(&format!(
            "{name:<12} {:>7.2} s  {:>7.2} s  {:>7.1} MiB  {:>10.0}  {:>7.1}\n",
            cost.wall,
            cost.cpu,
            giga(cost.peak) * 1000.0 / 1.048_576,
            f64::from(truth.items) / cost.wall,
            mega / cost.wall
        ))?;
    }
    let (memory, each) = MOST_MEMORY;
    let most = memory + each * truth.entries;
    say(&format!(
        "\nimport / unzip  {:.2}  (at most {MOST_TIMES_UNZIP})\nagain / import  {:.3} (at most {MOST_AGAIN})\npeak / allowed  \
         {:.2}  (at most 1)\n",
        first.wall / unzip.wall,
        again.wall / first.wall,
        giga(first.peak.max(again.peak)) / giga(most)
    ))
}

fn say(text: &str) -> Result<()> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}
