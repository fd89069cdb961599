//! What must never happen is tried, on purpose and again and again: the program is killed at any moment, while it
//! fetches and while it imports, and started twice on one library.
//!
//! `cargo run --release --example torture -- [kill|two|takeout|all] [--seed N] [--rounds N] [--items N]`
//!
//! The same seed tries the same things; when exactly a kill strikes is up to the machine. Ends with a verdict, and
//! with code 0 if everything held.

mod checks;
mod kill;
mod population;
mod program;
mod takeout;
mod two;

use std::io::Write as _;
use std::process::{Command, ExitCode};

use program::Result;

/// The torture runs the program as a program: itself, with this set.
const AS_PROGRAM: &str = "TORTURE_AS_PROGRAM";

/// What was asked for.
struct Wishes {
    what: String,
    seed: u64,
    /// Kills, or starts of two at once.
    rounds: Option<usize>,
    items: Option<usize>,
}

fn main() -> ExitCode {
    if std::env::var_os(AS_PROGRAM).is_some() {
        return gphotosync::cli::run(std::env::args_os()).into();
    }
    match wishes().and_then(|wishes| grant(&wishes)) {
        Ok(()) => {
            say("verdict: everything held");
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("verdict: FAILED: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn grant(wishes: &Wishes) -> Result<()> {
    let is_wanted = |name| wishes.what == name || wishes.what == "all";
    say(&format!("seed {}", wishes.seed));
    if is_wanted("kill") {
        let plan = kill::Plan {
            seed: wishes.seed,
            items: wishes.items.unwrap_or(2_000),
            kills: wishes.rounds.unwrap_or(200),
            say,
        };
        say(&format!("kill: {}", kill::torture(program, &plan)?));
    }
    if is_wanted("takeout") {
        let plan = takeout::Plan {
            seed: wishes.seed,
            items: u32::try_from(wishes.items.unwrap_or(2_000))?,
            kills: wishes.rounds.unwrap_or(120),
            say,
        };
        say(&format!("takeout: {}", takeout::torture(program, &plan)?));
    }
    if is_wanted("two") {
        let (items, rounds) = (wishes.items.unwrap_or(300), wishes.rounds.unwrap_or(30));
        say(&format!(
            "two: {}",
            two::torture(program, wishes.seed, items.min(300), rounds.min(30))?
        ));
    }
    Ok(())
}

fn wishes() -> Result<Wishes> {
    let mut wishes = Wishes {
        what: String::from("all"),
        seed: 1,
        rounds: None,
        items: None,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || -> Result<u64> { Ok(args.next().ok_or("a number is missing")?.parse()?) };
        match arg.as_str() {
            "--seed" => wishes.seed = number()?,
            "--rounds" => wishes.rounds = Some(number()?.try_into()?),
            "--items" => wishes.items = Some(number()?.try_into()?),
            "kill" | "two" | "takeout" | "all" => wishes.what = arg,
            _ => return Err(format!("what is {arg}?").into()),
        }
    }
    Ok(wishes)
}

fn program() -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(AS_PROGRAM, "1");
    Ok(command)
}

fn say(text: &str) {
    // A reader who has seen enough is no reason to stop half-way.
    drop(writeln!(std::io::stdout(), "{text}"));
}
