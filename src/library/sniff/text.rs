//! Text where media should be: the error pages and messages that a server sends instead.

use super::Format;

/// What an HTML page begins with, in lower case.
const HTML: [&str; 12] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<title",
    "<script",
    "<meta",
    "<style",
    "<div",
    "<p>",
    "<h1",
    "<!--",
];

/// Markup and JSON, in any encoding that leaves ASCII as it is.
pub(super) fn markup(head: &[u8]) -> Option<Format> {
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let begins_with = |word: &str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    match text.first()? {
        b'<' if HTML.iter().any(|word| begins_with(word)) => Some(Format::Html),
        b'<' if begins_with("<?xml") || begins_with("<svg") => Some(Format::Xml),
        b'<' if is_text(head) => Some(Format::Xml),
        b'{' | b'[' if is_text(head) => Some(Format::Json),
        // The guard that Google's services put before JSON.
        b')' if text.starts_with(b")]}'") => Some(Format::Json),
        _ => None,
    }
}

/// Any other text.
pub(super) fn plain(head: &[u8]) -> Option<Format> {
    (!head.is_empty() && is_text(head)).then_some(Format::PlainText)
}

/// Whether this is UTF-8 without control characters other than those that lay out text. The last
/// character may be cut, as the head of a longer body has it.
pub(super) fn is_text(head: &[u8]) -> bool {
    let (text, whole) = match std::str::from_utf8(head) {
        Ok(text) => (text, true),
        Err(error) => (
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
            error.error_len().is_none(),
        ),
    };
    whole
        && text
            .chars()
            .all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{C}'))
}
