//! Escapes of half a character: a text that was cut in the middle of an emoji ends with one.

/// The text with every escaped half of a surrogate pair that stands alone made a replacement character, or
/// `None` if there is none.
pub(super) fn mended(text: &str) -> Option<String> {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let length = escape_length(escape);
        match (unit(escape), unit(escape.get(6..).unwrap_or_default())) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => mended.push_str(&escape[..12]),
            (Some(0xD800..=0xDFFF), _) => {
                changed = true;
                mended.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            _ => {
                mended.push_str(&escape[..length]);
                rest = &escape[length..];
                continue;
            }
        }
        rest = &escape[12..];
    }
    mended.push_str(rest);
    changed.then_some(mended)
}

/// A backslash and the character it escapes.
fn escape_length(escape: &str) -> usize {
    escape.chars().take(2).map(char::len_utf8).sum()
}

/// The UTF-16 unit that `text` begins with in the form `\uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}
