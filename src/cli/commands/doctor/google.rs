//! What `doctor` checks at Google: the client, the grant, the API, the clock, the quota.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Local, TimeDelta, Utc};

use super::Finding;
use crate::cli::commands::sync::quota_book::{BYTES_PER_DAY, CALLS_PER_DAY};
use crate::cli::connect;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::library::disk::INDEX_FILE;
use crate::library::disk::desk::OWN_FOLDER;
use crate::library::index::{Index, items, quotas};
use crate::pace::quota_day;
use crate::pace::retry::RetryPolicy;
use crate::report::{Silent, numbers};
use crate::shutdown::Shutdown;
use crate::source::google::sign_in::{
    Client, ClientForm, ClientOrigin, Grant, GrantTokens, LIBRARY_SCOPE, OAuth, PICKER_SCOPE, SignInError,
    find_client, stored_grant,
};
use crate::source::library_api::LibraryApi;
use crate::source::takeout;

/// A clock that is off by more than this makes tokens and certificates look expired.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// Google ends the grants of projects in testing mode after a week.
const TESTING_LIFE: TimeDelta = TimeDelta::days(7);

/// Nobody waits longer than this for a check.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let library = &settings.lib.value;
    let client = match find_client(library, settings.client_secret.value.as_deref()) {
        Ok(client) => client,
        Err(SignInError::NoClient { .. }) if has_only_takeout(library) => return vec![no_client_needed()],
        Err(error) => return vec![Finding::bad("client", error.into())],
    };
    let mut findings = vec![of_client(&client)];
    match stored_grant(&settings.lib.value, &client, LIBRARY_SCOPE) {
        Ok(grant) => {
            findings.push(of_grant(&grant, Utc::now()));
            findings.extend(of_api(settings, client.clone(), grant).await);
        }
        // Whoever only picks needs no more.
        Err(_) if stored_grant(&settings.lib.value, &client, PICKER_SCOPE).is_ok() => {
            findings.push(Finding::good(
                "sign-in",
                "for the Picker; `gphotosync pick` shows whether it works",
            ));
        }
        Err(error) => findings.push(Finding::bad("sign-in", error.into())),
    }
    findings.extend(of_quota(&settings.lib.value, &client));
    findings
}

fn no_client_needed() -> Finding {
    Finding::note(
        "client",
        "none, and `gphotosync takeout` needs none",
        "`gphotosync sync` and `gphotosync pick` do: `gphotosync login` shows how to get one.",
    )
}

/// Whether all that ever came here came out of exports.
fn has_only_takeout(library: &Path) -> bool {
    let index = Index::read_only(&library.join(OWN_FOLDER).join(INDEX_FILE));
    let sources = index.and_then(|index| index.read(items::sources));
    sources.is_ok_and(|sources| sources == [takeout::NAME])
}

fn of_client(client: &Client) -> Finding {
    let from = match &client.origin {
        ClientOrigin::File(path) => path.display().to_string(),
        ClientOrigin::BuiltIn => "compiled into this program".to_owned(),
    };
    match client.form {
        ClientForm::Installed => Finding::good("client", format!("{from}, a desktop client")),
        ClientForm::Web(_) => Finding::note(
            "client",
            format!("{from}, a web client"),
            "It works with exactly its registered redirect. A client of the kind \"Desktop app\" works with any port.",
        ),
    }
}

fn of_grant(grant: &Grant, now: DateTime<Utc>) -> Finding {
    let age = now - grant.granted_at;
    let found = format!(
        "granted {} ago, for {}",
        days(age),
        numbers::counted(grant.scopes.len() as u64, "scope")
    );
    match grant.refresh_expires_at {
        Some(end) if end - grant.granted_at <= TESTING_LIFE => Finding::note(
            "sign-in",
            format!(
                "{found}; Google ends it on {}",
                end.with_timezone(&Local).format("%Y-%m-%d %H:%M")
            ),
            "The project is in testing mode, where grants die after seven days. Publish the app: Google Auth Platform → \
             Audience → Publish app, then run `gphotosync login` once more.",
        ),
        _ => Finding::good("sign-in", found),
    }
}

fn days(age: TimeDelta) -> String {
    match age.num_days() {
        0 => "less than a day".to_owned(),
        days => numbers::counted(days.unsigned_abs(), "day"),
    }
}

/// One call of the API tells whether the grant still lives, the API is enabled, and the clock is right.
async fn of_api(settings: &Settings, client: Client, grant: Grant) -> Vec<Finding> {
    let probed = tokio::time::timeout(PATIENCE, probe(settings, client, grant)).await;
    match probed {
        Ok(Ok(told)) => vec![
            Finding::good("API", "Google answers, and the grant is good"),
            of_clock(told, Utc::now()),
        ],
        Ok(Err(failure)) => vec![Finding::bad("API", failure)],
        Err(_) => vec![Finding::bad(
            "API",
            Failure::stopped("Google did not answer within 30 seconds"),
        )],
    }
}

async fn probe(settings: &Settings, client: Client, grant: Grant) -> Result<Option<DateTime<Utc>>, Failure> {
    let pace = connect::pace(settings, Arc::new(Silent), Shutdown::manual());
    let http = connect::http(settings, pace)?;
    let tokens = GrantTokens::new(OAuth::new(http.clone()), client, &settings.lib.value, grant);
    let source = LibraryApi::new(http, Arc::new(tokens), RetryPolicy::default(), Arc::new(Silent));
    Ok(source.probe().await?)
}

fn of_clock(google: Option<DateTime<Utc>>, here: DateTime<Utc>) -> Finding {
    let Some(google) = google else {
        return Finding::good("clock", "Google did not tell the time");
    };
    let off = here - google;
    if off.abs() <= CLOCK_TOLERANCE {
        return Finding::good("clock", "right");
    }
    let minutes = off.num_minutes().unsigned_abs();
    let direction = if off > TimeDelta::zero() { "fast" } else { "slow" };
    Finding::note(
        "clock",
        format!(
            "{} {direction}, compared with Google's",
            numbers::counted(minutes, "minute")
        ),
        "Set it right (for example by NTP): a wrong clock makes tokens and certificates look expired.",
    )
}

fn of_quota(library: &Path, client: &Client) -> Option<Finding> {
    let index = Index::read_only(&library.join(OWN_FOLDER).join(INDEX_FILE)).ok()?;
    let now = Utc::now();
    let used = index
        .read(|db| quotas::used(db, &client.id, quota_day::day_of(now)))
        .ok()?;
    let left = |most: u64, used: u64| numbers::count(most.saturating_sub(used));
    let full = quota_day::reset_after(now).with_timezone(&Local).format("%H:%M");
    let found = format!(
        "about {} of {} API calls and {} of {} downloads are left until {full}",
        left(CALLS_PER_DAY, used.calls),
        numbers::count(CALLS_PER_DAY),
        left(BYTES_PER_DAY, used.bytes),
        numbers::count(BYTES_PER_DAY),
    );
    Some(if used.spent {
        Finding::note(
            "quota",
            found,
            "Google said today that it is used up; a sync waits for the reset, or ends with --quota exit.",
        )
    } else {
        Finding::good("quota", found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        let found = |minutes| of_clock(Some(now - TimeDelta::minutes(minutes)), now).found;
        assert_eq!(found(1), "right");
        assert_eq!(found(90), "90 minutes fast, compared with Google's");
        assert_eq!(found(-3), "3 minutes slow, compared with Google's");
    }
}
