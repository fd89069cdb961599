//! What gphotosync costs beside the least that the same work can cost, measured side by side in one run:
//!
//! `cargo bench --bench bulk [-- SECTION…]`
//!
//! - `bulk`: the release binary against `curl --parallel`, the same bytes from the same server onto the same disk;
//! - `known`: a second run over 100,000 known items against bare paging of their list;
//! - `million`: the same with 1,000,000 items, only when asked for, since it fetches them all once;
//! - `durability`: what it costs that files survive a power cut.
//!
//! The server is the stand-in for Google, inside this process. The numbers of one run are comparable with each
//! other; seconds of different machines, or of different hours of a busy one, are not. Linux only, for it reads
//! `/proc`.

mod bulk;
mod contestants;
mod durability;
mod google;
mod known;
mod machine;
mod measured;
mod pager;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::machine::Workspace;
use crate::table::Verdicts;

/// Anything that keeps a section from being measured.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A round trip to Google over a good line.
const LATENCY: Duration = Duration::from_millis(40);

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Section {
    /// Fetching everything, beside `curl --parallel`
    Bulk,
    /// A second run over 100,000 known items, beside bare paging
    Known,
    /// The same with 1,000,000 items (takes long; never by default)
    Million,
    /// The price of surviving a power cut (needs `eatmydata`)
    Durability,
}

/// Measures gphotosync beside the least that the same work can cost.
#[derive(Debug, Parser)]
#[command(name = "cargo bench --bench bulk --")]
struct Options {
    /// What to measure [default: all but `million`]
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// A tenth of the items, to see that all of it works
    #[arg(long)]
    quick: bool,
    /// Files to fetch in `bulk` and `durability` [default: 3000]
    #[arg(long)]
    items: Option<u64>,
    /// Bytes of each of these files
    #[arg(long, default_value_t = 1_000_000)]
    bytes: u64,
    /// Transfers at once, for both sides
    #[arg(long, default_value_t = 16)]
    concurrency: usize,
    /// How often each side has its turn [default: 5, or 2 with --quick]
    #[arg(long)]
    rounds: Option<usize>,
    /// Where the files go; cleared afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// End with an error if a limit is not kept
    #[arg(long)]
    strict: bool,
    /// What cargo calls a benchmark with
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn sections(&self) -> Vec<Section> {
        if self.sections.is_empty() {
            vec![Section::Bulk, Section::Durability, Section::Known]
        } else {
            self.sections.clone()
        }
    }

    fn items(&self) -> u64 {
        self.items.unwrap_or(if self.quick { 300 } else { 3_000 })
    }

    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 2 } else { 5 }).max(1)
    }

    /// `count` items, or a tenth of them for a quick look.
    const fn scaled(&self, count: u64) -> u64 {
        if self.quick { count / 10 } else { count }
    }

    /// Disk space that the greatest section needs, in bytes: all files once, or a block for each tiny file; and
    /// some for indices, lists and emptied files.
    fn space_needed(&self) -> u64 {
        let tiny = if self.sections().contains(&Section::Million) {
            self.scaled(1_000_000)
        } else {
            self.scaled(100_000)
        };
        (self.items() * self.bytes).max(tiny * 6_000) + (1 << 30)
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    table::conclude(("bulk", options.bench, options.strict), || measure(&options))
}

fn measure(options: &Options) -> Result<Verdicts> {
    let workspace = Workspace::new(&options.dir, options.space_needed())?;
    table::say(&machine::facts(workspace.path())?);
    let mut verdicts = Verdicts::default();
    for section in options.sections() {
        match section {
            Section::Bulk => bulk::measure(options, &workspace, &mut verdicts)?,
            Section::Known => known::measure(options.scaled(100_000), options, &workspace, &mut verdicts)?,
            Section::Million => {
                known::measure(options.scaled(1_000_000), options, &workspace, &mut verdicts)?;
            }
            Section::Durability => durability::measure(options, &workspace, &mut verdicts)?,
        }
    }
    table::say(&verdicts.to_string());
    table::say(&machine::load()?);
    Ok(verdicts)
}
