//! The main job before your eyes: a stand-in for Google with a few hundred photos and videos, a sign-in, a first
//! run with progress bars, a second run that fetches nothing, and ten photos picked by hand.
//!
//! `cargo run --release --example demo` fills `./demo-library` (and empties the one of an earlier demo first).

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use stand_in_google::{Choice, Faults, Kind, Pace, Service, StandIn, Trigger, realistic, visit};

/// Where the demo's library goes.
const LIBRARY: &str = "demo-library";

/// The demo runs the program as a program: itself, with this set.
const AS_PROGRAM: &str = "GPHOTOSYNC_DEMO_AS_PROGRAM";

/// Enough to see the bars move, and done in seconds.
const ITEMS: usize = 400;

/// As many are picked by hand at the end.
const PICKED: usize = 10;

/// How a good line to Google feels: round trips, and megabytes per second for each connection.
const LATENCY: Duration = Duration::from_millis(60);
const BANDWIDTH: u64 = 2_500_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

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

/// The program, with the settings of the demo.
fn program(google: &StandIn, args: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .env(AS_PROGRAM, "1")
        .env("GPHOTOSYNC_CONFIG", config(google)?)
        .args(args);
    Ok(command)
}

/// A configuration file, as a user could have one; it keeps the user's own out of the demo.
fn config(google: &StandIn) -> Result<std::path::PathBuf> {
    let path = Path::new(LIBRARY).join("demo.toml");
    std::fs::write(
        &path,
        format!(
            "lib = '{LIBRARY}'\ngoogle_endpoint = '{}'\ndelay = 0\n",
            google.endpoint()
        ),
    )?;
    Ok(path)
}

fn run(google: &StandIn, args: &[&str]) -> Result<()> {
    say(&format!("$ gphotosync {}", args.join(" ")));
    let status = program(google, args)?.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("gphotosync ended with {status}").into())
    }
}

/// Signs in; the demo plays the browser, and the stand-in the person who agrees.
fn sign_in(google: &StandIn) -> Result<()> {
    agree(google, &["login", "--no-browser"])
}

/// Runs a command that asks for consent, and agrees.
fn agree(google: &StandIn, args: &[&str]) -> Result<()> {
    say(&format!("$ gphotosync {}", args.join(" ")));
    let mut login = program(google, args)?
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(login.stderr.take().ok_or("no output")?).lines();
    for line in lines {
        let line = line?;
        say(&line);
        if let Some(start) = line.find("http://").filter(|_| line.contains("/o/oauth2/")) {
            let address = line[start..].trim().to_owned();
            std::thread::spawn(move || drop(visit(&address)));
        }
    }
    if login.wait()?.success() {
        Ok(())
    } else {
        Err(format!("gphotosync {} failed", args.join(" ")).into())
    }
}

/// The person of the demo looks twice at the page before pressing "Done".
const LOOKS: u64 = 3;

/// Picks; the demo plays the browser once more, and the stand-in the person who chooses.
fn pick(google: &StandIn) -> Result<()> {
    let picked: Vec<_> = realistic(2 * PICKED, 7)
        .into_iter()
        .filter(|item| item.kind == Kind::Photo)
        .take(PICKED)
        .collect();
    let ids = picked.iter().map(|item| item.id.clone()).collect();
    google.will_choose(Choice::AfterPolls(LOOKS, ids));
    for item in picked {
        google.add_item(item);
    }
    google.configure(|settings| settings.picker.poll_interval = Duration::from_secs(1));
    agree(google, &["pick", "--no-browser", "--album", "By hand"])?;
    let ended = google.picking_sessions().iter().all(|session| session.deleted);
    say(&format!(
        "\nThe session at Google {}.",
        if ended { "is over" } else { "was left open" }
    ));
    if ended {
        Ok(())
    } else {
        Err("the session should have been ended".into())
    }
}

/// The folders, with how many files each holds, and the files of one of them.
fn show_tree(library: &Path) -> Result<()> {
    let mut months = Vec::new();
    for year in sorted(library)?.into_iter().filter(|path| !is_hidden(path)) {
        for month in sorted(&year)? {
            let files = sorted(&month)?;
            months.push((month, files));
        }
    }
    say(&format!(
        "\n{LIBRARY}/ now holds {} months, among them:",
        months.len()
    ));
    for (month, files) in months.iter().rev().take(3) {
        let month = month.strip_prefix(library)?;
        say(&format!("  {}/  {} files", month.display(), files.len()));
        for file in files.iter().take(4) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            say(&format!("    {name}  {} kB", file.metadata()?.len() / 1000));
        }
    }
    Ok(())
}

fn is_hidden(path: &Path) -> bool {
    path.is_file()
        || path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn sorted(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn heading(text: &str) {
    say(&format!("\n── {text} ──"));
}

fn say(text: &str) {
    // A reader who has seen enough is no reason to stop half-way.
    drop(writeln!(std::io::stdout(), "{text}"));
}
