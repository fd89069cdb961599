//! The token and revocation endpoints.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::StatusCode;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::account::{Account, Code};
use crate::answer::{Answer, Refused};
use crate::asked::{Asked, Pairs, single};
use crate::envelope;
use crate::google::Google;
use crate::locking::{held, read};

pub(crate) fn token(google: &Google, asked: &Asked) -> Answer {
    if !asked.is_post() {
        return envelope::method_not_allowed();
    }
    let Some(form) = asked.form() else {
        return invalid_request("The request body must be application/x-www-form-urlencoded.");
    };
    let answered = match single(&form, "grant_type") {
        Some("authorization_code") => from_code(google, &form),
        Some("refresh_token") => from_refresh(google, &form),
        Some(other) => {
            let description = format!("Invalid grant_type: {other}");
            Err(envelope::oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type", &description).into())
        }
        None => Err(invalid_request("Missing required parameter: grant_type").into()),
    };
    answered.unwrap_or_else(Answer::from)
}

fn invalid_request(description: &str) -> Answer {
    envelope::oauth(StatusCode::BAD_REQUEST, "invalid_request", description)
}

fn invalid_grant(description: &str) -> Refused {
    envelope::oauth(StatusCode::BAD_REQUEST, "invalid_grant", description).into()
}

fn required<'a>(form: &'a Pairs, name: &str) -> Result<&'a str, Refused> {
    single(form, name).ok_or_else(|| invalid_request(&format!("Missing required parameter: {name}")).into())
}

/// The id of a client that showed its secret.
fn known_client<'a>(account: &Account, form: &'a Pairs) -> Result<&'a str, Refused> {
    let refused = |text| Refused::from(envelope::oauth(StatusCode::UNAUTHORIZED, "invalid_client", text));
    let id = required(form, "client_id")?;
    let client = account
        .client_by_id(id)
        .ok_or_else(|| refused("The OAuth client was not found."))?;
    let secret = single(form, "client_secret").ok_or_else(|| invalid_request("client_secret is missing."))?;
    if secret == client.secret {
        Ok(id)
    } else {
        Err(refused("Unauthorized"))
    }
}

fn from_code(google: &Google, form: &Pairs) -> Result<Answer, Refused> {
    let mut account = held(&google.account);
    let client = known_client(&account, form)?;
    let code = account
        .take_code(required(form, "code")?)
        .filter(|code| code.client == client);
    let code = code.ok_or_else(|| invalid_grant("Bad Request"))?;
    if required(form, "redirect_uri")? != code.redirect {
        return Err(envelope::oauth(StatusCode::BAD_REQUEST, "redirect_uri_mismatch", "Bad Request").into());
    }
    check_verifier(&code, single(form, "code_verifier"))?;
    let refresh = code
        .refreshable
        .then(|| account.issue_refresh(client, &code.scopes));
    Ok(issued(google, &mut account, client, &code.scopes, refresh))
}

fn check_verifier(code: &Code, verifier: Option<&str>) -> Result<(), Refused> {
    let verifier = verifier.ok_or_else(|| invalid_grant("Missing code verifier."))?;
    let lawful = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    if lawful && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == code.challenge {
        return Ok(());
    }
    Err(invalid_grant("Invalid code verifier."))
}

fn from_refresh(google: &Google, form: &Pairs) -> Result<Answer, Refused> {
    let mut account = held(&google.account);
    let client = known_client(&account, form)?;
    let token = account
        .refresh_token(required(form, "refresh_token")?)
        .filter(|token| token.client == client);
    let scopes = token.ok_or_else(envelope::grant_expired)?.scopes.clone();
    Ok(issued(google, &mut account, client, &scopes, None))
}

fn issued(
    google: &Google,
    account: &mut Account,
    client: &str,
    scopes: &[String],
    refresh: Option<String>,
) -> Answer {
    let settings = read(&google.settings);
    let lifetime = settings.access_token_lifetime;
    let access = account.issue_access(client, scopes, google.clock.now(), lifetime);
    let mut body = json!({
        "access_token": access, "expires_in": lifetime.as_secs(), "scope": scopes.join(" "), "token_type": "Bearer",
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    if let Some(seconds) = settings.refresh_token_expires_in {
        body["refresh_token_expires_in"] = seconds.into();
    }
    Answer::json(StatusCode::OK, &body)
}

pub(crate) fn revoke(google: &Google, asked: &Asked) -> Answer {
    if !asked.is_post() {
        return envelope::method_not_allowed();
    }
    let (query, form) = (asked.query(), asked.form().unwrap_or_default());
    let Some(token) = single(&query, "token").or_else(|| single(&form, "token")) else {
        return invalid_request("Missing required parameter: token");
    };
    if held(&google.account).revoke(token) {
        Answer::json(StatusCode::OK, &json!({}))
    } else {
        envelope::oauth(
            StatusCode::BAD_REQUEST,
            "invalid_token",
            "Token expired or revoked",
        )
    }
}
