//! x
mod bodies;
mod chance;
mod locking;
pub use bodies::{Body, Rope};
