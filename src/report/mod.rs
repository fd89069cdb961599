//! What a user sees. The engine tells events; a reporter draws, prints or records them.

mod event;

pub use event::{Event, PauseCause, WorkerId};

/// Listens to a run. Called from many tasks at once and often: it must be quick and must not block on a terminal.
pub trait Reporter: Send + Sync {
    /// Hears one event.
    fn report(&self, event: &Event<'_>);
}
