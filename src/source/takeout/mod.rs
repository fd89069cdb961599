//! Google Takeout: a whole library in original quality, straight from the parts as Google delivers them.

#[expect(dead_code, reason = "the archive half will call it")]
pub(crate) mod meaning;
