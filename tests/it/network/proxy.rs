//! A small HTTP proxy that counts its connections and remembers every byte that passes in the open.

use std::io::{self, Read, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What passed through one connection.
#[derive(Debug, Default)]
struct Talk {
    asked: Vec<u8>,
    answered: Vec<u8>,
}

/// The connections so far.
type Talks = Arc<Mutex<Vec<Arc<Mutex<Talk>>>>>;

/// A proxy on threads of its own, which end with the tests.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    talks: Talks,
}

impl Proxy {
    /// A proxy that lets everything pass.
    pub(crate) fn start() -> Self {
        Self::serving(|_| true)
    }

    /// A proxy that answers 407 to whoever does not send these `Proxy-Authorization` credentials.
    pub(crate) fn demanding(credentials: &'static str) -> Self {
        Self::serving(move |head| {
            let wanted = format!("proxy-authorization: {}", credentials.to_lowercase());
            head.to_lowercase().contains(&wanted)
        })
    }

    fn serving(admits: impl Fn(&str) -> bool + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let talks = Talks::default();
        let heard = Arc::clone(&talks);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let talk = Arc::default();
                heard.lock().unwrap().push(Arc::clone(&talk));
                let admits = admits.clone();
                // A connection that breaks is no failure of the proxy's.
                std::thread::spawn(move || attend(client, &talk, admits).ok());
            }
        });
        Self { address, talks }
    }

    /// Its address, for `HTTPS_PROXY` and the like.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its host and port.
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// How many connections it was asked to make.
    pub(crate) fn connections(&self) -> usize {
        self.asked().len()
    }

    /// What each connection was asked, as text. Clients also open some that they never use.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = self.heard(|talk| &talk.asked);
        asked.retain(|asked| !asked.is_empty());
        asked
    }

    /// What each connection was answered, as text.
    pub(crate) fn answered(&self) -> Vec<String> {
        self.heard(|talk| &talk.answered)
    }

    fn heard(&self, side: impl Fn(&Talk) -> &Vec<u8>) -> Vec<String> {
        let talks = self.talks.lock().unwrap();
        let texts = talks
            .iter()
            .map(|talk| String::from_utf8_lossy(side(&talk.lock().unwrap())).into_owned());
        texts.collect()
    }
}

fn attend(mut client: TcpStream, talk: &Arc<Mutex<Talk>>, admits: impl Fn(&str) -> bool) -> io::Result<()> {
    let head = read_head(&mut client)?;
    let text = String::from_utf8_lossy(&head).into_owned();
    talk.lock().unwrap().asked.extend_from_slice(&head);
    if !admits(&text) {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\
                       Content-Length: 0\r\nConnection: close\r\n\r\n";
        return client.write_all(refusal.as_bytes());
    }
    let mut words = text.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let host = target.strip_prefix("http://").unwrap_or(target);
    let mut server = TcpStream::connect(host.split('/').next().unwrap_or_default())?;
    if method == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    } else {
        server.write_all(&head)?;
    }
    let (up, down) = (client.try_clone()?, server.try_clone()?);
    let upward = Arc::clone(talk);
    std::thread::spawn(move || {
        pass(up, down, |bytes| {
            upward.lock().unwrap().asked.extend_from_slice(bytes);
        });
    });
    pass(server, client, |bytes| {
        talk.lock().unwrap().answered.extend_from_slice(bytes);
    });
    Ok(())
}

fn read_head(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.extend_from_slice(&byte);
    }
    Ok(head)
}

/// Passes bytes on until either end has enough.
fn pass(mut from: TcpStream, mut to: TcpStream, hear: impl Fn(&[u8])) {
    let mut chunk = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut chunk) {
        hear(&chunk[..count]);
        if to.write_all(&chunk[..count]).is_err() {
            break;
        }
    }
    // Either side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}
