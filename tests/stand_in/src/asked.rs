//! A request as the services see it: its head, and its body read to the end.

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use hyper::http::request::Parts;
use hyper::{Method, Request};
use url::form_urlencoded;

/// No request to any of these services is larger.
const MOST_BODY: usize = 1 << 20;

/// Names and values of a query or a form, in order.
pub(crate) type Pairs = Vec<(String, String)>;

#[derive(Debug)]
pub(crate) struct Asked {
    parts: Parts,
    pub(crate) body: Bytes,
}

impl Asked {
    /// Reads the body; none when it is too large or the client left.
    pub(crate) async fn read(request: Request<Incoming>) -> Option<Self> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, MOST_BODY).collect().await.ok()?.to_bytes();
        Some(Self { parts, body })
    }

    pub(crate) fn method(&self) -> &Method {
        &self.parts.method
    }

    pub(crate) fn is_get(&self) -> bool {
        self.parts.method == Method::GET
    }

    pub(crate) fn is_post(&self) -> bool {
        self.parts.method == Method::POST
    }

    pub(crate) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    pub(crate) fn query(&self) -> Pairs {
        pairs(self.parts.uri.query().unwrap_or_default().as_bytes())
    }

    /// The form in the body, if it is one.
    pub(crate) fn form(&self) -> Option<Pairs> {
        self.has_type("application/x-www-form-urlencoded")
            .then(|| pairs(&self.body))
    }

    /// Whether the body is declared to be of this type, parameters aside.
    pub(crate) fn has_type(&self, mime: &str) -> bool {
        let declared = self
            .header(CONTENT_TYPE)
            .and_then(|value| value.split(';').next());
        declared.is_some_and(|declared| declared.trim().eq_ignore_ascii_case(mime))
    }

    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn without_header(mut self, name: HeaderName) -> Self {
        self.parts.headers.remove(name);
        self
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header(AUTHORIZATION)?.strip_prefix("Bearer ")
    }
}

fn pairs(encoded: &[u8]) -> Pairs {
    form_urlencoded::parse(encoded).into_owned().collect()
}

/// The value of a name that is given exactly once; none when it is absent or repeated.
pub(crate) fn single<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = pairs.iter().filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}
