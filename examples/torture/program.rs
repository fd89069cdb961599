//! The program as its users run it, in a library folder of its own: started, killed, and asked how it ended.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use stand_in_google::{ClientForm, StandIn, visit};
use tempfile::TempDir;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Makes the bare command that runs the program.
pub(crate) type Program = fn() -> std::io::Result<Command>;

/// A library folder, and the program that works on it. Both folders are gone when this is dropped.
pub(crate) struct Place {
    folder: TempDir,
    program: Program,
    endpoint: Option<String>,
}

/// How the program ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// A library of a user who has just signed in.
    pub(crate) fn signed_in(program: Program, google: &StandIn) -> Result<Self> {
        let place = Self {
            endpoint: Some(google.endpoint()),
            ..Self::without_google(program)?
        };
        let client = google.client_secret_json(&ClientForm::Installed);
        fs::write(place.library().join(".client_secret.json"), client)?;
        place.sign_in()?;
        Ok(place)
    }

    /// A library that knows of no Google.
    pub(crate) fn without_google(program: Program) -> Result<Self> {
        let place = Self {
            folder: tempfile::tempdir()?,
            program,
            endpoint: None,
        };
        for part in ["library", "home"] {
            fs::create_dir(place.folder.path().join(part))?;
        }
        Ok(place)
    }

    /// Leaves everything for somebody to look at.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Starts the program; what it tells goes to files, for a pipe that nobody empties would stop it.
    pub(crate) fn start(&self, args: &[&str], name: &str) -> Result<Child> {
        let to = |stream: &str| File::create(self.folder.path().join(format!("{name}.{stream}")));
        let mut command = self.command(args)?;
        command.stdout(to("stdout")?).stderr(to("stderr")?);
        Ok(command.spawn()?)
    }

    /// Waits for what [`Place::start`] started.
    pub(crate) fn ended(&self, mut child: Child, name: &str) -> Result<Ended> {
        let code = child.wait()?.code();
        let told = |stream: &str| -> Result<String> {
            let bytes = fs::read(self.folder.path().join(format!("{name}.{stream}")))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        Ok(Ended {
            code,
            stdout: told("stdout")?,
            stderr: told("stderr")?,
        })
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Result<Ended> {
        let child = self.start(args, "run")?;
        self.ended(child, "run")
    }

    fn command(&self, args: &[&str]) -> Result<Command> {
        let mut command = (self.program)()?;
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GPHOTOSYNC_") {
                command.env_remove(name);
            }
        }
        command
            .envs(["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, self.home())))
            .env("GPHOTOSYNC_LIB", self.library())
            .envs(self.endpoint.iter().map(|it| ("GPHOTOSYNC_GOOGLE_ENDPOINT", it)))
            .env("GPHOTOSYNC_DELAY", "0")
            .args(args)
            .stdin(Stdio::null());
        Ok(command)
    }

    /// Signs in; the torturer plays the browser, and the stand-in the person who agrees.
    fn sign_in(&self) -> Result<()> {
        let mut login = self
            .command(&["login", "--no-browser"])?
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(login.stderr.take().ok_or("no output")?).lines();
        for line in lines {
            let line = line?;
            if let Some(start) = line.find("http://").filter(|_| line.contains("/o/oauth2/")) {
                visit(line[start..].trim())?;
            }
        }
        if login.wait()?.success() {
            Ok(())
        } else {
            Err("the sign-in failed".into())
        }
    }
}

impl Ended {
    /// The same, if it ended with this code.
    pub(crate) fn with_code(self, code: i32) -> Result<Self> {
        if self.code == Some(code) {
            return Ok(self);
        }
        Err(format!(
            "the program ended with {:?} instead of {code}:\n{}\n{}",
            self.code, self.stdout, self.stderr
        )
        .into())
    }
}

/// Lets real time pass: other processes live in it.
#[expect(clippy::disallowed_methods, reason = "there is no runtime here")]
pub(crate) fn rest(time: Duration) {
    std::thread::sleep(time);
}

/// The entries of a folder, in order; none if there is no such folder.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
