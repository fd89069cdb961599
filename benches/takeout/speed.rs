//! Importing an export, beside unpacking it, and importing it again.

use pretend_takeout::Settings;
use tokio::time::Instant;

use crate::compared::Compared;
use crate::exports::{Export, require_unzip};
use crate::machine::{Workspace, sync_file_system};
use crate::measured::Side;
use crate::memory::{allowed, judge_memory};
use crate::table::{Series, Verdicts, float, gigabytes, heading, row};
use crate::{Options, Result};

/// How many times as long as unpacking, which makes nothing durable, an import may take.
const MOST_TIMES_UNZIP: f64 = 1.5;

/// The part of its own time that the same import may take again.
const MOST_AGAIN: f64 = 0.1;

/// As Google splits an export of this size.
const PARTS: u32 = 5;

/// Photos that share an album, about.
const ITEMS_PER_ALBUM: u32 = 100;

/// What all rounds brought.
#[derive(Default)]
struct Rounds {
    unzip: Side,
    /// Until what was unpacked was as safe as ours, seconds.
    syncing: Series,
    first: Side,
    again: Side,
    /// What there was to do.
    items: Series,
    megabytes: Series,
}

/// Measures both sides, round for round.
pub(crate) fn measure(options: &Options, workspace: &Workspace, verdicts: &mut Verdicts) -> Result<()> {
    require_unzip()?;
    let settings = Settings {
        seed: options.seed,
        items: options.items(),
        albums: options.items() / ITEMS_PER_ALBUM,
        parts: PARTS,
        bytes_each: options.bytes,
        ..Settings::default()
    };
    let export = Export::written(&settings, workspace)?;
    let mut rounds = Rounds::default();
    for number in 0..options.rounds() {
        rounds.one(number, &export, workspace)?;
    }
    rounds.show(&export);
    rounds.judge(&export, verdicts);
    Ok(())
}

impl Rounds {
    /// Each side's turn. Who comes first changes from round to round, for a virtual machine lends its memory to
    /// whoever is first to touch it, and that takes time.
    fn one(&mut self, number: usize, export: &Export, workspace: &Workspace) -> Result<()> {
        if number.is_multiple_of(2) {
            self.import(export, workspace)?;
        }
        self.unzip(export, workspace)?;
        if !number.is_multiple_of(2) {
            self.import(export, workspace)?;
        }
        Ok(())
    }

    fn unzip(&mut self, export: &Export, workspace: &Workspace) -> Result<()> {
        let folder = workspace.fresh("unzipped")?;
        workspace.settle()?;
        self.unzip.add(&export.unzip(&folder)?);
        let began = Instant::now();
        sync_file_system(&folder)?;
        self.syncing.push(began.elapsed().as_secs_f64());
        workspace.retire(&folder)
    }

    fn import(&mut self, export: &Export, workspace: &Workspace) -> Result<()> {
        let library = workspace.fresh("library")?;
        workspace.settle()?;
        self.first.add(&export.import(&library, &[])?);
        self.items.push(f64::from(export.truth.items));
        self.megabytes.push(gigabytes(export.truth.bytes) * 1000.0);
        workspace.settle()?;
        self.again.add(&export.import(&library, &[])?);
        Compared::of(&library, &export.truth)?.must_be_whole()?;
        workspace.retire(&library)
    }

    fn show(&self, export: &Export) {
        let truth = &export.truth;
        let gigabytes = gigabytes(truth.bytes);
        heading(&format!(
            "{} items, {} entries, {gigabytes:.2} GB in {} zips",
            truth.items,
            truth.entries,
            truth.parts.len()
        ));
        let safe = self.unzip.wall.plus(&self.syncing);
        row("import", "s", &self.first.wall);
        row("the same again", "s", &self.again.wall);
        row("unzip -qq", "s", &self.unzip.wall);
        row("unzip -qq and `sync -f`", "s", &safe);
        row(
            "import / unzip",
            "times",
            &self.first.wall.times(&self.unzip.wall),
        );
        row(
            "import / unzip and `sync -f`",
            "times",
            &self.first.wall.times(&safe),
        );
        row(
            "again / import",
            "times",
            &self.again.wall.times(&self.first.wall),
        );
        row("import", "items/s", &self.items.times(&self.first.wall));
        row("import", "MB/s", &self.megabytes.times(&self.first.wall));
        row("CPU of import", "s/GB", &self.first.cpu.per(gigabytes));
        row("CPU of importing again", "s/GB", &self.again.cpu.per(gigabytes));
        row("CPU of unzip", "s/GB", &self.unzip.cpu.per(gigabytes));
        row("peak memory of import", "MiB", &self.first.peak);
        row("peak memory of importing again", "MiB", &self.again.peak);
        row("peak memory of unzip", "MiB", &self.unzip.peak);
    }

    fn judge(&self, export: &Export, verdicts: &mut Verdicts) {
        let ratio = self.first.wall.times(&self.unzip.wall).median();
        let what = "import: wall time beside unzip, which syncs nothing";
        verdicts.at_most(MOST_TIMES_UNZIP, "times", what, ratio);
        let ratio = self.again.wall.times(&self.first.wall).median();
        let what = "import: wall time of the same again";
        verdicts.at_most(MOST_AGAIN, "times", what, ratio);
        let peak = self.first.peak.most().max(self.again.peak.most());
        judge_memory("import", peak, allowed(float(export.truth.entries)), verdicts);
    }
}
