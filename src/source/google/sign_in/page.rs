//! The pages the browser sees at the end. Fixed texts: nothing of a request is ever reflected in them.

/// What the browser is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The grant is stored.
    SignedIn,
    /// The person declined.
    Refused,
    /// The sign-in ended without a grant for another reason; the terminal says which.
    Failed,
    /// A redirect that does not belong to this sign-in.
    OtherSignIn,
    /// Whatever else browsers ask for, such as an icon.
    Nothing,
    /// Anything but GET.
    WrongMethod,
    /// More than a browser would send.
    TooLarge,
    /// Not HTTP.
    Malformed,
}

impl Page {
    const fn status(self) -> &'static str {
        match self {
            Self::SignedIn | Self::Refused | Self::Failed => "200 OK",
            Self::OtherSignIn | Self::Malformed => "400 Bad Request",
            Self::Nothing => "404 Not Found",
            Self::WrongMethod => "405 Method Not Allowed",
            Self::TooLarge => "431 Request Header Fields Too Large",
        }
    }

    const fn heading(self) -> &'static str {
        match self {
            Self::SignedIn => "gphotosync is signed in",
            Self::Refused => "gphotosync was refused",
            Self::Failed => "gphotosync could not sign in",
            Self::OtherSignIn => "This answer is not for the sign-in that is waiting",
            Self::Nothing => "There is nothing here",
            Self::WrongMethod | Self::TooLarge | Self::Malformed => "That request was not understood",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::SignedIn => "You can close this page and go back to the terminal.",
            Self::Refused => {
                "Nothing was stored. You can close this page; the terminal says how to try again."
            }
            Self::Failed => "Nothing was stored. You can close this page; the terminal says what happened.",
            Self::OtherSignIn => {
                "It may come from an older tab. Use the address that gphotosync showed last; it is still waiting."
            }
            Self::Nothing => {
                "gphotosync waits here for the answer of Google's sign-in page, and for nothing else."
            }
            Self::WrongMethod | Self::TooLarge | Self::Malformed => "You can close this page.",
        }
    }

    /// The whole HTTP answer, head and body.
    pub(crate) fn response(self) -> String {
        let (heading, text) = (self.heading(), self.text());
        let body = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{heading}</title>\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
             <body><main><h1>{heading}</h1><p>{text}</p></main></body></html>\n"
        );
        let (status, length) = (self.status(), body.len());
        format!("HTTP/1.1 {status}\r\n{HEADERS}Content-Length: {length}\r\n\r\n{body}")
    }
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;display:grid;\
                     place-items:center;min-height:90vh;margin:0}main{max-width:34rem;padding:2rem}\
                     h1{font-size:1.5rem}";

/// The address holds a code: it must neither be cached nor sent on, and the page may load nothing.
const HEADERS: &str = "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\
                       Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
                       Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
                       Connection: close\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_whole_http_answer() {
        let response = Page::SignedIn.response();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html"));
        assert!(head.contains(&format!("Content-Length: {}", body.len())));
        assert!(body.contains("gphotosync is signed in") && body.contains("close this page"));
    }

    #[test]
    fn no_page_loads_or_leaks_anything() {
        for page in [
            Page::SignedIn,
            Page::Refused,
            Page::Failed,
            Page::OtherSignIn,
            Page::Nothing,
        ] {
            let response = page.response();
            assert!(response.contains("default-src 'none'") && response.contains("no-referrer"));
            assert!(
                !response.contains("http:") && !response.contains("https:"),
                "{page:?}"
            );
        }
    }
}
