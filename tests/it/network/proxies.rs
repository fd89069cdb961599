//! Proxies: used where the environment names them, and passed by where it says so.

use stand_in_google::Item;

use super::certificates::Secured;
use super::proxy::Proxy;
use crate::support::{Sandbox, serving};

fn google() -> stand_in_google::StandIn {
    serving((1..=3).map(Item::photo).collect())
}

#[test]
fn plain_http_goes_through_the_proxy_that_is_named() {
    let (google, proxy) = (google(), Proxy::start());
    let sandbox = Sandbox::signed_in(&google);
    google.journal().clear();
    let ended = sandbox
        .sync_with(&[("HTTP_PROXY", &proxy.address())])
        .with_code(0);
    assert_eq!(ended.summary().counts(), [("stored", 3)]);
    assert!(proxy.connections() > 0);
    assert_eq!(
        google.journal().connections(),
        proxy.connections() as u64,
        "nothing went past it"
    );
    assert!(proxy.asked()[0].starts_with(&format!("GET {}/photoslibrary/", google.endpoint())));
}

#[test]
fn https_goes_through_a_tunnel() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (secured, proxy) = (Secured::signed_in(), Proxy::start());
        let mut sync = secured.trusting(&["sync", "--progress", "json", "--delay", "0"]);
        sync.env(variable, proxy.address());
        secured.sandbox.end_of(sync).with_code(0);
        assert!(proxy.connections() > 0, "{variable}");
        assert_eq!(
            secured.google.journal().connections(),
            proxy.connections() as u64,
            "{variable}"
        );
        let asked = proxy.asked();
        let tunnel = format!("CONNECT {}", secured.front.origin().replace("https://", ""));
        assert!(asked.iter().all(|asked| asked.starts_with(&tunnel)), "{asked:?}");
        assert!(
            !asked.iter().any(|asked| asked.contains("mediaItems")),
            "it sees no request"
        );
    }
}

#[test]
fn hosts_that_are_excepted_are_reached_directly() {
    let (google, proxy) = (google(), Proxy::start());
    let sandbox = Sandbox::signed_in(&google);
    for exception in ["127.0.0.1", "example.org,127.0.0.0/8"] {
        sandbox
            .sync_with(&[("HTTP_PROXY", &proxy.address()), ("NO_PROXY", exception)])
            .with_code(0);
    }
    let secured = Secured::signed_in();
    for exception in ["localhost", "*"] {
        let mut sync = secured.trusting(&["sync", "--delay", "0"]);
        sync.env("HTTPS_PROXY", proxy.address())
            .env("NO_PROXY", exception);
        secured.sandbox.end_of(sync).with_code(0);
    }
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_may_want_a_name_and_a_password() {
    let secured = Secured::signed_in();
    let proxy = Proxy::demanding("Basic bWU6aHVzaC1odXNo");
    let mut sync = secured.trusting(&["sync", "--delay", "0", "-vvv"]);
    sync.env(
        "HTTPS_PROXY",
        format!("http://me:hush-hush@{}", proxy.authority()),
    );
    let ended = secured.sandbox.end_of(sync).with_code(0);
    assert!(!ended.stderr.contains("hush"), "{}", ended.stderr);
    let mut sync = secured.trusting(&["sync", "--delay", "0", "-vvv"]);
    sync.env("HTTPS_PROXY", format!("http://me:hush-now@{}", proxy.authority()));
    let ended = secured.sandbox.end_of(sync).with_code(1);
    assert!(
        ended
            .stderr
            .contains("the proxy wants a user name and a password (407)"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("hush"), "{}", ended.stderr);
}

#[test]
fn the_same_over_plain_http() {
    let google = google();
    let sandbox = Sandbox::signed_in(&google);
    let proxy = Proxy::demanding("Basic bWU6aHVzaC1odXNo");
    let ended = sandbox
        .sync_with(&[("HTTP_PROXY", &proxy.address())])
        .with_code(1);
    assert!(
        ended
            .stderr
            .contains("the proxy wants a user name and a password (407)"),
        "{}",
        ended.stderr
    );
    let address = format!("http://me:hush-hush@{}", proxy.authority());
    sandbox.sync_with(&[("HTTP_PROXY", &address)]).with_code(0);
}

#[test]
fn a_proxy_that_is_away_is_named_as_the_cause() {
    let secured = Secured::signed_in();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut sync = secured.trusting(&["sync", "--progress", "json", "--delay", "0"]);
    sync.env("HTTPS_PROXY", format!("http://127.0.0.1:{port}"));
    let mut running = crate::support::Running::start(sync, secured.sandbox.library().parent().unwrap());
    let paused = running.until("paused");
    assert_eq!(paused["cause"], "unreachable");
    let retried = running.until("listing_retrying");
    let error = retried["error"].as_str().unwrap();
    assert!(error.starts_with("no connection through the proxy: "), "{error}");
    running.signal(crate::support::Signal::INT);
    running.end().with_code(130);
}
