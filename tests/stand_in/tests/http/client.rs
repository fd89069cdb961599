//! A plain HTTP client on a blocking socket, which sees what polite clients hide: how a connection ended, and how
//! many bytes came before.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use stand_in_google::StandIn;
use url::form_urlencoded::Serializer;

/// How long a silent server is listened to.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Orderly,
    Reset,
    Silence,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    pub(crate) fn announced(&self) -> Option<usize> {
        self.header("content-length")
            .map(|length| length.parse().unwrap())
    }

    /// The status of Google's error envelope.
    pub(crate) fn error(&self) -> (u16, String) {
        (
            self.status,
            self.json()["error"]["status"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    }
}

/// Sends one request and reads until the connection ends or falls silent.
pub(crate) fn send(
    google: &StandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: stand-in\r\nConnection: close\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    if !body.is_empty() || method == "POST" {
        write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    let address = google.endpoint().replace("http://", "");
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
    read(socket)
}

fn read(mut socket: TcpStream) -> Reply {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 65_536]);
    let end = loop {
        match socket.read(&mut buffer) {
            Ok(0) => break End::Orderly,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
            Err(_) => break End::Silence,
        }
    };
    let split = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map_or(bytes.len(), |at| at + 4);
    let body = bytes.split_off(split);
    let head = String::from_utf8(bytes).unwrap();
    let status = head.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    Reply {
        status,
        head,
        body,
        end,
    }
}

pub(crate) fn get(google: &StandIn, path: &str) -> Reply {
    send(google, "GET", path, &[], "")
}

pub(crate) fn post_form(google: &StandIn, path: &str, form: &[(&str, &str)]) -> Reply {
    let body = Serializer::new(String::new()).extend_pairs(form).finish();
    send(
        google,
        "POST",
        path,
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &body,
    )
}

/// A path with a query.
pub(crate) fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    format!(
        "{path}?{}",
        Serializer::new(String::new()).extend_pairs(query).finish()
    )
}

/// The path of an absolute address of this server.
pub(crate) fn path_of(google: &StandIn, address: &str) -> String {
    address
        .strip_prefix(&google.endpoint())
        .expect("an address of this server")
        .to_owned()
}
