//! A place of its own for each test: a library folder, a home, a clean environment, and the program in it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use stand_in_google::{ClientForm, StandIn, visit};
use tempfile::TempDir;

use super::{Ended, Running};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gphotosync");

/// All that the program sees of the environment of whoever runs the tests. Certificates are among it, because the
/// program looks for them even when it will not need any.
const PASSED_ON: [&str; 6] = [
    "PATH",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "LLVM_PROFILE_FILE",
    "SystemRoot",
];

/// A library folder in a folder of its own, which is gone when this is dropped.
pub(crate) struct Sandbox {
    folder: TempDir,
    endpoint: Option<String>,
}

impl Sandbox {
    /// A library of a user who has signed in, the way users do.
    pub(crate) fn signed_in(google: &StandIn) -> Self {
        let sandbox = Self::with_client(google);
        sandbox.sign_in();
        sandbox
    }

    /// A library with a client file, where nobody has signed in.
    pub(crate) fn with_client(google: &StandIn) -> Self {
        let mut sandbox = Self::empty();
        sandbox.endpoint = Some(google.endpoint());
        let client = google.client_secret_json(&ClientForm::Installed);
        std::fs::write(sandbox.library().join(".client_secret.json"), client).unwrap();
        sandbox
    }

    /// An empty library folder, and no Google.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in ["library", "home"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        Self {
            folder,
            endpoint: None,
        }
    }

    /// The library folder.
    pub(crate) fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    /// The user's home, which nothing but the program's configuration belongs in.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A path in the library.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.library().join(relative)
    }

    /// The program with these arguments and nothing else, started from a folder that is not the library.
    pub(crate) fn program(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.env_clear().current_dir(self.folder.path()).args(args);
        for name in PASSED_ON {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"] {
            command.env(name, self.home());
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The program with these arguments, for this library and this Google.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program(args);
        command.arg("--lib").arg(self.library());
        if let Some(endpoint) = &self.endpoint {
            command.args(["--google-endpoint", endpoint]);
        }
        command
    }

    /// Runs the program with these arguments, for this library, to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        self.start(args).end()
    }

    /// Starts the program with these arguments, for this library.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        Running::start(self.command(args), self.folder.path())
    }

    /// Runs `sync`, telling its progress as JSON, to its end.
    pub(crate) fn sync(&self, args: &[&str]) -> Ended {
        self.start_sync(args).end()
    }

    /// Starts `sync`, telling its progress as JSON.
    pub(crate) fn start_sync(&self, args: &[&str]) -> Running {
        self.start(&[&["sync", "--progress", "json", "--delay", "0"], args].concat())
    }

    /// Signs in through the program; the test plays the browser, and the stand-in the person in front of it.
    pub(crate) fn sign_in(&self) {
        let mut login = self.command(&["login", "--no-browser"]).spawn().unwrap();
        let mut lines = BufReader::new(login.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| consent_address(&line))
            .expect("login prints the address to open");
        visit(&address).unwrap();
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        assert!(login.wait().unwrap().success(), "{}", rest.join("\n"));
    }
}

/// The address of the consent page in a line of output.
pub(crate) fn consent_address(line: &str) -> Option<String> {
    let start = line.find("http")?;
    let address = line[start..].split_whitespace().next()?;
    address.contains("/o/oauth2/").then(|| address.to_owned())
}
