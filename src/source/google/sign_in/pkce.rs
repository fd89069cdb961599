//! The values that tie an answer to the question: the PKCE pair (RFC 7636, method S256) and `state`.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// The entropy of a verifier and of a state. RFC 7636 §4.1 recommends 32 octets, which become 43 characters, the
/// shortest verifier it allows.
const ENTROPY_BYTES: usize = 32;

/// A verifier that stays here until the code is exchanged, and the challenge that goes through the browser.
#[derive(Debug)]
pub(crate) struct Pkce {
    pub(crate) verifier: Secret,
    pub(crate) challenge: String,
}

impl Pkce {
    /// A fresh pair.
    pub(crate) fn generate() -> io::Result<Self> {
        Ok(Self::of(random()?))
    }

    fn of(verifier: Secret) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.reveal().as_bytes()));
        Self { verifier, challenge }
    }
}

/// An unguessable value from the system's generator, in letters that need no escaping in a URL.
pub(crate) fn random() -> io::Result<Secret> {
    let mut bytes = [0; ENTROPY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

/// Whether both are the same, in a time that tells nothing about where they differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    let difference = left
        .bytes()
        .zip(right.bytes())
        .fold(0, |all, (a, b)| all | (a ^ b));
    left.len() == right.len() && std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_the_rfc() {
        let pair = Pkce::of(Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(pair.challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn values_are_fresh_long_enough_and_fit_into_a_url() {
        let (first, second) = (random().unwrap(), random().unwrap());
        assert_ne!(first.reveal(), second.reveal());
        let verifier = Pkce::generate().unwrap().verifier;
        assert!((43..=128).contains(&verifier.reveal().len()));
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(verifier.reveal().chars().all(unreserved));
    }

    #[test]
    fn only_equal_values_are_the_same() {
        assert!(same("abc", "abc"));
        for other in ["", "ab", "abd", "abcd", "ABC"] {
            assert!(!same("abc", other), "{other}");
        }
    }

    #[test]
    fn debug_hides_the_verifier() {
        let pair = Pkce::of(Secret::new("topsecretverifier"));
        assert!(!format!("{pair:?}").contains("topsecret"));
    }
}
