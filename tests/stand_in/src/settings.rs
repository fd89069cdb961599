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
    /// The Picker's ways.
    pub picker: PickerSettings,
}

/// The Picker's ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerSettings {
    /// Whether the Google Photos Picker API is enabled in the project.
    pub enabled: bool,
    /// Whether the account has Google Photos at all.
    pub has_photos: bool,
    /// How long a program should wait between two looks at a session.
    pub poll_interval: Duration,
    /// How long the user may take to choose.
    pub time_limit: Duration,
    /// How long a session lasts.
    pub session_lifetime: Duration,
    /// How many sessions may live at once.
    pub most_sessions: usize,
    /// Whether `mediaItemsSet` is written while it is false.
    pub says_not_set: bool,
}

impl Default for PickerSettings {
    /// The interval and the limit are those of Google's examples. Neither the lifetime nor the number of sessions is
    /// published; a week is what people report.
    fn default() -> Self {
        Self {
            enabled: true,
            has_photos: true,
            poll_interval: Duration::from_secs(5),
            time_limit: Duration::from_mins(30),
            session_lifetime: Duration::from_hours(7 * 24),
            most_sessions: 10,
            says_not_set: false,
        }
    }
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
            picker: PickerSettings::default(),
        }
    }
}
