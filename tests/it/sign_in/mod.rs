//! Signing in and out, and what a run does when the sign-in is not what it should be.

pub(crate) mod clients;
mod consent;
pub(crate) mod dialogue;
mod grants;
mod sign_out;
mod token_file;

use std::fs;

use serde_json::Value;
use stand_in_google::{Item, StandIn};

use crate::support::{Ended, Sandbox, serving};

/// The one scope that gphotosync asks for.
const SCOPE: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

/// A stand-in with a few photos.
fn google() -> StandIn {
    serving((1..=3).map(Item::photo).collect())
}

impl Sandbox {
    /// The first grant in the token file.
    fn grant(&self) -> Value {
        let text = fs::read_to_string(self.path(".token.json")).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        file["grants"][0].clone()
    }

    /// True if there is a token file.
    fn has_token(&self) -> bool {
        self.path(".token.json").exists()
    }
}

/// Fails unless the program needs somebody to sign in and says these words.
#[track_caller]
fn assert_needs_sign_in(ended: Ended, words: &[&str]) {
    let ended = ended.with_code(4);
    for words in words {
        assert!(ended.stderr.contains(words), "no {words:?} in:\n{}", ended.stderr);
    }
}
