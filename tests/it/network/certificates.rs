//! HTTPS: a host is believed only when a certificate authority that this computer trusts vouches for it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use stand_in_google::{Item, StandIn};

use super::tls_front::TlsFront;
use crate::sign_in::dialogue::Dialogue;
use crate::support::Sandbox;

/// A stand-in behind HTTPS, a user of it, and the file of the authority that vouches for it.
pub(super) struct Secured {
    pub(super) google: StandIn,
    pub(super) front: TlsFront,
    pub(super) sandbox: Sandbox,
    pub(super) authority: PathBuf,
}

impl Secured {
    /// Nobody has signed in yet.
    pub(super) fn new() -> Self {
        let front = TlsFront::new();
        let library: Vec<_> = (1..=3).map(Item::photo).collect();
        let google = StandIn::builder()
            .library(library)
            .known_as(&front.origin())
            .start()
            .unwrap();
        front.serve(google.address());
        let sandbox = Sandbox::with_client(&google);
        let authority = sandbox.home().join("authority.pem");
        fs::write(&authority, front.authority()).unwrap();
        Self {
            google,
            front,
            sandbox,
            authority,
        }
    }

    /// The user has signed in, over HTTPS.
    pub(super) fn signed_in() -> Self {
        let secured = Self::new();
        let mut login = secured.dialogue(secured.trusting(&["login", "--no-browser"]));
        login.address = login.address.replace(
            &secured.front.origin(),
            &format!("http://{}", secured.google.address()),
        );
        login.browse();
        login.end().with_code(0);
        secured.google.journal().clear();
        secured
    }

    fn dialogue(&self, command: Command) -> Dialogue {
        Dialogue::with(&self.sandbox, command)
    }

    /// The program, trusting the authority.
    pub(super) fn trusting(&self, args: &[&str]) -> Command {
        let mut command = self.sandbox.command(args);
        command.env("SSL_CERT_FILE", &self.authority);
        command
    }
}

#[test]
fn an_authority_named_by_the_user_is_trusted() {
    let secured = Secured::signed_in();
    let sync = secured.trusting(&["sync", "--progress", "json", "--delay", "0"]);
    let summary = secured.sandbox.end_of(sync).with_code(0).summary();
    assert_eq!(summary.counts(), [("stored", 3)]);
    assert!(secured.front.origin().starts_with("https://localhost:"));
}

#[test]
fn a_host_that_nobody_vouches_for_is_told_nothing() {
    let secured = Secured::signed_in();
    let ended = secured.sandbox.sync(&[]).with_code(1);
    assert!(
        ended.stderr.contains("the host's certificate is not trusted"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("SSL_CERT_FILE"), "{}", ended.stderr);
    assert_eq!(ended.summary().ending(), "stopped");
    assert_eq!(secured.google.journal().total(), 0);
}

#[test]
fn a_certificate_for_another_name_is_not_taken() {
    let secured = Secured::signed_in();
    let address = format!("https://127.0.0.1:{}", secured.front.port());
    let mut sync = secured
        .sandbox
        .program(&["sync", "--delay", "0", "--google-endpoint", &address, "--lib"]);
    sync.arg(secured.sandbox.library())
        .env("SSL_CERT_FILE", &secured.authority);
    let ended = secured.sandbox.end_of(sync).with_code(1);
    assert!(
        ended.stderr.contains("not valid for name \"127.0.0.1\""),
        "{}",
        ended.stderr
    );
    assert_eq!(secured.google.journal().total(), 0);
}

#[test]
fn signing_in_says_it_too() {
    let secured = Secured::new();
    let mut login = secured.dialogue(secured.sandbox.command(&["login", "--no-browser"]));
    login.address = login.address.replace(
        &secured.front.origin(),
        &format!("http://{}", secured.google.address()),
    );
    let (_, page) = login.browse();
    assert!(page.contains("could not sign in"), "{page}");
    let ended = login.end().with_code(1);
    assert!(
        ended.stderr.contains("the host's certificate is not trusted"),
        "{}",
        ended.stderr
    );
    assert!(!secured.sandbox.path(".token.json").exists());
}

#[test]
fn without_any_authorities_it_says_what_to_install() {
    let secured = Secured::signed_in();
    let file = secured.sandbox.home().join("empty.pem");
    let mut sync = secured.trusting(&["sync", "--delay", "0"]);
    sync.env("SSL_CERT_FILE", &file).env_remove("SSL_CERT_DIR");
    let ended = secured.sandbox.end_of(sync).with_code(1);
    assert!(
        ended
            .stderr
            .contains("empty.pem, which SSL_CERT_FILE names: No such file"),
        "{}",
        ended.stderr
    );
    fs::write(&file, "").unwrap();
    let mut sync = secured.trusting(&["sync", "--delay", "0"]);
    sync.env("SSL_CERT_FILE", &file).env_remove("SSL_CERT_DIR");
    let ended = secured.sandbox.end_of(sync).with_code(1);
    assert!(
        ended.stderr.contains("no trusted certificates found"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("ca-certificates"), "{}", ended.stderr);
}
