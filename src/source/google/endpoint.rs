//! Where Google's services are, and which hosts media may come from.

use url::Url;

/// The addresses of the services, either Google's own or one compatible server's by path prefix.
#[derive(Clone, Debug)]
pub struct Endpoint {
    compatible: Option<Url>,
}

/// One of Google's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The consent page.
    Accounts,
    /// Token exchange, refresh and revocation.
    OAuth2,
    /// Library API v1.
    PhotosLibrary,
    /// Picker API v1.
    PhotosPicker,
}

impl Service {
    const fn google(self) -> &'static str {
        match self {
            Self::Accounts => "https://accounts.google.com",
            Self::OAuth2 => "https://oauth2.googleapis.com",
            Self::PhotosLibrary => "https://photoslibrary.googleapis.com",
            Self::PhotosPicker => "https://photospicker.googleapis.com",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::OAuth2 => "oauth2",
            Self::PhotosLibrary => "photoslibrary",
            Self::PhotosPicker => "photospicker",
        }
    }
}

/// The registrable domains Google serves media from. Source: hosts seen in the wild (`lh3.googleusercontent.com`,
/// `video-downloads.googleusercontent.com`, `photos.google.com`).
const GOOGLE_DOMAINS: [&str; 4] = [
    "google.com",
    "googleusercontent.com",
    "googleapis.com",
    "ggpht.com",
];

impl Endpoint {
    /// The real hosts.
    pub const fn google() -> Self {
        Self { compatible: None }
    }

    /// One compatible server for everything; services are told apart by the first path segment.
    pub const fn compatible(url: Url) -> Self {
        Self {
            compatible: Some(url),
        }
    }

    /// The address of `path` (starting with `/`) at `service`.
    pub fn url(&self, service: Service, path: &str) -> String {
        match &self.compatible {
            None => format!("{}{path}", service.google()),
            Some(url) => format!(
                "{}/{}{path}",
                url.as_str().trim_end_matches('/'),
                service.prefix()
            ),
        }
    }

    /// Whether bytes may be fetched from `url`: https and a host of Google's, or the compatible server's own host.
    pub fn allows(&self, url: &Url) -> bool {
        if let Some(own) = &self.compatible {
            return url.scheme() == own.scheme()
                && url.host() == own.host()
                && url.port_or_known_default() == own.port_or_known_default();
        }
        url.scheme() == "https" && url.host_str().is_some_and(is_google_host)
    }
}

fn is_google_host(host: &str) -> bool {
    GOOGLE_DOMAINS
        .iter()
        .any(|domain| host == *domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_googles_hosts_over_https() {
        let google = Endpoint::google();
        assert!(google.allows(&url("https://lh3.googleusercontent.com/a=d")));
        assert!(google.allows(&url("https://video-downloads.googleusercontent.com/x")));
        for refused in [
            "http://lh3.googleusercontent.com/a",
            "https://evilgoogleusercontent.com/a",
            "https://lh3.googleusercontent.com.evil.example/a",
            "https://127.0.0.1/a",
            "file:///etc/passwd",
        ] {
            assert!(!google.allows(&url(refused)), "{refused}");
        }
    }

    #[test]
    fn a_compatible_server_vouches_for_itself_alone() {
        let own = Endpoint::compatible(url("http://127.0.0.1:8080/base/"));
        assert_eq!(
            own.url(Service::OAuth2, "/token"),
            "http://127.0.0.1:8080/base/oauth2/token"
        );
        assert!(own.allows(&url("http://127.0.0.1:8080/media/x")));
        assert!(!own.allows(&url("http://127.0.0.2:8080/media/x")));
        assert!(!own.allows(&url("http://127.0.0.1:8081/media/x")));
        assert!(!own.allows(&url("https://lh3.googleusercontent.com/a")));
    }
}
