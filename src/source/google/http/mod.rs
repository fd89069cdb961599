//! One request, one attempt: paced, sent, classified. The only folder that knows reqwest.

mod body;
mod connections;
mod failure;
mod ranges;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use reqwest::header::{CONTENT_TYPE, DATE, IF_RANGE, RANGE};
use reqwest::redirect::Policy;
use url::Url;

use self::body::{content, retry_after, text};
use self::connections::{connections, no_client, redirects_within, tls_settings};
use super::endpoint::Endpoint;
use super::refusal;
use crate::pace::{Pace, Traffic, Verdict};
use crate::secret::Secret;
use crate::source::{Content, QuotaSpan, Resume, SourceError, SourceErrorKind};

/// No answer of the API takes this long, not even 100 items on the slowest line; only bytes of media do.
const CALL_LIMIT: Duration = Duration::from_mins(5);

/// An answer of the API longer than this is hostile: 100 items are about 100 kB.
const LONGEST_ANSWER: usize = 64 << 20;

/// The connections to Google, all paced by one [`Pace`].
#[derive(Clone)]
pub struct Http {
    api: reqwest::Client,
    media: reqwest::Client,
    endpoint: Endpoint,
    pace: Arc<Pace>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A whole answer of an API call, whatever its status.
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The wait the host asked for.
    pub retry_after: Option<Duration>,
    /// The time at the host.
    pub date: Option<DateTime<Utc>>,
    /// The body. It may hold tokens.
    pub body: Bytes,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Http {
    /// Connections over the system's certificates (or `SSL_CERT_FILE`) and proxies (`HTTPS_PROXY`, `NO_PROXY`).
    /// A connection on which nothing arrives for `stall` is given up.
    ///
    /// # Errors
    /// When no certificate authority can be found.
    pub fn new(endpoint: Endpoint, pace: Arc<Pace>, stall: Duration) -> Result<Self, SourceError> {
        let tls = tls_settings()?;
        let builder = || connections(tls.clone(), pace.max_slots(), stall);
        let api = builder().timeout(CALL_LIMIT).redirect(Policy::none()).build();
        let media = builder().redirect(redirects_within(endpoint.clone())).build();
        Ok(Self {
            api: api.map_err(no_client)?,
            media: media.map_err(no_client)?,
            endpoint,
            pace,
        })
    }

    /// Where the services are.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The pace all requests share.
    pub const fn pace(&self) -> &Arc<Pace> {
        &self.pace
    }

    /// Sends `form` to `url` once and returns the answer whatever its status.
    ///
    /// # Errors
    /// When no whole answer arrived.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<Answer, SourceError> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self
            .api
            .post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        self.call(request, Traffic::Uncounted, verdict_on_call).await
    }

    /// Asks an API once, with `query` added to `url`, and returns the answer whatever its status.
    ///
    /// # Errors
    /// When no whole answer arrived.
    pub async fn get(
        &self,
        url: &str,
        query: &[(&str, &str)],
        bearer: &Secret,
        traffic: Traffic,
    ) -> Result<Answer, SourceError> {
        let mut address = address(url)?;
        // An empty query is left out: some servers take "?" for a parameter without a name.
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        let request = authorized(self.api.get(address), bearer);
        self.call(request, traffic, verdict_on_call).await
    }

    /// Has something made at `url` once, from `json`, and returns the answer whatever its status.
    ///
    /// # Errors
    /// When no whole answer arrived.
    pub async fn post_json(&self, url: &str, json: String, bearer: &Secret) -> Result<Answer, SourceError> {
        let request = authorized(self.api.post(address(url)?), bearer)
            .header(CONTENT_TYPE, "application/json")
            .body(json);
        self.call(request, Traffic::Uncounted, verdict_on_making).await
    }

    /// Has what is at `url` deleted, asking once, and returns the answer whatever its status.
    ///
    /// # Errors
    /// When no whole answer arrived.
    pub async fn delete(&self, url: &str, bearer: &Secret) -> Result<Answer, SourceError> {
        let request = authorized(self.api.delete(address(url)?), bearer);
        self.call(request, Traffic::Uncounted, verdict_on_call).await
    }

    async fn call(
        &self,
        request: reqwest::RequestBuilder,
        traffic: Traffic,
        verdict: fn(&Result<Answer, SourceError>) -> Verdict,
    ) -> Result<Answer, SourceError> {
        let ticket = self.pace.clear_to_send(traffic).await?;
        let received = receive(request).await;
        self.pace.settle(&ticket, verdict(&received));
        received
    }

    /// Opens the bytes at `url` once, from `resume.offset` on if the host can. With `bearer`, the request is that of
    /// whom the token belongs to: the host that `url` names sees it, and a host that this one redirects to does not,
    /// because the connections drop it on the way (reqwest's `remove_sensitive_headers`).
    ///
    /// # Errors
    /// When the URL leads to a foreign host, or the host refuses.
    pub async fn open_media(
        &self,
        url: &Secret,
        resume: &Resume,
        bearer: Option<&Secret>,
    ) -> Result<Content, SourceError> {
        let address = address(url.reveal())?;
        if !self.endpoint.allows(&address) {
            return Err(failure::foreign_host());
        }
        let request = self.media.get(address);
        let (mut request, traffic) = match bearer {
            Some(bearer) => (authorized(request, bearer), Traffic::Uncounted),
            None => (request, Traffic::Bytes),
        };
        if resume.offset > 0 {
            request = request.header(RANGE, format!("bytes={}-", resume.offset));
            request = resume
                .etag
                .iter()
                .fold(request, |request, etag| request.header(IF_RANGE, etag));
        }
        let ticket = self.pace.clear_to_send(traffic).await?;
        let opened = request
            .send()
            .await
            .map_err(|error| failure::of(&error))
            .and_then(|answer| content(answer, resume));
        let verdict = opened.as_ref().map_or_else(verdict_on, |_| Verdict::Fine);
        self.pace.settle(&ticket, verdict);
        opened
    }
}

fn address(url: &str) -> Result<Url, SourceError> {
    Url::parse(url).map_err(|_| bad_address())
}

fn authorized(request: reqwest::RequestBuilder, bearer: &Secret) -> reqwest::RequestBuilder {
    request.bearer_auth(bearer.reveal())
}

async fn receive(request: reqwest::RequestBuilder) -> Result<Answer, SourceError> {
    let answer = request.send().await.map_err(|error| failure::of(&error))?;
    let status = answer.status().as_u16();
    let retry_after = retry_after(answer.headers());
    let date = text(answer.headers(), &DATE)
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .map(Into::into);
    let mut chunks = answer.bytes_stream();
    let mut body = Vec::new();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|error| failure::of(&error))?);
        if body.len() > LONGEST_ANSWER {
            return Err(SourceError::new(
                SourceErrorKind::Unexpected,
                "Google's answer was absurdly long",
            ));
        }
    }
    Ok(Answer {
        status,
        retry_after,
        date,
        body: body.into(),
    })
}

fn verdict_on_call(received: &Result<Answer, SourceError>) -> Verdict {
    match received {
        Ok(answer) if answer.status < 400 => Verdict::Fine,
        Ok(answer) => verdict_on(&refusal::of_api_call(
            answer.status,
            answer.retry_after,
            &answer.body,
        )),
        Err(error) => verdict_on(error),
    }
}

/// The same where something was to be made: a 429 that names no rate says that there is too much of it already, which
/// no pause mends.
fn verdict_on_making(received: &Result<Answer, SourceError>) -> Verdict {
    match verdict_on_call(received) {
        Verdict::Throttled {
            span: QuotaSpan::Unnamed,
            ..
        } => Verdict::Fine,
        verdict => verdict,
    }
}

fn verdict_on(error: &SourceError) -> Verdict {
    match error.kind {
        SourceErrorKind::Throttled { span, retry_after } => Verdict::Throttled { span, retry_after },
        SourceErrorKind::Server { status, retry_after } => Verdict::Trouble {
            overloaded: status == 503,
            retry_after,
        },
        SourceErrorKind::Unreachable => Verdict::Unreachable,
        _ => Verdict::Fine,
    }
}

fn bad_address() -> SourceError {
    SourceError::new(SourceErrorKind::Unexpected, "the link is not a valid URL")
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers each request with `answer`, and returns what was asked.
    async fn serve(listener: &TcpListener, answer: &str) -> String {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(client.read_u8().await.unwrap());
        }
        client.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(asked).unwrap().to_ascii_lowercase()
    }

    /// What two hosts are asked if the first redirects to `target`.
    async fn asked_on_the_way(hosts: [&TcpListener; 2], target: &str) -> (String, String) {
        let tls = tls_settings().unwrap();
        let client = connections(tls, 1, connections::CONNECT_LIMIT).no_proxy();
        let client = client
            .redirect(Policy::limited(connections::MOST_REDIRECTS))
            .build()
            .unwrap();
        let first = format!("http://{}/media", hosts[0].local_addr().unwrap());
        let request = authorized(client.get(first), &Secret::new("ya29.token"));
        let redirect = format!(
            "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let bytes = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        let (sent, asked) = tokio::join!(request.send(), async {
            let first = serve(hosts[0], &redirect).await;
            (first, serve(hosts[1], bytes).await)
        });
        assert_eq!(sent.unwrap().status(), 200);
        asked
    }

    #[tokio::test]
    async fn a_token_does_not_cross_a_redirect_to_another_host() {
        let one = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = |host: &TcpListener| format!("http://{}/there", host.local_addr().unwrap());
        let (first, second) = asked_on_the_way([&one, &other], &at(&other)).await;
        assert!(first.contains("authorization: bearer ya29.token"), "{first}");
        assert!(
            second.contains("get /there") && !second.contains("authorization"),
            "{second}"
        );
        let (_, second) = asked_on_the_way([&one, &one], &at(&one)).await;
        assert!(
            second.contains("authorization: bearer ya29.token"),
            "the same host: {second}"
        );
    }
}
