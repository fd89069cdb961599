//! Which of Google's services and methods a request is for.

/// A service with a host of its own at Google's; here, a path prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// `accounts.google.com` and `oauth2.googleapis.com`.
    Accounts,
    /// `photoslibrary.googleapis.com`.
    Library,
    /// `photospicker.googleapis.com`, and the page people choose on.
    Picker,
    /// The host of base URLs and of video downloads.
    Media,
    /// No service: a path nobody answers.
    Nowhere,
}

/// One method of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The consent page.
    Consent,
    /// Codes and refresh tokens in, access tokens out.
    Token,
    /// Dropping a grant.
    Revoke,
    /// `mediaItems.list`.
    ListMediaItems,
    /// `mediaItems.get`.
    GetMediaItem,
    /// `mediaItems.batchGet`.
    BatchGetMediaItems,
    /// `mediaItems.search`.
    SearchMediaItems,
    /// `albums.list`.
    ListAlbums,
    /// `sessions.create` of the Picker.
    CreateSession,
    /// `sessions.get` of the Picker.
    GetSession,
    /// `sessions.delete` of the Picker.
    DeleteSession,
    /// `mediaItems.list` of the Picker.
    ListPicked,
    /// The page on which people choose.
    PickerPage,
    /// A base URL with `=d`.
    Photo,
    /// A base URL with `=dv`.
    Video,
    /// A base URL without parameters or with a size.
    Rendition,
    /// The second host of a video.
    VideoDownload,
    /// A path nobody answers.
    Unknown,
}

impl Endpoint {
    /// Every endpoint, in the order of their numbers.
    pub const ALL: [Self; 18] = [
        Self::Consent,
        Self::Token,
        Self::Revoke,
        Self::ListMediaItems,
        Self::GetMediaItem,
        Self::BatchGetMediaItems,
        Self::SearchMediaItems,
        Self::ListAlbums,
        Self::CreateSession,
        Self::GetSession,
        Self::DeleteSession,
        Self::ListPicked,
        Self::PickerPage,
        Self::Photo,
        Self::Video,
        Self::Rendition,
        Self::VideoDownload,
        Self::Unknown,
    ];

    /// The service this method belongs to.
    pub fn service(self) -> Service {
        match self {
            Self::Consent | Self::Token | Self::Revoke => Service::Accounts,
            Self::ListMediaItems
            | Self::GetMediaItem
            | Self::BatchGetMediaItems
            | Self::SearchMediaItems
            | Self::ListAlbums => Service::Library,
            Self::CreateSession
            | Self::GetSession
            | Self::DeleteSession
            | Self::ListPicked
            | Self::PickerPage => Service::Picker,
            Self::Photo | Self::Video | Self::Rendition | Self::VideoDownload => Service::Media,
            Self::Unknown => Service::Nowhere,
        }
    }

    /// True where errors are read by a program as JSON rather than shown as a page.
    pub(crate) fn speaks_json(self) -> bool {
        match self {
            Self::PickerPage => false,
            Self::Token | Self::Revoke => true,
            _ => matches!(self.service(), Service::Library | Service::Picker),
        }
    }
}
