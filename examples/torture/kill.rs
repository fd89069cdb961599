//! SIGKILL at seeded moments, again and again over one library that changes meanwhile; then one run in peace.

use std::process::Child;
use std::time::Duration;

use fastrand::Rng;
use stand_in_google::{Faults, JournalMode, Pace, Quotas, Service, StandIn, Trigger};
use tokio::time::Instant;

use super::checks::{Inspector, same};
use super::population::Population;
use super::program::{Place, Program, Result, rest};

/// What a kill torture is made of.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Items at the end, more or less; the library starts with two thirds of them.
    pub(crate) items: usize,
    pub(crate) kills: usize,
    /// Hears what happens.
    pub(crate) say: fn(&str),
}

/// A line slow enough that a run of some hundred milliseconds fetches a few dozen files.
const LATENCY: Duration = Duration::from_millis(4);
const BANDWIDTH: u64 = 4_000_000;

/// Names are changed and the library is opened in the first of these; files arrive in the second.
const EARLY: Duration = Duration::from_millis(120);
const LATE: Duration = Duration::from_millis(900);

/// A run that has not ended by then never will.
const PATIENCE: Duration = Duration::from_mins(5);

/// Kills the program `plan.kills` times and checks everything. Returns a verdict in words.
pub(crate) fn torture(program: Program, plan: &Plan) -> Result<String> {
    let mut population = Population::new(plan.seed, plan.items * 2 / 3);
    let google = StandIn::builder()
        .library(population.items().to_vec())
        .journal(JournalMode::CountersOnly)
        .quotas(Quotas::unlimited())
        .faults(line())
        .start()?;
    let place = Place::signed_in(program, &google)?;
    let mut inspector = Inspector::new();
    let mut rng = Rng::with_seed(plan.seed ^ 0x6b69_6c6c);
    let mut ended_first = 0;
    for round in 1..=plan.kills {
        let delay = moment(&mut rng);
        if run_and_kill(&place, delay)? {
            ended_first += 1;
        }
        let here = inspector
            .after_a_kill(&place, population.items())
            .map_err(|error| format!("after kill {round}, {delay:?} after the start: {error}"))?;
        let changed = match rng.u8(0..3) {
            0 => String::from("nothing changed"),
            _ => population.change(&google, most_changes(plan)),
        };
        (plan.say)(&format!(
            "kill {round:>4} after {delay:>9.1?}: {here:>5} files in place; {changed}"
        ));
    }
    google.faults().clear();
    peace(program, &google, &place, &mut inspector, &population)?;
    Ok(format!(
        "{} items survived {} kills ({ended_first} runs ended before theirs), as if never killed",
        population.items().len(),
        plan.kills
    ))
}

fn line() -> Faults {
    Faults::none()
        .rule(Service::Media, Trigger::Always, Pace::Latency(LATENCY))
        .rule(Service::Media, Trigger::Always, Pace::Bandwidth(BANDWIDTH))
}

/// So that the wanted number of items is reached, on the average, with the last kill.
fn most_changes(plan: &Plan) -> usize {
    (plan.items / plan.kills.max(1)).max(2)
}

fn moment(rng: &mut Rng) -> Duration {
    let most = if rng.bool() { EARLY } else { LATE };
    Duration::from_micros(rng.u64(0..u64::try_from(most.as_micros()).unwrap_or(u64::MAX)))
}

/// Runs the program and kills it after `delay`; true if it had ended by then, as it should.
fn run_and_kill(place: &Place, delay: Duration) -> Result<bool> {
    let mut child = place.start(&["sync", "--progress", "json"], "killed")?;
    rest(delay);
    let is_over = child.try_wait()?.is_some();
    if is_over {
        place.ended(child, "killed")?.with_code(0)?;
    } else {
        child.kill()?;
        child.wait()?;
    }
    Ok(is_over)
}

/// One undisturbed run must end well and give the tree of a library that was never disturbed.
fn peace(
    program: Program,
    google: &StandIn,
    place: &Place,
    inspector: &mut Inspector,
    population: &Population,
) -> Result<()> {
    undisturbed(place)?;
    let tree = inspector
        .at_rest(place, population.items())
        .map_err(|error| format!("after the undisturbed run: {error}"))?;
    let fresh = Place::signed_in(program, google)?;
    undisturbed(&fresh)?;
    let wanted = Inspector::new()
        .at_rest(&fresh, population.items())
        .map_err(|error| format!("in the library never killed: {error}"))?;
    same(&tree, &wanted)
}

fn undisturbed(place: &Place) -> Result<()> {
    let child = place.start(&["sync", "--progress", "json"], "peace")?;
    let child = in_time(child)?;
    place.ended(child, "peace")?.with_code(0).map(drop)
}

/// The child once it has ended, which it must within [`PATIENCE`].
pub(crate) fn in_time(mut child: Child) -> Result<Child> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill()?;
            return Err("a run does not end".into());
        }
        rest(Duration::from_millis(5));
    }
    Ok(child)
}
