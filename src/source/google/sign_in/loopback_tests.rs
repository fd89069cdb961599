//! The listener against real sockets, with the manners and the bad manners of browsers.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::source::google::sign_in::redirect::Redirect;

async fn open() -> Loopback {
    Loopback::open(&ClientForm::Installed, &Secret::new("st4te"))
        .await
        .unwrap()
}

async fn connect(redirect_uri: &str) -> TcpStream {
    TcpStream::connect(redirect_uri.strip_prefix("http://").unwrap())
        .await
        .unwrap()
}

async fn exchange(redirect_uri: &str, request: &str) -> String {
    let mut stream = connect(redirect_uri).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn get(redirect_uri: &str, target: &str) -> String {
    exchange(
        redirect_uri,
        &format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    )
    .await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn the_browser_waits_for_the_end_and_sees_it() {
    let mut loopback = open().await;
    let uri = loopback.redirect_uri().to_owned();
    let browser = tokio::spawn(async move { get(&uri, "/?state=st4te&code=4%2Fx").await });
    let Verdict::Code(code) = loopback.verdict().await else {
        panic!("no code")
    };
    assert_eq!(code.reveal(), "4/x");
    assert!(!browser.is_finished());
    loopback.finish(Page::SignedIn).await;
    assert!(browser.await.unwrap().contains("gphotosync is signed in"));
}

#[tokio::test]
async fn a_repeated_request_sees_the_same_end() {
    let mut loopback = open().await;
    let uri = loopback.redirect_uri().to_owned();
    let browsers: Vec<_> = (0..3)
        .map(|_| {
            tokio::spawn({
                let uri = uri.clone();
                async move { get(&uri, "/?state=st4te&code=4").await }
            })
        })
        .collect();
    loopback.verdict().await;
    while loopback.page.receiver_count() < 3 {
        tokio::task::yield_now().await;
    }
    loopback.finish(Page::SignedIn).await;
    for browser in browsers {
        assert!(browser.await.unwrap().contains("signed in"));
    }
}

#[tokio::test]
async fn requests_that_are_no_answer_do_not_end_the_wait() {
    let mut loopback = open().await;
    let uri = loopback.redirect_uri().to_owned();
    let _speculative = connect(&uri).await;
    for (target, expected) in [
        ("/favicon.ico", "404"),
        ("/", "404"),
        ("/?state=st4te", "404"),
        ("/?state=wrong&code=4", "400"),
        ("/?state=wrong&error=access_denied", "400"),
        ("/?code=4", "400"),
        ("::", "400"),
    ] {
        assert_eq!(status(&get(&uri, target).await), expected, "{target}");
    }
    let browser = tokio::spawn(async move { get(&uri, "/?error=access_denied&state=st4te").await });
    assert!(matches!(loopback.verdict().await, Verdict::Refused));
    loopback.finish(Page::Refused).await;
    assert!(browser.await.unwrap().contains("refused"));
}

#[tokio::test]
async fn requests_that_are_no_browsers_are_turned_away() {
    let loopback = open().await;
    let uri = loopback.redirect_uri().to_owned();
    for (request, expected) in [
        (
            "POST /?state=st4te&code=4 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            "405",
        ),
        ("GET /?state=st4te&code=4 HTTP/2.0\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        assert_eq!(status(&exchange(&uri, request).await), expected, "{request}");
    }
    let endless = format!("GET /{} HTTP/1.1\r\n", "a".repeat(LARGEST_HEAD));
    assert_eq!(status(&exchange(&uri, &endless).await), "431");
}

#[tokio::test]
async fn a_request_may_arrive_in_pieces_and_in_absolute_form() {
    let mut loopback = open().await;
    let uri = loopback.redirect_uri().to_owned();
    let browser = tokio::spawn(async move {
        let mut stream = connect(&uri).await;
        for piece in [
            "GE",
            "T http://127.0.0.1/?code=4",
            "&state=st4te HTTP/1.1\r\nHost: x\r",
            "\n\r\n",
        ] {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            tokio::task::yield_now().await;
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    });
    assert!(matches!(loopback.verdict().await, Verdict::Code(_)));
    loopback.finish(Page::Failed).await;
    assert!(browser.await.unwrap().contains("could not sign in"));
}

#[tokio::test]
async fn a_crowd_of_idle_connections_does_not_keep_the_browser_out() {
    let mut loopback = open().await;
    let uri = loopback.redirect_uri().to_owned();
    let mut crowd = Vec::new();
    for _ in 0..GUESTS - 1 {
        crowd.push(connect(&uri).await);
    }
    let browser = tokio::spawn(async move { get(&uri, "/?state=st4te&code=4").await });
    assert!(matches!(loopback.verdict().await, Verdict::Code(_)));
    loopback.finish(Page::SignedIn).await;
    assert_eq!(status(&browser.await.unwrap()), "200");
}

#[tokio::test]
async fn a_web_client_listens_on_its_registered_port_and_says_when_it_is_taken() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let uri = format!("http://127.0.0.1:{port}/back");
    let form = ClientForm::Web(Redirect::parse(&uri).unwrap());
    let loopback = Loopback::open(&form, &Secret::new("s")).await.unwrap();
    assert_eq!(loopback.redirect_uri(), uri);
    let error = Loopback::open(&form, &Secret::new("s")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("could not listen on 127.0.0.1:{port} for the browser to come back")
    );
}

#[tokio::test]
async fn debug_hides_the_state() {
    let loopback = Loopback::open(&ClientForm::Installed, &Secret::new("hiddenstate"))
        .await
        .unwrap();
    assert!(!format!("{loopback:?}").contains("hiddenstate"));
}

/// Heads that are answered, and one that is not.
const HEADS: &[&str] = &[
    "GET /?state=st4te&code=4/abc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "GET http://127.0.0.1/?code=x HTTP/1.0\r\n\r\n",
    "POST / HTTP/1.1\r\n\r\n",
];

proptest::proptest! {
    #[test]
    fn whatever_a_head_holds_it_leads_nowhere_else(head in crate::hostile::bytes(HEADS)) {
        if let Ok(target) = target(&head) {
            proptest::prop_assert!(head.len() <= LARGEST_HEAD);
            proptest::prop_assert!(head.starts_with(b"GET "), "{}", target);
        }
    }
}
