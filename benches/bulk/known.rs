//! A run over a library that has everything already, beside bare paging of the same list.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::contestants::{check_complete, gphotosync, sync};
use crate::google::Google;
use crate::machine::Workspace;
use crate::pager::page_through;
use crate::table::{Series, Verdicts, float, heading, mebibytes, row, say};
use crate::{LATENCY, Options, Result};

/// How many times as long as bare paging a run that fetches nothing may take.
const MOST_TIMES_PAGING: f64 = 1.2;

/// MiB that a run over a million known items may occupy.
const MOST_MEMORY: f64 = 96.0;

/// Bytes of the index for each item.
const MOST_INDEX: f64 = 400.0;

/// As small as a photo can be here; only the presence of the files matters.
const TINY: u64 = 600;

/// More items than these are not listed with latency: that would measure the sleep of thousands of pages.
const MOST_WITH_LATENCY: u64 = 100_000;

/// Fetches `count` items once, then measures runs that find all of them known.
pub(crate) fn measure(
    count: u64,
    options: &Options,
    workspace: &Workspace,
    verdicts: &mut Verdicts,
) -> Result<()> {
    let google = Google::serving(count, TINY)?;
    let account = google.sign_in(workspace.fresh("account")?)?;
    let library = workspace.fresh("library")?;
    account.lay_into(&library)?;
    fill(&google, &library, options)?;
    show_index(&google, &library, verdicts)?;
    measure_at(Duration::ZERO, &google, &library, options, verdicts)?;
    if count <= MOST_WITH_LATENCY {
        measure_at(LATENCY, &google, &library, options, verdicts)?;
    }
    workspace.retire(&library)
}

/// The first run, which makes all items known in the only honest way.
fn fill(google: &Google, library: &Path, options: &Options) -> Result<()> {
    let cost = sync(gphotosync(google, library), options.concurrency)?;
    check_complete(library, google)?;
    say(&format!(
        "\n{} items of {TINY} bytes fetched once: {:.1} s, {:.1} s of CPU, peak memory {:.1} MiB",
        google.count(),
        cost.wall,
        cost.cpu,
        mebibytes(cost.peak)
    ));
    Ok(())
}

fn show_index(google: &Google, library: &Path, verdicts: &mut Verdicts) -> Result<()> {
    let own = library.join(".gphotosync");
    let index = fs::metadata(own.join("index.db"))?.len();
    // A write-ahead log that was left behind holds a part of the index.
    let log = fs::metadata(own.join("index.db-wal")).map_or(0, |log| log.len());
    let count = google.count();
    let each = float(index + log) / float(count);
    say(&format!("The index takes {each:.1} bytes per item."));
    verdicts.at_most(
        MOST_INDEX,
        "bytes",
        &format!("index per item, {count} items"),
        each,
    );
    Ok(())
}

fn measure_at(
    latency: Duration,
    google: &Google,
    library: &Path,
    options: &Options,
    verdicts: &mut Verdicts,
) -> Result<()> {
    google.delay(latency);
    let before = google.media_requests();
    let (mut ours, mut paging) = (Series::default(), Series::default());
    let (mut cpu, mut peak) = (Series::default(), Series::default());
    for _ in 0..options.rounds() {
        let cost = sync(gphotosync(google, library), options.concurrency)?;
        ours.push(cost.wall);
        cpu.push(cost.cpu);
        peak.push(mebibytes(cost.peak));
        paging.push(page_through(google)?);
    }
    let (setting, ratio) = (setting(google, latency), ours.times(&paging));
    heading(&setting);
    row("gphotosync", "s", &ours);
    row("bare paging", "s", &paging);
    row("gphotosync / bare paging", "times", &ratio);
    row("CPU of gphotosync", "s", &cpu);
    row("peak memory of gphotosync", "MiB", &peak);
    let requests = float(google.media_requests() - before);
    verdicts.at_most(
        MOST_TIMES_PAGING,
        "times",
        &format!("{setting}: beside paging"),
        ratio.median(),
    );
    verdicts.at_most(
        MOST_MEMORY,
        "MiB",
        &format!("{setting}: peak memory"),
        peak.most(),
    );
    verdicts.at_most(0.0, "requests", &format!("{setting}: bytes asked for"), requests);
    Ok(())
}

fn setting(google: &Google, latency: Duration) -> String {
    format!(
        "{} known items, {} ms latency",
        google.count(),
        latency.as_millis()
    )
}
