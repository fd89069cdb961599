//! Addresses of bytes: signed, dated and expiring. Every answer hands out fresh ones.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::chance::Seal;

/// Path of library base URLs.
pub(crate) const LIBRARY_BYTES: &str = "/media/lr/";

/// Path of the Picker's base URLs.
pub(crate) const PICKER_BYTES: &str = "/media/ppa/";

/// Path of the second host of videos.
pub(crate) const VIDEO_DOWNLOADS: &str = "/video-downloads/";

/// Makes and checks signed links of the form `SIGNATURE.GENERATION.ISSUED.ITEM`.
#[derive(Debug, Default)]
pub(crate) struct Links {
    seal: Seal,
    generation: AtomicU64,
}

impl Links {
    /// A fresh path below `purpose` for the item.
    pub(crate) fn signed(&self, purpose: &str, id: &str, now: u64) -> String {
        let dated = format!("{}.{now}.{id}", self.generation.load(Ordering::Relaxed));
        format!("{purpose}{}.{dated}", self.seal.of(&format!("{purpose}{dated}")))
    }

    /// The item of a path (without `purpose` and parameters) that was signed here and is still good.
    pub(crate) fn opened<'a>(&self, purpose: &str, link: &'a str, not_before: u64) -> Option<&'a str> {
        let (signature, dated) = link.split_once('.')?;
        let mut fields = dated.splitn(3, '.');
        let (generation, issued, id) = (fields.next()?, fields.next()?, fields.next()?);
        let good = self.seal.of(&format!("{purpose}{dated}")) == signature
            && generation.parse() == Ok(self.generation.load(Ordering::Relaxed))
            && issued.parse::<u64>().is_ok_and(|issued| issued >= not_before);
        good.then_some(id)
    }

    pub(crate) fn expire_all(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }
}

/// The item a link claims to be about, signature unchecked.
pub(crate) fn claimed_item(link: &str) -> Option<&str> {
    link.splitn(4, '.').nth(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_until_it_is_forged_too_old_or_expired() {
        let links = Links::default();
        let path = links.signed(LIBRARY_BYTES, "item", 1000);
        let link = path.strip_prefix(LIBRARY_BYTES).unwrap();
        assert_eq!(claimed_item(link), Some("item"));
        assert_eq!(links.opened(LIBRARY_BYTES, link, 1000), Some("item"));
        assert_eq!(links.opened(LIBRARY_BYTES, link, 1001), None, "too old");
        assert_eq!(links.opened(VIDEO_DOWNLOADS, link, 0), None, "another purpose");
        assert_eq!(
            links.opened(LIBRARY_BYTES, &link.replace("item", "other"), 0),
            None,
            "another item"
        );
        links.expire_all();
        assert_eq!(links.opened(LIBRARY_BYTES, link, 0), None, "expired");
    }
}
