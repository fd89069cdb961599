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
    insta::assert_snapshot!(aged(TimeDelta::days(3), TimeDelta::days(2)), @"");
    insta::assert_snapshot!(aged(TimeDelta::days(8), TimeDelta::days(6)), @"");
    let had_outlived_testing = aged(TimeDelta::days(40), TimeDelta::days(39));
    assert!(had_outlived_testing.contains("most likely revoked"));
    insta::assert_snapshot!(aged(TimeDelta::days(300), TimeDelta::days(39)), @"");
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
fn the_set_up_names_every_click() {
    insta::assert_snapshot!(set_up(Path::new("/photos")), @"");
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
    assert!(BEFORE_CONSENT.iter().all(|line| line.len() <= 120));
}

#[test]
fn refusals_say_what_to_do() {
    insta::assert_snapshot!(dead_client(Path::new("/photos")), @"");
    insta::assert_snapshot!(reauthentication(Path::new("/photos")), @"");
    insta::assert_snapshot!(refused_refresh("invalid_scope", Path::new("/photos")), @"");
    insta::assert_snapshot!(predecessor(Path::new("/photos")), @"");
    insta::assert_snapshot!(other_client(Path::new("/photos")), @"");
    insta::assert_snapshot!(damaged(Path::new("/photos")), @"");
}
