//! The consent page: checks what Google checks before it shows anything, then does what the pretend user does.

use hyper::StatusCode;
use url::Url;

use crate::account::{Account, Client, ClientForm, Code};
use crate::answer::{Answer, Refused};
use crate::asked::{Asked, Pairs, single};
use crate::envelope;
use crate::google::Google;
use crate::locking::{held, read};
use crate::settings::Consent;

/// Scopes the consent page knows. Those removed in 2025 still pass it, as they do in reality, and fail on use.
const KNOWN_SCOPES: [&str; 12] = [
    "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata",
    "https://www.googleapis.com/auth/photoslibrary.edit.appcreateddata",
    "https://www.googleapis.com/auth/photoslibrary.appendonly",
    "https://www.googleapis.com/auth/photoslibrary.readonly",
    "https://www.googleapis.com/auth/photoslibrary.sharing",
    "https://www.googleapis.com/auth/photoslibrary",
    "https://www.googleapis.com/auth/photospicker.mediaitems.readonly",
    "https://www.googleapis.com/auth/drive.readonly",
    "https://www.googleapis.com/auth/drive.file",
    "openid",
    "email",
    "profile",
];

pub(crate) fn page(google: &Google, asked: &Asked) -> Answer {
    if !asked.is_get() {
        return envelope::method_not_allowed();
    }
    let query = asked.query();
    // The lock is released before the decision, which takes it again to issue a code.
    let wish = Wish::read(&held(&google.account), &query);
    wish.map_or_else(Answer::from, |wish| decided(google, wish))
}

fn blocked(error: &str, text: &str) -> Refused {
    let status = if error == "invalid_client" {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::BAD_REQUEST
    };
    let title = format!("Error {}: {error}", status.as_u16());
    envelope::page(
        status,
        &title,
        &format!("Access blocked: authorization error. {title}. {text}"),
    )
    .into()
}

/// What a client asks the user for, once all of it has been checked.
struct Wish {
    client: Client,
    redirect: Url,
    redirect_text: String,
    scopes: Vec<String>,
    challenge: String,
    state: String,
    refreshable: bool,
}

impl Wish {
    fn read(account: &Account, query: &Pairs) -> Result<Self, Refused> {
        let client = account.client_by_id(required(query, "client_id")?);
        let client = client
            .ok_or_else(|| blocked("invalid_client", "The OAuth client was not found."))?
            .clone();
        let redirect_text = required(query, "redirect_uri")?.to_owned();
        let redirect = lawful_redirect(&client, &redirect_text)?;
        if required(query, "response_type")? != "code" {
            return Err(blocked(
                "unsupported_response_type",
                "Only response_type=code is answered.",
            ));
        }
        Ok(Self {
            redirect,
            redirect_text,
            scopes: lawful_scopes(required(query, "scope")?)?,
            challenge: lawful_challenge(query)?,
            state: required(query, "state")?.to_owned(),
            refreshable: refreshable(account, &client, query),
            client,
        })
    }

    /// The redirect with these values added to it.
    fn back(&self, values: &[(&str, &str)]) -> Answer {
        let mut target = self.redirect.clone();
        target
            .query_pairs_mut()
            .append_pair("state", &self.state)
            .extend_pairs(values);
        Answer::redirect(target.as_str())
    }
}

fn required<'a>(query: &'a Pairs, name: &str) -> Result<&'a str, Refused> {
    single(query, name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| {
            blocked(
                "invalid_request",
                &format!("Required parameter is missing or given more than once: {name}"),
            )
        })
}

fn lawful_redirect(client: &Client, text: &str) -> Result<Url, Refused> {
    if text.starts_with("urn:ietf:wg:oauth:2.0:oob") {
        return Err(blocked(
            "invalid_request",
            "The out-of-band (OOB) flow has been blocked.",
        ));
    }
    let lawful = Url::parse(text).ok().filter(|url| match &client.form {
        ClientForm::Installed => is_loopback(url),
        ClientForm::Web { redirect } => text == redirect,
    });
    lawful.ok_or_else(|| {
        blocked(
            "redirect_uri_mismatch",
            "The redirect_uri is not one registered for this client.",
        )
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url
        .host_str()
        .is_some_and(|host| ["127.0.0.1", "[::1]", "localhost"].contains(&host));
    url.scheme() == "http" && host && url.fragment().is_none()
}

fn lawful_scopes(text: &str) -> Result<Vec<String>, Refused> {
    let scopes: Vec<String> = text.split(' ').map(str::to_owned).collect();
    match scopes
        .iter()
        .find(|scope| !KNOWN_SCOPES.contains(&scope.as_str()))
    {
        Some(unknown) => Err(blocked(
            "invalid_scope",
            &format!("Some requested scopes were invalid: {unknown}"),
        )),
        None => Ok(scopes),
    }
}

fn lawful_challenge(query: &Pairs) -> Result<String, Refused> {
    let challenge = required(query, "code_challenge")?;
    if required(query, "code_challenge_method")? != "S256" {
        return Err(blocked(
            "invalid_request",
            "Only code_challenge_method=S256 is taken.",
        ));
    }
    let lawful = challenge.len() == 43
        && challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if lawful {
        Ok(challenge.to_owned())
    } else {
        Err(blocked("invalid_request", "Invalid code_challenge."))
    }
}

/// Installed clients always get a refresh token; web clients only for offline access, and after the first time only
/// if they make the user consent again.
fn refreshable(account: &Account, client: &Client, query: &Pairs) -> bool {
    let offline = single(query, "access_type") == Some("offline");
    let again = single(query, "prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "consent"));
    match client.form {
        ClientForm::Installed => true,
        ClientForm::Web { .. } => offline && (again || !account.has_grant(&client.id)),
    }
}

fn decided(google: &Google, wish: Wish) -> Answer {
    let consent = read(&google.settings).consent.clone();
    match consent {
        Consent::NeverAnswers => envelope::page(
            StatusCode::OK,
            "Sign in with Google",
            "gphotosync wants access to your Google Account.",
        ),
        Consent::Refuse => wish.back(&[("error", "access_denied")]),
        Consent::Grant => granted(google, &wish),
        Consent::GrantOnly(ticked) => {
            let scopes = wish
                .scopes
                .iter()
                .filter(|scope| ticked.contains(scope))
                .cloned()
                .collect();
            granted(google, &Wish { scopes, ..wish })
        }
    }
}

fn granted(google: &Google, wish: &Wish) -> Answer {
    let code = held(&google.account).issue_code(Code {
        client: wish.client.id.clone(),
        redirect: wish.redirect_text.clone(),
        challenge: wish.challenge.clone(),
        scopes: wish.scopes.clone(),
        refreshable: wish.refreshable,
    });
    wish.back(&[("code", &code), ("scope", &wish.scopes.join(" "))])
}
