//! What can keep a person from being signed in, and what they can do about it.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::client_file::ClientFileError;
use super::guide;
use super::oauth::TokenError;
use super::token_file::{TOKEN_FILE, TokenFileError};
use crate::source::{SourceError, SourceErrorKind};

/// Why there is no usable grant. The message is one fragment; [`advice`](Self::advice) says what to do, in lines.
#[derive(Debug, Error)]
pub enum SignInError {
    /// No OAuth client anywhere.
    #[error("there is no OAuth client to sign in with")]
    NoClient {
        /// The library, for the guide.
        library: PathBuf,
    },
    /// A client file that cannot be used.
    #[error("the OAuth client in {origin} cannot be used")]
    Client {
        /// Where it was found.
        origin: String,
        /// What is wrong with it.
        source: ClientFileError,
    },
    /// Nobody has signed in yet.
    #[error("nobody is signed in for this library yet")]
    NotSignedIn {
        /// The library.
        library: PathBuf,
    },
    /// The grant belongs to another client.
    #[error("the stored sign-in belongs to another OAuth client")]
    OtherClient {
        /// The library.
        library: PathBuf,
    },
    /// Only the predecessor's token is there.
    #[error("the stored sign-in is from an earlier program, and Google has removed its permission")]
    Predecessor {
        /// The library.
        library: PathBuf,
    },
    /// The token file is not what it should be.
    #[error("the token file {TOKEN_FILE} is damaged")]
    Damaged {
        /// The library.
        library: PathBuf,
    },
    /// The token file cannot be used.
    #[error(transparent)]
    TokenFile(#[from] TokenFileError),
    /// No port for the browser to come back to.
    #[error("could not listen on {address} for the browser to come back")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The system gave no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness(#[source] io::Error),
    /// The person declined.
    #[error("the permission was refused on Google's page")]
    Refused,
    /// Nobody answered.
    #[error("no answer came from the browser within {}", humantime::format_duration(*.limit))]
    TimedOut {
        /// How long was waited.
        limit: Duration,
    },
    /// Google ended the flow.
    #[error("Google ended the sign-in ({0})")]
    Ended(String),
    /// A permission was left out.
    #[error("the permission {} was not granted", .0.join(" "))]
    ScopeMissing(Vec<String>),
    /// A grant that would end within the hour.
    #[error("Google gave a permission for one hour only, not a lasting one")]
    NotLasting,
    /// The answer from the browser was not accepted.
    #[error("Google did not accept the answer from the browser (invalid_grant)")]
    StaleCode,
    /// The client was not accepted.
    #[error("Google does not accept the OAuth client (invalid_client)")]
    DeadClient {
        /// The library.
        library: PathBuf,
    },
    /// Signing out did not reach Google.
    #[error("could not tell Google to end the permission")]
    NotRevoked(#[source] SourceError),
    /// Google could not be asked.
    #[error(transparent)]
    Google(#[from] SourceError),
}

impl SignInError {
    /// What went wrong when a code was exchanged.
    pub(super) fn of_exchange(error: TokenError, library: &Path) -> Self {
        match error {
            TokenError::InvalidGrant => Self::StaleCode,
            TokenError::InvalidClient => Self::DeadClient {
                library: library.to_owned(),
            },
            TokenError::ReauthenticationDemanded => Self::Ended("invalid_rapt".to_owned()),
            TokenError::Refused(name) => Self::Ended(name),
            TokenError::Source(error) => Self::Google(error),
        }
    }

    /// What the person can do, in one or more lines; nothing where the message says it all.
    pub fn advice(&self) -> Option<String> {
        Some(match self {
            Self::NoClient { library } => guide::set_up(library, guide::SetUp::LIBRARY),
            Self::NotSignedIn { library } => format!("Run: {}", guide::login_command(library)),
            Self::OtherClient { library } => guide::other_client(library),
            Self::Predecessor { library } => guide::predecessor(library),
            Self::Damaged { library } => guide::damaged(library),
            Self::DeadClient { library } => guide::another_client(library),
            Self::Listen { .. } => guide::PORT_TAKEN.to_owned(),
            Self::Refused => guide::REFUSED.to_owned(),
            Self::TimedOut { .. } => guide::TIMED_OUT.to_owned(),
            Self::ScopeMissing(_) => guide::SCOPE_MISSING.to_owned(),
            Self::NotLasting => guide::NOT_LASTING.to_owned(),
            Self::StaleCode => guide::STALE_CODE.to_owned(),
            Self::NotRevoked(_) => guide::NOT_REVOKED.to_owned(),
            Self::Client { .. }
            | Self::TokenFile(_)
            | Self::NoRandomness(_)
            | Self::Ended(_)
            | Self::Google(_) => return None,
        })
    }

    /// Whether the way on is to sign in (exit status 4), rather than to mend something else.
    pub const fn needs_sign_in(&self) -> bool {
        match self {
            Self::TokenFile(_) | Self::Listen { .. } | Self::NoRandomness(_) | Self::NotRevoked(_) => false,
            Self::Google(error) => matches!(error.kind, SourceErrorKind::SignIn),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(error: &SignInError) -> String {
        format!("{error}\n{}", error.advice().unwrap_or_default())
    }

    #[test]
    fn errors_explain_themselves() {
        let library = || PathBuf::from("/photos");
        insta::assert_snapshot!(shown(&SignInError::Refused), @r#"
        the permission was refused on Google's page
        Nothing was stored. gphotosync cannot read anything without this permission; run the command again to be asked anew.
        If Google itself said "Access blocked" (Error 403: access_denied), the project is in "Testing" and your account is
        not among its test users: Google Auth Platform > Audience > Publish app.
        "#);
        insta::assert_snapshot!(shown(&SignInError::TimedOut { limit: Duration::from_mins(5) }), @r#"
        no answer came from the browser within 5m
        Nothing was stored. Run the command again, and answer within the time.
        If Google's page said "Error 400: redirect_uri_mismatch", the client is not of the type "Desktop app", or its
        registered redirect is another one: create a client of that type and download its JSON at once.
        "#);
        insta::assert_snapshot!(shown(&SignInError::ScopeMissing(vec!["scope-a".to_owned()])), @r"
        the permission scope-a was not granted
        Nothing was stored. Google's page lets you untick what you grant; run the command again and leave the box ticked.
        If there was no box, add the scope to the project: Google Auth Platform > Data Access.
        ");
        insta::assert_snapshot!(shown(&SignInError::NotLasting), @r"
        Google gave a permission for one hour only, not a lasting one
        Nothing was stored. Remove gphotosync's access at https://myaccount.google.com/connections and run the command again.
        ");
        insta::assert_snapshot!(shown(&SignInError::DeadClient { library: library() }), @r#"
        Google does not accept the OAuth client (invalid_client)
        It was deleted, or its secret is no longer valid. Create another one of the type "Desktop app", save its JSON as /photos/.client_secret.json and run: gphotosync login --lib /photos
        "#);
        insta::assert_snapshot!(shown(&SignInError::StaleCode), @r"
        Google did not accept the answer from the browser (invalid_grant)
        Nothing was stored. The answer was used before, or is too old: it lives for minutes. Run the command again.
        ");
        insta::assert_snapshot!(shown(&SignInError::NotSignedIn { library: library() }), @r"
        nobody is signed in for this library yet
        Run: gphotosync login --lib /photos
        ");
        insta::assert_snapshot!(shown(&SignInError::Ended("admin_policy_enforced".to_owned())), @"Google ended the sign-in (admin_policy_enforced)");
    }

    #[test]
    fn trouble_with_the_computer_is_not_a_question_of_signing_in() {
        let outage = SourceError::new(SourceErrorKind::Transport, "no route");
        assert!(!SignInError::Google(outage.clone()).needs_sign_in());
        assert!(!SignInError::NotRevoked(outage).needs_sign_in());
        assert!(SignInError::Refused.needs_sign_in());
        assert!(
            SignInError::NoClient {
                library: PathBuf::new()
            }
            .needs_sign_in()
        );
    }
}
