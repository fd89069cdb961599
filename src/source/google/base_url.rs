//! What is known of base URLs, whichever API hands them out.

use std::time::Duration;

use crate::media::{MediaKind, Role};

/// Base URLs are documented to live 60 minutes and were seen to die after 30; older ones are refreshed unasked.
pub(in crate::source) const TRUSTED_AGE: Duration = Duration::from_mins(30);

/// What is appended to a base URL. Without any, Google sends a small picture.
pub(in crate::source) const fn suffix(kind: MediaKind, role: Role) -> &'static str {
    match (kind, role) {
        (MediaKind::Photo, Role::Main | Role::Edited) => "=d",
        (MediaKind::Video, _) | (MediaKind::Photo, Role::Clip) => "=dv",
    }
}
