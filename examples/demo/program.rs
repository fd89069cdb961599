//! gphotosync as the demo runs it: this very program, with the settings of the demo.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use stand_in_google::{StandIn, visit};

use crate::{AS_PROGRAM, LIBRARY, Result, say};

/// The program, with the settings of the demo.
pub(crate) fn program(google: &StandIn, args: &[&str]) -> Result<Command> {
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

/// Runs a command, which must succeed.
pub(crate) fn run(google: &StandIn, args: &[&str]) -> Result<()> {
    say(&typed(args));
    let status = program(google, args)?.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("gphotosync ended with {status}").into())
    }
}

/// Runs a command that asks for consent, and agrees.
pub(crate) fn agree(google: &StandIn, args: &[&str]) -> Result<()> {
    say(&typed(args));
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

/// The command as one would type it.
fn typed(args: &[&str]) -> String {
    let words = args.iter().map(|arg| {
        if arg.contains(' ') {
            format!("'{arg}'")
        } else {
            (*arg).to_owned()
        }
    });
    format!("$ gphotosync {}", words.collect::<Vec<_>>().join(" "))
}
