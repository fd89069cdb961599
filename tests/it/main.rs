//! The program as its users have it: the real binary, real HTTP to a strict stand-in for Google, real files.
//!
//! One binary for all of it, because linking costs more than running. Every test has a library folder, a home and
//! a stand-in of its own, so all of them may run at once.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod cli;
mod list;
mod network;
mod pick;
mod screen;
mod secrets;
mod sign_in;
mod support;
mod sync;
mod takeout;
mod trust;
