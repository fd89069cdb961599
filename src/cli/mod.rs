//! The command line: arguments → settings → command → exit status.

mod commands;
mod connect;
mod console;
pub mod exit;
mod failure;
mod library_folder;
mod logging;
mod settings;
mod usage;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgMatches, FromArgMatches as _};

use self::console::{complain, to_stdout};
use self::exit::ExitStatus;
use self::failure::Failure;
use self::settings::Settings;
use self::settings::args::{Cli, Command};
use self::settings::choices::Color;
use crate::report::Reporter;
use crate::report::mode::{ProgressMode, resolve};
use crate::report::open::{Look, Opened, knows_unicode, open};

/// Runs the program with `args`, the program's name first, and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let matches = match Cli::defined().try_get_matches_from(settings::predecessor::modernised(args)) {
        Ok(matches) => matches,
        Err(error) => return usage::tell(&error),
    };
    let color = matches.get_one("color").copied().unwrap_or_default();
    match prepare(&matches) {
        Ok(Prepared::Done) => ExitStatus::Complete,
        Ok(Prepared::Start(settings, command)) => start(&settings, command),
        Err(failure) => ended(&failure, is_colored(color)),
    }
}

enum Prepared {
    /// It was something that needs no settings.
    Done,
    Start(Box<Settings>, Option<Task>),
}

/// A command that needs settings, without its options.
#[derive(Clone)]
enum Task {
    /// No command at all.
    Usual,
    Pick,
    Takeout(Vec<PathBuf>),
    Login,
    Logout,
    Status,
    Config,
    Doctor,
    Verify,
    Adopt,
    Explain(PathBuf),
    List,
}

fn prepare(matches: &ArgMatches) -> Result<Prepared, Failure> {
    let cli = Cli::from_arg_matches(matches).map_err(|error| usage::failure(&error))?;
    let task = match &cli.command {
        None => Some(Task::Usual),
        Some(Command::Sync(_)) => None,
        Some(Command::Pick(_)) => Some(Task::Pick),
        Some(Command::Takeout(args)) => Some(Task::Takeout(args.paths.clone())),
        Some(Command::Login(_)) => Some(Task::Login),
        Some(Command::Logout(_)) => Some(Task::Logout),
        Some(Command::Status(_)) => Some(Task::Status),
        Some(Command::Config) => Some(Task::Config),
        Some(Command::Doctor) => Some(Task::Doctor),
        Some(Command::Verify(_)) => Some(Task::Verify),
        Some(Command::Adopt(_)) => Some(Task::Adopt),
        Some(Command::List(_)) => Some(Task::List),
        Some(Command::Explain(args)) => Some(Task::Explain(args.item.clone())),
        Some(Command::Completions { shell }) => return Ok(completions(*shell)),
        Some(Command::Man { command }) => return manual(command.as_deref()),
    };
    Ok(Prepared::Start(Box::new(Settings::resolve(cli, matches)?), task))
}

fn completions(shell: clap_complete::Shell) -> Prepared {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::defined(), "gphotosync", &mut script);
    to_stdout(&String::from_utf8_lossy(&script));
    Prepared::Done
}

fn manual(command: Option<&str>) -> Result<Prepared, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(documented(command)?)
        .render(&mut page)
        .map_err(|error| Failure::stopped(format!("could not write the manual page: {error}")))?;
    to_stdout(&String::from_utf8_lossy(&page));
    Ok(Prepared::Done)
}

/// The definition that a manual page is made from: the whole program's, or one command's.
fn documented(command: Option<&str>) -> Result<clap::Command, Failure> {
    let mut program = Cli::defined().disable_help_subcommand(true);
    // Only what is built knows the options that all commands share.
    program.build();
    let Some(name) = command else {
        return Ok(program);
    };
    match program.find_subcommand(name) {
        Some(command) => Ok(command.clone().name(format!("gphotosync-{name}"))),
        None => Err(Failure::usage(format!("there is no command {name}"))),
    }
}

fn start(settings: &Settings, task: Option<Task>) -> ExitStatus {
    let color = is_colored(settings.color.value);
    let is_run = matches!(
        task,
        None | Some(Task::Usual | Task::Pick | Task::Takeout(_) | Task::Verify | Task::Adopt)
    );
    let opened = open_screen(settings, if is_run { Purpose::Run } else { Purpose::Quick });
    logging::start(
        settings.verbosity(),
        settings.verbose.value,
        color,
        opened.log.clone(),
    );
    let runtime = match runtime(task.as_ref()) {
        Ok(runtime) => runtime,
        Err(error) => return ended(&Failure::stopped(format!("could not start: {error}")), color),
    };
    let result = runtime.block_on(perform(settings, task, &opened));
    drop(opened);
    // A read of standard input may still be waiting for a line that never comes.
    runtime.shutdown_background();
    result.unwrap_or_else(|failure| ended(&failure, color))
}

async fn perform(settings: &Settings, task: Option<Task>, opened: &Opened) -> Result<ExitStatus, Failure> {
    let done = |()| ExitStatus::Complete;
    match task {
        None => commands::sync::sync(settings, Arc::clone(&opened.reporter)).await,
        Some(Task::Usual) => commands::first_run::usual(settings, Arc::clone(&opened.reporter)).await,
        Some(Task::Pick) => commands::pick::pick(settings, Arc::clone(&opened.reporter)).await,
        Some(Task::Takeout(paths)) => {
            commands::takeout::takeout(settings, &paths, Arc::clone(&opened.reporter)).await
        }
        Some(Task::Login) => commands::login::login(settings).await.map(done),
        Some(Task::Logout) => commands::login::logout(settings).await.map(done),
        Some(Task::Status) => commands::status::status(settings).map(done),
        Some(Task::Doctor) => Ok(commands::doctor::doctor(settings).await),
        Some(Task::Adopt) => commands::sync::adopt(settings, Arc::clone(&opened.reporter)).await,
        Some(Task::Verify) => commands::verify::verify(settings, Arc::clone(&opened.reporter)).await,
        Some(Task::List) => commands::list::list(settings).map(done),
        Some(Task::Explain(item)) => commands::explain::explain(settings, &item).map(done),
        Some(Task::Config) => {
            commands::config_view::config(settings);
            Ok(ExitStatus::Complete)
        }
    }
}

/// What a screen is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A run, in whatever form was asked for.
    Run,
    /// A check, whose result is printed apart: only what people watch.
    Check,
    /// Nothing that takes long.
    Quick,
}

fn open_screen(settings: &Settings, purpose: Purpose) -> Opened {
    let terminal = std::io::stderr().is_terminal() && std::env::var("TERM").is_ok_and(|term| term != "dumb");
    let mode = match (purpose, settings.progress.value) {
        (Purpose::Run, mode) => mode,
        (Purpose::Check, mode) if mode != ProgressMode::Json => mode,
        _ => ProgressMode::None,
    };
    let color = is_colored(settings.color.value);
    let unicode = knows_unicode(|name| std::env::var(name).ok());
    let look = Look {
        color,
        unicode,
        verbosity: settings.verbosity(),
    };
    open(resolve(mode, terminal, settings.verbosity()), look)
}

/// A screen for a further run of this process, which log lines step aside for from now on.
fn another_screen(settings: &Settings) -> Arc<dyn Reporter> {
    let opened = open_screen(settings, Purpose::Run);
    logging::redirect(opened.log);
    opened.reporter
}

/// Two threads drive any number of sockets; hashing and writing have threads of their own.
const RUNTIME_THREADS: usize = 2;

/// As many write, hash or sync at the same time. What is received on a thread stays with it: with 64 of them, 32
/// transfers took half as much memory again, and no less time.
const FILE_THREADS: usize = 8;

/// Archives are read by threads that wait for those who write; there must be more of them than transfers.
const ARCHIVE_THREADS: usize = 64;

fn runtime(task: Option<&Task>) -> std::io::Result<tokio::runtime::Runtime> {
    let is_import = matches!(task, Some(Task::Takeout(_)));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .max_blocking_threads(if is_import { ARCHIVE_THREADS } else { FILE_THREADS })
        .enable_all()
        .build()
}

fn ended(failure: &Failure, color: bool) -> ExitStatus {
    complain(failure, color);
    failure.status
}

fn is_colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
        }
    }
}
