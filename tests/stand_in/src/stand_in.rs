//! The server as tests hold it in their hands: started, steered, looked at, and stopped on drop.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::{Arc, Mutex, RwLock, mpsc};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder as RuntimeBuilder, Runtime};
use tokio::sync::oneshot;

use crate::account::{Account, ClientForm};
use crate::base_url::Links;
use crate::chance::Seal;
use crate::clock::Clock;
use crate::connection::accept_all;
use crate::fault_board::FaultBoard;
use crate::faults::Faults;
use crate::google::{Change, Google};
use crate::item::{Item, VideoStatus};
use crate::journal::{Journal, JournalMode};
use crate::library::{Library, Population};
use crate::locking::{held, read, write};
use crate::picking::{Choice, PickingSession, Sessions};
use crate::quota::{Meters, Quotas};
use crate::settings::Settings;

/// What a server starts with.
#[derive(Debug)]
pub struct Builder {
    population: Population,
    faults: Faults,
    settings: Settings,
    quotas: Quotas,
    journal: JournalMode,
    address: Ipv4Addr,
    port: u16,
    origin: Option<String>,
    threads: usize,
}

impl Builder {
    /// The pretend user's items: a `Vec<Item>` or a [`Population`].
    #[must_use]
    pub fn library(mut self, population: impl Into<Population>) -> Self {
        self.population = population.into();
        self
    }

    /// Faults in force from the start.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Ways that differ from Google's known ones.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Other quotas than Google's published ones.
    #[must_use]
    pub fn quotas(mut self, quotas: Quotas) -> Self {
        self.quotas = quotas;
        self
    }

    /// How much is written down of each request.
    #[must_use]
    pub fn journal(mut self, mode: JournalMode) -> Self {
        self.journal = mode;
        self
    }

    /// A port of one's own choosing, for demos; otherwise the system picks a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Another loopback address than 127.0.0.1, for a second server that has to look like a foreign host.
    #[must_use]
    pub fn address(mut self, address: Ipv4Addr) -> Self {
        self.address = address;
        self
    }

    /// The address that clients know the server by, such as `https://localhost:40123`, for a server that something
    /// stands in front of. All links it hands out begin with it.
    #[must_use]
    pub fn known_as(mut self, origin: &str) -> Self {
        self.origin = Some(origin.to_owned());
        self
    }

    /// How many threads serve; two unless said otherwise.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Starts serving on threads of its own, so that blocking tests and child processes are served as well as
    /// asynchronous ones.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound or a thread cannot be started.
    pub fn start(self) -> io::Result<StandIn> {
        let listener = StdListener::bind((self.address, self.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = RuntimeBuilder::new_multi_thread()
            .worker_threads(self.threads)
            .thread_name("stand-in-google")
            .enable_all()
            .build()?;
        let google = Arc::new(self.google(address));
        let entered = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        drop(entered);
        let (stop, stopping) = oneshot::channel();
        let (stopped, closed) = mpsc::channel();
        let closed = Mutex::new(closed);
        runtime.spawn(accept_all(listener, Arc::clone(&google), stopping, stopped));
        let running = Some(Running {
            runtime,
            stop,
            closed,
        });
        Ok(StandIn {
            google,
            address,
            running,
        })
    }

    fn google(self, address: SocketAddr) -> Google {
        let google = Google {
            origin: self.origin.unwrap_or_else(|| format!("http://{address}")),
            clock: Clock::new(),
            settings: RwLock::new(self.settings),
            account: Mutex::new(Account::new()),
            library: RwLock::new(Library::new(self.population)),
            picking: Mutex::new(Sessions::default()),
            faults: FaultBoard::default(),
            meters: Meters::default(),
            journal: Journal::new(self.journal),
            page_tokens: Seal::default(),
            links: Links::default(),
            after_pages: Mutex::default(),
        };
        google.faults.set(self.faults);
        google.meters.set(self.quotas);
        google
    }
}

/// How long dropping a server waits for its sockets to be closed, which takes milliseconds on an idle machine.
const STOPPING: Duration = Duration::from_secs(5);

/// The threads that serve, and how to stop them.
struct Running {
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    /// Never gets a message; its other end is lost once all sockets are closed. The lock lets tests share the server.
    closed: Mutex<mpsc::Receiver<()>>,
}

/// A running stand-in for Google. It stops when dropped: once the drop returns, its port refuses connections and
/// those it had are closed.
pub struct StandIn {
    google: Arc<Google>,
    address: SocketAddr,
    running: Option<Running>,
}

impl std::fmt::Debug for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandIn")
            .field("endpoint", &self.google.origin)
            .finish_non_exhaustive()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        if let Some(Running {
            runtime,
            stop,
            closed,
        }) = self.running.take()
        {
            // Both fail only if serving has ended already.
            let _ = stop.send(());
            let _ = held(&closed).recv_timeout(STOPPING);
            runtime.shutdown_background();
        }
    }
}

impl StandIn {
    /// A server with an empty library, no faults and Google's known ways, to be changed before it starts.
    pub fn builder() -> Builder {
        Builder {
            population: Vec::new().into(),
            faults: Faults::none(),
            settings: Settings::default(),
            quotas: Quotas::default(),
            journal: JournalMode::default(),
            address: Ipv4Addr::LOCALHOST,
            port: 0,
            origin: None,
            threads: 2,
        }
    }

    /// The address to give to `--google-endpoint`, such as `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> String {
        self.google.origin.clone()
    }

    /// Where it listens, whatever it is known as.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `client_secret.json` of a client of this form, which is registered on first use.
    pub fn client_secret_json(&self, form: &ClientForm) -> String {
        held(&self.google.account).client(form).secret_json()
    }

    /// A refresh token of the installed client for these scopes, as if the user had just consented.
    pub fn issue_refresh_token(&self, scopes: &[&str]) -> String {
        let mut account = held(&self.google.account);
        let client = account.client(&ClientForm::Installed);
        account.issue_refresh(&client.id, &owned(scopes))
    }

    /// An access token of the installed client for these scopes, with the set lifetime.
    pub fn issue_access_token(&self, scopes: &[&str]) -> String {
        let lifetime = read(&self.google.settings).access_token_lifetime;
        let mut account = held(&self.google.account);
        let client = account.client(&ClientForm::Installed);
        account.issue_access(&client.id, &owned(scopes), self.google.clock.now(), lifetime)
    }

    /// The faults in force, to be changed and counted.
    pub fn faults(&self) -> &FaultBoard {
        &self.google.faults
    }

    /// What was asked and answered.
    pub fn journal(&self) -> &Journal {
        &self.google.journal
    }

    /// Changes the server's ways from the next request on.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut write(&self.google.settings));
    }

    /// Sets other quotas; what was used stays used.
    pub fn set_quotas(&self, quotas: Quotas) {
        self.google.meters.set(quotas);
    }

    /// Midnight Pacific: all quotas are fresh again.
    pub fn reset_quotas(&self) {
        self.google.meters.reset();
    }

    /// Adds an item, or replaces the one with its id.
    pub fn add_item(&self, item: Item) {
        write(&self.google.library).put(item);
    }

    /// Takes an item away; true if it was there.
    pub fn remove_item(&self, id: &str) -> bool {
        write(&self.google.library).remove(id)
    }

    /// Lets a video's processing get on, or fail.
    pub fn set_video_status(&self, id: &str, status: VideoStatus) {
        write(&self.google.library).set_video_status(id, status);
    }

    /// The item with this id, as it is now.
    pub fn item(&self, id: &str) -> Option<Arc<Item>> {
        read(&self.google.library).get(id)
    }

    /// How many items there are.
    pub fn len(&self) -> u64 {
        read(&self.google.library).len()
    }

    /// True when there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lets something happen once, right after page `page` (counted from 0) of a listing has been put together.
    pub fn after_page(&self, page: u64, change: Change) {
        held(&self.google.after_pages).push((page, change));
    }

    /// Lets something happen now.
    pub fn apply(&self, change: Change) {
        self.google.apply(change);
    }

    /// All base URLs handed out so far expire.
    pub fn expire_base_urls(&self) {
        self.google.apply(Change::ExpireBaseUrls);
    }

    /// All access tokens handed out so far expire.
    pub fn expire_access_tokens(&self) {
        self.google.apply(Change::ExpireAccessTokens);
    }

    /// The user withdraws everything that was granted.
    pub fn revoke_grants(&self) {
        self.google.apply(Change::RevokeGrants);
    }

    /// What the user does in the next Picker session; one call for each session to come. In sessions beyond those
    /// nothing is ever chosen, unless by [`StandIn::choose`].
    pub fn will_choose(&self, choice: Choice) {
        held(&self.google.picking).plan(choice);
    }

    /// The user presses "Done" in the newest Picker session that waits for it; false if none does.
    pub fn choose(&self, ids: Vec<String>) -> bool {
        held(&self.google.picking).choose(ids)
    }

    /// Every Picker session there ever was, the oldest first.
    pub fn picking_sessions(&self) -> Vec<PickingSession> {
        held(&self.google.picking).seen()
    }

    /// All Picker sessions so far expire.
    pub fn expire_sessions(&self) {
        self.google.apply(Change::ExpireSessions);
    }

    /// Lets time pass for tokens, base URLs and Picker sessions, at once.
    pub fn pass_time(&self, time: Duration) {
        self.google.clock.skip(time);
    }
}

fn owned(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}
