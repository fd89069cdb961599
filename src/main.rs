//! The program: hands its arguments over and returns the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    gphotosync::cli::run(std::env::args_os()).into()
}
