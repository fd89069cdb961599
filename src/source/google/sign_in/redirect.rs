//! The address Google sends the browser to: a redirect to this computer, and where to listen for it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// A registered redirect that leads to this computer. It is sent to Google exactly as it was registered, since
/// Google compares it letter by letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    registered: String,
    hosts: Vec<IpAddr>,
    port: u16,
}

impl Redirect {
    /// `uri` if it is plain http and leads to the loopback address. Without a port it means port 80.
    pub(super) fn parse(uri: &str) -> Option<Self> {
        let url = Url::parse(uri).ok()?;
        let hosts = match url.host()? {
            Host::Ipv4(address) if address.is_loopback() => vec![IpAddr::V4(address)],
            Host::Ipv6(address) if address.is_loopback() => vec![IpAddr::V6(address)],
            // Browsers try either address for this name.
            Host::Domain("localhost") => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            _ => return None,
        };
        let port = url.port_or_known_default()?;
        (url.scheme() == "http" && port != 0).then(|| Self {
            registered: uri.to_owned(),
            hosts,
            port,
        })
    }

    /// The redirect as it was registered.
    pub fn uri(&self) -> &str {
        &self.registered
    }

    /// Where the browser may come to.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.hosts
            .iter()
            .map(|host| SocketAddr::new(*host, self.port))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(uri: &str) -> Vec<String> {
        Redirect::parse(uri)
            .unwrap()
            .addresses()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn redirects_to_this_computer_say_where_to_listen() {
        assert_eq!(addresses("http://127.0.0.1:8088"), ["127.0.0.1:8088"]);
        assert_eq!(addresses("http://127.0.0.1"), ["127.0.0.1:80"]);
        assert_eq!(addresses("http://[::1]:81/back"), ["[::1]:81"]);
        assert_eq!(
            addresses("http://localhost:8080/oauth"),
            ["127.0.0.1:8080", "[::1]:8080"]
        );
    }

    #[test]
    fn the_registered_letters_are_kept() {
        for uri in [
            "http://127.0.0.1:8088",
            "http://127.0.0.1:8088/",
            "http://LOCALHOST:1/",
        ] {
            assert_eq!(Redirect::parse(uri).unwrap().uri(), uri);
        }
    }

    #[test]
    fn other_redirects_are_not_usable() {
        for uri in [
            "https://127.0.0.1:8088",
            "http://192.168.1.2:8088",
            "http://example.org",
            "http://localhost.example.org:80",
            "http://127.0.0.1:0",
            "urn:ietf:wg:oauth:2.0:oob",
            "",
        ] {
            assert!(Redirect::parse(uri).is_none(), "{uri}");
        }
    }
}
