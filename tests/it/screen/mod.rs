//! What a person sees: the program in a terminal window, and its lines where there is no terminal.

mod bars;
mod interruption;
mod lines;
mod look;
pub(crate) mod window;

use stand_in_google::{Body, Faults, Item, Pace, Service, StandIn, Trigger};

use crate::support::serving;

/// As many bytes has each photo of a slow library.
const BYTES: u64 = 200_000;

/// Photos that take about a second each, which is enough to be seen.
fn slow_library(count: u64) -> StandIn {
    let google = serving((1..=count).map(photo).collect());
    google.faults().set(slowly());
    google
}

fn slowly() -> Faults {
    Faults::none().rule(Service::Media, Trigger::Always, Pace::Bandwidth(BYTES))
}

fn photo(seed: u64) -> Item {
    Item::photo(seed).with_body(Body::Jpeg {
        width: 64,
        height: 48,
        seed,
        size: BYTES,
    })
}

/// The parts of bars.
fn is_of_a_bar(c: char) -> bool {
    "━─╌⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".contains(c)
}
