//! What is told of a command line that makes no sense: clap's words, and which variable is to blame if it was not
//! the command line at all.

use std::ffi::OsStr;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};

use super::console::to_stderr;
use super::exit::ExitStatus;
use super::failure::Failure;
use super::settings::args::Cli;

/// Prints what clap has to say, which may as well be a help text that was asked for.
pub(super) fn tell(error: &clap::Error) -> ExitStatus {
    // A closed pipe is no reason to fail.
    drop(error.print());
    if let Some(variable) = blamed(error) {
        to_stderr(&format!(
            "\nThe value comes from the environment variable {variable}."
        ));
    }
    if error.use_stderr() {
        ExitStatus::Usage
    } else {
        ExitStatus::Complete
    }
}

/// The same as a failure, for what is found out after the command line was understood.
pub(super) fn failure(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let failure = Failure::usage(text.trim_start_matches("error: ").trim_end());
    match blamed(error) {
        Some(variable) => failure.advise(format!(
            "The value comes from the environment variable {variable}."
        )),
        None => failure,
    }
}

/// The variable whose value clap did not like. It looks at variables only for what was not typed.
fn blamed(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let (option, value) = (text(ContextKind::InvalidArg)?, text(ContextKind::InvalidValue)?);
    let option = option.trim_start_matches('-').split([' ', '=', '.']).next()?;
    let variable = variable_of(&Cli::defined(), option)?;
    let holds = std::env::var_os(&variable).is_some_and(|held| held == OsStr::new(value));
    let typed = std::env::args_os().any(|arg| arg.to_string_lossy().contains(value));
    (holds && !typed).then_some(variable)
}

fn variable_of(command: &Command, option: &str) -> Option<String> {
    let own = command.get_arguments().find(|arg| arg.get_long() == Some(option));
    let variable = own
        .and_then(Arg::get_env)
        .and_then(OsStr::to_str)
        .map(str::to_owned);
    variable.or_else(|| {
        command
            .get_subcommands()
            .find_map(|inner| variable_of(inner, option))
    })
}
