//! Short versions of `cargo run --release --example torture -- kill` and `takeout`: a dozen kills over one colliding
//! library that changes meanwhile, or while exports are imported, and then the tree of a library that nobody ever
//! disturbed.

#[path = "../examples/torture/checks.rs"]
mod checks;
#[path = "../examples/torture/kill.rs"]
mod kill;
#[path = "../examples/torture/population.rs"]
mod population;
#[path = "../examples/torture/program.rs"]
mod program;
#[path = "../examples/torture/takeout.rs"]
mod takeout;

use std::process::Command;

#[test]
fn a_library_survives_a_dozen_kills_as_if_there_had_been_none() {
    let plan = kill::Plan {
        seed: 3,
        items: 150,
        kills: 12,
        say: |_| (),
    };
    let program = || Ok(Command::new(env!("CARGO_BIN_EXE_gphotosync")));
    if let Err(error) = kill::torture(program, &plan) {
        panic!("{error}");
    }
}

#[test]
fn an_import_survives_kills_as_if_there_had_been_none() {
    let plan = takeout::Plan {
        seed: 5,
        items: 150,
        kills: 8,
        say: |_| (),
    };
    let program = || Ok(Command::new(env!("CARGO_BIN_EXE_gphotosync")));
    if let Err(error) = takeout::torture(program, &plan) {
        panic!("{error}");
    }
}
