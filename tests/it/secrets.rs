//! Nothing that opens anything is ever told. A proxy in between hears every secret that goes over the wire, and
//! whatever the program wrote is then searched for them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use stand_in_google::{
    Choice, Consent, Damage, Endpoint, Faults, Item, Refusal, RetryAfter, Service, StandIn, Target, Trigger,
};
use url::Url;
use url::form_urlencoded;

use crate::network::proxy::Proxy;
use crate::screen::window::Window;
use crate::sign_in::dialogue::Dialogue;
use crate::support::{Sandbox, serving};

/// The loudest voice there is.
const LOUD: &str = "-vvvv";

/// A run that is loud, and impatient with what never comes.
const SYNC: [&str; 9] = [
    "sync",
    "--delay",
    "0",
    "--workers",
    "16",
    "--stall-timeout",
    "1s",
    LOUD,
    "--progress",
];

/// A user whose every request is overheard, and everything the program has said so far.
struct Wiretap {
    google: StandIn,
    proxy: Proxy,
    sandbox: Sandbox,
    said: String,
    secrets: BTreeSet<String>,
}

impl Wiretap {
    fn new() -> Self {
        let mut items: Vec<_> = (1..=20).map(Item::photo).collect();
        items.push(Item::video(21));
        items.push(Item::motion_photo(22));
        let google = serving(items);
        let sandbox = Sandbox::with_client(&google);
        Self {
            google,
            proxy: Proxy::start(),
            sandbox,
            said: String::new(),
            secrets: BTreeSet::new(),
        }
    }

    /// A user who has signed in, overheard.
    fn signed_in() -> Self {
        let mut wiretap = Self::new();
        wiretap.sign_in(|login| drop(login.browse()));
        wiretap
    }

    /// The program with these arguments, overheard.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.sandbox.command(args);
        command.env("HTTP_PROXY", self.proxy.address());
        command
    }

    fn run(&mut self, args: &[&str]) {
        let ended = self.sandbox.end_of(self.command(args));
        self.said += &ended.stdout;
        self.said += &ended.stderr;
    }

    /// Runs `sync` with these faults.
    fn sync(&mut self, faults: Faults) {
        self.google.faults().set(faults);
        self.run(&[&SYNC[..], &["plain"]].concat());
        self.google.faults().clear();
    }

    /// Runs `sync` with these faults in every way there is of showing it.
    fn sync_in_every_way(&mut self, faults: &Faults) {
        for progress in ["plain", "json", "none"] {
            self.google.faults().set(faults.clone());
            self.run(&[&SYNC[..], &[progress]].concat());
            self.forget();
        }
        self.google.faults().set(faults.clone());
        let window = Window::open(&self.command(&[&SYNC[..], &["bars"]].concat()), (200, 50));
        self.said += &window.close().raw;
        self.google.faults().clear();
    }

    /// What was fetched is to be fetched again.
    fn forget(&mut self) {
        self.said += &texts(&self.sandbox.library());
        fs::remove_dir_all(self.sandbox.path(".gphotosync")).unwrap();
    }

    /// Signs in; `answer` makes of the address of the consent page what the person does with it.
    fn sign_in(&mut self, answer: impl FnOnce(&mut Dialogue)) {
        let mut login = Dialogue::with(&self.sandbox, self.command(&["login", "--no-browser", LOUD]));
        let address = Url::parse(&login.address).unwrap();
        answer(&mut login);
        let ended = login.end();
        // The address itself must be shown, and holds the state; nothing else may.
        self.said += &ended.stderr.replace(address.as_str(), "");
        let state = address.query_pairs().find(|(name, _)| name == "state").unwrap().1;
        self.secrets.insert(state.into_owned());
    }

    /// Everything secret that went over the wire.
    fn overheard(&self) -> BTreeSet<String> {
        let mut secrets = self.secrets.clone();
        for asked in self.proxy.asked() {
            secrets.extend(after(&asked, "authorization: Bearer "));
            secrets.extend(in_forms(&asked));
            secrets.extend(in_links(&asked));
        }
        for answered in self.proxy.answered() {
            for field in ["access_token", "refresh_token"] {
                secrets.extend(after(&answered, &format!("\"{field}\":\"")));
            }
            secrets.extend(in_links(&answered));
        }
        secrets
    }

    /// Fails if any of the secrets is to be found in what was said, or in a file that is not made for it.
    fn assert_kept(&mut self) {
        let secrets = self.overheard();
        for folder in [self.sandbox.library(), self.sandbox.home()] {
            self.said += &texts(&folder);
        }
        let told: Vec<_> = secrets.iter().filter_map(|secret| self.around(secret)).collect();
        assert!(told.is_empty(), "told:\n{}", told.join("\n"));
    }

    /// Where a secret was told, if it was.
    fn around(&self, secret: &str) -> Option<String> {
        let (before, after) = self.said.split_once(secret)?;
        let before: Vec<_> = before.chars().rev().take(80).collect();
        let after: String = after.chars().take(40).collect();
        let text = before
            .into_iter()
            .rev()
            .chain(secret.chars())
            .chain(after.chars());
        Some(text.flat_map(char::escape_default).collect())
    }
}

/// The words that follow `before`, up to what cannot be part of a token.
fn after(text: &str, before: &str) -> Vec<String> {
    let (lower, before) = (text.to_ascii_lowercase(), before.to_ascii_lowercase());
    let places = lower.match_indices(&before).map(|(at, found)| at + found.len());
    let end = |c: char| c.is_whitespace() || "\"&".contains(c);
    places
        .map(|at| text[at..].split(end).next().unwrap_or_default().to_owned())
        .filter(|word| word.len() >= 16)
        .collect()
}

/// What was sent to the token endpoint and is nobody's business.
fn in_forms(asked: &str) -> Vec<String> {
    let bodies = asked
        .split("\r\n\r\n")
        .filter(|body| body.contains("client_secret=") || body.contains("token="));
    let pairs = bodies.flat_map(|body| {
        let form = body.split(char::is_whitespace).next().unwrap_or_default();
        form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect::<Vec<_>>()
    });
    let secret = ["client_secret", "code", "code_verifier", "refresh_token", "token"];
    pairs
        .filter(|(name, value)| secret.contains(&name.as_str()) && value.len() >= 16)
        // In a log it may just as well be written as it was sent.
        .flat_map(|(_, value)| {
            [
                value.clone(),
                form_urlencoded::byte_serialize(value.as_bytes()).collect(),
            ]
        })
        .collect()
}

/// The signatures of links to bytes.
fn in_links(text: &str) -> Vec<String> {
    let paths = ["/media/lr/", "/media/ppa/", "/video-downloads/"];
    let links = paths.into_iter().flat_map(|path| text.split(path).skip(1));
    links
        .filter_map(|link| link.split_once('.'))
        .map(|(signature, _)| signature.to_owned())
        .filter(|signature| signature.len() >= 8 && signature.len() < 100)
        .collect()
}

/// All files of a folder as text, but for those that are made to hold secrets.
fn texts(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            text += &texts(&path);
        } else if name != ".token.json" && name != ".client_secret.json" {
            text += &String::from_utf8_lossy(&fs::read(&path).unwrap());
        }
    }
    text
}

fn item(number: u64) -> Target {
    Target::item(&stand_in_google::id_of(number))
}

/// What can happen to a file without taking long.
fn refused() -> Faults {
    let elsewhere = Refusal::RedirectTo("http://127.0.0.2:9/steal?it=1".to_owned());
    Faults::none()
        .rule(item(1), Trigger::Always, Refusal::Forbidden)
        .rule(item(2), Trigger::Always, Refusal::NotFound)
        .rule(item(3), Trigger::Always, elsewhere)
        .rule(item(4), Trigger::First(1), Refusal::ResetBeforeHeaders)
        .rule(item(5), Trigger::First(1), Damage::Truncated)
        .rule(
            item(6),
            Trigger::First(1),
            Refusal::QuotaPerMinute(Some(RetryAfter::Seconds(0))),
        )
}

/// What can happen to a file again and again.
fn damaged() -> Faults {
    let trouble = Refusal::ServerError(503, Some(RetryAfter::Seconds(0)));
    Faults::none()
        .rule(item(1), Trigger::Always, Refusal::HtmlOk)
        .rule(item(2), Trigger::Always, Refusal::JsonOk)
        .rule(item(3), Trigger::Always, Refusal::ResetBeforeHeaders)
        .rule(item(4), Trigger::Always, Damage::Truncated)
        .rule(item(5), Trigger::Always, Damage::WrongMagic)
        .rule(item(6), Trigger::Always, Damage::AnnouncedLonger)
        .rule(item(7), Trigger::First(1), Damage::SilenceMidBody)
        .rule(item(8), Trigger::First(1), trouble)
}

#[test]
fn nothing_secret_is_told_whatever_happens_to_files() {
    let mut wiretap = Wiretap::signed_in();
    wiretap.sync_in_every_way(&refused());
    wiretap.forget();
    wiretap.sync(damaged());
    wiretap.google.expire_access_tokens();
    wiretap.google.expire_base_urls();
    wiretap.sync(Faults::none());
    for args in [
        &["status", LOUD, "--failed"][..],
        &["status", "--json"],
        &["config", LOUD],
        &["logout", LOUD],
    ] {
        wiretap.run(args);
    }
    let secrets = wiretap.overheard();
    for kind in ["ya29.", "1//0", "GOCSPX-", "4/0A"] {
        assert!(
            secrets.iter().any(|secret| secret.starts_with(kind)),
            "overheard no {kind}"
        );
    }
    assert!(secrets.len() > 40, "links were overheard too: {secrets:?}");
    wiretap.assert_kept();
}

#[test]
fn nothing_secret_is_told_when_lists_and_tokens_fail() {
    let trouble = || Refusal::ServerError(500, Some(RetryAfter::Seconds(0)));
    let cases = [
        (Endpoint::ListMediaItems, Refusal::Unauthenticated),
        (Endpoint::ListMediaItems, Refusal::BrokenJson),
        (Endpoint::ListMediaItems, Refusal::HtmlOk),
        (Endpoint::ListMediaItems, Refusal::ScopeMissing),
        (Endpoint::ListMediaItems, trouble()),
        (Endpoint::Token, Refusal::HtmlOk),
        (Endpoint::Token, Refusal::BrokenJson),
        (Endpoint::Token, Refusal::InvalidGrant),
        (Endpoint::Token, trouble()),
    ];
    // All at once: most of the time goes by between attempts.
    std::thread::scope(|scope| {
        for (endpoint, refusal) in cases {
            scope.spawn(move || {
                let mut wiretap = Wiretap::signed_in();
                wiretap.google.expire_access_tokens();
                wiretap.sync(Faults::none().rule(endpoint, Trigger::Always, refusal));
                assert!(
                    wiretap.said.contains("topped by an error") || wiretap.said.contains("Sign-in needed")
                );
                wiretap.google.revoke_grants();
                wiretap.sync(Faults::none());
                wiretap.run(&["logout", LOUD]);
                wiretap.assert_kept();
            });
        }
    });
}

#[test]
fn nothing_secret_is_told_of_picking() {
    let mut wiretap = Wiretap::new();
    let ids: Vec<_> = (1..=22).map(stand_in_google::id_of).collect();
    wiretap
        .google
        .configure(|settings| settings.picker.poll_interval = std::time::Duration::from_millis(100));
    wiretap.google.will_choose(Choice::AfterPolls(2, ids.clone()));
    wiretap.google.faults().set(refused());
    let command = wiretap.command(&["pick", "--no-browser", LOUD, "--progress", "plain"]);
    let login = Dialogue::with(&wiretap.sandbox, command);
    login.browse();
    let address = login.address.clone();
    let ended = login.end().with_code(3);
    wiretap.said += &ended.stderr.replace(&address, "");
    wiretap.google.faults().clear();
    wiretap.google.expire_access_tokens();
    // What failed is fetched first; then there is another choice.
    wiretap.run(&["pick", "--no-browser", LOUD, "--progress", "json"]);
    wiretap.google.will_choose(Choice::AfterPolls(1, ids));
    wiretap.run(&["pick", "--no-browser", LOUD, "--progress", "plain"]);
    let secrets = wiretap.overheard();
    for kind in ["ya29.", "1//0"] {
        assert!(
            secrets.iter().any(|secret| secret.starts_with(kind)),
            "overheard no {kind}"
        );
    }
    assert!(secrets.len() > 40, "links were overheard too: {secrets:?}");
    wiretap.assert_kept();
}

#[test]
fn nothing_secret_is_told_when_a_sign_in_fails() {
    let mut wiretap = Wiretap::new();
    wiretap
        .google
        .configure(|settings| settings.consent = Consent::Refuse);
    wiretap.sign_in(|login| drop(login.browse()));
    wiretap
        .google
        .configure(|settings| settings.consent = Consent::Grant);
    for refusal in [
        Refusal::InvalidGrant,
        Refusal::HtmlOk,
        Refusal::BrokenJson,
        Refusal::ResetBeforeHeaders,
    ] {
        wiretap
            .google
            .faults()
            .set(Faults::none().rule(Endpoint::Token, Trigger::Always, refusal));
        wiretap.sign_in(|login| {
            let answer = login.browse_elsewhere();
            login.paste(&answer.replace("state=", "state=x"));
            login.paste(&answer);
        });
    }
    wiretap.assert_kept();
}

#[test]
fn nothing_secret_is_told_of_old_and_damaged_token_files() {
    let mut wiretap = Wiretap::new();
    let trouble = Refusal::ServerError(500, None);
    wiretap
        .google
        .faults()
        .set(Faults::none().rule(Service::Accounts, Trigger::Always, trouble));
    for (text, token) in [
        (
            r#"{"refresh_token":"1//0predecessors-own-token"}"#,
            "1//0predecessors-own-token",
        ),
        (
            r#"{"version":1,"grants":[{"refresh_token":"1//0half-a-grant"#,
            "1//0half-a-grant",
        ),
    ] {
        fs::write(wiretap.sandbox.path(".token.json"), text).unwrap();
        wiretap.secrets.insert(token.to_owned());
        for command in ["sync", "status", "doctor", "logout"] {
            wiretap.run(&[command, LOUD]);
        }
    }
    wiretap.assert_kept();
}
