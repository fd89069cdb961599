//! The pretend user's account: registered clients, and the codes and tokens they hold.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde_json::{Value, json};

use crate::chance::unguessable;
use crate::clock::millis;

/// Google keeps so many refresh tokens per account and client; the oldest one dies silently.
const LIVE_REFRESH_TOKENS: usize = 100;

/// How a client was registered in the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientForm {
    /// "Desktop app": any loopback address will do.
    Installed,
    /// "Web application": exactly this redirect, which may also be left out of the JSON file.
    Web {
        /// The registered redirect.
        redirect: String,
    },
}

/// A registered client.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) form: ClientForm,
}

impl Client {
    fn new(form: ClientForm) -> Self {
        let name = unguessable().to_lowercase().replace(['-', '_'], "0");
        let id = format!("1-{name}.apps.googleusercontent.com");
        Self {
            id,
            secret: format!("GOCSPX-{}", &unguessable()[..28]),
            form,
        }
    }

    /// The file the console lets one download.
    pub(crate) fn secret_json(&self) -> String {
        let mut client = json!({
            "client_id": self.id, "project_id": "stand-in-1", "client_secret": self.secret,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        });
        let kind = match &self.form {
            ClientForm::Installed => {
                client["redirect_uris"] = json!(["http://localhost"]);
                "installed"
            }
            ClientForm::Web { redirect } => {
                client["redirect_uris"] = json!([redirect]);
                "web"
            }
        };
        Value::Object([(kind.to_owned(), client)].into_iter().collect()).to_string()
    }
}

/// What was agreed to on the consent page.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) challenge: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) refreshable: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    text: String,
    pub(crate) client: String,
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug)]
struct AccessToken {
    client: String,
    scopes: Vec<String>,
    /// By the server's clock, in milliseconds.
    expires: u64,
}

#[derive(Debug)]
pub(crate) struct Account {
    clients: Vec<Client>,
    codes: HashMap<String, Code>,
    refresh: VecDeque<RefreshToken>,
    access: HashMap<String, AccessToken>,
}

impl Account {
    /// An account with one installed client.
    pub(crate) fn new() -> Self {
        Self {
            clients: vec![Client::new(ClientForm::Installed)],
            codes: HashMap::new(),
            refresh: VecDeque::new(),
            access: HashMap::new(),
        }
    }

    /// The client of this form, registered on first use.
    pub(crate) fn client(&mut self, form: &ClientForm) -> Client {
        if let Some(client) = self.clients.iter().find(|client| client.form == *form) {
            return client.clone();
        }
        let client = Client::new(form.clone());
        self.clients.push(client.clone());
        client
    }

    pub(crate) fn client_by_id(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn has_grant(&self, client: &str) -> bool {
        self.refresh.iter().any(|token| token.client == client)
    }

    pub(crate) fn issue_code(&mut self, code: Code) -> String {
        let text = format!("4/0A{}", unguessable());
        self.codes.insert(text.clone(), code);
        text
    }

    /// A code is good for one try, whatever comes of it.
    pub(crate) fn take_code(&mut self, text: &str) -> Option<Code> {
        self.codes.remove(text)
    }

    pub(crate) fn issue_refresh(&mut self, client: &str, scopes: &[String]) -> String {
        if self.refresh.iter().filter(|token| token.client == client).count() >= LIVE_REFRESH_TOKENS
            && let Some(oldest) = self.refresh.iter().position(|token| token.client == client)
        {
            self.refresh.remove(oldest);
        }
        let text = format!("1//0{}{}", unguessable(), unguessable());
        let token = RefreshToken {
            text: text.clone(),
            client: client.to_owned(),
            scopes: scopes.to_vec(),
        };
        self.refresh.push_back(token);
        text
    }

    pub(crate) fn refresh_token(&self, text: &str) -> Option<&RefreshToken> {
        self.refresh.iter().find(|token| token.text == text)
    }

    pub(crate) fn issue_access(
        &mut self,
        client: &str,
        scopes: &[String],
        now: u64,
        lifetime: Duration,
    ) -> String {
        self.access.retain(|_, token| token.expires > now);
        let text = format!("ya29.{}{}{}", unguessable(), unguessable(), unguessable());
        let expires = now + millis(lifetime);
        let token = AccessToken {
            client: client.to_owned(),
            scopes: scopes.to_vec(),
            expires,
        };
        self.access.insert(text.clone(), token);
        text
    }

    /// What a live access token allows.
    pub(crate) fn scopes_of(&self, text: &str, now: u64) -> Option<&[String]> {
        self.access
            .get(text)
            .filter(|token| token.expires > now)
            .map(|token| token.scopes.as_slice())
    }

    pub(crate) fn expire_access_tokens(&mut self) {
        self.access.clear();
    }

    /// Drops everything the user granted to the client that holds this token; false for an unknown token.
    pub(crate) fn revoke(&mut self, text: &str) -> bool {
        let holder = match (self.refresh_token(text), self.access.get(text)) {
            (Some(token), _) => token.client.clone(),
            (None, Some(token)) => token.client.clone(),
            (None, None) => return false,
        };
        self.refresh.retain(|token| token.client != holder);
        self.access.retain(|_, token| token.client != holder);
        true
    }

    pub(crate) fn revoke_everything(&mut self) {
        self.refresh.clear();
        self.access.clear();
        self.codes.clear();
    }
}
