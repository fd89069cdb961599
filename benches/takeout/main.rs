//! What importing a Takeout export costs and how right it is, measured on exports that are made for it:
//!
//! `cargo bench --bench takeout [-- SECTION…]`
//!
//! - `import`: the release binary against `unzip -qq` of the same parts on the same disk, and the same import again;
//! - `memory`: what 500,000 entries occupy;
//! - `truth`: several exports, in several languages and packings, compared with what their maker knows of them.
//!
//! Exports are made first and lie in the page cache for both sides. The numbers of one run are comparable with each
//! other; seconds of different machines, or of different hours of a busy one, are not. Needs some 20 GB in the folder
//! of `--dir`, or 3 GB with `--quick`. Linux only, for it reads `/proc`.

mod compared;
mod exports;
#[path = "../bulk/machine.rs"]
mod machine;
#[path = "../bulk/measured.rs"]
mod measured;
mod memory;
mod speed;
#[path = "../bulk/table.rs"]
mod table;
mod truth;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::machine::Workspace;
use crate::table::Verdicts;

/// Anything that keeps a section from being measured.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Section {
    /// Importing, beside `unzip -qq`, and importing the same again
    Import,
    /// The memory that an export of very many entries takes
    Memory,
    /// How much of some exports is here, unchanged, at the right time and told of by the right sidecar
    Truth,
}

/// Measures the import of Takeout exports.
#[derive(Debug, Parser)]
#[command(name = "cargo bench --bench takeout --")]
struct Options {
    /// What to measure [default: all]
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// A tenth of everything, to see that all of it works
    #[arg(long)]
    quick: bool,
    /// Items of the export in `import` [default: 20000]
    #[arg(long)]
    items: Option<u32>,
    /// Mean bytes of each of their files: with clips, edited versions and copies, these make about 4 GB
    #[arg(long, default_value_t = 145_000)]
    bytes: u64,
    /// Entries in `memory` [default: 500000]
    #[arg(long)]
    entries: Option<u32>,
    /// How often each side has its turn [default: 3, or 2 with --quick]
    #[arg(long)]
    rounds: Option<usize>,
    /// What the exports are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where everything is written; cleared afterwards
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
            vec![Section::Import, Section::Memory, Section::Truth]
        } else {
            self.sections.clone()
        }
    }

    /// `count`, or a tenth of it for a quick look.
    const fn scaled(&self, count: u32) -> u32 {
        if self.quick { count / 10 } else { count }
    }

    fn items(&self) -> u32 {
        self.items.unwrap_or_else(|| self.scaled(20_000))
    }

    fn entries(&self) -> u32 {
        self.entries.unwrap_or_else(|| self.scaled(500_000))
    }

    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 2 } else { 3 }).max(1)
    }

    /// Disk space that the greatest section needs, in bytes: for speed the parts and both sides' files, each with
    /// twice the mean for copies and clips; for memory the parts, and some blocks for each photo and what is beside it.
    fn space_needed(&self) -> u64 {
        let wants = |section| self.sections().contains(&section);
        let import = u64::from(self.items()) * (self.bytes + 4_000) * 2 * 3;
        let memory = u64::from(self.entries()) * 12_000;
        let needs = [
            (Section::Import, import),
            (Section::Memory, memory),
            (Section::Truth, 1 << 30),
        ];
        let most = needs.into_iter().filter(|(section, _)| wants(*section));
        most.map(|(_, bytes)| bytes).max().unwrap_or(0) + (1 << 30)
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    table::conclude(("takeout", options.bench, options.strict), || measure(&options))
}

fn measure(options: &Options) -> Result<Verdicts> {
    let workspace = Workspace::new(&options.dir, options.space_needed())?;
    table::say(&machine::facts(workspace.path())?);
    let mut verdicts = Verdicts::default();
    for section in options.sections() {
        match section {
            Section::Import => speed::measure(options, &workspace, &mut verdicts)?,
            Section::Memory => memory::measure(options, &workspace, &mut verdicts)?,
            Section::Truth => truth::measure(options, &workspace, &mut verdicts)?,
        }
    }
    table::say(&verdicts.to_string());
    table::say(&machine::load()?);
    Ok(verdicts)
}
