//! Ten photos that somebody picks by hand.

use std::time::Duration;

use stand_in_google::{Choice, Kind, StandIn, realistic};

use crate::program::agree;
use crate::{Result, say};

/// As many are picked.
const PICKED: usize = 10;

/// The person of the demo looks twice at the page before pressing "Done".
const LOOKS: u64 = 3;

/// Picks; the demo plays the browser once more, and the stand-in the person who chooses.
pub(crate) fn pick(google: &StandIn) -> Result<()> {
    let picked: Vec<_> = realistic(2 * PICKED, 7)
        .into_iter()
        .filter(|item| item.kind == Kind::Photo)
        .take(PICKED)
        .collect();
    let ids = picked.iter().map(|item| item.id.clone()).collect();
    google.will_choose(Choice::AfterPolls(LOOKS, ids));
    for item in picked {
        google.add_item(item);
    }
    google.configure(|settings| settings.picker.poll_interval = Duration::from_secs(1));
    agree(google, &["pick", "--no-browser", "--album", "By hand"])?;
    let ended = google.picking_sessions().iter().all(|session| session.deleted);
    say(&format!(
        "\nThe session at Google {}.",
        if ended { "is over" } else { "was left open" }
    ));
    if ended {
        Ok(())
    } else {
        Err("the session should have been ended".into())
    }
}
