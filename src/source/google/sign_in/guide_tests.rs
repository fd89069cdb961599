//! The words people see, as snapshots, and the guesses behind them.

use super::*;
use crate::source::google::sign_in::grant::tests::grant;

fn aged(age: TimeDelta, last_worked: TimeDelta) -> String {
    let mut grant = grant(3600);
    let granted_at = "2026-11-01T10:00:00Z".parse().unwrap();
    grant.granted_at = granted_at;
    grant.refreshed_at = Some(granted_at + last_worked);
    dead_grant(&grant, Path::new("."), granted_at + age)
}

#[test]
fn the_age_of_a_grant_tells_how_it_ended() {
    insta::assert_snapshot!(aged(TimeDelta::days(3), TimeDelta::days(2)), @"Google no longer accepts the sign-in of 2026-11-01 (invalid_grant): it was most likely revoked, at https://myaccount.google.com/connections or by `gphotosync logout` elsewhere; sign in again with `gphotosync login`");
    insta::assert_snapshot!(aged(TimeDelta::days(8), TimeDelta::days(6)), @r#"Google no longer accepts the sign-in of 2026-11-01 (invalid_grant): it is more than 7 days old, and Google ends every sign-in after 7 days while the project is in "Testing"; publish it first (Google Auth Platform > Audience > Publish app); sign in again with `gphotosync login`"#);
    let had_outlived_testing = aged(TimeDelta::days(40), TimeDelta::days(39));
    assert!(had_outlived_testing.contains("most likely revoked"));
    insta::assert_snapshot!(aged(TimeDelta::days(300), TimeDelta::days(39)), @"Google no longer accepts the sign-in of 2026-11-01 (invalid_grant): it was not used for six months, after which Google ends it; sign in again with `gphotosync login`");
}

#[test]
fn a_limited_grant_says_when_it_ended() {
    let mut grant = grant(3600);
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    grant.granted_at = now - TimeDelta::days(2);
    grant.refresh_expires_at = Some(now - TimeDelta::days(1));
    assert!(dead_grant(&grant, Path::new("."), now).contains("limited in time and ended on 2026-11-21"));
}

#[test]
fn a_grant_is_renewed_by_the_command_that_asked_for_it() {
    let with = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        renewing_command(
            &crate::source::google::sign_in::Grant { scopes, ..grant(1) },
            Path::new("."),
        )
    };
    let (library, picker) = (super::super::LIBRARY_SCOPE, super::super::PICKER_SCOPE);
    assert_eq!(with(&[picker]), "gphotosync pick");
    assert_eq!(with(&[library, picker]), "gphotosync login");
    assert_eq!(with(&[library]), "gphotosync login");
}

#[test]
fn the_set_up_names_every_click() {
    insta::assert_snapshot!(set_up(Path::new("/photos"), SetUp::LIBRARY), @r#"
    gphotosync needs an OAuth client of your own. It is free and takes about five minutes:
      1. Open https://console.cloud.google.com/projectcreate and create a project.
      2. APIs & Services > Library: find "Photos Library API" and enable it.
      3. Google Auth Platform > Get started: an app name, your address, Audience "External", Create.
      4. Data Access > Add or remove scopes: add .../auth/photoslibrary.readonly.appcreateddata, Save.
      5. Audience > Publish app. While it says "Testing", Google ends every sign-in after 7 days.
      6. Clients > Create client > Application type "Desktop app" > Create.
      7. Download the JSON at once, because Google shows the secret only this time, and save it as
         /photos/.client_secret.json
    Then run: gphotosync login --lib /photos
    At the warning "Google hasn't verified this app" choose Advanced > Go to your app: it is your own.
    "#);
}

#[test]
fn the_command_can_be_pasted_into_a_shell() {
    assert_eq!(login_command(Path::new(".")), "gphotosync login");
    assert_eq!(
        login_command(Path::new("/photos")),
        "gphotosync login --lib /photos"
    );
    assert_eq!(
        login_command(Path::new("/my 'old' photos")),
        r"gphotosync login --lib '/my '\''old'\'' photos'"
    );
}

#[test]
fn the_lines_before_the_browser_fit_a_terminal() {
    let lines = BEFORE_CONSENT.iter().chain(&BEFORE_PICKING);
    assert!(lines.into_iter().all(|line| line.len() <= 120));
}

#[test]
fn refusals_say_what_to_do() {
    insta::assert_snapshot!(dead_client(Path::new("/photos")), @r#"Google does not accept the OAuth client (invalid_client). It was deleted, or its secret is no longer valid. Create another one of the type "Desktop app", save its JSON as /photos/.client_secret.json and run: gphotosync login --lib /photos"#);
    insta::assert_snapshot!(reauthentication(&login_command(Path::new("/photos"))), @"your organisation's rules demand to sign in again from time to time (invalid_rapt); run `gphotosync login --lib /photos`");
    insta::assert_snapshot!(refused_refresh("invalid_scope", &login_command(Path::new("/photos"))), @"Google does not accept the stored sign-in (invalid_scope); sign in again with `gphotosync login --lib /photos`");
    insta::assert_snapshot!(predecessor(Path::new("/photos")), @r"
    .token.json is from the earlier gphotosync, written in Go. The permission in it (photoslibrary.readonly) was
    removed by Google on 31 March 2025 and opens nothing any more. Sign in anew with: gphotosync login --lib /photos
    ");
    insta::assert_snapshot!(other_client(Path::new("/photos")), @r"
    A sign-in belongs to the OAuth client it was made with. Either put that client back as .client_secret.json, or sign
    in with the present one: gphotosync login --lib /photos
    Note that another Cloud project sees other photos: those it uploaded itself.
    ");
    insta::assert_snapshot!(damaged(Path::new("/photos")), @r"
    It may have been cut short or edited. Sign in again with: gphotosync login --lib /photos
    The damaged file will be kept beside the new one.
    ");
}
