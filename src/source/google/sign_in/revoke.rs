//! Signing out: ends the grants of a library at Google, then forgets them here, in this order, so that no grant
//! lives on that nobody remembers.

use std::path::Path;

use super::error::SignInError;
use super::oauth::{OAuth, Revocation};
use super::token_file::{Contents, TokenFile};
use crate::secret::Secret;

/// How a sign-out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOut {
    /// The permission was ended at Google, and the token removed here.
    Revoked,
    /// Google had ended the permission before; the token was removed here.
    AlreadyDead,
    /// The token was removed here; Google was not told.
    ForgottenHere,
    /// There was nothing to sign out.
    NotSignedIn,
}

/// Ends every grant of `library` at Google and removes its tokens; the predecessor's token is treated alike.
///
/// # Errors
/// When Google cannot be told; what was not ended is kept then, to be tried again.
pub async fn sign_out(oauth: &OAuth, library: &Path) -> Result<SignedOut, SignInError> {
    let file = TokenFile::of(library);
    match file.contents()? {
        Contents::Absent => Ok(SignedOut::NotSignedIn),
        Contents::Damaged => Err(SignInError::Damaged {
            library: library.to_owned(),
        }),
        Contents::Predecessor { refresh_token } => {
            let ended = match refresh_token {
                Some(token) => end(oauth, &token).await?,
                None => SignedOut::AlreadyDead,
            };
            file.remove()?;
            Ok(ended)
        }
        Contents::Grants(grants) => {
            let mut outcome = SignedOut::AlreadyDead;
            for grant in &grants {
                // Google ends all grants of a person to a project with the first of them; the others are dead then.
                if end(oauth, &grant.refresh_token).await? == SignedOut::Revoked {
                    outcome = SignedOut::Revoked;
                }
                file.drop_grant(&grant.refresh_token)?;
            }
            if grants.is_empty() {
                file.remove()?;
            }
            Ok(outcome)
        }
    }
}

/// Removes the tokens of `library` without telling Google, even damaged ones.
///
/// # Errors
/// When the file cannot be removed.
pub fn forget(library: &Path) -> Result<SignedOut, SignInError> {
    let file = TokenFile::of(library);
    if file.path().symlink_metadata().is_err() {
        return Ok(SignedOut::NotSignedIn);
    }
    file.remove()?;
    Ok(SignedOut::ForgottenHere)
}

async fn end(oauth: &OAuth, token: &Secret) -> Result<SignedOut, SignInError> {
    match oauth.revoke(token).await.map_err(SignInError::NotRevoked)? {
        Revocation::Done => Ok(SignedOut::Revoked),
        Revocation::AlreadyDead => Ok(SignedOut::AlreadyDead),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::source::google::sign_in::grant::Grant;
    use crate::source::google::sign_in::grant::tests::grant;
    use crate::source::google::sign_in::scripted::Scripted;

    fn signed_in() -> (tempfile::TempDir, TokenFile, Arc<Scripted>) {
        let folder = tempfile::tempdir().unwrap();
        let file = TokenFile::of(folder.path());
        for (token, scope) in [("1//library", "library"), ("1//picker", "picker")] {
            let scopes = vec![scope.to_owned()];
            file.keep(Grant {
                refresh_token: Secret::new(token),
                scopes,
                ..grant(3600)
            })
            .unwrap();
        }
        (folder, file, Scripted::new(Duration::ZERO))
    }

    #[tokio::test]
    async fn every_grant_is_ended_at_google_and_then_forgotten() {
        let (folder, file, server) = signed_in();
        server.then(200, "{}").then(400, r#"{"error":"invalid_token"}"#);
        assert_eq!(
            sign_out(&server.oauth(), folder.path()).await.unwrap(),
            SignedOut::Revoked
        );
        assert_eq!(
            (server.sent(0, "token").as_str(), server.sent(1, "token").as_str()),
            ("1//library", "1//picker")
        );
        assert!(!file.path().exists());
        assert_eq!(
            sign_out(&server.oauth(), folder.path()).await.unwrap(),
            SignedOut::NotSignedIn
        );
    }

    #[tokio::test]
    async fn a_grant_that_died_before_is_forgotten_and_said_so() {
        let (folder, file, server) = signed_in();
        let dead = r#"{"error":"invalid_token","error_description":"Token expired or revoked"}"#;
        server.then(400, dead).then(400, dead);
        assert_eq!(
            sign_out(&server.oauth(), folder.path()).await.unwrap(),
            SignedOut::AlreadyDead
        );
        assert!(!file.path().exists());
    }

    #[tokio::test]
    async fn what_google_was_not_told_is_kept() {
        let (folder, file, server) = signed_in();
        server.then(200, "{}").then_unreachable();
        let error = sign_out(&server.oauth(), folder.path()).await.unwrap_err();
        insta::assert_snapshot!(format!("{error}\n{}", error.advice().unwrap()), @r"
        could not tell Google to end the permission
        The token file was kept, so that you can try again. To forget it here without telling Google, use --local-only and
        remove gphotosync's access yourself at https://myaccount.google.com/connections.
        ");
        let kept = fs::read_to_string(file.path()).unwrap();
        assert!(!kept.contains("1//library") && kept.contains("1//picker"));
    }

    #[tokio::test]
    async fn the_predecessors_token_is_ended_too() {
        let (folder, file, server) = signed_in();
        fs::write(file.path(), r#"{"access_token":"a","refresh_token":"1//go"}"#).unwrap();
        server.then(200, "{}");
        assert_eq!(
            sign_out(&server.oauth(), folder.path()).await.unwrap(),
            SignedOut::Revoked
        );
        assert_eq!(server.sent(0, "token"), "1//go");
        assert!(!file.path().exists());
    }

    #[tokio::test]
    async fn a_damaged_file_is_only_forgotten_when_told_so() {
        let (folder, file, server) = signed_in();
        fs::write(file.path(), "half").unwrap();
        let error = sign_out(&server.oauth(), folder.path()).await.unwrap_err();
        assert!(matches!(error, SignInError::Damaged { .. }));
        assert_eq!(forget(folder.path()).unwrap(), SignedOut::ForgottenHere);
        assert_eq!(forget(folder.path()).unwrap(), SignedOut::NotSignedIn);
    }
}
