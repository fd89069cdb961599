//! Finds and reads the credentials of the OAuth client: the JSON file that Google's console gives.
//!
//! The only file that knows yup-oauth2, whose types describe that JSON. They insist on fields that real files
//! lack, so what is missing and unused is filled in first; and where a file holds both forms, the choice is made
//! here. The addresses in the file are not used: tokens go to the configured endpoint and nowhere else.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use thiserror::Error;
use yup_oauth2::{ApplicationSecret, ConsoleApplicationSecret};

use super::redirect::Redirect;
use crate::secret::Secret;

/// The name of the client file in a library and at the root of the repository.
pub const CLIENT_FILE: &str = ".client_secret.json";

/// No client file is near this size; a larger one was given by mistake and is not read.
const LARGEST_BYTES: u64 = 64 * 1024;

/// What build.rs found at the repository root: the file as it was, or nothing.
const BUILT_IN_FILE: &str = include_str!(concat!(env!("OUT_DIR"), "/built_in_client.json"));

/// The identity of the program at Google.
#[derive(Clone, Debug)]
pub struct Client {
    /// The client id, which is no secret: it is part of the address the browser opens.
    pub id: String,
    /// What the token endpoint wants along with the id.
    pub secret: Secret,
    /// Which redirects Google lets it use.
    pub form: ClientForm,
    /// Where it was found.
    pub origin: ClientOrigin,
}

/// The two kinds of client that can sign a person in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientForm {
    /// A "Desktop app": any port of the loopback address.
    Installed,
    /// A "Web application": exactly this registered redirect.
    Web(Redirect),
}

/// Where a client was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientOrigin {
    /// A file, in the library or given on the command line.
    File(PathBuf),
    /// Compiled into the program.
    BuiltIn,
}

/// What is wrong with a client file. The path is named by whoever passes this on.
#[derive(Debug, Error)]
pub enum ClientFileError {
    /// The file is not there or cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// A file of another kind.
    #[error("it is not JSON")]
    NotJson,
    /// The key of a service account.
    #[error(
        "it is the key of a service account, which has no photos: a client of the type \"Desktop app\" is needed"
    )]
    ServiceAccount,
    /// Credentials of a person, as `gcloud` stores them.
    #[error("it holds a person's credentials, not a client: a client of the type \"Desktop app\" is needed")]
    AuthorizedUser,
    /// An API key.
    #[error(
        "it holds an API key, which cannot sign anybody in: a client of the type \"Desktop app\" is needed"
    )]
    ApiKey,
    /// JSON without either form.
    #[error("it holds neither an \"installed\" nor a \"web\" client")]
    NoForm,
    /// A required field is absent.
    #[error(
        "its \"{0}\" is missing: Google gives the secret only when a client is created, so create another one of the \
         type \"Desktop app\" and download its JSON at once"
    )]
    Missing(&'static str),
    /// A web client that cannot come back to this computer.
    #[error(
        "it is a \"Web application\" client without a redirect to this computer: register http://127.0.0.1:8088 for \
         it, or better, create one of the type \"Desktop app\""
    )]
    NoLoopback,
}

/// The credentials compiled into the program, if there are any.
pub(super) fn built_in() -> Option<Result<Client, ClientFileError>> {
    if let (Some(id), Some(secret)) = (
        option_env!("GPHOTOSYNC_CLIENT_ID"),
        option_env!("GPHOTOSYNC_CLIENT_SECRET"),
    ) && !id.is_empty()
    {
        let form = ClientForm::Installed;
        return Some(Ok(Client {
            id: id.to_owned(),
            secret: Secret::new(secret),
            form,
            origin: ClientOrigin::BuiltIn,
        }));
    }
    (!BUILT_IN_FILE.is_empty()).then(|| parse(BUILT_IN_FILE, ClientOrigin::BuiltIn))
}

/// The client in the file at `path`.
pub(super) fn read(path: &Path) -> Result<Client, ClientFileError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_BYTES).read_to_end(&mut bytes))
        .map_err(ClientFileError::Unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| ClientFileError::NotJson)?;
    parse(&text, ClientOrigin::File(path.to_owned()))
}

fn parse(text: &str, origin: ClientOrigin) -> Result<Client, ClientFileError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with("AIza") {
        return Err(ClientFileError::ApiKey);
    }
    let Ok(Value::Object(file)) = serde_json::from_str(text) else {
        return Err(ClientFileError::NotJson);
    };
    let console = console(&file)?;
    match (console.installed, console.web) {
        (Some(found), _) => Ok(client(found, ClientForm::Installed, origin)),
        (None, Some(found)) => {
            let redirect = found.redirect_uris.iter().find_map(|uri| Redirect::parse(uri));
            let form = ClientForm::Web(redirect.ok_or(ClientFileError::NoLoopback)?);
            Ok(client(found, form, origin))
        }
        (None, None) => Err(ClientFileError::NoForm),
    }
}

fn client(found: ApplicationSecret, form: ClientForm, origin: ClientOrigin) -> Client {
    Client {
        id: found.client_id,
        secret: Secret::new(found.client_secret),
        form,
        origin,
    }
}

/// The file in the form yup-oauth2 reads, with one client in it: the installed one where there are two, since it
/// needs no registered redirect.
fn console(file: &Map<String, Value>) -> Result<ConsoleApplicationSecret, ClientFileError> {
    let form = ["installed", "web"]
        .into_iter()
        .find(|form| file.get(*form).is_some_and(Value::is_object));
    let Some(form) = form else {
        return Err(foreign(file));
    };
    let complete = completed(&file[form])?;
    serde_json::from_value(json!({ form: complete })).map_err(|_| ClientFileError::NoForm)
}

/// What the JSON is instead of a client file.
fn foreign(file: &Map<String, Value>) -> ClientFileError {
    match file.get("type").and_then(Value::as_str) {
        Some("service_account") => ClientFileError::ServiceAccount,
        Some("authorized_user") => ClientFileError::AuthorizedUser,
        _ if holds_api_key(file) => ClientFileError::ApiKey,
        _ => ClientFileError::NoForm,
    }
}

fn holds_api_key(file: &Map<String, Value>) -> bool {
    let named = ["api_key", "apiKey", "key"]
        .iter()
        .any(|name| file.contains_key(*name));
    named
        || file
            .values()
            .filter_map(Value::as_str)
            .any(|value| value.starts_with("AIza"))
}

/// The fields that matter, with a value for those that yup-oauth2 requires and files lack.
fn completed(form: &Value) -> Result<Value, ClientFileError> {
    let text = |name: &'static str| {
        let value = form[name]
            .as_str()
            .map(str::trim)
            .filter(|value| !value.is_empty());
        value.ok_or(ClientFileError::Missing(name))
    };
    let redirects: Vec<&str> = match &form["redirect_uris"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => vec![one],
        _ => Vec::new(),
    };
    Ok(json!({
        "client_id": text("client_id")?,
        "client_secret": text("client_secret")?,
        "redirect_uris": redirects,
        "auth_uri": "",
        "token_uri": "",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Client, ClientFileError> {
        parse(text, ClientOrigin::BuiltIn)
    }

    fn refusal(text: &str) -> String {
        parsed(text).unwrap_err().to_string()
    }

    #[test]
    fn the_example_at_the_top_of_the_repository_is_read() {
        let example = include_str!("../../../../.client_secret.json.example");
        let client = parsed(example).unwrap();
        assert!(client.id.ends_with(".apps.googleusercontent.com"));
        assert_eq!(client.form, ClientForm::Installed);
    }

    #[test]
    fn missing_and_unknown_fields_are_tolerated() {
        let client = parsed(
            "\u{feff}{\"installed\":{\"client_id\":\" a \",\"client_secret\":\"b\",\"project_id\":7,\"new\":{}},\"x\":1}",
        )
        .unwrap();
        assert_eq!((client.id.as_str(), client.secret.reveal()), ("a", "b"));
    }

    #[test]
    fn a_web_client_uses_its_first_redirect_to_this_computer() {
        let client = parsed(
            r#"{"web":{"client_id":"a","client_secret":"b",
                "redirect_uris":["https://example.org/back","http://127.0.0.1:8088","http://localhost:9"]}}"#,
        )
        .unwrap();
        assert_eq!(
            client.form,
            ClientForm::Web(Redirect::parse("http://127.0.0.1:8088").unwrap())
        );
    }

    #[test]
    fn the_installed_form_wins_where_both_are_there() {
        let client = parsed(
            r#"{"web":{"client_id":"w","client_secret":"b"},"installed":{"client_id":"i","client_secret":"b"}}"#,
        )
        .unwrap();
        assert_eq!((client.id.as_str(), client.form), ("i", ClientForm::Installed));
    }

    #[test]
    fn every_wrong_file_is_told_apart() {
        insta::assert_snapshot!(refusal("<plist/>"), @"it is not JSON");
        insta::assert_snapshot!(refusal("AIzaSyExample"), @r#"it holds an API key, which cannot sign anybody in: a client of the type "Desktop app" is needed"#);
        insta::assert_snapshot!(refusal(r#"{"api_key":"AIzaSyExample"}"#), @r#"it holds an API key, which cannot sign anybody in: a client of the type "Desktop app" is needed"#);
        insta::assert_snapshot!(refusal(r#"{"type":"service_account","private_key":"x"}"#), @r#"it is the key of a service account, which has no photos: a client of the type "Desktop app" is needed"#);
        insta::assert_snapshot!(refusal(r#"{"type":"authorized_user","refresh_token":"x"}"#), @r#"it holds a person's credentials, not a client: a client of the type "Desktop app" is needed"#);
        insta::assert_snapshot!(refusal(r#"{"installed":"x"}"#), @r#"it holds neither an "installed" nor a "web" client"#);
        insta::assert_snapshot!(refusal(r#"{"installed":{"client_secret":"x"}}"#), @r#"its "client_id" is missing: Google gives the secret only when a client is created, so create another one of the type "Desktop app" and download its JSON at once"#);
        insta::assert_snapshot!(refusal(r#"{"installed":{"client_id":"x","client_secret":""}}"#), @r#"its "client_secret" is missing: Google gives the secret only when a client is created, so create another one of the type "Desktop app" and download its JSON at once"#);
        insta::assert_snapshot!(refusal(r#"{"web":{"client_id":"x","client_secret":"y"}}"#), @r#"it is a "Web application" client without a redirect to this computer: register http://127.0.0.1:8088 for it, or better, create one of the type "Desktop app""#);
    }

    #[test]
    fn a_missing_file_and_a_folder_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("none.json")] {
            assert!(matches!(read(&path).unwrap_err(), ClientFileError::Unreadable(_)));
        }
    }

    #[test]
    fn debug_hides_the_secret() {
        let client = parsed(r#"{"installed":{"client_id":"a","client_secret":"GOCSPX-hidden"}}"#);
        assert!(!format!("{client:?}").contains("GOCSPX"));
    }

    /// Files of both kinds, and one that is neither.
    const FILES: &[&str] = &[
        r#"{"installed":{"client_id":"1.apps.googleusercontent.com","client_secret":"hush","redirect_uris":
            ["http://localhost"],"auth_uri":"https://accounts.google.com/o/oauth2/auth"}}"#,
        r#"{"web":{"client_id":"1","client_secret":"hush","redirect_uris":["http://127.0.0.1:8080/back"]}}"#,
        r#"{"type":"service_account","private_key":"hush"}"#,
    ];

    proptest::proptest! {
        #[test]
        fn whatever_a_file_holds_its_secret_is_not_shown(text in crate::hostile::text(FILES)) {
            let shown = match parsed(&text) {
                Ok(client) => format!("{client:?}"),
                Err(error) => error.to_string(),
            };
            proptest::prop_assert!(!shown.contains("hush"), "{}", shown);
        }
    }
}
