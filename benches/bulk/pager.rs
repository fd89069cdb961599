//! Bare paging of the list: the least that any program can do to see all of it. One connection that stays open,
//! each page read as its length says, and only the next token looked for.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use tokio::time::Instant;

use crate::Result;
use crate::google::Google;

/// Reads that are larger than this are cut by the kernel anyway.
const BUFFER: usize = 256 << 10;

/// A connection to the list.
struct Pager {
    stream: BufReader<TcpStream>,
    host: String,
    bearer: String,
    page: Vec<u8>,
}

impl Pager {
    fn new(google: &Google) -> Result<Self> {
        let host = google.endpoint().replace("http://", "");
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::with_capacity(BUFFER, stream),
            host,
            bearer: google.access_token(),
            page: Vec::new(),
        })
    }

    /// Fetches the page that `token` leads to and returns the token of the next one.
    fn turn(&mut self, token: Option<&str>) -> Result<Option<String>> {
        let token = token
            .map(|token| format!("&pageToken={token}"))
            .unwrap_or_default();
        let request = format!(
            "GET /photoslibrary/v1/mediaItems?pageSize=100{token} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
            self.host, self.bearer
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let length = self.head()?;
        self.page.resize(length, 0);
        self.stream.read_exact(&mut self.page)?;
        Ok(last_text(&self.page, b"\"nextPageToken\":\""))
    }

    /// Reads an answer's head and returns its body's length.
    fn head(&mut self) -> Result<usize> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200 ") {
            return Err(format!("the list was refused: {}", line.trim()).into());
        }
        let mut length = None;
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line)?;
            let field = line.split_once(':').unwrap_or_default();
            if field.0.eq_ignore_ascii_case("content-length") {
                length = Some(field.1.trim().parse()?);
            }
        }
        Ok(length.ok_or("a page came without its length")?)
    }
}

/// The text that stands behind the last `mark`.
fn last_text(page: &[u8], mark: &[u8]) -> Option<String> {
    let start = page.windows(mark.len()).rposition(|window| window == mark)? + mark.len();
    text_at(page, start)
}

fn text_at(page: &[u8], start: usize) -> Option<String> {
    let length = page[start..].iter().position(|byte| *byte == b'"')?;
    String::from_utf8(page[start..start + length].to_vec()).ok()
}

/// Pages through the whole list and returns how many seconds that took.
pub(crate) fn page_through(google: &Google) -> Result<f64> {
    let began = Instant::now();
    let mut pager = Pager::new(google)?;
    let mut next = pager.turn(None)?;
    let mut turns = 1;
    while let Some(token) = next {
        next = pager.turn(Some(&token))?;
        turns += 1;
    }
    if turns < google.count() / 100 {
        return Err(format!("the list ended after {turns} pages").into());
    }
    Ok(began.elapsed().as_secs_f64())
}

/// The addresses of all photos.
pub(crate) fn addresses(google: &Google) -> Result<Vec<String>> {
    const MARK: &[u8] = b"\"baseUrl\":\"";
    let mut pager = Pager::new(google)?;
    let mut addresses = Vec::new();
    let mut next = pager.turn(None)?;
    loop {
        let marks = pager.page.windows(MARK.len()).enumerate();
        let starts = marks.filter(|(_, window)| *window == MARK);
        addresses.extend(starts.filter_map(|(at, _)| text_at(&pager.page, at + MARK.len())));
        let Some(token) = next else { break };
        next = pager.turn(Some(&token))?;
    }
    if addresses.len() as u64 == google.count() {
        Ok(addresses)
    } else {
        Err(format!("{} of {} addresses were listed", addresses.len(), google.count()).into())
    }
}
