//! The memory that very many entries take: their photos are tiny, for what counts is how many there are.

use pretend_takeout::{Packing, Settings};

use crate::compared::Compared;
use crate::exports::Export;
use crate::machine::Workspace;
use crate::table::{Series, Verdicts, float, heading, mebibytes, row};
use crate::{Options, Result};

/// MiB that an import may occupy, …
const MOST_MEMORY: f64 = 64.0;

/// … and bytes for each entry besides.
const MOST_PER_ENTRY: f64 = 400.0;

/// Items that make so many entries, of a hundred: the others are sidecars, copies, clips and edited versions.
const ITEMS_IN_A_HUNDRED: u32 = 41;

/// Large libraries have thousands of albums.
const ITEMS_PER_ALBUM: u32 = 200;

/// MiB that so many entries may occupy.
pub(crate) fn allowed(entries: f64) -> f64 {
    MOST_MEMORY + MOST_PER_ENTRY * entries / 1_048_576.0
}

pub(crate) fn judge_memory(what: &str, peak: f64, allowed: f64, verdicts: &mut Verdicts) {
    verdicts.at_most(allowed.round(), "MiB", &format!("{what}: peak memory"), peak);
}

/// Measures a plan, an import and the same again, of zips and of tgzs.
pub(crate) fn measure(options: &Options, workspace: &Workspace, verdicts: &mut Verdicts) -> Result<()> {
    for packing in [Packing::Zip, Packing::Tgz] {
        one(options, packing, workspace, verdicts)?;
    }
    Ok(())
}

fn one(options: &Options, packing: Packing, workspace: &Workspace, verdicts: &mut Verdicts) -> Result<()> {
    let items = options.entries() / 100 * ITEMS_IN_A_HUNDRED;
    let settings = Settings {
        seed: options.seed,
        items,
        albums: items / ITEMS_PER_ALBUM,
        packing,
        ..Settings::default()
    };
    let export = Export::written(&settings, workspace)?;
    let library = workspace.fresh("library")?;
    let entries = float(export.truth.entries);
    heading(&format!(
        "{packing:?}: {entries} entries, {} items",
        export.truth.items
    ));
    let mut most = Series::default();
    for (name, more) in [
        ("plan", &["--dry-run"][..]),
        ("import", &[]),
        ("the same again", &[]),
    ] {
        let cost = export.import(&library, more)?;
        for (what, unit, value) in [
            ("wall time", "s", cost.wall),
            ("CPU", "s", cost.cpu),
            ("peak memory", "MiB", mebibytes(cost.peak)),
        ] {
            let mut series = Series::default();
            series.push(value);
            row(&format!("{name}: {what}"), unit, &series);
        }
        most.push(mebibytes(cost.peak));
    }
    Compared::of(&library, &export.truth)?.must_be_whole()?;
    workspace.retire(&library)?;
    let what = format!("{entries} entries, {packing:?}");
    judge_memory(&what, most.most(), allowed(entries), verdicts);
    Ok(())
}
