//! The state all services share.

use std::sync::{Mutex, RwLock};

use crate::account::Account;
use crate::base_url::Links;
use crate::chance::Seal;
use crate::clock::Clock;
use crate::fault_board::FaultBoard;
use crate::item::{Item, VideoStatus};
use crate::journal::Journal;
use crate::library::Library;
use crate::locking::{held, write};
use crate::picking::Sessions;
use crate::quota::Meters;
use crate::settings::Settings;

/// Something that happens to the library or the account.
#[derive(Debug, Clone)]
pub enum Change {
    /// An item appears, or replaces the one with its id.
    Add(Box<Item>),
    /// The item with this id vanishes.
    Remove(String),
    /// A video's processing gets on.
    VideoStatus(String, VideoStatus),
    /// All base URLs handed out so far expire.
    ExpireBaseUrls,
    /// All access tokens handed out so far expire.
    ExpireAccessTokens,
    /// The user withdraws everything.
    RevokeGrants,
    /// All Picker sessions so far expire.
    ExpireSessions,
}

pub(crate) struct Google {
    /// `http://127.0.0.1:PORT`
    pub(crate) origin: String,
    pub(crate) clock: Clock,
    pub(crate) settings: RwLock<Settings>,
    pub(crate) account: Mutex<Account>,
    pub(crate) library: RwLock<Library>,
    pub(crate) picking: Mutex<Sessions>,
    pub(crate) faults: FaultBoard,
    pub(crate) meters: Meters,
    pub(crate) journal: Journal,
    pub(crate) page_tokens: Seal,
    pub(crate) links: Links,
    /// What is to happen once a page has been answered.
    pub(crate) after_pages: Mutex<Vec<(u64, Change)>>,
}

impl Google {
    pub(crate) fn apply(&self, change: Change) {
        match change {
            Change::Add(item) => write(&self.library).put(*item),
            Change::Remove(id) => {
                write(&self.library).remove(&id);
            }
            Change::VideoStatus(id, status) => write(&self.library).set_video_status(&id, status),
            Change::ExpireBaseUrls => self.links.expire_all(),
            Change::ExpireAccessTokens => held(&self.account).expire_access_tokens(),
            Change::RevokeGrants => held(&self.account).revoke_everything(),
            Change::ExpireSessions => held(&self.picking).expire_all(),
        }
    }

    /// Does what was to happen after this page.
    pub(crate) fn page_answered(&self, page: u64) {
        let due: Vec<_> = held(&self.after_pages)
            .extract_if(.., |(after, _)| *after == page)
            .collect();
        for (_, change) in due {
            self.apply(change);
        }
    }
}
