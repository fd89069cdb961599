//! What the tests of `pick` begin with: a person who may pick, some items, and a plan of what will be picked.

use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use stand_in_google::{Choice, ClientForm, Endpoint, Item, PickingSession, Service, StandIn};

use crate::support::{Ended, Running, Sandbox, serving};

/// The scope of the Picker.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly";

/// A stand-in, a library for it, and what there is to pick.
pub(super) struct Scene {
    pub(super) google: StandIn,
    pub(super) sandbox: Sandbox,
    pub(super) items: Vec<Item>,
}

/// What keeps tests short and people away.
const PICK: [&str; 5] = ["--retry-pause", "1s", "pick", "--no-browser", "--progress"];

impl Scene {
    /// These items, and a person who has allowed gphotosync to be told what they pick.
    pub(super) fn of(items: Vec<Item>) -> Self {
        let scene = Self::not_signed_in(items);
        scene.allow();
        scene
    }

    /// The same before anybody was asked for anything.
    pub(super) fn not_signed_in(items: Vec<Item>) -> Self {
        let google = serving(items.clone());
        google.configure(|settings| settings.picker.poll_interval = Duration::from_millis(100));
        let sandbox = Sandbox::with_client(&google);
        Self {
            google,
            sandbox,
            items,
        }
    }

    /// So many small photos.
    pub(super) fn photos(count: u64) -> Self {
        Self::of((1..=count).map(Item::photo).collect())
    }

    /// Writes a grant as `pick` keeps it.
    pub(super) fn allow(&self) {
        let client: Value =
            serde_json::from_str(&self.google.client_secret_json(&ClientForm::Installed)).unwrap();
        let grant = json!({
            "client_id": client["installed"]["client_id"], "scopes": [SCOPE],
            "refresh_token": self.google.issue_refresh_token(&[SCOPE]), "granted_at": "2026-11-01T00:00:00Z",
        });
        let file = json!({"version": 1, "grants": [grant]});
        let path = self.sandbox.path(".token.json");
        std::fs::write(&path, file.to_string()).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(path, mode).unwrap();
    }

    /// The ids of all items.
    pub(super) fn ids(&self) -> Vec<String> {
        self.items.iter().map(|item| item.id.clone()).collect()
    }

    /// In the next session everything is picked at the second look.
    pub(super) fn will_pick_all(&self) {
        self.google.will_choose(Choice::AfterPolls(2, self.ids()));
    }

    /// Gives people so little time that a test can wait for its end.
    pub(super) fn hurry(&self) {
        self.google
            .configure(|settings| settings.picker.time_limit = Duration::from_millis(700));
    }

    /// Starts `pick`, telling its progress as JSON.
    pub(super) fn start(&self, args: &[&str]) -> Running {
        self.sandbox.start(&[&PICK[..], &["json"], args].concat())
    }

    /// Runs `pick` to its end.
    pub(super) fn pick(&self, args: &[&str]) -> Ended {
        self.start(args).end()
    }

    /// Runs `pick` to its end as people without a terminal see it.
    pub(super) fn pick_plainly(&self, args: &[&str]) -> Ended {
        self.sandbox.run(&[&PICK[..], &["plain"], args].concat())
    }

    /// All sessions so far.
    pub(super) fn sessions(&self) -> Vec<PickingSession> {
        self.google.picking_sessions()
    }

    /// Fails unless every session was ended, and the library remembers none.
    #[track_caller]
    pub(super) fn assert_sessions_ended(&self, count: usize) {
        let sessions = self.sessions();
        assert_eq!(sessions.len(), count, "{sessions:?}");
        assert!(sessions.iter().all(|session| session.deleted), "{sessions:?}");
        assert_eq!(self.number("SELECT count(*) FROM picking"), 0);
    }

    /// Fails unless all items are here and nothing else.
    #[track_caller]
    pub(super) fn assert_complete(&self) {
        self.sandbox.assert_holds(&self.items);
    }

    /// What a question to the index is answered with.
    pub(super) fn number(&self, sql: &str) -> i64 {
        let path = self.sandbox.path(".gphotosync/index.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).unwrap();
        db.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Requests of one kind so far.
    pub(super) fn count(&self, endpoint: Endpoint) -> u64 {
        self.google.journal().count(endpoint)
    }

    /// Requests for bytes so far.
    pub(super) fn media_requests(&self) -> u64 {
        self.google.journal().count_of_service(Service::Media)
    }
}
