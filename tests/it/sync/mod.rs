//! `gphotosync sync`, from an empty folder to a library, through everything that can go wrong.

mod damaged_bytes;
mod first_and_second_run;
mod refusing_hosts;
mod scene;
