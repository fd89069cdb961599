//! What a user sees. The engine tells events; a reporter draws, prints or records them.
//!
//! [`mode::resolve`] chooses a screen, [`open::open`] builds its reporter on the standard streams. A new screen is one more
//! module here; the engine does not notice.

mod event;
pub mod json;
pub mod log_target;
pub mod many;
pub mod mode;
pub(crate) mod numbers;
pub mod open;
pub mod plain;
pub(crate) mod printable;
mod progress;
mod recording;
#[cfg(test)]
mod sample;
mod scribe;
mod silent;
mod stopwatch;
pub mod summary_text;
pub mod terminal;
mod wording;

pub use event::{Event, PauseCause, WorkerId};
pub use numbers::LocalClock;
pub use recording::{Recorded, Recording};
pub use silent::Silent;

/// Listens to a run. Called from many tasks at once and often: it must be quick and must not block on a terminal.
pub trait Reporter: Send + Sync {
    /// Hears one event.
    fn report(&self, event: &Event<'_>);
}
