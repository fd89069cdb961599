//! One request, one attempt: paced, sent, classified. The only file that knows reqwest.

use bytes::Bytes;

use crate::source::{SourceError, SourceErrorKind};

/// The connections to Google.
#[derive(Clone, Debug)]
pub struct Http {
    api: reqwest::Client,
}

/// A whole answer of an API call, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl Http {
    /// Connections over the system's certificates and proxies.
    ///
    /// # Errors
    /// When no certificate authority can be found.
    pub fn new() -> Result<Self, SourceError> {
        let api = reqwest::Client::builder()
            .build()
            .map_err(|e| SourceError::new(SourceErrorKind::Unexpected, e.to_string()))?;
        Ok(Self { api })
    }

    /// Sends `form` to `url` once and returns the answer whatever its status.
    ///
    /// # Errors
    /// When no whole answer arrived.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<Answer, SourceError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let transport = |e: reqwest::Error| {
            SourceError::new(SourceErrorKind::Transport, e.without_url().to_string())
        };
        let sent = self
            .api
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .map_err(transport)?;
        let status = sent.status().as_u16();
        Ok(Answer { status, body: sent.bytes().await.map_err(transport)? })
    }
}
