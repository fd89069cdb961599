//! Google's error answers: the JSON envelope of its APIs and the HTML pages of its web front ends, word for word
//! where the words are known.

use hyper::StatusCode;
use hyper::header::WWW_AUTHENTICATE;
use serde_json::{Value, json};

use crate::answer::Answer;

/// An API as its errors name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    host: &'static str,
    name: &'static str,
}

pub(crate) const LIBRARY: Api = Api {
    host: "photoslibrary.googleapis.com",
    name: "Photos Library API",
};

pub(crate) const PICKER: Api = Api {
    host: "photospicker.googleapis.com",
    name: "Google Photos Picker API",
};

/// The canonical name that goes with an HTTP status.
fn canonical(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        500 => "INTERNAL",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNKNOWN",
    }
}

/// An API's error answer without details.
pub(crate) fn error(status: StatusCode, message: &str) -> Answer {
    detailed(status, message, &[])
}

pub(crate) fn invalid_argument(message: &str) -> Answer {
    error(StatusCode::BAD_REQUEST, message)
}

/// 400 for what would be right at another time; the same HTTP status as for what is never right.
pub(crate) fn failed_precondition(message: &str, details: &[Value]) -> Answer {
    named(StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", message, details)
}

fn detailed(status: StatusCode, message: &str, details: &[Value]) -> Answer {
    named(status, canonical(status), message, details)
}

fn named(status: StatusCode, name: &str, message: &str, details: &[Value]) -> Answer {
    let mut error = json!({"code": status.as_u16(), "message": message, "status": name});
    if !details.is_empty() {
        error["details"] = details.into();
    }
    Answer::json(status, &json!({ "error": error }))
}

pub(crate) fn reason(reason: &str, metadata: &Value) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason, "domain": "googleapis.com", "metadata": metadata,
    })
}

/// No access token was sent.
pub(crate) fn credentials_missing(api: Api) -> Answer {
    let message = "Request is missing required authentication credential. Expected OAuth 2 access token, login \
        cookie or other valid authentication credential. See \
        https://developers.google.com/identity/sign-in/web/devconsole-project.";
    let details = [reason("CREDENTIALS_MISSING", &json!({ "service": api.host }))];
    detailed(StatusCode::UNAUTHORIZED, message, &details)
        .with(WWW_AUTHENTICATE, "Bearer realm=\"https://accounts.google.com/\"")
}

/// The access token is unknown, revoked or expired.
pub(crate) fn credentials_invalid() -> Answer {
    let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
        other valid authentication credential. See \
        https://developers.google.com/identity/sign-in/web/devconsole-project.";
    error(StatusCode::UNAUTHORIZED, message).with(
        WWW_AUTHENTICATE,
        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
    )
}

pub(crate) fn scope_missing(api: Api) -> Answer {
    let details = [reason(
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        &json!({ "service": api.host }),
    )];
    detailed(
        StatusCode::FORBIDDEN,
        "Request had insufficient authentication scopes.",
        &details,
    )
}

pub(crate) fn api_disabled(api: Api) -> Answer {
    let Api { host, name } = api;
    let link = format!("https://console.developers.google.com/apis/api/{host}/overview?project=1");
    let message = format!(
        "{name} has not been used in project 1 before or it is disabled. Enable it by visiting {link} \
         then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our \
         systems and retry."
    );
    let help = json!({
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{"description": "Google developers console API activation", "url": link}],
    });
    let info = reason(
        "SERVICE_DISABLED",
        &json!({"service": host, "consumer": "projects/1"}),
    );
    detailed(StatusCode::FORBIDDEN, &message, &[help, info])
}

/// The quota of a day or of a minute is used up.
pub(crate) fn quota_exceeded(api: Api, limit: &str) -> Answer {
    let host = api.host;
    let message = format!(
        "Quota exceeded for quota metric 'All requests' and limit '{limit}' of service '{host}' for consumer \
         'project_number:1'."
    );
    error(StatusCode::TOO_MANY_REQUESTS, &message)
}

/// What an API answers when it fails itself.
pub(crate) fn server_error(status: StatusCode) -> Answer {
    let message = match status.as_u16() {
        500 => "Internal error encountered.",
        503 => "The service is currently unavailable.",
        504 => "Deadline exceeded.",
        _ => "Bad gateway.",
    };
    error(status, message)
}

/// The page of Google's front end for an error.
pub(crate) fn html(status: StatusCode) -> Answer {
    let (code, name) = (status.as_u16(), status.canonical_reason().unwrap_or("Error"));
    let page = format!(
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error {code} ({name})!!1</title>\n  \
         <p><b>{code}.</b> <ins>That’s an error.</ins>\n  <p>{}  <ins>That’s all we know.</ins>\n",
        sentence(code)
    );
    Answer::new(status, "text/html; charset=UTF-8", page)
}

fn sentence(code: u16) -> &'static str {
    match code {
        400 => "Your client has issued a malformed or illegal request.",
        403 => "Your client does not have permission to get this URL from this server.",
        404 => "The requested URL was not found on this server.",
        405 => "The request method is inappropriate for the URL.",
        429 => "We're sorry, but you have sent too many requests to us recently. Please try again later.",
        _ => {
            "The server encountered an error and could not complete your request. Please try again in 30 seconds."
        }
    }
}

/// A page a person reads in the browser.
pub(crate) fn page(status: StatusCode, title: &str, text: &str) -> Answer {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let page =
        format!("<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>{title}</title>\n<p>{text}\n");
    Answer::new(status, "text/html; charset=UTF-8", page)
}

pub(crate) fn method_not_allowed() -> Answer {
    html(StatusCode::METHOD_NOT_ALLOWED)
}

/// The token and revocation endpoints' error form.
pub(crate) fn oauth(status: StatusCode, error: &str, description: &str) -> Answer {
    Answer::json(status, &json!({"error": error, "error_description": description}))
}

pub(crate) fn grant_expired() -> Answer {
    oauth(
        StatusCode::BAD_REQUEST,
        "invalid_grant",
        "Token has been expired or revoked.",
    )
}
