//! A browser with a person in it who does what the stand-in's settings say, for tests and demos without either.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use url::Url;

/// No page of the stand-in or of a loopback listener takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens `address`, follows redirects, and returns the address it ended on and the page there.
///
/// # Errors
///
/// When an address is not plain HTTP, nobody listens, or a redirect goes round in circles.
pub fn visit(address: &str) -> io::Result<(Url, String)> {
    let mut url = Url::parse(address).map_err(io::Error::other)?;
    for _ in 0..8 {
        let page = fetch(&url)?;
        match location(&page) {
            Some(next) => url = url.join(next).map_err(io::Error::other)?,
            None => return Ok((url, page)),
        }
    }
    Err(io::Error::other("redirected in circles"))
}

fn fetch(url: &Url) -> io::Result<String> {
    let addresses = url.socket_addrs(|| None)?;
    let mut stream = TcpStream::connect(&addresses[..])?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    write!(
        stream,
        "GET {}{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        url.path()
    )?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn location(page: &str) -> Option<&str> {
    let (head, _) = page.split_once("\r\n\r\n")?;
    let is_redirect = head
        .split(' ')
        .nth(1)
        .is_some_and(|status| status.starts_with('3'));
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, target) = lines.find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    is_redirect.then_some(target.trim())
}
