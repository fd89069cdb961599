//! Sessions that earlier picks left behind: what waited or failed in them, and what a crash interrupted.

use std::time::Duration;

use chrono::{DateTime, Local};
use tokio::time::Instant;

use super::access::Refusal;
use super::{Picked, Picking, Round, invitation};
use crate::cli::console::{is_attended, to_stderr};
use crate::cli::failure::Failure;
use crate::library::index::PickingRow;
use crate::source::google::sign_in::Prompt as _;
use crate::source::picker::{NAME, Session};

/// Telling Google that a session is over must not keep anybody who pressed Ctrl-C.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Why an item of a session that is over cannot be had, as `status` shows it.
pub(super) const OUT_OF_REACH: &str =
    "the selection it was picked in is over; pick it again with `gphotosync pick`";

impl Picking<'_> {
    /// Fetches what was not ready, or failed, when earlier picks were fetched.
    pub(super) async fn fetch_rests(
        &mut self,
        round: Round,
        rests: Vec<PickingRow>,
    ) -> Result<Round, Failure> {
        let mut round = round;
        for row in rests {
            if self.is_stopped() {
                break;
            }
            if self.living(&round, &row).await?.is_none() {
                continue;
            }
            to_stderr(&format!(
                "Fetching what is left of what you picked on {}.",
                date(&row)
            ));
            self.fetch(&round, row).await?;
            drop(round);
            round = self.round()?;
        }
        Ok(round)
    }

    /// The session of `row` as it is now; nothing if it is over, which is told, and it is forgotten then.
    async fn living(&self, round: &Round, row: &PickingRow) -> Result<Option<Session>, Failure> {
        let found = self
            .asking(|api| async move { api.session(&row.session).await })
            .await;
        match found {
            Ok((_, session)) => Ok(Some(session)),
            Err(Refusal::Picker(error)) if error.is_session_over() => {
                round.library.forget_picking(&row.session).await?;
                let lost = round.library.abandon(NAME, OUT_OF_REACH).await?;
                to_stderr(&invitation::over(&error, &date(row), lost));
                Ok(None)
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Goes on with a session that a crash left behind, unless the user would rather not.
    pub(super) async fn resumed(
        &mut self,
        round: &Round,
        row: PickingRow,
    ) -> Result<Option<Picked>, Failure> {
        let Some(session) = self.living(round, &row).await? else {
            return Ok(None);
        };
        if session.is_chosen {
            to_stderr(&format!(
                "An earlier run left behind what you picked on {}.",
                date(&row)
            ));
            if is_attended() && !self.agreed("Fetch it now?").await {
                self.end(&session.id, round).await?;
                round.library.abandon(NAME, OUT_OF_REACH).await?;
                return Ok(None);
            }
            to_stderr("Going on with it.");
            return Ok(Some(Picked::These(row)));
        }
        if session.deadline() <= Instant::now() {
            self.end(&session.id, round).await?;
            return Ok(None);
        }
        to_stderr(&format!("The invitation of {} still holds.", date(&row)));
        let api = self.api(self.grant().await?)?;
        self.chosen(round, &api, session, row, 1).await.map(Some)
    }

    /// Ends a session at Google and forgets it here. One that Google was not told of is kept, to be ended by the next
    /// `pick`; it would end by itself as well.
    pub(super) async fn end(&self, id: &str, round: &Round) -> Result<bool, Failure> {
        let api = self.last_api()?;
        let told = tokio::time::timeout(LAST_WORDS, api.end(id)).await;
        match told {
            Ok(Ok(())) => {
                round.library.forget_picking(id).await?;
                Ok(true)
            }
            Ok(Err(error)) => {
                tracing::warn!("the selection could not be ended at Google ({error}); it will end by itself");
                Ok(false)
            }
            Err(_) => {
                tracing::warn!("the selection could not be ended at Google in time; it will end by itself");
                Ok(false)
            }
        }
    }

    async fn agreed(&self, question: &str) -> bool {
        to_stderr(&format!("{question} [Y/n]"));
        let answer = tokio::select! {
            answer = self.console.read_line() => answer,
            () = self.shutdown.draining() => None,
        };
        // Somebody who is gone did not object.
        !answer.is_some_and(|answer| answer.trim().to_ascii_lowercase().starts_with('n'))
    }
}

/// When a session was opened, for people.
fn date(row: &PickingRow) -> String {
    let begun = DateTime::from_timestamp(row.begun, 0).unwrap_or_default();
    begun
        .with_timezone(&Local)
        .format("%Y-%m-%d at %H:%M")
        .to_string()
}
