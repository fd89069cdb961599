//! The server all contestants fetch from, and the sign-in that gphotosync needs.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use stand_in_google::{
    Body, ClientForm, Faults, Item, JournalMode, Pace, Population, Quotas, Service, StandIn, Target, Trigger,
    visit,
};

use crate::Result;
use crate::contestants::gphotosync;

/// The scope the program asks for.
const SCOPE: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

/// The time of the newest photo, 2024-01-01.
const NEWEST: i64 = 1_704_067_200;

/// The photos are spread evenly over ten years, and so over 120 folders.
const SPAN_MILLISECONDS: u64 = 10 * 365 * 24 * 3_600_000;

/// No benchmark lasts longer; addresses must not expire in its course, for curl cannot refresh them.
const A_DAY: Duration = Duration::from_hours(24);

/// A server with nothing but photos of one size.
#[derive(Debug)]
pub(crate) struct Google {
    server: StandIn,
    count: u64,
    bytes: u64,
}

/// Where the files of a signed-in user are, to be laid into each new library.
#[derive(Debug)]
pub(crate) struct Account {
    folder: PathBuf,
}

impl Google {
    /// Serves `count` photos of `bytes` bytes each.
    pub(crate) fn serving(count: u64, bytes: u64) -> Result<Self> {
        let photos = Population::generated(count, move |number| photo(number, count, bytes));
        let server = StandIn::builder()
            .library(photos)
            .quotas(Quotas::unlimited())
            .journal(JournalMode::CountersOnly)
            .settings(|settings| {
                settings.base_url_lifetime = A_DAY;
                settings.access_token_lifetime = A_DAY;
            })
            .start()?;
        Ok(Self { server, count, bytes })
    }

    /// Answers nothing sooner than after `latency` from now on.
    pub(crate) fn delay(&self, latency: Duration) {
        let faults = if latency.is_zero() {
            Faults::none()
        } else {
            Faults::none().rule(Target::any(), Trigger::Always, Pace::Latency(latency))
        };
        self.server.faults().set(faults);
    }

    pub(crate) fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    pub(crate) fn access_token(&self) -> String {
        self.server.issue_access_token(&[SCOPE])
    }

    /// How many photos there are.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Bytes of all photos together.
    pub(crate) const fn total_bytes(&self) -> u64 {
        self.count * self.bytes
    }

    /// How often bytes of photos were asked for so far.
    pub(crate) fn media_requests(&self) -> u64 {
        self.server.journal().count_of_service(Service::Media)
    }

    /// Signs in as a user would; the benchmark plays the browser.
    pub(crate) fn sign_in(&self, folder: PathBuf) -> Result<Account> {
        let client = self.server.client_secret_json(&ClientForm::Installed);
        fs::write(folder.join(".client_secret.json"), client)?;
        let mut login = gphotosync(self, &folder)
            .args(["login", "--no-browser"])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut said = String::new();
        for line in BufReader::new(login.stderr.take().ok_or("no output")?).lines() {
            let line = line?;
            if let Some(start) = line.find("http://").filter(|_| line.contains("/o/oauth2/")) {
                let address = line[start..].trim().to_owned();
                std::thread::spawn(move || drop(visit(&address)));
            }
            said.push_str(&line);
            said.push('\n');
        }
        if login.wait()?.success() {
            Ok(Account { folder })
        } else {
            Err(format!("the sign-in failed: {said}").into())
        }
    }
}

impl Account {
    /// Lets a library be this user's.
    pub(crate) fn lay_into(&self, library: &Path) -> Result<()> {
        for name in [".client_secret.json", ".token.json"] {
            fs::copy(self.folder.join(name), library.join(name))?;
        }
        Ok(())
    }
}

/// Photo `number` of `count`, counted from the newest, under the kind of name a telephone gives.
fn photo(number: u64, count: u64, bytes: u64) -> Item {
    let before = i64::try_from(number * (SPAN_MILLISECONDS / count)).unwrap_or(i64::MAX);
    let newest = DateTime::from_timestamp(NEWEST, 0).unwrap_or_default();
    let taken = newest - TimeDelta::milliseconds(before);
    Item::photo(number)
        .named(&taken.format("IMG_%Y%m%d_%H%M%S%3f.jpg").to_string())
        .taken_at(taken)
        .with_body(Body::Filled {
            mime: "image/jpeg",
            size: bytes,
            seed: number,
        })
}
