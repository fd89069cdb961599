//! `gphotosync login` and `gphotosync logout`.

use std::path::Path;

use crate::cli::connect;
use crate::cli::console::{Console, to_stderr};
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::source::google::sign_in::{
    LIBRARY_SCOPE, Request, SignInError, SignedOut, command, forget, sign_in, sign_out,
};

/// Signs in, with the person at the terminal.
pub(crate) async fn login(settings: &Settings) -> Result<(), Failure> {
    let root = library_folder::prepare(&settings.lib.value)?;
    let client = connect::client(settings)?;
    let oauth = connect::oauth(settings)?;
    let request = Request {
        no_browser: settings.no_browser.value,
        ..Request::new(LIBRARY_SCOPE)
    };
    sign_in(&oauth, &client, &root, &request, &Console::new()).await?;
    to_stderr(&format!("Signed in. Now fetch with: {}", command("sync", &root)));
    Ok(())
}

/// Signs out.
pub(crate) async fn logout(settings: &Settings) -> Result<(), Failure> {
    let root = &settings.lib.value;
    let ended = if settings.local_only.value {
        forget(root)?
    } else {
        sign_out(&connect::oauth(settings)?, root)
            .await
            .map_err(|error| not_signed_out(error, root))?
    };
    to_stderr(match ended {
        SignedOut::Revoked => "Signed out: the permission was ended at Google, and the token here is gone.",
        SignedOut::AlreadyDead => {
            "Signed out: Google had ended the permission before; the token here is gone."
        }
        SignedOut::ForgottenHere => {
            "The token here is gone. Google was not told; end the permission at https://myaccount.google.com/connections"
        }
        SignedOut::NotSignedIn => "Nobody was signed in here.",
    });
    Ok(())
}

/// To sign in again, which is the usual way on from a damaged file, is not what somebody wants who signs out.
fn not_signed_out(error: SignInError, root: &Path) -> Failure {
    match error {
        SignInError::Damaged { .. } => Failure::stopped(error.to_string()).advise(format!(
            "There is nothing in it that Google could be told. To remove it, run: {}",
            command("logout --local-only", root)
        )),
        error => error.into(),
    }
}
