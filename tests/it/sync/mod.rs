//! `gphotosync sync`, from an empty folder to a library, through everything that can go wrong.

mod first_and_second_run;
