//! `gphotosync` where nothing is set up yet: which of the routes from Google Photos fits, instead of an empty list.

use std::path::Path;
use std::sync::Arc;

use super::pick::pick;
use super::sync::sync;
use crate::cli::console::{Console, is_attended, to_stderr};
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::library::disk::desk::OWN_FOLDER;
use crate::report::Reporter;
use crate::source::google::sign_in::{
    CLIENT_FILE, Prompt as _, SetUp, TOKEN_FILE, command, find_client, set_up,
};

/// The routes, and what each gives.
const ROUTES: &str = "\
Three routes lead from Google Photos to your own disk. Since 31 March 2025 no program can read a
whole library by itself, so which one fits depends on what you want:

  1  Everything, in original quality: Google Takeout. You order an export from Google, once or
     every two months, and get archives with the whole library.
  2  These photos, now: the Picker. You pick up to 2,000 at a time in your browser or on your
     phone, and have them here. Google removes the location and re-encodes videos.
  3  What a program of your own uploaded, every night: the Library API. It shows only what your
     own Google Cloud project put into Google Photos (rclone, gphotos-uploader-cli). Google
     removes the location and re-encodes videos.";

/// How to get an export.
const TAKEOUT: &str = "\
Order the export at https://takeout.google.com: deselect all, select Google Photos, and choose
.zip and 50 GB, once, or every 2 months for a year. Google sends a mail when it is ready, after
hours or days; its links live for a week. Download every part, keep the archives as they are,
and give their folder to gphotosync:
";

/// What `gphotosync` does without a command: `sync`, unless nothing is set up at all.
pub(crate) async fn usual(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    if is_set_up(settings) {
        return sync(settings, reporter).await;
    }
    if !is_attended() {
        return Err(Failure {
            status: ExitStatus::SignInNeeded,
            ..Failure::stopped("nothing is set up here yet")
        }
        .advise(format!("{ROUTES}\n\n{}", commands(&settings.lib.value))));
    }
    let console = Console::new();
    console.say(&format!("{ROUTES}\n\nWhich one do you want? [1/2/3]"));
    let answer = console.read_line().await.unwrap_or_default();
    console.say("");
    match answer.trim() {
        "1" => {
            to_stderr(&format!("{TAKEOUT}\n  {}", import(&settings.lib.value)));
            Ok(ExitStatus::Complete)
        }
        "2" if has_client(settings) => pick(settings, reporter).await,
        "2" => Ok(shown(settings, SetUp::PICKER)),
        "3" if has_client(settings) => sync(settings, reporter).await,
        "3" => Ok(shown(settings, SetUp::LIBRARY)),
        _ => {
            to_stderr(&commands(&settings.lib.value));
            Ok(ExitStatus::SignInNeeded)
        }
    }
}

/// Whether anybody ever did anything about this library. A path that leads nowhere is a mistake, which `sync` names.
fn is_set_up(settings: &Settings) -> bool {
    let library = &settings.lib.value;
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    let leads_nowhere = library
        .parent()
        .is_some_and(|parent| !parent.as_os_str().is_empty() && !parent.exists());
    let own = [OWN_FOLDER, CLIENT_FILE, TOKEN_FILE];
    settings.client_secret.value.is_some()
        || leads_nowhere
        || own.iter().any(|name| is_there(&library.join(name)))
}

/// Whether this program was built with a client of its own.
fn has_client(settings: &Settings) -> bool {
    find_client(&settings.lib.value, None).is_ok()
}

fn shown(settings: &Settings, what: SetUp) -> ExitStatus {
    to_stderr(&set_up(&settings.lib.value, what));
    ExitStatus::SignInNeeded
}

/// What to type for each route.
fn commands(library: &Path) -> String {
    let (pick, login) = (command("pick", library), command("login", library));
    format!(
        "For 1, order the export at https://takeout.google.com; once it is there: {}\nFor 2, run: {pick}\nFor 3, run: \
         {login}\n2 and 3 say what is to be set up first: an OAuth client of your own, which is free.",
        import(library)
    )
}

/// How the parts in some folder are imported.
fn import(library: &Path) -> String {
    format!("{} FOLDER", command("takeout", library))
}
