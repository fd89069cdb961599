//! gphotosync brings everything a person has in Google Photos onto their own disk, and keeps it that way.
//!
//! Media items flow from a *source*, through one bounded *pipeline*, into one *library*. Everything else stands
//! beside that stream and never inside it.
//!
//! ```text
//!         source                    pipeline                          library
//!  ┌───────────────────┐  lister  ┌───────────┐  worker × N   ┌─────────────────────────┐
//!  │ Library API       │ ───────▶ │  bounded  │ ────────────▶ │ layout: item → path     │
//!  │ Picker            │  items,  │  channel  │   open,       │ index:  what is here    │
//!  └───────────────────┘  not     └───────────┘   stream,     │ disk:   stage, sync,    │
//!                         URLs                    check,      │         name            │
//!                                                 commit      └─────────────────────────┘
//!   pace    one limiter and one backoff, shared by lister and workers
//!   report  hears events: the terminal, plain lines, JSON
//!   cli     arguments → settings → command → summary → exit status
//! ```
//!
//! - [`cli`] is the program: it reads arguments and settings, puts the parts together, and says how it ended.
//! - [`source`] lists items and opens their bytes; a new source is one folder below it.
//! - [`pipeline`] moves items from a source into a library, and returns a summary whatever happens.
//! - [`library`] decides what an item is called and keeps it: staged, checked, durable, then named.
//! - [`pace`] decides when a request may be sent, and holds the only retry loop.
//! - [`report`] tells people and programs how a run goes; a new screen is one file below it.
//! - [`media`] is what everybody knows of an item.
//! - [`secret`] holds what must never be printed.
//! - [`shutdown`] stops a run in stages: finish what is in flight, then drop it.
//!
//! # What always holds
//!
//! - The tree is a function of the set of items and the strategy; neither order nor interruption changes it.
//! - A final name means a finished file, even if power fails at any instant.
//! - Found = stored + present + waiting + unavailable + filtered + failed + not reached.
//! - Files that the index does not know are never overwritten, renamed or deleted.
//! - With nothing new, no request for bytes is made.
//! - A pause that a host asks for belongs to the host: everybody waits.
//! - Tokens, client secrets and file links are [`secret::Secret`]s, and names from outside are hostile.

pub mod cli;
#[cfg(test)]
mod hostile;
pub mod library;
pub mod media;
pub mod pace;
pub mod pipeline;
pub mod report;
pub mod secret;
pub mod shutdown;
pub mod source;
pub(crate) mod told;
