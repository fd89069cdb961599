//! The grants of a library, in its `.token.json`: versioned JSON, private and replaced as a whole. It neither
//! refreshes nor judges them.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::grant::Grant;
use super::private_file;
use crate::secret::Secret;

/// The name of the token file in a library; the predecessor used the same.
pub const TOKEN_FILE: &str = ".token.json";

/// The version of the form below. It grows when an older gphotosync could not read the file.
const VERSION: u64 = 1;

/// Where a library keeps its grants.
#[derive(Clone, Debug)]
pub(super) struct TokenFile {
    library: PathBuf,
    path: PathBuf,
}

/// What is in a token file.
#[derive(Debug)]
pub(super) enum Contents {
    /// There is none.
    Absent,
    /// Grants for different scopes or clients.
    Grants(Vec<Grant>),
    /// A token of the predecessor, whose scope Google has removed.
    Predecessor { refresh_token: Option<Secret> },
    /// Neither of them, such as the half of one.
    Damaged,
}

/// What had to give way to a new grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Displaced {
    Nothing,
    /// The token of the predecessor.
    Predecessor,
    /// A damaged file, which now has this name.
    Damaged(PathBuf),
}

/// Why a token file cannot be used.
#[derive(Debug, Error)]
pub enum TokenFileError {
    /// It cannot be read.
    #[error("the token file {} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is a link to another file.
    #[error("the token file {} is a symbolic link; gphotosync keeps its tokens only in a file of its own", .path.display())]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// It cannot be written or removed.
    #[error("the token file {} cannot be written", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A newer gphotosync wrote it.
    #[error("the token file {} was written by a newer gphotosync (form {version}, this one reads {VERSION})", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its form.
        version: u64,
    },
}

#[derive(Serialize, Deserialize)]
struct Form {
    version: u64,
    grants: Vec<Grant>,
}

impl TokenFile {
    pub(super) fn of(library: &Path) -> Self {
        Self {
            library: library.to_owned(),
            path: library.join(TOKEN_FILE),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn library(&self) -> &Path {
        &self.library
    }

    pub(super) fn contents(&self) -> Result<Contents, TokenFileError> {
        if self.path.is_symlink() {
            return Err(TokenFileError::Link {
                path: self.path.clone(),
            });
        }
        let bytes = private_file::read(&self.path).map_err(|source| TokenFileError::Unreadable {
            path: self.path.clone(),
            source,
        })?;
        bytes.map_or(Ok(Contents::Absent), |bytes| self.understood(&bytes))
    }

    fn understood(&self, bytes: &[u8]) -> Result<Contents, TokenFileError> {
        let Ok(Value::Object(object)) = serde_json::from_slice(bytes) else {
            return Ok(Contents::Damaged);
        };
        match object.get("version").and_then(Value::as_u64) {
            Some(version) if version > VERSION => Err(TokenFileError::Newer {
                path: self.path.clone(),
                version,
            }),
            Some(_) => {
                let form = serde_json::from_value::<Form>(Value::Object(object));
                Ok(form.map_or(Contents::Damaged, |form| Contents::Grants(form.grants)))
            }
            None if object.contains_key("access_token") || object.contains_key("refresh_token") => {
                let refresh_token = object.get("refresh_token").and_then(Value::as_str);
                let refresh_token = refresh_token.filter(|token| !token.is_empty()).map(Secret::new);
                Ok(Contents::Predecessor { refresh_token })
            }
            None => Ok(Contents::Damaged),
        }
    }

    /// Finds out, before anybody is asked for consent, whether a grant could be kept.
    pub(super) fn probe(&self) -> Result<(), TokenFileError> {
        self.contents()?;
        private_file::probe(&self.path).map_err(|e| self.unwritable(e))
    }

    /// Keeps `grant`, in the place of an earlier one for the same client and scopes.
    pub(super) fn keep(&self, grant: Grant) -> Result<Displaced, TokenFileError> {
        let (mut grants, displaced) = match self.contents()? {
            Contents::Absent => (Vec::new(), Displaced::Nothing),
            Contents::Grants(grants) => (grants, Displaced::Nothing),
            Contents::Predecessor { .. } => (Vec::new(), Displaced::Predecessor),
            Contents::Damaged => {
                let aside = private_file::set_aside(&self.path).map_err(|e| self.unwritable(e))?;
                (Vec::new(), Displaced::Damaged(aside))
            }
        };
        grants.retain(|kept| !same_purpose(kept, &grant));
        grants.push(grant);
        self.write(grants)?;
        Ok(displaced)
    }

    /// Keeps what a refresh made of the grant with the refresh token `used`. A grant that is no longer in the file
    /// was signed out or replaced meanwhile, and stays so.
    pub(super) fn renew(&self, used: &Secret, renewed: Grant) -> Result<(), TokenFileError> {
        let Contents::Grants(mut grants) = self.contents()? else {
            return Ok(());
        };
        let Some(kept) = grants.iter_mut().find(|kept| kept.refresh_token == *used) else {
            return Ok(());
        };
        *kept = renewed;
        self.write(grants)
    }

    /// Removes the grant with this refresh token, and the file with the last one.
    pub(super) fn drop_grant(&self, refresh_token: &Secret) -> Result<(), TokenFileError> {
        let Contents::Grants(mut grants) = self.contents()? else {
            return Ok(());
        };
        grants.retain(|kept| kept.refresh_token != *refresh_token);
        if grants.is_empty() {
            self.remove()
        } else {
            self.write(grants)
        }
    }

    /// Removes the file, whatever is in it.
    pub(super) fn remove(&self) -> Result<(), TokenFileError> {
        private_file::remove(&self.path).map_err(|e| self.unwritable(e))
    }

    fn write(&self, grants: Vec<Grant>) -> Result<(), TokenFileError> {
        let mut text = serde_json::to_vec_pretty(&Form {
            version: VERSION,
            grants,
        })
        .map_err(|e| self.unwritable(e.into()))?;
        text.push(b'\n');
        private_file::replace(&self.path, &text).map_err(|e| self.unwritable(e))
    }

    fn unwritable(&self, source: io::Error) -> TokenFileError {
        TokenFileError::Unwritable {
            path: self.path.clone(),
            source,
        }
    }
}

fn same_purpose(left: &Grant, right: &Grant) -> bool {
    let covered = |a: &Grant, b: &Grant| a.scopes.iter().all(|scope| b.covers(scope));
    left.client_id == right.client_id && covered(left, right) && covered(right, left)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::google::sign_in::grant::tests::grant;

    fn library() -> (tempfile::TempDir, TokenFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = TokenFile::of(folder.path());
        (folder, file)
    }

    fn grants(file: &TokenFile) -> Vec<Grant> {
        match file.contents().unwrap() {
            Contents::Grants(grants) => grants,
            other => panic!("{other:?}"),
        }
    }

    fn with_token(refresh_token: &str, scope: &str) -> Grant {
        Grant {
            refresh_token: Secret::new(refresh_token),
            scopes: vec![scope.to_owned()],
            ..grant(3600)
        }
    }

    #[test]
    fn grants_for_different_scopes_live_side_by_side() {
        let (_folder, file) = library();
        for (token, scope) in [("1", "library"), ("2", "picker"), ("3", "library")] {
            assert_eq!(file.keep(with_token(token, scope)).unwrap(), Displaced::Nothing);
        }
        let tokens: Vec<_> = grants(&file)
            .iter()
            .map(|g| g.refresh_token.reveal().to_owned())
            .collect();
        assert_eq!(tokens, ["2", "3"]);
        assert_eq!(
            grants(&file)[0].access_token.as_ref().unwrap().reveal(),
            "ya29.hidden"
        );
        file.drop_grant(&Secret::new("2")).unwrap();
        file.drop_grant(&Secret::new("3")).unwrap();
        assert!(matches!(file.contents().unwrap(), Contents::Absent));
    }

    #[test]
    fn a_refresh_does_not_bring_back_what_was_signed_out_or_replaced() {
        let (_folder, file) = library();
        file.renew(&Secret::new("1"), with_token("1", "library")).unwrap();
        assert!(matches!(file.contents().unwrap(), Contents::Absent));
        file.keep(with_token("new", "library")).unwrap();
        file.renew(&Secret::new("old"), with_token("old", "library"))
            .unwrap();
        assert_eq!(grants(&file)[0].refresh_token.reveal(), "new");
        file.renew(&Secret::new("new"), with_token("rotated", "library"))
            .unwrap();
        assert_eq!(grants(&file)[0].refresh_token.reveal(), "rotated");
    }

    #[test]
    fn the_predecessors_token_is_recognised_and_replaced() {
        let (_folder, file) = library();
        let token = r#"{"access_token":"ya29.x","token_type":"Bearer","refresh_token":"1//x","expiry":"2020-01-01T00:00:00Z"}"#;
        fs::write(file.path(), token).unwrap();
        let Contents::Predecessor { refresh_token } = file.contents().unwrap() else {
            panic!()
        };
        assert_eq!(refresh_token.unwrap().reveal(), "1//x");
        assert_eq!(file.keep(grant(3600)).unwrap(), Displaced::Predecessor);
        assert_eq!(grants(&file).len(), 1);
    }

    #[test]
    fn a_damaged_file_is_kept_aside() {
        let (folder, file) = library();
        file.keep(grant(3600)).unwrap();
        let whole = fs::read(file.path()).unwrap();
        for half in [
            &whole[..whole.len() / 2],
            b"",
            b"[]",
            b"{}",
            br#"{"version":1,"grants":[{}]}"#,
        ] {
            fs::write(file.path(), half).unwrap();
            assert!(matches!(file.contents().unwrap(), Contents::Damaged));
            let Displaced::Damaged(aside) = file.keep(grant(3600)).unwrap() else {
                panic!()
            };
            assert_eq!(fs::read(aside).unwrap(), half);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 6);
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let (_folder, file) = library();
        fs::write(file.path(), r#"{"version":2,"anything":true}"#).unwrap();
        assert!(matches!(
            file.contents(),
            Err(TokenFileError::Newer { version: 2, .. })
        ));
        file.keep(grant(3600)).unwrap_err();
        assert!(fs::read_to_string(file.path()).unwrap().contains("anything"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_refused_by_name() {
        let (folder, file) = library();
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), file.path()).unwrap();
        assert!(matches!(file.contents(), Err(TokenFileError::Link { .. })));
        file.keep(grant(3600)).unwrap_err();
        assert!(!folder.path().join("elsewhere").exists());
    }

    #[test]
    fn debug_hides_the_tokens() {
        let (_folder, file) = library();
        file.keep(grant(3600)).unwrap();
        assert!(!format!("{:?} {file:?}", file.contents()).contains("hidden"));
    }

    /// A file of today and one of the predecessor.
    const FILES: &[&str] = &[
        r#"{"version":1,"grants":[{"client_id":"1","scopes":["s"],"refresh_token":"hush","access_token":"hush",
            "expires_at":"2026-11-22T12:00:00Z","granted_at":"2026-11-22T12:00:00Z","refresh_expires_at":null}]}"#,
        r#"{"access_token":"hush","token_type":"Bearer","refresh_token":"hush","expiry":"2020-01-01T00:00:00Z"}"#,
    ];

    proptest::proptest! {
        #[test]
        fn whatever_a_file_holds_its_tokens_are_not_shown(bytes in crate::hostile::bytes(FILES)) {
            let (_folder, file) = library();
            let shown = match file.understood(&bytes) {
                Ok(contents) => format!("{contents:?}"),
                Err(error) => error.to_string(),
            };
            proptest::prop_assert!(!shown.contains("hush"), "{}", shown);
        }
    }
}
