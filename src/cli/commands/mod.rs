//! What the program can be asked to do: one room for each command.

pub(super) mod config_view;
pub(super) mod doctor;
pub(super) mod explain;
pub(super) mod first_run;
pub(super) mod list;
pub(super) mod login;
pub(super) mod pick;
pub(super) mod status;
pub(super) mod sync;
pub(super) mod takeout;
mod takeout_facts;
mod takeout_ledger;
pub(super) mod verify;
