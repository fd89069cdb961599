//! The browser step from the first line to the stored grant, with a person, a browser and a server made for it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Mutex as AsyncMutex, mpsc};

use super::*;
use crate::source::google::sign_in::scripted::{Scripted, desktop_client};
use crate::source::google::sign_in::token_file::Contents;

const SCOPE: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

const GRANTED: &str = r#"{"access_token":"ya29.hidden","expires_in":3599,"refresh_token":"1//hidden",
    "scope":"https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata","token_type":"Bearer"}"#;

/// A person who sees every line and types what the test tells them to.
struct Person {
    shown: Mutex<Vec<String>>,
    news: mpsc::UnboundedSender<String>,
    typed: AsyncMutex<mpsc::UnboundedReceiver<String>>,
    has_browser: bool,
    opened: Mutex<Option<String>>,
}

#[async_trait]
impl Prompt for Person {
    fn say(&self, line: &str) {
        self.shown.lock().unwrap().push(line.to_owned());
        let _ = self.news.send(line.to_owned());
    }

    async fn read_line(&self) -> Option<String> {
        self.typed.lock().await.recv().await
    }

    fn open_browser(&self, url: &str) -> bool {
        *self.opened.lock().unwrap() = Some(url.to_owned());
        self.has_browser
    }
}

/// A sign-in under way, and the hands and eyes of the test in it.
struct Scene {
    library: tempfile::TempDir,
    server: Arc<Scripted>,
    person: Arc<Person>,
    news: mpsc::UnboundedReceiver<String>,
    keyboard: Option<mpsc::UnboundedSender<String>>,
}

impl Scene {
    fn new(has_browser: bool) -> Self {
        let (news, seen) = mpsc::unbounded_channel();
        let (keyboard, typed) = mpsc::unbounded_channel();
        let (shown, typed, opened) = (Mutex::default(), AsyncMutex::new(typed), Mutex::default());
        Self {
            library: tempfile::tempdir().unwrap(),
            server: Scripted::new(Duration::ZERO),
            person: Arc::new(Person {
                shown,
                news,
                typed,
                has_browser,
                opened,
            }),
            news: seen,
            keyboard: Some(keyboard),
        }
    }

    fn start(&self, request: Request) -> tokio::task::JoinHandle<Result<Grant, SignInError>> {
        let (oauth, person) = (self.server.oauth(), Arc::clone(&self.person));
        let library = self.library.path().to_owned();
        tokio::spawn(async move { sign_in(&oauth, &desktop_client(), &library, &request, &*person).await })
    }

    /// The address that is shown.
    async fn address(&mut self) -> Url {
        loop {
            let line = self.news.recv().await.unwrap();
            if line.starts_with("http") {
                return Url::parse(&line).unwrap();
            }
        }
    }

    async fn told(&mut self, words: &str) {
        while !self.news.recv().await.unwrap().contains(words) {}
    }

    fn types(&self, line: impl Into<String>) {
        self.keyboard.as_ref().unwrap().send(line.into()).unwrap();
    }

    fn stored(&self) -> usize {
        match TokenFile::of(self.library.path()).contents().unwrap() {
            Contents::Grants(grants) => grants.len(),
            Contents::Absent => 0,
            other => panic!("{other:?}"),
        }
    }
}

fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Where Google would send the browser, with `answer` in front of the state.
fn redirected(address: &Url, answer: &str) -> String {
    let (back, state) = (parameter(address, "redirect_uri"), parameter(address, "state"));
    format!("{back}/?{answer}&state={state}")
}

async fn browse(target: &str) -> String {
    let url = Url::parse(target).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap()))
        .await
        .unwrap();
    let head = format!("GET /?{} HTTP/1.1\r\nHost: x\r\n\r\n", url.query().unwrap());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    page
}

fn request() -> Request {
    Request::new(SCOPE)
}

#[tokio::test]
async fn consent_in_the_browser_ends_with_a_stored_grant() {
    let mut scene = Scene::new(true);
    scene.server.then(200, GRANTED);
    let signing_in = scene.start(request());
    let address = scene.address().await;
    let page = browse(&redirected(&address, "code=4%2Fcode")).await;
    assert!(page.contains("gphotosync is signed in"));
    let grant = signing_in.await.unwrap().unwrap();
    assert!(grant.covers(SCOPE) && scene.stored() == 1);

    assert_eq!(
        scene.person.opened.lock().unwrap().as_deref(),
        Some(address.as_str())
    );
    assert!(
        address
            .as_str()
            .starts_with("http://google.test/accounts/o/oauth2/v2/auth?")
    );
    for (name, value) in [
        ("client_id", "client-1"),
        ("response_type", "code"),
        ("scope", SCOPE),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ] {
        assert_eq!(parameter(&address, name), value, "{name}");
    }
    assert_eq!(scene.server.sent(0, "code"), "4/code");
    assert_eq!(
        scene.server.sent(0, "redirect_uri"),
        parameter(&address, "redirect_uri")
    );
    let verifier = scene.server.sent(0, "code_verifier");
    assert_ne!(verifier, parameter(&address, "code_challenge"));
    assert!(!address.as_str().contains(&verifier));
}

#[tokio::test]
async fn what_is_visible_is_said_before_the_browser_opens() {
    let scene = Scene::new(true);
    let asked = Request {
        time_limit: Duration::ZERO,
        ..request()
    };
    scene.start(asked).await.unwrap().unwrap_err();
    let shown = scene.person.shown.lock().unwrap();
    assert_eq!(shown[..4], *guide::before_consent(&[SCOPE.to_owned()]));
    assert!(shown.contains(&IN_THE_BROWSER.to_owned()));
}

#[tokio::test]
async fn a_refusal_is_told_at_once() {
    let mut scene = Scene::new(true);
    let signing_in = scene.start(request());
    let address = scene.address().await;
    let page = browse(&redirected(&address, "error=access_denied")).await;
    assert!(page.contains("gphotosync was refused"));
    assert!(matches!(signing_in.await.unwrap(), Err(SignInError::Refused)));
    assert_eq!((scene.stored(), scene.server.requests()), (0, 0));
}

#[tokio::test]
async fn an_answer_to_another_sign_in_is_ignored() {
    let mut scene = Scene::new(true);
    scene.server.then(200, GRANTED);
    let signing_in = scene.start(request());
    let address = scene.address().await;
    let back = parameter(&address, "redirect_uri");
    assert!(
        browse(&format!("{back}/?code=4&state=forged"))
            .await
            .starts_with("HTTP/1.1 400")
    );
    assert!(!signing_in.is_finished());
    browse(&redirected(&address, "code=4")).await;
    signing_in.await.unwrap().unwrap();
    assert_eq!(scene.server.requests(), 1);
}

#[tokio::test]
async fn the_address_may_be_pasted_and_a_wrong_paste_is_explained() {
    let mut scene = Scene::new(false);
    scene.server.then(200, GRANTED);
    let signing_in = scene.start(request());
    let address = scene.address().await;
    scene.types("");
    scene.types("4/justthecode");
    scene.told("Not yet: that holds no answer from Google").await;
    scene.types(address.as_str());
    scene.told("Not yet: that is the address to open").await;
    scene.types("http://127.0.0.1:1/?code=4&state=forged");
    scene
        .told("Not yet: that answer belongs to another sign-in")
        .await;
    scene.types(format!("  {}\n", redirected(&address, "code=4%2Fpasted")));
    signing_in.await.unwrap().unwrap();
    assert_eq!(scene.server.sent(0, "code"), "4/pasted");
    assert!(
        scene
            .person
            .shown
            .lock()
            .unwrap()
            .contains(&WITHOUT_A_BROWSER.to_owned())
    );
}

#[tokio::test]
async fn the_browser_still_counts_after_the_keyboard_is_gone() {
    let mut scene = Scene::new(true);
    scene.server.then(200, GRANTED);
    scene.keyboard = None;
    let signing_in = scene.start(Request {
        no_browser: true,
        ..request()
    });
    let address = scene.address().await;
    assert!(
        browse(&redirected(&address, "code=4"))
            .await
            .contains("signed in")
    );
    signing_in.await.unwrap().unwrap();
    assert_eq!(*scene.person.opened.lock().unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn nobody_answers_in_time() {
    let scene = Scene::new(true);
    let started = Instant::now();
    let error = scene.start(request()).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "no answer came from the browser within 5m");
    assert!(started.elapsed() >= TIME_LIMIT && started.elapsed() < TIME_LIMIT * 2);
    assert_eq!(scene.stored(), 0);
}

/// What a consent that the server answers with `status` and `body` ends with. Nothing may be stored.
async fn failure(status: u16, body: &str) -> SignInError {
    failure_after(&[(status, body)]).await
}

/// The same for a server that is asked more than once.
async fn failure_after(answers: &[(u16, &str)]) -> SignInError {
    let mut scene = Scene::new(true);
    for (status, body) in answers {
        scene.server.then(*status, body);
    }
    let signing_in = scene.start(request());
    let address = scene.address().await;
    assert!(
        browse(&redirected(&address, "code=4"))
            .await
            .contains("could not sign in")
    );
    assert_eq!(scene.stored(), 0);
    signing_in.await.unwrap().unwrap_err()
}

#[tokio::test]
async fn less_than_was_asked_for_is_not_stored() {
    let other = r#"{"access_token":"a","refresh_token":"r","scope":"openid"}"#;
    let error = failure(200, other).await;
    assert_eq!(
        error.to_string(),
        format!("the permission {SCOPE} was not granted")
    );
}

#[tokio::test]
async fn a_grant_for_an_hour_is_not_stored() {
    let error = failure(200, r#"{"access_token":"a"}"#).await;
    assert!(matches!(error, SignInError::NotLasting));
}

#[tokio::test]
async fn refusals_of_the_code_are_told_apart() {
    let error = failure(400, r#"{"error":"invalid_grant"}"#).await;
    assert!(matches!(error, SignInError::StaleCode));
    let error = failure(401, r#"{"error":"invalid_client"}"#).await;
    assert!(matches!(error, SignInError::DeadClient { .. }));
    let error = failure(400, r#"{"error":"redirect_uri_mismatch"}"#).await;
    assert_eq!(
        error.to_string(),
        "Google ended the sign-in (redirect_uri_mismatch)"
    );
    let error = failure_after(&[(503, ""); 3]).await;
    assert!(!error.needs_sign_in());
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again_with_the_same_code() {
    let mut scene = Scene::new(true);
    scene.server.then(503, "").then_unreachable().then(200, GRANTED);
    let signing_in = scene.start(request());
    let address = scene.address().await;
    let page = browse(&redirected(&address, "code=4%2Fkept")).await;
    assert!(page.contains("signed in"));
    signing_in.await.unwrap().unwrap();
    assert_eq!(scene.server.sent(2, "code"), "4/kept");
}

#[tokio::test]
async fn a_library_that_cannot_keep_a_token_is_told_before_anybody_is_asked() {
    let scene = Scene::new(true);
    let (oauth, missing) = (scene.server.oauth(), scene.library.path().join("missing"));
    let error = sign_in(&oauth, &desktop_client(), &missing, &request(), &*scene.person)
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::TokenFile(_)));
    assert!(scene.person.shown.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_damaged_token_file_is_kept_and_named() {
    let mut scene = Scene::new(true);
    std::fs::write(scene.library.path().join(".token.json"), "{").unwrap();
    scene.server.then(200, GRANTED);
    let signing_in = scene.start(request());
    let address = scene.address().await;
    browse(&redirected(&address, "code=4")).await;
    signing_in.await.unwrap().unwrap();
    scene.told("was kept as").await;
    assert!(scene.library.path().join(".token.json.damaged-1").exists());
}
