//! Fetching everything into a new library, beside curl fetching the same bytes.

use std::time::Duration;

use tokio::time::Instant;

use crate::contestants::{CurlList, check_complete, gphotosync, sync};
use crate::google::{Account, Google};
use crate::machine::{Workspace, sync_file_system};
use crate::measured::{Cost, Side};
use crate::table::{Series, Verdicts, gigabytes, heading, row};
use crate::{LATENCY, Options, Result, pager};

/// How many times as long as the raw downloader a run may take, its bytes on disk included.
const MOST_TIMES_CURL: f64 = 1.15;

/// MiB that a run over a few thousand items may occupy.
const MOST_MEMORY: f64 = 64.0;

/// Where gphotosync and curl have their turns.
struct Arena<'a> {
    workspace: &'a Workspace,
    google: Google,
    account: Account,
    curl: CurlList,
    concurrency: usize,
}

/// What all rounds brought.
#[derive(Default)]
struct Rounds {
    ours: Side,
    curl: Side,
    /// Until curl's bytes were as safe as ours, seconds.
    syncing: Series,
}

/// Measures without latency, and with it.
pub(crate) fn measure(options: &Options, workspace: &Workspace, verdicts: &mut Verdicts) -> Result<()> {
    let arena = Arena::new(options, workspace)?;
    for latency in [Duration::ZERO, LATENCY] {
        arena.google.delay(latency);
        let mut rounds = Rounds::default();
        for number in 0..options.rounds() {
            arena.round(number, &mut rounds)?;
        }
        let setting = format!(
            "{} × {} bytes, {} at once, {} ms latency",
            options.items(),
            options.bytes,
            options.concurrency,
            latency.as_millis()
        );
        rounds.show(&setting, gigabytes(arena.google.total_bytes()));
        rounds.judge(&format!("{} ms", latency.as_millis()), verdicts);
    }
    Ok(())
}

impl<'a> Arena<'a> {
    fn new(options: &Options, workspace: &'a Workspace) -> Result<Self> {
        let google = Google::serving(options.items(), options.bytes)?;
        let account = google.sign_in(workspace.fresh("account")?)?;
        let addresses = pager::addresses(&google)?;
        let curl = CurlList::new(&addresses, workspace.path().join("curl"))?;
        Ok(Self {
            workspace,
            google,
            account,
            curl,
            concurrency: options.concurrency,
        })
    }

    /// Each side's turn. Who comes first changes from round to round, for a virtual machine lends its memory to
    /// whoever is first to touch it, and that takes time.
    fn round(&self, number: usize, rounds: &mut Rounds) -> Result<()> {
        if number.is_multiple_of(2) {
            rounds.ours.add(&self.ours()?);
        }
        let (cost, syncing) = self.curls()?;
        rounds.curl.add(&cost);
        rounds.syncing.push(syncing);
        if !number.is_multiple_of(2) {
            rounds.ours.add(&self.ours()?);
        }
        Ok(())
    }

    fn ours(&self) -> Result<Cost> {
        let library = self.workspace.fresh("library")?;
        self.account.lay_into(&library)?;
        self.workspace.settle()?;
        let cost = sync(gphotosync(&self.google, &library), self.concurrency)?;
        check_complete(&library, &self.google)?;
        self.workspace.retire(&library)?;
        Ok(cost)
    }

    /// What fetching cost, and the seconds it took to make all of it safe.
    fn curls(&self) -> Result<(Cost, f64)> {
        let folder = self.workspace.fresh("curl")?;
        self.workspace.settle()?;
        let cost = self.curl.fetch(self.concurrency)?;
        let began = Instant::now();
        sync_file_system(&folder)?;
        let syncing = began.elapsed().as_secs_f64();
        check_complete(self.curl.folder(), &self.google)?;
        self.workspace.retire(&folder)?;
        Ok((cost, syncing))
    }
}

impl Rounds {
    fn show(&self, setting: &str, gigabytes: f64) {
        let safe = self.curl.wall.plus(&self.syncing);
        heading(setting);
        row("gphotosync", "s", &self.ours.wall);
        row("curl", "s", &self.curl.wall);
        row("curl and `sync -f`", "s", &safe);
        row(
            "gphotosync / curl",
            "times",
            &self.ours.wall.times(&self.curl.wall),
        );
        row(
            "gphotosync / curl and `sync -f`",
            "times",
            &self.ours.wall.times(&safe),
        );
        row("CPU of gphotosync", "s/GB", &self.ours.cpu.per(gigabytes));
        row("CPU of curl", "s/GB", &self.curl.cpu.per(gigabytes));
        row("peak memory of gphotosync", "MiB", &self.ours.peak);
        row("peak memory of curl", "MiB", &self.curl.peak);
    }

    fn judge(&self, latency: &str, verdicts: &mut Verdicts) {
        let safe = self.curl.wall.plus(&self.syncing);
        let ratio = self.ours.wall.times(&safe).median();
        let what = format!("bulk at {latency}: wall time beside curl, both durable");
        verdicts.at_most(MOST_TIMES_CURL, "times", &what, ratio);
        let ratio = self.ours.wall.times(&self.curl.wall).median();
        let what = format!("bulk at {latency}: wall time beside curl, which syncs nothing");
        verdicts.at_most(MOST_TIMES_CURL, "times", &what, ratio);
        let what = format!("bulk at {latency}: peak memory");
        verdicts.at_most(MOST_MEMORY, "MiB", &what, self.ours.peak.most());
    }
}
