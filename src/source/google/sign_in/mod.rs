//! Signing in to Google: whose client it is, the consent of a person, the tokens that follow from it, and the end
//! of it. Nothing here lists or downloads, and nothing here talks to a person unless [`sign_in`] is called.

use std::path::Path;

mod browser;
mod callback;
mod client_file;
mod consent;
mod error;
mod grant;
mod guide;
mod loopback;
mod oauth;
mod page;
mod pkce;
mod private_file;
mod redirect;
mod revoke;
#[cfg(test)]
mod scripted;
mod token_file;
mod tokens;

pub use browser::open as open_browser;
pub use client_file::{CLIENT_FILE, Client, ClientFileError, ClientForm, ClientOrigin};
pub use consent::{Prompt, Request, TIME_LIMIT, sign_in};
pub use error::SignInError;
pub use grant::Grant;
pub use guide::{SetUp, command, login_command, set_up};
pub use oauth::OAuth;
pub use redirect::Redirect;
pub use revoke::{SignedOut, forget, sign_out};
pub use token_file::{TOKEN_FILE, TokenFileError};
pub use tokens::{GrantTokens, Tokens};

use token_file::{Contents, TokenFile};

/// Reads what programs of the same Cloud project uploaded; all that the Library API shows since 2025-03-31.
pub const LIBRARY_SCOPE: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

/// The OAuth client: the file in `library`, else the one at `given`, else the one compiled in.
///
/// # Errors
/// When there is none, and when the first one found cannot be used; the search does not go on then, as it would end
/// at an account the person did not mean.
pub fn find_client(library: &Path, given: Option<&Path>) -> Result<Client, SignInError> {
    find_client_or(library, given, client_file::built_in)
}

fn find_client_or(
    library: &Path,
    given: Option<&Path>,
    built_in: impl FnOnce() -> Option<Result<Client, ClientFileError>>,
) -> Result<Client, SignInError> {
    let own = library.join(CLIENT_FILE);
    let path = if own.symlink_metadata().is_ok() {
        Some(own.as_path())
    } else {
        given
    };
    if let Some(path) = path {
        let unusable = |source| SignInError::Client {
            origin: path.display().to_string(),
            source,
        };
        return client_file::read(path).map_err(unusable);
    }
    let found = built_in().ok_or_else(|| SignInError::NoClient {
        library: library.to_owned(),
    })?;
    found.map_err(|source| SignInError::Client {
        origin: "this program itself".to_owned(),
        source,
    })
}

/// Reads what a person picks, session by session.
pub const PICKER_SCOPE: &str = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly";

/// The grant for `scope` that `library` keeps, usable with `client`. Whether Google still accepts it shows at the
/// first request.
///
/// # Errors
/// When there is none, or none that can be used, each with its own advice.
pub fn stored_grant(library: &Path, client: &Client, scope: &str) -> Result<Grant, SignInError> {
    let owned = || library.to_owned();
    let grants = match TokenFile::of(library).contents()? {
        Contents::Grants(grants) => grants,
        Contents::Absent => return Err(SignInError::NotSignedIn { library: owned() }),
        Contents::Predecessor { .. } => return Err(SignInError::Predecessor { library: owned() }),
        Contents::Damaged => return Err(SignInError::Damaged { library: owned() }),
    };
    let covering: Vec<_> = grants.into_iter().filter(|grant| grant.covers(scope)).collect();
    if covering.is_empty() {
        return Err(SignInError::NotSignedIn { library: owned() });
    }
    let usable = covering.into_iter().filter(|grant| grant.client_id == client.id);
    // Of several, the one that allows the least: a source should hold no more than it needs.
    usable
        .min_by_key(|grant| (grant.scopes.len(), std::cmp::Reverse(grant.granted_at)))
        .ok_or_else(|| SignInError::OtherClient { library: owned() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::secret::Secret;
    use grant::tests::grant;
    use scripted::desktop_client;

    fn file(id: &str) -> String {
        format!(r#"{{"installed":{{"client_id":"{id}","client_secret":"s"}}}}"#)
    }

    #[test]
    fn the_librarys_client_comes_before_the_given_and_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let (own, given) = (folder.path().join(CLIENT_FILE), folder.path().join("given.json"));
        fs::write(&own, file("own")).unwrap();
        fs::write(&given, file("given")).unwrap();
        let found = |given| {
            find_client_or(folder.path(), given, || Some(Ok(desktop_client())))
                .unwrap()
                .id
        };
        assert_eq!(found(Some(given.as_path())), "own");
        fs::remove_file(&own).unwrap();
        assert_eq!(found(Some(given.as_path())), "given");
        assert_eq!(found(None), "client-1");
    }

    #[test]
    fn an_unusable_client_ends_the_search() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(CLIENT_FILE), "{}").unwrap();
        let error = find_client_or(folder.path(), None, || Some(Ok(desktop_client()))).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "it holds neither an \"installed\" nor a \"web\" client");
    }

    #[test]
    fn without_any_client_the_guide_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let error = find_client_or(folder.path(), None, || None).unwrap_err();
        assert!(error.needs_sign_in());
        assert!(error.advice().unwrap().contains("Desktop app"));
    }

    #[test]
    fn the_narrowest_grant_of_the_client_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = TokenFile::of(folder.path());
        let stored = || stored_grant(folder.path(), &desktop_client(), "library");
        assert!(matches!(stored(), Err(SignInError::NotSignedIn { .. })));
        for (client, scopes, token) in [
            ("client-2", "library", "a"),
            ("client-1", "library picker", "b"),
            ("client-1", "picker", "c"),
        ] {
            let scopes = scopes.split(' ').map(str::to_owned).collect();
            let refresh_token = Secret::new(token);
            tokens
                .keep(Grant {
                    client_id: client.to_owned(),
                    scopes,
                    refresh_token,
                    ..grant(1)
                })
                .unwrap();
        }
        assert_eq!(stored().unwrap().refresh_token.reveal(), "b");
        tokens.drop_grant(&Secret::new("b")).unwrap();
        assert!(matches!(stored(), Err(SignInError::OtherClient { .. })));
    }

    #[test]
    fn the_predecessors_token_is_explained() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join(TOKEN_FILE),
            r#"{"access_token":"a","token_type":"Bearer"}"#,
        )
        .unwrap();
        let error = stored_grant(folder.path(), &desktop_client(), LIBRARY_SCOPE).unwrap_err();
        assert!(error.advice().unwrap().contains("photoslibrary.readonly"));
    }
}
