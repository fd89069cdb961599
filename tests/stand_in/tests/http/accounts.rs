//! Consent, tokens and revocation.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use stand_in_google::{ClientForm, Consent, StandIn};
use url::Url;

use crate::client::{Reply, get, post_form, send, with_query};
use crate::{MEDIA_ITEMS, READ, serving};

/// Makes a form unlawful.
type Alter = dyn Fn(&mut Vec<(&str, &str)>);

const AUTH: &str = "/accounts/o/oauth2/v2/auth";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-lawful-0123456789";
const REDIRECT: &str = "http://127.0.0.1:7777/any/path";

fn client(google: &StandIn, form: &ClientForm) -> (String, String) {
    let json: Value = serde_json::from_str(&google.client_secret_json(form)).unwrap();
    let client = json.get("installed").or(json.get("web")).unwrap();
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    (text("client_id"), text("client_secret"))
}

/// What a well-behaved client sends to the consent page.
fn wish(client_id: &str) -> HashMap<&'static str, String> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    HashMap::from([
        ("client_id", client_id.to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", READ.to_owned()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256".to_owned()),
        ("state", "some state".to_owned()),
    ])
}

fn consent(google: &StandIn, wish: &HashMap<&'static str, String>) -> Reply {
    let query: Vec<(&str, &str)> = wish.iter().map(|(name, value)| (*name, value.as_str())).collect();
    get(google, &with_query(AUTH, &query))
}

fn answers(reply: &Reply) -> HashMap<String, String> {
    assert_eq!(reply.status, 302, "{}", reply.text());
    let target = Url::parse(reply.header("location").unwrap()).unwrap();
    assert!(target.as_str().starts_with(REDIRECT));
    target.query_pairs().into_owned().collect()
}

/// A code for the installed client, and what is needed to exchange it.
fn exchange<'a>(client: &'a (String, String), code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", &client.0),
        ("client_secret", &client.1),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("code", code),
    ]
}

fn code(google: &StandIn, client: &(String, String)) -> String {
    answers(&consent(google, &wish(&client.0)))["code"].clone()
}

fn error(reply: &Reply) -> (u16, String, String) {
    let text = |name: &str| reply.json()[name].as_str().unwrap().to_owned();
    (reply.status, text("error"), text("error_description"))
}

#[test]
fn signing_in_gives_tokens_that_read_refresh_and_are_revoked() {
    let google = serving(vec![]);
    let client = client(&google, &ClientForm::Installed);
    let answered = answers(&consent(&google, &wish(&client.0)));
    assert_eq!(
        (answered["state"].as_str(), answered["scope"].as_str()),
        ("some state", READ)
    );
    let tokens = post_form(&google, "/oauth2/token", &exchange(&client, &answered["code"])).json();
    assert_eq!(
        (&tokens["expires_in"], &tokens["token_type"]),
        (&3599.into(), &"Bearer".into())
    );
    assert!(tokens["access_token"].as_str().unwrap().starts_with("ya29."));
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(
        send(&google, "GET", MEDIA_ITEMS, &[("Authorization", &bearer)], "").status,
        200
    );

    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", client.0.as_str()),
        ("client_secret", client.1.as_str()),
        ("refresh_token", refresh),
    ];
    let fresh = post_form(&google, "/oauth2/token", &form).json();
    assert!(fresh.get("refresh_token").is_none() && fresh["access_token"] != tokens["access_token"]);

    let revoked = send(
        &google,
        "POST",
        &with_query("/oauth2/revoke", &[("token", refresh)]),
        &[],
        "",
    );
    assert_eq!((revoked.status, revoked.json()), (200, serde_json::json!({})));
    assert_eq!(
        send(&google, "GET", MEDIA_ITEMS, &[("Authorization", &bearer)], "").status,
        401
    );
    let dead = post_form(&google, "/oauth2/token", &form);
    let expired = "Token has been expired or revoked.";
    assert_eq!(error(&dead), (400, "invalid_grant".into(), expired.into()));
    let again = post_form(&google, "/oauth2/revoke", &[("token", refresh)]);
    assert_eq!(error(&again).1, "invalid_token");
}

#[test]
fn codes_are_good_once_and_only_with_all_that_belongs_to_them() {
    let google = serving(vec![]);
    let client = client(&google, &ClientForm::Installed);
    let try_with = |change: &Alter| {
        let code = code(&google, &client);
        let mut form = exchange(&client, &code);
        change(&mut form);
        error(&post_form(&google, "/oauth2/token", &form))
    };
    let replace = |name: &'static str, value: &'static str| {
        try_with(&move |form| {
            form.iter_mut()
                .filter(|(key, _)| *key == name)
                .for_each(|pair| pair.1 = value);
        })
    };
    assert_eq!(
        replace("client_secret", "wrong"),
        (401, "invalid_client".into(), "Unauthorized".into())
    );
    assert_eq!(replace("client_id", "wrong").1, "invalid_client");
    assert_eq!(
        replace("redirect_uri", "http://127.0.0.1:1"),
        (400, "redirect_uri_mismatch".into(), "Bad Request".into())
    );
    assert_eq!(
        replace("code_verifier", &VERIFIER[1..]).2,
        "Invalid code verifier."
    );
    assert_eq!(replace("code_verifier", "short").2, "Invalid code verifier.");
    assert_eq!(
        replace("code", "4/invented"),
        (400, "invalid_grant".into(), "Bad Request".into())
    );
    assert_eq!(replace("grant_type", "password").1, "unsupported_grant_type");
    assert_eq!(
        try_with(&|form| form.retain(|(key, _)| *key != "code_verifier")).2,
        "Missing code verifier."
    );
    assert_eq!(
        try_with(&|form| form.retain(|(key, _)| *key != "client_secret")).2,
        "client_secret is missing."
    );

    let used = code(&google, &client);
    assert_eq!(
        post_form(&google, "/oauth2/token", &exchange(&client, &used)).status,
        200
    );
    assert_eq!(
        error(&post_form(&google, "/oauth2/token", &exchange(&client, &used))).1,
        "invalid_grant"
    );
    assert_eq!(get(&google, "/oauth2/token").status, 405);
    assert_eq!(
        send(&google, "POST", "/oauth2/token", &[], "grant_type=refresh_token").status,
        400
    );
}

#[test]
fn the_consent_page_refuses_what_is_wrong_without_redirecting() {
    let google = serving(vec![]);
    let (id, _) = client(&google, &ClientForm::Installed);
    let refused = |name: &'static str, value: Option<&str>| {
        let mut wish = wish(&id);
        wish.remove(name);
        wish.extend(value.map(|value| (name, value.to_owned())));
        let reply = consent(&google, &wish);
        assert!(
            reply.header("location").is_none()
                && reply.header("content-type").unwrap().starts_with("text/html")
        );
        (reply.status, reply.text())
    };
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "code_challenge",
        "code_challenge_method",
        "state",
    ] {
        let (status, page) = refused(name, None);
        assert!(
            status == 400 && page.contains("invalid_request"),
            "{name}: {page}"
        );
    }
    assert_eq!(refused("client_id", Some("nobody")).0, 401);
    assert!(
        refused("redirect_uri", Some("https://evil.example/"))
            .1
            .contains("redirect_uri_mismatch")
    );
    assert!(
        refused("redirect_uri", Some("http://10.0.0.1:80/"))
            .1
            .contains("redirect_uri_mismatch")
    );
    assert!(
        refused("redirect_uri", Some("urn:ietf:wg:oauth:2.0:oob"))
            .1
            .contains("out-of-band")
    );
    assert!(
        refused("scope", Some("photoslibrary.everything"))
            .1
            .contains("invalid_scope")
    );
    assert!(refused("code_challenge_method", Some("plain")).1.contains("S256"));
    assert!(
        refused("code_challenge", Some("short"))
            .1
            .contains("code_challenge")
    );
}

#[test]
fn loopback_addresses_and_removed_scopes_pass_consent() {
    let google = serving(vec![]);
    let (id, _) = client(&google, &ClientForm::Installed);
    for redirect in [
        "http://[::1]:4000",
        "http://localhost:1/x",
        "http://127.0.0.1:65535",
    ] {
        let mut wish = wish(&id);
        wish.insert("redirect_uri", redirect.to_owned());
        wish.insert(
            "scope",
            "https://www.googleapis.com/auth/photoslibrary.readonly".to_owned(),
        );
        let reply = consent(&google, &wish);
        assert!(
            reply.status == 302 && reply.header("location").unwrap().starts_with(redirect),
            "{redirect}"
        );
    }
}

#[test]
fn a_web_client_gets_its_registered_redirect_only_and_must_ask_for_offline_access() {
    let google = serving(vec![]);
    let form = ClientForm::Web {
        redirect: REDIRECT.to_owned(),
    };
    let client = client(&google, &form);
    assert!(google.client_secret_json(&form).starts_with("{\"web\""));
    let mut online = wish(&client.0);
    online.insert("redirect_uri", "http://127.0.0.1:7778/".to_owned());
    let mismatch = consent(&google, &online);
    assert!(mismatch.status == 400 && mismatch.text().contains("redirect_uri_mismatch"));

    let refresh_token = |extra: &[(&'static str, &str)]| {
        let mut wish = wish(&client.0);
        wish.extend(extra.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let code = answers(&consent(&google, &wish))["code"].clone();
        post_form(&google, "/oauth2/token", &exchange(&client, &code))
            .json()
            .get("refresh_token")
            .is_some()
    };
    assert!(!refresh_token(&[]));
    assert!(refresh_token(&[("access_type", "offline")]));
    assert!(
        !refresh_token(&[("access_type", "offline")]),
        "the second time without asking again"
    );
    assert!(refresh_token(&[
        ("access_type", "offline"),
        ("prompt", "consent")
    ]));
}

#[test]
fn the_user_may_refuse_untick_or_walk_away() {
    let google = serving(vec![]);
    let client = client(&google, &ClientForm::Installed);
    let ask_with = |consent: Consent| {
        google.configure(|settings| settings.consent = consent);
        self::consent(&google, &wish(&client.0))
    };
    assert_eq!(answers(&ask_with(Consent::Refuse))["error"], "access_denied");
    let nothing = answers(&ask_with(Consent::GrantOnly(vec![])));
    assert_eq!(nothing["scope"], "");
    let tokens = post_form(&google, "/oauth2/token", &exchange(&client, &nothing["code"])).json();
    assert_eq!(tokens["scope"], "");
    let page = ask_with(Consent::NeverAnswers);
    assert!(page.status == 200 && page.header("location").is_none());
}

#[test]
fn tokens_end_with_time_with_a_word_and_with_the_grant() {
    let google = serving(vec![]);
    let list = |token: &str| {
        send(
            &google,
            "GET",
            MEDIA_ITEMS,
            &[("Authorization", &format!("Bearer {token}"))],
            "",
        )
        .status
    };
    let first = google.issue_access_token(&[READ]);
    google.pass_time(std::time::Duration::from_secs(3598));
    assert_eq!(list(&first), 200);
    google.pass_time(std::time::Duration::from_secs(2));
    assert_eq!(list(&first), 401);
    let second = google.issue_access_token(&[READ]);
    google.expire_access_tokens();
    assert_eq!(list(&second), 401);
    let third = google.issue_access_token(&[READ]);
    google.revoke_grants();
    assert_eq!(list(&third), 401);
}

#[test]
fn the_hundred_and_first_refresh_token_silently_ends_the_first() {
    let google = serving(vec![]);
    let (id, secret) = client(&google, &ClientForm::Installed);
    let first = google.issue_refresh_token(&[READ]);
    let second = google.issue_refresh_token(&[READ]);
    for _ in 0..99 {
        google.issue_refresh_token(&[READ]);
    }
    let refreshed = |token: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &id),
            ("client_secret", &secret),
            ("refresh_token", token),
        ];
        post_form(&google, "/oauth2/token", &form).status
    };
    assert_eq!((refreshed(&first), refreshed(&second)), (400, 200));
}
