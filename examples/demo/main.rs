//! The main job before your eyes: a stand-in for Google with a few hundred photos and videos, a sign-in, a first
//! run with progress bars, a second run that fetches nothing, ten photos picked by hand, and an export from Takeout.
//!
//! `cargo run --release --example demo` fills `./demo-library` and `./demo-takeout` (and empties those of an earlier
//! demo first).

mod export;
mod picking;
mod program;
mod tree;

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use stand_in_google::{Faults, Pace, Service, StandIn, Trigger, realistic};

use picking::pick;
use program::{agree, run};
use tree::show_tree;

/// Where the demo's library goes.
pub(crate) const LIBRARY: &str = "demo-library";

/// The demo runs the program as a program: itself, with this set.
pub(crate) const AS_PROGRAM: &str = "GPHOTOSYNC_DEMO_AS_PROGRAM";

/// Enough to see the bars move, and done in seconds.
const ITEMS: usize = 400;

/// How a good line to Google feels: round trips, and megabytes per second for each connection.
const LATENCY: Duration = Duration::from_millis(60);
const BANDWIDTH: u64 = 2_500_000;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    if std::env::var_os(AS_PROGRAM).is_some() {
        return gphotosync::cli::run(std::env::args_os()).into();
    }
    match show() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("The demo could not go on: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn show() -> Result<()> {
    let library = Path::new(LIBRARY);
    clear(library)?;
    let google = stand_in()?;
    std::fs::write(
        library.join(".client_secret.json"),
        google.client_secret_json(&stand_in_google::ClientForm::Installed),
    )?;
    say(&format!(
        "A stand-in for Google serves {ITEMS} photos and videos at {}.\n",
        google.endpoint()
    ));

    heading("1. Signing in");
    sign_in(&google)?;
    heading("2. The first run fetches everything");
    run(&google, &["sync"])?;
    show_tree(library)?;
    heading("3. The second run fetches nothing");
    let before = google.journal().count_of_service(Service::Media);
    run(&google, &["sync"])?;
    let fetched = google.journal().count_of_service(Service::Media) - before;
    say(&format!(
        "\nThe second run asked for the bytes of {fetched} files."
    ));
    heading("4. What the library says of itself");
    run(&google, &["status"])?;
    heading("5. Ten more, picked by hand");
    pick(&google)?;
    heading("6. The whole library, from the archives of Google Takeout");
    export::import(&google)?;
    if fetched == 0 {
        Ok(())
    } else {
        Err("the second run should have fetched nothing".into())
    }
}

fn stand_in() -> Result<StandIn> {
    let line = Faults::none()
        .rule(Service::Media, Trigger::Always, Pace::Latency(LATENCY))
        .rule(Service::Media, Trigger::Always, Pace::Bandwidth(BANDWIDTH))
        .rule(Service::Library, Trigger::Always, Pace::Latency(LATENCY));
    Ok(StandIn::builder()
        .library(realistic(ITEMS, 2026))
        .faults(line)
        .start()?)
}

/// Starts afresh, but only where an earlier demo was.
fn clear(library: &Path) -> Result<()> {
    if library.exists() {
        if !library.join(".gphotosync").exists() {
            return Err(format!("./{LIBRARY} is there already and is not a demo's").into());
        }
        std::fs::remove_dir_all(library)?;
    }
    Ok(std::fs::create_dir(library)?)
}

/// Signs in; the demo plays the browser, and the stand-in the person who agrees.
fn sign_in(google: &StandIn) -> Result<()> {
    agree(google, &["login", "--no-browser"])
}

fn heading(text: &str) {
    say(&format!("\n── {text} ──"));
}

pub(crate) fn say(text: &str) {
    // A reader who has seen enough is no reason to stop half-way.
    drop(writeln!(std::io::stdout(), "{text}"));
}
