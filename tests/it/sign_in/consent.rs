//! From Google's page back into the program: through the browser, through a paste, or not at all.

use std::net::TcpListener;

use insta::assert_snapshot;
use stand_in_google::{ClientForm, Consent, Endpoint, visit};

use super::dialogue::Dialogue;
use super::{SCOPE, assert_needs_sign_in, google};
use crate::support::{Ended, Sandbox};

/// What was told, without what differs from run to run.
fn told(ended: &Ended) -> String {
    let lines = ended.shown();
    let lines = lines.lines().map(|line| {
        let page = line.starts_with("http").then(|| line.split_once('?')).flatten();
        page.map_or(line, |(page, _)| page)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_browser_brings_the_answer() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let login = Dialogue::begin(&sandbox, &[]);
    let (end, page) = login.browse();
    assert!(
        page.contains("gphotosync is signed in") && page.contains("close this page"),
        "{page}"
    );
    assert_eq!(end.host_str(), Some("127.0.0.1"));
    let ended = login.end().with_code(0);
    assert_eq!(ended.stdout, "");
    assert_snapshot!(told(&ended));
    assert_eq!(sandbox.grant()["scopes"][0], SCOPE);
    sandbox.sync(&[]).with_code(0);
}

#[test]
fn the_address_asks_for_what_it_should() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let login = Dialogue::begin(&sandbox, &[]);
    let address = url::Url::parse(&login.address).unwrap();
    let asked = |name: &str| {
        let value = address.query_pairs().find(|(key, _)| key == name);
        value.map(|(_, value)| value.into_owned()).unwrap()
    };
    assert_eq!(asked("scope"), SCOPE);
    assert_eq!(asked("code_challenge_method"), "S256");
    assert_eq!(asked("access_type"), "offline");
    assert!(asked("redirect_uri").starts_with("http://127.0.0.1:"));
    assert!(asked("state").len() >= 43, "the state cannot be guessed");
}

#[test]
fn a_pasted_address_will_do_while_the_listener_still_waits() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let mut login = Dialogue::begin(&sandbox, &[]);
    let answer = login.browse_elsewhere();
    login.paste("");
    login.paste("what?");
    login.hear("that it is no answer", |line| {
        line.contains("holds no answer from Google")
    });
    login.paste(&login.address.clone());
    login.hear("that it is the address to open", |line| {
        line.contains("the address to open")
    });
    login.paste(answer.split('&').find(|part| part.contains("code=")).unwrap());
    login.hear("that it is only a part", |line| line.contains("only a part"));
    assert!(login.is_waiting() && !sandbox.has_token());
    login.paste(&format!("  '{answer}'  "));
    login.end().with_code(0);
    sandbox.sync(&[]).with_code(0);
}

#[test]
fn an_answer_to_another_sign_in_is_not_taken() {
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let stale = Dialogue::begin(&sandbox, &[]).browse_elsewhere();
    let mut login = Dialogue::begin(&sandbox, &[]);
    login.paste(&stale);
    login.hear("whose it is", |line| line.contains("another sign-in"));
    let redirect = url::Url::parse(&login.browse_elsewhere()).unwrap();
    let (_, query) = stale.split_once('?').unwrap();
    let (_, page) = visit(&format!("http://{}/?{query}", redirect.authority())).unwrap();
    assert!(
        page.contains("400 Bad Request") && page.contains("still waiting"),
        "{page}"
    );
    assert!(login.is_waiting() && !sandbox.has_token());
    login.browse();
    login.end().with_code(0);
}

#[test]
fn a_refusal_is_told_at_once() {
    let google = google();
    google.configure(|settings| settings.consent = Consent::Refuse);
    let sandbox = Sandbox::with_client(&google);
    let login = Dialogue::begin(&sandbox, &[]);
    let (_, page) = login.browse();
    assert!(page.contains("gphotosync was refused"), "{page}");
    assert_needs_sign_in(
        login.end(),
        &[
            "error: the permission was refused on Google's page",
            "Nothing was stored",
        ],
    );
    assert!(!sandbox.has_token());
    assert_eq!(google.journal().count(Endpoint::Token), 0);
}

#[test]
fn a_page_that_is_never_answered_can_be_left() {
    let google = google();
    google.configure(|settings| settings.consent = Consent::NeverAnswers);
    let sandbox = Sandbox::with_client(&google);
    let mut login = Dialogue::begin(&sandbox, &[]);
    let (end, _) = login.browse();
    assert_eq!(
        end.path(),
        "/accounts/o/oauth2/v2/auth",
        "the browser stays there"
    );
    login.paste("is anybody there?");
    login.hear("that it still waits", |line| line.starts_with("Not yet:"));
    assert!(login.is_waiting());
    login.interrupt();
    let ended = login.end();
    assert!(matches!(ended.code, None | Some(130)), "{:?}", ended.code);
    assert!(!sandbox.has_token());
}

#[test]
fn an_unticked_box_is_explained_and_nothing_is_kept() {
    let google = google();
    google.configure(|settings| settings.consent = Consent::GrantOnly(vec!["openid".to_owned()]));
    let sandbox = Sandbox::with_client(&google);
    let login = Dialogue::begin(&sandbox, &[]);
    let (_, page) = login.browse();
    assert!(page.contains("could not sign in"), "{page}");
    assert_needs_sign_in(login.end(), &[SCOPE, "was not granted", "leave the box ticked"]);
    assert!(!sandbox.has_token());
}

#[test]
fn a_web_client_is_sent_back_to_exactly_its_registered_redirect() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let redirect = format!("http://127.0.0.1:{port}/oauth/back");
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let client = google.client_secret_json(&ClientForm::Web {
        redirect: redirect.clone(),
    });
    std::fs::write(sandbox.path(".client_secret.json"), client).unwrap();
    let login = Dialogue::begin(&sandbox, &[]);
    let answer = login.browse_elsewhere();
    assert!(answer.starts_with(&format!("{redirect}?")), "{answer}");
    let (end, _) = login.browse();
    assert_eq!(end.port(), Some(port));
    login.end().with_code(0);
    sandbox.sync(&[]).with_code(0);
}

#[test]
fn a_port_that_is_taken_is_explained() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let redirect = format!("http://127.0.0.1:{port}");
    let client = google.client_secret_json(&ClientForm::Web { redirect });
    std::fs::write(sandbox.path(".client_secret.json"), client).unwrap();
    let ended = sandbox.run(&["login", "--no-browser"]).with_code(1);
    assert!(
        ended
            .stderr
            .contains(&format!("could not listen on 127.0.0.1:{port}")),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("Another program uses this port"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_token_endpoint_in_trouble_costs_no_second_consent() {
    use stand_in_google::{Faults, Refusal, Trigger};
    let google = google();
    let sandbox = Sandbox::with_client(&google);
    let login = Dialogue::begin(&sandbox, &[]);
    google.faults().set(Faults::none().rule(
        Endpoint::Token,
        Trigger::First(1),
        Refusal::ServerError(503, None),
    ));
    login.browse();
    login.end().with_code(0);
    assert_eq!(google.faults().struck(), [1]);
    assert!(sandbox.has_token());
}
