//! What ends a command that is not a run: what failed, what to do, and the exit status.

use super::exit::ExitStatus;
use crate::library::LibraryError;
use crate::source::google::sign_in::SignInError;
use crate::source::{SourceError, SourceErrorKind};

/// A command's failure.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: ExitStatus,
    /// A whole sentence, or a fragment after "error: ".
    pub(super) message: String,
    /// What the user can do, one or more lines.
    pub(super) advice: Option<String>,
}

impl Failure {
    /// Something wrong with what the user typed or configured.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            status: ExitStatus::Usage,
            message: message.into(),
            advice: None,
        }
    }

    /// Something that stopped the command.
    pub(super) fn stopped(message: impl Into<String>) -> Self {
        Self {
            status: ExitStatus::Stopped,
            message: message.into(),
            advice: None,
        }
    }

    /// Ctrl-C and its like could not be listened to.
    pub(super) fn no_signals(error: &std::io::Error) -> Self {
        Self::stopped(format!("no signals: {error}"))
    }

    /// Adds what the user can do.
    pub(super) fn advise(self, advice: impl Into<String>) -> Self {
        Self {
            advice: Some(advice.into()),
            ..self
        }
    }
}

impl From<LibraryError> for Failure {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::InUse { .. } => Self {
                status: ExitStatus::InUse,
                message: error.to_string(),
                advice: None,
            }
            .advise("Wait for it to end, or run with --wait to start as soon as it does."),
            _ => Self::stopped(error.explained()),
        }
    }
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        let status = if error.needs_sign_in() {
            ExitStatus::SignInNeeded
        } else {
            ExitStatus::Stopped
        };
        Self {
            status,
            message: with_causes(&error),
            advice: error.advice(),
        }
    }
}

/// What failed, and why, down to the first cause.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let status = match error.kind {
            SourceErrorKind::SignIn => ExitStatus::SignInNeeded,
            SourceErrorKind::QuotaSpent { .. } => ExitStatus::QuotaSpent,
            _ => ExitStatus::Stopped,
        };
        Self {
            status,
            message: error.message,
            advice: None,
        }
    }
}
