//! Two at once on one library: one works, the other ends with code 6 and names the one that works.

use std::process::Child;
use std::time::Duration;

use stand_in_google::{Faults, Pace, Service, StandIn, Trigger};

use super::checks::Inspector;
use super::population::Population;
use super::program::{Ended, Place, Program, Result, rest};

/// Long enough that both are at work at the same time.
const LATENCY: Duration = Duration::from_millis(40);

/// Starts two at once, `rounds` times. Returns a verdict in words.
pub(crate) fn torture(program: Program, seed: u64, items: usize, rounds: usize) -> Result<String> {
    let population = Population::new(seed, items);
    let slow = Faults::none().rule(Service::Library, Trigger::Always, Pace::Latency(LATENCY));
    let google = StandIn::builder()
        .library(population.items().to_vec())
        .faults(slow)
        .start()?;
    let place = Place::signed_in(program, &google)?;
    for round in 0..rounds {
        // The first needs a moment to write its name down after it took the lock.
        let pause = Duration::from_millis(40 + round as u64);
        let first = place.start(&["sync", "--progress", "json"], "first")?;
        rest(pause);
        let second = place.start(&["sync", "--progress", "json"], "second")?;
        one_works(&place, first, second).map_err(|error| format!("round {round}: {error}"))?;
    }
    Inspector::new().at_rest(&place, population.items())?;
    Ok(format!(
        "{rounds} times two at once: one worked, the other named it"
    ))
}

fn one_works(place: &Place, first: Child, second: Child) -> Result<()> {
    let pids = (first.id(), second.id());
    let (first, second) = (place.ended(first, "first")?, place.ended(second, "second")?);
    match (first.code, second.code) {
        (Some(0), Some(6)) => names(&second, pids.0),
        (Some(6), Some(0)) => names(&first, pids.1),
        codes => Err(format!("{codes:?}\n{}\n{}", first.stderr, second.stderr).into()),
    }
}

fn names(refused: &Ended, holder: u32) -> Result<()> {
    let told = format!("{}{}", refused.stdout, refused.stderr);
    if told.contains(&format!("process {holder} on ")) {
        return Ok(());
    }
    Err(format!("process {holder} is not named: {told}").into())
}
