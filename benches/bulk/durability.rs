//! What it costs that every file survives a power cut: runs as they are beside runs whose syncs do nothing.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::contestants::{careless_gphotosync, check_complete, gphotosync, sync};
use crate::google::{Account, Google};
use crate::machine::Workspace;
use crate::table::{Series, Verdicts, heading, row, say};
use crate::{LATENCY, Options, Result};

/// How many times as long as a careless run a careful one may take.
const MOST_TIMES_CARELESS: f64 = 1.10;

/// Measures if `eatmydata` is there, which makes syncs do nothing.
pub(crate) fn measure(options: &Options, workspace: &Workspace, verdicts: &mut Verdicts) -> Result<()> {
    if !has_eatmydata() {
        say("\nThe price of durability is not measured: `eatmydata` is not installed.");
        return Ok(());
    }
    let google = Google::serving(options.items(), options.bytes)?;
    let account = google.sign_in(workspace.fresh("account")?)?;
    for latency in [Duration::ZERO, LATENCY] {
        google.delay(latency);
        measure_at(latency, &google, &account, (options, workspace), verdicts)?;
    }
    Ok(())
}

fn measure_at(
    latency: Duration,
    google: &Google,
    account: &Account,
    (options, workspace): (&Options, &Workspace),
    verdicts: &mut Verdicts,
) -> Result<()> {
    let (mut careful, mut careless) = (Series::default(), Series::default());
    for _ in 0..options.rounds() {
        careful.push(seconds(google, account, workspace, options, gphotosync)?);
        careless.push(seconds(google, account, workspace, options, careless_gphotosync)?);
    }
    let latency = latency.as_millis();
    heading(&format!(
        "{} × {} bytes, {} at once, {latency} ms latency, with and without syncs",
        options.items(),
        options.bytes,
        options.concurrency
    ));
    row("gphotosync", "s", &careful);
    row("gphotosync, syncs doing nothing", "s", &careless);
    row("with / without", "times", &careful.times(&careless));
    let ratio = careful.times(&careless).median();
    let what = format!("durability at {latency} ms: wall time with syncs");
    verdicts.at_most(MOST_TIMES_CARELESS, "times", &what, ratio);
    Ok(())
}

fn has_eatmydata() -> bool {
    let found = Command::new("eatmydata")
        .arg("true")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

fn seconds(
    google: &Google,
    account: &Account,
    workspace: &Workspace,
    options: &Options,
    program: fn(&Google, &std::path::Path) -> Command,
) -> Result<f64> {
    let library = workspace.fresh("library")?;
    account.lay_into(&library)?;
    workspace.settle()?;
    let cost = sync(program(google, &library), options.concurrency)?;
    check_complete(&library, google)?;
    workspace.retire(&library)?;
    Ok(cost.wall)
}
