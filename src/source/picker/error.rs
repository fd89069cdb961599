//! What can keep somebody from picking. One canonical word of Google's means something else in every call, so it is
//! read here, where the call is known.

use thiserror::Error;

use crate::source::google::http::Answer;
use crate::source::google::refusal::{self, Api, Word};
use crate::source::{QuotaSpan, SourceError, SourceErrorKind};

/// The Picker API, as its refusals are explained.
const PICKER: Api = Api {
    name: "Google Photos Picker API",
    sign_in: "gphotosync pick",
};

/// Why a session could not be had, or nothing of it.
#[derive(Clone, Debug, Error)]
pub enum PickerError {
    /// The account has no Google Photos.
    #[error("this Google account has no active Google Photos, so there is nothing to pick from")]
    NoPhotos,
    /// Google keeps so many sessions for an account, and no more.
    #[error("Google keeps too many unfinished selections for this account already")]
    TooManySessions,
    /// Google does not know the session: it was ended, or belongs to another account or project.
    #[error("Google no longer knows the selection")]
    SessionUnknown,
    /// The session lived too long.
    #[error("the selection has expired at Google")]
    SessionExpired,
    /// The user has not pressed "Done".
    #[error("nothing has been chosen yet")]
    NotChosen,
    /// Anything that every source knows.
    #[error(transparent)]
    Google(#[from] SourceError),
}

/// The calls, as far as their refusals differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Create,
    /// Anything about a session that is there.
    Session,
    List,
}

impl PickerError {
    /// What a refusal of `call` means.
    pub(super) fn of(call: Call, answer: &Answer) -> Self {
        let (error, word) = refusal::of_call_to(PICKER, answer.status, answer.retry_after, &answer.body);
        match (call, word, &error.kind) {
            (Call::Create, Word::FailedPrecondition | Word::PermissionDenied, _) => Self::NoPhotos,
            // A rate that was exceeded would be named, and waited for.
            (
                Call::Create,
                _,
                SourceErrorKind::Throttled {
                    span: QuotaSpan::Unnamed,
                    ..
                },
            ) => Self::TooManySessions,
            (Call::Session | Call::List, Word::PermissionDenied, _) => Self::SessionExpired,
            (Call::Session | Call::List, _, SourceErrorKind::Gone) => Self::SessionUnknown,
            (Call::List, Word::FailedPrecondition, _) => Self::NotChosen,
            _ => Self::Google(error),
        }
    }

    /// Whether the session is beyond reach for good.
    pub const fn is_session_over(&self) -> bool {
        matches!(self, Self::SessionUnknown | Self::SessionExpired)
    }

    /// What the user can do about it.
    pub const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NoPhotos => Some(
                "Open https://photos.google.com once with this account, or sign in with another one: run \
                 `gphotosync logout`, then `gphotosync pick`.",
            ),
            Self::TooManySessions => Some(
                "They belong to this program on other computers or in other libraries, or to other programs; each \
                 ends when it is fetched, and all do after some days. Finish one with `gphotosync pick` there, or \
                 try again later.",
            ),
            _ => None,
        }
    }
}

/// In a run these end it: no item can be had any more.
impl From<PickerError> for SourceError {
    fn from(error: PickerError) -> Self {
        match error {
            PickerError::Google(error) => error,
            other if other.is_session_over() => Self::new(
                SourceErrorKind::Denied,
                format!("{other}; what is not here yet must be picked again with `gphotosync pick`"),
            ),
            other => Self::new(SourceErrorKind::Denied, other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, word: &str, message: &str) -> Answer {
        let body = serde_json::json!({"error": {"code": status, "message": message, "status": word}});
        Answer {
            status,
            retry_after: None,
            date: None,
            body: body.to_string().into(),
        }
    }

    fn of(call: Call, status: u16, word: &str, message: &str) -> PickerError {
        PickerError::of(call, &answer(status, word, message))
    }

    #[test]
    fn one_code_means_three_things() {
        let denied = |call, message| of(call, 403, "PERMISSION_DENIED", message);
        let plain = "The caller does not have permission";
        assert!(matches!(
            denied(Call::Session, plain),
            PickerError::SessionExpired
        ));
        assert!(matches!(denied(Call::List, plain), PickerError::SessionExpired));
        assert!(matches!(denied(Call::Create, plain), PickerError::NoPhotos));
        let scopes = "Request had insufficient authentication scopes.";
        let disabled = "Google Photos Picker API has not been used in project 1 before or it is disabled.";
        for call in [Call::Create, Call::Session, Call::List] {
            let PickerError::Google(error) = denied(call, scopes) else {
                panic!("{call:?}")
            };
            assert!(error.kind == SourceErrorKind::SignIn && error.message.contains("gphotosync pick"));
            let PickerError::Google(error) = denied(call, disabled) else {
                panic!("{call:?}")
            };
            assert!(
                error.message.contains("Photos Picker API is not enabled"),
                "{}",
                error.message
            );
        }
    }

    #[test]
    fn a_precondition_is_another_one_in_every_call() {
        let failed = |call| of(call, 400, "FAILED_PRECONDITION", "no");
        assert!(matches!(failed(Call::Create), PickerError::NoPhotos));
        assert!(matches!(failed(Call::List), PickerError::NotChosen));
    }

    #[test]
    fn too_many_sessions_are_told_from_too_many_requests() {
        let exhausted = |message| of(Call::Create, 429, "RESOURCE_EXHAUSTED", message);
        let generic = exhausted("Resource has been exhausted (e.g. check quota).");
        assert!(matches!(generic, PickerError::TooManySessions));
        let rate = exhausted("Quota exceeded for … limit 'All requests per minute per user' …");
        assert!(matches!(rate, PickerError::Google(_)));
        assert!(matches!(
            of(Call::Session, 404, "NOT_FOUND", ""),
            PickerError::SessionUnknown
        ));
    }
}
