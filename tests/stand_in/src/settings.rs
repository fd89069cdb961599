//! How the server behaves when nothing is wrong; all of it can be changed while it runs.

use std::time::Duration;

/// What the pretend user does on the consent page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Agrees to everything.
    Grant,
    /// Unticks all scopes but these.
    GrantOnly(Vec<String>),
    /// Presses "Cancel".
    Refuse,
    /// Leaves the page open.
    NeverAnswers,
}

/// The server's ways.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches that have nothing to do with each other"
)]
pub struct Settings {
    /// How long an access token lasts; told as `expires_in` in whole seconds.
    pub access_token_lifetime: Duration,
    /// Tells `refresh_token_expires_in` (seconds), as for a project in testing.
    pub refresh_token_expires_in: Option<u64>,
    /// How long a base URL lasts.
    pub base_url_lifetime: Duration,
    /// Whether `Range` is honoured.
    pub ranges: bool,
    /// Whether bytes carry an `ETag`.
    pub etags: bool,
    /// Whether `=dv` answers 302 to the video download path.
    pub video_redirects: bool,
    /// Whether the Photos Library API is enabled in the project.
    pub library_api_enabled: bool,
    /// What the user does on the consent page.
    pub consent: Consent,
}

impl Default for Settings {
    /// As Google is known to behave: an hour (less a second) for access tokens, an hour for base URLs.
    fn default() -> Self {
        Self {
            access_token_lifetime: Duration::from_secs(3599),
            refresh_token_expires_in: None,
            base_url_lifetime: Duration::from_hours(1),
            ranges: true,
            etags: false,
            video_redirects: true,
            library_api_enabled: true,
            consent: Consent::Grant,
        }
    }
}
