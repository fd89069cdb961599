//! Test support: an OAuth server that gives prepared answers and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use url::Url;

use super::client_file::{Client, ClientForm, ClientOrigin};
use super::oauth::{Forms, OAuth};
use crate::secret::Secret;
use crate::source::google::endpoint::Endpoint;
use crate::source::google::http::Answer;
use crate::source::{SourceError, SourceErrorKind};

type Fields = Vec<(String, String)>;

/// The answers to come, and the requests so far as `(url, form)`.
#[derive(Debug, Default)]
pub(super) struct Scripted {
    answers: Mutex<VecDeque<Result<(u16, String), SourceError>>>,
    requests: Mutex<Vec<(String, Fields)>>,
    latency: Duration,
}

impl Scripted {
    pub(super) fn new(latency: Duration) -> Arc<Self> {
        Arc::new(Self {
            latency,
            ..Self::default()
        })
    }

    pub(super) fn then(self: &Arc<Self>, status: u16, body: &str) -> &Arc<Self> {
        self.answers
            .lock()
            .unwrap()
            .push_back(Ok((status, body.to_owned())));
        self
    }

    pub(super) fn then_unreachable(self: &Arc<Self>) -> &Arc<Self> {
        let error = SourceError::new(SourceErrorKind::Transport, "no route to host");
        self.answers.lock().unwrap().push_back(Err(error));
        self
    }

    pub(super) fn oauth(self: &Arc<Self>) -> OAuth {
        let forms: Arc<dyn Forms> = Arc::<Self>::clone(self);
        OAuth::over(
            forms,
            Endpoint::compatible(Url::parse("http://google.test").unwrap()),
        )
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// The value of `field` in request number `index`.
    pub(super) fn sent(&self, index: usize, field: &str) -> String {
        let requests = self.requests.lock().unwrap();
        let found = requests[index].1.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    pub(super) fn url(&self, index: usize) -> String {
        self.requests.lock().unwrap()[index].0.clone()
    }
}

#[async_trait]
impl Forms for Scripted {
    async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<Answer, SourceError> {
        let form = form
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.requests.lock().unwrap().push((url.to_owned(), form));
        tokio::time::sleep(self.latency).await;
        let next = self.answers.lock().unwrap().pop_front();
        let (status, body) = next.unwrap_or_else(|| panic!("an unforeseen request to {url}"))?;
        Ok(Answer {
            date: None,
            status,
            retry_after: None,
            body: body.into(),
        })
    }
}

pub(super) fn desktop_client() -> Client {
    Client {
        id: "client-1".to_owned(),
        secret: Secret::new("GOCSPX-hidden"),
        form: ClientForm::Installed,
        origin: ClientOrigin::BuiltIn,
    }
}
