//! Which screen a run gets: a pure choice from what was asked for and where it runs.

/// What the user asked for (`--progress`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Deserialize, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ProgressMode {
    /// Bars on a terminal, plain lines elsewhere
    #[default]
    Auto,
    /// Live bars
    Bars,
    /// Lines, at least one every ten seconds
    Plain,
    /// One JSON object per line on standard output
    Json,
    /// No progress; problems and the summary are still shown.
    None,
}

/// How much the user wants to read (`-q`, `-v`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-qq`: nothing but what stopped the run.
    Silent,
    /// `-q`: problems, and the summary when there were some.
    Quiet,
    /// Neither.
    #[default]
    Normal,
    /// `-v`: also retries and renames.
    Verbose,
    /// `-vv` and more: logs stream by, so bars would only be in the way.
    Debug,
}

impl Verbosity {
    /// From how often `-q` and `-v` were given; they take each other back.
    pub fn from_counts(quiet: u8, verbose: u8) -> Self {
        match i16::from(verbose) - i16::from(quiet) {
            ..=-2 => Self::Silent,
            -1 => Self::Quiet,
            0 => Self::Normal,
            1 => Self::Verbose,
            _ => Self::Debug,
        }
    }
}

/// The screen a run gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Live bars on standard error.
    Bars,
    /// Lines on standard error.
    Plain,
    /// JSON lines on standard output; on standard error only what stopped the run.
    Json,
    /// Failed items, notices and the summary on standard error.
    Summary,
    /// Failed items on standard error, and the summary when something went wrong.
    Problems,
    /// Only what stopped the run, on standard error.
    Fatal,
}

/// Chooses the screen. `stderr_is_terminal` means a terminal that can move its cursor: not one with `TERM=dumb`.
///
/// JSON is a product, not progress: no `-q` takes it away. Bars need a terminal, even when asked for by name.
pub fn resolve(mode: ProgressMode, stderr_is_terminal: bool, verbosity: Verbosity) -> Screen {
    match (mode, verbosity) {
        (ProgressMode::Json, _) => Screen::Json,
        (_, Verbosity::Silent) => Screen::Fatal,
        (_, Verbosity::Quiet) => Screen::Problems,
        (ProgressMode::None, _) => Screen::Summary,
        (ProgressMode::Bars, _) | (ProgressMode::Auto, Verbosity::Normal | Verbosity::Verbose)
            if stderr_is_terminal =>
        {
            Screen::Bars
        }
        _ => Screen::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::{ProgressMode as Mode, Verbosity as V, *};

    #[test]
    fn every_choice_as_a_table() {
        let table = [
            (Mode::Auto, true, V::Normal, Screen::Bars),
            (Mode::Auto, true, V::Verbose, Screen::Bars),
            (Mode::Auto, true, V::Debug, Screen::Plain),
            (Mode::Auto, false, V::Normal, Screen::Plain),
            (Mode::Bars, true, V::Debug, Screen::Bars),
            (Mode::Bars, false, V::Normal, Screen::Plain),
            (Mode::Plain, true, V::Normal, Screen::Plain),
            (Mode::None, true, V::Normal, Screen::Summary),
            (Mode::None, false, V::Verbose, Screen::Summary),
            (Mode::Auto, true, V::Quiet, Screen::Problems),
            (Mode::Bars, true, V::Quiet, Screen::Problems),
            (Mode::None, false, V::Silent, Screen::Fatal),
            (Mode::Json, true, V::Silent, Screen::Json),
            (Mode::Json, false, V::Debug, Screen::Json),
        ];
        for (mode, terminal, verbosity, screen) in table {
            assert_eq!(
                resolve(mode, terminal, verbosity),
                screen,
                "{mode:?} {terminal} {verbosity:?}"
            );
        }
    }

    #[test]
    fn quiet_and_verbose_take_each_other_back() {
        assert_eq!(V::from_counts(0, 0), V::Normal);
        assert_eq!(V::from_counts(2, 1), V::Quiet);
        assert_eq!(V::from_counts(200, 0), V::Silent);
        assert_eq!(V::from_counts(0, 3), V::Debug);
    }
}
