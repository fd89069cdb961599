//! An answer before it is put on the wire: status, headers and body, without any fault applied yet.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use serde_json::Value;

use crate::bodies::Rope;

/// The content type of all of Google's JSON.
pub(crate) const JSON: &str = "application/json; charset=UTF-8";

#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Rope,
}

/// A refusal on the way to an answer; boxed because answers are large.
#[derive(Debug)]
pub(crate) struct Refused(Box<Answer>);

impl From<Answer> for Refused {
    fn from(answer: Answer) -> Self {
        Self(Box::new(answer))
    }
}

impl From<Refused> for Answer {
    fn from(refused: Refused) -> Self {
        *refused.0
    }
}

impl Answer {
    pub(crate) fn new(status: StatusCode, mime: &str, body: impl Into<Rope>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        }
        .with(CONTENT_TYPE, mime)
    }

    pub(crate) fn json(status: StatusCode, value: &Value) -> Self {
        Self::new(status, JSON, value.to_string())
    }

    /// JSON that has been written already.
    pub(crate) fn json_text(text: String) -> Self {
        Self::new(StatusCode::OK, JSON, text)
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::new(
            StatusCode::FOUND,
            "text/html; charset=UTF-8",
            "<HTML><TITLE>302 Moved</TITLE></HTML>".to_owned(),
        )
        .with(LOCATION, location)
    }

    /// The same answer with another header; a value no header can hold is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}
