//! `gphotosync pick`: a person picks in Google Photos, in a browser or on a phone, and has it here.
//!
//! What earlier picks left behind comes first; then the person is invited to pick. One round is one session at Google
//! and one run into the library.

mod access;
mod fetching;
mod invitation;
mod left_behind;
mod waiting;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;

use self::access::Refusal;
use self::fetching::together;
use self::invitation::Invitation;
use super::sync::afterwards::tended;
use super::sync::nothing_done;
use crate::cli::console::{Console, is_attended, to_stderr};
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::library_folder;
use crate::cli::settings::Settings;
use crate::library::disk::DiskLibrary;
use crate::library::disk::lock::Lock;
use crate::library::index::PickingRow;
use crate::library::index::pickings::PickingState;
use crate::pipeline::summary::{Ending, Summary};
use crate::report::Reporter;
use crate::shutdown::Shutdown;
use crate::source::google::sign_in::Client;
use crate::source::picker::{MOST_ITEMS, NAME, PickerApi, Session};

/// Lets somebody pick, and fetches what was picked.
pub(crate) async fn pick(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<ExitStatus, Failure> {
    tended(settings, begin_and_go(settings, reporter)).await
}

async fn begin_and_go(settings: &Settings, reporter: Arc<dyn Reporter>) -> Result<Summary, Failure> {
    if settings
        .album
        .value
        .as_deref()
        .is_some_and(|name| name.trim().is_empty())
    {
        return Err(Failure::usage("an album needs a name"));
    }
    if settings.max.value == 0 {
        return Err(Failure::usage(
            "to pick nothing at all, there is no need to ask Google",
        ));
    }
    let root = library_folder::prepare(&settings.lib.value)?;
    let client = access::client(settings)?;
    let lock = library_folder::lock(&root, settings.wait.value).await?;
    let shutdown = Shutdown::on_signals().map_err(|error| Failure::no_signals(&error))?;
    let picking = Picking {
        settings,
        root,
        client,
        shutdown,
        console: Console::new(),
        fresh_reporter: Some(reporter),
        total: None,
        _lock: lock,
    };
    picking.go().await
}

/// One `pick` under way.
struct Picking<'a> {
    settings: &'a Settings,
    root: PathBuf,
    client: Client,
    shutdown: Shutdown,
    console: Console,
    /// A reporter that has not told of any run yet.
    fresh_reporter: Option<Arc<dyn Reporter>>,
    /// All rounds so far, taken together.
    total: Option<Summary>,
    _lock: Lock,
}

/// The library, open for one round, and who hears of the round.
struct Round {
    reporter: Arc<dyn Reporter>,
    library: Arc<DiskLibrary>,
}

/// What became of an invitation.
enum Picked {
    /// These are to be fetched.
    These(PickingRow),
    /// The time went by.
    Nothing,
    /// The user asked to stop.
    Stopped,
}

impl Picking<'_> {
    async fn go(mut self) -> Result<Summary, Failure> {
        let round = self.round()?;
        let (rests, unfinished): (Vec<_>, Vec<_>) = round
            .library
            .pickings()
            .await?
            .into_iter()
            .partition(|row| row.state == PickingState::Rest);
        let had_rests = !rests.is_empty();
        let round = self.fetch_rests(round, rests).await?;
        if self.is_stopped() {
            return Ok(self.outcome());
        }
        let nobody_asked = unfinished.is_empty() && !is_attended() && !self.settings.again.value;
        if had_rests && self.total.is_some() && nobody_asked {
            // Nobody who could pick is here; what was picked earlier was the errand.
            return Ok(self.outcome());
        }
        self.rounds(round, unfinished).await
    }

    /// Invites, waits and fetches, once or again and again.
    async fn rounds(mut self, round: Round, unfinished: Vec<PickingRow>) -> Result<Summary, Failure> {
        let mut unfinished = unfinished.into_iter();
        let mut round = round;
        let mut number = 1;
        loop {
            let picked = match unfinished.next() {
                Some(row) => self.resumed(&round, row).await?,
                None => Some(self.invited(&round, number).await?),
            };
            match picked {
                // It could not be gone on with, so the next one has its turn.
                None => continue,
                Some(Picked::These(row)) => {
                    let nothing = self.fetch(&round, row).await? == 0;
                    if nothing {
                        return Ok(self.outcome());
                    }
                }
                Some(Picked::Stopped) => return Ok(self.stopped()),
                Some(Picked::Nothing) if number > 1 => return Ok(self.outcome()),
                Some(Picked::Nothing) => return Err(nobody_picked()),
            }
            let more = self.settings.again.value || unfinished.len() > 0;
            if !more || self.is_stopped() || self.has_failed() {
                return Ok(self.outcome());
            }
            drop(round);
            round = self.round()?;
            number += 1;
        }
    }

    /// Opens the library for another round.
    fn round(&mut self) -> Result<Round, Failure> {
        let reporter = self
            .fresh_reporter
            .take()
            .unwrap_or_else(|| crate::cli::another_screen(self.settings));
        let library = DiskLibrary::open(&self.root, self.settings.layout_strategy(), Arc::clone(&reporter))?;
        Ok(Round {
            reporter,
            library: Arc::new(library),
        })
    }

    /// Opens a session and waits until somebody has picked.
    async fn invited(&mut self, round: &Round, number: u32) -> Result<Picked, Failure> {
        let most = self.settings.max.value.min(MOST_ITEMS);
        let (api, session) = self.asking(|api| async move { api.open(most).await }).await?;
        let album = match &self.settings.album.value {
            Some(title) => Some(round.library.album(NAME, title).await?),
            None => None,
        };
        let row = PickingRow {
            session: session.id.clone(),
            begun: Utc::now().timestamp(),
            state: PickingState::Choosing,
            album,
        };
        // Before anybody is asked: whatever happens, it can be gone on with.
        round.library.keep_picking(row.clone()).await?;
        self.chosen(round, &api, session, row, number).await
    }

    /// Shows the way to the page, and waits until somebody has picked there.
    async fn chosen(
        &mut self,
        round: &Round,
        api: &PickerApi,
        session: Session,
        row: PickingRow,
        number: u32,
    ) -> Result<Picked, Failure> {
        let invitation = Invitation {
            settings: self.settings,
            link: &session.link,
            round: number,
        };
        invitation.show(&self.console);
        let waited = waiting::wait(
            api,
            session.clone(),
            self.settings,
            &round.reporter,
            &self.shutdown,
        )
        .await;
        match waited {
            Ok(Some(waiting::Waited::Chosen)) => {
                let row = PickingRow {
                    state: PickingState::Fetching,
                    ..row
                };
                round.library.keep_picking(row.clone()).await?;
                Ok(Picked::These(row))
            }
            Ok(Some(waiting::Waited::TimeOver)) => {
                self.end(&session.id, round).await?;
                Ok(Picked::Nothing)
            }
            Ok(None) => {
                self.end(&session.id, round).await?;
                Ok(Picked::Stopped)
            }
            Err(error) => {
                if error.is_session_over() {
                    round.library.forget_picking(&session.id).await?;
                }
                Err(Refusal::Picker(error).into())
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.shutdown.is_draining()
    }

    /// Whether a round was stopped by something that stops the next one too.
    fn has_failed(&self) -> bool {
        let ending = self.total.as_ref().map(|total| &total.ending);
        ending.is_some_and(|ending| *ending != Ending::Complete)
    }

    fn remember(&mut self, summary: Summary) {
        self.total = Some(match self.total.take() {
            Some(total) => together(&total, summary),
            None => summary,
        });
    }

    fn outcome(self) -> Summary {
        self.total.unwrap_or_else(|| nothing_done(NAME, false))
    }

    /// The user stopped it while picking.
    fn stopped(self) -> Summary {
        to_stderr("Stopped, as you asked. The selection was ended at Google; nothing of it was fetched.");
        Summary {
            ending: Ending::Interrupted,
            ..self.outcome()
        }
    }
}

fn nobody_picked() -> Failure {
    Failure::stopped("nobody picked anything within the time that Google gives")
        .advise("Run `gphotosync pick` again, and press Done in Google Photos when you have picked.")
}

/// Whether a person sees standard error as it is written.
fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
