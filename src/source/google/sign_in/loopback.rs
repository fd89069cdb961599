//! Waits on this computer for the browser that comes back from Google's consent page, and tells it how the sign-in
//! ended. It knows nothing of tokens.
//!
//! Browsers open connections they never use, ask for icons and repeat requests, and any program on the computer may
//! knock. So each connection is attended on its own, with little patience and little room, and only a request with
//! the `state` of this sign-in means anything.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

use super::callback::{self, Verdict};
use super::client_file::ClientForm;
use super::error::SignInError;
use super::page::Page;
use crate::secret::Secret;

/// How long a connection may take to send its request, or to take its answer. Both are one packet on the same
/// computer; speculative connections of browsers are dropped after it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait until the browser has taken the last page.
const FAREWELL: Duration = Duration::from_secs(2);

/// Connections attended at once. A browser opens six to a host; the rest waits for its turn.
const GUESTS: usize = 32;

/// The largest request head. Google's redirects stay below 2 KiB; cookies of other programs on this host may add.
const LARGEST_HEAD: usize = 32 * 1024;

/// A listener for one sign-in. Dropping it closes the port.
#[derive(Debug)]
pub(crate) struct Loopback {
    redirect_uri: String,
    verdicts: mpsc::Receiver<Verdict>,
    page: Arc<watch::Sender<Option<Page>>>,
    _doors: JoinSet<()>,
}

impl Loopback {
    /// Starts to listen where `form` allows: on a free port, or on the one registered.
    pub(crate) async fn open(form: &ClientForm, state: &Secret) -> Result<Self, SignInError> {
        let (redirect_uri, listeners) = listen(form).await?;
        let (send, verdicts) = mpsc::channel(1);
        let page = Arc::new(watch::channel(None).0);
        let desk = Arc::new(Desk {
            state: state.clone(),
            verdicts: send,
            page: Arc::clone(&page),
        });
        let mut doors = JoinSet::new();
        for listener in listeners {
            doors.spawn(admit(listener, Arc::clone(&desk)));
        }
        Ok(Self {
            redirect_uri,
            verdicts,
            page,
            _doors: doors,
        })
    }

    /// The address to send the browser back to.
    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The first verdict a browser brings. May be dropped and asked again; nothing is lost.
    pub(crate) async fn verdict(&mut self) -> Verdict {
        match self.verdicts.recv().await {
            Some(verdict) => verdict,
            // The doors stay open as long as this listener lives, so there is nothing left to wait for but time.
            None => std::future::pending().await,
        }
    }

    /// Shows `page` to every browser that waits for the end, then closes.
    pub(crate) async fn finish(self, page: Page) {
        self.page.send_replace(Some(page));
        // A browser that does not take its page in time has no effect on the sign-in.
        let _ = timeout(FAREWELL, self.page.closed()).await;
    }
}

async fn listen(form: &ClientForm) -> Result<(String, Vec<TcpListener>), SignInError> {
    match form {
        ClientForm::Installed => {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            let failed = |source| SignInError::Listen { address, source };
            let listener = TcpListener::bind(address).await.map_err(failed)?;
            let port = listener.local_addr().map_err(failed)?.port();
            Ok((format!("http://127.0.0.1:{port}"), vec![listener]))
        }
        ClientForm::Web(redirect) => Ok((redirect.uri().to_owned(), bind_any(&redirect.addresses()).await?)),
    }
}

/// Listens on those of `addresses` that this computer has; one is enough.
async fn bind_any(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, SignInError> {
    let mut listeners = Vec::new();
    let mut refused = None;
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            Err(source) => {
                let address = *address;
                refused = refused.or(Some(SignInError::Listen { address, source }));
            }
        }
    }
    match refused {
        Some(error) if listeners.is_empty() => Err(error),
        _ => Ok(listeners),
    }
}

/// What all connections share.
#[derive(Debug)]
struct Desk {
    state: Secret,
    verdicts: mpsc::Sender<Verdict>,
    page: Arc<watch::Sender<Option<Page>>>,
}

async fn admit(listener: TcpListener, desk: Arc<Desk>) {
    let mut guests = JoinSet::new();
    loop {
        tokio::select! {
            came = listener.accept(), if guests.len() < GUESTS => {
                if let Ok((stream, _)) = came {
                    guests.spawn(attend(Arc::clone(&desk), stream));
                } else {
                    // Out of descriptors or aborted by the peer: neither mends by asking again at once.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            Some(_) = guests.join_next() => {}
        }
    }
}

async fn attend(desk: Arc<Desk>, mut stream: TcpStream) {
    let Ok(Some(head)) = timeout(PATIENCE, read_head(&mut stream)).await else {
        return;
    };
    let page = desk.receive(&head).await;
    let _ = timeout(PATIENCE, send(&mut stream, page)).await;
}

async fn send(stream: &mut TcpStream, page: Page) -> std::io::Result<()> {
    stream.write_all(page.response().as_bytes()).await?;
    stream.shutdown().await
}

impl Desk {
    /// The page that answers the request with this head.
    async fn receive(&self, head: &[u8]) -> Page {
        let target = match target(head) {
            Ok(target) => target,
            Err(page) => return page,
        };
        let Some(query) = target.query() else {
            return Page::Nothing;
        };
        match callback::read_query(query, &self.state) {
            Ok(verdict) => self.hand_over(verdict).await,
            Err(callback::Misfit::NoAnswer) => Page::Nothing,
            Err(_) => Page::OtherSignIn,
        }
    }

    /// Passes `verdict` on and waits for the end of the sign-in. Only the first one counts; a browser that repeats
    /// its request sees the same end.
    async fn hand_over(&self, verdict: Verdict) -> Page {
        let mut page = self.page.subscribe();
        let _ = self.verdicts.try_send(verdict);
        let shown = page.wait_for(Option::is_some).await;
        shown.ok().and_then(|page| *page).unwrap_or(Page::Failed)
    }
}

/// A whole request head, or as much of it as there is room for. Nothing if the peer left.
async fn read_head(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() <= LARGEST_HEAD {
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        head.extend_from_slice(&chunk[..count]);
    }
    Some(head)
}

/// What a GET asks for, or the page for a request that cannot be answered.
fn target(head: &[u8]) -> Result<Url, Page> {
    if head.len() > LARGEST_HEAD {
        return Err(Page::TooLarge);
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| Page::Malformed)?;
    let parts: Vec<&str> = line.split(' ').collect();
    let &[method, target, version] = parts.as_slice() else {
        return Err(Page::Malformed);
    };
    if !version.starts_with("HTTP/1.") {
        return Err(Page::Malformed);
    }
    if method != "GET" {
        return Err(Page::WrongMethod);
    }
    // Both forms of RFC 9112 §3.2 that a GET may have: the path, or through a proxy the whole address.
    let whole = if target.starts_with('/') {
        format!("http://loopback{target}")
    } else {
        target.to_owned()
    };
    Url::parse(&whole).map_err(|_| Page::Malformed)
}

#[cfg(test)]
#[path = "loopback_tests.rs"]
mod tests;
