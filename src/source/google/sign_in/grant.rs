//! One grant: what a person allowed, and the tokens that prove it. Pure data; times are UTC.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::client_file::Client;
use super::oauth::Issued;
use crate::secret::Secret;

/// How long before its end an access token is no longer used, so that it cannot end on the way. A token that lives
/// shorter than Google's hour gives up a tenth of its life instead.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The longest lifetime believed, to keep absurd answers out of the calendar.
const LONGEST_LIFETIME_SECONDS: u64 = 10 * 365 * 24 * 3600;

/// What a person allowed one OAuth client to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The client it was given to; no other one can use it.
    pub client_id: String,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    #[serde(serialize_with = "revealed")]
    pub(super) refresh_token: Secret,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "revealed_if_any"
    )]
    pub(super) access_token: Option<Secret>,
    #[serde(default)]
    pub(super) expires_at: Option<DateTime<Utc>>,
    /// When the access token was issued, which is when the grant last worked.
    #[serde(default)]
    pub(super) refreshed_at: Option<DateTime<Utc>>,
    /// When the person consented.
    pub granted_at: DateTime<Utc>,
    /// When the grant itself ends, if Google limited it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_expires_at: Option<DateTime<Utc>>,
    /// The account it belongs to, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

impl Grant {
    /// The grant that `issued` proves, given at `now`; nothing if it brought no refresh token.
    pub(super) fn new(
        client: &Client,
        scopes: Vec<String>,
        issued: &Issued,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let mut grant = Self {
            client_id: client.id.clone(),
            scopes,
            refresh_token: issued.refresh_token.clone()?,
            access_token: None,
            expires_at: None,
            refreshed_at: None,
            granted_at: now,
            refresh_expires_at: None,
            account: None,
        };
        grant.renew(issued, now);
        Some(grant)
    }

    /// Takes over what a refresh brought.
    pub(super) fn renew(&mut self, issued: &Issued, now: DateTime<Utc>) {
        self.access_token = Some(issued.access_token.clone());
        self.expires_at = Some(after(now, issued.lifetime));
        self.refreshed_at = Some(now);
        if let Some(token) = &issued.refresh_token {
            self.refresh_token = token.clone();
        }
        if let Some(lifetime) = issued.refresh_lifetime {
            self.refresh_expires_at = Some(after(now, lifetime));
        }
    }

    /// The access token, if it will live long enough to be sent.
    pub(super) fn usable(&self, now: DateTime<Utc>) -> Option<&Secret> {
        let expires_at = self.expires_at?;
        let lifetime = self
            .refreshed_at
            .map_or(MARGIN * 10, |issued| expires_at - issued);
        let margin = MARGIN.min(lifetime / 10);
        self.valid(now + margin)
    }

    /// The access token, if it lives at `moment`.
    pub(super) fn valid(&self, moment: DateTime<Utc>) -> Option<&Secret> {
        self.access_token
            .as_ref()
            .filter(|_| self.expires_at.is_some_and(|end| moment < end))
    }

    /// Whether `scope` was granted.
    pub fn covers(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

fn after(now: DateTime<Utc>, seconds: u64) -> DateTime<Utc> {
    let seconds = seconds.min(LONGEST_LIFETIME_SECONDS).cast_signed();
    now + TimeDelta::seconds(seconds)
}

fn revealed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.reveal())
}

#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
fn revealed_if_any<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::reveal).serialize(serializer)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::source::google::sign_in::scripted::desktop_client;

    pub(crate) fn issued(lifetime: u64) -> Issued {
        Issued {
            access_token: Secret::new("ya29.hidden"),
            lifetime,
            refresh_token: Some(Secret::new("1//hidden")),
            refresh_lifetime: None,
            scopes: None,
        }
    }

    /// A grant of `lifetime` seconds, given just now.
    pub(crate) fn grant(lifetime: u64) -> Grant {
        let scopes = vec!["scope-a".to_owned()];
        Grant::new(&desktop_client(), scopes, &issued(lifetime), Utc::now()).unwrap()
    }

    fn usable_after(lifetime: u64, seconds: i64) -> bool {
        let grant = grant(lifetime);
        grant
            .usable(grant.granted_at + TimeDelta::seconds(seconds))
            .is_some()
    }

    #[test]
    fn a_token_is_left_before_it_ends() {
        assert!(usable_after(3600, 3299) && !usable_after(3600, 3300));
        assert!(usable_after(60, 53) && !usable_after(60, 54));
        assert!(!usable_after(0, 0));
        assert!(usable_after(u64::MAX, 3600));
    }

    #[test]
    fn without_a_refresh_token_there_is_no_grant() {
        let issued = Issued {
            refresh_token: None,
            ..issued(3600)
        };
        assert!(Grant::new(&desktop_client(), Vec::new(), &issued, Utc::now()).is_none());
    }

    #[test]
    fn a_refresh_keeps_the_refresh_token_unless_it_brings_another() {
        let mut grant = grant(3600);
        grant.renew(
            &Issued {
                refresh_token: None,
                ..issued(60)
            },
            Utc::now(),
        );
        assert_eq!(grant.refresh_token.reveal(), "1//hidden");
        grant.renew(
            &Issued {
                refresh_token: Some(Secret::new("1//new")),
                ..issued(60)
            },
            Utc::now(),
        );
        assert_eq!(grant.refresh_token.reveal(), "1//new");
    }

    #[test]
    fn debug_hides_the_tokens() {
        assert!(!format!("{:?}", grant(3600)).contains("hidden"));
    }
}
