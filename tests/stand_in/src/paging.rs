//! Page tokens: opaque, signed, and good only for the listing and the parameters they were given for.

use std::cmp::Reverse;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::chance::Seal;
use crate::library::Cursor;

/// Where a listing goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    /// A number that stands for the method and all parameters other than the token.
    pub(crate) listing: u64,
    /// The page to come, counted from 0.
    pub(crate) page: u64,
    pub(crate) cursor: Cursor,
}

impl Position {
    pub(crate) fn start(listing: u64) -> Self {
        Self {
            listing,
            page: 0,
            cursor: Cursor::Start,
        }
    }

    pub(crate) fn token(&self, seal: &Seal) -> String {
        let plain = format!("{:x}.{}.{}", self.listing, self.page, written(&self.cursor));
        URL_SAFE_NO_PAD.encode(format!("{}.{plain}", seal.of(&plain)))
    }

    /// The position a token stands for; none if the token was not given by this server.
    pub(crate) fn from_token(token: &str, seal: &Seal) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (signature, plain) = text.split_once('.')?;
        if seal.of(plain) != signature {
            return None;
        }
        let mut fields = plain.splitn(3, '.');
        let listing = u64::from_str_radix(fields.next()?, 16).ok()?;
        let page = fields.next()?.parse().ok()?;
        Some(Self {
            listing,
            page,
            cursor: read(fields.next()?)?,
        })
    }
}

fn written(cursor: &Cursor) -> String {
    match cursor {
        Cursor::Start => "s".to_owned(),
        Cursor::Generated(seen) => format!("g{seen}"),
        Cursor::After((Reverse(nanos), id)) => format!("a{nanos}.{id}"),
    }
}

fn read(text: &str) -> Option<Cursor> {
    if text == "s" {
        return Some(Cursor::Start);
    }
    if let Some(seen) = text.strip_prefix('g') {
        return seen.parse().ok().map(Cursor::Generated);
    }
    let (nanos, id) = text.strip_prefix('a')?.split_once('.')?;
    Some(Cursor::After((Reverse(nanos.parse().ok()?), id.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_lead_back_to_their_position_on_their_server_only() {
        let seal = Seal::default();
        for cursor in [
            Cursor::Start,
            Cursor::Generated(7),
            Cursor::After((Reverse(-5), "a.b".to_owned())),
        ] {
            let position = Position {
                listing: 77,
                page: 3,
                cursor,
            };
            let token = position.token(&seal);
            assert_eq!(Position::from_token(&token, &seal).as_ref(), Some(&position));
            assert_eq!(Position::from_token(&token, &Seal::default()), None);
        }
        assert_eq!(Position::from_token("invented", &seal), None);
    }
}
