//! `gphotosync sync`, from an empty folder to a library, through everything that can go wrong.

mod damaged_bytes;
mod dry_run;
mod everything_at_once;
mod exit_codes;
mod first_and_second_run;
mod interrupts;
mod links;
mod listing;
mod lock;
mod names_on_disk;
mod places;
mod quotas;
mod refusing_hosts;
mod resuming;
mod scene;
mod takeover;
