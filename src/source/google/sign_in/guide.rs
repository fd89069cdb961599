//! What a person is told about signing in: the set-up, what to expect, and what a refusal means. Only texts.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

use super::client_file::CLIENT_FILE;
use super::grant::Grant;
use super::token_file::TOKEN_FILE;

/// How long a grant lives while the project is in the publishing status "Testing"
/// (developers.google.com/identity/protocols/oauth2, "Refresh token expiration").
const TESTING_LIFETIME: TimeDelta = TimeDelta::days(7);

/// A grant of a project in testing last works within its seven days and an access token's hour.
const TESTING_LAST_WORKED: TimeDelta = TimeDelta::hours(7 * 24 + 2);

/// How long an unused grant lives (same page); six months, counted generously short.
const IDLE_LIFETIME: TimeDelta = TimeDelta::days(180);

/// Lines for the moment before the browser opens: what will be visible to a program with these scopes.
pub(super) fn before_consent(scopes: &[String]) -> &'static [&'static str] {
    let is_for_picking = scopes.iter().all(|scope| scope == super::PICKER_SCOPE);
    if is_for_picking {
        &BEFORE_PICKING
    } else {
        &BEFORE_CONSENT
    }
}

/// For the Picker.
const BEFORE_PICKING: [&str; 3] = [
    "To pick, gphotosync needs a permission of its own, which is asked for once.",
    "With it gphotosync sees the photos and videos that you pick in Google Photos yourself, and no others.",
    "gphotosync asks for leave to read and nothing else. Google removes the location from photos and re-encodes videos.",
];

/// For the Library API.
const BEFORE_CONSENT: [&str; 4] = [
    "Since 31 March 2025 Google shows no program the whole of a Google Photos library through its API.",
    "This source sees the photos and videos that programs of your own Google Cloud project uploaded, and no others.",
    "What phones, the web page and other programs uploaded is not visible here; Google Takeout delivers that.",
    "gphotosync asks for leave to read and nothing else. Google removes the location from photos and re-encodes videos.",
];

/// What an OAuth client is to be set up for.
#[derive(Clone, Copy, Debug)]
pub struct SetUp {
    /// The API as Google's console calls it.
    api: &'static str,
    /// The end of the scope's address.
    scope: &'static str,
    /// The command that comes next.
    next: &'static str,
}

impl SetUp {
    /// For what programs of one's own uploaded.
    pub const LIBRARY: Self = Self {
        api: "Photos Library API",
        scope: "photoslibrary.readonly.appcreateddata",
        next: "login",
    };

    /// For what one picks.
    pub const PICKER: Self = Self {
        api: "Google Photos Picker API",
        scope: "photospicker.mediaitems.readonly",
        next: "pick",
    };
}

/// The clicks in Google's console, for somebody who has no OAuth client yet.
pub fn set_up(library: &Path, what: SetUp) -> String {
    let SetUp { api, scope, next } = what;
    let file = library.join(CLIENT_FILE);
    let next = command(next, library);
    format!(
        "\
gphotosync needs an OAuth client of your own. It is free and takes about five minutes:
  1. Open https://console.cloud.google.com/projectcreate and create a project.
  2. APIs & Services > Library: find \"{api}\" and enable it.
  3. Google Auth Platform > Get started: an app name, your address, Audience \"External\", Create.
  4. Data Access > Add or remove scopes: add .../auth/{scope}, Save.
  5. Audience > Publish app. While it says \"Testing\", Google ends every sign-in after 7 days.
  6. Clients > Create client > Application type \"Desktop app\" > Create.
  7. Download the JSON at once, because Google shows the secret only this time, and save it as
     {}
Then run: {next}
At the warning \"Google hasn't verified this app\" choose Advanced > Go to your app: it is your own.",
        file.display()
    )
}

/// The command that signs in for `library`.
pub fn login_command(library: &Path) -> String {
    command("login", library)
}

/// The command that renews `grant`, which is kept in `library`.
pub(super) fn renewing_command(grant: &Grant, library: &Path) -> String {
    if grant.covers(super::PICKER_SCOPE) && !grant.covers(super::LIBRARY_SCOPE) {
        command("pick", library)
    } else {
        login_command(library)
    }
}

/// What to type to have `word` done for `library`.
pub fn command(word: &str, library: &Path) -> String {
    let path = library.to_string_lossy();
    if path.is_empty() || path == "." {
        return format!("gphotosync {word}");
    }
    format!("gphotosync {word} --lib {}", quoted(&path))
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-+,@%".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Why Google may have stopped accepting `grant`, as far as its age tells.
pub(super) fn dead_grant(grant: &Grant, library: &Path, now: DateTime<Utc>) -> String {
    let given = grant.granted_at.format("%Y-%m-%d");
    let login = renewing_command(grant, library);
    let why = likely_end(grant, now);
    format!(
        "Google no longer accepts the sign-in of {given} (invalid_grant): {why}; sign in again with `{login}`"
    )
}

fn likely_end(grant: &Grant, now: DateTime<Utc>) -> String {
    let last_worked = grant.refreshed_at.unwrap_or(grant.granted_at);
    if let Some(end) = grant.refresh_expires_at.filter(|end| *end <= now) {
        return format!("it was limited in time and ended on {}", end.format("%Y-%m-%d"));
    }
    if now - last_worked >= IDLE_LIFETIME {
        return "it was not used for six months, after which Google ends it".to_owned();
    }
    if now - grant.granted_at >= TESTING_LIFETIME && last_worked - grant.granted_at <= TESTING_LAST_WORKED {
        return "it is more than 7 days old, and Google ends every sign-in after 7 days while the project is in \
                \"Testing\"; publish it first (Google Auth Platform > Audience > Publish app)"
            .to_owned();
    }
    "it was most likely revoked, at https://myaccount.google.com/connections or by `gphotosync logout` elsewhere"
        .to_owned()
}

/// An OAuth client that Google does not know.
pub(super) fn dead_client(library: &Path) -> String {
    format!(
        "Google does not accept the OAuth client (invalid_client). {}",
        another_client(library)
    )
}

/// What to do about it.
pub(super) fn another_client(library: &Path) -> String {
    format!(
        "It was deleted, or its secret is no longer valid. Create another one of the type \"Desktop app\", save its JSON \
         as {} and run: {}",
        library.join(CLIENT_FILE).display(),
        login_command(library)
    )
}

/// An organisation's demand to sign in again.
pub(super) fn reauthentication(renew: &str) -> String {
    format!(
        "your organisation's rules demand to sign in again from time to time (invalid_rapt); run `{renew}`"
    )
}

/// Another refusal of a refresh.
pub(super) fn refused_refresh(error: &str, renew: &str) -> String {
    format!("Google does not accept the stored sign-in ({error}); sign in again with `{renew}`")
}

/// The person declined.
pub(super) const REFUSED: &str = "\
Nothing was stored. gphotosync cannot read anything without this permission; run the command again to be asked anew.
If Google itself said \"Access blocked\" (Error 403: access_denied), the project is in \"Testing\" and your account is
not among its test users: Google Auth Platform > Audience > Publish app.";

/// Nobody came back in time.
pub(super) const TIMED_OUT: &str = "\
Nothing was stored. Run the command again, and answer within the time.
If Google's page said \"Error 400: redirect_uri_mismatch\", the client is not of the type \"Desktop app\", or its
registered redirect is another one: create a client of that type and download its JSON at once.";

/// A box was left unticked.
pub(super) const SCOPE_MISSING: &str = "\
Nothing was stored. Google's page lets you untick what you grant; run the command again and leave the box ticked.
If there was no box, add the scope to the project: Google Auth Platform > Data Access.";

/// A grant without a refresh token.
pub(super) const NOT_LASTING: &str = "\
Nothing was stored. Remove gphotosync's access at https://myaccount.google.com/connections and run the command again.";

/// The code was not accepted.
pub(super) const STALE_CODE: &str = "\
Nothing was stored. The answer was used before, or is too old: it lives for minutes. Run the command again.";

/// A port that cannot be listened on.
pub(super) const PORT_TAKEN: &str = "\
Another program uses this port, or ports below 1024 are reserved for the administrator. A client of the type
\"Desktop app\" works with any port; a \"Web application\" needs a registered redirect like http://127.0.0.1:8088.";

/// The predecessor's token.
pub(super) fn predecessor(library: &Path) -> String {
    format!(
        "{TOKEN_FILE} is from the earlier gphotosync, written in Go. The permission in it (photoslibrary.readonly) was\n\
         removed by Google on 31 March 2025 and opens nothing any more. Sign in anew with: {}",
        login_command(library)
    )
}

/// A token file that cannot be understood.
pub(super) fn damaged(library: &Path) -> String {
    format!(
        "It may have been cut short or edited. Sign in again with: {}\nThe damaged file will be kept beside the new one.",
        login_command(library)
    )
}

/// A grant for another client.
pub(super) fn other_client(library: &Path) -> String {
    format!(
        "A sign-in belongs to the OAuth client it was made with. Either put that client back as {CLIENT_FILE}, or sign\n\
         in with the present one: {}\nNote that another Cloud project sees other photos: those it uploaded itself.",
        login_command(library)
    )
}

/// A logout that did not reach Google.
pub(super) const NOT_REVOKED: &str = "\
The token file was kept, so that you can try again. To forget it here without telling Google, use --local-only and
remove gphotosync's access yourself at https://myaccount.google.com/connections.";

#[cfg(test)]
#[path = "guide_tests.rs"]
mod tests;
